import { type Box, strides, valuesIn } from './boxes.ts';

/** Gaps up to this many bytes are read over, and no read is longer than the other. */
const smallGap = 64 << 10;
const longestRead = 4 << 20;

/**
 * Reads a block out of an array that lies row by row in one piece. Runs that are close together are one read.
 * @param read gives bytes by their offset from the start of the array
 */
export async function readRuns(
  shape: readonly number[],
  valueBytes: number,
  box: Box,
  out: Uint8Array,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<void> {
  const step = strides(shape, valueBytes);
  // Trailing axes that are wanted whole, and the one before them, are one run.
  let axis = shape.length - 1;
  let run = valueBytes;
  while (axis >= 0 && box.count[axis] === shape[axis]) run *= shape[axis--]!;
  if (axis >= 0) run *= box.count[axis--]!;
  const outer = box.count.slice(0, Math.max(0, axis + 1));
  const runs = valuesIn(outer);
  const from = box.start.reduce((sum, n, at) => sum + n * step[at]!, 0);
  const offsetOf = (number: number): number => {
    let rest = number;
    let offset = from;
    for (let at = outer.length - 1; at >= 0; at--) {
      offset += (rest % outer[at]!) * step[at]!;
      rest = Math.floor(rest / outer[at]!);
    }
    return offset;
  };
  for (let n = 0; n < runs; ) {
    const begin = offsetOf(n);
    let many = 1;
    let end = begin + run;
    for (let next = n + 1; next < runs; next++) {
      const at = offsetOf(next);
      if (at - end > smallGap || at + run - begin > longestRead) break;
      end = at + run;
      many++;
    }
    const bytes = await read(begin, end - begin);
    for (let k = 0; k < many; k++) {
      const at = offsetOf(n + k) - begin;
      out.set(bytes.subarray(at, at + run), (n + k) * run);
    }
    n += many;
  }
}
