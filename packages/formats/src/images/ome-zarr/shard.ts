import { crc32c } from './crc32c.ts';

const absent = 0xffffffffffffffffn;

/**
 * Lays a shard down: the chunks one after another, then the index (offset and length of each chunk in C order, little
 * endian, all ones where absent) and its CRC-32C. Source: Zarr v3 sharding_indexed, index at the end.
 * @param chunks packed chunks in C order; `undefined` = only fill value, not stored
 * @returns the parts of the file, or `undefined` where every chunk is absent
 */
export function shardParts(chunks: readonly (Uint8Array | undefined)[]): Uint8Array[] | undefined {
  const index = new Uint8Array(chunks.length * 16 + 4);
  const data = new DataView(index.buffer);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [n, chunk] of chunks.entries()) {
    data.setBigUint64(n * 16, chunk ? BigInt(at) : absent, true);
    data.setBigUint64(n * 16 + 8, chunk ? BigInt(chunk.length) : absent, true);
    if (!chunk) continue;
    parts.push(chunk);
    at += chunk.length;
  }
  if (parts.length === 0) return undefined;
  data.setUint32(chunks.length * 16, crc32c(index.subarray(0, chunks.length * 16)), true);
  parts.push(index);
  return parts;
}
