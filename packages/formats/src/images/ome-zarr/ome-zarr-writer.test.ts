import type { ImageDescription, PixelBlock, PixelType } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { get, open, root, type Readable } from 'zarrita';
import { memorySource } from '../../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import type { Item } from '../../recognition/item.ts';
import { type ImagePixels, PixelsUnreadable } from '../image-reader.ts';
import { valuesOf } from '../pyramid/downsample.ts';
import { checkOmeZarr } from './check-ome-zarr.ts';
import { crc32c } from './crc32c.ts';
import { memorySink } from './memory-sink.ts';
import { omeZarrReader } from './ome-zarr-reader.ts';
import { type OmeZarrOptions, omeZarrWriter } from './ome-zarr-writer.ts';
import { type StoredType, storedTypes } from './array-plan.ts';
import { treeStore } from './tree-store.ts';

type Sizes = { t: number; c: number; z: number; y: number; x: number };
type Value = (t: number, c: number, z: number, y: number, x: number) => number;

/** An image made of a function of its indices. */
function madeImage(type: PixelType, sizes: Sizes, value: Value, more: Partial<ImageDescription> = {}): ImagePixels {
  const samples = more.samples ?? 1;
  return {
    description: {
      name: 'made',
      sizes,
      type,
      channels: Array.from({ length: sizes.c }, (_, c) => ({ name: `c${c}` })),
      ...more,
    },
    levels: [{ width: sizes.x, height: sizes.y, depth: sizes.z, tileWidth: sizes.x, tileHeight: sizes.y }],
    async readRegion(plane, region = { x: 0, y: 0, width: sizes.x, height: sizes.y }): Promise<PixelBlock> {
      const data = valuesOf(type, region.width * region.height * samples);
      const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
      for (let y = 0; y < region.height; y++)
        for (let x = 0; x < region.width; x++)
          for (let s = 0; s < samples; s++) {
            const v = value(plane.t, plane.c * samples + s, plane.z, region.y + y, region.x + x);
            (data as unknown as (number | bigint)[])[(y * region.width + x) * samples + s] = big ? BigInt(v) : v;
          }
      return { width: region.width, height: region.height, samples, type, data };
    },
  };
}

const itemOf = (tree: FileTree): Item => ({
  path: 'made.ome.zarr',
  files: tree.entries,
  tree,
  format: 'ome-zarr',
  recognition: { score: 1, reason: 'test' },
});

async function written(images: ImagePixels[], options: OmeZarrOptions): Promise<FileTree> {
  const sink = memorySink();
  await omeZarrWriter(options).write(images, sink);
  return sink.tree('made.ome.zarr');
}

/** A pseudo-random but fixed value, with large empty areas so that chunks of nothing but 0 occur. */
const speckle =
  (seed: number, top: number): Value =>
  (t, c, z, y, x) => {
    if (((y >> 4) + (x >> 4) + z) % 3 === 0) return 0;
    let h = Math.imul(seed + t * 7 + c * 13 + z * 31 + y * 1009 + x * 9176, 2654435761);
    h ^= h >>> 15;
    return Math.abs(h) % (top + 1);
  };

const tops: Record<StoredType, number> = {
  bool: 1,
  uint8: 255,
  int8: 127,
  uint16: 65_535,
  int16: 32_767,
  uint32: 1e9,
  int32: 1e9,
  uint64: 1e9,
  int64: 1e9,
  float16: 100,
  float32: 1000,
  float64: 1e9,
};

describe('omeZarrWriter', () => {
  it('round trip values, any type, size, chunk, version and container', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          type: fc.constantFrom(...(Object.keys(storedTypes) as StoredType[])),
          sizes: fc.record({
            t: fc.integer({ min: 1, max: 2 }),
            c: fc.integer({ min: 1, max: 3 }),
            z: fc.integer({ min: 1, max: 4 }),
            y: fc.integer({ min: 1, max: 80 }),
            x: fc.integer({ min: 1, max: 80 }),
          }),
          chunkSide: fc.constantFrom(16, 32, 64),
          version: fc.constantFrom('0.4' as const, '0.5' as const),
          container: fc.constantFrom('folder' as const, 'zip' as const),
          seed: fc.integer({ min: 0, max: 1e6 }),
        }),
        async ({ type, sizes, chunkSide, version, container, seed }) => {
          const value = speckle(seed, tops[type]);
          const tree = await written([madeImage(type, sizes, value)], { version, container, chunkSide });
          const { images, issues, formatVersion } = await omeZarrReader.open(itemOf(tree));
          expect(issues.filter((issue) => issue.code.startsWith('ome-zarr'))).toEqual([]);
          expect(formatVersion).toBe(version);
          if (container === 'folder') expect(await checkOmeZarr(tree)).toEqual([]);
          expect(images[0]!.description).toMatchObject({ name: 'made', sizes });
          const source = madeImage(type, sizes, value);
          for (let t = 0; t < sizes.t; t++)
            for (let c = 0; c < sizes.c; c++)
              for (let z = 0; z < sizes.z; z++) {
                const expected = await source.readRegion({ t, c, z });
                const found = await images[0]!.readRegion({ t, c, z });
                expect(Array.from(found.data as Iterable<unknown>)).toEqual(
                  Array.from(expected.data as Iterable<unknown>),
                );
              }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stores further axes as named channels and finds them again', async () => {
    const plain = madeImage('uint8', { t: 2, c: 2, z: 2, y: 20, x: 30 }, speckle(1, 100));
    const description = {
      ...plain.description,
      sizes: { ...plain.description.sizes, emission: 3, view: 2 },
      furtherAxes: { emission: { start: 550, step: 10, unit: 'nanometer' } },
      channels: [{ name: 'GFP' }, { name: 'far red' }],
    };
    const image: ImagePixels = {
      ...plain,
      description,
      async readRegion(plane, ...rest) {
        const block = await plain.readRegion(plane, ...rest);
        const { emission = 0, view = 0 } = plane.other ?? {};
        return { ...block, data: (block.data as Uint8Array).map((one) => one + 10 * emission + view) };
      },
    };
    for (const version of ['0.4', '0.5'] as const) {
      const tree = await written([image], { version });
      expect(await checkOmeZarr(tree)).toEqual([]);
      const [read] = (await omeZarrReader.open(itemOf(tree))).images;
      const { sizes, furtherAxes, channels } = description;
      expect(read!.description).toMatchObject({ sizes, furtherAxes, channels });
      for (const other of [{}, { emission: 2 }, { emission: 1, view: 1 }])
        for (const c of [0, 1]) {
          const plane = { t: 1, c, z: 1, other };
          expect((await read!.readRegion(plane)).data).toEqual((await image.readRegion(plane)).data);
        }
      await expect(read!.readRegion({ t: 0, c: 0, z: 0, other: { emission: 3 } })).rejects.toThrow(RangeError);
      await expect(read!.readRegion({ t: 0, c: 2, z: 0 })).rejects.toThrow(RangeError);
    }
  });

  it('makes every level the rounded mean of the one before, with shards that zarrita reads', async () => {
    const sizes = { t: 1, c: 2, z: 3, y: 601, x: 530 };
    const tree = await written([madeImage('uint16', sizes, speckle(5, 4000))], {});
    const store = treeStore(tree) as unknown as Readable;
    const shapes: number[][] = [];
    let before: { data: Uint16Array; shape: number[] } | undefined;
    for (let level = 0; level < 3; level++) {
      const array = await open.v3(root(store).resolve(`/${level}`), { kind: 'array' });
      expect(array.chunks).toEqual([1, 1, 1, 256, 256]);
      expect(array.dimensionNames).toEqual(['t', 'c', 'z', 'y', 'x']);
      expect(array.fillValue).toBe(0);
      const { data, shape } = (await get(array)) as unknown as { data: Uint16Array; shape: number[] };
      shapes.push(shape);
      if (before) expect(data).toEqual(halvedByHand(before.data, before.shape));
      before = { data, shape };
    }
    expect(shapes).toEqual([
      [1, 2, 3, 601, 530],
      [1, 2, 3, 301, 265],
      [1, 2, 3, 151, 133],
    ]);
    expect(tree.entries.filter((entry) => entry.path.includes('/c/')).map((entry) => entry.path)).toHaveLength(6);
  });

  it('halves z where voxels are isotropic, and labels without mixing them', async () => {
    const um = (value: number) => ({ value, unit: 'micrometer' });
    const sizes = { t: 1, c: 1, z: 5, y: 300, x: 300 };
    const voxelSize = { z: um(0.2), y: um(0.2), x: um(0.2) };
    const image = madeImage('uint8', sizes, (_t, _c, z) => z * 10 + 1, { voxelSize });
    const mean = (await omeZarrReader.open(itemOf(await written([image], {})))).images[0]!;
    expect(mean.levels.map((level) => [level.width, level.depth])).toEqual([
      [300, 5],
      [150, 3],
    ]);
    const planes = [];
    for (let z = 0; z < 3; z++) planes.push((await mean.readRegion({ t: 0, c: 0, z }, undefined, 1)).data[777]);
    expect(planes).toEqual([6, 26, 41]);
    const labels = (await omeZarrReader.open(itemOf(await written([image], { pixels: 'labels' })))).images[0]!;
    const names = [];
    for (let z = 0; z < 3; z++) names.push((await labels.readRegion({ t: 0, c: 0, z }, undefined, 1)).data[777]);
    expect(names).toEqual([1, 21, 41]);
  });

  it('keeps sizes, time step, channels and windows', async () => {
    const image = madeImage('uint16', { t: 2, c: 2, z: 2, y: 40, x: 30 }, (_t, c, _z, y, x) => c * 1000 + y * 30 + x, {
      voxelSize: { z: { value: 0.5, unit: 'µm' }, y: { value: 100, unit: 'nm' }, x: { value: 100, unit: 'nm' } },
      timeStep: { value: 2, unit: 'min' },
      channels: [
        { name: 'GFP', color: '00ff00' },
        { name: 'RFP', window: { start: 10, end: 99 } },
      ],
    });
    const { images } = await omeZarrReader.open(itemOf(await written([image], { container: 'zip' })));
    expect(images[0]!.description).toMatchObject({
      voxelSize: {
        z: { value: 0.5, unit: 'micrometer' },
        y: { value: 0.1, unit: 'micrometer' },
        x: { value: 0.1, unit: 'micrometer' },
      },
      timeStep: { value: 120, unit: 'second' },
      channels: [
        { name: 'GFP', color: '00FF00', window: { start: 1, end: 1198 } },
        { name: 'RFP', color: 'FF00FF', window: { start: 10, end: 99 } },
      ],
    });
  });

  it('writes several images in the bioformats2raw layout, colour as channels, and says what is lost', async () => {
    const color = madeImage('uint8', { t: 1, c: 1, z: 1, y: 20, x: 20 }, (_t, c, _z, y, x) => c * 50 + ((y + x) % 7), {
      samples: 3,
      acquiredAt: '2020-01-01T00:00:00Z',
    });
    const grey = madeImage('float32', { t: 1, c: 1, z: 1, y: 9, x: 9 }, (_t, _c, _z, y, x) => y / (x + 1), {
      name: 'b',
    });
    expect(
      omeZarrWriter()
        .losses([color, grey])
        .map((issue) => issue.code),
    ).toEqual(['ome-zarr-folds-axes', 'ome-zarr-loses-metadata']);
    for (const version of ['0.4', '0.5'] as const) {
      const { images, issues } = await omeZarrReader.open(itemOf(await written([color, grey], { version })));
      expect(issues.filter((issue) => issue.code.startsWith('ome-zarr'))).toEqual([]);
      expect(images.map((image) => [image.description.name, image.description.sizes.c])).toEqual([
        ['made', 3],
        ['b', 1],
      ]);
      expect((await images[0]!.readRegion({ t: 0, c: 2, z: 0 })).data[0]).toBe(100);
    }
  });

  it('puts metadata first into an .ozx, breadth first, with the comment of RFC-9; the same bytes each time', async () => {
    const write = async (): Promise<Uint8Array> => {
      const sink = memorySink();
      await omeZarrWriter({ container: 'zip' }).write(
        [madeImage('uint16', { t: 1, c: 1, z: 2, y: 600, x: 600 }, speckle(1, 900))],
        sink,
      );
      return sink.files.get('')!;
    };
    const bytes = await write();
    expect(await write()).toEqual(bytes);
    const zip = await openZip(memorySource('a.ozx', bytes));
    expect(JSON.parse(zip.comment)).toEqual({
      ome: { version: '0.5', zipFile: { centralDirectory: { jsonFirst: true } } },
    });
    expect(await zip.verify()).toEqual([]);
    const order = [...zip.tree.entries.keys()].length;
    expect(order).toBe(7);
    const latin = new TextDecoder('latin1').decode(bytes);
    const places = ['zarr.json', '0/zarr.json', '1/zarr.json', '2/zarr.json', '0/c/0/0/0/0/0'].map((path) =>
      latin.indexOf(path === 'zarr.json' ? 'zarr.json{' : path),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    const image = madeImage('uint8', { t: 50, c: 1, z: 1, y: 20, x: 20 }, () => 1);
    const writing = omeZarrWriter().write([image], memorySink(), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await expect(writing).rejects.toThrow('enough');
  });

  it.each(['0.4', '0.5'] as const)('writes a plate and its labels that are read back (%s)', async (version) => {
    const sizes = { t: 1, c: 2, z: 2, y: 300, x: 40 };
    const rows = ['A', 'B', 'C'];
    const columns = ['1', '2', '3', '4'];
    const places = [
      { row: 'A', column: '2', field: '0' },
      { row: 'A', column: '2', field: '1' },
      { row: 'C', column: '4', field: '0' },
    ];
    const images = places.map((place, n): ImagePixels => {
      const label = madeImage('uint16', { ...sizes, c: 1 }, (t, c, z, y, x) => (y >> 5) + 100 * (x >> 4) + n);
      return {
        ...madeImage('uint16', sizes, speckle(n, 999)),
        place: { plate: 'screen', rows, columns, ...place },
        labels: async () => ({
          labels: [
            {
              name: 'nuclei',
              image: label,
              colors: [{ value: 1, rgba: [255, 0, 0, 128] }],
              properties: [{ value: 1, track: 7 }],
            },
          ],
          issues: [],
        }),
      };
    });
    const tree = await written(images, { version });
    const found = await checkOmeZarr(tree);
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    const opened = await omeZarrReader.open(itemOf(tree));
    expect(opened.images.map(({ place }) => place)).toEqual(images.map(({ place }) => place));
    for (const [n, image] of opened.images.entries()) {
      const plane = { t: 0, c: 1, z: 1 };
      expect((await image.readRegion(plane)).data).toEqual((await images[n]!.readRegion(plane)).data);
      const { labels, issues } = await image.labels!();
      expect(issues).toEqual([]);
      expect(labels).toHaveLength(1);
      const [{ name, image: label, colors, properties }] = labels as [(typeof labels)[0]];
      expect({ name, colors, properties }).toEqual({
        name: 'nuclei',
        colors: [{ value: 1, rgba: [255, 0, 0, 128] }],
        properties: [{ value: 1, track: 7 }],
      });
      expect(label.levels.length).toBe(image.levels.length);
      const whole = (await label.readRegion({ t: 0, c: 0, z: 1 })).data;
      const half = await label.readRegion({ t: 0, c: 0, z: 1 }, undefined, 1);
      // Names are never averaged: the top-left one of four stays.
      for (const [y, x] of [
        [3, 4],
        [149, 19],
      ] as const)
        expect(half.data[y * half.width + x]).toBe(whole[2 * y * sizes.x + 2 * x]);
    }
  });

  it.each(['0.4', '0.5'] as const)(
    'writes the bioformats2raw layout with its OME-XML, and reads both (%s)',
    async (version) => {
      const more: Partial<ImageDescription> = {
        voxelSize: { y: { value: 0.1, unit: 'micrometer' }, x: { value: 0.1, unit: 'micrometer' } },
        acquiredAt: '2024-05-06T07:08:09',
        instrument: { model: 'M', objective: { magnification: 63, numericalAperture: 1.4 }, software: 'Micrarium' },
        channels: [{ name: 'GFP', excitationNanometers: 488, emissionNanometers: 509, exposureSeconds: 0.05 }],
      };
      const image = madeImage('uint16', { t: 1, c: 1, z: 2, y: 30, x: 40 }, speckle(1, 999), more);
      for (const images of [[image], [image, madeImage('uint8', { t: 2, c: 1, z: 1, y: 9, x: 9 }, speckle(2, 99))]]) {
        const tree = await written(images, { version, layout: 'bioformats2raw' });
        expect(tree.entries.map(({ path }) => path)).toContain('OME/METADATA.ome.xml');
        expect((await checkOmeZarr(tree)).filter(({ severity }) => severity === 'error')).toEqual([]);
        const opened = await omeZarrReader.open(itemOf(tree));
        expect(opened.images).toHaveLength(images.length);
        expect(opened.rawMetadata?.text).toContain('<MetadataOnly/>');
        expect(opened.images[0]!.description).toMatchObject({ ...more, sizes: image.description.sizes });
      }
    },
  );

  it.each([
    ['a shard cut short', (bytes: Uint8Array) => bytes.slice(0, 10)],
    ['an index that points outside', (bytes: Uint8Array) => withIndex(bytes, 0n, 1n << 40n)],
    ['an index with offsets no file has', (bytes: Uint8Array) => withIndex(bytes, 1n << 62n, 10n)],
    ['a chunk that says it holds a gigabyte', (bytes: Uint8Array) => withBloscSize(bytes, 2 ** 30)],
    ['a chunk that holds less than its array says', (bytes: Uint8Array) => withBloscSize(bytes, 100)],
  ])('refuses %s', async (_, damage) => {
    const image = madeImage('uint16', { t: 1, c: 1, z: 1, y: 50, x: 50 }, speckle(3, 99));
    const tree = await written([image], {});
    const shard = tree.entries.find(({ path }) => path.includes('/c/'))!;
    const bytes = damage(await (await shard.open()).read(0, shard.size));
    const source = memorySource(shard.path, bytes);
    const hurt = fileTree('hurt', [
      ...tree.entries.filter((entry) => entry !== shard),
      { path: shard.path, size: bytes.length, open: async () => source },
    ]);
    const { images } = await omeZarrReader.open(itemOf(hurt));
    await expect(images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
  });

  it('gives issues, not exceptions, for damaged stores', async () => {
    const tree = await written([madeImage('uint16', { t: 1, c: 1, z: 1, y: 50, x: 50 }, speckle(3, 99))], {});
    const bytes = new Map<string, Uint8Array>();
    for (const entry of tree.entries) bytes.set(entry.path, await (await entry.open()).read(0, entry.size));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bytes.keys()),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat()),
        async (path, changes, cut) => {
          const damaged = bytes.get(path)!.slice();
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const content = cut === null ? damaged : damaged.slice(0, cut % damaged.length);
          const hurt = fileTree(
            'hurt.zarr',
            [...bytes].map(([name, whole]) => {
              const source = memorySource(name, name === path ? content : whole);
              return { path: name, size: source.size, open: () => Promise.resolve(source) };
            }),
          );
          const { images } = await omeZarrReader.open(itemOf(hurt));
          for (const image of images)
            await image
              .readRegion({ t: 0, c: 0, z: 0 }, { x: 0, y: 0, width: 1, height: 1 })
              .catch((error: unknown) => {
                expect((error as Error).name).toMatch(/PixelsUnreadable|RangeError/);
              });
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** The index of a shard of one chunk with other numbers, and the check sum that fits them. */
function withIndex(bytes: Uint8Array, offset: bigint, length: bigint): Uint8Array {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  view.setBigUint64(out.length - 20, offset, true);
  view.setBigUint64(out.length - 12, length, true);
  view.setUint32(out.length - 4, crc32c(out.subarray(out.length - 20, out.length - 4)), true);
  return out;
}

/** The first chunk (a Blosc frame at the start of the shard) says it unpacks to another size. */
function withBloscSize(bytes: Uint8Array, size: number): Uint8Array {
  const out = bytes.slice();
  new DataView(out.buffer).setUint32(4, size, true);
  return out;
}

/** The rule of the pyramid, written as plainly as possible, over planes of a stack. */
function halvedByHand(data: Uint16Array, shape: number[]): Uint16Array {
  const [height, width] = [shape[3]!, shape[4]!];
  const planes = data.length / (height * width);
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const out = new Uint16Array(planes * rows * columns);
  for (let p = 0; p < planes; p++)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const values: number[] = [];
        for (const v of [2 * y, 2 * y + 1])
          for (const u of [2 * x, 2 * x + 1])
            if (v < height && u < width) values.push(data[(p * height + v) * width + u]!);
        out[(p * rows + y) * columns + x] = Math.round(values.reduce((a, b) => a + b, 0) / values.length);
      }
  return out;
}
