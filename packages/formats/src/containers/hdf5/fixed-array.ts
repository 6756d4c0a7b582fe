import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { AddressSpace } from './space.ts';
import { type StoredChunk, chunkElement } from './stored-chunk.ts';

/** Is the bit set, counted from the most significant one of the first byte? */
export function bitAt(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
}

/**
 * Chunks of a dataset whose axes all have a limit. Elements are read by the one or by the page they lie on.
 * Source: HDF5 File Format Specification 3.0, VII.C.
 */
export class FixedArray {
  private readonly space: AddressSpace;
  private readonly chunkBytes: number;
  private readonly isFiltered: boolean;
  private readonly elementBytes: number;
  private readonly pageBits: number;
  private readonly count: number;
  private readonly block: number | undefined;
  private whole: Promise<Uint8Array> | undefined;
  private bitmap: Promise<Uint8Array> | undefined;

  private constructor(space: AddressSpace, cursor: Cursor, chunkBytes: number) {
    this.space = space;
    this.chunkBytes = chunkBytes;
    cursor.signature('FAHD').version(0);
    this.isFiltered = cursor.u8() === 1;
    this.elementBytes = cursor.u8();
    this.pageBits = cursor.u8();
    this.count = cursor.uint(space.lengthBytes);
    this.block = cursor.address(space.addressBytes);
    if (this.elementBytes < space.addressBytes + (this.isFiltered ? 5 : 0) || this.pageBits > 31)
      throw new Hdf5Fault('damaged', 'the index of the chunks has elements of the wrong size');
  }

  static async open(space: AddressSpace, address: number, chunkBytes: number): Promise<FixedArray> {
    const length = 12 + space.addressBytes + space.lengthBytes;
    return new FixedArray(space, await space.checked(address, length, 'the index of the chunks'), chunkBytes);
  }

  async element(number: number): Promise<StoredChunk | undefined> {
    const { space, elementBytes } = this;
    if (this.block === undefined || !(number < this.count)) return undefined;
    const bytes = await this.bytesOf(this.block, number);
    if (!bytes) return undefined;
    const cursor = new Cursor(bytes, 'an entry of the index of the chunks');
    return chunkElement(cursor, space, elementBytes, this.isFiltered, this.chunkBytes);
  }

  private async bytesOf(block: number, number: number): Promise<Uint8Array | undefined> {
    const { space, count, elementBytes } = this;
    const what = 'the index of the chunks';
    const head = 6 + space.addressBytes;
    const perPage = 2 ** this.pageBits;
    if (count <= perPage) {
      this.whole ??= space.checked(block, head + count * elementBytes + 4, what).then(({ bytes }) => bytes);
      const at = head + number * elementBytes;
      return (await this.whole).subarray(at, at + elementBytes);
    }
    const pages = Math.ceil(count / perPage);
    const bitmapBytes = Math.ceil(pages / 8);
    this.bitmap ??= space.checked(block, head + bitmapBytes + 4, what).then(({ bytes }) => bytes.subarray(head));
    const page = Math.floor(number / perPage);
    if (!bitAt(await this.bitmap, page)) return undefined;
    const at = block + head + bitmapBytes + 4 + page * (perPage * elementBytes + 4);
    return space.metadata(at + (number % perPage) * elementBytes, elementBytes, what);
  }
}
