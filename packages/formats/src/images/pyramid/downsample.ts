import type { PixelBlock, PixelType } from '@micrarium/model';

/** Values of a plane or band, row by row. */
export type PlaneValues = PixelBlock['data'];

/** `mean` for intensities, `nearest` (top-left, never a mixture) for labels and for 64-bit integers. */
export type DownsampleMethod = 'mean' | 'nearest';

type NumberValues = Exclude<PlaneValues, BigUint64Array | BigInt64Array>;

/** An empty array for pixels of a type; half floats are held as float32. */
export function valuesOf(type: PixelType, length: number): PlaneValues {
  switch (type) {
    case 'bool':
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'float16':
    case 'float32':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'uint64':
      return new BigUint64Array(length);
    case 'int64':
      return new BigInt64Array(length);
    case 'complex64':
    case 'complex128':
      throw new TypeError(`pixels of type ${type} are not held as an array`);
  }
}

/** An empty array of the same kind as another. */
export function valuesLike(values: PlaneValues, length: number): PlaneValues {
  return new (values.constructor as new (length: number) => PlaneValues)(length);
}

const isBig = (values: PlaneValues): values is BigUint64Array | BigInt64Array =>
  values instanceof BigUint64Array || values instanceof BigInt64Array;
const isFloat = (values: PlaneValues): boolean => values instanceof Float32Array || values instanceof Float64Array;

function nearest(values: PlaneValues, width: number, rows: number, outWidth: number, out: PlaneValues): void {
  const outRows = Math.ceil(rows / 2);
  for (let y = 0; y < outRows; y++)
    for (let x = 0; x < outWidth; x++)
      (out as Uint8Array)[y * outWidth + x] = (values as Uint8Array)[2 * y * width + 2 * x]!;
}

/** The commonest case: 16-bit, even sides, two values a load. */
function mean16(values: Uint16Array, width: number, rows: number, out: Uint16Array): void {
  const words = new Int32Array(values.buffer, values.byteOffset, (width * rows) / 2);
  const outWidth = width / 2;
  for (let y = 0, to = 0; y < rows / 2; y++) {
    const below = (2 * y + 1) * outWidth;
    for (let top = 2 * y * outWidth, x = 0; x < outWidth; x++, top++) {
      const a = words[top]!;
      const b = words[below + x]!;
      out[to++] = ((a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16) + 2) >> 2;
    }
  }
}

/** Mean of up to four values, half up: `(a+b+c+d+2)>>2` for integers, exact for floats. */
function mean(values: NumberValues, width: number, rows: number, outWidth: number, out: NumberValues): void {
  const outRows = Math.ceil(rows / 2);
  const pairs = width >> 1;
  const small = values.BYTES_PER_ELEMENT <= 2;
  const exact = isFloat(values);
  for (let y = 0; y < outRows; y++) {
    let top = 2 * y * width;
    // The last row of an odd number stands for both.
    let below = 2 * y + 1 < rows ? top + width : top;
    let to = y * outWidth;
    if (small)
      for (let x = 0; x < pairs; x++, top += 2, below += 2)
        out[to++] = (values[top]! + values[top + 1]! + values[below]! + values[below + 1]! + 2) >> 2;
    else
      for (let x = 0; x < pairs; x++, top += 2, below += 2) {
        const sum = values[top]! + values[top + 1]! + values[below]! + values[below + 1]!;
        out[to++] = exact ? sum / 4 : Math.floor((sum + 2) / 4);
      }
    if (pairs < outWidth) {
      const sum = values[top]! + values[below]!;
      out[to] = exact ? sum / 2 : Math.floor((sum + 1) / 2);
    }
  }
}

/**
 * Halves a band of whole rows in y and x; sides are rounded up, an odd edge averages what exists. A band in the middle
 * of a plane must have an even number of rows.
 */
export function halveBand(values: PlaneValues, width: number, rows: number, method: DownsampleMethod): PlaneValues {
  const outWidth = Math.ceil(width / 2);
  const out = valuesLike(values, outWidth * Math.ceil(rows / 2));
  const even = width % 2 === 0 && rows % 2 === 0 && values.byteOffset % 4 === 0;
  if (method === 'nearest' || isBig(values)) nearest(values, width, rows, outWidth, out);
  else if (even && values instanceof Uint16Array) mean16(values, width, rows, out as Uint16Array);
  else mean(values, width, rows, outWidth, out as NumberValues);
  return out;
}

/** Adds the 2x2 sums of a band to `sums`, from `at` on; counts are left to `meanOfSums`. */
export function addBand(values: NumberValues, width: number, rows: number, sums: Float64Array, at: number): void {
  const outWidth = Math.ceil(width / 2);
  for (let y = 0; y < rows; y++) {
    const to = at + (y >> 1) * outWidth;
    for (let x = 0; x < width; x++) sums[to + (x >> 1)] = sums[to + (x >> 1)]! + values[y * width + x]!;
  }
}

/** Means of sums over `planes` planes, rounded half up for integers; `rows` and `width` are those before halving. */
export function meanOfSums(
  sums: Float64Array,
  width: number,
  rows: number,
  planes: number,
  like: NumberValues,
): PlaneValues {
  const outWidth = Math.ceil(width / 2);
  const outRows = Math.ceil(rows / 2);
  const out = valuesLike(like, outWidth * outRows) as NumberValues;
  const exact = isFloat(like);
  for (let y = 0; y < outRows; y++) {
    const tall = 2 * y + 1 < rows ? 2 : 1;
    for (let x = 0; x < outWidth; x++) {
      const count = planes * tall * (2 * x + 1 < width ? 2 : 1);
      const sum = sums[y * outWidth + x]!;
      out[y * outWidth + x] = exact ? sum / count : Math.floor((sum + count / 2) / count);
    }
  }
  return out;
}
