import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import { bitAt } from './fixed-array.ts';
import type { AddressSpace } from './space.ts';
import { type StoredChunk, chunkElement } from './stored-chunk.ts';

const what = 'the index of the chunks';

/** A group of data blocks of one size. */
interface SuperBlock {
  blocks: number;
  /** Elements of each of its blocks. */
  elements: number;
  /** Elements and blocks before it. */
  firstElement: number;
  firstBlock: number;
}

/**
 * Chunks of a dataset with one axis without limit. Blocks double in size, so a place is found by arithmetic and at
 * most three reads. Source: HDF5 File Format Specification 3.0, VII.D, and H5EA of the library for the arithmetic.
 */
export class ExtensibleArray {
  private readonly space: AddressSpace;
  private readonly chunkBytes: number;
  private readonly isFiltered: boolean;
  private readonly elementBytes: number;
  private readonly offsetBytes: number;
  private readonly inIndex: number;
  private readonly leastElements: number;
  private readonly leastPointers: number;
  private readonly perPage: number;
  private readonly index: number | undefined;
  private readonly superBlocks: SuperBlock[] = [];

  private constructor(space: AddressSpace, cursor: Cursor, chunkBytes: number) {
    this.space = space;
    this.chunkBytes = chunkBytes;
    cursor.signature('EAHD').version(0);
    this.isFiltered = cursor.u8() === 1;
    this.elementBytes = cursor.u8();
    const maxBits = cursor.u8();
    this.inIndex = cursor.u8();
    this.leastElements = cursor.u8();
    this.leastPointers = cursor.u8();
    const pageBits = cursor.u8();
    cursor.skip(6 * space.lengthBytes);
    this.index = cursor.address(space.addressBytes);
    const powers = [this.leastElements, this.leastPointers].every((n) => n > 0 && Number.isInteger(Math.log2(n)));
    if (!powers || maxBits > 64 || pageBits > 31 || this.elementBytes < space.addressBytes + (this.isFiltered ? 5 : 0))
      throw new Hdf5Fault('damaged', `${what} has a table that makes no sense`);
    this.perPage = 2 ** pageBits;
    this.offsetBytes = Math.ceil(maxBits / 8);
    const count = 1 + maxBits - Math.log2(this.leastElements);
    for (let n = 0, firstElement = 0, firstBlock = 0; n < count; n++) {
      const blocks = 2 ** (n >> 1);
      const elements = 2 ** ((n + 1) >> 1) * this.leastElements;
      this.superBlocks.push({ blocks, elements, firstElement, firstBlock });
      firstElement += blocks * elements;
      firstBlock += blocks;
    }
  }

  static async open(space: AddressSpace, address: number, chunkBytes: number): Promise<ExtensibleArray> {
    const length = 16 + 6 * space.lengthBytes + space.addressBytes;
    return new ExtensibleArray(space, await space.checked(address, length, what), chunkBytes);
  }

  async element(number: number): Promise<StoredChunk | undefined> {
    const { space, elementBytes } = this;
    const bytes = this.index === undefined ? undefined : await this.bytesOf(this.index, number);
    if (!bytes) return undefined;
    return chunkElement(new Cursor(bytes, what), space, elementBytes, this.isFiltered, this.chunkBytes);
  }

  private async bytesOf(index: number, number: number): Promise<Uint8Array | undefined> {
    const { space, elementBytes, inIndex } = this;
    const { addressBytes } = space;
    const direct = 2 * (this.leastPointers - 1);
    const skippedSuper = 2 * Math.log2(this.leastPointers);
    const superCount = Math.max(0, this.superBlocks.length - skippedSuper);
    const head = 6 + addressBytes;
    const length = head + inIndex * elementBytes + (direct + superCount) * addressBytes + 4;
    const block = (await space.checked(index, length, what)).skip(head);
    if (number < inIndex) return block.bytes.subarray(block.at + number * elementBytes).subarray(0, elementBytes);
    const after = number - inIndex;
    const at = Math.floor(Math.log2(Math.floor(after / this.leastElements) + 1));
    const holder = this.superBlocks[at];
    if (!holder) return undefined;
    const inSuper = after - holder.firstElement;
    const inBlock = inSuper % holder.elements;
    const blockNumber = Math.floor(inSuper / holder.elements);
    block.skip(inIndex * elementBytes);
    if (at < skippedSuper) {
      const address = block.skip((holder.firstBlock + blockNumber) * addressBytes).address(addressBytes);
      return address === undefined ? undefined : this.fromBlock(address, holder, inBlock);
    }
    const address = block.skip((direct + at - skippedSuper) * addressBytes).address(addressBytes);
    return address === undefined ? undefined : this.fromSuper(address, holder, blockNumber, inBlock);
  }

  /** Through a super block, which also tells the pages that were written. */
  private async fromSuper(
    address: number,
    holder: SuperBlock,
    blockNumber: number,
    inBlock: number,
  ): Promise<Uint8Array | undefined> {
    const { addressBytes } = this.space;
    const pages = holder.elements > this.perPage ? holder.elements / this.perPage : 0;
    const bitmapBytes = holder.blocks * Math.ceil(pages / 8);
    const head = 6 + addressBytes + this.offsetBytes;
    const length = head + bitmapBytes + holder.blocks * addressBytes + 4;
    const block = (await this.space.checked(address, length, what)).signature('EASB').skip(head - 4);
    const bitmap = block.take(bitmapBytes);
    if (pages > 0 && !bitAt(bitmap, blockNumber * pages + Math.floor(inBlock / this.perPage))) return undefined;
    const data = block.skip(blockNumber * addressBytes).address(addressBytes);
    return data === undefined ? undefined : this.fromBlock(data, holder, inBlock);
  }

  private async fromBlock(address: number, holder: SuperBlock, inBlock: number): Promise<Uint8Array> {
    const { space, elementBytes, perPage } = this;
    const head = 6 + space.addressBytes + this.offsetBytes;
    if (holder.elements <= perPage) {
      const block = await space.checked(address, head + holder.elements * elementBytes + 4, what);
      return block
        .signature('EADB')
        .bytes.subarray(head + inBlock * elementBytes)
        .subarray(0, elementBytes);
    }
    const page = Math.floor(inBlock / perPage);
    const at = address + head + 4 + page * (perPage * elementBytes + 4) + (inBlock % perPage) * elementBytes;
    return space.metadata(at, elementBytes, what);
  }
}
