import { setTimeout as rest } from 'node:timers/promises';
import { type DepositFile, filesOfDraft, routes } from '@micrarium/api';
import { UsageError } from '../terminal.ts';
import { begin, conclude, settle, type Wishes } from './deposit-into.ts';
import { answerOf, type Deposit, type DepositAnswer } from './deposit-prose.ts';
import type { ImportPlace } from './import-place.ts';
import { openDraft } from './open-draft.ts';

/** What a place offers. */
type Listing = Awaited<ReturnType<typeof listPlace>>;
/** How an import stands. */
type ImportRun = NonNullable<Awaited<ReturnType<typeof lookAt>>['run']>;

/** What `deposit --from` answers: as any deposit, with what the place offers and how bringing it ended. */
export interface FromAnswer extends DepositAnswer {
  listing?: Listing;
  import?: ImportRun;
}

/** Lines of a listing on the terminal; the answer has all. */
const mostSaid = 200;
/** Milliseconds between two looks at an import that runs. */
const lookEvery = 500;

const listPlace = (run: Deposit, draft: string, place: ImportPlace) =>
  run.client.call(routes.listImport, { params: { draft }, body: place });
const lookAt = (run: Deposit, draft: string) => run.client.call(routes.getImport, { params: { draft } });

/**
 * Has the server bring files into a draft as wished: lists the place, brings what it offers once that is confirmed, waits until it is read, and
 * publishes. An import that runs already is followed. Stopped, the server goes on, and the same command follows it.
 * @returns the answer, and whether everything asked for was done
 * @throws ApiError, UsageError, and the signal's reason
 */
export async function depositFrom(
  run: Deposit,
  place: ImportPlace,
  wishes: Wishes,
  isConfirmed: boolean,
): Promise<{ answer: FromAnswer; isGood: boolean }> {
  const to = await openDraft(run.client, wishes.study, run.memory);
  if (to.kind === 'published')
    throw new UsageError(
      `what came from there was published before, as ${to.draft.accession}: ` +
        `--study ${to.draft.accession} makes a new version of it, --study new another study`,
    );
  await begin(run, to, wishes);
  const { id } = to.draft;
  const isRunning = (await lookAt(run, id)).run?.state === 'running';
  if (isRunning) await run.say('An import into this draft is running: following it.');
  const listing = isRunning ? undefined : await listPlace(run, id, place);
  const { files, refused } = listing ? wantedOf(listing) : { files: undefined, refused: 0 };
  if (listing) await sayListing(run, listing);
  if (listing && files && (files.length === 0 || !isConfirmed)) {
    await run.say(
      files.length === 0
        ? 'There is nothing to bring.'
        : `Nothing was brought yet: the same command with --yes brings ${counted(files.length)}.`,
    );
    return { answer: { ...answerOf(run, to.draft, [], 0), listing }, isGood: files.length > 0 };
  }
  if (files) await run.client.call(routes.startImport, { params: { draft: id }, body: { source: place, files } });
  const end = await follow(run, id);
  await sayEnd(run, end);
  const draft = await settle(run, id, wishes);
  const ours = files && new Set(files.map(({ path }) => path.normalize('NFC')));
  const stand = (await filesOfDraft(run.client, id, run.signal)).filter(({ path }) => ours?.has(path) ?? true);
  const isThere = ({ state }: DepositFile) => state === 'verified';
  const isWhole = end.state === 'done' && refused === 0 && !listing?.isCut && stand.every(isThere);
  const done = await conclude(run, draft, { stand, sent: end.doneFiles - end.thereFiles, isWhole }, wishes);
  return { ...done, answer: { ...done.answer, ...(listing ? { listing } : {}), import: end } };
}

/** What of a listing can be brought, and how many files cannot. */
function wantedOf({ files, issues }: Listing) {
  const wrong = new Set(issues.flatMap(({ where }) => where.file ?? []));
  const good = files.filter(({ path, fault }) => fault === undefined && !wrong.has(path.normalize('NFC')));
  const wanted = good.map(({ path, size }) => (size === undefined ? { path } : { path, size }));
  return { files: wanted, refused: files.length - wanted.length };
}

const counted = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`;
const faults = { link: 'a link, which is not followed', unreachable: 'the address does not answer' } as const;

async function sayListing(run: Deposit, { files, bytes, isCut, issues }: Listing): Promise<void> {
  run.progress.clear();
  for (const { path, size, isThere, fault } of files.slice(0, mostSaid)) {
    const told = fault ? faults[fault] : isThere ? 'there already' : '';
    await run.say(
      `${String(size ?? '?').padStart(14)}  ${path.replace(/\p{Cc}/gu, '?')}${told === '' ? '' : ` (${told})`}`,
    );
  }
  if (files.length > mostSaid) await run.say(`… and ${files.length - mostSaid} more (--json tells all)`);
  await run.say(`${counted(files.length)}, ${bytes} bytes as far as their sizes are told.`);
  for (const { message } of issues.slice(0, 50)) await run.say(`  ${message}`);
  if (isCut)
    await run.say(
      'There are more, or not all could be listed in time: run it again after these have come, or name a folder further down.',
    );
}

async function follow(run: Deposit, draft: string): Promise<ImportRun> {
  for (;;) {
    const { run: now } = await lookAt(run, draft);
    if (!now) throw new UsageError('the draft has no import any more: run the command again');
    if (now.state !== 'running') return now;
    const { files, doneFiles, bytes, doneBytes } = now;
    const share = Math.max(doneFiles / files, bytes > 0 ? doneBytes / bytes : 0);
    run.progress.show(share, `brought ${doneFiles} of ${files} files`);
    await rest(lookEvery, undefined, { signal: run.signal });
  }
}

async function sayEnd(run: Deposit, end: ImportRun): Promise<void> {
  const { state, doneFiles, thereFiles, failedFiles, failures, message } = end;
  const there = thereFiles > 0 ? `; there already: ${thereFiles}` : '';
  await run.say(`The server has brought ${doneFiles} of ${counted(end.files)}${there}.`);
  for (const one of failures) await run.say(`${one.path}: not brought, ${one.message}`);
  if (failedFiles > failures.length) await run.say(`… and ${failedFiles - failures.length} more that were not brought`);
  if (message !== undefined) await run.say(message);
  if (state === 'cancelled') await run.say('The import was stopped on the page of the draft.');
  if (state !== 'done') await run.say('The same command brings what is missing.');
}
