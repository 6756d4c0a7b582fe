import type { Cursor } from './cursor.ts';
import type { AddressSpace } from './space.ts';

/** Where a chunk lies. */
export interface StoredChunk {
  address: number;
  /** Bytes as stored. */
  size: number;
  /** A set bit n: filter n of the pipeline was left out. */
  filterMask: number;
}

/** An element of a fixed or extensible array: the address, and where filters are the stored size and mask. */
export function chunkElement(
  cursor: Cursor,
  { addressBytes }: AddressSpace,
  elementBytes: number,
  isFiltered: boolean,
  chunkBytes: number,
): StoredChunk | undefined {
  const address = cursor.address(addressBytes);
  const size = isFiltered ? cursor.uint(elementBytes - addressBytes - 4) : chunkBytes;
  const filterMask = isFiltered ? cursor.u32() : 0;
  return address === undefined ? undefined : { address, size, filterMask };
}
