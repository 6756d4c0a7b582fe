import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { Item } from '../../recognition/item.ts';
import type { OpenedImages } from '../image-reader.ts';
import { type PageToBuild, buildTiff } from '../tiff/tiff-for-tests.ts';
import { microManagerReader } from './reader.ts';

async function open(files: Readonly<Record<string, Uint8Array>>): Promise<OpenedImages & { formats: string[] }> {
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const items = await findItems(fileTree('data', entries));
  const opened = await (await items[0]!.descriptor!.images!.reader()).open(items[0]!);
  return { ...opened, formats: items.map(({ format }) => format) };
}

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.tif', size: bytes.length, open: async () => memorySource('a.tif', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.tif', files: [entry], tree: fileTree('', [entry]), format: 'micro-manager', recognition };
}

const summary = {
  MicroManagerVersion: '2.0.1',
  ChNames: ['DAPI', 'GFP'],
  ChColors: [-16776961, -16711936],
  'z-step_um': 0.75,
  PixelSize_um: 0.1625,
  Interval_ms: 5000,
  Prefix: 'worm',
  UserName: 'somebody',
};
const record = (c: number, z: number, t: number): Record<string, unknown> => ({
  ChannelIndex: c,
  SliceIndex: z,
  FrameIndex: t,
  PositionIndex: 0,
  Channel: summary.ChNames[c],
  PixelSizeUm: 0.1625,
  'Exposure-ms': 20 + c,
  'ElapsedTime-ms': 40 + t * 5100,
  Camera: 'Andor Zyla',
  BitDepth: 12,
  ReceivedTime: '2023-05-04 10:11:12.500 +0200',
});
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const value = (c: number, z: number, t: number): number => 1000 * t + 100 * z + 10 * c;

function page(c: number, z: number, t: number, tagged = true): PageToBuild {
  const values = Array.from({ length: 12 }, (_, at) => value(c, z, t) + at);
  const bytes = [...text(record(c, z, t)), 0];
  return { width: 4, height: 3, bits: 16, values, extra: tagged ? [{ tag: 51123, type: 2, values: bytes }] : [] };
}

/** Planes in the order they were taken: z, then channel, then time. */
const order = [0, 1].flatMap((t) => [0, 1].flatMap((c) => [0, 1, 2].map((z) => ({ c, z, t }))));

/** A block behind the pixels: its mark, its length, its text. */
function block(mark: number, value: unknown): Uint8Array {
  const json = text(value);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, mark, true);
  head.setUint32(4, json.length, true);
  return Uint8Array.from([...new Uint8Array(head.buffer), ...json]);
}

/** A stack by the documentation of Micro-Manager's file formats: header of 40 bytes, summary, then the pages. */
function stack(withIndex: boolean, description?: string, about: object = summary): Uint8Array {
  const pages = order.map(({ c, z, t }) => page(c, z, t));
  if (description !== undefined) pages[0]!.description = description;
  const inner = buildTiff({ pages });
  const json = text(about);
  // The pages are moved back by what stands in front: every offset in them grows.
  const shift = 32 + json.length + (json.length % 2);
  const out = new Uint8Array(inner.length + shift + 8 + 20 * order.length);
  out.set(inner.subarray(0, 8));
  out.set(inner.subarray(8), 8 + shift);
  out.set(json, 40);
  const view = new DataView(out.buffer);
  const offsets: number[] = [];
  let pointer = 4;
  for (let at = view.getUint32(4, true); at !== 0; ) {
    view.setUint32(pointer, at + shift, true);
    const place = at + shift;
    offsets.push(place);
    const count = view.getUint16(place, true);
    for (let n = 0; n < count; n++) {
      const entry = place + 2 + 12 * n;
      const [code, type, values] = [
        view.getUint16(entry, true),
        view.getUint16(entry + 2, true),
        view.getUint32(entry + 4, true),
      ];
      const isOutside = values * ({ 1: 1, 2: 1, 3: 2, 4: 4 }[type] ?? 1) > 4;
      if (isOutside || code === 273) view.setUint32(entry + 8, view.getUint32(entry + 8, true) + shift, true);
    }
    pointer = place + 2 + 12 * count;
    at = view.getUint32(pointer, true);
  }
  const index = inner.length + shift;
  [54773648, withIndex ? index : 0, 483765892, 0, 99384722, 0, 2355492, json.length].forEach((number, n) =>
    view.setUint32(8 + 4 * n, number, true),
  );
  view.setUint32(index, 3453623, true);
  view.setUint32(index + 4, order.length, true);
  order.forEach(({ c, z, t }, n) =>
    [c, z, t, 0, offsets[n]!].forEach((number, m) => view.setUint32(index + 8 + 20 * n + 4 * m, number, true)),
  );
  return out;
}

async function expectPlanes({ images }: OpenedImages): Promise<void> {
  for (const { c, z, t } of order) {
    const { data } = await images[0]!.readRegion({ t, c, z });
    expect([...data]).toEqual(Array.from({ length: 12 }, (_, at) => value(c, z, t) + at));
  }
}

describe('Micro-Manager', () => {
  test.each([true, false])('a stack without OME-XML (index: %s)', async (withIndex) => {
    const opened = await open({ 'worm_MMStack.tif': stack(withIndex) });
    expect(opened.formats).toEqual(['micro-manager']);
    expect(opened.issues).toEqual([]);
    expect(opened.images[0]!.description).toEqual({
      name: 'worm_MMStack',
      sizes: { t: 2, c: 2, z: 3, y: 3, x: 4 },
      type: 'uint16',
      voxelSize: {
        z: { value: 0.75, unit: 'micrometer' },
        y: { value: 0.1625, unit: 'micrometer' },
        x: { value: 0.1625, unit: 'micrometer' },
      },
      timeStep: { value: 5.1, unit: 'second' },
      planeTimes: [0, 5.1],
      channels: [
        { name: 'DAPI', color: '0000FF', exposureSeconds: 0.02 },
        { name: 'GFP', color: '00FF00', exposureSeconds: 0.021 },
      ],
      acquiredAt: '2023-05-04T10:11:12.500+02:00',
      instrument: { detector: 'Andor Zyla', software: 'Micro-Manager 2.0.1' },
      significantBits: 12,
    });
    expect(opened.rawMetadata?.text).toContain('somebody');
    await expectPlanes(opened);
  });

  test('comment and colours in blocks of their own; axes of -1, a plane listed twice, room not used', async () => {
    const { ChNames, ChColors, ...rest } = summary;
    const whole = stack(true, undefined, rest);
    const colours = block(
      347834724,
      ChNames.map((Name, n) => ({ Name, Color: ChColors[n], Min: 0, Max: 9 })),
    );
    const comments = block(84720485, { Summary: 'a comment', '0_0_0_0': 'of one plane' });
    const bytes = Uint8Array.from([...whole, ...new Uint8Array(20), ...colours, ...comments]);
    const view = new DataView(bytes.buffer);
    const index = view.getUint32(12, true);
    view.setUint32(20, whole.length + 20, true);
    view.setUint32(28, whole.length + 20 + colours.length, true);
    view.setUint32(index + 4, order.length + 1, true);
    for (let n = 0; n < order.length; n++) view.setInt32(index + 8 + 20 * n + 12, -1, true);
    // The first plane is listed at the place of the second, which comes later and counts.
    view.setUint32(index + 8 + 4, 1, true);
    const { images, issues } = await open({ 'worm_MMStack.tif': bytes });
    expect(issues.map(({ code }) => code)).toEqual(['planes-missing']);
    expect(images).toHaveLength(1);
    expect(images[0]!.description).toMatchObject({
      description: 'a comment',
      channels: [
        { name: 'DAPI', color: '0000FF' },
        { name: 'GFP', color: '00FF00' },
      ],
    });
    expect([...(await images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual(Array(12).fill(0));
    for (const { c, z, t } of order.slice(1))
      expect((await images[0]!.readRegion({ t, c, z })).data[0]).toBe(value(c, z, t));
  });

  test('a position in its folder: names without all axes, typed values, slices by their places', async () => {
    const files: Record<string, Uint8Array> = {};
    const records: Record<string, unknown> = {};
    for (const z of [0, 1, 2]) {
      const name = `img_channel000_z00${z}.tif`;
      files[`set/Pos3/${name}`] = buildTiff({ pages: [page(0, z, 0)] });
      records[`Coords-Pos3/${name}`] = { channel: 0, z };
      records[`Metadata-Pos3/${name}`] = {
        PixelSizeUm: 0.1625,
        PixelAspect: 2,
        ExposureMs: 30,
        Camera: 'Zyla',
        'Zyla-Gain': { PropType: 'String', PropVal: '4' },
        ZPositionUm: 7 - 0.25 * z,
        PositionName: 'Pos3',
        receivedTime: '2023-05-04 10:11:12.500 +0200',
      };
    }
    const about = text({ Summary: { Prefix: 'worm', ChNames: ['DAPI'], IntervalMs: 5 }, ...records });
    const { images, issues } = await open({ ...files, 'set/Pos3/metadata.txt': about });
    expect(issues).toEqual([]);
    expect(images[0]!.description).toMatchObject({
      name: 'worm Pos3',
      sizes: { t: 1, c: 1, z: 3 },
      voxelSize: { z: { value: 0.25 }, y: { value: 0.325 }, x: { value: 0.1625 } },
      channels: [{ name: 'DAPI', exposureSeconds: 0.03 }],
      acquiredAt: '2023-05-04T10:11:12.500+02:00',
      instrument: { detector: 'Zyla', detectorSettings: 'gain 4' },
    });
    expect((await images[0]!.readRegion({ t: 0, c: 0, z: 2 })).data[0]).toBe(value(0, 2, 0));
  });

  test('channels whose names no file can have are found by what the metadata say of the files', async () => {
    const names = ['Cy5/far', 'DIC:1'];
    const files: Record<string, Uint8Array> = {};
    const records: Record<string, unknown> = {};
    for (const [c, name] of ['DIC-1', 'Cy5-far'].entries()) {
      const file = `img_000000000_${name}_000.tif`;
      files[file] = buildTiff({ pages: [page(1 - c, 0, 0)] });
      records[`FrameKey-0-${1 - c}-0`] = { FileName: `Pos0\\${file}`, Channel: names[1 - c], PixelSizeUm: 0.1 };
    }
    const { images, issues } = await open({
      ...files,
      'metadata.txt': text({ Summary: { ChNames: names }, ...records }),
    });
    expect(issues).toEqual([]);
    expect(images[0]!.description).toMatchObject({ sizes: { c: 2 }, channels: names.map((name) => ({ name })) });
    for (const c of [0, 1]) expect((await images[0]!.readRegion({ t: 0, c, z: 0 })).data[0]).toBe(value(c, 0, 0));
  });

  test('an ImageJ stack of Micro-Manager says what ImageJ leaves out', async () => {
    const lines = 'ImageJ=1.52\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n';
    const { formats, images, rawMetadata } = await open({ 'a.tif': stack(true, lines) });
    expect(formats).toEqual(['imagej-tiff']);
    expect(images[0]!.description).toMatchObject({
      voxelSize: { x: { value: 0.1625 }, z: { value: 0.75 } },
      channels: [{ name: 'DAPI', color: '0000FF' }, { name: 'GFP' }],
      instrument: { software: 'Micro-Manager 2.0.1' },
    });
    expect(rawMetadata?.text).toContain('somebody');
  });

  test.each([1, 2])('a folder of planes in the way of version %s', async (version) => {
    const pad = (number: number, digits: number): string => String(number).padStart(digits, '0');
    const nameOf = (c: number, z: number, t: number): string =>
      version === 1
        ? `img_${pad(t, 9)}_${summary.ChNames[c]}_${pad(z, 3)}.tif`
        : `img_channel${pad(c, 3)}_position000_time${pad(t, 9)}_z${pad(z, 3)}.tif`;
    const planes = order.map(({ c, z, t }) => [nameOf(c, z, t), page(c, z, t)] as const);
    const keys = order.map(({ c, z, t }) => [
      version === 1 ? `FrameKey-${t}-${c}-${z}` : `Metadata-Default/${nameOf(c, z, t)}`,
      record(c, z, t),
    ]);
    const whole = Object.fromEntries(planes.map(([name, one]) => [`d/${name}`, buildTiff({ pages: [one] })]));
    const metadata = text({ Summary: summary, ...Object.fromEntries(keys) });
    const opened = await open({ ...whole, 'd/metadata.txt': metadata });
    expect(opened.formats).toEqual(['micro-manager']);
    expect(opened.issues).toEqual([]);
    expect(opened.images[0]!.description).toMatchObject({
      name: 'worm',
      sizes: { t: 2, c: 2, z: 3, y: 3, x: 4 },
      timeStep: { value: 5.1, unit: 'second' },
      channels: [
        { name: 'DAPI', exposureSeconds: 0.02 },
        { name: 'GFP', exposureSeconds: 0.021 },
      ],
    });
    await expectPlanes(opened);
    const { [`d/${planes[3]![0]}`]: gone, ...rest } = whole;
    expect(gone).toBeDefined();
    const broken = await open({ ...rest, 'd/metadata.txt': metadata.subarray(0, metadata.length - 1) });
    expect(broken.issues.map(({ code }) => code)).toEqual(['set-member-missing']);
    expect([...(await broken.images[0]!.readRegion({ t: 0, c: 1, z: 0 })).data]).toEqual(Array(12).fill(0));
  });

  test('the text beside a stack is no fault', async () => {
    const opened = await open({ 'worm_MMStack_metadata.txt': text({ Summary: summary }) });
    expect(opened.formats).toEqual(['micro-manager']);
    expect(opened.images).toEqual([]);
    expect(opened.issues.map(({ code, severity }) => [code, severity])).toEqual([['recognised-not-read', 'info']]);
    expect(opened.rawMetadata?.text).toContain('worm');
  });

  test('an NDTiff file without its index is named', async () => {
    const bytes = stack(false);
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 483729, true);
    view.setUint32(12, 3, true);
    const { issues, images, formatVersion } = await open({ 'NDTiffStack.tif': bytes });
    expect(images).toEqual([]);
    expect(formatVersion).toBe('NDTiff 3');
    expect(issues.map(({ code }) => code)).toEqual(['set-member-missing']);
  });

  test('flipped bytes and cuts give issues or refused pixels, nothing else', async () => {
    const whole = stack(true);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) }), { maxLength: 8 }),
        fc.option(fc.nat(whole.length), { nil: undefined }),
        async (flips, cut) => {
          const bytes = whole.slice(0, cut);
          for (const { at, value } of flips) if (at < bytes.length) bytes[at] = value;
          const { images } = await microManagerReader.open(itemOf(bytes));
          for (const image of images)
            await image.readRegion({ t: 0, c: 0, z: 0 }).catch((error: unknown) => {
              expect((error as Error).name).toMatch(/PixelsUnreadable|RangeError/);
            });
        },
      ),
      { numRuns: 400 },
    );
  });
});
