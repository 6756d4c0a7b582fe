import { expect, it } from 'vitest';
import { expectFiles, fileArrived } from './deposit.ts';
import { createDraft, discardDraft } from './drafts.ts';
import { createBatchHandlers } from './job-handlers.ts';
import { openWorkbench, type Workbench } from './memory/workbench.ts';
import { type AskedJob, smallFile } from './ports/job-queue.ts';
import { pieces } from './ports/suite-case.ts';

const signal = new AbortController().signal;

async function begin(texts: Readonly<Record<string, string>>): Promise<{ bench: Workbench; draftId: string }> {
  const bench = await openWorkbench();
  const { id: draftId } = await createDraft(bench, 'hanako');
  const files = Object.entries(texts).map(([path, text]) => ({ path, size: text.length }));
  await expectFiles(bench, draftId, files);
  for (const [path, text] of Object.entries(texts)) await send(bench, draftId, path, text);
  return { bench, draftId };
}

async function send(bench: Workbench, draftId: string, path: string, text: string, upload = path): Promise<void> {
  const uploadId = `upload-${upload.replaceAll(/\W/g, '-')}`;
  await bench.uploads.create(uploadId);
  await bench.uploads.append(uploadId, 0, pieces(text));
  await fileArrived(bench, draftId, path, uploadId);
}

/** Takes the waiting jobs out of the queue, as a batch. */
function batchOf(bench: Workbench, isRepeated = false): AskedJob<'verify-small-file'>[] {
  return bench.jobs.waiting.splice(0).map(({ data }) => ({ data: data as never, isRepeated }));
}

const statesOf = async (bench: Workbench, draftId: string) =>
  Object.fromEntries((await bench.studies.listFiles(draftId, { limit: 99 })).map(({ path, state }) => [path, state]));
const waitingNames = (bench: Workbench) => bench.jobs.waiting.map(({ name }) => name);

it('verifies many small files at once, marks those that differ, and asks once to have them recognised', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'hello', 'b.txt': 'hello', 'c.txt': 'bytes' });
  await expectFiles(bench, draftId, [{ path: 'c.txt', size: 5, sha256: 'ab'.repeat(32) }]);
  await send(bench, draftId, 'c.txt', 'bytes', 'again');
  await createBatchHandlers(bench)['verify-small-file'](batchOf(bench), signal);
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'verified', 'b.txt': 'verified', 'c.txt': 'mismatch' });
  expect(waitingNames(bench)).toEqual(['recognise-draft', 'verify-file']);
  await bench.jobs.runAll();
  expect(await statesOf(bench, draftId)).toMatchObject({ 'c.txt': 'mismatch' });
  for await (const upload of bench.uploads.list()) throw new Error(`${upload.uploadId} was left`);
  expect((await bench.studies.listItems(draftId)).map(({ item }) => item.path)).toEqual(['a.txt', 'b.txt']);
});

it('leaves what fails to a job of its own, and takes in the others', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'one', 'b.txt': 'two' });
  const broken = { ...bench, blobs: Object.create(bench.blobs) as Workbench['blobs'] };
  const { adopt } = bench.blobs;
  broken.blobs.adopt = (from, blob) =>
    from.includes('a-txt') ? Promise.reject(new Error('no space left')) : adopt.call(bench.blobs, from, blob);
  await createBatchHandlers(broken)['verify-small-file'](batchOf(bench), signal);
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'sent', 'b.txt': 'verified' });
  expect(waitingNames(bench)).toEqual(['recognise-draft', 'verify-file']);
  await bench.jobs.runAll();
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'verified', 'b.txt': 'verified' });
});

it('tries what was in a batch that was killed one by one', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'one', 'b.txt': 'two' });
  await createBatchHandlers(bench)['verify-small-file'](batchOf(bench, true), signal);
  expect(waitingNames(bench)).toEqual(['verify-file', 'verify-file']);
  await bench.jobs.runAll();
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'verified', 'b.txt': 'verified' });
});

it('finds what a killed run had taken in, and has it read', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'one', 'b.txt': 'two' });
  const batch = batchOf(bench);
  const kill = new Error('killed');
  const dying = { ...bench, jobs: { ...bench.jobs, send: () => Promise.reject(kill) } } as unknown as Workbench;
  await expect(createBatchHandlers(dying)['verify-small-file'](batch, signal)).rejects.toBe(kill);
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'verified', 'b.txt': 'verified' });
  const again = batch.map((job) => ({ ...job, isRepeated: true }));
  await createBatchHandlers(bench)['verify-small-file'](again, signal);
  await bench.jobs.runAll();
  expect(await bench.studies.listItems(draftId)).toHaveLength(2);
});

it('keeps nothing of files that were announced anew, or whose draft was discarded, while they were read', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'one', 'b.txt': 'two' });
  const batch = batchOf(bench);
  const slow = { ...bench, blobs: Object.create(bench.blobs) as Workbench['blobs'] };
  const digests: string[] = [];
  slow.blobs.adopt = async (from, blob) => {
    digests.push(blob.sha256);
    await bench.blobs.adopt(from, blob);
    if (digests.length === 1) await expectFiles(bench, draftId, [{ path: 'a.txt', size: 3, sha256: 'cd'.repeat(32) }]);
    else await discardDraft(bench, draftId);
  };
  await createBatchHandlers(slow)['verify-small-file'](batch.slice(0, 1), signal);
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'expected', 'b.txt': 'sent' });
  await createBatchHandlers(slow)['verify-small-file'](batch.slice(1), signal);
  await bench.jobs.runAll();
  expect(digests).toHaveLength(2);
  for (const sha256 of digests) expect(await bench.blobs.has(sha256)).toBe(false);
});

it('stops when it is told to, and leaves everything to be done again', async () => {
  const { bench, draftId } = await begin({ 'a.txt': 'one' });
  const batch = batchOf(bench);
  const stop = AbortSignal.abort(new Error('stopping'));
  await expect(createBatchHandlers(bench)['verify-small-file'](batch, stop)).rejects.toThrow('stopping');
  expect(await statesOf(bench, draftId)).toEqual({ 'a.txt': 'sent' });
});

it('works on large files one by one', async () => {
  const bench = await openWorkbench();
  const { id: draftId } = await createDraft(bench, 'hanako');
  await expectFiles(bench, draftId, [{ path: 'film.tif', size: smallFile + 1 }]);
  await fileArrived(bench, draftId, 'film.tif', 'u1');
  expect(waitingNames(bench)).toEqual(['verify-file']);
});
