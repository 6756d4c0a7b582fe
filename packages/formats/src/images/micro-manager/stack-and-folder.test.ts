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

/** A stack by the documentation of Micro-Manager's file formats: header of 40 bytes, summary, then the pages. */
function stack(withIndex: boolean, description?: string): Uint8Array {
  const pages = order.map(({ c, z, t }) => page(c, z, t));
  if (description !== undefined) pages[0]!.description = description;
  const inner = buildTiff({ pages });
  const json = text(summary);
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
