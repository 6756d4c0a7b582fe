import type { Issue } from '@micrarium/model';
import { type ByteSource, ByteSourceError, sliceSource } from '../../bytes/byte-source.ts';
import { crc32 } from './crc32.ts';
import type { ZipRecord } from './zip-directory.ts';
import { zipIssue } from './zip-issues.ts';
import { shownName } from './zip-names.ts';

/** The bytes of a zip entry are not what the archive says. The issue tells the user. */
export class ZipEntryDamaged extends ByteSourceError {
  readonly issue: Issue;

  constructor(archive: string, issue: Issue) {
    super(archive, issue.message);
    this.issue = issue;
  }
}

/** Compressed entries are inflated into memory; larger ones are refused (no random access inside deflate). */
export const inflateLimit = 512 * 2 ** 20;
const windowBytes = 1 << 20;

function fault(
  archive: string,
  record: ZipRecord,
  code: 'zip-damaged' | 'zip-wrong-size' | 'zip-bad-crc',
  why: string,
) {
  const name = shownName(record.name);
  return new ZipEntryDamaged(
    archive,
    zipIssue(code, `${archive}: "${name}" ${why}`, { where: { file: `${archive}/${name}` } }),
  );
}

/** Offset of an entry's first data byte: name and extra field of the local header may differ from the directory's. */
export async function zipDataOffset(archive: ByteSource, record: ZipRecord, signal?: AbortSignal): Promise<number> {
  if (record.dataOffset !== undefined) return record.dataOffset;
  const header = await archive.read(record.headerOffset, 30, signal);
  const data = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 30 || data.getUint32(0, true) !== 0x04034b50)
    throw fault(archive.name, record, 'zip-damaged', 'has no local header where the directory points.');
  const offset = record.headerOffset + 30 + data.getUint16(26, true) + data.getUint16(28, true);
  if (offset + record.compressedSize > archive.size)
    throw fault(archive.name, record, 'zip-damaged', 'reaches past the end of the archive.');
  return offset;
}

/** Inflates an entry; stops at the first byte beyond the declared size. */
async function inflate(archive: ByteSource, record: ZipRecord, start: number): Promise<Uint8Array> {
  if (record.size > inflateLimit)
    throw fault(
      archive.name,
      record,
      'zip-wrong-size',
      `is ${record.size} bytes when unpacked: unpack the archive first.`,
    );
  const reader = packedStream(archive, record, start).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  // Grows by what really comes, so a header that promises much costs nothing.
  let out = new Uint8Array(Math.min(record.size, windowBytes));
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > record.size)
        throw fault(archive.name, record, 'zip-wrong-size', `unpacks to more than the ${record.size} bytes declared.`);
      if (filled + value.length > out.length) {
        const larger = new Uint8Array(Math.min(record.size, Math.max(out.length * 2, filled + value.length)));
        larger.set(out.subarray(0, filled));
        out = larger;
      }
      out.set(value, filled);
      filled += value.length;
    }
  } catch (cause) {
    if (cause instanceof ByteSourceError) throw cause;
    throw fault(archive.name, record, 'zip-damaged', 'cannot be unpacked: its compressed data are damaged.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (filled !== record.size)
    throw fault(archive.name, record, 'zip-wrong-size', `unpacks to ${filled} bytes; ${record.size} were declared.`);
  return out;
}

/**
 * Bytes of an entry front to back, unpacked as they are asked for; size and CRC-32 are checked as they go by.
 * Memory is one window, whatever the entry's size.
 * @throws ZipEntryDamaged where the bytes are not what the archive says; for the CRC after the last of them
 */
export async function* streamZipEntry(
  archive: ByteSource,
  record: ZipRecord,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const start = await zipDataOffset(archive, record, signal);
  let sum = 0;
  let size = 0;
  for await (const bytes of entryParts(archive, record, start, signal)) {
    size += bytes.length;
    if (size > record.size)
      throw fault(archive.name, record, 'zip-wrong-size', `unpacks to more than the ${record.size} bytes declared.`);
    sum = crc32(bytes, sum);
    yield bytes;
  }
  if (size !== record.size)
    throw fault(archive.name, record, 'zip-wrong-size', `unpacks to ${size} bytes; ${record.size} were declared.`);
  if (sum !== record.crc) throw fault(archive.name, record, 'zip-bad-crc', 'does not match its check sum (CRC-32).');
}

async function* entryParts(
  archive: ByteSource,
  record: ZipRecord,
  start: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (record.method === 0) {
    for (let at = 0; at < record.size; at += windowBytes)
      yield await archive.read(start + at, Math.min(windowBytes, record.size - at), signal);
    return;
  }
  const reader = packedStream(archive, record, start, signal)
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ByteSourceError) throw cause;
    throw fault(archive.name, record, 'zip-damaged', 'cannot be unpacked: its compressed data are damaged.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function packedStream(
  archive: ByteSource,
  record: ZipRecord,
  start: number,
  signal?: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let read = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const bytes = await archive.read(start + read, Math.min(windowBytes, record.compressedSize - read), signal);
      read += bytes.length;
      if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      if (read >= record.compressedSize || bytes.length === 0) controller.close();
    },
  });
}

/** Opens an entry: stored ones by range, deflated ones unpacked once and kept until `close`. */
export function openZipEntry(
  archive: ByteSource,
  record: ZipRecord,
): { open(): Promise<ByteSource>; close(): Promise<void> } {
  let unpacked: Promise<Uint8Array> | undefined;
  let offset: Promise<number> | undefined;
  const startOf = (): Promise<number> => {
    offset ??= zipDataOffset(archive, record);
    return offset;
  };
  const unpack = async (): Promise<Uint8Array> => {
    const bytes = await inflate(archive, record, await startOf());
    if (crc32(bytes) !== record.crc)
      throw fault(archive.name, record, 'zip-bad-crc', 'does not match its check sum (CRC-32).');
    return bytes;
  };
  const open = async (): Promise<ByteSource> => {
    if (record.method === 0) return sliceSource(record.name, archive, await startOf(), record.size);
    return {
      name: record.name,
      size: record.size,
      async read(from, length, signal) {
        signal?.throwIfAborted();
        unpacked ??= unpack();
        return (await unpacked).slice(from, Math.min(record.size, from + length));
      },
    };
  };
  return {
    open,
    async close() {
      unpacked = undefined;
    },
  };
}

/**
 * Reads one entry whole and checks size and CRC-32; the issue where they do not match. Memory: one window for stored
 * entries, the entry for compressed ones.
 */
export async function checkZipEntry(
  archive: ByteSource,
  record: ZipRecord,
  signal?: AbortSignal,
): Promise<Issue | undefined> {
  try {
    const entry = openZipEntry(archive, record);
    const source = await entry.open();
    let sum = 0;
    for (let at = 0; at < source.size; at += windowBytes) {
      const bytes = await source.read(at, windowBytes, signal);
      if (bytes.length === 0) return fault(archive.name, record, 'zip-damaged', 'is cut short.').issue;
      sum = crc32(bytes, sum);
    }
    await entry.close();
    return sum === record.crc
      ? undefined
      : fault(archive.name, record, 'zip-bad-crc', 'does not match its check sum (CRC-32).').issue;
  } catch (error) {
    if (error instanceof ZipEntryDamaged) return error.issue;
    throw error;
  }
}
