import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { oibReader } from './reader.ts';

/** A TIFF of one row of three 16-bit values, written by the layout of TIFF 6.0. */
function plane(values: number[]): Uint8Array {
  const tags = [
    [256, 3],
    [257, 1],
    [258, 16],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 1],
    [279, 6],
  ];
  const bytes = new Uint8Array(16 + 2 + 12 * tags.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 16, true);
  values.forEach((value, n) => view.setUint16(8 + 2 * n, value, true));
  view.setUint16(16, tags.length, true);
  tags.forEach(([tag, value], n) => {
    view.setUint16(18 + 12 * n, tag!, true);
    view.setUint16(20 + 12 * n, 4, true);
    view.setUint32(22 + 12 * n, 1, true);
    view.setUint32(26 + 12 * n, value!, true);
  });
  return bytes;
}

function wide(text: string): Uint8Array {
  const units = Uint16Array.from(`\uFEFF${text}`, (character) => character.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

const main = `[Axis 0 Parameters Common]
AxisCode="X"
MaxSize=3
[Axis 2 Parameters Common]
AxisCode="C"
MaxSize=2
[Axis 3 Parameters Common]
AxisCode="Z"
MaxSize=3
StartPosition=1000
EndPosition=-1000
PixUnit="nm"
[Reference Image Parameter]
WidthConvertValue=0.25
WidthUnit="um"
HeightConvertValue=0.25
HeightUnit="um"
[Channel 1 Parameters]
CH Name="CH1"
[Channel 2 Parameters]
CH Name="CH2"
DyeName="None"
`.replaceAll('\n', '\r\n');

function itemOf(files: Record<string, Uint8Array>): Item {
  const entries: FileEntry[] = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.oif', files: entries, tree: { name: '', entries }, format: 'oif', recognition };
}

test('planes of an OIF lie in the folder beside it; one that is missing is 0 and said', async () => {
  const files: Record<string, Uint8Array> = { 'a.oif': wide(main) };
  for (const c of [1, 2])
    for (const z of [1, 2, 3])
      if (c !== 2 || z !== 3) files[`a.oif.files/s_C00${c}Z00${z}.tif`] = plane([c, z, 100 * c + z]);
  const { images, issues } = await oibReader.open(itemOf(files));
  const { description, readRegion } = images[0]!;
  expect(description).toMatchObject({
    sizes: { t: 1, c: 2, z: 3, y: 1, x: 3 },
    type: 'uint16',
    voxelSize: { z: { value: 1, unit: 'micrometer' }, x: { value: 0.25, unit: 'micrometer' } },
    channels: [{ name: 'CH1' }, { name: 'CH2' }],
  });
  expect([...(await readRegion({ t: 0, c: 1, z: 1 })).data]).toEqual([2, 2, 202]);
  expect([...(await readRegion({ t: 0, c: 1, z: 2 })).data]).toEqual([0, 0, 0]);
  expect(issues.map(({ code }) => code)).toEqual(['planes-missing']);
});

test('names with underscores, channels 1 and 3, an axis of one place, and a reference picture', async () => {
  const files: Record<string, Uint8Array> = { 'a.oif': wide(main) };
  for (const c of [1, 3])
    for (const z of [1, 2, 3]) files[`a.oif.files/day_2_cells_C00${c}Z00${z}T001.tif`] = plane([c, z, 100 * c + z]);
  files['a.oif.files/day_2_cells_R001.tif'] = plane([9, 9, 9]);
  const { images, issues } = await oibReader.open(itemOf(files));
  expect(issues).toEqual([]);
  for (const [c, number] of [1, 3].entries())
    for (const z of [0, 1, 2])
      expect([...(await images[0]!.readRegion({ t: 0, c, z })).data]).toEqual([number, z + 1, 100 * number + z + 1]);
});

test('a recording of one channel is read whatever number its planes have, or without one', async () => {
  for (const prefix of ['C002', '']) {
    const files: Record<string, Uint8Array> = { 'a.oif': wide(main.replace('MaxSize=2', 'MaxSize=1')) };
    for (const z of [1, 2, 3]) files[`a.oif.files/s_${prefix}Z00${z}.tif`] = plane([z, z, z]);
    const { images, issues } = await oibReader.open(itemOf(files));
    expect(issues).toEqual([]);
    expect(images[0]!.description.sizes).toEqual({ t: 1, c: 1, z: 3, y: 1, x: 3 });
    expect([...(await images[0]!.readRegion({ t: 0, c: 0, z: 2 })).data]).toEqual([3, 3, 3]);
  }
});

test('counts nobody can have are refused', async () => {
  const files = { 'a.oif': wide(main.replace('MaxSize=2', 'MaxSize=2000000000')), 's_C001.tif': plane([1, 2, 3]) };
  const { images, issues } = await oibReader.open(itemOf(files));
  expect(images).toEqual([]);
  expect(issues.map(({ code }) => code)).toEqual(['microscope-image-unusable']);
});

test('a container that is cut off is an issue', async () => {
  const bytes = new Uint8Array(600);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes[0x1e] = 9;
  const { images, issues } = await oibReader.open({ ...itemOf({ 'a.oif': bytes }), format: 'oib' });
  expect(images).toEqual([]);
  expect(issues.map(({ code }) => code)).toEqual(['microscope-file-broken']);
});
