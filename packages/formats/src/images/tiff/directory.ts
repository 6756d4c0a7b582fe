import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { CachedRanges } from './cached-ranges.ts';
import { fieldTypeSize } from './tags.ts';
import { tiffIssue } from './tiff-issues.ts';

/** One field of a directory: where its values lie. Values are fetched when asked for. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Byte offset of the values in the file. */
  readonly offset: number;
}

/** One image file directory. */
export interface TiffDirectory {
  readonly offset: number;
  readonly fields: ReadonlyMap<number, TiffField>;
  /** Offset of the next directory; 0 at the end of the chain. */
  readonly next: number;
}

/** Numbers of one field are fetched only up to this count: a page of 2 million tiles is beyond any real file. */
const maxValues = 1 << 22;
/** Pages of one file we count. */
const maxPages = 1_000_000;

/** The directories of a TIFF or BigTIFF file, read by ranges as they are asked for. Offsets found once are kept. */
export class TiffFile {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly big: boolean;
  readonly issues: Issue[] = [];
  readonly #ranges: CachedRanges;
  /** Offsets of the chain, as far as walked; `#next` is where it goes on, 0 at its end. */
  readonly #offsets: number[] = [];
  readonly #seen = new Set<number>();
  #next: number;
  #walking: Promise<void> = Promise.resolve();

  private constructor(source: ByteSource, ranges: CachedRanges, littleEndian: boolean, big: boolean, first: number) {
    this.source = source;
    this.#ranges = ranges;
    this.littleEndian = littleEndian;
    this.big = big;
    this.#next = first;
  }

  /** Reads the header; `undefined` where the bytes are not a TIFF. */
  static async open(source: ByteSource): Promise<TiffFile | undefined> {
    const ranges = new CachedRanges(source);
    const head = await ranges.read(0, 16);
    if (head.length < 8) return undefined;
    const littleEndian = head[0] === 0x49 && head[1] === 0x49;
    if (!littleEndian && !(head[0] === 0x4d && head[1] === 0x4d)) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const magic = view.getUint16(2, littleEndian);
    if (magic === 42) return new TiffFile(source, ranges, littleEndian, false, view.getUint32(4, littleEndian));
    if (magic !== 43 || head.length < 16 || view.getUint16(4, littleEndian) !== 8) return undefined;
    return new TiffFile(source, ranges, littleEndian, true, Number(view.getBigUint64(8, littleEndian)));
  }

  /** Offset of the directory at this place of the chain; `undefined` past its end. Walks no further than needed. */
  async directoryOffset(index: number): Promise<number | undefined> {
    if (index >= this.#offsets.length && this.#next !== 0) {
      const leap = await this.#leapTo(index);
      if (leap !== undefined) return leap;
      await this.#walk(index);
    }
    return this.#offsets[index];
  }

  /** Walks one after another: two at once would find the same directories twice. */
  #walk(index: number): Promise<void> {
    this.#walking = this.#walking.catch(() => undefined).then(() => this.#walkTo(index));
    return this.#walking;
  }

  /**
   * Where directories lie at equal distances, as writers that stream lay them, a far one is found without walking
   * there. Believed only if the directory before the place does point at it; `undefined` where it does not.
   */
  async #leapTo(index: number): Promise<number | undefined> {
    const known = this.#offsets;
    const last = known.length - 1;
    if (index < known.length + 16 || last < 4) return undefined;
    const stride = known[last]! - known[last - 1]!;
    if (stride <= 0 || known[last - 1]! - known[last - 2]! !== stride || known[last - 2]! - known[last - 3]! !== stride)
      return undefined;
    const offset = known[last]! + (index - last) * stride;
    if (offset + 8 > this.source.size) return undefined;
    const points = (await this.#nextOf(offset - stride)) === offset;
    return points && (await this.#entryCount(offset)) !== undefined ? offset : undefined;
  }

  /** Walks up to `limit` directories and says how many there are so far, and whether that is all. */
  async countDirectories(limit = maxPages): Promise<{ count: number; complete: boolean }> {
    await this.#walk(Math.min(limit, maxPages));
    return { count: Math.min(limit, this.#offsets.length), complete: this.#offsets.length <= limit };
  }

  /** The directory at this place of the chain; `undefined` past its end or where it is damaged. */
  async directory(index: number): Promise<TiffDirectory | undefined> {
    const offset = await this.directoryOffset(index);
    return offset === undefined ? undefined : this.directoryAt(offset);
  }

  async #walkTo(index: number): Promise<void> {
    while (this.#offsets.length <= index && this.#next !== 0) {
      const offset = this.#next;
      const where = { file: this.source.name, offset };
      this.#next = 0;
      if (this.#seen.has(offset)) {
        const message = `Directory ${this.#offsets.length + 1} points back to offset ${offset}, which was already read.`;
        this.issues.push(tiffIssue('tiff-directory-loop', message, { where }));
        return;
      }
      if (this.#offsets.length >= maxPages) {
        this.issues.push(tiffIssue('tiff-too-many-pages', `Only the first ${maxPages} pages are counted.`, { where }));
        return;
      }
      const next = await this.#nextOf(offset);
      if (next === undefined) {
        const message = `Directory ${this.#offsets.length + 1} at offset ${offset} lies outside the file of ${this.source.size} bytes or is damaged.`;
        this.issues.push(tiffIssue('tiff-directory-outside', message, { where }));
        return;
      }
      this.#seen.add(offset);
      this.#offsets.push(offset);
      this.#next = Math.max(0, next);
      if (next < 0) {
        const message = `The file ends within the directory at offset ${offset}; pages behind it would be lost.`;
        this.issues.push(tiffIssue('tiff-directory-outside', message, { where }));
      }
    }
  }

  /** Number of entries of the directory at `offset`; `undefined` where they would not fit into the file. */
  async #entryCount(offset: number): Promise<number | undefined> {
    const lead = this.big ? 8 : 2;
    const head = await this.#ranges.read(offset, lead);
    if (head.length < lead) return undefined;
    const view = new DataView(head.buffer, head.byteOffset);
    const count = this.big ? Number(view.getBigUint64(0, this.littleEndian)) : view.getUint16(0, this.littleEndian);
    // Real directories have some dozen entries; the limit keeps a damaged count from reading megabytes.
    return count === 0 || count > 4096 || offset + lead + count * (this.big ? 20 : 12) > this.source.size
      ? undefined
      : count;
  }

  /** Where the directory at `offset` points; -1 where the file ends before it says, `undefined` where there is none. */
  async #nextOf(offset: number): Promise<number | undefined> {
    const count = await this.#entryCount(offset);
    if (count === undefined) return undefined;
    const bytes = await this.#ranges.read(offset + (this.big ? 8 + 20 * count : 2 + 12 * count), this.big ? 8 : 4);
    if (bytes.length < (this.big ? 8 : 4)) return -1;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return this.big ? Number(view.getBigUint64(0, this.littleEndian)) : view.getUint32(0, this.littleEndian);
  }

  /** The directory at a byte offset; `undefined` where there is none to be read. */
  async directoryAt(offset: number): Promise<TiffDirectory | undefined> {
    const count = await this.#entryCount(offset);
    if (count === undefined) return undefined;
    const { big, littleEndian } = this;
    const lead = big ? 8 : 2;
    const size = big ? 20 : 12;
    const bytes = await this.#ranges.read(offset + lead, count * size + (big ? 8 : 4));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const fields = new Map<number, TiffField>();
    for (let entry = 0; entry < count; entry++) {
      const at = entry * size;
      const tag = view.getUint16(at, littleEndian);
      const type = view.getUint16(at + 2, littleEndian);
      const values = big ? Number(view.getBigUint64(at + 4, littleEndian)) : view.getUint32(at + 4, littleEndian);
      const valueAt = at + (big ? 12 : 8);
      const width = fieldTypeSize(type) * values;
      const inline = width <= (big ? 8 : 4);
      const valueOffset = inline
        ? offset + lead + valueAt
        : big
          ? Number(view.getBigUint64(valueAt, littleEndian))
          : view.getUint32(valueAt, littleEndian);
      if (fields.has(tag) || fieldTypeSize(type) === 0) continue;
      if (valueOffset + width > this.source.size) {
        this.#reportField(tag, values, valueOffset);
        continue;
      }
      fields.set(tag, { tag, type, count: values, offset: valueOffset });
    }
    const end = count * size;
    const next =
      bytes.length < end + (big ? 8 : 4)
        ? 0
        : big
          ? Number(view.getBigUint64(end, littleEndian))
          : view.getUint32(end, littleEndian);
    return { offset, fields, next };
  }

  #reportField(tag: number, values: number, offset: number): void {
    const known = this.issues.some((issue) => issue.code === 'tiff-field-outside' && issue.where.offset === offset);
    if (known || this.issues.length > 100) return;
    const message = `Field ${tag} claims ${values} values at offset ${offset}, more than the file of ${this.source.size} bytes holds.`;
    this.issues.push(tiffIssue('tiff-field-outside', message, { where: { file: this.source.name, offset } }));
  }

  /** Raw bytes of a field, at most `limit`. */
  async fieldBytes(field: TiffField, limit = 64 << 20): Promise<Uint8Array> {
    return this.#ranges.read(field.offset, Math.min(limit, field.count * fieldTypeSize(field.type)));
  }

  /**
   * Numbers of a field (rationals as quotients), from value `from`, at most `count` of them.
   * Empty where the field is absent.
   */
  async numbers(field: TiffField | undefined, from = 0, count = maxValues): Promise<number[]> {
    if (!field) return [];
    const size = fieldTypeSize(field.type);
    const wanted = Math.max(0, Math.min(count, field.count - from, maxValues));
    const bytes = await this.#ranges.read(field.offset + from * size, wanted * size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const out: number[] = [];
    for (let at = 0; at + size <= bytes.length; at += size)
      out.push(readNumber(view, at, field.type, this.littleEndian));
    return out;
  }

  /** First number of a field of a directory; `undefined` where it is absent. */
  async number(directory: TiffDirectory, tag: number): Promise<number | undefined> {
    return (await this.numbers(directory.fields.get(tag), 0, 1))[0];
  }

  /** Text of a field: bytes up to the first NUL, UTF-8 if valid, else Latin-1. `undefined` where it is absent. */
  async text(directory: TiffDirectory, tag: number, limit = 256 << 20): Promise<string | undefined> {
    const field = directory.fields.get(tag);
    if (!field || fieldTypeSize(field.type) !== 1) return undefined;
    const bytes = await this.fieldBytes(field, limit);
    const nul = bytes.indexOf(0);
    return decodeText(nul < 0 ? bytes : bytes.subarray(0, nul));
  }
}

/** UTF-8 where the bytes are valid UTF-8, else Latin-1, as TIFF writers mix them. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

function readNumber(view: DataView, at: number, type: number, littleEndian: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, littleEndian);
    case 4:
    case 13:
      return view.getUint32(at, littleEndian);
    case 5:
      return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, littleEndian);
    case 9:
      return view.getInt32(at, littleEndian);
    case 10:
      return view.getInt32(at, littleEndian) / view.getInt32(at + 4, littleEndian);
    case 11:
      return view.getFloat32(at, littleEndian);
    case 12:
      return view.getFloat64(at, littleEndian);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, littleEndian));
    case 17:
      return Number(view.getBigInt64(at, littleEndian));
    default:
      return view.getUint8(at);
  }
}
