import type { Probe, Recognition } from '../recognition/descriptor.ts';

/** Most entries of a directory that recognition looks at; real ones have fewer than 60. */
const mostEntries = 1024;

/** Tags of the first directory of a TIFF, and whether no other follows. */
async function firstDirectory(
  probe: Probe,
): Promise<{ tags: Map<number, { count: number }>; isOnly: boolean } | undefined> {
  const { head, source } = probe;
  const order = String.fromCharCode(head[0] ?? 0, head[1] ?? 0);
  if ((order !== 'II' && order !== 'MM') || head.length < 16) return undefined;
  const little = order === 'II';
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint16(2, little);
  if (magic !== 42 && magic !== 43) return undefined;
  const big = magic === 43;
  const offset = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  if (!Number.isSafeInteger(offset) || offset < 8 || offset >= source.size) return undefined;
  const entrySize = big ? 20 : 12;
  const countSize = big ? 8 : 2;
  const bytes = await source.read(offset, countSize + mostEntries * entrySize);
  if (bytes.length < countSize) return undefined;
  const directory = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = big ? Number(directory.getBigUint64(0, little)) : directory.getUint16(0, little);
  const tags = new Map<number, { count: number }>();
  for (let i = 0; i < Math.min(entries, mostEntries); i++) {
    const at = countSize + i * entrySize;
    if (at + entrySize > bytes.length) break;
    const count = big ? Number(directory.getBigUint64(at + 4, little)) : directory.getUint32(at + 4, little);
    tags.set(directory.getUint16(at, little), { count });
  }
  const end = countSize + entries * entrySize;
  const next = big ? [0, 4] : [0];
  const isOnly = end + (big ? 8 : 4) <= bytes.length && next.every((at) => directory.getUint32(end + at, little) === 0);
  return { tags, isOnly };
}

/** TIFFs of other makers, known by their private tags; an OME or ImageJ description outranks Micro-Manager's tags. */
export function recogniseTiffKind(
  kind: 'stk' | 'lsm' | 'micro-manager',
): (probe: Probe) => Promise<Recognition | undefined> {
  return async (probe) => {
    const first = await firstDirectory(probe);
    if (!first) return undefined;
    const { tags, isOnly } = first;
    if (kind === 'lsm') return tags.has(34412) ? { score: 1, reason: 'TIFF tag 34412' } : undefined;
    if (kind === 'stk') {
      if (!tags.has(33628) || tags.has(34412)) return undefined;
      if (tags.has(33629)) return { score: 1, reason: 'TIFF tags 33628 and 33629' };
      return isOnly ? { score: 1, reason: 'TIFF tag 33628 and a single page' } : undefined;
    }
    return tags.has(51123) ? { score: 0.85, reason: 'TIFF tag 51123 of Micro-Manager' } : undefined;
  };
}
