import type { FileSink, FileSinkWriter } from '../../tracks/track-reader.ts';
import { crc32 } from './crc32.ts';
import { joinedBytes } from '../../bytes/joined-bytes.ts';
import {
  checkedName,
  commentBytes,
  directoryEnd,
  directoryExtra,
  directoryRecord,
  type Entry,
  isTrailing,
  localExtra,
  localHeader,
  needsZip64End,
  trailer,
  trailerSize,
  type WrittenZipEntry,
  ZipWriteError,
} from './zip-records.ts';

export { type WrittenZipEntry, ZipWriteError } from './zip-records.ts';

/** Writes a zip without compression, front to back, with fixed timestamps: the same input gives the same bytes. */
export interface ZipWriter extends FileSink {
  /** Adds an entry whose bytes are all there, in parts. */
  add(path: string, parts: readonly Uint8Array[]): Promise<WrittenZipEntry>;
  /** Opens an entry whose size and CRC-32 are known; what is written must match. */
  createKnown(path: string, size: number, crc32: number): Promise<FileSinkWriter>;
  /**
   * Opens an entry whose size and CRC-32 are known of an earlier writing, laid out as `create` laid it out. Its bytes are not checked, and
   * those that `pass` counts need not be there: the target leaves them out.
   */
  createAgain(
    path: string,
    size: number,
    crc32: number,
  ): Promise<FileSinkWriter & { pass(count: number): Promise<void> }>;
  /** Writes the central directory. The target stays open. */
  finish(): Promise<readonly WrittenZipEntry[]>;
  /** Entries so far. */
  readonly entries: readonly WrittenZipEntry[];
}

/**
 * Length in bytes of the archive that `add` or `createKnown`, or for entries with `isStreamed` `create`, would write for these entries, in
 * this order: for a Content-Length before the first byte.
 */
export function zipLength(
  entries: Iterable<{ path: string; size: number; isStreamed?: boolean }>,
  comment?: string,
): number {
  let at = 0;
  let directory = 0;
  let count = 0;
  for (const { path, size, isStreamed = false } of entries) {
    const name = checkedName(path).length;
    const trails = isStreamed && isTrailing(size);
    directory += 46 + name + directoryExtra(size, at);
    at += 30 + name + localExtra(size, trails) + size + (trails ? trailerSize : 0);
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
  out: Pick<FileSinkWriter, 'write'> & {
    /** Leaves out bytes that whoever reads does not want; left out, `createAgain` needs all of them. */
    pass?(count: number): Promise<void>;
  },
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
    async createAgain(path, size, crc) {
      const name = begin(path);
      open = path;
      const entry = await header(path, name, isTrailing(size) ? 0 : size, isTrailing(size) ? 0 : crc, isTrailing(size));
      let written = 0;
      const count = (bytes: number) => {
        written += bytes;
        if (written > size) throw new ZipWriteError(`"${path}" is longer than the ${size} bytes announced`);
      };
      return {
        async write(bytes) {
          count(bytes.length);
          await write(bytes);
        },
        async pass(bytes) {
          if (!out.pass) throw new ZipWriteError('this target takes all bytes');
          count(bytes);
          await out.pass(bytes);
          at += bytes;
        },
        async close() {
          if (written !== size) throw new ZipWriteError(`"${path}" is not the ${size} bytes announced`);
          open = undefined;
          if (!entry.trailing) return;
          entry.size = size;
          entry.crc32 = crc;
          await write(trailer(size, crc));
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
          if (!isTrailing(size)) return;
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
          await write(trailer(size, sum));
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
