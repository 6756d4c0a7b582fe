import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type FileTree,
  fileTree,
  type ImagePixels,
  type Item,
  memorySource,
  omeZarrReader,
  openArray,
  treeStore,
} from '@micrarium/formats';
import '@micrarium/formats/node';
import { get } from 'zarrita';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data/images/', import.meta.url));
const there = existsSync(folder);
if (!there) console.warn('image samples are not here: tests/files/ome-zarr.test.ts checks nothing');

function diskTree(path: string): FileTree {
  const files = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
  return fileTree(
    basename(path),
    files.map((file) => ({
      path: statSync(path).isFile() ? basename(path) : relative(path, file),
      size: statSync(file).size,
      open: () => Promise.resolve(memorySource(basename(file), new Uint8Array(readFileSync(file)))),
    })),
  );
}

function itemOf(path: string): Item {
  const tree = diskTree(join(folder, path));
  return { path, files: tree.entries, tree, format: 'ome-zarr', recognition: { score: 1, reason: 'test' } };
}

async function sumOf(image: ImagePixels, level = 0): Promise<number> {
  const { sizes } = image.description;
  let sum = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (let z = 0; z < image.levels[level]!.depth; z++)
        for (const value of (await image.readRegion({ t, c, z }, undefined, level)).data) sum += Number(value);
  return sum;
}

describe.runIf(there)('OME-Zarr samples', () => {
  it.each(['blobs_image_v04.ome.zarr', 'blobs_image_v05.ome.zarr'])('%s', async (name) => {
    const { images, issues, formatVersion } = await omeZarrReader.open(itemOf(`ome-zarr/${name}`));
    expect(formatVersion).toBe(name.includes('v04') ? '0.4-dev-spatialdata' : '0.5-dev-spatialdata');
    expect(images).toHaveLength(1);
    expect(images[0]!.description).toMatchObject({ sizes: { t: 1, c: 3, z: 1, y: 12, x: 12 }, type: 'float64' });
    expect(await sumOf(images[0]!)).toBeCloseTo(234.000147, 5);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    if (name.includes('v04')) expect(images[0]!.description.channels.map((c) => c.name)).toEqual(['0', '1', '2']);
  });

  it('the old bioformats2raw layout', async () => {
    const { images } = await omeZarrReader.open(itemOf('ome-zarr/bioformats-zarr/data.zarr'));
    expect(images).toHaveLength(1);
    expect(images[0]!.description).toMatchObject({ sizes: { t: 1, c: 3, z: 1, y: 167, x: 439 }, type: 'int8' });
    expect(images[0]!.levels.map((level) => [level.width, level.height])).toEqual([
      [439, 167],
      [219, 83],
    ]);
    expect(await sumOf(images[0]!)).toBe(10445323);
    expect(await sumOf(images[0]!, 1)).toBe(2557074);
  });

  it.each(['simple_0.4', 'simple_0.5', 'simple_0.5.zip'])('%s', async (name) => {
    const { images, issues } = await omeZarrReader.open(itemOf(`ome-zarr/${name}`));
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(images).toHaveLength(1);
    const [image] = images;
    expect(image!.levels).toHaveLength(3);
    expect(image!.description).toMatchObject({
      type: 'uint16',
      voxelSize: { y: { value: 0.004, unit: 'micrometer' }, x: { value: 0.03, unit: 'micrometer' } },
    });
    expect(await sumOf(image!)).toBe(4950);
  });

  it('plate: every field is an image', async () => {
    const { images, formatVersion } = await omeZarrReader.open(itemOf('derived/plate_v04.zarr'));
    expect(formatVersion).toBe('0.4');
    expect(images).toHaveLength(4);
    for (const image of images) {
      expect(image.description).toMatchObject({ sizes: { t: 2, c: 2, z: 3, y: 64, x: 64 }, type: 'uint16' });
      expect(image.levels).toHaveLength(2);
      expect(await sumOf(image)).toBe(24400789);
    }
  });

  it.each(readdirSync(there ? join(folder, 'ome-zarr/v06') : '.'))(
    '0.6 is read where it is simple, else refused with the reason: %s',
    async (name) => {
      const { images, issues, formatVersion } = await omeZarrReader.open(itemOf(`ome-zarr/v06/${name}`));
      expect(formatVersion).toBe('0.6.dev1');
      if (name === 'affine.zarr') {
        expect(images).toEqual([]);
        expect(issues.map((issue) => issue.code)).toEqual(['ome-zarr-version-unknown']);
        expect(issues[0]!.message).toContain('affine');
        return;
      }
      const [z, y, x] = /scale/i.test(name) ? [4, 3, 2] : [1, 1, 1];
      const micrometers = (value: number | undefined) => ({ value, unit: 'micrometer' });
      expect(images[0]!.description).toMatchObject({
        sizes: { z: 27, y: 226, x: 186 },
        voxelSize: { z: micrometers(z), y: micrometers(y), x: micrometers(x) },
      });
      expect(issues).toEqual([]);
    },
  );

  it('stores without a version, or with an unknown one, are told', async () => {
    const unknown = await omeZarrReader.open(itemOf('ngff/validator-samples/invalid_version.zarr'));
    expect(unknown.issues.map((issue) => issue.code)).toContain('ome-zarr-version-unknown');
    expect(unknown.issues[0]!.message).toContain('abc123');
    const missing = await omeZarrReader.open(itemOf('ngff/validator-samples/no_version_v0.5.zarr'));
    expect(missing.issues.map((issue) => issue.code)).toContain('ome-zarr-version-missing');
  });
});

describe.runIf(there)('Zarr v3 samples', () => {
  it.each([
    ['1d.chunked.compressed.sharded.i2', 10],
    ['2d.chunked.compressed.sharded.filled.i2', 120],
    ['2d.chunked.ragged.compressed.sharded.i2', 45],
    ['3d.chunked.mixed.compressed.sharded.i2', 351],
    ['3d.chunked.mixed.i2.F', 351],
    ['1d.contiguous.gzip.i2', 10],
  ])('%s sums to %d', async (name, sum) => {
    const array = await openArray(treeStore(diskTree(join(folder, 'zarr-v3'))), name, 3);
    if (typeof array === 'string') throw new Error(array);
    const { data } = (await get(array)) as { data: Iterable<number> };
    expect([...data].reduce((a, b) => a + b, 0)).toBe(sum);
  });

  it('big endian floats', async () => {
    const array = await openArray(treeStore(diskTree(join(folder, 'zarr-v3'))), '1d.contiguous.f4.be', 3);
    if (typeof array === 'string') throw new Error(array);
    expect([...((await get(array)) as { data: Iterable<number> }).data]).toEqual([-1000.5, 0, 1000.5, 0]);
  });
});
