import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { OpenedImages } from '../image-reader.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { inflateByZlib } from '../inflate-node.ts';
import { jpegSamples } from '../jpeg/samples.test-data.ts';
import { inflateByStream, setInflate } from '../inflate.ts';
import { TiffFile } from './directory.ts';
import { readPage } from './page.ts';
import { readPageRegion } from './read-region.ts';
import { tiffReader } from './reader.ts';
import { type PageToBuild, buildTiff } from './tiff-for-tests.ts';

afterEach(() => setInflate(undefined));

/** Opens bytes as the program does. `reads` collects what was asked of the source. */
async function openBytes(bytes: Uint8Array, reads: number[] = []): Promise<OpenedImages> {
  const inner = memorySource('a.tif', bytes);
  const source: ByteSource = {
    ...inner,
    read: (offset, length, signal) => {
      reads.push(Math.min(length, Math.max(0, bytes.length - offset)));
      return inner.read(offset, length, signal);
    },
  };
  const entry = { path: 'a.tif', size: bytes.length, open: async () => source };
  const item: Item = {
    path: 'a.tif',
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'tiff',
    recognition: { score: 1, reason: 'test' },
  };
  return tiffReader.open(item);
}

const codes = (opened: OpenedImages): string[] => opened.issues.map((issue) => issue.code);
const first = { t: 0, c: 0, z: 0 };

const kinds = [
  ...([1, 4, 8, 12, 16, 20, 24, 31, 32] as const).map((bits) => ({ bits, format: 1 as const })),
  { bits: 64, format: 1 as const },
  ...([8, 16, 32, 64] as const).map((bits) => ({ bits, format: 2 as const })),
  { bits: 24, format: 3 as const },
  { bits: 32, format: 3 as const },
  { bits: 64, format: 3 as const },
];

/** Any page, with values from a seed so that it stays small to print. */
const anyPage = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 40 }),
    samples: fc.integer({ min: 1, max: 4 }),
    kind: fc.constantFrom(...kinds),
    compression: fc.constantFrom(1 as const, 5 as const, 8 as const, 32773 as const, 32946 as const, 50000 as const),
    planar: fc.boolean(),
    predict: fc.boolean(),
    tile: fc.option(fc.record({ width: fc.constantFrom(16, 32), height: fc.constantFrom(16, 48) }), { nil: undefined }),
    rowsPerStrip: fc.integer({ min: 1, max: 45 }),
    seed: fc.integer(),
    flat: fc.boolean(),
    little: fc.boolean(),
    big: fc.boolean(),
  })
  .map(({ kind, predict, seed, flat, little, big, tile, ...rest }) => {
    const predictable = kind.format === 3 || [8, 16, 32, 64].includes(kind.bits);
    const predictor = !predict || !predictable ? 1 : kind.format === 3 ? 3 : 2;
    const count = rest.width * rest.height * rest.samples;
    const page: PageToBuild = {
      ...rest,
      ...kind,
      predictor,
      ...(tile ? { tile } : {}),
      values: Array.from({ length: count }, (_, index) =>
        valueAt(kind.bits, kind.format, flat ? index >> 5 : index, seed),
      ),
    };
    return { page, little, big };
  });

function valueAt(bits: number, format: number, index: number, seed: number): number | bigint {
  const mixed = (Math.imul(index ^ seed, 0x9e3779b1) ^ (index << 7)) >>> 0;
  if (format === 3 && bits === 24) return ((mixed & 0x1ffff) - 0x10000) / 1024;
  if (format === 3) return bits === 32 ? Math.fround((mixed - 2 ** 31) / 977) : (mixed - 2 ** 31) / 977;
  if (bits === 64) {
    const wide = BigInt(mixed) * 4_294_967_311n;
    return format === 2 ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide);
  }
  if (format === 2) return Number(BigInt.asIntN(bits, BigInt(mixed)));
  return Number(BigInt.asUintN(bits, BigInt(mixed)));
}

describe('pixels', () => {
  test.each([
    ['platform stream', inflateByStream],
    ['node:zlib', inflateByZlib],
  ])('every mixture of layout, depth and compression is read as written (%s)', async (_, codec) => {
    setInflate(codec);
    await fc.assert(
      fc.asyncProperty(anyPage, fc.integer({ min: 0, max: 1 << 20 }), async ({ page, little, big }, cut) => {
        const bytes = buildTiff({ big, little, pages: [page] });
        const file = (await TiffFile.open(memorySource('a.tif', bytes)))!;
        const read = await readPage(file, (await file.directory(0))!);
        if (typeof read === 'string') throw new Error(read);
        const { width, height, samples = 1 } = page;
        const whole = await readPageRegion(file, read, { region: { x: 0, y: 0, width, height } });
        expect(Array.from(whole.data as Iterable<number | bigint>)).toEqual(page.values);
        const x = cut % width;
        const y = (cut >> 8) % height;
        const region = { x, y, width: 1 + ((cut >> 4) % (width - x)), height: 1 + ((cut >> 12) % (height - y)) };
        const sample = cut % samples;
        const part = await readPageRegion(file, read, { region, sample });
        const expected: unknown[] = [];
        for (let row = 0; row < region.height; row++)
          for (let column = 0; column < region.width; column++)
            expected.push(page.values[((y + row) * width + x + column) * samples + sample]);
        expect(Array.from(part.data as Iterable<number | bigint>)).toEqual(expected);
      }),
      { numRuns: 120 },
    );
  });

  test('long LZW runs cross every code width and the clearing of the table', async () => {
    const values = Array.from({ length: 256 * 200 }, (_, index) => (Math.imul(index, 0x9e3779b1) >>> 13) & 0xff);
    const opened = await openBytes(
      buildTiff({ pages: [{ width: 256, height: 200, bits: 8, compression: 5, values }] }),
    );
    const { data } = await opened.images[0]!.readRegion(first);
    expect(Array.from(data as Uint8Array)).toEqual(values);
  });

  test('a region reads only the tiles it touches', async () => {
    const values = Array.from({ length: 512 * 512 }, (_, index) => index & 0xffff);
    const reads: number[] = [];
    const page: PageToBuild = { width: 512, height: 512, bits: 16, tile: { width: 64, height: 64 }, values };
    const opened = await openBytes(buildTiff({ pages: [page] }), reads);
    reads.length = 0;
    const block = await opened.images[0]!.readRegion(first, { x: 64, y: 128, width: 64, height: 64 });
    expect(block.data[0]).toBe((128 * 512 + 64) & 0xffff);
    expect(reads.reduce((sum, size) => sum + size, 0)).toBe(64 * 64 * 2);
  });

  test('whole planes without compression are one read', async () => {
    const values = Array.from({ length: 300 * 100 }, (_, index) => index);
    const reads: number[] = [];
    const opened = await openBytes(
      buildTiff({ pages: [{ width: 300, height: 100, bits: 16, rowsPerStrip: 7, values }] }),
      reads,
    );
    reads.length = 0;
    await opened.images[0]!.readRegion(first);
    expect(reads).toEqual([300 * 100 * 2]);
  });

  test('compressions we do not decode are named, and reading says so', async () => {
    const page: PageToBuild = { width: 4, height: 4, bits: 8, compression: 4, values: Array<number>(16).fill(1) };
    const opened = await openBytes(buildTiff({ pages: [page] }));
    expect(codes(opened)).toContain('compression-not-read');
    expect(opened.issues.find((issue) => issue.code === 'compression-not-read')!.message).toContain('CCITT group 4');
    expect(opened.images[0]!.description.sizes).toEqual({ t: 1, c: 1, z: 1, y: 4, x: 4 });
    await expect(opened.images[0]!.readRegion(first)).rejects.toThrow(PixelsUnreadable);
    const old = await openBytes(buildTiff({ pages: [{ ...page, compression: 6 }] }));
    expect(old.issues.find((issue) => issue.code === 'compression-not-read')!.message).toContain('old-style JPEG');
    expect(codes(old)).toContain('lossy-primary-data');
  });

  test('zstd is read, with its size in the frame or without', async () => {
    const values = Array.from({ length: 64 * 64 }, (_, index) => (index * 37) & 0xffff);
    const page: PageToBuild = { width: 64, height: 64, bits: 16, compression: 50000, predictor: 2, values };
    for (const zstdSize of [true, false]) {
      const { images, issues } = await openBytes(buildTiff({ pages: [{ ...page, zstdSize }] }));
      expect(issues.filter((issue) => issue.code === 'compression-not-read')).toEqual([]);
      expect([...(await images[0]!.readRegion(first)).data]).toEqual(values);
    }
  });

  test('JPEG is read: colours from their directory, strips and all', async () => {
    const { jpeg, pixels, width, height } = jpegSamples.baseline420;
    const packed = [Uint8Array.from(Buffer.from(jpeg, 'base64'))];
    const page: PageToBuild = {
      width,
      height,
      samples: 3,
      bits: 8,
      compression: 7,
      photometric: 6,
      values: [],
      packed,
      extra: [
        {
          tag: 530,
          type: 3,
          values: [2, 2],
        },
      ],
    };
    const { images, issues } = await openBytes(buildTiff({ pages: [page] }));
    expect(issues.map(({ code }) => code)).toContain('lossy-primary-data');
    const { data, samples } = await images[0]!.readRegion(first);
    expect(samples).toBe(3);
    expect([...data]).toEqual([...Buffer.from(pixels, 'base64')]);
    const wrong = await openBytes(buildTiff({ pages: [{ ...page, width: width + 1 }] }));
    await expect(wrong.images[0]!.readRegion(first)).rejects.toThrow(/were expected/);
    const cut = await openBytes(buildTiff({ pages: [{ ...page, packed: [packed[0]!.subarray(0, 300)] }] }));
    await expect(cut.images[0]!.readRegion(first)).rejects.toThrow(PixelsUnreadable);
  });

  test.each([
    [true, [0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38, 0x01, 0x00]],
    [false, [0x3c, 0x00, 0xc0, 0x00, 0x38, 0x00, 0x00, 0x01]],
  ])('half floats are floats (little endian: %s)', async (little, bytes) => {
    const page = { width: 4, height: 1, bits: 16, format: 3 as const, values: [], packed: [Uint8Array.from(bytes)] };
    const { images } = await openBytes(buildTiff({ little, pages: [page] }));
    expect(images[0]!.description.type).toBe('float32');
    expect(Array.from((await images[0]!.readRegion(first)).data as Float32Array)).toEqual([1, -2, 0.5, 2 ** -24]);
  });

  test('damaged packed data are refused, not guessed', async () => {
    const values = Array.from({ length: 64 * 64 }, (_, index) => index & 0xff);
    const bytes = buildTiff({ pages: [{ width: 64, height: 64, bits: 8, compression: 8, values }] });
    bytes.fill(0x55, 20, 60);
    await expect((await openBytes(bytes)).images[0]!.readRegion(first)).rejects.toThrow(PixelsUnreadable);
  });
});

describe('directories', () => {
  const small: PageToBuild = { width: 3, height: 2, bits: 8, values: [1, 2, 3, 4, 5, 6] };

  test('a loop ends, and the pages before it are kept', async () => {
    const once = buildTiff({ pages: [small, small, small] });
    const file = (await TiffFile.open(memorySource('a.tif', once)))!;
    const second = (await file.directoryOffset(1))!;
    const opened = await openBytes(buildTiff({ pages: [small, small, small], lastNext: second }));
    expect(codes(opened)).toContain('tiff-directory-loop');
    expect(opened.issues.find((issue) => issue.code === 'tiff-directory-loop')!.where.offset).toBe(second);
    expect(opened.images[0]!.description.sizes.t).toBe(3);
    expect((await opened.images[0]!.readRegion({ t: 2, c: 0, z: 0 })).data[5]).toBe(6);
  });

  test('a directory outside the file is an issue with its offset', async () => {
    const opened = await openBytes(buildTiff({ pages: [small, small], lastNext: 9_999_999 }));
    expect(opened.issues.find((issue) => issue.code === 'tiff-directory-outside')!.where.offset).toBe(9_999_999);
    expect(opened.images[0]!.description.sizes.t).toBe(2);
  });

  test('absurd counts and sizes neither hang nor take memory', async () => {
    const huge = buildTiff({
      pages: [{ ...small, extra: [{ tag: 65_000, type: 4, values: [1, 2, 3] }] }],
    });
    const view = new DataView(huge.buffer);
    // The count of the private field, and the width.
    const file = (await TiffFile.open(memorySource('a.tif', huge)))!;
    const directory = (await file.directory(0))!;
    for (let at = directory.offset + 2; at < huge.length - 12; at += 12) {
      if (view.getUint16(at, true) === 65_000) view.setUint32(at + 4, 0xfffffff0, true);
      if (view.getUint16(at, true) === 256) view.setUint32(at + 8, 0x7ffffffe, true);
    }
    const opened = await openBytes(huge);
    expect(codes(opened)).toContain('tiff-field-outside');
    await expect(opened.images[0]!.readRegion(first)).rejects.toThrow(PixelsUnreadable);
  });

  test('a far page of evenly laid directories is found by a few reads, an uneven one by walking', async () => {
    const pages = Array.from({ length: 2000 }, (_, index) => ({
      ...small,
      values: [index & 255, index >> 8, 0, 0, 0, 0],
    }));
    const uneven = pages.map((page, index) =>
      index === 1200 ? { ...page, width: 4, height: 2, values: [...page.values, 0, 0] } : page,
    );
    for (const all of [pages, uneven]) {
      const file = (await TiffFile.open(memorySource('a.tif', buildTiff({ pages: all }))))!;
      await file.directoryOffset(20);
      const far = (await readPage(file, (await file.directory(1990))!)) as Exclude<
        Awaited<ReturnType<typeof readPage>>,
        string
      >;
      const { data } = await readPageRegion(file, far, { region: { x: 0, y: 0, width: 2, height: 1 } });
      expect(Array.from(data as Uint8Array)).toEqual([1990 & 255, 1990 >> 8]);
      expect(await file.countDirectories()).toEqual({ count: 2000, complete: true });
    }
  });

  test('every cut of a file gives issues or pages, never a fault', async () => {
    const bytes = buildTiff({ pages: [small, { ...small, compression: 8 }, small] });
    for (let length = 0; length < bytes.length; length += 3) {
      const opened = await openBytes(bytes.slice(0, length));
      expect(opened.issues.some((issue) => issue.severity === 'error')).toBe(true);
      for (const image of opened.images)
        for (let t = 0; t < image.description.sizes.t; t++)
          await image
            .readRegion({ t, c: 0, z: 0 })
            .catch((error: unknown) => expect(error).toBeInstanceOf(PixelsUnreadable));
    }
  });

  const imagej = 'ImageJ=1.53t\nimages=3\nframes=3\nunit=um\nfinterval=2\n';
  const ome =
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="I"><Pixels DimensionOrder="XYCZT" Type="uint8" SizeX="3" SizeY="2" SizeC="1" SizeZ="1" SizeT="3"><Channel SamplesPerPixel="1"/><TiffData IFD="0" PlaneCount="3"/></Pixels></Image></OME>';

  test.each([
    ['plain', ''],
    ['ImageJ', imagej],
    ['OME', ome],
  ])('random damage is never a fault (%s)', async (_, description) => {
    const start = description === '' ? small : { ...small, description };
    const bytes = buildTiff({ pages: [start, { ...small, compression: 5 }, { ...small, compression: 32773 }] });
    const damages = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damages, async (damage) => {
        const broken = bytes.slice();
        for (const [at, value] of damage) if (at > 3) broken[at] = value;
        const opened = await openBytes(broken);
        for (const image of opened.images.slice(0, 3))
          await image
            .readRegion(first, { x: 0, y: 0, width: 1, height: 1 })
            .catch((error: unknown) => expect(error).toBeInstanceOf(PixelsUnreadable));
      }),
      { numRuns: 600 },
    );
  });

  test('reduced images are not planes; sub-directories are not looked at as pages', async () => {
    const reduced: PageToBuild = {
      ...small,
      width: 1,
      height: 1,
      values: [3],
      extra: [{ tag: 254, type: 4, values: [1] }],
    };
    const opened = await openBytes(buildTiff({ pages: [small, reduced] }));
    expect(opened.images).toHaveLength(1);
    expect(opened.images[0]!.description.sizes.t).toBe(1);
    expect(opened.images[0]!.levels.map((level) => level.width)).toEqual([3, 1]);
    expect((await opened.images[0]!.readRegion(first, undefined, 1)).data[0]).toBe(3);
  });

  test('RGB is samples, other samples are channels, pages of other sizes are other images', async () => {
    const rgb: PageToBuild = { width: 2, height: 1, bits: 8, samples: 3, photometric: 2, values: [1, 2, 3, 4, 5, 6] };
    const many: PageToBuild = {
      width: 2,
      height: 1,
      bits: 16,
      samples: 5,
      planar: true,
      values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    };
    const { images } = await openBytes(buildTiff({ pages: [rgb, many] }));
    expect(images.map(({ description }) => [description.sizes.c, description.samples])).toEqual([
      [1, 3],
      [5, undefined],
    ]);
    expect(Array.from((await images[0]!.readRegion(first)).data as Uint8Array)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from((await images[1]!.readRegion({ t: 0, c: 3, z: 0 })).data as Uint16Array)).toEqual([4, 9]);
  });
});

describe('ImageJ', () => {
  const plane = (value: number): PageToBuild => ({
    width: 2,
    height: 2,
    bits: 16,
    values: [value, value, value, value + 1],
  });
  const lines = (...more: string[]): string => ['ImageJ=1.53t', ...more].join('\n');

  test('planes are C fastest, then Z, then T, whatever the order of the bytes', async () => {
    const pages = Array.from({ length: 12 }, (_, index) => plane(index));
    pages[0]!.description = lines(
      'images=12',
      'channels=2',
      'slices=3',
      'frames=2',
      'hyperstack=true',
      'unit=\\u00B5m',
      'spacing=500',
      'zunit=nm',
      'finterval=2',
      'tunit=min',
    );
    pages[0]!.extra = [
      { tag: 282, type: 5, values: [4, 1] },
      { tag: 283, type: 5, values: [2, 1] },
    ];
    for (const little of [true, false]) {
      const opened = await openBytes(buildTiff({ little, pages }));
      const { description } = opened.images[0]!;
      expect(description.sizes).toEqual({ t: 2, c: 2, z: 3, y: 2, x: 2 });
      expect(description.timeStep).toEqual({ value: 120, unit: 'second' });
      expect(description.voxelSize).toEqual({
        z: { value: 0.5, unit: 'micrometer' },
        y: { value: 0.5, unit: 'micrometer' },
        x: { value: 0.25, unit: 'micrometer' },
      });
      expect((await opened.images[0]!.readRegion({ t: 1, c: 1, z: 2 })).data[0]).toBe(11);
      expect((await opened.images[0]!.readRegion({ t: 1, c: 0, z: 1 })).data[3]).toBe(9);
    }
  });

  test('one directory is enough for planes that follow each other; missing ones are said', async () => {
    const page: PageToBuild = {
      width: 2,
      height: 2,
      bits: 8,
      values: [1, 2, 3, 4],
      description: lines('images=3', 'frames=3'),
    };
    const bytes = buildTiff({ pages: [page] });
    // Behind the first directory nothing but planes: moved to the end of the file.
    const end = bytes.length;
    const longer = new Uint8Array(end + 8);
    longer.set(bytes);
    longer.set([1, 2, 3, 4, 5, 6, 7, 8], end);
    const view = new DataView(longer.buffer);
    for (let at = view.getUint32(4, true) + 2; at < end - 12; at += 12)
      if (view.getUint16(at, true) === 273) view.setUint32(at + 8, end, true);
    const opened = await openBytes(longer);
    expect(codes(opened)).toContain('planes-missing');
    expect(opened.images[0]!.description.sizes.t).toBe(2);
    expect(Array.from((await opened.images[0]!.readRegion({ t: 1, c: 0, z: 0 })).data as Uint8Array)).toEqual([
      5, 6, 7, 8,
    ]);
  });

  test('planes beyond 4 GB are found behind the only directory', async () => {
    const [width, height, images] = [4096, 4096, 300];
    const head = buildTiff({
      little: false,
      pages: [
        {
          width,
          height,
          bits: 8,
          rowsPerStrip: height,
          values: [],
          description: lines(`images=${images}`, `frames=${images}`),
        },
      ].map((page) => ({ ...page, width: 1, height: 1, values: [0] })),
    });
    const view = new DataView(head.buffer);
    const start = head.length;
    // The one strip becomes the first of 300 planes of 16 MiB that follow the directory.
    for (let at = view.getUint32(4) + 2; at + 12 <= start; at += 12) {
      const code = view.getUint16(at);
      const value = { 256: width, 257: height, 273: start, 278: height, 279: width * height }[code];
      if (value !== undefined) view.setUint32(at + 8, value);
    }
    const size = start + images * width * height;
    const source: ByteSource = {
      name: 'big.tif',
      size,
      async read(offset, length) {
        const bytes = new Uint8Array(Math.min(length, size - offset));
        // Behind the directory every byte is the number of its plane.
        for (let at = 0; at < bytes.length; at++)
          bytes[at] =
            offset + at < start ? head[offset + at]! : Math.floor((offset + at - start) / (width * height)) % 251;
        return bytes;
      },
    };
    const entry = { path: 'big.tif', size, open: async () => source };
    const item: Item = {
      path: 'big.tif',
      files: [entry],
      tree: fileTree('', [entry]),
      format: 'tiff',
      recognition: { score: 1, reason: 'test' },
    };
    const { images: opened, issues } = await tiffReader.open(item);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(opened[0]!.description.sizes.t).toBe(images);
    const { data } = await opened[0]!.readRegion({ t: 299, c: 0, z: 0 }, { x: 7, y: 9, width: 5, height: 2 });
    expect(new Set(data as Uint8Array)).toEqual(new Set([299 % 251]));
  });

  test.each([
    [['unit=inch'], [72, 1], undefined],
    [['unit=pixel'], [1, 1], undefined],
    [[], [5, 1], undefined],
    [['unit=micron'], [5, 1], 0.2],
    [['unit=cm'], [20_000, 1], 0.5],
    [['unit=nm'], [1, 100], 0.1],
    [['unit=um'], [0, 1], undefined],
    [['unit=inch'], [254_000, 1], 0.1],
  ])('%j with resolution %j is %s µm', async (unit, resolution, expected) => {
    const extra = [{ tag: 282, type: 5, values: resolution }];
    const opened = await openBytes(
      buildTiff({ pages: [{ ...plane(1), description: lines('images=1', ...unit), extra }] }),
    );
    const { voxelSize } = opened.images[0]!.description;
    if (expected === undefined) expect(voxelSize).toBeUndefined();
    else expect(voxelSize?.x?.value).toBeCloseTo(expected, 12);
    expect(codes(opened).includes('no-pixel-size')).toBe(expected === undefined);
  });
});

describe('electron microscopes', () => {
  const page = (tagNumber: number, text: string): PageToBuild => ({
    width: 4,
    height: 4,
    bits: 8,
    values: Array<number>(16).fill(1),
    extra: [{ tag: tagNumber, type: 2, values: [...Buffer.from(`${text}\0`)] }],
  });

  test('FEI: lines below titles, lengths in meters', async () => {
    const text =
      '[User]\r\nDate=24/05/2023\r\n[System]\r\nSystemType=Helios\r\nSoftware=5.1\r\n[Scan]\r\nPixelWidth=3.37302e-9\r\nPixelHeight=3.37302e-9\r\n[Detectors]\r\nName=TLD\r\n';
    const { images, rawMetadata } = await openBytes(buildTiff({ pages: [page(34682, text)] }));
    expect(images[0]!.description).toMatchObject({
      voxelSize: { x: { value: 0.00337302, unit: 'micrometer' } },
      acquiredAt: '2023-05-24',
      instrument: { manufacturer: 'FEI', model: 'Helios', detector: 'TLD', software: '5.1' },
    });
    expect(rawMetadata?.text).toContain('Helios');
  });

  test('Zeiss: a name, and below it the value with its unit', async () => {
    const text =
      'DP_SEM\r\nSEM = SUPRA 40\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = 2.481 nm\r\nDP_DETECTOR_TYPE\r\nDetector Type = InLens\r\n';
    const { images } = await openBytes(buildTiff({ pages: [page(34118, text)] }));
    expect(images[0]!.description).toMatchObject({
      voxelSize: { x: { value: 0.002481, unit: 'micrometer' }, y: { value: 0.002481 } },
      instrument: { manufacturer: 'Zeiss', model: 'SUPRA 40', detector: 'InLens' },
    });
  });
});
