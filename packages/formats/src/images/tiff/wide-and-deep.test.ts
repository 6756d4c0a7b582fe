import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { OpenedImages } from '../image-reader.ts';
import { tiffReader } from './reader.ts';
import { threeByteFloats } from './three-bytes.ts';
import { type PageToBuild, buildTiff } from './tiff-for-tests.ts';

async function open(pages: PageToBuild[], little = true): Promise<OpenedImages> {
  const bytes = buildTiff({ pages, little });
  const entry = { path: 'a.tif', size: bytes.length, open: async () => memorySource('a.tif', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return tiffReader.open({ path: 'a.tif', files: [entry], tree: fileTree('', [entry]), format: 'tiff', recognition });
}

const first = { t: 0, c: 0, z: 0 };
const codes = ({ issues }: OpenedImages): string[] => issues.map(({ code }) => code);
const text = (words: string): number[] => [...Buffer.from(`${words}\0`)];

describe('values of three bytes', () => {
  test('floats have a bias of 63, numbers without a leading one, infinities and none', () => {
    const words = [0x3f0000, 0xbf8000, 0x000001, 0x800000, 0x7effff, 0x7f0000, 0xff0000, 0x7f0001];
    const bytes = Uint8Array.from(words.flatMap((word) => [word >> 16, (word >> 8) & 255, word & 255]));
    const values = [1, -1.5, 2 ** -78, -0, 2 ** 63 * (2 - 2 ** -16), Infinity, -Infinity, Number.NaN];
    expect([...threeByteFloats(bytes, false)]).toEqual(values);
  });

  test('whole numbers follow the byte order of the file; those of tifffile do not', async () => {
    const page: PageToBuild = { width: 2, height: 1, bits: 24, values: [0x010203, 0xfffefd] };
    for (const little of [true, false]) {
      const { images } = await open([page], little);
      expect(images[0]!.description).toMatchObject({ type: 'uint32', significantBits: 24 });
      expect([...(await images[0]!.readRegion(first)).data]).toEqual(page.values);
    }
    const packed = [Uint8Array.from([1, 2, 3, 0xff, 0xfe, 0xfd])];
    const { images } = await open([{ ...page, packed, extra: [{ tag: 305, type: 2, values: text('tifffile.py') }] }]);
    expect([...(await images[0]!.readRegion(first)).data]).toEqual(page.values);
  });
});

test.each([
  { bits: 64, format: 6, type: 'complex64', words: 'complex numbers of 64 bits' },
  { bits: 128, format: 6, type: 'complex128', words: 'complex numbers of 128 bits' },
  { bits: 32, format: 5, type: 'complex64', words: 'complex whole numbers of 32 bits' },
  { bits: 24, format: 2, type: 'int32', words: 'signed whole numbers of 24 bits' },
] as const)('pixels not read say what they are: $words', async ({ bits, format, type, words }) => {
  const page = { width: 1, height: 1, bits, format, values: [], packed: [new Uint8Array(bits / 8)] };
  const opened = await open([page]);
  expect(opened.images[0]!.description.type).toBe(type);
  expect(opened.issues.find(({ code }) => code === 'pixel-type-not-read')?.message).toContain(words);
  await expect(opened.images[0]!.readRegion(first)).rejects.toThrow(words);
});

describe('pages of several slices (ImageDepth)', () => {
  const [width, height, depth] = [20, 18, 5];
  const valueAt = (c: number, z: number, y: number, x: number): number => 10_000 * c + 1000 * z + 30 * y + x;
  const words = (values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
  const depthTag = { tag: 32997, type: 4, values: [depth] };

  /** Tiles in the order of libtiff: samples, slices, rows, columns; each has its slices one behind the other. */
  function tiles(samples: number, tileDepth: number): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let c = 0; c < samples; c++)
      for (let front = 0; front < depth; front += tileDepth)
        for (let top = 0; top < height; top += 16)
          for (let left = 0; left < width; left += 16)
            found.push(
              words(
                Array.from({ length: tileDepth * 256 }, (_, n) =>
                  valueAt(c, front + (n >> 8), top + ((n >> 4) & 15), left + (n & 15)),
                ),
              ),
            );
    return found;
  }

  async function expectSlices({ images, issues }: OpenedImages, channels: number): Promise<void> {
    expect(issues.map(({ code }) => code)).not.toContain('pixel-type-not-read');
    expect(images).toHaveLength(1);
    expect(images[0]!.description.sizes).toEqual({ t: 1, c: channels, z: depth, y: height, x: width });
    for (let c = 0; c < channels; c++)
      for (let z = 0; z < depth; z++) {
        const { data } = await images[0]!.readRegion({ t: 0, c, z }, { x: 15, y: 14, width: 3, height: 4 });
        const rows = [14, 15, 16, 17].flatMap((y) => [15, 16, 17].map((x) => valueAt(c, z, y, x)));
        expect([...data]).toEqual(rows);
        const whole = await images[0]!.readRegion({ t: 0, c, z });
        expect([whole.data[0], whole.data.at(-1)]).toEqual([valueAt(c, z, 0, 0), valueAt(c, z, height - 1, width - 1)]);
      }
  }

  test.each([
    { samples: 1, tileDepth: 2, compression: 1 },
    { samples: 1, tileDepth: 1, compression: 1 },
    { samples: 1, tileDepth: 4, compression: 8 },
    { samples: 2, tileDepth: 2, compression: 8 },
  ] as const)('tiles of $tileDepth slices, $samples samples, compression $compression', async (how) => {
    const { samples, tileDepth, compression } = how;
    const packed = tiles(samples, tileDepth).map((bytes) => (compression === 8 ? deflateSync(bytes) : bytes));
    const extra = [depthTag, { tag: 32998, type: 4, values: [tileDepth] }];
    const tile = { width: 16, height: 16 };
    await expectSlices(
      await open([{ width, height, bits: 16, values: [], samples, planar: true, compression, packed, tile, extra }]),
      samples,
    );
  });

  test.each([18, 7])('strips of %s rows, slice after slice, as tifffile writes them', async (rowsPerStrip) => {
    const packed: Uint8Array[] = [];
    for (let z = 0; z < depth; z++)
      for (let top = 0; top < height; top += rowsPerStrip)
        packed.push(
          words(
            Array.from({ length: Math.min(rowsPerStrip, height - top) * width }, (_, n) =>
              valueAt(0, z, top + Math.floor(n / width), n % width),
            ),
          ),
        );
    const description = JSON.stringify({ shape: [depth, height, width] });
    const page: PageToBuild = { width, height, bits: 16, values: [], packed, rowsPerStrip, description };
    await expectSlices(await open([{ ...page, extra: [depthTag] }]), 1);
  });

  test('slices whose tiles are not listed, and those of an ImageJ file, are refused', async () => {
    const page: PageToBuild = { width: 1, height: 1, bits: 8, values: [7], extra: [depthTag] };
    const short = await open([page]);
    expect(short.issues.find(({ code }) => code === 'pixel-type-not-read')?.message).toContain('lists only 1');
    const other = await open([
      { ...page, packed: Array.from({ length: depth }, () => new Uint8Array(1)), description: 'ImageJ=1.5\n' },
    ]);
    expect(codes(other)).toContain('pixel-type-not-read');
    await expect(other.images[0]!.readRegion(first)).rejects.toThrow('several slices');
  });
});

test('a picture that is to be turned stays as it is stored, and that is said', async () => {
  const page = (orientation: number): PageToBuild => ({
    width: 2,
    height: 1,
    bits: 8,
    values: [1, 2],
    extra: [{ tag: 274, type: 3, values: [orientation] }],
  });
  const turned = await open([page(6)]);
  expect(turned.issues.find(({ code }) => code === 'orientation-not-applied')?.message).toContain('90° clockwise');
  expect([...(await turned.images[0]!.readRegion(first)).data]).toEqual([1, 2]);
  for (const orientation of [0, 1, 9])
    expect(codes(await open([page(orientation)]))).not.toContain('orientation-not-applied');
});
