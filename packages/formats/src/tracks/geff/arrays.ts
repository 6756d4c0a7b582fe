import type { Column, ColumnDescription, ColumnType } from '@micrarium/model';
import { get, slice } from 'zarrita';
import type { TreeStore } from '../../images/ome-zarr/tree-store.ts';
import { type OpenArray, openArray } from '../../images/ome-zarr/zarr-level.ts';

/** An array of a GEFF cannot be read: what is wrong, for people. */
export class GeffArrayError extends Error {
  override readonly name = 'GeffArrayError';
}

/** Bytes an unpacked byte may become at most; no codec in use packs graph arrays tighter. */
const mostUnpacked = 5000;
/** Values of one node that are spread over columns. */
const mostComponents = 64;
/** Elements of a varlength entry that are kept. */
const mostElements = 100_000;

/** Opens an array; refuses lengths that its files cannot hold. */
export async function openGeffArray(store: TreeStore, path: string, zarrFormat: 2 | 3): Promise<OpenArray> {
  const array = await openArray(store, path, zarrFormat);
  if (typeof array === 'string') throw new GeffArrayError(array);
  return array;
}

/** How many bytes of files lie below a path, at most what is asked for. */
export function checkLength(array: OpenArray, path: string, bytesBelow: number): number {
  const [length] = array.shape as [number];
  if (length > bytesBelow * mostUnpacked + 1024)
    throw new GeffArrayError(`${path} states ${length} rows, more than its ${bytesBelow} bytes can hold`);
  return length;
}

/** Values of some rows, as they lie, row by row. */
export type RawValues =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | string[];

/** Reads rows `from .. to - 1` with everything in them. */
export async function readRows(array: OpenArray, from: number, to: number, signal?: AbortSignal): Promise<RawValues> {
  if (to <= from) return array.dtype === 'string' ? [] : new Float64Array(0);
  try {
    const selection = array.shape.map((_, dimension) => (dimension === 0 ? slice(from, to) : null));
    const { data } = (await get(array, selection, signal ? { signal } : {})) as { data: unknown };
    return plain(data);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new GeffArrayError(`${array.path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function plain(data: unknown): RawValues {
  if (Array.isArray(data)) return data.map((one) => (typeof one === 'string' ? one : String(one ?? '')));
  if (ArrayBuffer.isView(data)) {
    const name = data.constructor.name;
    return name === 'Float16Array' ? Float32Array.from(data as unknown as ArrayLike<number>) : (data as RawValues);
  }
  if (typeof data === 'object' && data !== null && Symbol.iterator in data) {
    const all = [...(data as Iterable<boolean | string>)];
    return all.length > 0 && typeof all[0] === 'string' ? (all as string[]) : Uint8Array.from(all, Number);
  }
  throw new GeffArrayError('values of an unknown kind');
}

/** Numbers of any values; big integers lose what float64 cannot hold, text becomes NaN. */
export function toNumbers(values: RawValues): Float64Array {
  if (values instanceof Float64Array) return values;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const numbers = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) numbers[i] = Number(values[i]);
    return numbers;
  }
  return Array.isArray(values) ? Float64Array.from(values, Number) : Float64Array.from(values);
}

function columnType(dtype: string): ColumnType {
  if (dtype === 'bool') return 'bool';
  if (/^u?int/.test(dtype)) return 'int';
  return dtype.startsWith('float') ? 'float' : 'string';
}

/** A property of nodes or edges, open: its columns, and a way to read them in rows. */
export interface OpenProperty {
  key: string;
  columns: ColumnDescription[];
  read(from: number, to: number, signal?: AbortSignal): Promise<Column[]>;
}

/**
 * Opens a property. A property of several numbers a node becomes several columns; one of varying length becomes text.
 * @throws GeffArrayError where it cannot be read
 */
export async function openProperty(
  store: TreeStore,
  path: string,
  zarrFormat: 2 | 3,
  rows: number,
  about: ColumnDescription,
): Promise<OpenProperty> {
  const key = about.name;
  const values = await openGeffArray(store, `${path}/values`, zarrFormat);
  if (values.shape[0] !== rows) throw new GeffArrayError(`${values.path} has ${values.shape[0]} rows for ${rows} ids`);
  const isThere = (name: string) => store.has(`${path}/${name}/${zarrFormat === 3 ? 'zarr.json' : '.zarray'}`);
  const missing = isThere('missing') ? await openGeffArray(store, `${path}/missing`, zarrFormat) : undefined;
  if (missing && (missing.shape[0] !== rows || missing.shape.length !== 1))
    throw new GeffArrayError(`${missing.path} has another length than the ids`);
  const readMissing = async (from: number, to: number, signal?: AbortSignal): Promise<Uint8Array | undefined> => {
    const mask =
      missing && Uint8Array.from(toNumbers(await readRows(missing, from, to, signal)), (one) => Number(one !== 0));
    return mask?.includes(1) ? mask : undefined;
  };
  if (isThere('data')) {
    const data = await openGeffArray(store, `${path}/data`, zarrFormat);
    const column: ColumnDescription = { ...about, type: 'string' };
    return {
      key,
      columns: [column],
      read: async (from, to, signal) => {
        const entries = await readEntries(values, data, from, to, signal);
        const mask = await readMissing(from, to, signal);
        return [{ ...column, values: entries.map((entry) => jsonOf(entry)), ...(mask ? { missing: mask } : {}) }];
      },
    };
  }
  const inner = values.shape.slice(1);
  const width = inner.reduce((product, side) => product * side, 1);
  if (width > mostComponents) throw new GeffArrayError(`${values.path} has ${width} values a row`);
  const type = columnType(values.dtype);
  const columns = Array.from({ length: width }, (_, at) => ({
    ...about,
    type,
    ...(inner.length === 0 ? {} : { name: `${about.name}_${indexName(at, inner)}` }),
  }));
  return {
    key,
    columns,
    read: async (from, to, signal) => {
      const all = await readRows(values, from, to, signal);
      const mask = await readMissing(from, to, signal);
      return columns.map((column, at) => ({
        ...column,
        values: columnValues(all, type, width, at),
        ...(mask ? { missing: mask } : {}),
      }));
    },
  };
}

/** Place of a value within its node, as `1` or `0_2`. */
function indexName(at: number, inner: readonly number[]): string {
  const places: number[] = [];
  let rest = at;
  for (const side of [...inner].reverse()) {
    places.unshift(rest % side);
    rest = Math.floor(rest / side);
  }
  return places.join('_');
}

function columnValues(all: RawValues, type: ColumnType, width: number, at: number): Column['values'] {
  const count = all.length / width;
  if (type === 'string') {
    const texts = Array.isArray(all) ? all : Array.from(all as ArrayLike<unknown>, String);
    return width === 1 ? texts : texts.filter((_, i) => i % width === at);
  }
  if (width === 1 && (all instanceof Float64Array || all instanceof Float32Array || all instanceof Int32Array))
    return all;
  const numbers = toNumbers(all);
  const own = width === 1 ? numbers : new Float64Array(count).map((_, row) => numbers[row * width + at]!);
  if (type === 'bool') return Uint8Array.from(own);
  return type === 'int' && own.every((one) => one === (one | 0)) ? Int32Array.from(own) : own;
}

/** One entry of a varlength property. */
export interface VarlengthEntry {
  shape: number[];
  values: RawValues;
}

/** Entries of some rows: each row says where in the data it begins, and its shape. */
export async function readEntries(
  values: OpenArray,
  data: OpenArray,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<VarlengthEntry[]> {
  const width = values.shape[1] ?? 0;
  if (values.shape.length !== 2 || width < 2 || data.shape.length !== 1)
    throw new GeffArrayError(`${values.path} is not a table of offsets and shapes`);
  const rows = toNumbers(await readRows(values, from, to, signal));
  const total = data.shape[0]!;
  const spans = Array.from({ length: to - from }, (_, row) => {
    const offset = rows[row * width]!;
    const shape = [...rows.subarray(row * width + 1, (row + 1) * width)];
    const length = shape.reduce((product, side) => product * side, 1);
    if (!(offset >= 0 && length >= 0 && offset + length <= total) || length > mostElements)
      throw new GeffArrayError(`${values.path} points outside its data in row ${from + row + 1}`);
    return { offset, shape, length };
  });
  const first = spans.reduce((least, one) => (one.length > 0 ? Math.min(least, one.offset) : least), total);
  const last = spans.reduce((most, one) => (one.length > 0 ? Math.max(most, one.offset + one.length) : most), 0);
  if (last - first > 1 << 27) throw new GeffArrayError(`${data.path}: entries of neighbouring rows lie too far apart`);
  const all = await readRows(data, Math.min(first, last), last, signal);
  return spans.map(({ offset, shape, length }) => ({
    shape,
    values: length === 0 ? [] : (all.slice(offset - first, offset - first + length) as RawValues),
  }));
}

function jsonOf({ shape, values }: VarlengthEntry): string {
  const flat: unknown[] = Array.isArray(values) ? values : [...toNumbers(values)];
  let nested = flat;
  for (const side of shape.slice(1).reverse()) {
    const rows: unknown[] = [];
    for (let at = 0; side > 0 && at < nested.length; at += side) rows.push(nested.slice(at, at + side));
    nested = rows;
  }
  return JSON.stringify(nested);
}
