import type { OpenArray } from './zarr-level.ts';

/** Others who may give up before a chunk fails. */
const mostStrangers = 8;

/** Was something given up, however often what was thrown was wrapped since? zarrita wraps what codecs throw. */
function isStopped(error: unknown): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++)
    if (one.name === 'AbortError') return true;
  return false;
}

/** Could bytes be had, but not unpacked? */
const isUndecoded = (error: unknown): boolean => error instanceof Error && error.name === 'CodecPipelineError';

/**
 * The array, its chunks failing by no signal but that of whoever asked. What cannot be unpacked is read once more before it
 * counts as damaged: an answer that was cut, or kept by a browser from another time, is not what lies there. zarrita reads the index of a shard once, with the
 * signal of the first who needs it: where that one gives up (a plane that was passed), all others who wait for the index
 * would fail with it. They ask again.
 */
export function withOwnSignals(array: OpenArray): OpenArray {
  const read = array.getChunk.bind(array);
  array.getChunk = async (coordinates, options, more) => {
    let isSecond = false;
    for (let others = 0; ; ) {
      try {
        return await read(coordinates, options, more);
      } catch (error) {
        if (options?.signal?.aborted) throw error;
        if (isStopped(error)) {
          if (others++ === mostStrangers) throw error;
        } else if (isUndecoded(error) && !isSecond) isSecond = true;
        else throw error;
      }
    }
  };
  return array;
}
