/** Types of numbers that tables have. All are written little-endian. */
export type NumberKind =
  | 'float64'
  | 'float32'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64';

/**
 * Type of a column: a number, or text of a fixed width. Text is UTF-8 padded with NUL; `isAscii` declares it as ASCII
 * that ends with a NUL, as programs in C do.
 */
export type Hdf5ColumnType = { kind: NumberKind } | { kind: 'string'; bytes: number; isAscii?: boolean };

/** A column of a table to be written. */
export interface Hdf5Column {
  name: string;
  type: Hdf5ColumnType;
  /** Where its values begin in a record; behind the column before where left out. */
  offset?: number;
}

/** Bytes one value of a type takes. */
export function columnBytes(type: Hdf5ColumnType): number {
  return type.kind === 'string' ? type.bytes : Number(/\d+$/.exec(type.kind)![0]) / 8;
}

/** Where the columns of a record begin. */
export function columnOffsets(columns: readonly Hdf5Column[]): number[] {
  let end = 0;
  return columns.map(({ type, offset = end }) => {
    end = offset + columnBytes(type);
    return offset;
  });
}

/** Bytes of one record: columns lie side by side, without gaps but where their offsets make some. */
export function recordBytes(columns: readonly Hdf5Column[]): number {
  const offsets = columnOffsets(columns);
  return columns.reduce((end, { type }, i) => Math.max(end, offsets[i]! + columnBytes(type)), 0);
}

type WholeKind = Exclude<NumberKind, 'float64' | 'float32'>;

/** Bounds of the whole numbers of a kind; of the wide ones, as far as a float64 tells them apart upwards. */
const leastOf: Readonly<Record<WholeKind, number>> = {
  int8: -(2 ** 7),
  int16: -(2 ** 15),
  int32: -(2 ** 31),
  int64: -(2 ** 63),
  uint8: 0,
  uint16: 0,
  uint32: 0,
  uint64: 0,
};
const mostOf: Readonly<Record<WholeKind, number>> = {
  int8: 2 ** 7 - 1,
  int16: 2 ** 15 - 1,
  int32: 2 ** 31 - 1,
  int64: Number.MAX_SAFE_INTEGER,
  uint8: 2 ** 8 - 1,
  uint16: 2 ** 16 - 1,
  uint32: 2 ** 32 - 1,
  uint64: Number.MAX_SAFE_INTEGER,
};

/** The value that is read back of one that is written in a kind of number; NaN where it does not fit. */
export function rounded(kind: NumberKind, value: number): number {
  if (kind === 'float64') return value;
  if (kind === 'float32') return Math.fround(value);
  const whole = Math.round(value);
  return whole >= leastOf[kind] && whole <= mostOf[kind] ? whole : Number.NaN;
}

/** Writes one number. */
export function putNumber(view: DataView, at: number, kind: NumberKind, value: number): void {
  switch (kind) {
    case 'float64':
      return view.setFloat64(at, value, true);
    case 'float32':
      return view.setFloat32(at, value, true);
    case 'int8':
    case 'uint8':
      return view.setUint8(at, Math.round(value));
    case 'int16':
    case 'uint16':
      return view.setUint16(at, Math.round(value), true);
    case 'int32':
    case 'uint32':
      return view.setUint32(at, Math.round(value), true);
    default:
      return view.setBigInt64(at, BigInt(Math.round(value)), true);
  }
}

/** The datatype message of a column: class and version, bit field, size, properties (specification 3.0, part IV.A.2.d). */
export function typeMessage(type: Hdf5ColumnType): number[] {
  const bytes = columnBytes(type);
  const size = [bytes & 255, (bytes >> 8) & 255, (bytes >> 16) & 255, bytes >>> 24];
  if (type.kind === 'string') return [0x13, type.isAscii ? 0 : 0x11, 0, 0, ...size];
  if (type.kind === 'float64') return [0x11, 0x20, 63, 0, ...size, 0, 0, 64, 0, 52, 11, 0, 52, 0xff, 3, 0, 0];
  if (type.kind === 'float32') return [0x11, 0x20, 31, 0, ...size, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
  return [0x10, type.kind.startsWith('u') ? 0 : 8, 0, 0, ...size, 0, 0, bytes * 8, 0];
}
