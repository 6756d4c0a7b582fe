import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { OpenedImages } from '../image-reader.ts';
import { tiffReader } from './reader.ts';
import { type PageToBuild, buildTiff } from './tiff-for-tests.ts';

function openBytes(bytes: Uint8Array): Promise<OpenedImages> {
  const entry = { path: 'a.tif', size: bytes.length, open: async () => memorySource('a.tif', bytes) };
  return tiffReader.open({
    path: 'a.tif',
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'tiff',
    recognition: { score: 1, reason: 'test' },
  });
}

/** A page of 3 x 2 whose pixels are its number. */
const page = (number: number, description?: object): PageToBuild => ({
  width: 3,
  height: 2,
  bits: 16,
  values: Array<number>(6).fill(number),
  ...(description ? { description: JSON.stringify(description) } : {}),
});

const valueAt = async ({ images }: OpenedImages, image: number, t: number, c: number, z: number): Promise<unknown> =>
  (await images[image]!.readRegion({ t, c, z })).data[5];

test('axes of tifffile’s shape are read; series of one page size are told apart', async () => {
  const first = Array.from({ length: 12 }, (_, n) =>
    page(n, n === 0 ? { shape: [2, 3, 2, 2, 3], axes: 'TZCYX' } : undefined),
  );
  const second = [page(100, { axes: 'ZYX', shape: [2, 2, 3] }), page(101)];
  const opened = await openBytes(buildTiff({ pages: [...first, ...second] }));
  expect(opened.images.map((image) => image.description.sizes)).toEqual([
    { t: 2, c: 2, z: 3, y: 2, x: 3 },
    { t: 1, c: 1, z: 2, y: 2, x: 3 },
  ]);
  // C is fastest, then Z: 1 * 6 + 2 * 2 + 0.
  expect(await valueAt(opened, 0, 1, 0, 2)).toBe(10);
  expect(await valueAt(opened, 1, 0, 0, 1)).toBe(101);
  expect(opened.issues.map(({ code }) => code)).not.toContain('plane-axis-unknown');
});

test('planes behind the only directory are read, and claims beyond the file are not believed', async () => {
  const tall = { ...page(0), values: Array.from({ length: 24 }, (_, n) => Math.floor(n / 6)), height: 8 };
  const description = JSON.stringify({ shape: [4, 2, 3], truncated: true });
  const bytes = buildTiff({ pages: [{ ...tall, description }] });
  // The directory says two rows; the pixels of eight are there.
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = view.getUint32(4, true) + 2; view.getUint16(at, true) <= 279; at += 12) {
    if ([257, 278].includes(view.getUint16(at, true))) view.setUint32(at + 8, 2, true);
    if (view.getUint16(at, true) === 279) view.setUint32(at + 8, 12, true);
  }
  const opened = await openBytes(bytes);
  expect(opened.images[0]!.description.sizes).toMatchObject({ t: 4, y: 2 });
  expect(await valueAt(opened, 0, 3, 0, 0)).toBe(3);
  for (const shape of [[1e9, 2, 3], [50, 2, 3], [-4, 2, 3], 'no']) {
    const claimed = await openBytes(buildTiff({ pages: [page(7, { shape, truncated: true })] }));
    expect(claimed.images[0]!.description.sizes).toMatchObject({ t: 1, c: 1, z: 1 });
  }
});

test('a page of several slices is said not to be read', async () => {
  const deep = { ...page(1), extra: [{ tag: 32997, type: 4, values: [6] }] };
  const opened = await openBytes(buildTiff({ pages: [deep] }));
  expect(opened.issues.map(({ code }) => code)).toContain('pixel-type-not-read');
  await expect(opened.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow('several slices');
});

test('axes of one place behind x do not hide the others', async () => {
  const pages = [0, 1, 2].map((n) => page(n, n === 0 ? { shape: [1, 3, 2, 3, 1], axes: 'TZYXC' } : undefined));
  const opened = await openBytes(buildTiff({ pages }));
  expect(opened.images[0]!.description.sizes).toEqual({ t: 1, c: 1, z: 3, y: 2, x: 3 });
});

describe('rows and columns of a page that are not y and x', () => {
  /** Pages of 4 columns and 2 rows: the value tells page, row and column. */
  const pagesOf = (count: number, about: object): PageToBuild[] =>
    Array.from({ length: count }, (_, n) => ({
      width: 4,
      height: 2,
      bits: 16,
      values: Array.from({ length: 8 }, (_value, at) => 100 * n + 10 * Math.floor(at / 4) + (at % 4)),
      ...(n === 0 ? { description: JSON.stringify(about) } : {}),
    }));

  test('are put where they belong: YXC has a page for each y', async () => {
    const { images, issues } = await openBytes(buildTiff({ pages: pagesOf(3, { shape: [3, 2, 4], axes: 'YXC' }) }));
    const [image] = images;
    expect(image!.description.sizes).toEqual({ t: 1, c: 4, z: 1, y: 3, x: 2 });
    expect(image!.description.channels).toHaveLength(4);
    expect(issues.map(({ code }) => code)).not.toContain('plane-axis-unknown');
    const whole = await image!.readRegion({ t: 0, c: 2, z: 0 });
    expect([whole.width, whole.height, ...whole.data]).toEqual([2, 3, 2, 12, 102, 112, 202, 212]);
    const part = await image!.readRegion({ t: 0, c: 3, z: 0 }, { x: 1, y: 1, width: 1, height: 2 });
    expect([...part.data]).toEqual([113, 213]);
    await expect(image!.readRegion({ t: 0, c: 4, z: 0 })).rejects.toThrow(RangeError);
  });

  test.each([
    ['TYXC', [2, 3, 2, 4], { t: 2, c: 4, z: 1, y: 3, x: 2 }, { t: 1, c: 1, z: 0 }, [301, 311, 401, 411, 501, 511]],
    ['XZY', [6, 2, 4], { t: 1, c: 1, z: 2, y: 4, x: 6 }, { t: 0, c: 0, z: 1 }, [10, 110, 210, 310, 410, 510, 11]],
    ['YXS', [6, 2, 4], { t: 1, c: 4, z: 1, y: 6, x: 2 }, { t: 0, c: 0, z: 0 }, [0, 10, 100, 110]],
  ])('%s', async (axes, shape, sizes, plane, first) => {
    const { images } = await openBytes(buildTiff({ pages: pagesOf(6, { shape, axes }) }));
    expect(images.map(({ description }) => description.sizes)).toEqual([sizes]);
    const { data } = await images[0]!.readRegion(plane);
    expect([...data].slice(0, first.length)).toEqual(first);
  });

  test.each(['YYC', 'YX', 'CYX', 'YXQ'])(
    'letters %s that say nothing of it leave the pages as they are',
    async (axes) => {
      const { images } = await openBytes(buildTiff({ pages: pagesOf(3, { shape: [3, 2, 4], axes }) }));
      expect(images[0]!.description.sizes).toMatchObject({ y: 2, x: 4 });
    },
  );
});

describe('samples of a pixel', () => {
  const planes = (axes: string, shape: number[], more: Partial<PageToBuild>): Uint8Array =>
    buildTiff({
      pages: [
        {
          width: 3,
          height: 2,
          samples: 3,
          bits: 8,
          values: Array.from({ length: 18 }, (_, at) => 10 * (at % 3) + Math.floor(at / 3)),
          description: JSON.stringify({ shape, axes }),
          ...more,
        },
      ],
    });

  test.each<[string, number[], Partial<PageToBuild>, object, { t: number; c: number; z: number }]>([
    ['ZYX', [3, 2, 3], { planar: true, photometric: 2 }, { t: 1, c: 1, z: 3, y: 2, x: 3 }, { t: 0, c: 0, z: 1 }],
    ['TYX', [3, 2, 3], { planar: true, photometric: 2 }, { t: 3, c: 1, z: 1, y: 2, x: 3 }, { t: 1, c: 0, z: 0 }],
    ['YXT', [2, 3, 3], { photometric: 1 }, { t: 3, c: 1, z: 1, y: 2, x: 3 }, { t: 1, c: 0, z: 0 }],
  ])('of %s are slices or times, not colours', async (axes, shape, more, sizes, plane) => {
    const { images, issues } = await openBytes(planes(axes, shape, more));
    expect(images[0]!.description.sizes).toEqual(sizes);
    expect(images[0]!.description.samples).toBeUndefined();
    expect([...(await images[0]!.readRegion(plane)).data]).toEqual([10, 11, 12, 13, 14, 15]);
    expect(issues.map(({ code }) => code)).not.toContain('plane-axis-unknown');
  });

  test.each<[string, number[], Partial<PageToBuild>]>([
    ['YXS', [2, 3, 3], {}],
    ['CYX', [3, 2, 3], { planar: true }],
  ])('of %s are colours, as the page says', async (axes, shape, more) => {
    const { images } = await openBytes(planes(axes, shape, { photometric: 2, ...more }));
    expect(images[0]!.description).toMatchObject({ samples: 3, sizes: { t: 1, c: 1, z: 1 } });
  });
});
