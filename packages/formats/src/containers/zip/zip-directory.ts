import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { zipIssue } from './zip-issues.ts';

/** One record of the central directory, as the archive says it. */
export interface ZipRecord {
  /** Name as stored, decoded (UTF-8, else code page 437). */
  name: string;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  /** Byte offset of the local header. */
  headerOffset: number;
  encrypted: boolean;
  /** Unix file type bits (`0o120000` = link), 0 where the archive does not say. */
  fileType: number;
  /** Milliseconds since 1970, read as UTC; zip times have no zone. */
  modifiedAt: number;
  /** Length of the stored name in bytes: local headers are at least 30 + this long. */
  nameLength: number;
  /** Offset of the first data byte, where the neighbour in the archive leaves no other place for it. */
  dataOffset?: number;
}

/** What the directory of an archive says. */
export interface ZipDirectory {
  records: ZipRecord[];
  comment: string;
  /** Offset of the first byte of the central directory. */
  directoryOffset: number;
}

/** Thrown inside the room only: turned into an issue by `openZip`. */
export class ZipProblem extends Error {
  override readonly name = 'ZipProblem';
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.issue = issue;
  }
}

const endSignature = 0x06054b50;
const zip64LocatorSignature = 0x07064b50;
const zip64EndSignature = 0x06064b50;
const recordSignature = 0x02014b50;
const directoryBytesLimit = 512 * 2 ** 20;

/** CP437 from 0x80 up, for names without the UTF-8 flag (APPNOTE.TXT appendix D). */
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeName(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128])).join('');
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function damaged(source: ByteSource, message: string, offset?: number): ZipProblem {
  return new ZipProblem(
    zipIssue('zip-damaged', message, { where: { file: source.name, ...(offset === undefined ? {} : { offset }) } }),
  );
}

interface DirectoryEnd {
  count: number;
  size: number;
  offset: number;
  comment: string;
  /** Where the end records begin: the directory cannot reach past it. */
  endAt: number;
}

/** Finds the end record: it closes the file and is followed only by its own comment (at most 65,535 bytes). */
async function findEnd(source: ByteSource, signal?: AbortSignal): Promise<DirectoryEnd> {
  const tailStart = Math.max(0, source.size - 65_557);
  const tail = await source.read(tailStart, source.size - tailStart, signal);
  const data = view(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (data.getUint32(at, true) !== endSignature) continue;
    const commentLength = data.getUint16(at + 20, true);
    if (at + 22 + commentLength > tail.length) continue;
    const end: DirectoryEnd = {
      count: data.getUint16(at + 10, true),
      size: data.getUint32(at + 12, true),
      offset: data.getUint32(at + 16, true),
      comment: decodeName(tail.subarray(at + 22, at + 22 + commentLength)),
      endAt: tailStart + at,
    };
    const locatorAt = tailStart + at - 20;
    return locatorAt >= 0 ? await zip64End(source, end, locatorAt, signal) : end;
  }
  throw new ZipProblem(
    zipIssue('zip-not-an-archive', `${source.name}: no zip directory was found at the end of the file.`, {
      where: { file: source.name },
    }),
  );
}

async function zip64End(
  source: ByteSource,
  end: DirectoryEnd,
  locatorAt: number,
  signal?: AbortSignal,
): Promise<DirectoryEnd> {
  const locator = await source.read(locatorAt, 20, signal);
  if (locator.length < 20 || view(locator).getUint32(0, true) !== zip64LocatorSignature) return end;
  const at = Number(view(locator).getBigUint64(8, true));
  if (at + 56 > source.size) throw damaged(source, `${source.name}: the zip64 end record lies outside the file.`);
  const bytes = await source.read(at, 56, signal);
  const data = view(bytes);
  if (bytes.length < 56 || data.getUint32(0, true) !== zip64EndSignature)
    throw damaged(source, `${source.name}: the zip64 end record is missing.`, at);
  return {
    count: Number(data.getBigUint64(32, true)),
    size: Number(data.getBigUint64(40, true)),
    offset: Number(data.getBigUint64(48, true)),
    comment: end.comment,
    endAt: at,
  };
}

/** Sizes and offset that did not fit into 32 bits stand in extra field 1, in this order, only where needed. */
function applyZip64(record: ZipRecord, extra: Uint8Array): void {
  const data = view(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = data.getUint16(at, true);
    const end = at + 4 + data.getUint16(at + 2, true);
    if (end > extra.length) return;
    if (id === 1) {
      let next = at + 4;
      const take = (current: number): number => {
        if (current !== 0xffffffff || next + 8 > end) return current;
        next += 8;
        return Number(data.getBigUint64(next - 8, true));
      };
      record.size = take(record.size);
      record.compressedSize = take(record.compressedSize);
      record.headerOffset = take(record.headerOffset);
    }
    at = end;
  }
}

function dosTime(time: number, date: number): number {
  return Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}

/**
 * Reads the central directory by two or three ranges, zip64 included. Counts are checked against the file size before
 * anything is allocated. Source: APPNOTE.TXT 6.3.10, 4.3.
 * @throws ZipProblem with the issue, for a damaged archive
 */
export async function readZipDirectory(
  source: ByteSource,
  maxEntries: number,
  signal?: AbortSignal,
): Promise<ZipDirectory> {
  const end = await findEnd(source, signal);
  // Bytes put before the archive (self-extractors) shift every offset by the same amount.
  const shift = end.endAt - end.size - end.offset;
  const start = end.offset + shift;
  if (shift < 0 || start < 0 || end.count * 46 > end.size)
    throw damaged(source, `${source.name}: the directory is said to hold ${end.count} entries in ${end.size} bytes.`);
  if (end.count > maxEntries || end.size > directoryBytesLimit)
    throw new ZipProblem(
      zipIssue('zip-too-many-entries', `${source.name}: ${end.count} entries; at most ${maxEntries} are accepted.`, {
        where: { file: source.name },
      }),
    );
  const bytes = await source.read(start, end.size, signal);
  const data = view(bytes);
  const records: ZipRecord[] = [];
  let at = 0;
  for (let n = 0; n < end.count; n++) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== recordSignature)
      throw damaged(source, `${source.name}: entry ${n + 1} of the directory is damaged.`, start + at);
    const nameLength = data.getUint16(at + 28, true);
    const extraLength = data.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + data.getUint16(at + 32, true);
    if (next > bytes.length)
      throw damaged(source, `${source.name}: entry ${n + 1} of the directory is cut.`, start + at);
    const record: ZipRecord = {
      name: decodeName(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      compressedSize: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      headerOffset: data.getUint32(at + 42, true),
      encrypted: (data.getUint16(at + 8, true) & 1) === 1,
      fileType: data.getUint8(at + 5) === 3 ? (data.getUint32(at + 38, true) >>> 16) & 0o170000 : 0,
      modifiedAt: dosTime(data.getUint16(at + 12, true), data.getUint16(at + 14, true)),
      nameLength,
    };
    applyZip64(record, bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    record.headerOffset += shift;
    records.push(record);
    at = next;
  }
  return { records, comment: end.comment, directoryOffset: start };
}
