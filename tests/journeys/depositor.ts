import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pageTokenHeader, pageTokenIn } from '@micrarium/api';
import type { RunningServer } from './server-under-test.ts';

/** Real files, read-only, beside the checkout. */
export const samples = resolve(import.meta.dirname, '../../../shared/data');
/** Are the real files there? Tests that need them say so and do nothing where they are not. */
export const hasSamples = existsSync(samples);
if (!hasSamples) console.warn(`No real files at ${samples}: journeys over HTTP are left out.`);

const main = resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** A person with a session, as a browser holds it. */
export interface Session {
  server: string;
  cookie: string;
  /** Sends a request of this person's browser: cookie, origin and the token of the page with it. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

function sessionOf(server: string, answer: Response): Session {
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const own = { cookie, origin: server, [pageTokenHeader]: pageTokenIn(cookie) ?? '' };
  return {
    server,
    cookie,
    send: (path, init = {}) => fetch(`${server}${path}`, { ...init, headers: { ...own, ...(init.headers as object) } }),
  };
}

const owner = { name: 'Ada Example', email: 'ada@example.org', password: 'correct horse battery staple' };
const json = { 'content-type': 'application/json' };

/** Makes the owner account with the link the server printed. */
export async function makeOwner({ url, ownerLink }: RunningServer): Promise<Session> {
  const token = /#token=(.+)$/.exec(ownerLink ?? '')?.[1];
  if (token === undefined) throw new Error(`No owner link: ${ownerLink}`);
  const body = JSON.stringify({ token, ...owner });
  const answer = await fetch(`${url}/api/v1/welcome`, { method: 'POST', headers: json, body });
  if (!answer.ok) throw new Error(`welcome: ${answer.status} ${await answer.text()}`);
  return sessionOf(url, answer);
}

/** A new session of the owner, with the password. */
export async function signInOwner(url: string): Promise<Session> {
  const { email, password } = owner;
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { ...json, origin: url },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return sessionOf(url, answer);
}

/** Makes an API token on the account page's interface. */
export async function makeToken(
  session: Session,
  scopes: ('read' | 'deposit')[],
): Promise<{ id: string; secret: string }> {
  const body = JSON.stringify({ name: scopes.join('+'), scopes, expiresInDays: 1 });
  const answer = await session.send('/api/v1/tokens', { method: 'POST', headers: json, body });
  if (answer.status !== 201) throw new Error(`tokens: ${answer.status} ${await answer.text()}`);
  const made = (await answer.json()) as { token: { id: string }; secret: string };
  return { id: made.token.id, secret: made.secret };
}

/** Metadata that satisfies the archive tier, as a person writes them into a file. */
export function studyValues(title: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title,
    description: 'A film of moving spots and the tracks found in it.',
    releaseDate: '2026-11-20',
    licence: 'CC-BY-4.0',
    contactFirstName: 'Ada',
    contactLastName: 'Example',
    contactEmail: 'ada@example.org',
    contactOrganisation: 'Example University',
    organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }],
    ...more,
  };
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of this test run, for what a depositor has on the disk; gone when the run is over. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-depositor-'));
  folders.push(folder);
  return folder;
}

/** Writes a JSON file into a folder. @returns its path */
export function writeJson(folder: string, name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

/** What a run of the command line left. */
export interface CommandRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command line that is running. */
export interface RunningCommand {
  ended: Promise<CommandRun>;
  /** What it has written to standard error so far. */
  prose(): string;
  signal(name: NodeJS.Signals): void;
}

/** Starts the real command line in a child process. */
export function startMicrarium(args: readonly string[], environment: Record<string, string> = {}): RunningCommand {
  const { MICRARIUM_TOKEN: _notOurs, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const ended = new Promise<CommandRun>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
  return { ended, prose: () => stderr, signal: (name) => void child.kill(name) };
}

/** Runs the real command line to its end. */
export function runMicrarium(args: readonly string[], environment: Record<string, string> = {}): Promise<CommandRun> {
  return startMicrarium(args, environment).ended;
}

/** The line of JSON that `deposit` answers. */
export interface Deposited {
  study: string;
  draft: string;
  version: number;
  files: { path: string; size: number; sha256: string; state: string }[];
  state: string;
  sent: number;
  missing: { code: string; message: string; where: { field?: string } }[];
  url: string;
}

/** Somebody with a token and a disk: deposits with the command line. */
export interface Depositor {
  token: string;
  folder: string;
  deposit(args: readonly string[]): Promise<CommandRun & { answer: Deposited | undefined }>;
  start(args: readonly string[]): RunningCommand;
  /** Sends a request with the token. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** Gives a token a command line of its own memory. */
export function depositor(server: string, token: string): Depositor {
  const folder = newFolder();
  const environment = { MICRARIUM_TOKEN: token, XDG_STATE_HOME: join(folder, 'state') };
  const start = (args: readonly string[]) => startMicrarium(['deposit', '--server', server, ...args], environment);
  return {
    token,
    folder,
    start,
    async deposit(args) {
      const run = await start(args).ended;
      return { ...run, answer: run.stdout === '' ? undefined : (JSON.parse(run.stdout) as Deposited) };
    },
    send: (path, init = {}) =>
      fetch(`${server}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init.headers as object) },
      }),
  };
}
