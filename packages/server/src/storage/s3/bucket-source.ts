import type { ByteSource } from '@micrarium/formats';
import type { Bucket } from './bucket.ts';

/** Reads below this size come from blocks that are kept a while: readers of images ask for their headers in small pieces. */
const smallRead = 64 * 1024;
const blockSize = 256 * 1024;
const mostBlocks = 16;

/**
 * An object as a byte source. There is nothing to close: every read is a request of its own, or comes from a block kept of an earlier one.
 * @param name shown to people and used to recognise formats
 */
export function bucketSource(
  bucket: Bucket,
  key: string,
  size: number,
  name: string,
): ByteSource & { close(): Promise<void> } {
  const blocks = new Map<number, Promise<Uint8Array>>();
  const block = (index: number): Promise<Uint8Array> => {
    const start = index * blockSize;
    const kept = blocks.get(index) ?? bucket.range(key, start, Math.min(blockSize, size - start));
    blocks.delete(index);
    blocks.set(index, kept);
    kept.catch(() => blocks.delete(index));
    if (blocks.size > mostBlocks) blocks.delete(blocks.keys().next().value!);
    return kept;
  };
  return {
    name,
    size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const end = Math.min(size, offset + length);
      if (end <= offset) return new Uint8Array(0);
      if (end - offset > smallRead) return await bucket.range(key, offset, end - offset, signal);
      const first = Math.floor(offset / blockSize);
      const last = Math.floor((end - 1) / blockSize);
      const from = offset - first * blockSize;
      const head = await block(first);
      if (first === last) return head.slice(from, from + end - offset);
      const bytes = new Uint8Array(end - offset);
      bytes.set(head.subarray(from));
      bytes.set((await block(last)).subarray(0, end - last * blockSize), head.length - from);
      return bytes;
    },
    async close() {
      blocks.clear();
    },
  };
}
