import type { ByteSource } from '../../bytes/byte-source.ts';

/** Bytes of a row of values of four bits, two in a byte; a row begins with a byte of its own. */
export function halfByteRow(values: number): number {
  return Math.ceil(values / 2);
}

/**
 * Values of four bits as a source of one byte for each, without the padding of odd rows: the first value of a pair lies in
 * the low bits (mode 101 of IMOD). Only rows that are asked for are read.
 * @param start where the values begin in the file
 * @param width values of a row
 */
export function halfByteSource(source: ByteSource, start: number, width: number): ByteSource {
  const row = halfByteRow(width);
  return {
    name: source.name,
    size: Math.max(0, Math.floor((source.size - start) / row)) * width,
    async read(offset, length, signal) {
      const first = Math.floor(offset / width);
      const last = Math.ceil((offset + length) / width);
      const packed = await source.read(start + first * row, Math.max(0, last - first) * row, signal);
      const there = Math.floor(packed.length / row) * width - (offset - first * width);
      const values = new Uint8Array(Math.max(0, Math.min(length, there)));
      let [at, x] = [0, offset - first * width];
      for (let n = 0; n < values.length; n++) {
        values[n] = x & 1 ? packed[at + (x >> 1)]! >> 4 : packed[at + (x >> 1)]! & 15;
        if (++x < width) continue;
        x = 0;
        at += row;
      }
      return values;
    },
  };
}
