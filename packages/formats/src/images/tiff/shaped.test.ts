import { expect, test } from 'vitest';
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
