import { Cursor, bytesForLimit } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { AddressSpace } from './space.ts';

const keptCollections = 64;
const mostHeapBytes = 256 << 20;

/** Texts and lists of any length, which records refer to. Source: HDF5 File Format Specification 3.0, III.E. */
export class GlobalHeaps {
  private readonly space: AddressSpace;
  private readonly collections = new Map<number, Promise<Map<number, Uint8Array>>>();

  constructor(space: AddressSpace) {
    this.space = space;
  }

  /** Bytes of the object that stored values name by count, address and number; empty where they name none. */
  async object(reference: Uint8Array): Promise<{ count: number; bytes: Uint8Array }> {
    const cursor = new Cursor(reference, 'a reference into a global heap');
    const count = cursor.u32();
    const address = cursor.address(this.space.addressBytes);
    const number = cursor.u32();
    if (count === 0 || address === undefined || address === 0) return { count: 0, bytes: new Uint8Array(0) };
    const bytes = (await this.collection(address)).get(number);
    if (!bytes) throw new Hdf5Fault('damaged', `a global heap lacks its object ${number}`, this.space.base + address);
    return { count, bytes };
  }

  private collection(address: number): Promise<Map<number, Uint8Array>> {
    let objects = this.collections.get(address);
    if (objects) this.collections.delete(address);
    else objects = this.read(address);
    this.collections.set(address, objects);
    if (this.collections.size > keptCollections) this.collections.delete(this.collections.keys().next().value!);
    return objects;
  }

  private async read(address: number): Promise<Map<number, Uint8Array>> {
    const { space } = this;
    const what = 'a global heap';
    const head = await space.cursor(address, 8 + space.lengthBytes, what);
    head.signature('GCOL').version(1);
    const size = head.skip(3).uint(space.lengthBytes);
    if (size > mostHeapBytes) throw new Hdf5Fault('absurd', `${what} claims ${size} bytes`, space.base + address);
    const cursor = new Cursor(await space.data(address, size, what), what, head.at);
    const objects = new Map<number, Uint8Array>();
    while (cursor.left >= 8 + space.lengthBytes) {
      const number = cursor.u16();
      // Object 0 is the free space behind the last one.
      if (number === 0) break;
      cursor.skip(6);
      const length = cursor.uint(space.lengthBytes);
      objects.set(number, cursor.take(length));
      const padding = (8 - (length % 8)) % 8;
      cursor.skip(Math.min(padding, cursor.left));
    }
    return objects;
  }
}

/** Names of the members of an old-style group. Source: HDF5 File Format Specification 3.0, III.D. */
export async function localHeap(space: AddressSpace, address: number): Promise<Uint8Array> {
  const what = 'the names of a group';
  const cursor = await space.cursor(address, 8 + 2 * space.lengthBytes + space.addressBytes, what);
  cursor.signature('HEAP').version(0);
  const size = cursor.skip(3).uint(space.lengthBytes);
  cursor.skip(space.lengthBytes);
  const at = cursor.address(space.addressBytes);
  if (size > mostHeapBytes) throw new Hdf5Fault('absurd', `${what} claim ${size} bytes`, space.base + address);
  return at === undefined ? new Uint8Array(0) : space.data(at, size, what);
}

/** Bytes of the offset and the length in the ids of a fractal heap. */
export function heapIdWidths(
  maxBits: number,
  maxDirect: number,
  maxManaged: number,
): { offset: number; length: number } {
  return { offset: Math.ceil(maxBits / 8), length: Math.min(bytesForLimit(maxDirect), bytesForLimit(maxManaged)) };
}
