import type { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';

/** A column of a compound. */
export interface Hdf5CompoundMember {
  name: string;
  /** Bytes from the start of the record. */
  offset: number;
  type: Hdf5Type;
}

/** The type of stored values; `size` is the bytes of one of them. */
export type Hdf5Type =
  | { class: 'integer'; size: number; signed: boolean; littleEndian: boolean; bitOffset: number; precision: number }
  | { class: 'float'; size: number; littleEndian: boolean; isStandard: boolean }
  | { class: 'string'; size: number; padding: 'null-terminated' | 'null-padded' | 'space-padded'; isUtf8: boolean }
  /** A text of any length, kept in a global heap. */
  | { class: 'vlen-string'; size: number; isUtf8: boolean }
  /** A list of any length, kept in a global heap. */
  | { class: 'vlen'; size: number; base: Hdf5Type }
  | { class: 'bitfield'; size: number; littleEndian: boolean }
  | { class: 'opaque'; size: number; tag: string }
  | { class: 'compound'; size: number; members: Hdf5CompoundMember[] }
  /** `object`: the address of an object header. Other references are kept as bytes. */
  | { class: 'reference'; size: number; to: 'object' | 'other' }
  | { class: 'enum'; size: number; base: Hdf5Type; names: { name: string; value: number }[] }
  | { class: 'array'; size: number; shape: number[]; base: Hdf5Type }
  /** A kind that is not read: old times, complex numbers. */
  | { class: 'other'; size: number; number: number };

const maxDepth = 16;
const mostMembers = 65_536;

/**
 * Reads a datatype message, versions 1 to 5. Source: HDF5 File Format Specification 3.0, IV.A.2.d.
 * @throws Hdf5Fault where it makes no sense
 */
export function parseDatatype(cursor: Cursor, depth = 0): Hdf5Type {
  if (depth > maxDepth) throw new Hdf5Fault('damaged', 'a datatype is nested too deeply');
  const first = cursor.u8();
  const version = first >> 4;
  const number = first & 15;
  const bits = cursor.uint(3);
  const size = cursor.u32();
  if (version < 1 || version > 5) throw new Hdf5Fault('unsupported', `a datatype is of version ${version}`);
  if (size === 0) throw new Hdf5Fault('damaged', 'a datatype has no size');
  switch (number) {
    case 0:
      return integer(cursor, bits, size);
    case 1:
      return float(cursor, bits, size);
    case 3: {
      const padding = (['null-terminated', 'null-padded', 'space-padded'] as const)[bits & 15] ?? 'null-padded';
      return { class: 'string', size, padding, isUtf8: ((bits >> 4) & 15) === 1 };
    }
    case 4:
      cursor.skip(4);
      return { class: 'bitfield', size, littleEndian: (bits & 1) === 0 };
    case 5:
      return { class: 'opaque', size, tag: tagOf(cursor.take(bits & 255)) };
    case 6:
      return compound(cursor, version, bits & 0xffff, size, depth);
    case 7:
      return { class: 'reference', size, to: (bits & 15) === 0 ? 'object' : 'other' };
    case 8:
      return enumeration(cursor, version, bits & 0xffff, size, depth);
    case 9: {
      const base = parseDatatype(cursor, depth + 1);
      if ((bits & 15) === 1) return { class: 'vlen-string', size, isUtf8: ((bits >> 8) & 15) === 1 };
      return { class: 'vlen', size, base };
    }
    case 10:
      return array(cursor, version, size, depth);
    default:
      if (number === 2) cursor.skip(2);
      return { class: 'other', size, number };
  }
}

function tagOf(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252').decode(bytes).replace(/\0[\s\S]*$/, '');
}

function integer(cursor: Cursor, bits: number, size: number): Hdf5Type {
  const bitOffset = cursor.u16();
  const precision = cursor.u16();
  if (precision === 0 || bitOffset + precision > size * 8)
    throw new Hdf5Fault('damaged', `an integer type has ${precision} bits in ${size} bytes`);
  return { class: 'integer', size, signed: (bits & 8) !== 0, littleEndian: (bits & 1) === 0, bitOffset, precision };
}

function float(cursor: Cursor, bits: number, size: number): Hdf5Type {
  const bitOffset = cursor.u16();
  const precision = cursor.u16();
  const exponent = { at: cursor.u8(), bits: cursor.u8() };
  const mantissa = { at: cursor.u8(), bits: cursor.u8() };
  const bias = cursor.u32();
  const ieee = { 2: [10, 5, 15], 4: [23, 8, 127], 8: [52, 11, 1023] }[size];
  const isStandard =
    ieee !== undefined &&
    bitOffset === 0 &&
    precision === size * 8 &&
    mantissa.at === 0 &&
    mantissa.bits === ieee[0] &&
    exponent.at === ieee[0] &&
    exponent.bits === ieee[1] &&
    bias === ieee[2] &&
    (bits & 0x40) === 0;
  return { class: 'float', size, littleEndian: (bits & 1) === 0, isStandard };
}

function compound(cursor: Cursor, version: number, count: number, size: number, depth: number): Hdf5Type {
  if (count === 0 || count > Math.min(mostMembers, cursor.left))
    throw new Hdf5Fault('damaged', `a compound type has ${count} members in ${cursor.left} bytes`);
  const members: Hdf5CompoundMember[] = [];
  const offsetBytes = Math.max(1, Math.ceil(Math.log2(size + 1) / 8));
  for (let n = 0; n < count; n++) {
    const name = cursor.terminated(version < 3);
    const offset = version < 3 ? cursor.u32() : cursor.uint(offsetBytes);
    let shape: number[] = [];
    if (version === 1) {
      const rank = cursor.u8();
      if (rank > 4) throw new Hdf5Fault('damaged', `the member ${name} has ${rank} dimensions`);
      cursor.skip(11);
      shape = Array.from({ length: 4 }, () => cursor.u32()).slice(0, rank);
    }
    const base = parseDatatype(cursor, depth + 1);
    const type = shape.length > 0 ? arrayOf(base, shape) : base;
    if (offset + type.size > size)
      throw new Hdf5Fault('damaged', `the member ${name} reaches past the end of its record`);
    members.push({ name, offset, type });
  }
  return { class: 'compound', size, members };
}

function enumeration(cursor: Cursor, version: number, count: number, size: number, depth: number): Hdf5Type {
  const base = parseDatatype(cursor, depth + 1);
  if (count * (1 + base.size) > cursor.left)
    throw new Hdf5Fault('damaged', `an enumeration has ${count} names in ${cursor.left} bytes`);
  const names = Array.from({ length: count }, () => cursor.terminated(version < 3));
  const values = cursor.take(count * base.size);
  const isSigned = base.class === 'integer' && base.signed;
  const isLittle = base.class !== 'integer' || base.littleEndian;
  return {
    class: 'enum',
    size,
    base,
    names: names.map((name, n) => ({
      name,
      value: wholeNumber(values.subarray(n * base.size, (n + 1) * base.size), isLittle, isSigned),
    })),
  };
}

function array(cursor: Cursor, version: number, size: number, depth: number): Hdf5Type {
  const rank = cursor.u8();
  if (rank === 0 || rank > 32) throw new Hdf5Fault('damaged', `an array type has ${rank} dimensions`);
  if (version < 3) cursor.skip(3);
  const shape = Array.from({ length: rank }, () => cursor.u32());
  if (version < 3) cursor.skip(4 * rank);
  const found = arrayOf(parseDatatype(cursor, depth + 1), shape);
  if (found.size !== size) throw new Hdf5Fault('damaged', `an array type of ${found.size} bytes claims ${size}`);
  return found;
}

function arrayOf(base: Hdf5Type, shape: number[]): Hdf5Type {
  return { class: 'array', size: shape.reduce((product, length) => product * length, base.size), shape, base };
}

/** An integer of any number of bytes; inexact above 2^53. */
export function wholeNumber(bytes: Uint8Array, littleEndian: boolean, signed: boolean): number {
  const top = bytes[littleEndian ? bytes.length - 1 : 0] ?? 0;
  const isNegative = signed && top >= 128;
  // Of a negative number the complement is summed: 2^64 less something small would be rounded.
  const flip = isNegative ? 255 : 0;
  let value = 0;
  for (let n = 0; n < bytes.length; n++) value = value * 256 + (bytes[littleEndian ? bytes.length - 1 - n : n]! ^ flip);
  return isNegative ? -value - 1 : value;
}

/** Name of a type for people, as NumPy would say it where it can: `uint16`, `float64 (big-endian)`, `text of 16 bytes`. */
export function typeName(type: Hdf5Type): string {
  const order = (littleEndian: boolean): string => (littleEndian || type.size === 1 ? '' : ' (big-endian)');
  switch (type.class) {
    case 'integer':
      return `${type.signed ? '' : 'u'}int${type.precision}${order(type.littleEndian)}`;
    case 'float':
      return `float${type.size * 8}${order(type.littleEndian)}`;
    case 'string':
      return `text of ${type.size} bytes`;
    case 'vlen-string':
      return 'text';
    case 'vlen':
      return `list of ${typeName(type.base)}`;
    case 'bitfield':
      return `${type.size * 8} bits${order(type.littleEndian)}`;
    case 'opaque':
      return `${type.size} bytes${type.tag ? ` (${type.tag})` : ''}`;
    case 'compound':
      return `record of ${type.members.length} columns`;
    case 'reference':
      return 'reference';
    case 'enum':
      return type.names.length === 2 && type.names[0]!.name === 'FALSE' ? 'bool' : `one of ${type.names.length} names`;
    case 'array':
      return `${typeName(type.base)} [${type.shape.join(' × ')}]`;
    case 'other':
      return `type class ${type.number}`;
  }
}
