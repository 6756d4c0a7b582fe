import { isDeepStrictEqual } from 'node:util';
import {
  addReferenceTable,
  announceFiles,
  ApiError,
  type DepositDraft,
  type DepositFile,
  filesOfDraft,
  routes,
  saveChanges,
  untilRead,
  withAllItems,
} from '@micrarium/api';
import type { Issue, VersionNote } from '@micrarium/model';
import { otherDigests } from '@micrarium/repository';
import { readCheckSums } from './check-sums.ts';
import {
  answerOf,
  type Deposit,
  type DepositAnswer,
  sayDraft,
  sayMissing,
  sayProposals,
  withState,
} from './deposit-prose.ts';
import { type DigestedFile, digestFiles, type LocalFile } from './local-files.ts';
import { type Destination, openDraft } from './open-draft.ts';
import { sendFiles, type Unsent } from './send-files.ts';
import { fromFiles, withMetadata, withPairsAccepted } from './study-metadata.ts';

/** A draft that a deposit goes into. */
type OpenDestination = Extract<Destination, { kind: 'draft' }>;

/** What the depositor wants, beside the files. */
export interface Wishes {
  study?: string;
  given?: DepositDraft['metadata'];
  /** What is said of a further version; empty of a first one. */
  said?: VersionNote;
  /** Table of files that stay where they are. */
  references?: string;
  /** File with check sums of the files. */
  checksums?: string;
  acceptPairs: boolean;
  /** Publish originals with the names, paths and addresses found in them; metadata text that holds any is withheld. */
  acceptPrivate: boolean;
  publish: boolean;
}

/**
 * Deposits files as wished: into a draft, with metadata, read to the end, published.
 * @returns the answer, and whether everything asked for was done
 * @throws ApiError, UsageError, and the signal's reason
 */
export async function depositInto(
  run: Deposit,
  files: readonly LocalFile[],
  wishes: Wishes,
): Promise<{ answer: DepositAnswer; isGood: boolean }> {
  const digested = await digestAll(run, files, wishes.checksums);
  const to = await openDraft(run.client, wishes.study, run.memory, digested);
  if (to.kind === 'published') {
    await run.say(`These files are published already: ${to.draft.accession} version ${to.draft.version}.`);
    return { answer: answerOf(run, to.draft, withState(digested, 'verified'), 0), isGood: true };
  }
  await begin(run, to, wishes);
  const { sent } = await sendAndSay(run, to.draft.id, digested);
  let draft = await settle(run, to.draft.id, wishes);
  let stand = await standOf(run, draft, digested);
  // What was damaged on the way, or where it was stored, is found by the digest of the whole at the latest.
  const damaged = new Set(stand.flatMap(({ path, state }) => (state === 'mismatch' ? [path] : [])));
  if (damaged.size > 0) {
    await run.say(`${damaged.size} files arrived with another digest and are sent once more.`);
    const again = digested.filter(({ path }) => damaged.has(path));
    await sendAndSay(run, to.draft.id, again);
    draft = await settle(run, to.draft.id, wishes);
    stand = await standOf(run, draft, digested);
    for (const { path, state } of stand)
      if (state === 'mismatch')
        await run.say(
          `${path}: what arrived has another digest again. If it changed meanwhile, run the command again.`,
        );
  }
  const isWhole = stand.length === digested.length && stand.every(({ state }) => state === 'verified');
  return await conclude(run, draft, { stand, sent, isWhole }, wishes);
}

/** Remembers and says where the deposit goes, and saves what the depositor says of the study. */
export async function begin(run: Deposit, { draft, how }: OpenDestination, wishes: Wishes): Promise<void> {
  await run.memory.note({ draft: draft.id });
  await run.say(
    how === 'continued'
      ? `Going on with draft ${draft.id} of ${draft.accession} (--study new begins another study).`
      : `Depositing into ${draft.accession}, draft ${draft.id}.`,
  );
  await describe(run, draft, wishes);
  if (wishes.references === undefined) return;
  const { count, bytes } = await addReferenceTable(run.client, draft.id, wishes.references);
  await run.say(`The study names ${count} files of ${bytes} bytes that stay where they are.`);
}

/** Publishes if asked, and says how it ended. @param done files as they stand, how many came by this run, and whether all are there */
export async function conclude(
  run: Deposit,
  draft: DepositDraft,
  done: { stand: readonly DepositFile[]; sent: number; isWhole: boolean },
  wishes: Wishes,
): Promise<{ answer: DepositAnswer; isGood: boolean }> {
  const { stand, sent, isWhole } = done;
  const isPublished = wishes.publish && (await publish(run, draft, isWhole));
  if (!wishes.publish) await sayDraft(run, draft);
  const now: DepositDraft = isPublished ? { ...draft, state: 'published', missing: [] } : draft;
  return { answer: answerOf(run, now, stand, sent), isGood: isWhole && (isPublished || !wishes.publish) };
}

/** Saves what the depositor says of the study; before anything is sent, so that a mistake is told at once. */
async function describe(run: Deposit, draft: DepositDraft, { given, said = {} }: Wishes): Promise<void> {
  const described = given ? await saveChanges(run.client, draft, (now) => withMetadata(now, given)) : draft;
  await saveChanges(run.client, described, (now) => {
    const isSaid = (Object.keys(said) as (keyof VersionNote)[]).every((part) =>
      isDeepStrictEqual(now[part], said[part]),
    );
    return isSaid ? undefined : said;
  });
}

/** Waits until everything is read, then fills in what the files say and confirms pairs if asked. */
export async function settle(run: Deposit, draftId: string, wishes: Wishes): Promise<DepositDraft> {
  let draft = await untilRead(run.client, draftId, {
    signal: run.signal,
    onProgress: ({ files, items, fraction }) =>
      run.progress.show(
        fraction,
        files.verified < files.count
          ? `verified ${files.verified} of ${files.count} files`
          : `read ${items.read} of ${items.count} items`,
      ),
  });
  draft = await saveChanges(run.client, draft, (now) => {
    const found = fromFiles(now);
    return found ? withMetadata(now, found) : undefined;
  });
  if (wishes.acceptPairs) draft = await saveChanges(run.client, draft, withPairsAccepted);
  if (wishes.acceptPrivate) draft = await acceptPrivate(run, draft);
  await sayProposals(run, draft);
  return draft;
}

/** Accepts what was found in originals, and withholds metadata text in which something was found. */
async function acceptPrivate(run: Deposit, draft: DepositDraft): Promise<DepositDraft> {
  const open = draft.items.filter(({ privacy }) => privacy !== undefined && privacy.details.length > 0);
  for (const { id, path, privacy } of open) {
    await run.say(`${path}: ${privacy!.details.length} private details are accepted; its metadata text is withheld.`);
    const params = { draft: draft.id, item: id };
    await run.client.call(routes.decidePrivacy, { params, body: { originals: 'accepted', rawText: 'withheld' } });
  }
  if (open.length === 0) return draft;
  const now = await run.client.call(routes.getDraft, { params: { draft: draft.id } });
  return await withAllItems(run.client, now, undefined, run.signal);
}

/** How the files of this deposit stand on the server. */
async function standOf(run: Deposit, draft: DepositDraft, files: readonly DigestedFile[]): Promise<DepositFile[]> {
  const ours = new Set(files.map(({ path }) => path));
  return (await filesOfDraft(run.client, draft.id, run.signal)).filter(({ path }) => ours.has(path));
}

/** Sends files, and says which could not be sent. */
async function sendAndSay(run: Deposit, draft: string, files: readonly DigestedFile[]): Promise<{ sent: number }> {
  const { unsent, sent } = await send(run, draft, files);
  for (const { path, reason } of unsent) await run.say(`${path}: not sent, ${reason}`);
  return { sent };
}

async function digestAll(run: Deposit, files: readonly LocalFile[], list?: string): Promise<DigestedFile[]> {
  const listed =
    list === undefined
      ? undefined
      : await readCheckSums(
          list,
          files.map(({ path }) => path),
        );
  for (const path of listed?.notDeposited.slice(0, 20) ?? [])
    await run.say(`${path}: in --checksums, and not deposited`);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return await digestFiles(
    files,
    (bytes, path) => {
      done += bytes;
      run.progress.show(done / total, `computing SHA-256 of ${path}`);
    },
    run.signal,
    listed?.sums,
  );
}

/** Announces everything, then sends what the server does not have. */
async function send(
  run: Deposit,
  draft: string,
  files: readonly DigestedFile[],
): Promise<{ unsent: Unsent[]; sent: number }> {
  const announced = files.map(({ path, size, sha256, md5, crc32c }) => ({
    path,
    size,
    sha256,
    ...otherDigests({ md5, crc32c }),
  }));
  const stand = await announceFiles(run.client, draft, announced, run.signal);
  const isNeeded = ({ state }: DepositFile) => state === 'expected' || state === 'sending' || state === 'mismatch';
  const needed = files.filter((_, index) => isNeeded(stand[index]!));
  if (needed.length < files.length)
    await run.say(`${files.length - needed.length} of ${files.length} files are there already.`);
  const total = needed.reduce((sum, { size }) => sum + size, 0);
  const sentOf = new Map<string, number>();
  let done = 0;
  const unsent = await sendFiles(needed, {
    ...run,
    draft,
    onSent(path, bytes) {
      done += bytes - (sentOf.get(path) ?? 0);
      sentOf.set(path, bytes);
      run.progress.show(total === 0 ? 1 : done / total, `sending ${path}`);
    },
  });
  return { unsent, sent: needed.length - unsent.length };
}

/** @returns whether it was published; what is missing was said otherwise */
async function publish(run: Deposit, draft: DepositDraft, isWhole: boolean): Promise<boolean> {
  if (!isWhole) {
    await run.say('Not published: not all files have arrived.');
    return false;
  }
  try {
    run.progress.show(1, 'publishing');
    const done = await run.client.call(routes.publishDraft, { params: { draft: draft.id } });
    await run.say(`Published: ${run.server}${done.path}`);
    return true;
  } catch (fault) {
    if (!(fault instanceof ApiError) || (fault.status !== 422 && fault.status !== 409)) throw fault;
    await run.say(`Not published: ${fault.message}`);
    const { issues = [] } = (fault.body ?? {}) as { issues?: Issue[] };
    await sayMissing(run, issues);
    return false;
  }
}
