import type { JobQueue } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PgBossQueue } from '../../packages/server/src/jobs/pg-boss-queue.ts';
import { makeDatabase } from './make-database.ts';

async function eventually(isSo: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('It did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What every job queue must do; `open` connects to one and the same queue each time. */
function testJobQueue(open: (isOnlyWorker: boolean) => Promise<JobQueue & { stop(ms?: number): Promise<void> }>): void {
  test('runs a job soon after it was sent, with its data', async () => {
    const queue = await open(false);
    const seen: { draftId: string; at: number }[] = [];
    await queue.work('recognise-draft', async (data) => {
      seen.push({ ...data, at: performance.now() });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const sent = performance.now();
    await queue.send('recognise-draft', { draftId: 'd1' }, 'd1');
    await eventually(() => seen.length === 1);
    expect(seen[0]!.draftId).toBe('d1');
    expect(seen[0]!.at - sent).toBeLessThan(1_000);
    await queue.stop();
  });

  test('of jobs with one key that have not started only one runs; other keys are untouched', async () => {
    const queue = await open(false);
    await Promise.all(
      Array.from({ length: 10 }, () => queue.send('verify-file', { draftId: 'd', path: 'a', uploadId: 'u' }, 'a')),
    );
    await queue.send('verify-file', { draftId: 'd', path: 'b', uploadId: 'v' }, 'b');
    const seen: string[] = [];
    await queue.work('verify-file', async ({ path }) => void seen.push(path), { concurrency: 2 });
    await eventually(() => seen.length >= 2);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(seen.sort()).toEqual(['a', 'b']);
    await queue.send('verify-file', { draftId: 'd', path: 'a', uploadId: 'u' }, 'a');
    await eventually(() => seen.length === 3);
    await queue.stop();
  });

  test('jobs of a kind that is taken in batches are handed out many at once, a batch that fails again', async () => {
    const queue = await open(false);
    const key = (count: number) => `c${count}`;
    const jobs = Array.from({ length: 25 }, (_, count) => ({
      data: { draftId: 'd', itemId: key(count) },
      key: key(count),
    }));
    await queue.sendAll('ingest-small-item', jobs);
    await queue.sendAll('ingest-small-item', jobs.slice(5));
    const batches: { items: string[]; isRepeated: boolean }[] = [];
    await queue.workInBatches(
      'ingest-small-item',
      async (batch) => {
        const isRepeated = batch.some((job) => job.isRepeated);
        batches.push({ items: batch.map(({ data }) => data.itemId), isRepeated });
        if (batches.length === 2) throw new Error('not yet');
      },
      { most: 10 },
    );
    // Those that failed come back one after the other: each waits a little more or less.
    const repeated = () => batches.slice(3).flatMap(({ items }) => items);
    await eventually(() => repeated().length >= 10, 30_000);
    expect(batches.slice(0, 3).map(({ items, isRepeated }) => [items.length, isRepeated])).toEqual([
      [10, false],
      [10, false],
      [5, false],
    ]);
    expect(repeated().sort()).toEqual([...batches[1]!.items].sort());
    expect(batches.slice(3).every(({ isRepeated }) => isRepeated)).toBe(true);
    expect(new Set(batches.flatMap(({ items }) => items)).size).toBe(25);
    const before = batches.length;
    await queue.send('ingest-small-item', { draftId: 'd', itemId: 'one more' }, 'one more');
    await eventually(() => batches.length > before);
    expect(batches.at(-1)).toEqual({ items: ['one more'], isRepeated: false });
    await queue.stop();
  });

  test('a job that fails is tried again', async () => {
    const queue = await open(false);
    let tries = 0;
    await queue.work('finish-publication', async () => {
      if (++tries === 1) throw new Error('not yet');
    });
    await queue.send('finish-publication', { draftId: 'x' }, 'x');
    await eventually(() => tries === 2, 30_000);
    await queue.stop();
  });

  test('jobs that wait are run one after the other, without a pause between them', async () => {
    const sender = await open(false);
    for (let count = 0; count < 20; count++)
      await sender.send('ingest-item', { draftId: 'd', itemId: `b${count}` }, `b${count}`);
    // Its worker hears of them only when it looks: no notification comes any more.
    const worker = await open(false);
    const seen: string[] = [];
    const began = Date.now();
    await worker.work('ingest-item', async ({ itemId }) => void seen.push(itemId));
    await eventually(() => seen.length === 20);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(new Set(seen).size).toBe(20);
    await worker.stop();
    await sender.stop();
  });

  test('a job of a process that died is run by the next start', async () => {
    const first = await open(false);
    let isStarted = false;
    await first.work('ingest-item', () => {
      isStarted = true;
      return new Promise(() => {});
    });
    await first.send('ingest-item', { draftId: 'd', itemId: 'i' }, 'i');
    await eventually(() => isStarted);
    // The first queue is left hanging, as a killed process leaves its job: active in the database, run by nobody.
    const second = await open(true);
    const seen: string[] = [];
    await second.work('ingest-item', async ({ itemId }) => void seen.push(itemId));
    await eventually(() => seen.length === 1);
    await second.stop();
    await first.stop(100);
  });
}

describe('PgBossQueue', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  const faults: Error[] = [];
  beforeAll(async () => {
    database = await makeDatabase();
  });
  afterAll(() => database.drop());
  testJobQueue((isOnlyWorker) =>
    PgBossQueue.open({ url: database.url, isOnlyWorker, onFault: (fault) => faults.push(fault) }),
  );
  test('left nothing running and no fault of its own', async () => {
    const { rows } = await sql<{ state: string }>`select state from jobs.job where state = 'active'`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
    expect(faults).toEqual([]);
  });
});
