/** A value of the maker's "light variant" records: numbers, texts, or a level of further records. */
export interface Variant {
  readonly name: string;
  readonly value: number | string | undefined;
  readonly children: readonly Variant[];
}

const maxRecords = 1_000_000;
const maxDepth = 64;

/** Bytes of a value of fixed length, by its type. */
const fixed: Readonly<Record<number, number>> = { 1: 1, 2: 4, 3: 4, 4: 8, 5: 8, 6: 8 };

/** Reads light variants; what stood before a fault is kept. */
export function parseVariants(bytes: Uint8Array): Variant[] {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes, left: maxRecords };
  return readLevel(reader, 0, bytes.length, Infinity, 0).records;
}

interface Reader {
  view: DataView;
  bytes: Uint8Array;
  left: number;
}

function readLevel(reader: Reader, from: number, end: number, count: number, depth: number): { records: Variant[] } {
  const records: Variant[] = [];
  for (let at = from; at + 2 <= end && records.length < count && reader.left-- > 0; ) {
    const type = reader.bytes[at]!;
    const start = at + 2 + 2 * reader.bytes[at + 1]!;
    if (start > end) break;
    const name = wideText(reader.bytes.subarray(at + 2, start));
    if (type === 11) {
      if (start + 12 > end) break;
      const children = reader.view.getUint32(start, true);
      const stop = at + Number(reader.view.getBigUint64(start + 4, true));
      // A level ends behind its start and inside the one it lies in; a list of offsets follows.
      if (!(stop >= start + 12 && stop <= end) || depth >= maxDepth) break;
      records.push({
        name,
        value: undefined,
        children: readLevel(reader, start + 12, stop, children, depth + 1).records,
      });
      at = stop + 8 * children;
      continue;
    }
    const read = readValue(reader, type, start, end);
    if (!read) break;
    records.push({ name, value: read.value, children: [] });
    at = read.next;
  }
  return { records };
}

function readValue(
  { view, bytes }: Reader,
  type: number,
  at: number,
  end: number,
): { value: number | string | undefined; next: number } | undefined {
  const size = fixed[type];
  if (size !== undefined) {
    if (at + size > end) return undefined;
    const next = at + size;
    if (type === 1) return { value: bytes[at], next };
    if (type === 2) return { value: view.getInt32(at, true), next };
    if (type === 3) return { value: view.getUint32(at, true), next };
    if (type === 6) return { value: view.getFloat64(at, true), next };
    return { value: Number(type === 4 ? view.getBigInt64(at, true) : view.getBigUint64(at, true)), next };
  }
  if (type === 8) {
    for (let stop = at; stop + 2 <= end; stop += 2)
      if (bytes[stop] === 0 && bytes[stop + 1] === 0)
        return { value: wideText(bytes.subarray(at, stop)), next: stop + 2 };
    return undefined;
  }
  if (type !== 9 || at + 8 > end) return undefined;
  const next = at + 8 + Number(view.getBigUint64(at, true));
  return next <= end ? { value: undefined, next } : undefined;
}

function wideText(bytes: Uint8Array): string {
  return new TextDecoder('utf-16le').decode(bytes).replace(/\0+$/, '');
}

/** The first record down a path of names. */
export function variantAt(records: readonly Variant[] | undefined, ...path: string[]): Variant | undefined {
  let found: Variant | undefined;
  let level = records;
  for (const name of path) {
    found = level?.find((record) => record.name === name);
    level = found?.children;
  }
  return found;
}

/** A number down a path of names. */
export function numberAt(records: readonly Variant[] | undefined, ...path: string[]): number | undefined {
  const value = variantAt(records, ...path)?.value;
  return typeof value === 'number' ? value : undefined;
}

/** A text that is not empty down a path of names. */
export function textOf(records: readonly Variant[] | undefined, ...path: string[]): string | undefined {
  const value = variantAt(records, ...path)?.value;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The first record of this name anywhere below. */
export function findVariant(records: readonly Variant[] | undefined, name: string): Variant | undefined {
  for (const record of records ?? []) {
    const found = record.name === name ? record : findVariant(record.children, name);
    if (found) return found;
  }
  return undefined;
}

/** All records as indented lines, for download. */
export function variantLines(records: readonly Variant[], indent = ''): string[] {
  return records.flatMap(({ name, value, children }) => [
    `${indent}${name}${value === undefined ? '' : ` = ${value}`}`,
    ...variantLines(children, `${indent}  `),
  ]);
}
