import type { ColumnChunk } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { type Bounds, ChunkWriter } from './column-chunk.ts';
import { encodeRuns } from './runs.ts';
import type { StoredColumn, StoredType } from './table-writer.ts';

type NumberType = Exclude<StoredType, 'string'>;

const parquetTypes = { int32: 'INT32', int64: 'INT64', double: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/**
 * Writes a column chunk of numbers or truths: as a dictionary where values come again, plain where they do not.
 * Nothing is compressed beyond that, which would cost time and save little. Parquet is little-endian, as is every
 * machine JavaScript runs on today.
 * @param values one a row; what stands where a value is missing does not matter
 * @param missing 1 where a row has no value
 */
export function writeNumbers(
  writer: ByteWriter,
  { name, nullable, type }: StoredColumn & { type: NumberType },
  values: Float64Array,
  missing: Uint8Array | undefined,
): ColumnChunk {
  const present = missing ? withoutGaps(values, missing) : values;
  const page = { rows: values.length, ...(missing ? { missing } : {}) };
  const kind = { name, nullable, type: parquetTypes[type], codec: 'UNCOMPRESSED' } as const;
  if (type === 'boolean') {
    const chunk = new ChunkWriter(writer, { ...kind, encoding: 'RLE' });
    chunk.page({ ...page, body: truths(present) });
    return chunk.finish({});
  }
  const found = repeats(present) ? dictionaryOf(present) : undefined;
  const chunk = new ChunkWriter(writer, { ...kind, encoding: found ? 'RLE_DICTIONARY' : 'PLAIN' });
  if (found) {
    chunk.dictionary(plainBytes(found.values, type), found.values.length);
    chunk.page({ ...page, body: indexBytes(found.indices, found.values.length) });
  } else chunk.page({ ...page, body: plainBytes(present, type) });
  return chunk.finish(bounds(found?.values ?? present, type));
}

/** Indices of a dictionary as the body of a page: their width in bits, then runs. */
export function indexBytes(indices: Uint32Array, entries: number): Uint8Array {
  const width = Math.max(1, Math.ceil(Math.log2(entries)));
  const runs = encodeRuns(indices, indices.length, width);
  const body = new Uint8Array(1 + runs.length);
  body[0] = width;
  body.set(runs, 1);
  return body;
}

function withoutGaps(values: Float64Array, missing: Uint8Array): Float64Array {
  const present = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) if (missing[row] !== 1) present[count++] = values[row]!;
  return present.subarray(0, count);
}

/** Truths in runs, their length in bytes in front (Parquet format, Encodings). */
function truths(values: Float64Array): Uint8Array {
  const runs = encodeRuns(new Uint8Array(values), values.length, 1);
  const body = new Uint8Array(4 + runs.length);
  new DataView(body.buffer).setUint32(0, runs.length, true);
  body.set(runs, 4);
  return body;
}

function plainBytes(values: Float64Array, type: Exclude<NumberType, 'boolean'>): Uint8Array {
  const numbers =
    type === 'double' ? values : type === 'int32' ? new Int32Array(values) : wideIntegers(values, values.length);
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Whole numbers as 64-bit integers, by their halves: a BigInt each would be slow. */
function wideIntegers(values: Float64Array, rows: number): Int32Array {
  const halves = new Int32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    halves[row * 2] = value;
    halves[row * 2 + 1] = Math.floor(value / 2 ** 32);
  }
  return halves;
}

/** Do values come again often enough for a dictionary to pay? Looks at a sample. */
function repeats(values: Float64Array): boolean {
  if (values.length === 0) return false;
  const sample = new Set<number>();
  const step = Math.max(1, Math.floor(values.length / 512));
  let looked = 0;
  for (let row = 0; row < values.length; row += step, looked++) sample.add(values[row]!);
  return sample.size < looked / 2;
}

/** The distinct values and the index of each row's; `undefined` where more than a quarter of them are distinct. */
function dictionaryOf(values: Float64Array): { values: Float64Array; indices: Uint32Array } | undefined {
  const most = Math.max(1, values.length >> 2);
  const distinct = new Float64Array(most);
  const indices = new Uint32Array(values.length);
  const known = new Map<number, number>();
  // A map takes 0 and -0 for the same.
  let negativeZero = -1;
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const isNegativeZero = value === 0 && Object.is(value, -0);
    const index = isNegativeZero ? (negativeZero < 0 ? undefined : negativeZero) : known.get(value);
    if (index !== undefined) {
      indices[row] = index;
      continue;
    }
    if (count === most) return undefined;
    distinct[count] = value;
    if (isNegativeZero) negativeZero = count;
    else known.set(value, count);
    indices[row] = count++;
  }
  return { values: distinct.subarray(0, count), indices };
}

/** Smallest and largest value; NaN does not count, and zero gets the sign that keeps the bounds safe (Parquet format, Statistics). */
function bounds(values: Float64Array, type: NumberType): Bounds {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let numbers = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value <= min) min = value;
    if (value >= max) max = value;
    if (value === value) numbers++;
  }
  if (numbers === 0) return {};
  if (type === 'int64') return { min_value: BigInt(min), max_value: BigInt(max) };
  if (type === 'int32') return { min_value: min + 0, max_value: max + 0 };
  return { min_value: min === 0 ? -0 : min, max_value: max === 0 ? 0 : max };
}
