import type { ByteSource } from '@micrarium/formats';
import type { Bucket } from './bucket.ts';
import { blockSize, RecentBlocks } from './recent-blocks.ts';

const blocksOf = new WeakMap<Bucket, RecentBlocks>();

function recentBlocks(bucket: Bucket): RecentBlocks {
  const known = blocksOf.get(bucket) ?? new RecentBlocks(bucket);
  blocksOf.set(bucket, known);
  return known;
}

/**
 * An object as a byte source. There is nothing to close: a read of up to 256 KiB (headers, chunks) comes from blocks that all readers of the
 * bucket share, a larger one is a request of its own.
 * @param key names bytes that never change
 * @param name shown to people and used to recognise formats
 */
export function bucketSource(
  bucket: Bucket,
  key: string,
  size: number,
  name: string,
): ByteSource & { close(): Promise<void> } {
  return {
    name,
    size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const end = Math.min(size, offset + length);
      if (end <= offset) return new Uint8Array(0);
      if (end - offset > blockSize) return await bucket.range(key, offset, end - offset, signal);
      const bytes = await recentBlocks(bucket).read(key, size, offset, end - offset);
      signal?.throwIfAborted();
      return bytes;
    },
    async close() {},
  };
}
