import { fork } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeToken, revokeToken } from '../auth/api-tokens.ts';
import { demonstrationEmail } from '../dois/study-dois.ts';
import type { OpenServices } from './services.ts';

const account = { name: 'Micrarium demonstration', email: demonstrationEmail, role: 'member' as const };

/** The demonstration study on its way. */
export interface Demonstration {
  /** 0..1. */
  progress(): number;
  isComing(): boolean;
  /** Resolves when it is there, or will not come at this start. */
  settled: Promise<void>;
  stop(): void;
}

const notComing: Demonstration = {
  progress: () => 0,
  isComing: () => false,
  settled: Promise.resolve(),
  stop: () => {},
};

/** What the child process tells. */
type Message = { progress: number } | { accession: string } | { fault: string };

/**
 * Deposits the demonstration study at the first start, in a child process that speaks HTTP with a token of a member who has
 * no password. A start that was killed on the way goes on where it was; once it is there it never comes again.
 */
export function startDemonstration(
  dataFolder: string,
  server: string,
  services: OpenServices,
  noteFault: (fault: unknown, where: string) => void,
): Demonstration {
  const doneFile = join(dataFolder, 'demonstration-done');
  if (existsSync(doneFile)) return notComing;
  let progress = 0;
  let isComing = true;
  let stop = () => {};
  let isStopped = false;
  const run = async () => {
    const user = (await services.accounts.byEmail(account.email)) ?? (await services.accounts.create(account));
    const wanted = { name: 'demonstration study', scopes: ['deposit' as const], expiresInDays: 1 };
    const { token, secret } = await makeToken(services.db, user.id, wanted);
    const child = fork(fileURLToPath(new URL('./demonstration-process.ts', import.meta.url)), [], { detached: true });
    stop = () => {
      isStopped = true;
      child.kill('SIGKILL');
    };
    child.on('message', (message: Message) => {
      if ('progress' in message) progress = message.progress;
      else if ('accession' in message) writeFileSync(doneFile, `${message.accession}\n`);
      else if (!isStopped) noteFault(new Error(message.fault), 'demonstration study');
    });
    child.send({ server, token: secret });
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (!isStopped) await revokeToken(services.db, user.id, token.id);
  };
  const settled = run()
    .catch((fault: unknown) => (isStopped ? undefined : noteFault(fault, 'demonstration study')))
    .finally(() => {
      isComing = false;
    });
  return { progress: () => progress, isComing: () => isComing, settled, stop: () => stop() };
}
