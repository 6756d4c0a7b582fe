import type { FileSink, FileSinkWriter } from '../../tracks/track-reader.ts';
import { crc32 } from './crc32.ts';
import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** An entry as it was laid down: where its data begin in the archive. */
export interface WrittenZipEntry {
  path: string;
  /** Offset of the first data byte in the archive. */
  offset: number;
  size: number;
  crc32: number;
}

/** Writes a zip without compression, front to back, with fixed timestamps: the same input gives the same bytes. */
export interface ZipWriter extends FileSink {
  /** Adds an entry whose bytes are all there, in parts. */
  add(path: string, parts: readonly Uint8Array[]): Promise<WrittenZipEntry>;
  /** Opens an entry whose size and CRC-32 are known; what is written must match. */
  createKnown(path: string, size: number, crc32: number): Promise<FileSinkWriter>;
  /** Writes the central directory. The target stays open. */
  finish(): Promise<readonly WrittenZipEntry[]>;
  /** Entries so far. */
  readonly entries: readonly WrittenZipEntry[];
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

interface Entry extends WrittenZipEntry {
  name: Uint8Array;
  headerOffset: number;
  /** Size and CRC follow the data. */
  trailing: boolean;
}

function checkedName(path: string): Uint8Array {
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
const localExtra = (size: number, trailing: boolean): number => (trailing || size >= max32 ? 20 : 0);

function localHeader(name: Uint8Array, size: number, crc: number, trailing: boolean): Uint8Array {
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
function directoryExtra(size: number, headerOffset: number): number {
  const fields = (size >= max32 ? 2 : 0) + (headerOffset >= max32 ? 1 : 0);
  return fields === 0 ? 0 : 4 + fields * 8;
}

function directoryRecord(entry: Entry): Uint8Array {
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

const needsZip64End = (count: number, size: number, offset: number): boolean =>
  count >= 0xffff || size >= max32 || offset >= max32;

function directoryEnd(count: number, size: number, offset: number, comment: Uint8Array): Uint8Array {
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

function commentBytes(comment: string | undefined): Uint8Array {
  const bytes = encoder.encode(comment ?? '');
  if (bytes.length > 0xffff) throw new ZipWriteError('the archive comment is longer than 65,535 bytes');
  return bytes;
}

/**
 * Length in bytes of the archive that `add` or `createKnown` would write for these entries, in this order:
 * for a Content-Length before the first byte.
 */
export function zipLength(entries: Iterable<{ path: string; size: number }>, comment?: string): number {
  let at = 0;
  let directory = 0;
  let count = 0;
  for (const { path, size } of entries) {
    const name = checkedName(path).length;
    directory += 46 + name + directoryExtra(size, at);
    at += 30 + name + localExtra(size, false) + size;
    count++;
  }
  return at + directory + (needsZip64End(count, directory, at) ? 76 : 0) + 22 + commentBytes(comment).length;
}

/**
 * Starts a zip on `out`. The caller chooses the order of entries and closes `out` after `finish`. One entry is written
 * at a time. `create` (size not known) holds 8 MiB back; longer entries get their size after the data.
 * @throws ZipWriteError for names that are unsafe or used twice, and sizes that do not match
 */
export function zipWriter(
  out: Pick<FileSinkWriter, 'write'>,
  options: {
    comment?: string;
    /** Entries that are in the archive already (`leftZipEntries`); `out` goes on behind them. */
    left?: readonly WrittenZipEntry[];
  } = {},
): ZipWriter {
  const comment = commentBytes(options.comment);
  const entries = (options.left ?? []).map((entry): Entry => {
    const name = checkedName(entry.path);
    const headerOffset = entry.offset - 30 - name.length - localExtra(entry.size, false);
    return { ...entry, name, headerOffset, trailing: false };
  });
  const names = new Set(entries.map(({ path }) => path));
  const last = entries.at(-1);
  let at = last ? last.offset + last.size : 0;
  let open: string | undefined;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await out.write(bytes);
    at += bytes.length;
  };
  const begin = (path: string): Uint8Array => {
    const name = checkedName(path);
    if (open !== undefined) throw new ZipWriteError(`"${open}" must be closed before "${path}" is begun`);
    if (names.has(path)) throw new ZipWriteError(`"${path}" is already in the archive`);
    names.add(path);
    return name;
  };
  const header = async (
    path: string,
    name: Uint8Array,
    size: number,
    crc: number,
    trailing = false,
  ): Promise<Entry> => {
    const headerOffset = at;
    await write(localHeader(name, size, crc, trailing));
    const entry: Entry = { path, name, offset: at, headerOffset, size, crc32: crc, trailing };
    entries.push(entry);
    return entry;
  };
  const add = async (path: string, parts: readonly Uint8Array[]): Promise<WrittenZipEntry> => {
    const name = begin(path);
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const entry = await header(
      path,
      name,
      size,
      parts.reduce((sum, part) => crc32(part, sum), 0),
    );
    for (const part of parts) await write(part);
    return entry;
  };
  return {
    entries,
    add,
    async createKnown(path, size, crc) {
      const name = begin(path);
      open = path;
      await header(path, name, size, crc);
      let written = 0;
      let sum = 0;
      return {
        async write(bytes) {
          written += bytes.length;
          if (written > size) throw new ZipWriteError(`"${path}" is longer than the ${size} bytes announced`);
          sum = crc32(bytes, sum);
          await write(bytes);
        },
        async close() {
          if (written !== size || sum !== crc)
            throw new ZipWriteError(`"${path}" is not the ${size} bytes with the check sum announced`);
          open = undefined;
        },
      };
    },
    async create(path) {
      const name = begin(path);
      open = path;
      let held: Uint8Array[] = [];
      let size = 0;
      let sum = 0;
      let entry: Entry | undefined;
      const flush = async (): Promise<void> => {
        for (const part of held) await write(part);
        held = [];
      };
      return {
        async write(bytes) {
          size += bytes.length;
          sum = crc32(bytes, sum);
          if (entry) return write(bytes);
          held.push(bytes.slice());
          if (size <= heldBytes) return;
          entry = await header(path, name, 0, 0, true);
          await flush();
        },
        async close() {
          open = undefined;
          if (!entry) {
            await header(path, name, size, sum);
            return flush();
          }
          entry.size = size;
          entry.crc32 = sum;
          const trailer = new Uint8Array(24);
          const data = new DataView(trailer.buffer);
          data.setUint32(0, 0x08074b50, true);
          data.setUint32(4, sum, true);
          data.setBigUint64(8, BigInt(size), true);
          data.setBigUint64(16, BigInt(size), true);
          await write(trailer);
        },
      };
    },
    async finish() {
      if (open !== undefined) throw new ZipWriteError(`"${open}" was not closed`);
      const offset = at;
      let batch: Uint8Array[] = [];
      for (const entry of entries) {
        batch.push(directoryRecord(entry));
        if (batch.length < 4096) continue;
        await write(joinedBytes(batch));
        batch = [];
      }
      await write(joinedBytes(batch));
      await write(directoryEnd(entries.length, at - offset, offset, comment));
      return entries;
    },
  };
}
