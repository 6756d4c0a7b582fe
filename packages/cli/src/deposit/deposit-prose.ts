import type { Client, DepositDraft, DepositFile } from '@micrarium/api';
import type { Issue } from '@micrarium/model';
import type { Progress } from '../progress.ts';
import type { DepositMemory } from './deposit-memory.ts';
import type { DigestedFile } from './local-files.ts';

/** What `deposit` answers, as one line of JSON. */
export interface DepositAnswer {
  /** Accession. */
  study: string;
  /** Id of the draft; `--study` takes it too. */
  draft: string;
  version: number;
  files: Pick<DepositFile, 'path' | 'size' | 'sha256' | 'state'>[];
  /** `editing`: deposited, not published. */
  state: DepositDraft['state'];
  /** Files sent, or brought by the server, in this run. */
  sent: number;
  /** What stands between the draft and its publication. */
  missing: Issue[];
  /** Address of the published version, or of the draft's page. */
  url: string;
}

/** A deposit under way. */
export interface Deposit {
  client: Client;
  server: string;
  token: string;
  progress: Progress;
  memory: DepositMemory;
  signal: AbortSignal;
  /** Writes prose to standard error. */
  say(line: string): Promise<void>;
}

/** Says each thing that is missing, with what to do. */
export async function sayMissing(run: Deposit, issues: readonly Issue[]): Promise<void> {
  for (const { message, where, hint } of issues)
    await run.say(`  ${message}${where.field ? ` [${where.field}]` : ''}${hint === undefined ? '' : `. ${hint}`}`);
}

/** Says which pairs wait for a word, and what could not be read. */
export async function sayProposals(run: Deposit, draft: DepositDraft): Promise<void> {
  const pathOf = (id: string) => draft.items.find((item) => item.id === id)?.path ?? id;
  for (const { trackItem, imageItem, reason } of draft.proposals)
    await run.say(
      `${pathOf(trackItem)} may belong to ${pathOf(imageItem)} (${reason}); --accept-pairs confirms it, or the page of the draft.`,
    );
  for (const item of draft.items)
    if (item.ingest?.state === 'failed')
      await run.say(`${item.path}: could not be read, ${item.ingest.message ?? 'the server failed'}`);
}

/** Says where the draft lies and what it lacks. */
export async function sayDraft(run: Deposit, draft: DepositDraft): Promise<void> {
  await run.say(`Deposited, not published: ${addressOf(run, draft)}`);
  if (draft.missing.length > 0) await run.say('Still missing before it can be published:');
  await sayMissing(run, draft.missing as Issue[]);
}

/** Address of the page of a draft, or of the version it became. */
export function addressOf(run: Deposit, { accession, version, id, state }: DepositDraft): string {
  return state === 'published' ? `${run.server}/studies/${accession}/v/${version}` : `${run.server}/deposit/${id}`;
}

/** Files as the answer has them, in one state. */
export function withState(files: readonly DigestedFile[], state: DepositFile['state']) {
  return files.map(({ path, size, sha256 }) => ({ path, size, sha256, state }));
}

/** The answer of a deposit. */
export function answerOf(
  run: Deposit,
  draft: DepositDraft,
  files: readonly DepositAnswer['files'][number][],
  sent: number,
): DepositAnswer {
  return {
    study: draft.accession,
    draft: draft.id,
    version: draft.version,
    files: files.map(({ path, size, sha256, state }) => ({
      path,
      size,
      ...(sha256 === undefined ? {} : { sha256 }),
      state,
    })),
    state: draft.state,
    sent,
    missing: draft.missing as Issue[],
    url: addressOf(run, draft),
  };
}
