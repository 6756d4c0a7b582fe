/**
 * Byte shuffle as in Blosc and HDF5: the first bytes of all items, then the second bytes, and so on. Bytes beyond the last
 * whole item are copied as they are.
 * @param out memory of the same length to write to
 */
export function shuffle(
  bytes: Uint8Array,
  itemSize: number,
  out: Uint8Array = new Uint8Array(bytes.length),
): Uint8Array {
  const items = Math.floor(bytes.length / itemSize);
  if (itemSize === 2 && (bytes.byteOffset | out.byteOffset) % 4 === 0 && items % 4 === 0) {
    // Four items a step: two words in, one word of low and one of high bytes out.
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, items / 2);
    const low = new Int32Array(out.buffer, out.byteOffset, items / 4);
    const high = new Int32Array(out.buffer, out.byteOffset + items, items / 4);
    for (let n = 0; n < low.length; n++) {
      const a = words[2 * n]!;
      const b = words[2 * n + 1]!;
      low[n] = (a & 0xff) | ((a >>> 8) & 0xff00) | ((b & 0xff) << 16) | ((b << 8) & 0xff000000);
      high[n] = ((a >>> 8) & 0xff) | ((a >>> 16) & 0xff00) | ((b << 8) & 0xff0000) | (b & 0xff000000);
    }
  } else
    for (let k = 0; k < itemSize; k++) {
      const plane = out.subarray(k * items, (k + 1) * items);
      for (let n = 0, at = k; n < items; n++, at += itemSize) plane[n] = bytes[at]!;
    }
  out.set(bytes.subarray(items * itemSize), items * itemSize);
  return out;
}

/** Undoes `shuffle` into `out`, which must be as long as `bytes`. */
export function unshuffle(bytes: Uint8Array, itemSize: number, out: Uint8Array): void {
  const items = Math.floor(bytes.length / itemSize);
  if (itemSize === 2 && (bytes.byteOffset | out.byteOffset) % 4 === 0 && items % 4 === 0) {
    // Four items a step, as above.
    const low = new Int32Array(bytes.buffer, bytes.byteOffset, items / 4);
    const high = new Int32Array(bytes.buffer, bytes.byteOffset + items, items / 4);
    const words = new Int32Array(out.buffer, out.byteOffset, items / 2);
    for (let n = 0; n < low.length; n++) {
      const l = low[n]!;
      const h = high[n]!;
      words[2 * n] = (l & 0xff) | ((h & 0xff) << 8) | ((l & 0xff00) << 8) | ((h & 0xff00) << 16);
      words[2 * n + 1] = ((l >>> 16) & 0xff) | ((h >>> 8) & 0xff00) | ((l >>> 8) & 0xff0000) | (h & 0xff000000);
    }
  } else if (itemSize === 2 && out.byteOffset % 2 === 0) {
    const words = new Uint16Array(out.buffer, out.byteOffset, items);
    const high = bytes.subarray(items, 2 * items);
    for (let n = 0; n < items; n++) words[n] = bytes[n]! | (high[n]! << 8);
  } else
    for (let k = 0; k < itemSize; k++) {
      const plane = bytes.subarray(k * items, (k + 1) * items);
      for (let n = 0, at = k; n < items; n++, at += itemSize) out[at] = plane[n]!;
    }
  out.set(bytes.subarray(items * itemSize), items * itemSize);
}
