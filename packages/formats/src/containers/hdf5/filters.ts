import { inflate, InflateError } from '../../images/inflate.ts';
import { unshuffle } from '../../images/ome-zarr/shuffle.ts';
import type { FilterStep } from './dataset-messages.ts';
import { Hdf5Fault } from './fault.ts';
import { unpackLz4, unpackLzf } from './lz.ts';

/** Name of a filter for people. Numbers: the HDF Group's list of registered filters. */
export function filterName({ id, name }: Pick<FilterStep, 'id' | 'name'>): string {
  const known: Record<number, string> = {
    1: 'gzip',
    2: 'shuffle',
    3: 'fletcher32',
    4: 'szip',
    5: 'nbit',
    6: 'scaleoffset',
    32000: 'lzf',
    32001: 'blosc',
    32004: 'lz4',
    32008: 'bitshuffle',
    32015: 'zstd',
  };
  return known[id] ?? (name || `filter ${id}`);
}

/** Undoes the filters of a chunk, the last one first. `limit`: bytes of the chunk before any filter. */
export async function undoFilters(
  stored: Uint8Array,
  steps: readonly FilterStep[],
  filterMask: number,
  limit: number,
): Promise<Uint8Array> {
  let bytes = stored;
  for (let n = steps.length - 1; n >= 0; n--) {
    if ((filterMask & (1 << n)) !== 0) continue;
    // A check sum behind the values makes them a little longer on the way.
    bytes = await undo(bytes, steps[n]!, limit + 64);
  }
  return bytes;
}

async function undo(bytes: Uint8Array, step: FilterStep, limit: number): Promise<Uint8Array> {
  try {
    switch (step.id) {
      case 1:
        return await inflate(bytes, limit);
      case 2: {
        const size = step.parameters[0] ?? 1;
        if (size <= 1) return bytes;
        const out = new Uint8Array(bytes.length);
        unshuffle(bytes, size, out);
        return out;
      }
      case 3:
        return withoutFletcher(bytes);
      case 32000:
        return unpackLzf(bytes, limit);
      case 32001:
        return await (await import('../../images/ome-zarr/blosc.ts')).bloscDecode(bytes, limit);
      case 32004:
        return unpackLz4(bytes, limit);
      case 32015:
        return await (await import('../../images/ome-zarr/zstd.ts')).zstd().decompress(bytes, limit);
      default:
        break;
    }
  } catch (cause) {
    if (cause instanceof Hdf5Fault) throw cause;
    const why = cause instanceof InflateError || cause instanceof Error ? cause.message : 'it is damaged';
    throw new Hdf5Fault('damaged', `a chunk packed with ${filterName(step)} cannot be unpacked: ${why}`, undefined, {
      cause,
    });
  }
  throw new Hdf5Fault('unsupported', `chunks are packed with ${filterName(step)}, which is not read here`);
}

/** Checks and takes off the sum of Fletcher behind a chunk. Source: H5checksum.c (big-endian words of 16 bits). */
function withoutFletcher(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - 4;
  if (length < 0) throw new Hdf5Fault('damaged', 'a chunk is shorter than its check sum');
  let low = 0;
  let high = 0;
  const words = length >> 1;
  for (let n = 0; n < words; ) {
    // Up to 360 words fit before the sums must be folded.
    for (const stop = Math.min(words, n + 360); n < stop; n++) {
      low += (bytes[2 * n]! << 8) | bytes[2 * n + 1]!;
      high += low;
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  if (length % 2 === 1) {
    low += bytes[length - 1]! << 8;
    high += low;
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  }
  low = (low & 0xffff) + (low >>> 16);
  high = (high & 0xffff) + (high >>> 16);
  const sum = ((high << 16) | low) >>> 0;
  const stated = new DataView(bytes.buffer, bytes.byteOffset + length, 4).getUint32(0, true);
  // Files written by version 1.6.2 and before have the bytes of each half swapped.
  const old = (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;
  if (stated !== sum && stated !== old) throw new Hdf5Fault('damaged', 'a chunk does not agree with its check sum');
  return bytes.subarray(0, length);
}
