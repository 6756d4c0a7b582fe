import { Hdf5Fault } from './fault.ts';

/**
 * Bob Jenkins' lookup3 ("hashlittle"), the check sum of HDF5 metadata and the hash of its names.
 * Source: HDF5 File Format Specification 3.0, appendix on check sums; http://burtleburtle.net/bob/c/lookup3.c (public domain).
 */
export function lookup3(bytes: Uint8Array, length = bytes.length, initial = 0): number {
  let a = (0xdeadbeef + length + initial) | 0;
  let b = a;
  let c = a;
  let at = 0;
  let left = length;
  while (left > 12) {
    a = (a + word(bytes, at, 4)) | 0;
    b = (b + word(bytes, at + 4, 4)) | 0;
    c = (c + word(bytes, at + 8, 4)) | 0;
    a = ((a - c) ^ turn(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turn(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turn(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ turn(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ turn(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ turn(b, 4)) | 0;
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left === 0) return c >>> 0;
  a = (a + word(bytes, at, Math.min(4, left))) | 0;
  b = (b + word(bytes, at + 4, Math.min(4, left - 4))) | 0;
  c = (c + word(bytes, at + 8, Math.min(4, left - 8))) | 0;
  c = ((c ^ b) - turn(b, 14)) | 0;
  a = ((a ^ c) - turn(c, 11)) | 0;
  b = ((b ^ a) - turn(a, 25)) | 0;
  c = ((c ^ b) - turn(b, 16)) | 0;
  a = ((a ^ c) - turn(c, 4)) | 0;
  b = ((b ^ a) - turn(a, 14)) | 0;
  c = ((c ^ b) - turn(b, 24)) | 0;
  return c >>> 0;
}

function turn(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function word(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let n = 0; n < count; n++) value |= bytes[at + n]! << (8 * n);
  return value;
}

/**
 * Metadata that ends with its check sum.
 * @throws Hdf5Fault where the sum is not that of the bytes before it
 */
export function checkSum(bytes: Uint8Array, what: string, offset?: number): void {
  const end = bytes.length - 4;
  const stated = end < 0 ? -1 : word(bytes, end, 4) >>> 0;
  if (end < 0 || lookup3(bytes, end) !== stated)
    throw new Hdf5Fault('damaged', `${what} does not agree with its check sum`, offset);
}
