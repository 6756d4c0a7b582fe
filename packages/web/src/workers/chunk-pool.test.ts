import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ChunkAnswer, ChunkPool, type ChunkTask, type ChunkWorker } from './chunk-pool.ts';

class StandIn implements ChunkWorker {
  heard: ChunkTask[] = [];
  gone = false;
  onmessage: ((event: MessageEvent<ChunkAnswer>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  postMessage(task: ChunkTask) {
    this.heard.push(task);
  }
  terminate() {
    this.gone = true;
  }
  say(data: ChunkAnswer) {
    this.onmessage?.({ data } as MessageEvent<ChunkAnswer>);
  }
}

let made: StandIn[] = [];
const poolOf = (size: number) =>
  new ChunkPool(() => {
    const worker = new StandIn();
    made.push(worker);
    return worker;
  }, size);

/** A Blosc frame that is not compressed, of 100,000 bytes. */
function frameOf(value: number): Uint8Array {
  const frame = new Uint8Array(100_016).fill(value, 16);
  const data = new DataView(frame.buffer);
  frame.set([2, 1, 2, 1]);
  for (const [at, length] of [100_000, 100_000, 100_016].entries()) data.setUint32(4 + 4 * at, length, true);
  return frame;
}
const limit = 100_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  made = [];
});

it('hands every worker two chunks, keeps its own bytes, and lets idle workers go', async () => {
  const pool = poolOf(2);
  const bytes = frameOf(7);
  const asked = Array.from({ length: 4 }, () => pool.decode('blosc', bytes, limit));
  asked.push(pool.decode('blosc', frameOf(7).subarray(0, 90_000), limit));
  expect(made.map(({ heard }) => heard.map(({ id }) => id))).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(made[0]!.heard[0]!.bytes).toEqual(bytes);
  expect(made[0]!.heard[0]!.bytes.buffer).not.toBe(bytes.buffer);
  made[1]!.say({ id: 2, bytes: new Uint8Array([2]) });
  expect(made[1]!.heard.map(({ id }) => id)).toEqual([2, 4, 5]);
  for (const id of [1, 3]) made[0]!.say({ id, bytes: new Uint8Array([id]) });
  made[1]!.say({ id: 4, bytes: new Uint8Array([4]) });
  made[1]!.say({ id: 5, failed: 'a Blosc frame is cut short' });
  const settled = await Promise.allSettled(asked);
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value[0] : one.reason.message))).toEqual([
    1,
    2,
    3,
    4,
    'a Blosc frame is cut short',
  ]);
  vi.advanceTimersByTime(20_000);
  expect(made.map(({ gone }) => gone)).toEqual([true, true]);
});

it('what a worker cannot unpack the page unpacks: a script of the worker may not have come', async () => {
  const pool = poolOf(1);
  const asked = pool.decode('blosc', frameOf(4), limit);
  made[0]!.say({ id: 1, failed: 'Failed to fetch dynamically imported module' });
  expect((await asked)[99_999]).toBe(4);
  const cut = pool.decode('blosc', frameOf(4).subarray(0, 90_000), limit);
  made[0]!.say({ id: 2, failed: 'Failed to fetch dynamically imported module' });
  await expect(cut).rejects.toThrow('a Blosc frame is cut short');
  for (const id of [3, 4]) {
    const more = pool.decode('blosc', frameOf(id), limit);
    made[0]!.say({ id, failed: 'Failed to fetch dynamically imported module' });
    expect((await more)[99_999]).toBe(id);
  }
  // Three sound ones were missed: no worker is asked any more.
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  expect((await pool.decode('blosc', frameOf(5), limit))[99_999]).toBe(5);
  expect(made[0]!.heard).toHaveLength(4);
});

it('chunks nobody waits for leave the line; the others come', async () => {
  const pool = poolOf(1);
  const stop = new AbortController();
  const passed = Array.from({ length: 4 }, () => pool.decode('zstd', frameOf(1), limit, stop.signal));
  const wanted = pool.decode('zstd', frameOf(2), limit);
  stop.abort(new Error('passed'));
  for (const one of await Promise.allSettled(passed)) expect(one).toMatchObject({ reason: { message: 'passed' } });
  made[0]!.say({ id: 1, bytes: new Uint8Array([1]) });
  expect(made[0]!.heard.map(({ id }) => id)).toEqual([1, 2, 5]);
  made[0]!.say({ id: 5, bytes: new Uint8Array([5]) });
  expect((await wanted)[0]).toBe(5);
  await expect(pool.decode('zstd', frameOf(2), limit, stop.signal)).rejects.toThrow('passed');
});

it('unpacks on the page where workers cannot start, now and from then on', async () => {
  const refused = new ChunkPool(() => {
    throw new Error('refused by the policy');
  }, 2);
  expect((await refused.decode('blosc', frameOf(3), limit))[99_999]).toBe(3);
  const pool = poolOf(1);
  const asked = [4, 5, 6].map((value) => pool.decode('blosc', frameOf(value), limit));
  made[0]!.onerror?.({} as ErrorEvent);
  expect((await Promise.all(asked)).map((one) => one[0])).toEqual([4, 5, 6]);
  expect((await pool.decode('blosc', frameOf(8), limit))[0]).toBe(8);
  expect(made.length).toBe(1);
});

it('a worker that dies in the middle of something is replaced, and its chunks are unpacked here', async () => {
  const pool = poolOf(1);
  const first = pool.decode('blosc', frameOf(1), limit);
  made[0]!.say({ id: 1, bytes: new Uint8Array([9]) });
  expect((await first)[0]).toBe(9);
  const lost = pool.decode('blosc', frameOf(2), limit);
  made[0]!.onerror?.({} as ErrorEvent);
  expect((await lost)[0]).toBe(2);
  void pool.decode('blosc', frameOf(3), limit);
  expect([made.length, made[0]!.gone]).toEqual([2, true]);
});

it('small chunks are unpacked where they are', async () => {
  const pool = poolOf(1);
  const small = frameOf(5).slice(0, 116);
  const data = new DataView(small.buffer);
  for (const [at, length] of [100, 100, 116].entries()) data.setUint32(4 + 4 * at, length, true);
  expect((await pool.decode('blosc', small, 1124))[99]).toBe(5);
  expect(made).toEqual([]);
});
