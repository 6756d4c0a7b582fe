import { BTreeTwo } from './b-tree-two.ts';
import { Cursor, utf8 } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import { FractalHeap } from './fractal-heap.ts';
import { localHeap } from './heaps.ts';
import { type Message, messageType } from './object-header.ts';
import type { AddressSpace } from './space.ts';

/** A name in a group and what it stands for. */
export interface Hdf5Link {
  name: string;
  target: /** `isGroup`: the list of links says so already; left out where only the object itself can tell. */
    | { kind: 'hard'; address: number; isGroup?: true }
    /** Another path of the same file. */
    | { kind: 'soft'; path: string }
    /** A path in another file, which is never opened. */
    | { kind: 'external'; file: string; path: string };
}

/** Links of one group at most; a group of this size takes a minute to list. */
const mostLinks = 1_000_000;
/** Bytes of a name or soft link. */
const longestName = 64 << 10;
/** Lists of some links each that are fetched at once: they lie all over the file. */
const listsAtOnce = 16;

/** All links of a group, old or new style; `undefined` where the header is that of no group. */
export async function readLinks(space: AddressSpace, messages: readonly Message[]): Promise<Hdf5Link[] | undefined> {
  const table = messages.find(({ type }) => type === messageType.symbolTable);
  if (table) return symbolTable(space, table.bytes);
  const info = messages.find(({ type }) => type === messageType.linkInfo);
  const inline = messages.filter(({ type }) => type === messageType.link);
  if (!info && inline.length === 0) return undefined;
  const links = inline.flatMap(({ bytes }) => parseLink(space, bytes) ?? []);
  if (info) for await (const link of denseLinks(space, info.bytes)) links.push(link);
  return links;
}

/** Links of a new-style group with many members. */
async function* denseLinks(space: AddressSpace, bytes: Uint8Array): AsyncGenerator<Hdf5Link> {
  const cursor = new Cursor(bytes, 'the list of links');
  cursor.version(0);
  const flags = cursor.u8();
  if (flags & 1) cursor.skip(8);
  const heapAt = cursor.address(space.addressBytes);
  const treeAt = cursor.address(space.addressBytes);
  if (heapAt === undefined || treeAt === undefined) return;
  const heap = await FractalHeap.open(space, heapAt);
  const tree = await BTreeTwo.open(space, treeAt);
  if (tree.type !== 5 || tree.total > mostLinks)
    throw new Hdf5Fault('damaged', `a group lists ${tree.total} links by a tree of type ${tree.type}`);
  let count = 0;
  for await (const record of tree.records()) {
    if (++count > tree.total) throw new Hdf5Fault('damaged', 'a group lists its links without end');
    const link = parseLink(space, await heap.object(record.subarray(4)));
    if (link) yield link;
  }
}

/** Reads a link message; `undefined` for user-defined kinds. Source: HDF5 File Format Specification 3.0, IV.A.2.g. */
function parseLink(space: AddressSpace, bytes: Uint8Array): Hdf5Link | undefined {
  const cursor = new Cursor(bytes, 'a link');
  cursor.version(1);
  const flags = cursor.u8();
  const kind = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.skip(8);
  if (flags & 16) cursor.skip(1);
  const name = utf8(cursor.take(cursor.uint(1 << (flags & 3))));
  if (kind === 0) {
    const address = cursor.address(space.addressBytes);
    return address === undefined ? undefined : { name, target: { kind: 'hard', address } };
  }
  const value = new Cursor(cursor.take(cursor.u16()), 'a link');
  if (kind === 1) return { name, target: { kind: 'soft', path: utf8(value.bytes) } };
  if (kind !== 64) return undefined;
  const file = value.skip(1).terminated();
  return { name, target: { kind: 'external', file, path: value.left > 0 ? value.terminated() : '/' } };
}

/** Links of an old-style group. Source: HDF5 File Format Specification 3.0, III.A.1, III.B, III.C. */
async function symbolTable(space: AddressSpace, bytes: Uint8Array): Promise<Hdf5Link[]> {
  const cursor = new Cursor(bytes, 'the symbol table of a group');
  const tree = cursor.address(space.addressBytes);
  const heapAt = cursor.address(space.addressBytes);
  if (tree === undefined || heapAt === undefined) return [];
  const heap = await localHeap(space, heapAt);
  const links: Hdf5Link[] = [];
  let waiting: Promise<Hdf5Link[]>[] = [];
  const take = async (): Promise<void> => {
    for (const some of await Promise.all(waiting)) links.push(...some);
    waiting = [];
    if (links.length > mostLinks) throw new Hdf5Fault('absurd', `a group has more than ${mostLinks} links`);
  };
  for await (const leaf of leaves(space, tree, Infinity, new Set())) {
    const symbols = readSymbols(space, leaf, heap);
    // Faults are met when the lists are taken; until then none may count as unhandled.
    symbols.catch(() => undefined);
    if (waiting.push(symbols) >= listsAtOnce) await take();
  }
  await take();
  return links;
}

async function* leaves(space: AddressSpace, address: number, above: number, seen: Set<number>): AsyncGenerator<number> {
  const what = 'the tree of a group';
  const head = await space.cursor(address, 8, what);
  head.signature('TREE');
  const kind = head.u8();
  const level = head.u8();
  const count = head.u16();
  if (kind !== 0 || level >= above || seen.has(address))
    throw new Hdf5Fault('damaged', `${what} refers back to itself or to another kind of tree`, space.base + address);
  seen.add(address);
  const skipped = 2 * space.addressBytes + space.lengthBytes;
  const each = space.addressBytes + space.lengthBytes;
  const cursor = await space.cursor(address + 8, skipped + count * each, what);
  cursor.skip(skipped);
  for (let n = 0; n < count; n++) {
    const child = cursor.address(space.addressBytes);
    cursor.skip(space.lengthBytes);
    if (child === undefined) throw new Hdf5Fault('damaged', `${what} lacks a child`, space.base + address);
    if (level > 0) yield* leaves(space, child, level, seen);
    else if (seen.has(child)) throw new Hdf5Fault('damaged', `${what} names a list twice`, space.base + address);
    else {
      seen.add(child);
      yield child;
    }
  }
}

async function readSymbols(space: AddressSpace, address: number, heap: Uint8Array): Promise<Hdf5Link[]> {
  const links: Hdf5Link[] = [];
  const what = 'a list of links';
  const head = await space.cursor(address, 8, what);
  head.signature('SNOD').version(1);
  const count = head.skip(1).u16();
  const cursor = await space.cursor(address + 8, count * (2 * space.addressBytes + 24), what);
  for (let n = 0; n < count; n++) {
    const nameAt = cursor.uint(space.addressBytes);
    const target = cursor.address(space.addressBytes);
    const cached = cursor.u32();
    cursor.skip(4);
    const softAt = cursor.u32();
    cursor.skip(12);
    const name = heapText(heap, nameAt);
    if (cached === 2) links.push({ name, target: { kind: 'soft', path: heapText(heap, softAt) } });
    else if (target !== undefined)
      links.push({ name, target: { kind: 'hard', address: target, ...(cached === 1 ? { isGroup: true } : {}) } });
  }
  return links;
}

function heapText(heap: Uint8Array, at: number): string {
  if (at >= heap.length) throw new Hdf5Fault('damaged', 'a link has a name outside the names of its group');
  // A heap without an end to its names must not be decoded whole for each of them.
  return utf8(heap.subarray(at, at + longestName));
}
