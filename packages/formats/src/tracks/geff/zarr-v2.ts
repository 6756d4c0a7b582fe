import type { Column } from '@micrarium/model';
import type { FileSink } from '../track-reader.ts';

/** Kinds of arrays we write, as Zarr v2 names them, and as GEFF does. */
export const kinds = {
  float64: { dtype: '<f8', fill: 0 as number | string | boolean, size: 8 },
  float32: { dtype: '<f4', fill: 0, size: 4 },
  int64: { dtype: '<i8', fill: 0, size: 8 },
  uint64: { dtype: '<u8', fill: 0, size: 8 },
  int32: { dtype: '<i4', fill: 0, size: 4 },
  uint32: { dtype: '<u4', fill: 0, size: 4 },
  uint16: { dtype: '<u2', fill: 0, size: 2 },
  uint8: { dtype: '|u1', fill: 0, size: 1 },
  bool: { dtype: '|b1', fill: false, size: 1 },
  str: { dtype: '|O', fill: '', size: 8 },
} as const;

/** Name of a kind, as in the metadata of a GEFF. */
export type Kind = keyof typeof kinds;

const rowsInChunk = 65_536;
const encoder = new TextEncoder();

/** Writes groups and arrays of a Zarr v2 hierarchy, packed with gzip, which every Zarr program unpacks. */
export class ZarrV2Writer {
  private readonly sink: FileSink;

  constructor(sink: FileSink) {
    this.sink = sink;
  }

  async group(path: string, attributes?: object): Promise<void> {
    const at = path === '' ? '' : `${path}/`;
    await this.put(`${at}.zgroup`, json({ zarr_format: 2 }));
    if (attributes) await this.put(`${at}.zattrs`, json(attributes));
  }

  /**
   * Writes an array of `rows` rows with `width` values each (one dimension where `width` is left out).
   * @param encode bytes of the rows `from .. to - 1`
   */
  async array(
    path: string,
    kind: Kind,
    rows: number,
    width: number | undefined,
    encode: (from: number, to: number) => Uint8Array,
  ): Promise<void> {
    const { dtype, fill } = kinds[kind];
    const chunkRows = Math.max(1, Math.min(rowsInChunk, rows));
    const inner = width === undefined ? [] : [width];
    await this.put(
      `${path}/.zarray`,
      json({
        zarr_format: 2,
        shape: [rows, ...inner],
        chunks: [chunkRows, ...inner.map((side) => Math.max(1, side))],
        dtype,
        compressor: { id: 'gzip', level: 5 },
        fill_value: fill,
        order: 'C',
        filters: kind === 'str' ? [{ id: 'vlen-utf8' }] : null,
      }),
    );
    for (let from = 0; from < rows; from += chunkRows) {
      const to = Math.min(rows, from + chunkRows);
      // Chunks have one size, also the last.
      const bytes = padded(encode(from, to), kind, to - from, chunkRows, width ?? 1);
      await this.put(`${path}/${from / chunkRows}${width === undefined ? '' : '.0'}`, await gzip(bytes));
    }
  }

  private async put(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.sink.create(path);
    await file.write(bytes);
    await file.close();
  }
}

function json(value: object): Uint8Array {
  return encoder.encode(JSON.stringify(value, null, 4));
}

async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function padded(bytes: Uint8Array, kind: Kind, rows: number, chunkRows: number, width: number): Uint8Array {
  if (rows === chunkRows) return bytes;
  const empty = (chunkRows - rows) * width;
  const whole = new Uint8Array(bytes.length + empty * (kind === 'str' ? 4 : kinds[kind].size));
  whole.set(bytes);
  if (kind === 'str') new DataView(whole.buffer).setUint32(0, chunkRows * width, true);
  return whole;
}

/** Bytes of numbers in little endian. */
export function numberBytes(kind: Exclude<Kind, 'str'>, values: ArrayLike<number>): Uint8Array {
  const { size } = kinds[kind];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const at = i * size;
    const value = values[i]!;
    if (kind === 'float64') view.setFloat64(at, value, true);
    else if (kind === 'float32') view.setFloat32(at, value, true);
    else if (kind === 'int64') view.setBigInt64(at, BigInt(value), true);
    else if (kind === 'uint64') view.setBigUint64(at, BigInt(value), true);
    else if (kind === 'int32') view.setInt32(at, value, true);
    else if (kind === 'uint32') view.setUint32(at, value, true);
    else if (kind === 'uint16') view.setUint16(at, value, true);
    else bytes[at] = value;
  }
  return bytes;
}

/** Bytes of texts as `vlen-utf8` has them: how many, then length and bytes of each. */
export function textBytes(values: readonly string[]): Uint8Array {
  const encoded = values.map((text) => encoder.encode(text));
  const bytes = new Uint8Array(4 + encoded.reduce((sum, one) => sum + 4 + one.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, values.length, true);
  let at = 4;
  for (const one of encoded) {
    view.setUint32(at, one.length, true);
    bytes.set(one, at + 4);
    at += 4 + one.length;
  }
  return bytes;
}

/** Kind of array that holds a column without loss. */
export function kindOf({ type, values }: Column): Kind {
  if (Array.isArray(values)) return 'str';
  if (type === 'bool') return 'bool';
  if (values instanceof Float64Array)
    return type === 'int' && values.every((value) => Number.isSafeInteger(value)) ? 'int64' : 'float64';
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Int32Array) return 'int32';
  if (values instanceof Uint32Array) return 'uint32';
  return values instanceof Uint16Array ? 'uint16' : 'uint8';
}
