/**
 * Byte shuffle as in Blosc and HDF5: the first bytes of all items, then the second bytes, and so on. Bytes beyond the last
 * whole item are copied as they are.
 */
export function shuffle(bytes: Uint8Array, itemSize: number): Uint8Array {
  const items = Math.floor(bytes.length / itemSize);
  const out = new Uint8Array(bytes.length);
  if (itemSize === 2 && bytes.byteOffset % 2 === 0) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, items);
    const high = out.subarray(items, 2 * items);
    for (let n = 0; n < items; n++) {
      const word = words[n]!;
      out[n] = word;
      high[n] = word >>> 8;
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
  if (itemSize === 2 && out.byteOffset % 2 === 0) {
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
