import type { OpenArray } from './zarr-level.ts';

/** Others who may give up before a chunk fails. */
const mostStrangers = 8;

/**
 * The array, its chunks failing by no signal but that of whoever asked. zarrita reads the index of a shard once, with the
 * signal of the first who needs it: where that one gives up (a plane that was passed), all others who wait for the index
 * would fail with it. They ask again.
 */
export function withOwnSignals(array: OpenArray): OpenArray {
  const read = array.getChunk.bind(array);
  array.getChunk = async (coordinates, options, more) => {
    for (let others = 0; ; others++) {
      try {
        return await read(coordinates, options, more);
      } catch (error) {
        const isStopped = (error as { name?: unknown } | undefined)?.name === 'AbortError';
        if (!isStopped || options?.signal?.aborted || others === mostStrangers) throw error;
      }
    }
  };
  return array;
}
