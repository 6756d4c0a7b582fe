import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { readVsiTags } from './tags.ts';

/** A field of a volume: a value, or further volumes. */
type Field = { tag: number; type: number; bytes: Uint8Array } | { tag: number; volumes: Field[][] };

const numbers = (bytes: 4 | 8, ...values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * bytes));
  for (const [n, value] of values.entries())
    if (bytes === 4) view.setInt32(n * 4, value, true);
    else view.setFloat64(n * 8, value, true);
  return new Uint8Array(view.buffer);
};
const wide = (text: string): Uint8Array =>
  Uint8Array.from([...`${text}\0`].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]));
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const text = (tag: number, value: string): Field => ({ tag, type: 8192, bytes: wide(value) });
const int = (tag: number, ...values: readonly number[]): Field => ({
  tag,
  type: values.length === 4 ? 259 : 5,
  bytes: numbers(4, ...values),
});
const double = (tag: number, ...values: readonly number[]): Field => ({
  tag,
  type: values.length === 2 ? 260 : 10,
  bytes: numbers(8, ...values),
});

/** A volume by the layout: a head of 24 bytes, then fields with the place of the next one from the volume on. */
function volumeOf(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 24;
  for (const [n, field] of fields.entries()) {
    const isVolume = 'volumes' in field;
    const content = isVolume ? join(...field.volumes.map(volumeOf)) : field.bytes;
    const next = n === fields.length - 1 ? 0 : at + 16 + content.length;
    const head = new DataView(new ArrayBuffer(16));
    head.setUint32(0, isVolume ? 0x1000_0000 : field.type, true);
    head.setInt32(4, field.tag, true);
    head.setUint32(8, next, true);
    head.setUint32(12, content.length, true);
    parts.push(new Uint8Array(head.buffer), content);
    at += 16 + content.length;
  }
  const head = new DataView(new ArrayBuffer(24));
  head.setUint16(0, 24, true);
  head.setUint16(2, 21_321, true);
  head.setBigInt64(8, 24n, true);
  head.setUint32(16, fields.length, true);
  return join(new Uint8Array(head.buffer), ...parts);
}

const image: Field[] = [
  { tag: 2005, volumes: [[double(2019, 0.325, 0.325), text(2030, '20x'), int(2074, 0)]] },
  { tag: 2002, volumes: [[{ tag: 2018, volumes: [[int(2053, 0, 0, 1200, 900)]] }]] },
  {
    tag: 2007,
    volumes: [
      [{ tag: 2008, volumes: [[text(2419, 'DAPI'), int(100_002, 20_000)]] }],
      [{ tag: 2008, volumes: [[text(2419, 'FITC'), int(100_002, 50_000)]] }],
      [double(2013, 0.5)],
    ],
  },
];
const common: Field[] = [
  text(120_063, 'UPLSAPO20X'),
  double(120_060, 20),
  double(120_061, 0.75),
  int(2015, 1_400_000_000),
  int(100_049, 12),
];
const vsi = join(
  Uint8Array.of(0x49, 0x49, 0x2a, 0, 0, 0, 0, 0),
  volumeOf([{ tag: 2000, volumes: [[...common, { tag: 2001, volumes: [image] }]] }]),
);

/** An ETS with a tile of each of two channels and five slices, and one of a lower level. */
function ets(): Uint8Array {
  const tiles = [0, 1].flatMap((c) => [0, 1, 2, 3, 4].map((z) => [0, 0, c, z, 0])).concat([[0, 0, 0, 0, 1]]);
  const table = join(...tiles.map((place) => join(numbers(4, 0), numbers(4, ...place), new Uint8Array(16))));
  const further = join(
    Uint8Array.from('ETS\0', (letter) => letter.charCodeAt(0)),
    numbers(4, 1, 4, 1, 1, 0, 90, 512, 512, 1),
    new Uint8Array(4 * 28),
    numbers(4, 1),
  );
  const head = new DataView(new ArrayBuffer(64));
  new Uint8Array(head.buffer).set([0x53, 0x49, 0x53, 0]);
  head.setInt32(12, 5, true);
  head.setBigInt64(16, 64n, true);
  head.setBigInt64(32, BigInt(64 + further.length), true);
  head.setInt32(40, tiles.length, true);
  return join(new Uint8Array(head.buffer), further, table);
}

describe('VSI', () => {
  const open = async (files: Readonly<Record<string, Uint8Array>>) => {
    const entries = Object.entries(files).map(([path, bytes]) => ({
      path,
      size: bytes.length,
      open: async () => memorySource(path, bytes),
    }));
    const [item] = await findItems(fileTree('', entries));
    return (await item!.descriptor!.images!.reader()).open(item!);
  };

  test('is described by its tags and its tiles', async () => {
    const { images, issues, rawMetadata } = await open({ 'a.vsi': vsi, '_a_/stack1/frame_t.ets': ets() });
    expect(issues.map(({ code }) => code)).toEqual(['needs-converter']);
    expect(images.map(({ description }) => description)).toEqual([
      {
        name: '20x',
        sizes: { t: 1, c: 2, z: 5, y: 900, x: 1200 },
        type: 'uint16',
        voxelSize: {
          z: { value: 0.5, unit: 'micrometer' },
          y: { value: 0.325, unit: 'micrometer' },
          x: { value: 0.325, unit: 'micrometer' },
        },
        channels: [
          { name: 'DAPI', exposureSeconds: 0.02 },
          { name: 'FITC', exposureSeconds: 0.05 },
        ],
        acquiredAt: '2014-05-13T16:53:20Z',
        instrument: {
          manufacturer: 'Olympus',
          objective: { model: 'UPLSAPO20X', magnification: 20, numericalAperture: 0.75 },
        },
        significantBits: 12,
      },
    ]);
    expect(rawMetadata!.text).toContain('objectiveName: UPLSAPO20X');
    await expect(images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
  });

  test('without its tiles it says so', async () => {
    const { issues } = await open({ 'a.vsi': vsi });
    expect(issues.map(({ code }) => code)).toEqual(['needs-converter', 'image-in-other-file']);
  });

  test('fields that lead back, on, or in circles end', async () => {
    for (let at = 8; at < vsi.length; at++) {
      const changed = vsi.slice();
      changed[at] = changed[at]! ^ (at % 2 === 0 ? 0xff : 0x10);
      expect((await readVsiTags(memorySource('a.vsi', changed))).length).toBeLessThan(1000);
    }
    const deep = (depth: number): Field[] => (depth === 0 ? [int(1, 1)] : [{ tag: 1, volumes: [deep(depth - 1)] }]);
    expect(await readVsiTags(memorySource('a.vsi', join(vsi.slice(0, 8), volumeOf(deep(60)))))).toEqual([]);
  });
});
