import type { ByteSource } from '../../bytes/byte-source.ts';

const firstBytes = 65_536;
/** Widest tables of Cell Painting have lines of 70 kB: this holds fifty of those, and no table more than it may have columns. */
const mostBytes = 4 << 20;
const linesWanted = 20;

/**
 * First bytes of a table, enough to tell how it is written: 64 KiB, or up to 4 MiB where its lines are so long that
 * fewer than twenty would be among those.
 */
export async function readTableHead(source: ByteSource, signal?: AbortSignal): Promise<Uint8Array> {
  return widened(await source.read(0, firstBytes, signal), source, signal);
}

/** As `readTableHead`, for whoever has the first bytes already. Other bytes than text are left as they are. */
export async function widened(head: Uint8Array, source: ByteSource, signal?: AbortSignal): Promise<Uint8Array> {
  let bytes = head;
  while (bytes.length < source.size && bytes.length < mostBytes && lineEnds(bytes) < linesWanted) {
    if (bytes.length === 0 || (bytes.subarray(0, firstBytes).includes(0) && bytes[0]! < 0xfe)) return bytes;
    const more = await source.read(0, Math.min(mostBytes, bytes.length * 4), signal);
    if (more.length <= bytes.length) return bytes;
    bytes = more;
  }
  return bytes;
}

/** Line feeds, or carriage returns where there are none, up to as many as are wanted. */
function lineEnds(bytes: Uint8Array): number {
  const count = (code: number) => {
    let found = 0;
    for (let at = bytes.indexOf(code); at >= 0 && found < linesWanted; at = bytes.indexOf(code, at + 1)) found++;
    return found;
  };
  return count(10) || count(13);
}
