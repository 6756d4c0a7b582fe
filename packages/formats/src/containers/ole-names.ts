import type { Probe } from '../recognition/descriptor.ts';

/**
 * Names of the first entries in the directory of an OLE compound file (OIB, xls). Reads at most 64 KiB where the
 * header says the directory begins; an empty list where it says nothing sensible.
 */
export async function oleNames(probe: Probe): Promise<string[]> {
  const { head, source } = probe;
  if (head.length < 512) return [];
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const shift = view.getUint16(0x1e, true);
  if (shift !== 9 && shift !== 12) return [];
  const start = (view.getUint32(0x30, true) + 1) * 2 ** shift;
  if (start >= source.size) return [];
  const directory = await source.read(start, 65_536);
  const entries = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const names: string[] = [];
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const length = entries.getUint16(at + 64, true);
    // Sectors of a directory need not follow each other: what comes after may be other content.
    if (length < 2 || length > 64 || length % 2 !== 0) break;
    names.push(new TextDecoder('utf-16le').decode(directory.subarray(at, at + length - 2)));
  }
  return names;
}
