import { expect, it } from 'vitest';
import { createDraft, discardDraft } from './drafts.ts';
import { ingestItem, setItemMapping } from './ingest.ts';
import { createBatchHandlers } from './job-handlers.ts';
import { MemoryDerived } from './memory/memory-derived.ts';
import { depositFiles, openWorkbench, type Workbench } from './memory/workbench.ts';
import type { AskedJob } from './ports/job-queue.ts';

const signal = new AbortController().signal;
const table = 'frame,x,y,track\n0,1,2,1\n1,2,3,1\n2,4,5,1\n0,9,9,2\n1,8,8,2\n';

/** A draft whose items wait to be read; their jobs are taken out of the queue. */
async function recognised(
  files: Readonly<Record<string, string>>,
): Promise<{ bench: Workbench; draftId: string; batch: AskedJob<'ingest-small-item'>[] }> {
  const bench = await openWorkbench();
  const { id: draftId } = await createDraft(bench, 'hanako');
  await depositFiles(bench, draftId, files);
  while (bench.jobs.waiting.some(({ name }) => !name.startsWith('ingest-'))) await bench.jobs.runNext();
  const batch = bench.jobs.waiting.splice(0).map(({ data }) => ({ data: data as never, isRepeated: false }));
  return { bench, draftId, batch };
}

const statesOf = async (bench: Workbench, draftId: string) =>
  (await bench.studies.listItems(draftId)).map(({ item, state }) => [item.path, state]);

it('reads many small items at once', async () => {
  const { bench, draftId, batch } = await recognised({ 'a.csv': table, 'b.bin': '\u0001\u0002\u0003', 'c.txt': 'c' });
  expect(batch).toHaveLength(3);
  await createBatchHandlers(bench)['ingest-small-item'](batch, signal);
  expect(await statesOf(bench, draftId)).toEqual([
    ['a.csv', 'done'],
    ['b.bin', 'kept'],
    ['c.txt', 'kept'],
  ]);
  expect((await bench.studies.listItems(draftId))[0]!.item.counts).toMatchObject({ objects: 5, tracks: 2 });
  expect(bench.jobs.waiting).toEqual([]);
});

it('leaves what fails to a job of its own, as what was in a batch that was killed', async () => {
  const { bench, draftId, batch } = await recognised({ 'a.csv': table, 'c.txt': 'c' });
  const full = new MemoryDerived();
  full.build = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  await createBatchHandlers({ ...bench, derived: full })['ingest-small-item'](batch, signal);
  expect(await statesOf(bench, draftId)).toEqual([
    ['a.csv', 'waiting'],
    ['c.txt', 'kept'],
  ]);
  expect(bench.jobs.waiting.map(({ name }) => name)).toEqual(['ingest-item']);
  const repeated = batch.map((job) => ({ ...job, isRepeated: true }));
  await createBatchHandlers(bench)['ingest-small-item'](repeated, signal);
  expect(bench.jobs.waiting.map(({ name }) => name)).toEqual(['ingest-item', 'ingest-item']);
  await bench.jobs.runAll();
  expect(await statesOf(bench, draftId)).toEqual([
    ['a.csv', 'done'],
    ['c.txt', 'kept'],
  ]);
});

it('reads nothing of a draft that was discarded, and says nothing of bytes that went away while they were read', async () => {
  const { bench, draftId, batch } = await recognised({ 'a.csv': table });
  const { data } = batch[0]!;
  const discarding = { ...bench, derived: Object.create(bench.derived) as Workbench['derived'] };
  discarding.derived.build = async () => {
    await discardDraft(bench, draftId);
    throw Object.assign(new Error('gone'), { code: 'EIO' });
  };
  await ingestItem(discarding, data);
  expect((await bench.studies.listItems(draftId))[0]!.state).not.toBe('failed');
  await ingestItem(bench, data);
  await createBatchHandlers(bench)['ingest-small-item'](batch, signal);
  expect((await bench.studies.listItems(draftId))[0]!.item.counts).toBeUndefined();
  expect(bench.jobs.waiting).toEqual([]);
});

it('leaves an item to be read again whose columns were given another meaning while it was read', async () => {
  const { bench, draftId, batch } = await recognised({ 'a.csv': 'a,b,c,d\n0,1,2,1\n1,2,3,1\n2,4,5,1\n' });
  const { data } = batch[0]!;
  const mapping = { frame: 'a', x: 'b', y: 'c', track: 'd' };
  const correcting = { ...bench, studies: Object.create(bench.studies) as Workbench['studies'] };
  correcting.studies.noteReadings = async (id, readings) => {
    await setItemMapping(bench, draftId, data.itemId, mapping);
    await bench.studies.noteReadings(id, readings);
  };
  for (const read of [
    () => createBatchHandlers(correcting)['ingest-small-item'](batch, signal),
    () => ingestItem(correcting, data),
  ]) {
    await read();
    expect((await bench.studies.listItems(draftId))[0]!.state).toBe('waiting');
    await bench.studies.updateItem(draftId, data.itemId, { mapping: { frame: 'a' } });
  }
  await setItemMapping(bench, draftId, data.itemId, mapping);
  await bench.jobs.runAll();
  expect((await bench.studies.listItems(draftId))[0]!.item.counts).toMatchObject({ objects: 3, tracks: 1 });
});
