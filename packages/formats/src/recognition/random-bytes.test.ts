import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { fileTree } from '../bytes/file-tree.ts';
import { recogniseFile } from './recognise.ts';

const recognised = (bytes: Uint8Array, path = 'random.bin') => {
  const entry = { path, size: bytes.length, open: async () => memorySource(path, bytes) };
  return recogniseFile(entry, fileTree('', [entry]));
};

/** Bytes of a size, from a number: the same for the same number (xorshift, Marsaglia 2003). */
function bytesOf(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed * 2 + 1;
  for (let at = 0; at < size; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state >>> 8;
  }
  return bytes;
}

test('random bytes of any size are kept as bits: no format, no guess, and no recogniser that fails', async () => {
  const sizes = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(512, 1024, 2000, 4096),
    fc.integer({ min: 300, max: 5000 }),
  );
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, seed) => {
      const { format, guess, failed, descriptor } = await recognised(bytesOf(size, seed));
      // A few bytes may be letters by chance, which is text, and nothing that is read.
      expect({ format: format === 'text' && size < 64 ? 'unknown' : format, guess, failed }).toEqual({
        format: 'unknown',
        guess: undefined,
        failed: undefined,
      });
      expect(descriptor?.kind ?? 'unknown').toBe('unknown');
    }),
    { numRuns: 4000 },
  );
});

test('the two bytes that mark DeltaVision do not make an image of random ones', async () => {
  for (let seed = 1; seed < 300; seed++) {
    const bytes = bytesOf(2000, seed);
    bytes.set(seed % 2 ? [0xa0, 0xc0] : [0xc0, 0xa0], 96);
    expect((await recognised(bytes)).format).toBe('unknown');
  }
});

test('bytes that cut into even rows by chance are no table where they are no text; tables in Shift JIS are', async () => {
  const tabs = new Uint8Array([1, 9, 2, 9, 3, 10, 4, 9, 5, 9, 6, 10, 7, 9, 8, 9, 14, 10]);
  expect((await recognised(tabs)).format).toBe('unknown');
  const table = [0x8e, 0x9e, 0x8a, 0xd4, 44, 0x8d, 0x81, 0x90, 0x9d, 44, 121, 10];
  const rows = [...new TextEncoder().encode('1,2,3\n2,3,4\n3,4,5\n')];
  expect((await recognised(new Uint8Array([...table, ...rows]), 'table.csv')).format).toBe('delimited');
});
