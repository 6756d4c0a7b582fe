import type { ByteSource } from '../../bytes/byte-source.ts';
import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** A value of a MATLAB file. Arrays lie column by column, as MATLAB keeps them. */
export type MatValue =
  | { kind: 'number'; dims: readonly number[]; values: Float64Array }
  | { kind: 'text'; dims: readonly number[]; text: string }
  | { kind: 'cell'; dims: readonly number[]; values: readonly MatValue[] }
  /** One list of values a field, as long as the struct array has elements. */
  | { kind: 'struct'; dims: readonly number[]; fields: ReadonlyMap<string, readonly MatValue[]> }
  /** Sparse arrays, objects, functions: known to be there, not read. */
  | { kind: 'skipped'; dims: readonly number[]; what: string };

/** A variable of a file. */
export interface MatVariable {
  name: string;
  value: MatValue;
}

/** The file breaks off, contradicts itself or claims sizes it cannot hold. */
export class MatError extends Error {
  override readonly name = 'MatError';
  /** Byte offset in the file of the variable that is at fault. */
  readonly offset: number;

  constructor(message: string, offset = 0, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
  }
}

const headerBytes = 128;
const type = { int8: 1, compressed: 15, matrix: 14, utf8: 16, utf16: 17, utf32: 18 } as const;
const arrayClass = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, double: 6, last: 15 } as const;
/** One variable unpacked; what is larger belongs into version 7.3. */
const largestVariable = 1 << 30;
const deepest = 32;
const mostVariables = 10_000;

/** Is it a file of MATLAB version 5 (5 to 7)? */
export function isMatFive(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(0, 19)) === 'MATLAB 5.0 MAT-file';
}

/**
 * Variables of a MATLAB file, version 5 to 7 ("MAT-File Format", The MathWorks, chapter 1), one at a time: numbers,
 * texts, cells and structs, packed or not, in both byte orders. Only variables that are wanted are unpacked and read.
 * @param wants answers for a variable's name; its value is not read otherwise
 * @throws MatError where the file is damaged
 */
export async function* matVariables(
  source: ByteSource,
  wants: (name: string) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<MatVariable> {
  const head = await source.read(0, headerBytes, signal);
  if (head.length < headerBytes || !isMatFive(head)) throw new MatError('no MATLAB file of version 5');
  const order = String.fromCharCode(head[126]!, head[127]!);
  if (order !== 'IM' && order !== 'MI') throw new MatError('the byte order is not stated');
  const little = order === 'IM';
  let at = headerBytes;
  for (let seen = 0; at + 8 <= source.size; seen++) {
    if (seen > mostVariables) throw new MatError(`more than ${mostVariables} variables`, at);
    const tag = await source.read(at, 8, signal);
    const view = new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
    const kind = view.getUint32(0, little);
    const size = view.getUint32(4, little);
    if (at + 8 + size > source.size)
      throw new MatError(`a variable of ${size} bytes does not fit into the file, which ends before`, at);
    if (size > largestVariable) throw new MatError(`a variable of ${size} bytes is too large`, at);
    if (kind === type.compressed || kind === type.matrix) {
      const variable = await readVariable(source, at + 8, size, kind === type.compressed, { little, wants, signal });
      if (variable) yield variable;
    }
    at += 8 + size;
  }
}

interface VariableReading {
  little: boolean;
  wants(name: string): boolean;
  signal: AbortSignal | undefined;
}

async function readVariable(
  source: ByteSource,
  at: number,
  size: number,
  isPacked: boolean,
  { little, wants, signal }: VariableReading,
): Promise<MatVariable | undefined> {
  const stored = await source.read(at, isPacked ? size : Math.min(size, 512), signal);
  try {
    const start = isPacked ? await unpacked(stored, 512, true) : stored;
    const name = new MatReader(start, little, isPacked ? 8 : 0).nameOnly();
    if (!wants(name)) return undefined;
    const bytes = isPacked ? await unpacked(stored, largestVariable) : await source.read(at, size, signal);
    const reader = new MatReader(bytes, little, 0);
    return { name, value: isPacked ? reader.element(0) : reader.matrix(bytes.length, 0) };
  } catch (error) {
    if (error instanceof MatError) throw new MatError(error.message, at - 8, { cause: error });
    if (error instanceof RangeError) throw new MatError('a variable breaks off', at - 8, { cause: error });
    throw error;
  }
}

/** Unpacks a zlib stream up to a limit; beyond it the variable is refused, unless only the first bytes are wanted. */
async function unpacked(packed: Uint8Array, most: number, firstOnly = false): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size < most) continue;
      if (firstOnly) break;
      throw new MatError(`a variable unpacks to more than ${most} bytes`);
    }
  } catch (cause) {
    if (cause instanceof MatError) throw cause;
    // What was unpacked before the fault may be enough for the name.
    if (!firstOnly || size === 0) throw new MatError('a variable cannot be unpacked: it is damaged', 0, { cause });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return joinedBytes(parts, size);
}

interface Element {
  type: number;
  at: number;
  size: number;
}

/** Reads elements of one variable, front to back. */
class MatReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly little: boolean;
  private at: number;

  constructor(bytes: Uint8Array, little: boolean, at: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = little;
    this.at = at;
  }

  /** Name of the variable, from the start of its matrix. */
  nameOnly(): string {
    this.tag();
    this.tag();
    const { at, size } = this.tag();
    return this.latin(at, size);
  }

  /** A whole element, which must be an array. */
  element(depth: number): MatValue {
    const { type: found, at, size } = this.tag();
    if (found !== type.matrix) throw new MatError(`an array was expected, not an element of type ${found}`);
    if (size === 0) return { kind: 'number', dims: [0, 0], values: new Float64Array(0) };
    const end = at + size;
    this.at = at;
    const value = this.matrix(end, depth);
    this.at = end;
    return value;
  }

  /** The content of an array, which ends at `end`. */
  matrix(end: number, depth: number): MatValue {
    if (depth > deepest) throw new MatError(`arrays are nested more than ${deepest} deep`);
    const flags = this.tag();
    const kind = this.view.getUint32(flags.at, this.little) & 0xff;
    // Opaque objects have no dimensions.
    if (kind > arrayClass.last) return { kind: 'skipped', dims: [], what: 'object' };
    const dims = [...this.numbers(this.tag())];
    const count = dims.reduce((product, one) => product * one, 1);
    if (dims.length < 2 || dims.length > 32 || dims.some((one) => one < 0) || !(count <= 2 ** 31))
      throw new MatError(`an array claims the size ${dims.join(' x ')}`);
    this.tag();
    if (kind === arrayClass.sparse) return { kind: 'skipped', dims, what: 'sparse array' };
    if (kind === arrayClass.cell) return { kind: 'cell', dims, values: this.arrays(count, end, depth) };
    if (kind === arrayClass.object) this.tag();
    if (kind === arrayClass.struct || kind === arrayClass.object) return this.struct(dims, count, end, depth);
    const data = this.tag();
    if (kind === arrayClass.char) return { kind: 'text', dims, text: this.text(data) };
    const values = this.numbers(data);
    if (values.length !== count) throw new MatError(`an array of ${dims.join(' x ')} holds ${values.length} values`);
    return { kind: 'number', dims, values };
  }

  private struct(dims: readonly number[], count: number, end: number, depth: number): MatValue {
    const width = this.numbers(this.tag())[0] ?? 0;
    const { at, size } = this.tag();
    if (!(width > 0) || size / width > 4096) throw new MatError('the names of a struct make no sense');
    const fields = new Map<string, MatValue[]>();
    for (let from = at; from + width <= at + size; from += width) fields.set(this.latin(from, width), []);
    this.checkRoom(count * fields.size, end);
    for (let i = 0; i < count; i++) for (const values of fields.values()) values.push(this.element(depth + 1));
    return { kind: 'struct', dims, fields };
  }

  private arrays(count: number, end: number, depth: number): MatValue[] {
    this.checkRoom(count, end);
    return Array.from({ length: count }, () => this.element(depth + 1));
  }

  /** An array takes eight bytes at least: a count beyond that is never believed. */
  private checkRoom(count: number, end: number): void {
    if (count * 8 > end - this.at) throw new MatError(`${count} arrays are claimed in ${end - this.at} bytes`);
  }

  /** The next tag; the reader then stands after its data. Small elements hold their data within the tag. */
  private tag(): Element {
    const { view, little } = this;
    if (this.at + 8 > this.bytes.length) throw new MatError('the variable breaks off');
    const first = view.getUint32(this.at, little);
    const small = first >>> 16;
    if (small > 0) {
      if (small > 4) throw new MatError(`a small element of ${small} bytes`);
      const element = { type: first & 0xffff, at: this.at + 4, size: small };
      this.at += 8;
      return element;
    }
    const size = view.getUint32(this.at + 4, little);
    const at = this.at + 8;
    if (at + size > this.bytes.length) throw new MatError(`an element of ${size} bytes breaks off`);
    this.at = Math.min(this.bytes.length, at + Math.ceil(size / 8) * 8);
    return { type: first, at, size };
  }

  private numbers({ type: kind, at, size }: Element): Float64Array {
    const form = numberForms[kind];
    if (!form) throw new MatError(`numbers of type ${kind} are not known`);
    const values = new Float64Array(Math.floor(size / form.bytes));
    for (let i = 0; i < values.length; i++) values[i] = form.read(this.view, at + i * form.bytes, this.little);
    return values;
  }

  private latin(at: number, size: number): string {
    const text = new TextDecoder('latin1').decode(this.bytes.subarray(at, at + size));
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  }

  private text(element: Element): string {
    const { type: kind, at, size } = element;
    const bytes = this.bytes.subarray(at, at + size);
    if (kind === type.utf8 || kind === type.int8 || kind === 2) return new TextDecoder().decode(bytes);
    if (kind === type.utf16) return new TextDecoder(this.little ? 'utf-16le' : 'utf-16be').decode(bytes);
    return Array.from(this.numbers(element), (code) => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd')).join(
      '',
    );
  }
}

type Read = (view: DataView, at: number, little: boolean) => number;
/** Stored types of numbers; MATLAB stores whole numbers in the smallest that holds them. */
const numberForms: Readonly<Record<number, { bytes: number; read: Read }>> = {
  1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  4: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  5: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  6: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  7: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  9: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  12: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  13: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  17: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  18: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
};
