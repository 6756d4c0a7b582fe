import { expect, it } from 'vitest';
import { withOwnSignals } from './own-signals.ts';
import type { OpenArray } from './zarr-level.ts';

/** An array as zarrita has it: one index for all chunks, read with the signal of whoever asks first. */
function sharded(): { array: OpenArray; arrive(): void; reads(): number } {
  let index: Promise<void> | undefined;
  let arrive = (): void => undefined;
  let reads = 0;
  const getChunk = async (at: number[], options?: { signal?: AbortSignal }) => {
    index ??= new Promise<void>((resolve, reject) => {
      reads++;
      arrive = resolve;
      options?.signal?.addEventListener('abort', () => reject(options.signal!.reason as Error));
    }).catch((error: unknown) => {
      index = undefined;
      throw error;
    });
    await index;
    return { data: Uint8Array.from(at) };
  };
  return { array: { getChunk } as unknown as OpenArray, arrive: () => arrive(), reads: () => reads };
}

it('a chunk does not fail because another one was given up that read the index for both', async () => {
  const { array, arrive, reads } = sharded();
  const { getChunk } = withOwnSignals(array);
  const [passed, wanted] = [new AbortController(), new AbortController()];
  const first = getChunk([1], { signal: passed.signal });
  const second = getChunk([2], { signal: wanted.signal });
  passed.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await new Promise((resolve) => setTimeout(resolve));
  arrive();
  expect((await second).data).toEqual(Uint8Array.of(2));
  expect(reads()).toBe(2);
});

it('what is given up itself, or fails otherwise, is not asked for again', async () => {
  const { array, reads } = sharded();
  const { getChunk } = withOwnSignals(array);
  const stop = new AbortController();
  const given = getChunk([1], { signal: stop.signal });
  stop.abort(new DOMException('passed', 'AbortError'));
  await expect(given).rejects.toThrow('passed');
  expect(reads()).toBe(1);
  const broken = withOwnSignals({ getChunk: () => Promise.reject(new Error('damaged')) } as unknown as OpenArray);
  await expect(broken.getChunk([0])).rejects.toThrow('damaged');
});

/** What zarrita throws where a codec threw. */
const undecoded = (cause: Error) =>
  Object.assign(new Error('Failed to decode chunk via codec "blosc"', { cause }), { name: 'CodecPipelineError' });

/** An array whose reads of a chunk end as listed, one after the other. */
function ending(...ends: (Error | number)[]): { array: OpenArray; reads(): number } {
  let reads = 0;
  const getChunk = async () => {
    const end = ends[reads++]!;
    if (typeof end !== 'number') throw end;
    return { data: Uint8Array.of(end) };
  };
  return { array: { getChunk } as unknown as OpenArray, reads: () => reads };
}

it('a chunk that somebody else gave up while it was unpacked is asked for again', async () => {
  const { array, reads } = ending(undecoded(new DOMException('passed', 'AbortError')), 7);
  expect((await withOwnSignals(array).getChunk([0])).data).toEqual(Uint8Array.of(7));
  expect(reads()).toBe(2);
});

it('what cannot be unpacked is read once more, and then is damaged', async () => {
  const healed = ending(undecoded(new Error('a Blosc frame is cut short')), 8);
  expect((await withOwnSignals(healed.array).getChunk([0])).data).toEqual(Uint8Array.of(8));
  const cut = () => undecoded(new Error('a Blosc frame is cut short'));
  const damaged = ending(cut(), cut(), cut());
  await expect(withOwnSignals(damaged.array).getChunk([0])).rejects.toThrow('Failed to decode chunk');
  expect(damaged.reads()).toBe(2);
});
