import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ImagePixels } from '../image-reader.ts';
import { encodePng } from '../png/encode.ts';
import { preview } from './preview.ts';
import { thumbnail } from './thumbnail.ts';

/** Two channels, three planes: channel 0 bright on the left half, channel 1 on the upper half, only in the middle plane. */
const image: ImagePixels = {
  description: {
    name: 'quarters',
    sizes: { t: 1, c: 2, z: 3, y: 40, x: 80 },
    type: 'uint16',
    channels: [
      { name: 'a', color: '00FF00', window: { start: 100, end: 1100 } },
      { name: 'b', color: 'FF00FF', window: { start: 100, end: 1100 } },
    ],
  },
  levels: [{ width: 80, height: 40, depth: 3, tileWidth: 80, tileHeight: 40 }],
  async readRegion(plane, region = { x: 0, y: 0, width: 80, height: 40 }) {
    const data = new Uint16Array(region.width * region.height).fill(100);
    if (plane.z === 1)
      for (let y = 0; y < region.height; y++)
        for (let x = 0; x < region.width; x++)
          if (plane.c === 0 ? x + region.x < 40 : y + region.y < 20) data[y * region.width + x] = 5000;
    return { width: region.width, height: region.height, samples: 1, type: 'uint16', data };
  },
};

it('adds the channels of the middle plane in their colours', async () => {
  const { width, height, rgba } = await thumbnail(image, { size: 20 });
  expect([width, height]).toEqual([20, 10]);
  const at = (x: number, y: number): number[] => [...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  expect(at(2, 2)).toEqual([255, 255, 255, 255]);
  expect(at(17, 2)).toEqual([255, 0, 255, 255]);
  expect(at(2, 8)).toEqual([0, 255, 0, 255]);
  expect(at(17, 8)).toEqual([0, 0, 0, 255]);
});

it('reads a large single level in bands', async () => {
  const side = 6000;
  const regions: number[] = [];
  const large: ImagePixels = {
    description: {
      name: 'large',
      sizes: { t: 1, c: 1, z: 1, y: side, x: side },
      type: 'uint8',
      channels: [{ name: '' }],
    },
    levels: [{ width: side, height: side, depth: 1, tileWidth: side, tileHeight: 1 }],
    async readRegion(_plane, region = { x: 0, y: 0, width: side, height: side }) {
      regions.push(region.width * region.height);
      const data = new Uint8Array(region.width * region.height);
      for (let y = 0; y < region.height; y++)
        data.fill(y + region.y < side / 2 ? 250 : 0, y * region.width, (y + 1) * region.width);
      return { width: region.width, height: region.height, samples: 1, type: 'uint8', data };
    },
  };
  const { width, height, rgba } = await thumbnail(large, { size: 100 });
  expect(Math.max(...regions)).toBeLessThanOrEqual(1 << 24);
  expect([width, height, rgba[0], rgba[49 * 400], rgba[50 * 400]]).toEqual([100, 100, 255, 255, 0]);
});

it('is encoded as a PNG that unpacks to the same picture', async () => {
  const { width, height, rgba } = await thumbnail(image, { size: 20 });
  const png = await encodePng(width, height, rgba);
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = new DataView(png.buffer);
  expect([data.getUint32(16), data.getUint32(20), png[24], png[25]]).toEqual([width, height, 8, 6]);
  const length = data.getUint32(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const found = new Uint8Array(rgba.length);
  const stride = width * 4;
  for (let y = 0; y < height; y++)
    for (let n = 0; n < stride; n++)
      found[y * stride + n] =
        rows[y * (stride + 1) + 1 + n]! + (rows[y * (stride + 1)] === 2 ? found[(y - 1) * stride + n]! : 0);
  expect(found).toEqual(rgba);
  await expect(encodePng(3, 3, rgba)).rejects.toThrow(RangeError);
});

it('puts a few slices below one another, in one window', async () => {
  const made = await preview(image, { size: 20 });
  expect(made).toMatchObject({ width: 20, height: 30, frames: 3, axis: 'z' });
  const at = (x: number, y: number): number[] => [...made!.rgba.subarray((y * 20 + x) * 4, (y * 20 + x) * 4 + 3)];
  // Only the middle slice is bright.
  expect([at(2, 2), at(2, 12), at(2, 22)]).toEqual([
    [0, 0, 0],
    [255, 255, 255],
    [0, 0, 0],
  ]);
});

it('has no preview of one plane, nor where too much would have to be read', async () => {
  const { description, levels, readRegion } = image;
  const single = { ...image, description: { ...description, sizes: { ...description.sizes, z: 1 } } };
  expect(await preview(single)).toBeUndefined();
  const side = 2 ** 14;
  expect(
    await preview({ description, levels: [{ ...levels[0]!, width: side, height: side }], readRegion }),
  ).toBeUndefined();
});
