import { expect, test } from 'vitest';
import { bloscDecode, bloscEncode, bloscEncoder, setBloscEncoder } from './blosc.ts';

test.each([9, 400, 20_000, 70_000, 200_000])(
  'worker threads pack a chunk of %i bytes as this thread does',
  async (length) => {
    const before = bloscEncoder();
    await import('./blosc-workers-node.ts').then(({ useBloscWorkers }) => useBloscWorkers());
    const workers = bloscEncoder();
    setBloscEncoder(before);
    // Twice each: results that hardly shrink, and results of a few bytes, which lie in Node's pool.
    for (const value of [(n: number) => (n * 2_654_435_761) >>> 13, () => 7]) {
      const bytes = Uint8Array.from({ length }, (_, n) => value(n) & 255);
      const chunk = workers.take(length);
      chunk.set(bytes);
      const frame = await workers.encode(chunk, 2, 1);
      expect(Buffer.from(await bloscDecode(frame, length)).equals(bytes)).toBe(true);
      expect(Buffer.from(frame).equals(await bloscEncode(bytes, 2, 1))).toBe(true);
    }
  },
);
