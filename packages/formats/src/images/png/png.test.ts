import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { gifReader, jpegReader } from './lossy-pictures.ts';
import { pngReader } from './reader.ts';

async function open(bytes: Uint8Array, reader: ImageReader = pngReader, path = 'a.png'): Promise<OpenedImages> {
  const entry = { path, size: bytes.length, open: async () => memorySource(path, bytes) };
  return reader.open({
    path,
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'png',
    recognition: { score: 1, reason: 'test' },
  });
}

function chunk(kind: string, content: ArrayLike<number>): number[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, content.length);
  // The checksum is left 0: readers of pixels need not know it.
  return [...length, ...Buffer.from(kind, 'latin1'), ...Array.from(content), 0, 0, 0, 0];
}

interface Picture {
  width: number;
  height: number;
  bits: number;
  colorType: 0 | 2 | 3 | 4 | 6;
  interlaced: boolean;
  filters: readonly number[];
  /** Stored values, row by row. */
  values: readonly number[];
  before?: number[];
}

const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Encodes by the words of the specification: passes, rows, filters. */
function encode({ width, height, bits, colorType, interlaced, filters, values, before = [] }: Picture): Uint8Array {
  const samples = samplesOf[colorType];
  const passes = interlaced
    ? [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
      ]
    : [[0, 0, 1, 1]];
  const raw: number[] = [];
  const back = Math.max(1, (samples * bits) >> 3);
  let count = 0;
  for (const [x0, y0, dx, dy] of passes as [number, number, number, number][]) {
    if (x0 >= width || y0 >= height) continue;
    let above: number[] = [];
    for (let y = y0; y < height; y += dy) {
      let digits = '';
      for (let x = x0; x < width; x += dx)
        for (let sample = 0; sample < samples; sample++)
          digits += values[(y * width + x) * samples + sample]!.toString(2).padStart(bits, '0');
      digits = digits.padEnd(Math.ceil(digits.length / 8) * 8, '0');
      const row = digits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2));
      const filter = filters[count++ % filters.length]!;
      raw.push(filter);
      for (const [index, byte] of row.entries()) {
        const a = row[index - back] ?? 0;
        const b = above[index] ?? 0;
        const c = index >= back ? (above[index - back] ?? 0) : 0;
        const p = a + b - c;
        const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
        const guess = [0, a, b, Math.floor((a + b) / 2), pa <= pb && pa <= pc ? a : pb <= pc ? b : c][filter]!;
        raw.push((byte - guess) & 0xff);
      }
      above = row;
    }
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  const bytes = new Uint8Array(header.buffer);
  bytes.set([bits, colorType, 0, 0, interlaced ? 1 : 0], 8);
  const packed = deflateSync(Uint8Array.from(raw));
  const half = packed.length >> 1;
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk('IHDR', bytes),
    ...before,
    ...chunk('IDAT', packed.subarray(0, half)),
    ...chunk('IDAT', packed.subarray(half)),
    ...chunk('IEND', []),
  ]);
}

const anyPicture = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    kind: fc.constantFrom(
      ...([
        [0, 1],
        [0, 2],
        [0, 4],
        [0, 8],
        [0, 16],
        [2, 8],
        [2, 16],
        [4, 8],
        [4, 16],
        [6, 8],
        [6, 16],
      ] as const),
    ),
    interlaced: fc.boolean(),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
    seed: fc.nat(),
  })
  .map(({ kind: [colorType, bits], seed, ...rest }): Picture => {
    const count = rest.width * rest.height * samplesOf[colorType];
    return {
      ...rest,
      colorType,
      bits,
      values: Array.from({ length: count }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 7) % 2 ** bits),
    };
  });

describe('PNG', () => {
  test('every kind, depth, filter and interlace is read as written', async () => {
    await fc.assert(
      fc.asyncProperty(anyPicture, async (picture) => {
        const { images, issues } = await open(encode(picture));
        expect(issues.map((issue) => issue.code)).toEqual(['no-pixel-size']);
        const { description } = images[0]!;
        const samples = samplesOf[picture.colorType];
        expect(description.sizes).toEqual({ t: 1, c: 1, z: 1, y: picture.height, x: picture.width });
        expect(description.samples).toBe(samples === 1 ? undefined : samples);
        expect(description.type).toBe(picture.bits === 16 ? 'uint16' : picture.bits === 1 ? 'bool' : 'uint8');
        const { data } = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
        expect(Array.from(data as Uint8Array)).toEqual(picture.values);
      }),
      { numRuns: 200 },
    );
  });

  test('a palette becomes its colours; a region is cut out', async () => {
    const before = [...chunk('PLTE', [1, 2, 3, 40, 50, 60]), ...chunk('tRNS', [9])];
    const { images } = await open(
      encode({
        width: 2,
        height: 2,
        bits: 1,
        colorType: 3,
        interlaced: false,
        filters: [0],
        values: [0, 1, 1, 0],
        before,
      }),
    );
    expect(images[0]!.description.samples).toBe(4);
    const { data } = await images[0]!.readRegion({ t: 0, c: 0, z: 0 }, { x: 0, y: 1, width: 2, height: 1 });
    expect(Array.from(data as Uint8Array)).toEqual([40, 50, 60, 255, 1, 2, 3, 9]);
  });

  test('a measured pixel size is taken, a print density is not', async () => {
    const picture = {
      width: 1,
      height: 1,
      bits: 8,
      colorType: 0 as const,
      interlaced: false,
      filters: [0],
      values: [5],
    };
    const density = (value: number): number[] =>
      chunk('pHYs', [
        value >>> 24,
        (value >> 16) & 255,
        (value >> 8) & 255,
        value & 255,
        value >>> 24,
        (value >> 16) & 255,
        (value >> 8) & 255,
        value & 255,
        1,
      ]);
    const measured = await open(encode({ ...picture, before: density(5_000_000) }));
    expect(measured.images[0]!.description.voxelSize?.x).toEqual({ value: 0.2, unit: 'micrometer' });
    const printed = await open(encode({ ...picture, before: density(2835) }));
    expect(printed.images[0]!.description.voxelSize).toBeUndefined();
  });

  test('Exif that asks for turning is said; pixels stay', async () => {
    // A TIFF directory of one entry: orientation 3 as a number of 16 bits.
    const exif = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0];
    const picture = { width: 2, height: 1, bits: 8, colorType: 0 as const, interlaced: false, filters: [0] };
    const png = await open(encode({ ...picture, values: [5, 6], before: chunk('eXIf', exif) }));
    expect(png.issues.map(({ code, message }) => `${code}: ${message}`)).toContain(
      'orientation-not-applied: The picture is to be turned by 180° when it is shown (orientation 3).',
    );
    expect([...(await png.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([5, 6]);
    const frame = [0xff, 0xc0, 0, 11, 8, 0, 1, 0, 2, 1, 1, 0x11, 0];
    const segment = [0xff, 0xe1, 0, 8 + exif.length, ...Buffer.from('Exif'), 0, 0, ...exif];
    const codesOf = async (bytes: number[]): Promise<string[]> =>
      (await open(Uint8Array.from(bytes), jpegReader, 'a.jpg')).issues.map(({ code }) => code);
    expect(await codesOf([0xff, 0xd8, ...segment, ...frame])).toContain('orientation-not-applied');
    expect(await codesOf([0xff, 0xd8, ...frame])).not.toContain('orientation-not-applied');
    const cut = segment.slice(0, 24);
    expect(await codesOf([0xff, 0xd8, ...cut.with(3, cut.length - 2), ...frame])).not.toContain(
      'orientation-not-applied',
    );
  });

  test('bombs, cuts and nonsense are issues, and reading refuses', async () => {
    const picture = {
      width: 300,
      height: 300,
      bits: 8,
      colorType: 0 as const,
      interlaced: false,
      filters: [1],
      values: Array.from({ length: 90_000 }, (_, i) => (i * i) & 255),
    };
    const bytes = encode(picture);
    const bomb = bytes.slice();
    new DataView(bomb.buffer).setUint32(16, 60_000);
    new DataView(bomb.buffer).setUint32(20, 10_000);
    const claimed = await open(bomb);
    expect(claimed.issues.map((issue) => issue.code)).toContain('picture-truncated');
    await expect(claimed.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
    new DataView(bomb.buffer).setUint32(20, 60_000);
    expect((await open(bomb)).issues.map((issue) => issue.code)).toContain('picture-too-large');
    for (let length = 0; length < bytes.length; length += 97) {
      const opened = await open(bytes.slice(0, length));
      expect(opened.issues.some((issue) => issue.severity === 'error')).toBe(true);
      for (const image of opened.images)
        await expect(image.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
    }
  });
});

describe('lossy pictures', () => {
  test('a JPEG is described by its frame header', async () => {
    const bytes = Uint8Array.from([
      0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 1, 0, 2, 0, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1,
    ]);
    const { images, issues } = await open(bytes, jpegReader, 'a.jpg');
    expect(images[0]!.description).toMatchObject({ sizes: { x: 512, y: 256, t: 1 }, samples: 3, type: 'uint8' });
    expect(issues.map((issue) => issue.code)).toContain('lossy-primary-data');
    await expect(images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
    expect((await open(bytes.slice(0, 12), jpegReader, 'a.jpg')).issues.map((issue) => issue.code)).toEqual([
      'picture-broken',
    ]);
  });

  test('a GIF is described with the number of its pictures', async () => {
    const frame = [0x21, 0xf9, 4, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 5, 0, 3, 0, 0, 2, 2, 0x4c, 1, 0];
    const bytes = Uint8Array.from([
      ...Buffer.from('GIF89a'),
      5,
      0,
      3,
      0,
      0x80,
      0,
      0,
      0,
      0,
      0,
      1,
      1,
      1,
      ...frame,
      ...frame,
      0x3b,
    ]);
    const { images, issues } = await open(bytes, gifReader, 'a.gif');
    expect(images[0]!.description).toMatchObject({ sizes: { x: 5, y: 3, t: 2 }, samples: 3 });
    expect(issues.map((issue) => issue.code)).toContain('lossy-primary-data');
  });
});
