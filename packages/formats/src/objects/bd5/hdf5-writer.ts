import { type Hdf5Column, columnOffsets, recordBytes, typeMessage } from './hdf5-types.ts';

/** A table of rows with named columns (a one-dimensional compound dataset). */
export interface Hdf5TableNode {
  columns: readonly Hdf5Column[];
  rows: number;
  /** Bytes of a record, where it has room behind its columns. */
  recordBytes?: number;
  /** Gives the rows as packed records, in order, in pieces of any size. Called once. */
  records(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A group with its members. */
export interface Hdf5GroupNode {
  members: ReadonlyMap<string, Hdf5GroupNode | Hdf5TableNode>;
}

/** Symbols in one leaf of a group are at most twice this; children of a tree node twice the other (library defaults). */
const leafK = 4;
const treeK = 16;
const leafBytes = 8 + 2 * leafK * 40;
const treeBytes = 24 + 2 * treeK * 8 + (2 * treeK + 1) * 8;
const groupHeaderBytes = 16 + 8 + 16;
const undefinedAddress = undefined;

interface Placed {
  at: number;
  table?: { node: Hdf5TableNode; header: Uint8Array; data: number };
  group?: PlacedGroup;
}

interface PlacedGroup {
  heap: Uint8Array;
  /** Members in byte order of their names, with the heap offset of the name. */
  members: { nameAt: number; placed: Placed }[];
  /** Addresses of the tree nodes level by level (leaves of the tree first), and of the symbol leaves. */
  levels: number[][];
  leaves: number[];
}

/**
 * Writes an HDF5 file in order, without going back: superblock 0, symbol-table groups, contiguous tables, so that
 * the oldest readers open it. Everything is placed before the first byte is written; memory is the list of groups and
 * tables, not the rows. Layout: HDF5 File Format Specification 3.0.
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

  place(node: Hdf5GroupNode | Hdf5TableNode): Placed {
    return 'members' in node ? this.placeGroup(node) : this.placeTable(node);
  }

  private take(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / 8) * 8;
    return at;
  }

  private placeTable(node: Hdf5TableNode): Placed {
    const size = sizeOf(node) * node.rows;
    let length = this.headerBytes.get(node.columns);
    if (length === undefined) this.headerBytes.set(node.columns, (length = tableHeader(node, 0).length));
    const at = this.take(length);
    const data = this.take(size);
    return { at, table: { node, header: tableHeader(node, data), data } };
  }

  private placeGroup(node: Hdf5GroupNode): Placed {
    const at = this.take(groupHeaderBytes);
    const names = [...node.members.keys()].map((name) => ({ name, bytes: new TextEncoder().encode(name) }));
    names.sort((a, b) => compareBytes(a.bytes, b.bytes));
    const heapBytes = names.reduce((sum, { bytes }) => sum + heapRoom(bytes), 8);
    const heap = new Uint8Array(heapBytes);
    const leaves = Array.from({ length: Math.max(1, Math.ceil(names.length / (2 * leafK))) }, () => 0);
    this.take(32 + heapBytes);
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
    return { at, group: { heap, members, levels, leaves } };
  }
}

function heapRoom(name: Uint8Array): number {
  return Math.ceil((name.length + 1) / 8) * 8;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Bytes of a structure, written field by field. */
class Fields {
  private bytes = new Uint8Array(640);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  private room(count: number): number {
    const at = this.used;
    this.used += count;
    if (this.used > this.bytes.length) {
      const larger = new Uint8Array(this.used * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(...values: number[]): this {
    return this.put(values);
  }

  put(bytes: ArrayLike<number>): this {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
    return this;
  }

  /** A length or address below 2^53; `undefined` is the address of what is not there. */
  u64(value: number | undefined): this {
    if (value === undefined) return this.u32(0xffff_ffff).u32(0xffff_ffff);
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }

  text(value: string): this {
    return this.put(new TextEncoder().encode(value));
  }

  /** NULs up to a multiple of eight, or to a given length. */
  pad(length = Math.ceil(this.used / 8) * 8): this {
    this.room(Math.max(0, length - this.used));
    return this;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.used);
  }
}

/** Where a group's tree and heap lie: both follow its header. */
function groupAddresses(placed: Placed): { tree: number; heap: number } {
  return { tree: placed.group!.levels.at(-1)![0]!, heap: placed.at + groupHeaderBytes };
}

function symbolEntry(fields: Fields, nameAt: number, placed: Placed): Fields {
  fields.u64(nameAt).u64(placed.at);
  if (!placed.group) return fields.u32(0).u32(0).u64(0).u64(0);
  const { tree, heap } = groupAddresses(placed);
  return fields.u32(1).u32(0).u64(tree).u64(heap);
}

function superblock(root: Placed, end: number): Uint8Array {
  const fields = new Fields().u8(0x89).text('HDF\r\n').u8(0x1a, 0x0a).u8(0, 0, 0, 0, 0, 8, 8, 0);
  fields.u16(leafK).u16(treeK).u32(0).u64(0).u64(undefinedAddress).u64(end).u64(undefinedAddress);
  return symbolEntry(fields, 0, root).done();
}

function message(type: number, content: Uint8Array): Fields {
  const padded = new Fields()
    .u8(...content)
    .pad()
    .done();
  return new Fields()
    .u16(type)
    .u16(padded.length)
    .u8(0, 0, 0, 0)
    .u8(...padded);
}

function objectHeader(messages: readonly Fields[]): Uint8Array {
  const body = messages.map((one) => one.done());
  const length = body.reduce((sum, one) => sum + one.length, 0);
  const fields = new Fields().u8(1, 0).u16(messages.length).u32(1).u32(length).u32(0);
  for (const one of body) fields.put(one);
  return fields.done();
}

function sizeOf({ columns, recordBytes: size }: Hdf5TableNode): number {
  return size ?? recordBytes(columns);
}

function tableHeader(node: Hdf5TableNode, data: number): Uint8Array {
  const { columns, rows } = node;
  const bytes = sizeOf(node) * rows;
  return objectHeader([
    message(0x01, new Fields().u8(1, 1, 0, 0, 0, 0, 0, 0).u64(rows).done()),
    message(0x03, compoundType(columns, sizeOf(node))),
    // Fill value: allocated late, written if set, the default.
    message(0x05, new Fields().u8(2, 2, 2, 1).u32(0).done()),
    message(
      0x08,
      new Fields()
        .u8(3, 1)
        .u64(bytes === 0 ? undefinedAddress : data)
        .u64(bytes)
        .done(),
    ),
  ]);
}

function compoundType(columns: readonly Hdf5Column[], size: number): Uint8Array {
  const fields = new Fields().u8(0x16).u16(columns.length).u8(0).u32(size);
  const offsets = columnOffsets(columns);
  for (const [i, { name, type }] of columns.entries()) {
    fields.put(new Fields().text(name).u8(0).pad().done()).u32(offsets[i]!);
    // Not an array: no dimensions, no permutation, four unused sizes.
    fields.u32(0).u32(0).u32(0).u64(0).u64(0).put(typeMessage(type));
  }
  return fields.done();
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
  if (placed.table) {
    await out.put(placed.table.header);
    for await (const piece of placed.table.node.records()) await out.put(piece);
    await out.align();
    return;
  }
  const group = placed.group!;
  const { tree, heap } = groupAddresses(placed);
  await out.put(objectHeader([message(0x11, new Fields().u64(tree).u64(heap).done())]));
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
