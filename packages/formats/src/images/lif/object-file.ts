import type { ByteSource } from '../../bytes/byte-source.ts';
import type { MemoryBlock } from './memory-blocks.ts';

/** The name that an object file (LOF) has in the place of the XML of a LIF. */
export const objectFileMark = 'LMS_Object_File';

/**
 * The memory and the XML of an object of a Leica project (LOF): behind the mark come two versions and the size of the
 * memory, each behind 0x2A, then the memory, then the XML as at the front of a LIF. `undefined` where that does not hold.
 * @param end where the mark ends
 */
export async function readObjectFile(
  source: ByteSource,
  end: number,
  signal?: AbortSignal,
): Promise<{ xml: string; version: string; block: MemoryBlock } | undefined> {
  const head = await source.read(end, 19, signal);
  if (head.length < 19 || head[0] !== 0x2a || head[5] !== 0x2a || head[10] !== 0x2a) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = Number(view.getBigUint64(11, true));
  const offset = end + 19;
  if (!(offset + size + 13 <= source.size)) return undefined;
  const tail = await source.read(offset + size, 13, signal);
  const about = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const length = about.getInt32(9, true) * 2;
  if (about.getInt32(0, true) !== 0x70 || tail[8] !== 0x2a || length <= 0 || length > 512 << 20) return undefined;
  if (offset + size + 13 + length > source.size) return undefined;
  const xml = new TextDecoder('utf-16le').decode(await source.read(offset + size + 13, length, signal));
  return {
    xml: xml.replace(/\0+$/, ''),
    version: `LOF ${view.getInt32(1, true)}.${view.getInt32(6, true)}`,
    block: { offset, size },
  };
}
