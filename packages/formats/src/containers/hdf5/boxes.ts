/** A block of values: the place of its first one and its lengths, along each axis. */
export interface Box {
  start: readonly number[];
  count: readonly number[];
}

/** How many values lie in a block of these lengths; 1 where there are no axes. */
export function valuesIn(lengths: readonly number[]): number {
  return lengths.reduce((product, length) => product * length, 1);
}

/**
 * Copies a block between two arrays that lie row by row.
 * @param from array of lengths `fromShape`; the block begins at `fromStart`
 * @param to array of lengths `toShape`; the block begins at `toStart`
 * @param count lengths of the block
 */
export function copyBox(
  from: Uint8Array,
  fromShape: readonly number[],
  fromStart: readonly number[],
  to: Uint8Array,
  toShape: readonly number[],
  toStart: readonly number[],
  count: readonly number[],
  valueBytes: number,
): void {
  const rank = count.length;
  if (count.some((length) => length <= 0)) return;
  // Trailing axes that both arrays hold whole are one run.
  let axis = rank - 1;
  let run = valueBytes;
  while (axis >= 0 && count[axis] === fromShape[axis] && count[axis] === toShape[axis]) run *= count[axis--]!;
  if (axis >= 0) run *= count[axis--]!;
  const fromStride = strides(fromShape, valueBytes);
  const toStride = strides(toShape, valueBytes);
  let fromAt = dot(fromStart, fromStride);
  let toAt = dot(toStart, toStride);
  const at = Array.from({ length: Math.max(0, axis + 1) }, () => 0);
  for (;;) {
    to.set(from.subarray(fromAt, fromAt + run), toAt);
    let turning = axis;
    for (; turning >= 0; turning--) {
      fromAt += fromStride[turning]!;
      toAt += toStride[turning]!;
      if (++at[turning]! < count[turning]!) break;
      fromAt -= fromStride[turning]! * count[turning]!;
      toAt -= toStride[turning]! * count[turning]!;
      at[turning] = 0;
    }
    if (turning < 0) return;
  }
}

/** Bytes from one value to the next along each axis, of an array that lies row by row. */
export function strides(shape: readonly number[], valueBytes: number): number[] {
  const out = Array.from({ length: shape.length }, () => 0);
  for (let axis = shape.length - 1, step = valueBytes; axis >= 0; axis--) {
    out[axis] = step;
    step *= shape[axis]!;
  }
  return out;
}

function dot(place: readonly number[], stride: readonly number[]): number {
  return place.reduce((sum, n, axis) => sum + n * stride[axis]!, 0);
}

/** Places of the chunks a block touches, the last axis running fastest. */
export function* chunksOf(box: Box, chunk: readonly number[]): Generator<number[]> {
  const first = box.start.map((start, axis) => Math.floor(start / chunk[axis]!));
  const last = box.start.map((start, axis) => Math.floor((start + box.count[axis]! - 1) / chunk[axis]!));
  const place = [...first];
  for (;;) {
    yield [...place];
    let axis = place.length - 1;
    for (; axis >= 0; axis--) {
      if (++place[axis]! <= last[axis]!) break;
      place[axis] = first[axis]!;
    }
    if (axis < 0) return;
  }
}
