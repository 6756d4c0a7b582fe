import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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
  /** Kills the whole tree with SIGKILL, database server included. */
  kill(): Promise<void>;
  process: ChildProcess;
}

const main = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname;

/** Most milliseconds until the address must have been printed. */
const startLimit = 60_000;

/** Starts `micrarium serve`; without a data folder in a new one, which `removeData` takes away again. */
export async function startServer(
  options: { dataFolder?: string; environment?: Record<string, string> } = {},
): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'micrarium-journey-'));
  const child = spawn(process.execPath, [main, 'serve', '--data', dataFolder, '--port', '0'], {
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
      if (Date.now() > until || child.exitCode !== null) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const address = await match(/http:\/\/127\.0\.0\.1:\d+/, startLimit);
  if (!address) throw new Error(`The server printed no address:\n${printed}`);
  const isNew = options.dataFolder === undefined;
  const link = isNew ? await match(/http:\/\/\S+\/welcome#\S+/, startLimit) : /http:\/\/\S+\/welcome#\S+/.exec(printed);
  await untilReady(address[0]);
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
    async kill() {
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const until = Date.now() + startLimit;
  for (;;) {
    const status = await fetch(`${url}/api/v1/status`)
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ preparing: { what: string }[] }>) : undefined))
      .catch(() => undefined);
    if (status && !status.preparing.some(({ what }) => what !== 'demonstration study')) return;
    if (Date.now() > until)
      throw new Error(`${url} is not ready after ${startLimit / 1000} s: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Takes the data folder away. */
export function removeData(server: RunningServer): void {
  rmSync(server.dataFolder, { recursive: true, force: true });
}
