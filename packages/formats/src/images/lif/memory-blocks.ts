import type { ByteSource } from '../../bytes/byte-source.ts';

/** Where the bytes of a memory block lie. */
export interface MemoryBlock {
  offset: number;
  size: number;
}

const mostBlocks = 1_000_000;
const longestName = 4096;

/** The XML at the front of a LIF file and where it ends; `undefined` where the mark or the length is wrong. */
export async function readLifXml(source: ByteSource): Promise<{ xml: string; end: number } | undefined> {
  const head = await source.read(0, 13);
  if (head.length < 13) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getInt32(9, true) * 2;
  if (view.getInt32(0, true) !== 0x70 || head[8] !== 0x2a) return undefined;
  if (length <= 0 || length > 512 << 20 || 13 + length > source.size) return undefined;
  const xml = new TextDecoder('utf-16le').decode(await source.read(13, length));
  return { xml: xml.replace(/\0+$/, ''), end: 13 + length };
}

/**
 * Memory blocks by their id. Each says how long it is, so that the list is walked from block to block.
 * @param long sizes have 64 bits (version 2 of the format), else 32
 */
export async function findMemoryBlocks(
  source: ByteSource,
  from: number,
  long: boolean,
  signal?: AbortSignal,
): Promise<{ blocks: Map<string, MemoryBlock>; broken: number | undefined }> {
  const blocks = new Map<string, MemoryBlock>();
  let at = from;
  for (let n = 0; at < source.size; n++) {
    const head = await source.read(at, 32 + 2 * longestName, signal);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const nameAt = long ? 22 : 18;
    if (n >= mostBlocks || head.length < nameAt || view.getInt32(0, true) !== 0x70 || head[8] !== 0x2a)
      return { blocks, broken: at };
    const size = long ? Number(view.getBigUint64(9, true)) : view.getUint32(9, true);
    const characters = view.getInt32(nameAt - 4, true);
    const name = nameAt + 2 * characters;
    if (head[nameAt - 5] !== 0x2a || characters < 0 || name > head.length || !Number.isSafeInteger(size))
      return { blocks, broken: at };
    const id = new TextDecoder('utf-16le').decode(head.subarray(nameAt, name)).replace(/\0+$/, '');
    blocks.set(id, { offset: at + name, size });
    at += name + size;
  }
  return { blocks, broken: undefined };
}
