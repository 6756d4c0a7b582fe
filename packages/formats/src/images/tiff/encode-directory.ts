/** A field to be written. Types: 1 bytes, 2 text, 3 u16, 4 u32, 5 rational, 12 f64, 16 u64. */
export interface FieldToWrite {
  tag: number;
  type: 1 | 2 | 3 | 4 | 5 | 12 | 16;
  /** Numbers (rationals as numerator and denominator in turn), or bytes for types 1 and 2. */
  values: readonly number[] | Uint8Array;
}

const sizes = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 12: 8, 16: 8 } as const;

/** Bytes a directory with these fields takes, values outside the entries included; a multiple of 8. */
export function directorySize(fields: readonly FieldToWrite[], big: boolean): number {
  let size = big ? 16 + fields.length * 20 : 6 + fields.length * 12;
  for (const field of fields) {
    const length = lengthOf(field);
    if (length > (big ? 8 : 4)) size += aligned(length);
  }
  return aligned(size);
}

/** Next multiple of 8. */
export function aligned(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function lengthOf({ type, values }: FieldToWrite): number {
  return type === 5 ? values.length * 4 : values.length * sizes[type];
}

/**
 * A directory as it lies at byte `at` of the file, little endian, values that do not fit into the entries behind it.
 * @param next offset of the next directory, 0 for the last
 */
export function encodeDirectory(fields: readonly FieldToWrite[], at: number, next: number, big: boolean): Uint8Array {
  const sorted = [...fields].sort((a, b) => a.tag - b.tag);
  const bytes = new Uint8Array(directorySize(fields, big));
  const view = new DataView(bytes.buffer);
  const entrySize = big ? 20 : 12;
  let entry = big ? 8 : 2;
  let free = entry + sorted.length * entrySize + (big ? 8 : 4);
  if (big) view.setBigUint64(0, BigInt(sorted.length), true);
  else view.setUint16(0, sorted.length, true);
  for (const field of sorted) {
    const length = lengthOf(field);
    const count = field.type === 5 ? field.values.length / 2 : field.values.length;
    view.setUint16(entry, field.tag, true);
    view.setUint16(entry + 2, field.type, true);
    if (big) view.setBigUint64(entry + 4, BigInt(count), true);
    else view.setUint32(entry + 4, count, true);
    const inline = entry + (big ? 12 : 8);
    if (length <= (big ? 8 : 4)) {
      putValues(view, bytes, inline, field);
    } else {
      if (big) view.setBigUint64(inline, BigInt(at + free), true);
      else view.setUint32(inline, at + free, true);
      putValues(view, bytes, free, field);
      free += aligned(length);
    }
    entry += entrySize;
  }
  if (big) view.setBigUint64(entry, BigInt(next), true);
  else view.setUint32(entry, next, true);
  return bytes;
}

function putValues(view: DataView, bytes: Uint8Array, at: number, { type, values }: FieldToWrite): void {
  if (values instanceof Uint8Array) {
    bytes.set(values, at);
    return;
  }
  for (const [index, value] of values.entries()) {
    if (type === 3) view.setUint16(at + index * 2, value, true);
    else if (type === 4 || type === 5) view.setUint32(at + index * 4, value, true);
    else if (type === 12) view.setFloat64(at + index * 8, value, true);
    else if (type === 16) view.setBigUint64(at + index * 8, BigInt(value), true);
    else bytes[at + index] = value;
  }
}

/** Text as TIFF wants it: UTF-8 with a NUL at its end. */
export function tiffText(text: string): Uint8Array {
  return new TextEncoder().encode(`${text.replaceAll('\0', '')}\0`);
}

/** A positive number as numerator and denominator of 32 bits, as near as they allow. */
export function rational(value: number): [number, number] {
  const limit = 2 ** 32 - 1;
  if (!(value > 0) || !Number.isFinite(value)) return [1, 1];
  if (value > limit) return [limit, 1];
  if (value >= 1) {
    const denominator = Math.max(1, Math.floor(limit / Math.ceil(value)));
    return [Math.round(value * denominator), denominator];
  }
  return [Math.max(1, Math.round(value * limit)), limit];
}
