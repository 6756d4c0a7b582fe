import type { ByteSource } from '../../bytes/byte-source.ts';

/** Most names listed of one group; enough to recognise a format. */
const maxNames = 4096;

/**
 * Names directly below the groups of an old-style HDF5 file (superblock 0 or 1, symbol tables), read by ranges of a
 * few kilobytes without the HDF5 library. Layout: HDF5 File Format Specification 3.0, parts II.A, III.A, III.B, III.D.
 * @param path group names from the root, such as `['data']`; empty for the root
 * @returns `undefined` where the file is not of that style or the group is not there
 */
export async function listOldGroup(source: ByteSource, path: readonly string[] = []): Promise<string[] | undefined> {
  const head = await source.read(0, 104);
  if (head.length < 96 || head[8]! > 1 || head[13] !== 8 || head[14] !== 8) return undefined;
  const root = head[8] === 1 ? 60 : 56;
  let at = symbolAt(new DataView(head.buffer, head.byteOffset, head.byteLength), root);
  for (let depth = 0; ; depth++) {
    const group = at && (await groupOf(source, at));
    if (!group) return undefined;
    const entries = await listEntries(source, group);
    if (!entries) return undefined;
    if (depth === path.length) return entries.map(({ name }) => name);
    at = entries.find(({ name }) => name === path[depth])?.symbol;
  }
}

interface GroupSymbol {
  nameOffset: number;
  header: number;
  /** Addresses of the group's B-tree and heap, where the entry caches them. */
  cached: { tree: number; heap: number } | undefined;
}

function address(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

function symbolAt(view: DataView, at: number): GroupSymbol | undefined {
  if (at + 40 > view.byteLength) return undefined;
  const cached = view.getUint32(at + 16, true) === 1;
  return {
    nameOffset: address(view, at),
    header: address(view, at + 8),
    cached: cached ? { tree: address(view, at + 24), heap: address(view, at + 32) } : undefined,
  };
}

async function groupOf(source: ByteSource, symbol: GroupSymbol): Promise<{ tree: number; heap: number } | undefined> {
  if (symbol.cached) return symbol.cached;
  // Version 1 object header: look for the symbol table message in its first block.
  const view = await viewOf(source, symbol.header, 512);
  if (!view || view.byteLength < 16 || view.getUint8(0) !== 1) return undefined;
  for (let at = 16; at + 24 <= view.byteLength; at += 8 + view.getUint16(at + 2, true))
    if (view.getUint16(at, true) === 0x11) return { tree: address(view, at + 8), heap: address(view, at + 16) };
  return undefined;
}

async function viewOf(source: ByteSource, at: number, length: number): Promise<DataView | undefined> {
  if (at >= source.size) return undefined;
  const bytes = await source.read(at, length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function signature(view: DataView, text: string): boolean {
  return view.byteLength >= 24 && [...text].every((c, i) => view.getUint8(i) === c.charCodeAt(0));
}

async function listEntries(
  source: ByteSource,
  group: { tree: number; heap: number },
): Promise<{ name: string; symbol: GroupSymbol }[] | undefined> {
  const heap = await viewOf(source, group.heap, 32);
  if (!heap || !signature(heap, 'HEAP') || heap.byteLength < 32) return undefined;
  const names = await source.read(address(heap, 24), Math.min(address(heap, 8), 1 << 20));
  const found: { name: string; symbol: GroupSymbol }[] = [];
  // Breadth first; a node is visited once, so trees that loop end.
  const seen = new Set<number>();
  const queue = [group.tree];
  while (queue.length > 0 && found.length < maxNames && seen.size < maxNames) {
    const at = queue.shift()!;
    if (seen.has(at)) continue;
    seen.add(at);
    const node = await viewOf(source, at, 4096);
    if (!node) continue;
    if (signature(node, 'TREE'))
      for (let i = 0; i < node.getUint16(6, true) && 32 + i * 16 + 8 <= node.byteLength; i++)
        queue.push(address(node, 32 + i * 16));
    else if (signature(node, 'SNOD'))
      for (let i = 0; i < node.getUint16(6, true); i++) {
        const symbol = symbolAt(node, 8 + i * 40);
        if (symbol) found.push({ name: nameAt(names, symbol.nameOffset), symbol });
      }
  }
  return found;
}

function nameAt(heap: Uint8Array, at: number): string {
  const end = heap.indexOf(0, at);
  return new TextDecoder().decode(heap.subarray(at, end < 0 ? undefined : end));
}
