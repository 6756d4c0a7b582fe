import type { ByteSource } from '../../bytes/byte-source.ts';
import { crc32 } from './crc32.ts';
import type { WrittenZipEntry } from './zip-records.ts';

const pieceBytes = 4 << 20;

/**
 * Entries of a zip that `zipWriter().add` began and nobody finished: those whose bytes are all there and have the check
 * sum of their header, in order, and where the next one would begin.
 * @param onBytes given every byte that is kept, in order
 */
export async function leftZipEntries(
  source: ByteSource,
  onBytes: (bytes: Uint8Array) => void = () => undefined,
  signal?: AbortSignal,
): Promise<{ entries: WrittenZipEntry[]; end: number }> {
  const entries: WrittenZipEntry[] = [];
  let end = 0;
  for (;;) {
    const head = await source.read(end, 30, signal);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    // Anything but the header of an entry whose size is known ends what can be kept.
    if (head.length < 30 || view.getUint32(0, true) !== 0x04034b50 || (view.getUint16(6, true) & 8) !== 0) break;
    const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)];
    const rest = await source.read(end + 30, nameLength + extraLength, signal);
    if (rest.length < nameLength + extraLength) break;
    const extra = new DataView(rest.buffer, rest.byteOffset + nameLength, extraLength);
    const size =
      extraLength >= 20 && extra.getUint16(0, true) === 1
        ? Number(extra.getBigUint64(4, true))
        : view.getUint32(18, true);
    const offset = end + 30 + nameLength + extraLength;
    if (!(offset + size <= source.size)) break;
    let sum = 0;
    for (let at = 0; at < size; at += pieceBytes)
      sum = crc32(await source.read(offset + at, Math.min(pieceBytes, size - at), signal), sum);
    if (sum !== view.getUint32(14, true)) break;
    entries.push({ path: new TextDecoder().decode(rest.subarray(0, nameLength)), offset, size, crc32: sum });
    end = offset + size;
  }
  for (let at = 0; at < end; at += pieceBytes) onBytes(await source.read(at, Math.min(pieceBytes, end - at), signal));
  return { entries, end };
}
