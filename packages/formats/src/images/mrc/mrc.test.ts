import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { Item } from '../../recognition/item.ts';
import { mrcReader } from './reader.ts';

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.mrc', size: bytes.length, open: async () => memorySource('a.mrc', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.mrc', files: [entry], tree: { name: '', entries: [entry] }, format: 'mrc', recognition };
}

/** A map by the layout of MRC2014, big endian where `big`; `values` in file order. */
function map(counts: number[], order: number[], mode: number, values: number[], big = false): Uint8Array {
  const size = { 1: 2, 2: 4, 4: 4, 12: 2, 101: 1 }[mode]!;
  const bytes = new Uint8Array(1024 + values.length * size);
  const view = new DataView(bytes.buffer);
  const int = (at: number, value: number): void => view.setInt32(at, value, !big);
  counts.forEach((count, n) => int(4 * n, count));
  int(12, mode);
  order.forEach((axis, n) => {
    int(64 + 4 * n, axis);
    int(24 + 4 * axis, counts[n]!);
    view.setFloat32(36 + 4 * axis, counts[n]! * axis, !big);
  });
  int(88, 1);
  bytes.set(new TextEncoder().encode('MAP '), 208);
  bytes.set(big ? [0x11, 0x11] : [0x44, 0x44], 212);
  values.forEach((value, n) => {
    if (mode === 101) bytes[1024 + n] = value;
    else if (mode === 2 || mode === 4) view.setFloat32(1024 + 4 * n, value, !big);
    else view.setUint16(1024 + 2 * n, value, !big);
  });
  return bytes;
}

const volume = Array.from({ length: 24 }, (_, n) => n);

test.each([false, true])('axes of the file become those of space (big endian: %s)', async (big) => {
  // Columns along z, rows along x, sections along y.
  const { images } = await mrcReader.open(itemOf(map([2, 3, 4], [3, 1, 2], 2, volume, big)));
  const { description, readRegion } = images[0]!;
  expect(description.sizes).toEqual({ t: 1, c: 1, z: 2, y: 4, x: 3 });
  expect(description.voxelSize).toEqual({
    x: { value: 1e-4, unit: 'micrometer' },
    y: { value: 2e-4, unit: 'micrometer' },
    z: { value: 3e-4, unit: 'micrometer' },
  });
  for (let z = 0; z < 2; z++) {
    const { data } = await readRegion({ t: 0, c: 0, z });
    const wanted = [0, 1, 2, 3].flatMap((y) => [0, 1, 2].map((x) => z + 2 * x + 6 * y));
    expect([...data]).toEqual(wanted);
  }
  const part = await readRegion({ t: 0, c: 0, z: 1 }, { x: 1, y: 2, width: 2, height: 2 });
  expect([...part.data]).toEqual([15, 17, 21, 23]);
});

test.each([false, true])('complex values are two channels (big endian: %s)', async (big) => {
  // Two columns, one row, three sections; real and imaginary part by turns.
  const { images, issues } = await mrcReader.open(itemOf(map([2, 1, 3], [1, 2, 3], 4, volume.slice(0, 12), big)));
  const { description, readRegion } = images[0]!;
  expect(issues).toEqual([]);
  expect(description).toMatchObject({ sizes: { t: 1, c: 2, z: 3, y: 1, x: 2 }, type: 'float32' });
  expect(description.channels.map(({ name }) => name)).toEqual(['real part', 'imaginary part']);
  expect([...(await readRegion({ t: 0, c: 0, z: 1 })).data]).toEqual([4, 6]);
  expect([...(await readRegion({ t: 0, c: 1, z: 2 })).data]).toEqual([9, 11]);
});

test('values of four bits are two in a byte, low bits first; odd rows are padded', async () => {
  // Rows 1 2 3 | 4 5 6 of one section, rows 7 8 9 | 10 11 12 of the other.
  const packed = [0x21, 0x03, 0x54, 0x06, 0x87, 0x09, 0xba, 0x0c];
  const bytes = map([3, 2, 2], [1, 2, 3], 101, packed);
  const { images, issues } = await mrcReader.open(itemOf(bytes));
  expect(issues).toEqual([]);
  const { readRegion } = images[0]!;
  expect([...(await readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...(await readRegion({ t: 0, c: 0, z: 1 })).data]).toEqual([7, 8, 9, 10, 11, 12]);
  const region = { x: 1, y: 1, width: 2, height: 1 };
  expect([...(await readRegion({ t: 0, c: 0, z: 1 }, region)).data]).toEqual([11, 12]);
  const turned = await mrcReader.open(itemOf(map([3, 2, 2], [2, 1, 3], 101, packed)));
  expect([...(await turned.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([1, 4, 2, 5, 3, 6]);
  const cut = await mrcReader.open(itemOf(bytes.subarray(0, bytes.length - 3)));
  expect(cut.issues.map(({ code }) => code)).toContain('pixel-data-truncated');
  await expect(cut.images[0]!.readRegion({ t: 0, c: 0, z: 1 })).rejects.toThrow('ends before');
});

test('half floats are given as floats', async () => {
  const halves = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x7c00];
  const { images } = await mrcReader.open(itemOf(map([6, 1, 1], [1, 2, 3], 12, halves)));
  const { data, type } = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
  expect(type).toBe('float32');
  expect([...data]).toEqual([1, -2, 2 ** -24, 65_504, -0, Infinity]);
});

test('a file that was cut off says so; sizes no file can have are refused', async () => {
  const whole = map([2, 3, 4], [1, 2, 3], 2, volume);
  const cut = await mrcReader.open(itemOf(whole.subarray(0, 1100)));
  expect(cut.issues.map(({ code }) => code)).toContain('pixel-data-truncated');
  await expect(cut.images[0]!.readRegion({ t: 0, c: 0, z: 3 })).rejects.toThrow('ends before');
  expect([...(await cut.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([0, 1, 2, 3, 4, 5]);
  new DataView(whole.buffer).setInt32(0, 2 ** 30, true);
  const absurd = await mrcReader.open(itemOf(whole));
  expect(absurd.images).toEqual([]);
  expect(absurd.issues.map(({ code }) => code)).toEqual(['microscope-image-unusable']);
  const short = await mrcReader.open(itemOf(whole.subarray(0, 300)));
  expect(short.issues.map(({ code }) => code)).toEqual(['microscope-image-unusable']);
});

test.each([false, true])('old files without the stamp are known by name and size (big endian: %s)', async (big) => {
  const bytes = map([2, 3, 4], [1, 2, 3], 2, volume, big);
  bytes.fill(0, 208, 216);
  const find = async (path: string, content: Uint8Array) => {
    const entry = { path, size: content.length, open: async () => memorySource(path, content) };
    return (await findItems(fileTree('', [entry]), { asked: path }))[0]!;
  };
  const item = await find('old.st', bytes);
  expect(item.format).toBe('mrc');
  const { images } = await mrcReader.open(item);
  expect([...(await images[0]!.readRegion({ t: 0, c: 0, z: 3 })).data]).toEqual([18, 19, 20, 21, 22, 23]);
  expect((await find('old.bin', bytes)).format).not.toBe('mrc');
  expect((await find('old.st', bytes.subarray(0, -1))).format).not.toBe('mrc');
});
