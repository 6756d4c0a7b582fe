import { BTreeTwo } from './b-tree-two.ts';
import { Cursor } from './cursor.ts';
import type { ChunkIndexKind } from './dataset-messages.ts';
import { ExtensibleArray } from './extensible-array.ts';
import { Hdf5Fault } from './fault.ts';
import { FixedArray } from './fixed-array.ts';
import type { AddressSpace } from './space.ts';
import { type StoredChunk, chunkElement } from './stored-chunk.ts';

/** Finds chunks by their place in the grid of chunks. */
export interface ChunkIndex {
  /** `undefined` where the chunk was never written. `place`: number of the chunk along each axis. */
  find(place: readonly number[]): Promise<StoredChunk | undefined>;
}

/** What an index must know of its dataset. */
export interface ChunkGrid {
  /** Lengths of the dataset, and those it may grow to. */
  shape: readonly number[];
  maxShape: readonly number[];
  chunk: readonly number[];
  /** Bytes of a chunk before any filter. */
  chunkBytes: number;
  /** Bytes of one value. */
  valueBytes: number;
}

/** Opens the index of a chunked dataset that has an address. */
export async function openChunkIndex(
  space: AddressSpace,
  address: number,
  index: ChunkIndexKind,
  grid: ChunkGrid,
): Promise<ChunkIndex> {
  const plain = (at: number): StoredChunk => ({ address: at, size: grid.chunkBytes, filterMask: 0 });
  switch (index.kind) {
    case 'b-tree-1':
      return new ChunkTree(space, address, grid);
    case 'single': {
      const only = { ...plain(address), size: index.size ?? grid.chunkBytes, filterMask: index.filterMask };
      return { find: async (place) => (place.every((n) => n === 0) ? only : undefined) };
    }
    case 'implicit': {
      const numberOf = chunkNumbers(grid);
      return { find: async (place) => plain(address + numberOf(place) * grid.chunkBytes) };
    }
    case 'fixed-array': {
      const array = await FixedArray.open(space, address, grid.chunkBytes);
      const numberOf = chunkNumbers(grid);
      return { find: (place) => array.element(numberOf(place)) };
    }
    case 'extensible-array': {
      const array = await ExtensibleArray.open(space, address, grid.chunkBytes);
      const numberOf = chunkNumbers(grid);
      return { find: (place) => array.element(numberOf(place)) };
    }
    case 'b-tree-2':
      return treeTwo(space, address, grid);
  }
}

/**
 * Numbers chunks row by row over the largest extent of the dataset; the one axis without limit counts slowest, as the
 * library does it (H5Dearray.c).
 */
function chunkNumbers({ maxShape, chunk }: ChunkGrid): (place: readonly number[]) => number {
  const open = maxShape.indexOf(Infinity);
  const order = chunk.map((_, axis) => axis);
  if (open > 0) order.unshift(...order.splice(open, 1));
  const counts = chunk.map((length, axis) => Math.ceil(maxShape[axis]! / length));
  return (place) => order.reduce((number, axis, n) => (n === 0 ? 0 : number * counts[axis]!) + place[axis]!, 0);
}

async function treeTwo(space: AddressSpace, address: number, grid: ChunkGrid): Promise<ChunkIndex> {
  const tree = await BTreeTwo.open(space, address);
  const rank = grid.chunk.length;
  const isFiltered = tree.type === 11;
  const sizeBytes = tree.recordBytes - space.addressBytes - 4 - 8 * rank;
  const expected = space.addressBytes + 8 * rank;
  if (isFiltered ? sizeBytes < 1 || sizeBytes > 8 : tree.type !== 10 || tree.recordBytes !== expected)
    throw new Hdf5Fault('damaged', 'the index of the chunks has records of the wrong kind');
  const scaledAt = tree.recordBytes - 8 * rank;
  return {
    async find(place) {
      const record = await tree.find((candidate) => {
        const cursor = new Cursor(candidate, 'a record of chunks', scaledAt);
        for (const wanted of place) {
          const order = wanted - cursor.uint(8);
          if (order !== 0) return order;
        }
        return 0;
      });
      if (!record) return undefined;
      const cursor = new Cursor(record, 'a record of chunks');
      return isFiltered
        ? chunkElement(cursor, space, space.addressBytes + sizeBytes + 4, true, grid.chunkBytes)
        : chunkElement(cursor, space, space.addressBytes, false, grid.chunkBytes);
    },
  };
}

interface TreeNode {
  level: number;
  /** Offsets of the first value of each child's first chunk, one row for each child. */
  keys: Float64Array;
  children: StoredChunk[];
}

const keptNodes = 256;

/** Chunks by a B-tree of version 1. Source: HDF5 File Format Specification 3.0, III.A.1. */
class ChunkTree implements ChunkIndex {
  private readonly space: AddressSpace;
  private readonly root: number;
  private readonly grid: ChunkGrid;
  private readonly nodes = new Map<number, Promise<TreeNode>>();

  constructor(space: AddressSpace, root: number, grid: ChunkGrid) {
    this.space = space;
    this.root = root;
    this.grid = grid;
  }

  async find(place: readonly number[]): Promise<StoredChunk | undefined> {
    const wanted = place.map((n, axis) => n * this.grid.chunk[axis]!);
    let address = this.root;
    for (let above = Infinity; ; ) {
      const node = await this.node(address);
      // Levels count down to the leaves, so a tree that loops ends.
      if (node.level >= above) throw new Hdf5Fault('damaged', 'the index of the chunks refers back to itself');
      above = node.level;
      const at = lastNotAfter(node, wanted);
      const child = node.children[at];
      if (!child) return undefined;
      if (node.level > 0) {
        address = child.address;
        continue;
      }
      return wanted.every((offset, axis) => node.keys[at * wanted.length + axis] === offset) ? child : undefined;
    }
  }

  private node(address: number): Promise<TreeNode> {
    let node = this.nodes.get(address);
    if (node) this.nodes.delete(address);
    else node = this.read(address);
    this.nodes.set(address, node);
    if (this.nodes.size > keptNodes) this.nodes.delete(this.nodes.keys().next().value!);
    return node;
  }

  private async read(address: number): Promise<TreeNode> {
    const { space, grid } = this;
    const what = 'the index of the chunks of a dataset';
    const head = await space.cursor(address, 8, what);
    head.signature('TREE');
    if (head.u8() !== 1) throw new Hdf5Fault('damaged', `${what} is of another kind`, space.base + address);
    const level = head.u8();
    const count = head.u16();
    const rank = grid.chunk.length;
    const keyBytes = 8 + 8 * (rank + 1);
    const links = 2 * space.addressBytes;
    const cursor = await space.cursor(address + 8, links + count * (keyBytes + space.addressBytes), what);
    cursor.skip(links);
    const keys = new Float64Array(count * rank);
    const children: StoredChunk[] = [];
    for (let n = 0; n < count; n++) {
      const size = cursor.u32();
      const filterMask = cursor.u32();
      for (let axis = 0; axis < rank; axis++) keys[n * rank + axis] = cursor.uint(8);
      cursor.skip(8);
      const child = cursor.address(space.addressBytes);
      if (child === undefined) throw new Hdf5Fault('damaged', `${what} lacks a child`, space.base + address);
      children.push({ address: child, size, filterMask });
    }
    return { level, keys, children };
  }
}

/** The last child that begins at or before the place sought; -1 where all begin after it. */
function lastNotAfter({ keys, children }: TreeNode, wanted: readonly number[]): number {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    let order = 0;
    for (let axis = 0; axis < wanted.length && order === 0; axis++)
      order = wanted[axis]! - keys[middle * wanted.length + axis]!;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}
