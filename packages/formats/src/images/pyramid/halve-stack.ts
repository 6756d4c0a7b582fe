import { addBand, type DownsampleMethod, halveBand, meanOfSums, type PlaneValues, valuesLike } from './downsample.ts';

type NumberValues = Exclude<PlaneValues, BigUint64Array | BigInt64Array>;

/** A band of the next level, where the rows given have completed one. */
export interface HalvedBand {
  values: PlaneValues;
  rows: number;
}

/**
 * Makes the next level of a stack from bands that come in order (rows of plane 0, then of plane 1...). Without z halving
 * a band is answered at once; with it, every second plane completes the one before (memory: sums of one plane).
 */
export function stackHalver(
  size: { width: number; height: number; depth: number },
  halveZ: boolean,
  method: DownsampleMethod,
): (values: PlaneValues, firstRow: number, rows: number, z: number) => HalvedBand | undefined {
  const { width, height, depth } = size;
  const outWidth = Math.ceil(width / 2);
  if (!halveZ)
    return (values, _firstRow, rows) => ({
      values: halveBand(values, width, rows, method),
      rows: Math.ceil(rows / 2),
    });
  let kept: PlaneValues | undefined;
  let sums: Float64Array | undefined;
  return (values, firstRow, rows, z) => {
    const at = (firstRow >> 1) * outWidth;
    const outRows = Math.ceil(rows / 2);
    const first = z % 2 === 0;
    const last = !first || z === depth - 1;
    if (method === 'nearest' || values instanceof BigUint64Array || values instanceof BigInt64Array) {
      // The first plane of two stands for both; it waits for its turn so that planes stay in order.
      if (first) {
        kept ??= valuesLike(values, outWidth * Math.ceil(height / 2));
        (kept as Uint8Array).set(halveBand(values, width, rows, 'nearest') as Uint8Array, at);
      }
      return last ? { values: kept!.slice(at, at + outRows * outWidth), rows: outRows } : undefined;
    }
    sums ??= new Float64Array(outWidth * Math.ceil(height / 2));
    const part = sums.subarray(at, at + outRows * outWidth);
    if (first) part.fill(0);
    addBand(values as NumberValues, width, rows, sums, at);
    if (!last) return undefined;
    return { values: meanOfSums(part, width, rows, first ? 1 : 2, values as NumberValues), rows: outRows };
  };
}
