import type { Chunk, DataType } from 'zarrita';
import { ByteBudget } from '../../bytes/byte-budget.ts';
import { LoadCache } from '../../bytes/load-cache.ts';
import type { OpenArray } from './zarr-level.ts';

interface KeptChunk {
  chunk: Chunk<DataType>;
  byteLength: number;
}

/** A viewer asks for tiles up to this many values of one plane. */
const tileValues = 512 * 512;

let cache: LoadCache<KeptChunk> | undefined;
let budget = new ByteBudget(0);
let arrays = 0;

/**
 * Keeps unpacked chunks from now on, of arrays opened later, where a chunk holds more than a viewer asks for at once (many
 * slices, or more than a tile of 512 x 512): the neighbours are asked for next. 0 keeps none, as programs that read a file
 * once through want it.
 * @param limit most bytes kept, of all arrays together; or a budget that is shared with other caches
 */
export function keepChunks(limit: number | ByteBudget): void {
  budget = typeof limit === 'number' ? new ByteBudget(limit) : limit;
  cache = budget.limitBytes > 0 ? new LoadCache(budget) : undefined;
}

/** Does a chunk hold more than one tile or slice? */
function isOfMany(chunks: readonly number[]): boolean {
  return chunks.reduce((all, side) => all * side, 1) > tileValues || chunks.filter((side) => side > 1).length > 2;
}

/** The array, its chunks kept where that is wanted. A chunk that several wait for is read and unpacked once. */
export function withKeptChunks(array: OpenArray, itemBytes: number): OpenArray {
  const kept = cache;
  const bytes = array.chunks.reduce((all, side) => all * side, itemBytes);
  // One chunk is not to push out all others.
  if (!kept || !isOfMany(array.chunks) || bytes > budget.limitBytes / 4) return array;
  const name = `${++arrays}/`;
  const read = array.getChunk.bind(array);
  array.getChunk = async (coordinates, options, more) => {
    const load = async (signal: AbortSignal): Promise<KeptChunk> => ({
      chunk: await read(coordinates, { ...options, signal }, more),
      byteLength: bytes,
    });
    return (await kept.get(name + coordinates.join(), load, options?.signal)).chunk;
  };
  return array;
}
