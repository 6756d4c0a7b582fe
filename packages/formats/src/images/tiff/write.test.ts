import type { ImageDescription, PixelBlock, PixelType } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { FileSink } from '../../tracks/track-reader.ts';
import type { ImagePixels, OpenedImages } from '../image-reader.ts';
import { pixelArray } from '../pixel-arrays.ts';
import { tiffReader } from './reader.ts';
import { imagejTiffWriter, omeTiffWriter } from './write.ts';
import { writeImageJHyperstack } from './write-imagej.ts';
import { writeOmeTiff } from './write-ome.ts';

class Memory implements FileSink {
  parts: Uint8Array[] = [];

  async create() {
    return {
      write: async (bytes: Uint8Array) => {
        this.parts.push(bytes.slice());
      },
      close: async () => undefined,
    };
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

async function open(bytes: Uint8Array): Promise<OpenedImages> {
  const entry = { path: 'film.tif', size: bytes.length, open: async () => memorySource('film.tif', bytes) };
  const tree = fileTree('', [entry]);
  return tiffReader.open({
    path: 'film.tif',
    files: [entry],
    tree,
    format: 'tiff',
    recognition: { score: 1, reason: 'test' },
  });
}

function imageOf(description: ImageDescription): ImagePixels {
  const { sizes, type, samples = 1 } = description;
  return {
    description,
    levels: [{ width: sizes.x, height: sizes.y, depth: sizes.z, tileWidth: sizes.x, tileHeight: sizes.y }],
    async readRegion({ t, c, z, other = {} }): Promise<PixelBlock> {
      const place = Object.values(other).reduce((sum, at, n) => sum + at * (n + 11), 0);
      const data = pixelArray(type, sizes.x * sizes.y * samples);
      for (let index = 0; index < data.length; index++) data[index] = (t * 31 + c * 17 + z * 7 + index + place) % 120;
      return { width: sizes.x, height: sizes.y, samples, type, data };
    },
  };
}

async function expectSame(written: ImagePixels, read: ImagePixels): Promise<void> {
  const { t, c, z } = written.description.sizes;
  for (let frame = 0; frame < t; frame++)
    for (let channel = 0; channel < c; channel++)
      for (let slice = 0; slice < z; slice++) {
        const plane = { t: frame, c: channel, z: slice };
        expect(await read.readRegion(plane)).toEqual(await written.readRegion(plane));
      }
}

const size = fc.integer({ min: 1, max: 4 });
const anyDescription = (types: readonly PixelType[]) =>
  fc.record({
    sizes: fc.record({
      t: size,
      c: size,
      z: size,
      y: fc.integer({ min: 1, max: 9 }),
      x: fc.integer({ min: 1, max: 9 }),
    }),
    type: fc.constantFrom(...types),
  });

const micrometer = (value: number) => ({ value, unit: 'micrometer' });

test('an ImageJ hyperstack comes back as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(anyDescription(['uint8', 'uint16', 'float32']), async ({ sizes, type }) => {
      const description: ImageDescription = {
        name: 'film',
        sizes,
        type,
        voxelSize: { z: micrometer(0.5), y: micrometer(0.25), x: micrometer(0.125) },
        timeStep: { value: 7.5, unit: 'second' },
        channels: Array.from({ length: sizes.c }, (_, c) => ({
          name: '',
          color: c % 2 ? 'FF00FF' : '00FF00',
          window: { start: c, end: 100 + c },
        })),
      };
      const image = imageOf(description);
      expect(imagejTiffWriter.losses([image])).toEqual([]);
      const sink = new Memory();
      await imagejTiffWriter.write([image], sink);
      const { images, issues } = await open(sink.bytes());
      expect(issues.filter((issue) => issue.severity !== 'info')).toEqual([]);
      expect(images[0]!.description).toMatchObject({ sizes, type, timeStep: description.timeStep });
      expect(images[0]!.description.voxelSize?.x?.value).toBeCloseTo(0.125, 8);
      expect(images[0]!.description.voxelSize?.y?.value).toBeCloseTo(0.25, 8);
      if (sizes.c > 1) expect(images[0]!.description.channels).toEqual(description.channels);
      await expectSame(image, images[0]!);
    }),
    { numRuns: 40 },
  );
});

test('OME-TIFF, classic and big, comes back as it was written, with several images', async () => {
  const types: PixelType[] = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyDescription(types), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (many, big) => {
        const images = many.map(({ sizes, type }, index) =>
          imageOf({
            name: `scene ${index} <&"'µ>`,
            sizes,
            type,
            voxelSize: { z: micrometer(1.5), y: micrometer(0.1), x: micrometer(0.1) },
            timeStep: { value: 0.04, unit: 'second' },
            channels: Array.from({ length: sizes.c }, (_, c) => ({
              name: `channel ${c}`,
              color: 'FF8000',
              excitationNanometers: 488,
            })),
            acquiredAt: '2024-05-06T07:08:09',
            instrument: {
              model: 'M',
              objective: { magnification: 40, numericalAperture: 0.95 },
              software: 'Micrarium',
            },
          }),
        );
        const sink = new Memory();
        const writer = await sink.create();
        await writeOmeTiff(
          writer,
          images.map((image) => ({ description: image.description, planes: planes(image) })),
          { big },
        );
        const read = await open(sink.bytes());
        expect(read.issues).toEqual([]);
        expect(read.images.map((image) => image.description)).toEqual(images.map((image) => image.description));
        for (const [index, image] of images.entries()) await expectSame(image, read.images[index]!);
      },
    ),
    { numRuns: 30 },
  );
});

async function* planes(image: ImagePixels): AsyncGenerator<PixelBlock> {
  const { t, c, z } = image.description.sizes;
  for (let index = 0; index < t * c * z; index++)
    yield await image.readRegion({ t: Math.floor(index / (c * z)), z: Math.floor(index / c) % z, c: index % c });
}

test('RGB stays three samples in both', async () => {
  const image = imageOf({
    name: 'rgb',
    sizes: { t: 1, c: 1, z: 2, y: 3, x: 5 },
    type: 'uint8',
    samples: 3,
    channels: [{ name: '' }],
  });
  for (const one of [imagejTiffWriter, omeTiffWriter]) {
    const sink = new Memory();
    await one.write([image], sink);
    const { images } = await open(sink.bytes());
    expect(images[0]!.description).toMatchObject({ sizes: image.description.sizes, samples: 3 });
    await expectSame(image, images[0]!);
  }
});

test('further axes come back from an OME-TIFF as they were written', async () => {
  const description: ImageDescription = {
    name: 'sweep',
    sizes: { t: 2, c: 2, z: 2, y: 2, x: 3, emission: 3, rotation: 2, block: 2 },
    type: 'uint8',
    furtherAxes: { emission: { start: 550, step: 2.5, unit: 'nanometer' }, rotation: { labels: ['left', 'right'] } },
    timeOffset: { value: 0.4, unit: 'second' },
    channels: [
      { name: 'GFP', excitationNanometers: 488 },
      { name: '', color: 'FF00FF' },
    ],
  };
  const image = imageOf(description);
  expect(omeTiffWriter.losses([image])).toEqual([]);
  const sink = new Memory();
  await omeTiffWriter.write([image], sink);
  const read = (await open(sink.bytes())).images[0]!;
  expect(read.description).toEqual({ ...description, instrument: { software: 'Micrarium' } });
  for (const emission of [0, 2])
    for (const rotation of [0, 1])
      for (const block of [0, 1])
        for (const t of [0, 1]) {
          const plane = { t, c: 1, z: 1, other: { emission, rotation, block } };
          expect((await read.readRegion(plane)).data).toEqual((await image.readRegion(plane)).data);
        }
});

test('ImageJ gets a channel for each place of further axes', async () => {
  const image = imageOf({
    name: 'sweep',
    sizes: { t: 2, c: 2, z: 1, y: 2, x: 3, emission: 3 },
    type: 'uint8',
    furtherAxes: { emission: { start: 550, step: 10, unit: 'nanometer' } },
    channels: [{ name: 'GFP' }, { name: 'RFP' }],
  });
  const losses = imagejTiffWriter.losses([image]);
  expect(losses.map(({ message }) => message).join()).toContain('emission, whose places become channels');
  const sink = new Memory();
  await imagejTiffWriter.write([image], sink);
  const read = (await open(sink.bytes())).images[0]!;
  expect(read.description.sizes).toEqual({ t: 2, c: 6, z: 1, y: 2, x: 3 });
  for (const c of [0, 1])
    for (const emission of [0, 2]) {
      const there = await read.readRegion({ t: 1, c: c * 3 + emission, z: 0 });
      expect(there.data).toEqual((await image.readRegion({ t: 1, c, z: 0, other: { emission } })).data);
    }
});

test('the program that took an image stands in OME-XML beside the one that wrote the file', async () => {
  const image = imageOf({
    name: 'a',
    sizes: { t: 1, c: 1, z: 1, y: 2, x: 2 },
    type: 'uint8',
    channels: [{ name: 'GFP' }],
    instrument: { software: 'NIS-Elements <5>' },
  });
  const sink = new Memory();
  await omeTiffWriter.write([image, imageOf({ ...image.description, instrument: {} })], sink);
  const { images, rawMetadata } = await open(sink.bytes());
  expect(rawMetadata!.text).toContain('Creator="Micrarium"');
  expect(images.map(({ description }) => description.instrument)).toEqual([
    { software: 'NIS-Elements <5>' },
    { software: 'Micrarium' },
  ]);
});

test('what the target cannot hold is said before, and refused when written all the same', async () => {
  const image = imageOf({
    name: 'odd',
    sizes: { t: 1, c: 1, z: 1, y: 2, x: 2, lambda: 3, phase: 2, view: 2, block: 2 },
    type: 'int64',
    channels: [{ name: 'a' }],
  });
  const codes = (one: typeof omeTiffWriter): string[] => one.losses([image, image]).map((issue) => issue.code);
  expect(codes(omeTiffWriter)).toEqual(expect.arrayContaining(['tiff-type-unsupported', 'tiff-axes-lost']));
  expect(codes(imagejTiffWriter)).toEqual(
    expect.arrayContaining(['tiff-type-unsupported', 'tiff-one-image-only', 'tiff-metadata-lost']),
  );
  await expect(omeTiffWriter.write([image], new Memory())).rejects.toThrow(TypeError);
  await expect(imagejTiffWriter.write([image], new Memory())).rejects.toThrow(TypeError);
});

test('too few or wrong planes are refused', async () => {
  const image = imageOf({
    name: 'a',
    sizes: { t: 2, c: 1, z: 1, y: 2, x: 2 },
    type: 'uint8',
    channels: [{ name: '' }],
  });
  const writer = await new Memory().create();
  const one = async function* (): AsyncGenerator<PixelBlock> {
    yield await image.readRegion({ t: 0, c: 0, z: 0 });
  };
  await expect(writeImageJHyperstack(writer, image.description, one())).rejects.toThrow('only 1 planes');
  const wide = { ...image.description, sizes: { ...image.description.sizes, x: 3 } };
  await expect(writeImageJHyperstack(writer, wide, planes(image))).rejects.toThrow('was announced');
});

test('the annotation of further axes is in no name space, as the schema has a Label of its own', async () => {
  const image = imageOf({
    name: 'a',
    sizes: { t: 1, c: 1, z: 1, y: 2, x: 2, rotation: 2 },
    type: 'uint8',
    channels: [{ name: 'a' }],
    furtherAxes: { rotation: { labels: ['left', 'right'] } },
  });
  const sink = new Memory();
  await omeTiffWriter.write([image], sink);
  const { images, rawMetadata } = await open(sink.bytes());
  expect(rawMetadata!.text).toContain('<Modulo xmlns="" namespace=');
  expect(images[0]!.description.furtherAxes).toEqual({ rotation: { labels: ['left', 'right'] } });
});
