import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { OpenedImages } from '../image-reader.ts';

const [width, height] = [4, 3];
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Places of the data set: two positions, two channels by name, z from -1, a further axis. */
const places = ['A1', 'B2'].flatMap((position) =>
  ['DAPI', 'GFP'].flatMap((channel) =>
    [-1, 0, 1].flatMap((z) => [0, 1].flatMap((time) => [0, 1].map((angle) => ({ position, channel, z, time, angle })))),
  ),
);
type Place = (typeof places)[number];
const valueOf = ({ position, channel, z, time, angle }: Place): number =>
  (position === 'A1' ? 0 : 5000) + (channel === 'DAPI' ? 0 : 1000) + (z + 1) * 100 + time * 10 + angle * 50;

/** A data set of two files as the format describes it: header, summary, then pixels and metadata of each plane. */
function dataSet(planes: readonly Place[] = places, pixelType = 4, isBare = false): Record<string, Uint8Array> {
  const whole = { Prefix: 'worm', MicroManagerVersion: '2.0.3', 'z-step_um': 0.75, ChNames: ['DAPI', 'GFP'] };
  const summary = json(isBare ? {} : whole);
  const index: Uint8Array[] = [];
  const files: Record<string, Uint8Array> = {};
  for (const [n, name] of ['NDTiffStack.tif', 'NDTiffStack_1.tif'].entries()) {
    const head = new Uint8Array(28 + summary.length);
    const view = new DataView(head.buffer);
    head.set([0x49, 0x49, 0x2a, 0]);
    [0, 483_729, 3, 3, 2_355_492, summary.length].forEach((number, m) => view.setUint32(4 + 4 * m, number, true));
    head.set(summary, 28);
    const parts: Uint8Array[] = [head];
    let size = head.length;
    for (const place of planes.filter((_, m) => m % 2 === n)) {
      const pixels = new Uint8Array(width * height * 2);
      for (let at = 0; at < width * height; at++)
        new DataView(pixels.buffer).setUint16(2 * at, valueOf(place) + at, true);
      const record = json({
        PixelSizeUm: 0.1625,
        'ElapsedTime-ms': 1e3 + place.time * 5100,
        'Exposure-ms': 20,
        Camera: 'Zyla',
        XPositionUm: 12.5,
        YPositionUm: -3,
        ...(isBare ? { ZPosition_um_Intended: 10 - place.z / 2, PositionName: `site ${place.position}` } : {}),
      });
      const [axes, file] = [json(place), new TextEncoder().encode(name)];
      const entry = new Uint8Array(8 + axes.length + file.length + 32);
      const numbers = new DataView(entry.buffer);
      numbers.setUint32(0, axes.length, true);
      entry.set(axes, 4);
      numbers.setUint32(4 + axes.length, file.length, true);
      entry.set(file, 8 + axes.length);
      const at = 8 + axes.length + file.length;
      [size, width, height, pixelType, 0, size + pixels.length, record.length, 0].forEach((number, m) =>
        numbers.setUint32(at + 4 * m, number, true),
      );
      index.push(entry);
      parts.push(pixels, record);
      size += pixels.length + record.length;
    }
    files[name] = joined(parts);
  }
  return { ...files, 'NDTiff.index': joined(index) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function open(files: Record<string, Uint8Array>, folder = 'd'): Promise<OpenedImages & { formats: string[] }> {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    path: `${folder}/${name}`,
    size: bytes.length,
    open: async () => memorySource(name, bytes),
  }));
  const items = await findItems(fileTree('', entries));
  const item = items.find(({ format }) => format === 'micro-manager') ?? items[0]!;
  const opened = await (await item.descriptor!.images!.reader()).open(item);
  return { ...opened, formats: items.map(({ format }) => format) };
}

describe('NDTiff', () => {
  test('positions are images; channels by name, z from below 0, further axes', async () => {
    const { images, issues, formats, formatVersion, rawMetadata } = await open(dataSet());
    expect(formats).toEqual(['micro-manager']);
    expect(formatVersion).toBe('NDTiff 3');
    expect(issues).toEqual([]);
    expect(images.map(({ description }) => description.name)).toEqual(['worm (A1)', 'worm (B2)']);
    expect(images[1]!.description).toEqual({
      name: 'worm (B2)',
      sizes: { t: 2, c: 2, z: 3, y: 3, x: 4, angle: 2 },
      type: 'uint16',
      significantBits: 12,
      voxelSize: {
        z: {
          value: 0.75,
          unit: 'micrometer',
        },
        y: {
          value: 0.1625,
          unit: 'micrometer',
        },
        x: {
          value: 0.1625,
          unit: 'micrometer',
        },
      },
      timeStep: { value: 5.1, unit: 'second' },
      planeTimes: [0, expect.closeTo(5.1, 9)],
      origin: { y: { value: -3, unit: 'micrometer' }, x: { value: 12.5, unit: 'micrometer' } },
      channels: [
        { name: 'DAPI', exposureSeconds: 0.02 },
        { name: 'GFP', exposureSeconds: 0.02 },
      ],
      instrument: { detector: 'Zyla', software: 'Micro-Manager 2.0.3' },
    });
    for (const place of places) {
      const image = images[place.position === 'A1' ? 0 : 1]!;
      const plane = {
        t: place.time,
        c: place.channel === 'DAPI' ? 0 : 1,
        z: place.z + 1,
        other: { angle: place.angle },
      };
      const { data } = await image.readRegion(plane, { x: 1, y: 1, width: 2, height: 2 });
      expect([...data]).toEqual([5, 6, 9, 10].map((at) => valueOf(place) + at));
    }
    expect(rawMetadata?.text).toContain('MicroManagerVersion');
  });

  test('a step of slices by where they were taken; levels of a pyramid have larger pixels', async () => {
    const full = await open(dataSet(places, 4, true), 'worms_1/Full resolution');
    expect(full.images.map(({ description }) => description.name)).toEqual(['worms_1 (site A1)', 'worms_1 (site B2)']);
    expect(full.images[0]!.description.voxelSize).toMatchObject({ z: { value: 0.5 }, y: { value: 0.1625 } });
    const half = await open(dataSet(places, 4, true), 'worms_1/Downsampled_x2');
    expect(half.images[0]!.description).toMatchObject({
      name: 'worms_1 1/2 (site A1)',
      voxelSize: { z: { value: 0.5 }, y: { value: 0.325 }, x: { value: 0.325 } },
    });
  });

  test('folders of the levels of a pyramid are one data set, read in full resolution', async () => {
    const inFolder = (folder: string, pixelType: number): [string, Uint8Array][] =>
      Object.entries(dataSet(places.slice(0, 4), pixelType, true)).map(([name, bytes]) => [`${folder}/${name}`, bytes]);
    const files = Object.fromEntries([
      ...inFolder('Downsampled_x2', 1),
      ...inFolder('Full resolution', 4),
      ['display_settings.txt', json({})],
      ['notes.txt', new TextEncoder().encode('cells of monday\n')],
    ]);
    const opened = await open(files, 'worms_1');
    expect(opened.formats).toEqual(['micro-manager', 'text']);
    expect(opened.images.map(({ description }) => description.name)).toEqual(['worms_1']);
    expect(opened.images[0]!.description).toMatchObject({ significantBits: 12, voxelSize: { x: { value: 0.1625 } } });
  });

  test('planes that were not recorded are 0 and said to be; a file that is gone too', async () => {
    const { images, issues } = await open(dataSet(places.slice(0, 23)));
    expect(issues.map(({ code }) => code)).toEqual(['planes-missing']);
    const last = { t: 1, c: 1, z: 2, other: { angle: 1 } };
    expect([...(await images[0]!.readRegion(last)).data]).toEqual(Array.from({ length: 12 }, () => 0));
    const { 'NDTiffStack_1.tif': gone, ...rest } = dataSet(places.slice(0, 24));
    expect(gone).toBeDefined();
    expect((await open(rest)).issues.map(({ code }) => code)).toEqual(['pixel-data-truncated']);
  });

  test('random damage is never a fault', async () => {
    const whole = dataSet(places.slice(0, 8));
    const names = Object.keys(whole);
    const damage = fc.array(fc.tuple(fc.nat(2), fc.nat(600), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, fc.option(fc.nat(900), { nil: undefined }), async (flips, cut) => {
        const files = Object.fromEntries(names.map((name) => [name, whole[name]!.slice()]));
        for (const [file, at, value] of flips) files[names[file]!]![at % files[names[file]!]!.length] = value;
        files['NDTiff.index'] = files['NDTiff.index']!.slice(0, cut);
        const { images } = await open(files);
        for (const image of images)
          if (image.description.sizes.x * image.description.sizes.y < 1e6)
            await image
              .readRegion({ t: 0, c: 0, z: 0 })
              .catch((error: unknown) => expect(error).toHaveProperty('name', 'PixelsUnreadable'));
      }),
      { numRuns: 300 },
    );
  });
});
