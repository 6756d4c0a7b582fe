import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isGone } from '../../packages/server/src/database/processes.ts';
import { eventually } from './harness.ts';

const main = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
/** As Node writes it of itself. */
const warning = /^\(node:\d+\).*$/m;
const folders: string[] = [];
const children: ChildProcess[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-start-'));
  // Made for one user only by default; the database of a root process runs as another.
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

/** A server in a process of its own, as an operator starts it. */
function start(data: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'] ?? '',
      MICRARIUM_DATA: data,
      MICRARIUM_PORT: '0',
      MICRARIUM_DEMO: 'off',
      MICRARIUM_PAGES: 'off',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = () => eventually(async () => /Listening on (\S+)/.exec(output)?.[1], 60_000);
  const ready = () => eventually(async () => output.includes('Ready:') && output, 90_000);
  return { child, exit, url, ready, output: () => output };
}

/** The process, its worker and its database: everything that came of a start. */
function treeOf(pid: number): number[] {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parentOf.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const found = [pid];
  for (const one of found)
    for (const [child, parent] of parentOf) if (parent === one && !found.includes(child)) found.push(child);
  return found;
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const makeOwner = async (server: { output(): string }, url: string) => {
  const token = /#token=(\S+)/.exec(server.output())![1]!;
  return await fetch(`${url}/api/v1/welcome`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }),
  });
};

test.runIf(process.platform === 'linux')(
  'starts, refuses a second, stops in order, survives a kill of everything',
  async () => {
    const data = newFolder();
    const first = start(data);
    const url = await first.url();
    // Before anything is ready the page answers and says so.
    const early = await fetch(`${url}/`);
    expect([200, 404]).toContain(early.status);
    await first.ready();
    expect((await (await fetch(`${url}/api/v1/status`)).json()).state).toBe('ready');
    expect(readFileSync(join(data, 'database-password'), 'utf8').length).toBeGreaterThan(20);
    expect(first.output()).not.toContain(readFileSync(join(data, 'database-password'), 'utf8').trim());
    expect((await makeOwner(first, url)).status).toBe(200);
    expect((await makeOwner(first, url)).status).toBe(410);

    // What Node warns of is a fault of ours that waits to be one.
    expect(first.output()).not.toMatch(warning);

    const second = start(data);
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain('is using the data folder');

    const tree = treeOf(first.child.pid!);
    expect(tree.length).toBeGreaterThanOrEqual(3);
    for (const pid of tree) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // A child of one that was killed just before.
      }
    }
    await first.exit;

    const third = start(data);
    await third.ready();
    const again = await third.url();
    expect((await (await fetch(`${again}/api/v1/status`)).json()).hasOwner).toBe(true);
    expect(third.output()).not.toContain('#token=');

    // Only the server is killed: its worker leaves by itself, its database is stopped by the next start and not doubled.
    const orphans = treeOf(third.child.pid!).slice(1);
    third.child.kill('SIGKILL');
    await third.exit;
    const fourth = start(data);
    await fourth.ready();
    expect(fourth.output()).toContain('was left behind by an earlier start');
    for (const pid of orphans) expect(isGone(pid), `process ${pid} of the start before`).toBe(true);

    const last = treeOf(fourth.child.pid!);
    fourth.child.kill('SIGTERM');
    expect(await fourth.exit).toBe(0);
    for (const pid of last) expect(isGone(pid)).toBe(true);
    for (const { output } of [first, third, fourth]) expect(output()).not.toMatch(warning);
    expect(readdirSync(data)).not.toContain('micrarium.lock');
  },
  240_000,
);

test('takes the next free port and says so', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const server = start(newFolder(), { MICRARIUM_PORT: String(port) });
  const url = await server.url();
  expect(Number(new URL(url).port)).toBeGreaterThan(port);
  expect(server.output()).toContain(`Port ${port} is taken`);
  taken.close();
  await server.ready();
});

test('settings that do not fit are told, with the exit code 1', async () => {
  const wrong = start(newFolder(), { MICRARIUM_PORT: 'eighty' });
  expect(await wrong.exit).toBe(1);
  expect(wrong.output()).toContain('MICRARIUM_PORT');
  const noDatabase = start(newFolder(), { DATABASE_URL: 'postgres://nobody:secretword@127.0.0.1:9/none' });
  expect(await noDatabase.exit).toBe(1);
  expect(noDatabase.output()).toContain('DATABASE_URL');
  expect(noDatabase.output()).not.toContain('secretword');
});
