import {
  Fields,
  type Hdf5ArrayNode,
  type Hdf5GroupNode,
  type Hdf5Node,
  type Hdf5TableNode,
  bytesOf,
  datasetHeader,
  groupHeader,
  undefinedAddress,
} from './written-headers.ts';
import { type Hdf5Column, type NumberKind, columnBytes, putNumber } from './written-types.ts';

export type { Hdf5ArrayNode, Hdf5GroupNode, Hdf5Node, Hdf5TableNode } from './written-headers.ts';

/** Symbols in one leaf of a group are at most twice this; children of a tree node twice the other (library defaults). */
const leafK = 4;
const treeK = 16;
const leafBytes = 8 + 2 * leafK * 40;
const treeBytes = 24 + 2 * treeK * 8 + (2 * treeK + 1) * 8;

interface Placed {
  at: number;
  dataset?: { node: Hdf5TableNode | Hdf5ArrayNode; header: Uint8Array };
  group?: PlacedGroup;
}

interface PlacedGroup {
  node: Hdf5GroupNode;
  heapAt: number;
  heap: Uint8Array;
  /** Members in byte order of their names, with the heap offset of the name. */
  members: { nameAt: number; placed: Placed }[];
  /** Addresses of the tree nodes level by level (leaves of the tree first), and of the symbol leaves. */
  levels: number[][];
  leaves: number[];
}

/**
 * Writes an HDF5 file in order, without going back: superblock 0, symbol-table groups, contiguous tables and
 * arrays, so that the oldest readers open it. Everything is placed before the first byte is written; memory is the list of groups and
 * datasets, not the rows. Layout: HDF5 File Format Specification 3.0.
 */
export async function writeHdf5(root: Hdf5GroupNode, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const layout = new Layout();
  const placed = layout.place(root);
  const out = new Output(write);
  await out.put(superblock(placed, layout.end));
  await emit(placed, out);
  await out.flush();
}

class Layout {
  end = 96;
  /** Tables with the same columns have headers of the same length. */
  private readonly headerBytes = new Map<readonly Hdf5Column[], number>();

  place(node: Hdf5Node): Placed {
    return 'members' in node ? this.placeGroup(node) : this.placeDataset(node);
  }

  private take(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / 8) * 8;
    return at;
  }

  private placeDataset(node: Hdf5TableNode | Hdf5ArrayNode): Placed {
    const at = this.take(this.headerLength(node));
    const data = this.take(bytesOf(node));
    return { at, dataset: { node, header: datasetHeader(node, data) } };
  }

  private headerLength(node: Hdf5TableNode | Hdf5ArrayNode): number {
    if (!('columns' in node)) return datasetHeader(node, 0).length;
    let length = this.headerBytes.get(node.columns);
    if (length === undefined) this.headerBytes.set(node.columns, (length = datasetHeader(node, 0).length));
    return length;
  }

  private placeGroup(node: Hdf5GroupNode): Placed {
    const at = this.take(groupHeader(node, 0, 0).length);
    const names = [...node.members.keys()].map((name) => ({ name, bytes: new TextEncoder().encode(name) }));
    names.sort((a, b) => compareBytes(a.bytes, b.bytes));
    const heapBytes = names.reduce((sum, { bytes }) => sum + heapRoom(bytes), 8);
    const heap = new Uint8Array(heapBytes);
    const leaves = Array.from({ length: Math.max(1, Math.ceil(names.length / (2 * leafK))) }, () => 0);
    const heapAt = this.take(32 + heapBytes);
    const levels: number[][] = [];
    for (let children = leaves.length; ; children = levels.at(-1)!.length) {
      levels.push(Array.from({ length: Math.ceil(children / (2 * treeK)) }, () => this.take(treeBytes)));
      if (levels.at(-1)!.length === 1) break;
    }
    for (let i = 0; i < leaves.length; i++) leaves[i] = this.take(leafBytes);
    let nameAt = 8;
    const members = names.map(({ name, bytes }) => {
      heap.set(bytes, nameAt);
      const member = { nameAt, placed: this.place(node.members.get(name)!) };
      nameAt += heapRoom(bytes);
      return member;
    });
    return { at, group: { node, heapAt, heap, members, levels, leaves } };
  }
}

function heapRoom(name: Uint8Array): number {
  return Math.ceil((name.length + 1) / 8) * 8;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Where a group's tree and heap lie: both follow its header. */
function groupAddresses({ levels, heapAt }: PlacedGroup): { tree: number; heap: number } {
  return { tree: levels.at(-1)![0]!, heap: heapAt };
}

function symbolEntry(fields: Fields, nameAt: number, placed: Placed): Fields {
  fields.u64(nameAt).u64(placed.at);
  if (!placed.group) return fields.u32(0).u32(0).u64(0).u64(0);
  const { tree, heap } = groupAddresses(placed.group);
  return fields.u32(1).u32(0).u64(tree).u64(heap);
}

function superblock(root: Placed, end: number): Uint8Array {
  const fields = new Fields().u8(0x89).text('HDF\r\n').u8(0x1a, 0x0a).u8(0, 0, 0, 0, 0, 8, 8, 0);
  fields.u16(leafK).u16(treeK).u32(0).u64(0).u64(undefinedAddress).u64(end).u64(undefinedAddress);
  return symbolEntry(fields, 0, root).done();
}

/** Gathers small structures into larger writes. */
class Output {
  private readonly write: (bytes: Uint8Array) => Promise<void>;
  private readonly buffer = new Uint8Array(1 << 18);
  private used = 0;
  private position = 0;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.write = write;
  }

  async put(bytes: Uint8Array): Promise<void> {
    this.position += bytes.length;
    if (this.used + bytes.length > this.buffer.length) await this.flush();
    if (bytes.length > this.buffer.length) return this.write(bytes);
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** NULs up to the next multiple of eight. */
  async align(): Promise<void> {
    const rest = this.position % 8;
    if (rest > 0) await this.put(new Uint8Array(8 - rest));
  }

  async flush(): Promise<void> {
    if (this.used > 0) await this.write(this.buffer.slice(0, this.used));
    this.used = 0;
  }
}

async function emit(placed: Placed, out: Output): Promise<void> {
  if (placed.dataset) {
    await out.put(placed.dataset.header);
    for await (const piece of placed.dataset.node.records()) await out.put(piece);
    await out.align();
    return;
  }
  const group = placed.group!;
  const { tree, heap } = groupAddresses(group);
  await out.put(groupHeader(group.node, tree, heap));
  await out.put(
    new Fields()
      .text('HEAP')
      .u32(0)
      .u64(group.heap.length)
      .u64(1)
      .u64(heap + 32)
      .done(),
  );
  await out.put(group.heap);
  for (const node of treeNodes(group)) await out.put(node);
  for (let leaf = 0; leaf < group.leaves.length; leaf++) await out.put(symbolLeaf(group, leaf));
  for (const member of group.members) await emit(member.placed, out);
}

/** Nodes of a group's B-tree, the level above the leaves first. Keys are names: key i + 1 is the last one below child i. */
function* treeNodes(group: PlacedGroup): Generator<Uint8Array> {
  let children = group.leaves;
  let lastMember = group.leaves.map((_, leaf) => Math.min((leaf + 1) * 2 * leafK, group.members.length) - 1);
  for (const [level, nodes] of group.levels.entries()) {
    const span = 2 * treeK;
    for (let n = 0; n < nodes.length; n++) {
      const own = children.slice(n * span, (n + 1) * span);
      const fields = new Fields()
        .text('TREE')
        .u8(0, level)
        .u16(group.members.length === 0 ? 0 : own.length);
      fields.u64(nodes[n - 1] ?? undefinedAddress).u64(nodes[n + 1] ?? undefinedAddress);
      const keyBefore = n === 0 ? 0 : nameAt(group, lastMember[n * span - 1]!);
      fields.u64(keyBefore);
      for (const [i, child] of own.entries()) fields.u64(child).u64(nameAt(group, lastMember[n * span + i]!));
      yield fields.pad(treeBytes).done();
    }
    lastMember = nodes.map((_, n) => lastMember[Math.min((n + 1) * span, lastMember.length) - 1]!);
    children = nodes;
  }
}

function nameAt(group: PlacedGroup, member: number): number {
  return group.members[member]?.nameAt ?? 0;
}

function symbolLeaf(group: PlacedGroup, leaf: number): Uint8Array {
  const own = group.members.slice(leaf * 2 * leafK, (leaf + 1) * 2 * leafK);
  const fields = new Fields().text('SNOD').u8(1, 0).u16(own.length);
  for (const member of own) symbolEntry(fields, member.nameAt, member.placed);
  return fields.pad(leafBytes).done();
}

const pieceBytes = 1 << 18;

/**
 * An array of numbers with one axis or two, packed when it is asked for.
 * @param of the value at a place, counted through the array with the last axis fastest
 */
export function numberArray(
  kind: NumberKind,
  shape: readonly [number] | readonly [number, number],
  of: (place: number) => number,
): Hdf5ArrayNode {
  const width = columnBytes({ kind });
  const count = shape.reduce((product, length) => product * length, 1);
  const room = pieceBytes / width;
  return {
    shape,
    type: { kind },
    *records() {
      for (let first = 0; first < count; first += room) {
        const piece = new Uint8Array(Math.min(room, count - first) * width);
        const view = new DataView(piece.buffer);
        for (let at = 0; at < piece.length; at += width) putNumber(view, at, kind, of(first + at / width));
        yield piece;
      }
    },
  };
}
