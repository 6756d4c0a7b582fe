import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';

/** One sub-block: a rectangle of pixels at a place of the axes. */
export interface CziBlock {
  /** Byte offset of its segment. */
  readonly position: number;
  readonly pixelType: number;
  readonly compression: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Start on every axis but X and Y, by the letter of the format (`Z`, `C`, `T`, `S`, `M`, `H`...). */
  readonly starts: Readonly<Record<string, number>>;
  /** Number of dimension entries, which decides where the pixels begin. */
  readonly dimensions: number;
}

/** What the directory says. */
export interface CziDirectory {
  blocks: CziBlock[];
  /** Smaller versions that were passed over. */
  reduced: number;
  issues: Issue[];
}

const segmentHeader = 32;
const mostBlocks = 2_000_000;
const windowBytes = 4 << 20;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A byte offset or size in 64 bits; NaN where it is negative or beyond what a file can have. */
export function longAt(view: DataView, at: number): number {
  const value = view.getBigInt64(at, true);
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.NaN;
}

function idOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 16)).replace(/\0+$/, '');
}

/** Where directory and metadata lie, from the header of the file; `undefined` where it is cut off. */
export async function readCziHeader(
  source: ByteSource,
): Promise<{ version: string; directory: number; metadata: number; attachments: number } | undefined> {
  const head = await source.read(0, 112);
  if (head.length < 112 || idOf(head) !== 'ZISRAWFILE') return undefined;
  const view = viewOf(head);
  const version = `${view.getInt32(32, true)}.${view.getInt32(36, true)}`;
  return { version, directory: longAt(view, 84), metadata: longAt(view, 92), attachments: longAt(view, 104) };
}

/** The XML of the metadata segment; `undefined` where it lies outside the file or is none. */
export async function readCziXml(source: ByteSource, position: number): Promise<string | undefined> {
  if (!(position > 0 && position + 288 <= source.size)) return undefined;
  const head = await source.read(position, 36);
  if (head.length < 36 || idOf(head) !== 'ZISRAWMETADATA') return undefined;
  const length = viewOf(head).getInt32(segmentHeader, true);
  if (length <= 0 || length > 256 << 20 || position + 288 + length > source.size) return undefined;
  const bytes = await source.read(position + 288, length);
  return new TextDecoder()
    .decode(bytes)
    .replace(/^\uFEFF/, '')
    .replace(/\0+$/, '');
}

/** Reads the directory of sub-blocks, some megabytes at a time; `undefined` where there is none. */
export async function readCziDirectory(
  source: ByteSource,
  position: number,
  signal?: AbortSignal,
): Promise<CziDirectory | undefined> {
  if (!(position > 0 && position + 160 <= source.size)) return undefined;
  const head = await source.read(position, 160, signal);
  if (head.length < 160 || idOf(head) !== 'ZISRAWDIRECTORY') return undefined;
  const stated = viewOf(head).getInt32(segmentHeader, true);
  const result: CziDirectory = { blocks: [], reduced: 0, issues: [] };
  let bytes: Uint8Array = new Uint8Array(0);
  let start = position + 160;
  let at = 0;
  for (let n = 0; n < stated; n++) {
    // The longest entry has 64 dimensions; real ones have up to ten.
    if (at + 32 + 64 * 20 > bytes.length && start + bytes.length < source.size) {
      start += at;
      at = 0;
      bytes = await source.read(start, windowBytes, signal);
    }
    const length = readEntry(bytes, at, source.size, result);
    if (length === undefined || n >= mostBlocks) {
      const message = `The directory promises ${stated} blocks of pixels; only ${n} could be read.`;
      result.issues.push(
        microscopeIssue('microscope-image-unusable', message, { where: { file: source.name, offset: start + at } }),
      );
      break;
    }
    at += length;
  }
  return result;
}

/** Adds the entry to the result. Answers its length in bytes, `undefined` where it is damaged. */
function readEntry(bytes: Uint8Array, at: number, fileSize: number, result: CziDirectory): number | undefined {
  if (at + 32 > bytes.length || bytes[at] !== 0x44 || bytes[at + 1] !== 0x56) return undefined;
  const view = viewOf(bytes);
  const dimensions = view.getInt32(at + 28, true);
  const length = 32 + 20 * dimensions;
  if (dimensions < 2 || dimensions > 64 || at + length > bytes.length) return undefined;
  const position = longAt(view, at + 6);
  const starts: Record<string, number> = {};
  let rectangle = { x: 0, y: 0, width: 0, height: 0, storedWidth: 0, storedHeight: 0 };
  for (let n = 0; n < dimensions; n++) {
    const entry = at + 32 + 20 * n;
    const name = String.fromCharCode(...bytes.subarray(entry, entry + 4)).replace(/\0+$/, '');
    const start = view.getInt32(entry + 4, true);
    const size = view.getInt32(entry + 8, true);
    const stored = view.getInt32(entry + 16, true);
    if (name === 'X') rectangle = { ...rectangle, x: start, width: size, storedWidth: stored };
    else if (name === 'Y') rectangle = { ...rectangle, y: start, height: size, storedHeight: stored };
    else starts[name] = start;
  }
  const { x, y, width, height, storedWidth, storedHeight } = rectangle;
  if (!(position > 0 && position < fileSize && width > 0 && height > 0)) return undefined;
  // A stored size of 0 is that of a block that is not scaled.
  if ((storedWidth !== 0 && storedWidth !== width) || (storedHeight !== 0 && storedHeight !== height)) {
    result.reduced++;
    return length;
  }
  const pixelType = view.getInt32(at + 2, true);
  const compression = view.getInt32(at + 18, true);
  result.blocks.push({ position, pixelType, compression, x, y, width, height, starts, dimensions });
  return length;
}
