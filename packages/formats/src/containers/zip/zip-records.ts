/** An entry as it was laid down: where its data begin in the archive. */
export interface WrittenZipEntry {
  path: string;
  /** Offset of the first data byte in the archive. */
  offset: number;
  size: number;
  crc32: number;
}

/** The archive cannot be written as asked: doubled or unsafe names, sizes that do not match. A fault of the program. */
export class ZipWriteError extends Error {
  override readonly name = 'ZipWriteError';
}

const encoder = new TextEncoder();
const max32 = 0xffffffff;
/** Entries without a known size are held back up to here, so that small ones get a plain header. */
const heldBytes = 8 * 2 ** 20;
/** 1 January 1980, the first day of zip: timestamps must not change the digest. */
const fixedDate = (1 << 5) | 1;

/** An entry with what its records say. */
export interface Entry extends WrittenZipEntry {
  name: Uint8Array;
  headerOffset: number;
  /** Size and CRC follow the data. */
  trailing: boolean;
}

/** The name of an entry as bytes. @throws ZipWriteError where it is unsafe */
export function checkedName(path: string): Uint8Array {
  if (
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    path.includes('\0') ||
    /(^|\/)\.{0,2}(\/|$)/.test(path)
  )
    throw new ZipWriteError(`"${path}" cannot be the name of a zip entry`);
  return encoder.encode(path);
}

/** Zip64 sizes stand in the local header only where they must (or may: the size comes after the data). */
export const localExtra = (size: number, trailing: boolean): number => (trailing || size >= max32 ? 20 : 0);

/** The record before the data of an entry. */
export function localHeader(name: Uint8Array, size: number, crc: number, trailing: boolean): Uint8Array {
  const extra = localExtra(size, trailing);
  const bytes = new Uint8Array(30 + name.length + extra);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, 0x04034b50, true);
  data.setUint16(4, extra ? 45 : 20, true);
  data.setUint16(6, 0x800 | (trailing ? 8 : 0), true);
  data.setUint16(12, fixedDate, true);
  data.setUint32(14, crc, true);
  data.setUint32(18, extra ? max32 : size, true);
  data.setUint32(22, extra ? max32 : size, true);
  data.setUint16(26, name.length, true);
  data.setUint16(28, extra, true);
  bytes.set(name, 30);
  if (extra) {
    data.setUint16(30 + name.length, 1, true);
    data.setUint16(32 + name.length, 16, true);
    data.setBigUint64(34 + name.length, BigInt(size), true);
    data.setBigUint64(42 + name.length, BigInt(size), true);
  }
  return bytes;
}

/** Which of size and offset need zip64 in the directory. */
export function directoryExtra(size: number, headerOffset: number): number {
  const fields = (size >= max32 ? 2 : 0) + (headerOffset >= max32 ? 1 : 0);
  return fields === 0 ? 0 : 4 + fields * 8;
}

/** The record of an entry in the directory at the end. */
export function directoryRecord(entry: Entry): Uint8Array {
  const extra = directoryExtra(entry.size, entry.headerOffset);
  const big = entry.size >= max32;
  const bytes = new Uint8Array(46 + entry.name.length + extra);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, 0x02014b50, true);
  data.setUint16(4, (3 << 8) | 45, true);
  data.setUint16(6, extra || entry.trailing ? 45 : 20, true);
  data.setUint16(8, 0x800 | (entry.trailing ? 8 : 0), true);
  data.setUint16(14, fixedDate, true);
  data.setUint32(16, entry.crc32, true);
  data.setUint32(20, big ? max32 : entry.size, true);
  data.setUint32(24, big ? max32 : entry.size, true);
  data.setUint16(28, entry.name.length, true);
  data.setUint16(30, extra, true);
  data.setUint32(38, (0o100644 << 16) >>> 0, true);
  data.setUint32(42, Math.min(entry.headerOffset, max32), true);
  bytes.set(entry.name, 46);
  let at = 46 + entry.name.length;
  if (extra === 0) return bytes;
  data.setUint16(at, 1, true);
  data.setUint16(at + 2, extra - 4, true);
  at += 4;
  for (const value of [
    ...(big ? [entry.size, entry.size] : []),
    ...(entry.headerOffset >= max32 ? [entry.headerOffset] : []),
  ]) {
    data.setBigUint64(at, BigInt(value), true);
    at += 8;
  }
  return bytes;
}

/** Does the end of the directory need its 64-bit form? */
export const needsZip64End = (count: number, size: number, offset: number): boolean =>
  count >= 0xffff || size >= max32 || offset >= max32;

/** The records behind the directory. */
export function directoryEnd(count: number, size: number, offset: number, comment: Uint8Array): Uint8Array {
  const big = needsZip64End(count, size, offset) ? 76 : 0;
  const bytes = new Uint8Array(big + 22 + comment.length);
  const data = new DataView(bytes.buffer);
  if (big) {
    data.setUint32(0, 0x06064b50, true);
    data.setBigUint64(4, 44n, true);
    data.setUint16(12, (3 << 8) | 45, true);
    data.setUint16(14, 45, true);
    data.setBigUint64(24, BigInt(count), true);
    data.setBigUint64(32, BigInt(count), true);
    data.setBigUint64(40, BigInt(size), true);
    data.setBigUint64(48, BigInt(offset), true);
    data.setUint32(56, 0x07064b50, true);
    data.setBigUint64(64, BigInt(offset + size), true);
    data.setUint32(72, 1, true);
  }
  data.setUint32(big, 0x06054b50, true);
  data.setUint16(big + 8, Math.min(count, 0xffff), true);
  data.setUint16(big + 10, Math.min(count, 0xffff), true);
  data.setUint32(big + 12, Math.min(size, max32), true);
  data.setUint32(big + 16, Math.min(offset, max32), true);
  data.setUint16(big + 20, comment.length, true);
  bytes.set(comment, big + 22);
  return bytes;
}

/** The comment of an archive as bytes. @throws ZipWriteError where it is too long */
export function commentBytes(comment: string | undefined): Uint8Array {
  const bytes = encoder.encode(comment ?? '');
  if (bytes.length > 0xffff) throw new ZipWriteError('the archive comment is longer than 65,535 bytes');
  return bytes;
}

/** Is the size of an entry that `create` writes told after its data? */
export const isTrailing = (size: number): boolean => size > heldBytes;
/** Bytes of check sum and sizes that follow the data of an entry. */
export const trailerSize = 24;

/** The record behind the data of an entry whose size was not known before. */
export function trailer(size: number, crc: number): Uint8Array {
  const bytes = new Uint8Array(trailerSize);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, 0x08074b50, true);
  data.setUint32(4, crc, true);
  data.setBigUint64(8, BigInt(size), true);
  data.setBigUint64(16, BigInt(size), true);
  return bytes;
}
