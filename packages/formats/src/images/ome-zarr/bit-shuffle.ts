/**
 * Undoes bit shuffle as in Blosc and HDF5: first the lowest bits of the first bytes of all items, eight items to a byte,
 * then their second bits, and so on. Blosc leaves a block alone whose number of items is no multiple of eight, and the
 * bytes beyond the last whole item. Source: c-blosc 1.21, `blosc/shuffle.c` and `bitshuffle-generic.c`.
 * @param out memory of the same length to write to
 */
export function bitUnshuffle(bytes: Uint8Array, itemSize: number, out: Uint8Array): void {
  const items = Math.floor(bytes.length / itemSize);
  if (items % 8 !== 0) {
    out.set(bytes);
    return;
  }
  const row = items / 8;
  for (let k = 0; k < itemSize; k++)
    for (let group = 0, at = k * items; group < row; group++, at++) {
      // Eight bytes, one of each bit plane, are a square of 8 by 8 bits that is turned over its diagonal.
      let low = bytes[at]! | (bytes[at + row]! << 8) | (bytes[at + 2 * row]! << 16) | (bytes[at + 3 * row]! << 24);
      let high =
        bytes[at + 4 * row]! |
        (bytes[at + 5 * row]! << 8) |
        (bytes[at + 6 * row]! << 16) |
        (bytes[at + 7 * row]! << 24);
      let swapped = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swapped ^ (swapped << 7);
      swapped = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swapped ^ (swapped << 7);
      swapped = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swapped ^ (swapped << 14);
      swapped = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swapped ^ (swapped << 14);
      const first = (low & 0x0f0f0f0f) | ((high & 0x0f0f0f0f) << 4);
      const second = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
      for (let n = 0, to = 8 * group * itemSize + k; n < 8; n++, to += itemSize)
        out[to] = (n < 4 ? first : second) >>> (8 * (n & 3));
    }
  out.set(bytes.subarray(items * itemSize), items * itemSize);
}
