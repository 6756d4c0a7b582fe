const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c >>> 0;
});

/** CRC-32C (Castagnoli), as at the end of a Zarr shard index; unsigned. Meant for indices of some kilobytes. */
export function crc32c(bytes: Uint8Array): number {
  let c = ~0;
  for (let n = 0; n < bytes.length; n++) c = (c >>> 8) ^ table[(c ^ bytes[n]!) & 0xff]!;
  return ~c >>> 0;
}
