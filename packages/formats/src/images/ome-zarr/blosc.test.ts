import fc from 'fast-check';
import Blosc from 'numcodecs/blosc';
import { describe, expect, test } from 'vitest';
import { BloscDamaged, bloscDecode } from './blosc.ts';

const codecs = ['blosclz', 'lz4', 'lz4hc', 'snappy', 'zlib', 'zstd'] as const;

/** Packs with c-blosc itself (numcodecs is c-blosc in WebAssembly), which takes items of 4 bytes. */
async function packed(bytes: Uint8Array, cname: string, shuffle: 0 | 1 | 2, blocksize = 0): Promise<Uint8Array> {
  return new Uint8Array(await Blosc.fromConfig({ cname, clevel: 5, shuffle, blocksize }).encode(bytes));
}

/** Bytes like those of images: slowly changing, with repeats of many lengths and distances. */
function likeAnImage(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[at] = at > 40_000 && at % 9_000 < 4_000 ? bytes[at - 40_000]! : (at >> 6) + ((state >> 16) % 3);
  }
  return bytes;
}

describe('bloscDecode', () => {
  for (const cname of codecs)
    for (const shuffle of [0, 1, 2] as const)
      test(`unpacks what c-blosc packed with ${cname}, shuffle ${shuffle}`, async () => {
        for (const length of [1, 7, 16, 129, 1000, 65_536, 200_003]) {
          const bytes = likeAnImage(length, length);
          const frame = await packed(bytes, cname, shuffle);
          expect(await bloscDecode(frame, length), `${length} bytes`).toEqual(bytes);
        }
      });

  test('unpacks many blocks, and any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.nat({ max: 40 }),
        fc.constantFrom(...codecs),
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        async (part, repeats, cname, shuffle) => {
          const bytes = new Uint8Array(part.length * repeats);
          for (let n = 0; n < repeats; n++) bytes.set(part, n * part.length);
          const frame = await packed(bytes, cname, shuffle, 4096);
          expect(await bloscDecode(frame, bytes.length)).toEqual(bytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a damaged frame gives an error, never a hang or bytes beyond what is expected', async () => {
    const frames = await Promise.all(codecs.map((cname) => packed(likeAnImage(20_000, 3), cname, 2)));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (frame, changes, cut) => {
          const damaged = frame.slice(0, cut % 3 === 0 ? cut % frame.length : frame.length);
          for (const [at, value] of changes) if (damaged.length > 0) damaged[at % damaged.length] = value;
          const unpacked = await bloscDecode(damaged, 20_000).catch((fault: unknown) => fault);
          if (unpacked instanceof Uint8Array) expect(unpacked.length).toBeLessThanOrEqual(20_000);
          else expect(unpacked).toBeInstanceOf(Error);
        },
      ),
      { numRuns: 200 },
    );
    const unknown = frames[0]!.slice();
    unknown[2] = 0xe0;
    await expect(bloscDecode(unknown, 20_000)).rejects.toBeInstanceOf(BloscDamaged);
  });
});
