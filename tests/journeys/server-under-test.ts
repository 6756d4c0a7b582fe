import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A running Micrarium with a data folder of its own, started as a person starts it. */
export interface RunningServer {
  url: string;
  /** The link that makes the owner account, as printed. */
  ownerLink: string | undefined;
  dataFolder: string;
  /** Everything it has printed. */
  output(): string;
  /** Ends it like Ctrl-C and waits. */
  stop(): Promise<void>;
  /** Kills the whole tree with SIGKILL: server, worker, and the database server unless it is spared (left an orphan). */
  kill(options?: { spareDatabase?: boolean }): Promise<void>;
  process: ChildProcess;
}

const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;

/** What `npm start` tells Node.js before the program: a server under test takes the memory of one that is used. */
const startFlags = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  .scripts.start.split(' ')
  .filter((word: string) => word.startsWith('--')) as string[];

/** How a server is started. */
export interface StartOptions {
  /** Left out, a new one. */
  dataFolder?: string;
  environment?: Record<string, string>;
  port?: number;
  /** The program of another checkout; left out, this one's. */
  program?: string;
}

/** Most milliseconds until the address must have been printed; `npm run durability -- --patience` makes it more. */
const startLimit = () => Math.max(60_000, Number(process.env['MICRARIUM_TRIAL_PATIENCE_S'] ?? 0) * 1000);

/** Starts `micrarium serve`; without a data folder in a new one, which `removeData` takes away again. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'micrarium-journey-'));
  // The database does not run as root: where its user may enter, it lies in the folder and goes away with it.
  if (options.dataFolder === undefined) chmodSync(dataFolder, 0o711);
  const words = ['serve', '--data', dataFolder, '--port', String(options.port ?? 0)];
  const child = spawn(process.execPath, [...startFlags, options.program ?? main, ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MICRARIUM_DEMO: 'off', ...options.environment },
  });
  let printed = '';
  child.stdout!.on('data', (chunk) => (printed += chunk));
  child.stderr!.on('data', (chunk) => (printed += chunk));
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const match = async (pattern: RegExp, limit: number) => {
    const until = Date.now() + limit;
    for (;;) {
      const found = pattern.exec(printed);
      if (found) return found;
      if (Date.now() > until || child.exitCode !== null || child.signalCode !== null) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  // Nobody else could end a server that is not given back.
  const giveUp = async (fault: unknown): Promise<never> => {
    for (const pid of [child.pid!, ...processesBelow(child.pid!)]) killHard(pid);
    await ended;
    if (isNew) rmSync(dataFolder, { recursive: true, force: true });
    throw fault;
  };
  const isNew = options.dataFolder === undefined;
  const address = await match(/http:\/\/127\.0\.0\.1:\d+/, startLimit());
  if (!address) return await giveUp(new Error(`The server printed no address:\n${printed}`));
  const link = isNew
    ? await match(/http:\/\/\S+\/welcome#\S+/, startLimit())
    : /http:\/\/\S+\/welcome#\S+/.exec(printed);
  await untilReady(address[0], child, () => printed).catch(giveUp);
  return {
    url: address[0],
    ownerLink: link?.[0],
    dataFolder,
    output: () => printed,
    process: child,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async kill({ spareDatabase = false } = {}) {
      // Worker and database have process groups of their own.
      const tree = [child.pid!, ...processesBelow(child.pid!)];
      for (const pid of tree) if (!spareDatabase || !isDatabase(pid)) killHard(pid);
      await ended;
    },
  };
}

/** Ids of all processes below one, found in `/proc`. */
export function processesBelow(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const below = (id: number): number[] => (parents.get(id) ?? []).flatMap((one) => [one, ...below(one)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function isDatabase(pid: number): boolean {
  try {
    return /postgres/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function untilReady(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const until = Date.now() + startLimit();
  for (;;) {
    const status = await fetch(`${url}/api/v1/status`)
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ preparing: { what: string }[] }>) : undefined))
      .catch(() => undefined);
    if (status && !status.preparing.some(({ what }) => what !== 'demonstration study')) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended:\n${printed()}`);
    if (Date.now() > until)
      throw new Error(`${url} is not ready after ${startLimit() / 1000} s: ${JSON.stringify(status)}\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Takes the data folder away. */
export function removeData(server: RunningServer): void {
  rmSync(server.dataFolder, { recursive: true, force: true });
}
