import { appendVarint } from './varint.ts';

/**
 * Small whole numbers in the RLE/bit-packing hybrid of Parquet (format specification, Encodings): eight equal values
 * and more as a run, all else packed in groups of eight.
 * @param width bits of a value, 1 to 24
 */
export function encodeRuns(values: Uint8Array | Uint32Array, count: number, width: number): Uint8Array {
  const groups = Math.ceil(count / 8);
  // A group takes at most its bits, a header, and a value of its own where it is a run.
  const out = new Uint8Array((groups + 1) * (width + 8));
  let length = 0;
  for (let at = 0; at < count; ) {
    const run = runAt(values, at, count);
    if (run >= 8) {
      length = appendVarint(out, length, run * 2);
      for (let bits = 0; bits < width; bits += 8) out[length++] = (values[at]! >>> bits) & 255;
      at += run;
      continue;
    }
    let end = at + 8;
    while (end < count && runAt(values, end, Math.min(count, end + 8)) < 8) end += 8;
    length = appendVarint(out, length, ((end - at) / 8) * 2 + 1);
    length = packBits(values, at, end, count, width, out, length);
    at = end;
  }
  return out.subarray(0, length);
}

function runAt(values: Uint8Array | Uint32Array, start: number, limit: number): number {
  const value = values[start];
  let at = start + 1;
  while (at < limit && values[at] === value) at++;
  return at - start;
}

/** Packs values least bit first; zeros stand for those past `count`. */
function packBits(
  values: Uint8Array | Uint32Array,
  start: number,
  end: number,
  count: number,
  width: number,
  out: Uint8Array,
  offset: number,
): number {
  let length = offset;
  let bits = 0;
  let held = 0;
  for (let at = start; at < end; at++) {
    if (at < count) bits |= values[at]! << held;
    held += width;
    while (held >= 8) {
      out[length++] = bits & 255;
      bits >>>= 8;
      held -= 8;
    }
  }
  return length;
}
