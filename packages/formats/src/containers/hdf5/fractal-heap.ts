import { BTreeTwo } from './b-tree-two.ts';
import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import { heapIdWidths } from './heaps.ts';
import type { AddressSpace } from './space.ts';

const mostObjectBytes = 64 << 20;
const keptBlocks = 128;

/**
 * A fractal heap: the links of large groups, many or large attributes. Blocks are read when an object in them is
 * asked for. Source: HDF5 File Format Specification 3.0, III.G.
 */
export class FractalHeap {
  private readonly space: AddressSpace;
  private readonly idBytes: number;
  private readonly width: number;
  private readonly startBytes: number;
  private readonly directRows: number;
  private readonly rootRows: number;
  private readonly root: number | undefined;
  private readonly hugeTree: number | undefined;
  private readonly widths: { offset: number; length: number };
  private readonly indirect = new Map<number, Promise<(number | undefined)[]>>();

  private constructor(space: AddressSpace, cursor: Cursor) {
    this.space = space;
    const { addressBytes, lengthBytes } = space;
    cursor.signature('FRHP').version(0);
    this.idBytes = cursor.u16();
    const filterBytes = cursor.u16();
    cursor.skip(1);
    const maxManaged = cursor.u32();
    cursor.skip(lengthBytes);
    this.hugeTree = cursor.address(addressBytes);
    cursor.skip(lengthBytes + addressBytes + 8 * lengthBytes);
    this.width = cursor.u16();
    this.startBytes = cursor.uint(lengthBytes);
    const maxDirect = cursor.uint(lengthBytes);
    const maxBits = cursor.u16();
    cursor.skip(2);
    this.root = cursor.address(addressBytes);
    this.rootRows = cursor.u16();
    if (filterBytes > 0) throw new Hdf5Fault('unsupported', 'a fractal heap is packed by a filter');
    const powers = [this.width, this.startBytes, maxDirect].every((n) => n > 0 && Number.isInteger(Math.log2(n)));
    if (!powers || maxBits > 64 || maxDirect < this.startBytes || this.rootRows > 64)
      throw new Hdf5Fault('damaged', 'the table of a fractal heap makes no sense');
    this.widths = heapIdWidths(maxBits, maxDirect, maxManaged);
    this.directRows = Math.log2(maxDirect) - Math.log2(this.startBytes) + 2;
  }

  static async open(space: AddressSpace, address: number): Promise<FractalHeap> {
    const length = 26 + 3 * space.addressBytes + 12 * space.lengthBytes;
    const what = 'the header of a fractal heap';
    const head = await space.cursor(address, length - 4, what);
    // A header with filters is longer; it is refused before its check sum would be looked for in the wrong place.
    if (new DataView(head.bytes.buffer, head.bytes.byteOffset).getUint16(7, true) > 0)
      throw new Hdf5Fault('unsupported', 'a fractal heap is packed by a filter');
    return new FractalHeap(space, await space.checked(address, length, what));
  }

  /** Bytes of an object by its id. */
  async object(id: Uint8Array): Promise<Uint8Array> {
    const cursor = new Cursor(id.subarray(0, this.idBytes), 'the id of an object in a fractal heap');
    const first = cursor.u8();
    const kind = (first >> 4) & 3;
    if (first >> 6 !== 0) throw new Hdf5Fault('unsupported', 'a fractal heap has ids of another version');
    if (kind === 0) {
      const offset = cursor.uint(this.widths.offset);
      return this.managed(offset, cursor.uint(this.widths.length));
    }
    if (kind === 1) return this.huge(cursor);
    if (kind === 2) {
      const isLong = this.idBytes - 1 > 16;
      const length = (isLong ? (first & 15) * 256 + cursor.u8() : first & 15) + 1;
      return cursor.take(length);
    }
    throw new Hdf5Fault('damaged', 'a fractal heap has an id of no known kind');
  }

  private async managed(offset: number, length: number): Promise<Uint8Array> {
    if (this.root === undefined || length > mostObjectBytes)
      throw new Hdf5Fault('damaged', `a fractal heap has no object of ${length} bytes at ${offset}`);
    const block = this.rootRows === 0 ? { address: this.root, inside: offset } : await this.direct(offset);
    return this.space.metadata(block.address + block.inside, length, 'an object of a fractal heap');
  }

  /** The direct block that holds an offset. */
  private async direct(offset: number): Promise<{ address: number; inside: number }> {
    let rows = this.rootRows;
    let address = this.root!;
    let inside = offset;
    // Each step goes to a block smaller than the one before, so the way ends.
    for (let depth = 0; depth < 64; depth++) {
      const { row, column, rest, blockBytes } = this.cell(inside);
      if (row >= rows) break;
      const next = (await this.children(address, rows))[row * this.width + column];
      if (next === undefined) break;
      if (row < this.directRows) return { address: next, inside: rest };
      address = next;
      inside = rest;
      rows = Math.log2(blockBytes) - Math.log2(this.startBytes * this.width) + 1;
    }
    throw new Hdf5Fault('damaged', `a fractal heap has no block at ${offset}`);
  }

  private cell(offset: number): { row: number; column: number; rest: number; blockBytes: number } {
    const first = this.startBytes * this.width;
    const row = offset < first ? 0 : Math.floor(Math.log2(offset / first)) + 1;
    const blockBytes = this.startBytes * 2 ** Math.max(0, row - 1);
    const inRow = row === 0 ? offset : offset - first * 2 ** (row - 1);
    return { row, column: Math.floor(inRow / blockBytes), rest: inRow % blockBytes, blockBytes };
  }

  private children(address: number, rows: number): Promise<(number | undefined)[]> {
    let found = this.indirect.get(address);
    if (!found) {
      found = this.readIndirect(address, rows);
      this.indirect.set(address, found);
      if (this.indirect.size > keptBlocks) this.indirect.delete(this.indirect.keys().next().value!);
    }
    return found;
  }

  private async readIndirect(address: number, rows: number): Promise<(number | undefined)[]> {
    const { addressBytes } = this.space;
    const head = 5 + addressBytes + this.widths.offset;
    const count = rows * this.width;
    const cursor = await this.space.checked(address, head + count * addressBytes + 4, 'a block of a fractal heap');
    cursor.signature('FHIB').version(0);
    cursor.skip(addressBytes + this.widths.offset);
    return Array.from({ length: count }, () => cursor.address(addressBytes));
  }

  private async huge(cursor: Cursor): Promise<Uint8Array> {
    const { addressBytes, lengthBytes } = this.space;
    const what = 'a large object of a fractal heap';
    let place = cursor;
    if (addressBytes + lengthBytes > this.idBytes - 1) {
      if (this.hugeTree === undefined) throw new Hdf5Fault('damaged', `${what} is listed nowhere`);
      const number = cursor.uint(Math.min(lengthBytes, cursor.left));
      const tree = await BTreeTwo.open(this.space, this.hugeTree);
      const numberOf = (record: Uint8Array): number =>
        new Cursor(record, what, addressBytes + lengthBytes).uint(lengthBytes);
      const record = await tree.find((candidate) => number - numberOf(candidate));
      if (!record) throw new Hdf5Fault('damaged', `${what} is not in the list of them`);
      place = new Cursor(record, what);
    }
    const address = place.address(addressBytes);
    const length = place.uint(lengthBytes);
    if (address === undefined || length > mostObjectBytes) throw new Hdf5Fault('damaged', `${what} has no place`);
    return this.space.data(address, length, what);
  }
}
