import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { StartRefused } from '../start/start-refused.ts';
import { placeCluster, type ClusterPlace } from './cluster-place.ts';
import { commandLine, isGone, processesIn, until } from './processes.ts';

/** A running PostgreSQL of our own. */
export interface EmbeddedCluster {
  /** Connection string of the catalogue database; holds the password, so never printed. */
  url: string;
  place: ClusterPlace;
  /** Id of the postmaster. */
  pid: number;
  /** Shuts down cleanly; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Calls back when the server goes although nobody asked it to. */
  onExit(callback: () => void): void;
}

const account = 'micrarium';
const databaseName = 'micrarium';

function identity(place: ClusterPlace): { uid?: number; gid?: number } {
  return place.user ? { uid: place.user.uid, gid: place.user.gid } : {};
}

/** Environment of the child: nothing of ours but the path, so that PGDATA and the like cannot mislead it. */
const childEnvironment = () => ({ PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' });

/**
 * The cluster's password: made once, kept beside the data in a file only its owner may read. Where that file was lost,
 * the cluster, which must not be running, is given a new one.
 */
function clusterPassword(dataFolder: string, place: ClusterPlace): string {
  const file = join(dataFolder, 'database-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  if (existsSync(join(place.folder, 'PG_VERSION'))) {
    const set = spawnSync(join(place.binaries, 'postgres'), ['--single', '-D', place.folder, 'postgres'], {
      ...identity(place),
      cwd: '/',
      env: childEnvironment(),
      input: `alter role ${account} password '${password}'\n`,
      encoding: 'utf8',
    });
    if (set.status !== 0) {
      throw new StartRefused(
        `The file ${file} is missing, and the database could not be given a new password: ${set.stderr}`,
      );
    }
  }
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Makes the cluster, if there is none: beside its place first, so that a start killed half way leaves none. */
function initialise(place: ClusterPlace, password: string): void {
  const { folder } = place;
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { mode: 0o700 });
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.user) for (const path of [work, passwordFile]) chownSync(path, place.user.uid, place.user.gid);
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8';
  const made = spawnSync(
    join(place.binaries, 'initdb'),
    [`--pgdata=${work}`, `--username=${account}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
      .concat(['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`])
      .concat(['--data-checksums', '--no-instructions']),
    { ...identity(place), cwd: '/', encoding: 'utf8', env: childEnvironment() },
  );
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    throw new StartRefused(
      `The database could not be made in ${folder}: ${(made.stderr || made.error?.message || '').trim()}`,
    );
  }
  renameSync(work, folder);
}

/** Process id in a cluster's pid file, if there is one. */
function pidInFile(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes sure no PostgreSQL serves this cluster: one left behind by a killed server is stopped cleanly (its port and
 * settings are those of a start that is over). A pid file is taken away only when the process it names is no PostgreSQL
 * (the id was used again) and none works in the cluster's folder.
 * @throws StartRefused when it does not stop
 */
export async function stopOrphan(folder: string, say: (line: string) => void): Promise<void> {
  const pid = pidInFile(folder);
  if (pid !== undefined && !isGone(pid) && /postgres/.test(commandLine(pid))) {
    const working = processesIn(folder);
    const isOurs = process.platform === 'linux' ? working.includes(pid) : commandLine(pid).includes(folder);
    if (isOurs) {
      say(`A database server (process ${pid}) was left behind by an earlier start; stopping it first`);
      process.kill(pid, 'SIGINT');
      if (!(await until(() => isGone(pid), 60_000))) {
        throw new StartRefused(
          `The database server ${pid} of an earlier start does not stop. Stop it by hand and start again.`,
        );
      }
    }
  }
  // Backends of a postmaster killed hard notice within moments that it is gone.
  if (!(await until(() => processesIn(folder).length === 0, 30_000))) {
    throw new StartRefused(
      `Processes of an earlier database server still work in ${folder}: ${processesIn(folder).join(', ')}. Stop them and start again.`,
    );
  }
  const left = pidInFile(folder);
  if (left !== undefined && (isGone(left) || !/postgres/.test(commandLine(left)) || processesIn(folder).length === 0)) {
    rmSync(join(folder, 'postmaster.pid'), { force: true });
  }
}

/** A port nobody listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function tail(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.slice(-5).join('\n');
}

/** Connects until the server answers; while it recovers from a crash it says so and is waited for. */
async function waitUntilReady(url: string, isRunning: () => boolean): Promise<boolean> {
  const end = Date.now() + 600_000;
  while (Date.now() < end && isRunning()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (fault) {
      const code = (fault as { code?: string }).code ?? '';
      if (!['ECONNREFUSED', '57P03', 'ECONNRESET'].includes(code) && !/timeout/.test(String(fault))) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return false;
}

async function launch(place: ClusterPlace, password: string, port: number, logFile: string) {
  const log = openSync(logFile, 'a', 0o600);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'on',
    full_page_writes: 'on',
    max_connections: '100',
    // Nothing copies this cluster by its log: tables made and filled in one transaction (a vocabulary of a million terms)
    // are synced at its end instead of written twice.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '2GB',
    log_destination: 'stderr',
    logging_collector: 'off',
  };
  const child = spawn(
    join(place.binaries, 'postgres'),
    ['-D', place.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // Detached: Ctrl-C in the terminal must reach us only; we stop the database last, when nothing needs it any more.
    { ...identity(place), cwd: '/', detached: true, stdio: ['ignore', log, log], env: childEnvironment() },
  );
  closeSync(log);
  let hasExited = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasExited = true;
      resolve();
    });
    child.once('error', () => {
      hasExited = true;
      resolve();
    });
  });
  child.unref();
  const server = `postgres://${account}:${password}@127.0.0.1:${port}`;
  const stop = async () => {
    child.ref();
    child.kill('SIGINT');
    await exited;
  };
  try {
    const isReady = await waitUntilReady(`${server}/postgres`, () => !hasExited);
    return { child, exited, stop, url: isReady ? await ensureDatabase(server) : undefined };
  } catch (fault) {
    // Whatever is wrong: a server that cannot be used must not stay behind.
    await stop();
    throw fault;
  }
}

async function ensureDatabase(server: string): Promise<string> {
  const client = new pg.Client({ connectionString: `${server}/postgres` });
  await client.connect();
  try {
    const there = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (there.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
  return `${server}/${databaseName}`;
}

/**
 * Starts the PostgreSQL that npm installed, on loopback only, for one data folder. The caller holds the data folder's lock.
 * @param say sentences for the person at the terminal
 * @throws StartRefused
 */
export async function startEmbeddedCluster(dataFolder: string, say: (line: string) => void): Promise<EmbeddedCluster> {
  const place = placeCluster(dataFolder);
  for (const note of place.notes) say(note);
  await stopOrphan(place.folder, say);
  const password = clusterPassword(dataFolder, place);
  initialise(place, password);
  const logFile = join(dataFolder, 'database.log');
  for (let tries = 0; ; tries++) {
    const { child, exited, stop, url } = await launch(place, password, await freePort(), logFile);
    if (url === undefined) {
      // Somebody may have taken the port between our probe and its start.
      if (tries < 3 && /could not bind|Address already in use/.test(tail(logFile))) continue;
      throw new StartRefused(`The database did not start. Last lines of ${logFile}:\n${tail(logFile)}`);
    }
    let isStopping = false;
    return {
      url,
      place,
      pid: child.pid!,
      async stop() {
        isStopping = true;
        await stop();
      },
      onExit(callback) {
        void exited.then(() => isStopping || callback());
      },
    };
  }
}
