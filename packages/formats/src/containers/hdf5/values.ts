import { wholeNumber, type Hdf5Type } from './datatype.ts';
import { utf8 } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { GlobalHeaps } from './heaps.ts';

/** One stored value as JavaScript has it. 64-bit integers beyond 2^53 are `bigint`; references are addresses. */
export type Hdf5Value =
  | number
  | bigint
  | string
  | boolean
  | Uint8Array
  | readonly Hdf5Value[]
  | { readonly [column: string]: Hdf5Value };

/** Typed arrays that values of the standard types are seen through without a copy. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Can values of this type be read as numbers? */
export function isNumeric(type: Hdf5Type): boolean {
  if (type.class === 'enum') return isNumeric(type.base);
  if (type.class === 'float') return type.isStandard;
  return type.class === 'integer' || (type.class === 'bitfield' && type.size <= 8);
}

/**
 * Values as numbers of double precision (64-bit integers lose what is beyond 2^53).
 * @param stride bytes from one value to the next, for a column of records
 * @throws Hdf5Fault where the type is not numeric
 */
export function numbersOf(
  type: Hdf5Type,
  bytes: Uint8Array,
  count: number,
  stride = type.size,
  start = 0,
): Float64Array {
  const read = numberAt(type, bytes);
  const out = new Float64Array(count);
  for (let n = 0, at = start; n < count; n++, at += stride) out[n] = read(at);
  return out;
}

/** A function that reads the number at an offset of the bytes. */
export function numberAt(type: Hdf5Type, bytes: Uint8Array): (at: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { size } = type;
  if (type.class === 'enum') return numberAt(type.base, bytes);
  if (type.class === 'float' && type.isStandard) {
    const little = type.littleEndian;
    if (size === 4) return (at) => view.getFloat32(at, little);
    if (size === 8) return (at) => view.getFloat64(at, little);
    return (at) => halfFloat(view.getUint16(at, little));
  }
  if (type.class === 'bitfield' && size <= 8)
    return (at) => wholeNumber(bytes.subarray(at, at + size), type.littleEndian, false);
  if (type.class === 'integer') return integerAt(type, view, bytes);
  throw new Hdf5Fault('unsupported', `values of class ${type.class} are no numbers`);
}

function integerAt(
  type: Extract<Hdf5Type, { class: 'integer' }>,
  view: DataView,
  bytes: Uint8Array,
): (at: number) => number {
  const { size, signed, littleEndian: little, precision, bitOffset } = type;
  if (precision === size * 8) {
    if (size === 1) return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
    if (size === 2) return signed ? (at) => view.getInt16(at, little) : (at) => view.getUint16(at, little);
    if (size === 4) return signed ? (at) => view.getInt32(at, little) : (at) => view.getUint32(at, little);
    return (at) => wholeNumber(bytes.subarray(at, at + size), little, signed);
  }
  // Fewer bits than the bytes hold, perhaps not at their end.
  return (at) => {
    const whole = wholeNumber(bytes.subarray(at, at + size), little, false);
    const value = Math.floor(whole / 2 ** bitOffset) % 2 ** precision;
    return signed && value >= 2 ** (precision - 1) ? value - 2 ** precision : value;
  };
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The values as a typed array of their own width, in the machine's byte order; `undefined` where there is none for
 * the type (half floats, integers of odd widths). The bytes are changed where their order is another.
 */
export function typedArrayOf(type: Hdf5Type, bytes: Uint8Array): NumberArray | undefined {
  const base = type.class === 'enum' ? type.base : type;
  const isWhole = base.class === 'integer' && base.precision === base.size * 8;
  if (!isWhole && !(base.class === 'float' && base.isStandard)) return undefined;
  const make =
    base.class === 'float'
      ? floats[base.size]
      : base.class === 'integer'
        ? integers[(base.signed ? -1 : 1) * base.size]
        : undefined;
  if (!make) return undefined;
  if (!base.littleEndian && base.size > 1)
    for (let at = 0; at + base.size <= bytes.length; at += base.size) bytes.subarray(at, at + base.size).reverse();
  const aligned = bytes.byteOffset % base.size === 0 ? bytes : bytes.slice();
  return new make(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.length / base.size));
}

type Maker = new (buffer: ArrayBuffer, offset: number, length: number) => NumberArray;
const floats: Readonly<Record<number, Maker>> = { 4: Float32Array, 8: Float64Array };
/** By bytes, negative for signed ones. */
const integers: Readonly<Record<number, Maker>> = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: BigUint64Array,
  [-1]: Int8Array,
  [-2]: Int16Array,
  [-4]: Int32Array,
  [-8]: BigInt64Array,
};

/** A text of fixed length as it is meant: without its padding. */
export function fixedText(type: Extract<Hdf5Type, { class: 'string' }>, bytes: Uint8Array): string {
  const text = utf8(bytes);
  return type.padding === 'space-padded' ? text.replace(/ +$/, '') : text;
}

/**
 * What one reading may unpack from heaps. A file of some kilobytes can name one long text a million times; memory and
 * time end here instead.
 */
export class ReadBudget {
  private left: number;

  constructor(bytes = 256 << 20) {
    this.left = bytes;
  }

  /** @throws Hdf5Fault where nothing is left */
  spend(bytes: number): void {
    this.left -= bytes + 16;
    if (this.left < 0) throw new Hdf5Fault('absurd', 'the values unpack to more than can be shown at once');
  }
}

/** Values as texts; records refer to the heaps for texts of any length. */
export async function textsOf(
  type: Hdf5Type,
  bytes: Uint8Array,
  count: number,
  heaps: GlobalHeaps,
  stride = type.size,
  start = 0,
): Promise<string[]> {
  const out: string[] = [];
  const budget = new ReadBudget();
  for (let n = 0, at = start; n < count; n++, at += stride) {
    const cell = bytes.subarray(at, at + type.size);
    if (type.class === 'string') out.push(fixedText(type, cell));
    else if (type.class === 'vlen-string') {
      const text = (await heaps.object(cell)).bytes;
      budget.spend(text.length);
      out.push(utf8(text));
    } else throw new Hdf5Fault('unsupported', `values of class ${type.class} are no texts`);
  }
  return out;
}

/** Longest list read from one value. */
const mostElements = 1_000_000;

/** One value of any type, its first byte at `at`. */
export async function valueOf(
  type: Hdf5Type,
  bytes: Uint8Array,
  at: number,
  heaps: GlobalHeaps,
  budget: ReadBudget = new ReadBudget(),
): Promise<Hdf5Value> {
  budget.spend(type.size);
  const cell = bytes.subarray(at, at + type.size);
  switch (type.class) {
    case 'integer': {
      const isExact = type.size <= 6 || type.precision !== type.size * 8;
      const value = numberAt(type, cell)(0);
      return isExact || Number.isSafeInteger(value) ? value : exactInteger(type, cell);
    }
    case 'float':
      return type.isStandard ? numberAt(type, cell)(0) : cell.slice();
    case 'bitfield':
      return type.size <= 6 ? numberAt(type, cell)(0) : cell.slice();
    case 'enum': {
      const value = numberAt(type, cell)(0);
      const name = type.names.find((known) => known.value === value)?.name;
      return name === 'FALSE' ? false : name === 'TRUE' ? true : (name ?? value);
    }
    case 'string':
      return fixedText(type, cell);
    case 'vlen-string': {
      const text = (await heaps.object(cell)).bytes;
      budget.spend(text.length);
      return utf8(text);
    }
    case 'vlen': {
      const { count, bytes: elements } = await heaps.object(cell);
      return listOf(type.base, elements, Math.min(count, Math.floor(elements.length / type.base.size)), heaps, budget);
    }
    case 'array':
      return nested(await listOf(type.base, cell, cell.length / type.base.size, heaps, budget), type.shape);
    case 'compound': {
      // Null prototype: a column may be called "__proto__".
      const record = Object.create(null) as Record<string, Hdf5Value>;
      for (const member of type.members)
        record[member.name] = await valueOf(member.type, cell, member.offset, heaps, budget);
      return record;
    }
    case 'reference':
      return type.to === 'object' && type.size <= 8 ? wholeNumber(cell, true, false) : cell.slice();
    case 'opaque':
    case 'other':
      return cell.slice();
  }
}

function exactInteger({ littleEndian, signed }: Extract<Hdf5Type, { class: 'integer' }>, cell: Uint8Array): bigint {
  let value = 0n;
  for (let n = 0; n < cell.length; n++) value = (value << 8n) | BigInt(cell[littleEndian ? cell.length - 1 - n : n]!);
  return signed ? BigInt.asIntN(cell.length * 8, value) : value;
}

async function listOf(
  type: Hdf5Type,
  bytes: Uint8Array,
  count: number,
  heaps: GlobalHeaps,
  budget: ReadBudget,
): Promise<Hdf5Value[]> {
  const out: Hdf5Value[] = [];
  for (let n = 0; n < Math.min(count, mostElements); n++)
    out.push(await valueOf(type, bytes, n * type.size, heaps, budget));
  return out;
}

function nested(values: Hdf5Value[], shape: readonly number[]): Hdf5Value {
  let level = values;
  for (const length of shape.slice(1).toReversed()) {
    const rows: Hdf5Value[] = [];
    for (let at = 0; at < level.length; at += Math.max(1, length)) rows.push(level.slice(at, at + Math.max(1, length)));
    level = rows;
  }
  return level;
}
