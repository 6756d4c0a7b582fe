import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FileTree, type ImageReader, findItems, inspectItem } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { afterEach, describe, expect, test } from 'vitest';

const data = new URL('../../../shared/data/', import.meta.url);
const present = existsSync(data);
if (!present) console.warn('tests/files/tiff: the folder shared/data is absent, nothing is tested');

const trees: FileTree[] = [];

afterEach(async () => {
  for (const tree of trees.splice(0)) for (const entry of tree.entries) await entry.close?.();
});

async function treeOf(folder: string): Promise<FileTree> {
  const tree = await openFolder(fileURLToPath(new URL(folder, data)));
  trees.push(tree);
  return tree;
}

type Opened = Awaited<ReturnType<ImageReader['open']>>;

/** Opens a file the way the program does: recognised by content in its folder, then read. */
async function openFile(path: string): Promise<{ opened: Opened; format: string; files: string[]; line: object }> {
  const slash = path.lastIndexOf('/');
  const tree = await treeOf(path.slice(0, slash));
  const [item] = await findItems(tree, { asked: path.slice(slash + 1) });
  if (!item?.descriptor?.images) throw new Error(`${path} has no image reader: ${item?.format ?? 'nothing'}`);
  const reader = await item.descriptor.images.reader();
  const line = await inspectItem(item);
  return { opened: await reader.open(item), format: item.format, files: item.files.map((file) => file.path), line };
}

/** Sum of all pixels of all planes, and the smallest and largest value. */
async function sums({ images }: Opened, level = 0): Promise<{ sum: number; min: number; max: number }> {
  const out = { sum: 0, min: Infinity, max: -Infinity };
  for (const image of images) {
    const { t, c, z } = image.description.sizes;
    for (let plane = 0; plane < t * c * z; plane++) {
      const index = { t: Math.floor(plane / (c * z)), c: Math.floor(plane / z) % c, z: plane % z };
      const { data: values } = await image.readRegion(index, undefined, level);
      for (const value of values) {
        const number = Number(value);
        out.sum += number;
        out.min = Math.min(out.min, number);
        out.max = Math.max(out.max, number);
      }
    }
  }
  return out;
}

const sizes = (t: number, c: number, z: number, y: number, x: number): object => ({ t, c, z, y, x });

/** Format, sizes, type and sum of SOURCES.md;  */
const expected: [string, string, object, string, number][] = [
  ['images/tiff/multi-channel.ome.tif', 'ome-tiff', sizes(1, 3, 1, 167, 439), 'int8', 10_445_323],
  ['images/tiff/FakeTracks.tif', 'imagej-tiff', sizes(50, 1, 1, 128, 128), 'uint8', 16_487_989],
  ['images/tiff/CH3_Fluorescence_8bit.tif', 'imagej-tiff', sizes(1, 3, 1, 272, 275), 'uint8', 8_836_016],
  ['images/derived/pyramid_bigtiff.ome.tif', 'ome-tiff', sizes(3, 1, 6, 200, 300), 'uint16', 446_103_475],
  ['images/derived/big_endian_strips.ome.tif', 'ome-tiff', sizes(3, 1, 6, 200, 300), 'uint16', 446_103_475],
  ['images/derived/imagej_hyperstack_TZCYX.tif', 'imagej-tiff', sizes(2, 2, 3, 64, 64), 'uint16', 24_400_789],
];

describe.runIf(present)('TIFF files', () => {
  test.each(expected)('%s', async (path, format, size, type, sum) => {
    const found = await openFile(path);
    expect(found.format).toBe(format);
    expect(found.opened.images).toHaveLength(1);
    expect(found.opened.images[0]!.description).toMatchObject({ sizes: size, type });
    expect(found.opened.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(found.line).toMatchObject({ format, kind: 'image', images: [{ sizes: size, type }] });
    expect((await sums(found.opened)).sum).toBe(sum);
  });

  test('the pyramid is levels, not planes', async () => {
    const { opened } = await openFile('images/derived/pyramid_bigtiff.ome.tif');
    const image = opened.images[0]!;
    expect(image.levels).toEqual([
      { width: 300, height: 200, depth: 6, tileWidth: 64, tileHeight: 64 },
      { width: 150, height: 100, depth: 6, tileWidth: 64, tileHeight: 64 },
    ]);
    expect(image.description.channels).toEqual([{ name: 'LED555' }]);
    expect(image.description.timeStep).toEqual({ value: 10, unit: 'second' });
    expect(image.description.voxelSize?.x?.value).toBeCloseTo(0.0905767, 6);
    expect(image.description.voxelSize?.z).toEqual({ value: 0.32, unit: 'micrometer' });
    // Plain subsampling: each pixel of the second level is every second of the first.
    const plane = { t: 2, c: 0, z: 3 };
    const full = await image.readRegion(plane);
    const half = await image.readRegion(plane, undefined, 1);
    for (const [x, y] of [
      [0, 0],
      [149, 99],
      [70, 33],
    ] as const)
      expect(half.data[y * 150 + x]).toBe(full.data[y * 2 * 300 + x * 2]);
    const part = await image.readRegion(plane, { x: 60, y: 50, width: 77, height: 90 });
    for (const [x, y] of [
      [0, 0],
      [76, 89],
      [4, 13],
      [5, 14],
    ] as const)
      expect(part.data[y * 77 + x]).toBe(full.data[(y + 50) * 300 + x + 60]);
  });

  test('nanometers become micrometers', async () => {
    const { opened } = await openFile('images/derived/big_endian_strips.ome.tif');
    expect(opened.images[0]!.description.voxelSize?.x?.value).toBeCloseTo(0.0905767, 6);
    expect(opened.images[0]!.description.voxelSize?.z).toBeUndefined();
    expect(opened.issues.map((issue) => issue.code)).toEqual(['no-time-step']);
  });

  test('ImageJ units, ranges, tables and labels', async () => {
    const hyperstack = (await openFile('images/derived/imagej_hyperstack_TZCYX.tif')).opened.images[0]!.description;
    expect(hyperstack.timeStep).toEqual({ value: 5.5, unit: 'second' });
    expect(hyperstack.voxelSize?.x?.value).toBeCloseTo(0.144992, 8);
    expect(hyperstack.voxelSize?.z).toEqual({ value: 0.144992, unit: 'micrometer' });
    expect(hyperstack.channels.map((channel) => channel.window)).toEqual([
      { start: 0, end: 9000 },
      { start: 0, end: 5000 },
    ]);
    const composite = (await openFile('images/tiff/CH3_Fluorescence_8bit.tif')).opened.images[0]!.description;
    expect(composite.channels.map((channel) => channel.color)).toEqual(['FF0000', '00FF00', '0000FF']);
    expect(composite.channels[0]!.window).toEqual({ start: 0, end: 255 });
    expect(composite.voxelSize).toBeUndefined();
    const film = (await openFile('images/tiff/FakeTracks.tif')).opened.images[0]!.description;
    expect(film.timeStep).toEqual({ value: 1, unit: 'second' });
    expect(film.voxelSize).toBeUndefined();
  });

  test('a set of files is one item wherever one points at it', async () => {
    const members = [1, 2, 3, 4, 5].map((z) => `multifile-Z${z}.ome.tiff`);
    for (const asked of ['multifile-Z3.ome.tiff', 'multifile.companion.ome']) {
      const { opened, format, files } = await openFile(`images/tiff/multifile/${asked}`);
      expect(format).toBe('ome-tiff');
      expect(files).toEqual([...members, 'multifile.companion.ome']);
      expect(opened.images.map((image) => image.description)).toEqual([
        {
          name: 'multifile',
          sizes: sizes(1, 1, 5, 24, 18),
          type: 'uint8',
          channels: [{ name: '' }],
          acquiredAt: '2010-03-02T15:08:59',
        },
      ]);
      const first = await opened.images[0]!.readRegion({ t: 0, c: 0, z: 0 });
      expect([...first.data].reduce<number>((sum, value) => sum + Number(value), 0)).toBe(94_605);
      expect((await sums(opened)).sum).toBe(314_466);
    }
  });

  test.each(['bw_sample', 'bw_sample02', 'bw_sample03'])('LZW mask %s', async (name) => {
    const { opened, format } = await openFile(`bd5/${name}.tif`);
    expect(format).toBe('tiff');
    const image = opened.images[0]!;
    expect(image.description).toMatchObject({ sizes: sizes(1, 1, 1, 256, 256), type: 'uint8', samples: 2 });
    expect(image.description.voxelSize).toBeUndefined();
    const { data: values } = await image.readRegion({ t: 0, c: 0, z: 0 });
    const grey = values.filter((_: unknown, index: number) => index % 2 === 0) as Uint8Array;
    const alpha = values.filter((_: unknown, index: number) => index % 2 === 1) as Uint8Array;
    expect(new Set(alpha)).toEqual(new Set([255]));
    // A mask is black and white with few greys: wrong LZW or predictor would give all 256 values.
    expect(grey.filter((value) => value === 0 || value === 255).length).toBeGreaterThan(60_000);
  });
});

describe.runIf(present)('folders of real files', () => {
  test('masks of the Cell Tracking Challenge are not taken for a series; numbered masks alone are', async () => {
    const tree = await treeOf('tracks/ctc/Fluo-N2DL-HeLa');
    const items = await findItems(tree);
    expect(items.map((item) => item.format)).toEqual(['ctc']);
    const masks = { name: 'masks', entries: tree.entries.filter((entry) => entry.path.endsWith('.tif')) };
    const [series, ...more] = await findItems(masks);
    expect(more).toEqual([]);
    expect(series?.format).toBe('image-series');
    const reader = await series!.descriptor!.images!.reader();
    const opened = await reader.open(series!);
    expect(opened.images[0]!.description).toMatchObject({ sizes: sizes(92, 1, 1, 700, 1100), type: 'uint16' });
    const { data: pixels } = await opened.images[0]!.readRegion({ t: 0, c: 0, z: 0 });
    expect([...pixels].reduce<number>((sum, value) => sum + Number(value), 0)).toBe(2_368_106);
    await opened.images[0]!.readRegion({ t: 91, c: 0, z: 0 });
  });

  test('the masks beside BD5 samples are single files', async () => {
    const tree = await treeOf('bd5');
    const masks = (await findItems(tree)).filter((item) => item.path.endsWith('.tif'));
    expect(masks.map((item) => [item.format, item.files.length])).toEqual([
      ['tiff', 1],
      ['tiff', 1],
      ['tiff', 1],
    ]);
  });
});
