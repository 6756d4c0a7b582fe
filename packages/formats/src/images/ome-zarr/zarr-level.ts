import type { PixelBlock, PixelType } from '@micrarium/model';
import { type Array as ZarrArray, type DataType, get, open, root, type Slice, slice } from 'zarrita';
import { PixelsUnreadable } from '../image-reader.ts';
import { arrayCodecs, indexFirst } from './array-codecs.ts';
import { withKeptChunks } from './chunk-cache.ts';
import { withOwnSignals } from './own-signals.ts';
import type { TreeStore } from './tree-store.ts';
import { useOwnCodecs } from './zarr-codecs.ts';

/** An open array. */
export type OpenArray = ZarrArray<DataType, TreeStore>;

const types: Record<string, PixelType> = {
  bool: 'bool',
  int8: 'int8',
  uint8: 'uint8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  int64: 'int64',
  uint64: 'uint64',
  float16: 'float16',
  float32: 'float32',
  float64: 'float64',
};
/** Chunks larger than this (unpacked) are not read. */
const chunkLimit = 2 ** 30;
/** Most bytes of one region. */
const regionLimit = 2 ** 30;

/** Pixel type of an array; `undefined` for text, complex numbers and records. */
export function pixelTypeOf(array: OpenArray): PixelType | undefined {
  return Object.hasOwn(types, array.dtype) ? types[array.dtype] : undefined;
}

/**
 * Opens an array of a hierarchy. Answers a sentence where its metadata are missing, damaged or ask for absurd chunks.
 */
export async function openArray(store: TreeStore, path: string, zarrFormat: 2 | 3): Promise<OpenArray | string> {
  useOwnCodecs();
  const file = `${path}/${zarrFormat === 3 ? 'zarr.json' : '.zarray'}`;
  if (!store.has(file)) return `${file} is missing`;
  try {
    const codecs = arrayCodecs(await store.text(file), zarrFormat);
    if (codecs.unread !== undefined) return `${file}: the array ${codecs.unread}`;
    const at = root(codecs.isIndexFirst ? indexFirst(store) : store).resolve(`/${path}`);
    const array = await (zarrFormat === 3
      ? open.v3(at, { kind: 'array' })
      : open.v2(at, { kind: 'array', attrs: false }));
    if (array.shape.some((side) => !Number.isSafeInteger(side) || side < 0) || array.shape.length === 0)
      return `${file} states the shape ${JSON.stringify(array.shape)}`;
    if (
      array.chunks.length !== array.shape.length ||
      array.chunks.some((side) => !Number.isSafeInteger(side) || side < 1)
    )
      return `${file} states chunks of ${JSON.stringify(array.chunks)} for the shape ${JSON.stringify(array.shape)}`;
    if (array.chunks.reduce((product, side) => product * side, 8) > chunkLimit)
      return `${file} states chunks of ${array.chunks.join(' x ')} values, too large to unpack`;
    return withKeptChunks(withOwnSignals(array), bytesOf(pixelTypeOf(array)));
  } catch (error) {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Bytes of a value, rounded up; what is no pixel type counts as the widest. */
function bytesOf(type: PixelType | undefined): number {
  return !type || type.endsWith('64') ? 8 : type.endsWith('32') ? 4 : 2;
}

/** A region of an array: an index or a range for each dimension; the ranges are y and x. */
export interface ArrayRegion {
  selection: (number | { from: number; to: number })[];
  /** Dimension numbers of y and x. */
  y: number;
  x: number;
  /** Dimension number of z where several slices are read; it stands before y, and y before x. */
  z?: number;
}

/**
 * Reads a region as pixels, row by row, several slices one after the other.
 * @throws PixelsUnreadable where chunks are damaged or the region is too large for memory
 */
export async function readArray(array: OpenArray, region: ArrayRegion, signal?: AbortSignal): Promise<PixelBlock> {
  const type = pixelTypeOf(array);
  const side = (dimension: number): number => {
    const range = region.selection[dimension];
    return typeof range === 'object' ? range.to - range.from : 1;
  };
  const [height, width] = [side(region.y), side(region.x)];
  const depth = region.z === undefined ? 1 : side(region.z);
  if (!type) throw new PixelsUnreadable(`${array.path} holds ${array.dtype} values`);
  if (depth * height * width * bytesOf(type) > regionLimit)
    throw new PixelsUnreadable(`${width} x ${height} pixels at once are too many: read a smaller region`);
  const selection = region.selection.map((one): number | Slice =>
    typeof one === 'number' ? one : slice(one.from, one.to),
  );
  try {
    const chunk = await get(array, selection, signal ? { signal } : {});
    const { data, stride } = chunk as { data: unknown; stride: number[] };
    // Strides of what was asked for as a range, in the order of the dimensions.
    const deep = region.z === undefined ? 0 : stride[0]!;
    const flat = region.z === undefined ? stride : stride.slice(1);
    const [row, column] = region.y < region.x ? [flat[0]!, flat[1]!] : [flat[1]!, flat[0]!];
    return { width, height, samples: 1, type, data: inOrder(data, { depth, height, width }, [deep, row, column]) };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new PixelsUnreadable(`${array.path}: ${whyOf(cause)}`, { cause });
  }
}

/** What was thrown, and what that came from: zarrita says no more than that a chunk could not be unpacked. */
function whyOf(thrown: unknown): string {
  const said: string[] = [];
  for (let one = thrown; said.length < 4 && one !== undefined && one !== null; one = (one as { cause?: unknown }).cause)
    said.push(one instanceof Error ? one.message : String(one));
  return [...new Set(said)].join(': ');
}

type Values = PixelBlock['data'];

/** Values with x fastest, then y, then z. */
function inOrder(
  data: unknown,
  { depth, height, width }: { depth: number; height: number; width: number },
  [deep, row, column]: [number, number, number],
): Values {
  const plain = plainValues(data);
  if (column === 1 && row === width && (depth === 1 || deep === width * height)) return plain;
  const out = plain.slice(0, depth * width * height);
  for (let z = 0, at = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, at++) out[at] = plain[z * deep + y * row + x * column]!;
  return out;
}

/** Booleans come as a wrapper over bytes, half floats as an array type that few programs know. */
function plainValues(data: unknown): Values {
  if (data instanceof Uint8Array || data instanceof Uint16Array) return data;
  if (ArrayBuffer.isView(data)) {
    const name = data.constructor.name;
    return name === 'Float16Array'
      ? Float32Array.from(data as unknown as ArrayLike<number>)
      : (data as unknown as Values);
  }
  if (typeof data === 'object' && data !== null && Symbol.iterator in data)
    return Uint8Array.from(data as Iterable<boolean>, Number);
  throw new TypeError('values of an unknown kind');
}
