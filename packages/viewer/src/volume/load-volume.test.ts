import type { PixelBlock, PixelType, PlaneIndex } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import type { ImageSource } from '../sources.ts';
import { loadVolume } from './load-volume.ts';
import { imageBox, levelFactor, volumeSpace } from './volume-space.ts';
import { bytesPerVoxel, voxelValue } from './voxel-store.ts';

const value = (c: number, z: number, y: number, x: number) => 1000 * c + 100 * z + 10 * y + x;

/** An image of 5 x 4 pixels, 6 slices, whose values tell where they lie. */
function image(
  type: PixelType,
  made: (length: number) => PixelBlock['data'],
  asked: string[] = [],
  tileDepth?: number,
): ImageSource {
  const slice = (plane: PlaneIndex, data: PixelBlock['data'], at: number) => {
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 5; x++) data[at + y * 5 + x] = value(plane.c, plane.z, y, x) as never;
  };
  const read = (plane: PlaneIndex, slices: number): PixelBlock => {
    const data = made(20 * slices);
    for (let at = 0; at < slices; at++) slice({ ...plane, z: plane.z + at }, data, at * 20);
    return { width: 5, height: 4, samples: 1, type, data };
  };
  return {
    description: {
      name: '',
      sizes: { t: 3, c: 2, z: 6, y: 4, x: 5 },
      type,
      voxelSize: {
        x: { value: 200, unit: 'nanometer' },
        y: { value: 0.2, unit: 'micrometer' },
        z: { value: 1, unit: 'µm' },
      },
      channels: [],
    },
    levels: [{ width: 5, height: 4, depth: 6, tileWidth: 5, tileHeight: 4, ...(tileDepth ? { tileDepth } : {}) }],
    async readRegion(plane, _region, _level, signal) {
      signal?.throwIfAborted();
      asked.push(`${plane.t}/${plane.c}/${plane.z}`);
      return read(plane, 1);
    },
    ...(tileDepth
      ? {
          async readSlab(first: PlaneIndex, slices: number) {
            asked.push(`${first.t}/${first.c}/${first.z}+${slices}`);
            return read(first, slices);
          },
        }
      : {}),
  };
}
const u16 = image('uint16', (length) => new Uint16Array(length));

describe('reading a volume', () => {
  it('puts every voxel where it belongs, in micrometers', async () => {
    const shares: number[] = [];
    const volume = await loadVolume(u16, {
      t: 1,
      channels: [1, 0],
      budgetBytes: 1e6,
      onProgress: (one) => shares.push(one),
    });
    expect(volume).toMatchObject({
      t: 1,
      size: { x: 5, y: 4, z: 6 },
      origin: { x: 0, y: 0, z: 0 },
      unit: 'micrometer',
    });
    expect(volume.spacing).toEqual({ x: 0.2, y: 0.2, z: 1 });
    expect(volume.channels.map(({ channel }) => channel)).toEqual([1, 0]);
    const [second] = volume.channels;
    for (const [z, y, x] of [
      [0, 0, 0],
      [5, 3, 4],
      [2, 1, 3],
    ] as const)
      expect(voxelValue(second!, (z * 4 + y) * 5 + x)).toBe(value(1, z, y, x));
    expect([...second!.bricks]).toEqual([value(1, 5, 3, 4)]);
    expect(shares).toHaveLength(12);
    expect(shares.at(-1)).toBe(1);
  });

  it('reads the slices of a chunk together', async () => {
    const asked: string[] = [];
    const deep = image('uint16', (length) => new Uint16Array(length), asked, 4);
    const volume = await loadVolume(deep, { t: 0, channels: [0], budgetBytes: 1e6 });
    expect(asked.sort()).toEqual(['0/0/0+4', '0/0/4+2']);
    expect(voxelValue(volume.channels[0]!, (4 * 4 + 2) * 5 + 1)).toBe(value(0, 4, 2, 1));
  });

  it('leaves voxels out where memory is short, and says where those it has lie', async () => {
    const volume = await loadVolume(u16, { t: 0, channels: [0], budgetBytes: 150 });
    expect(volume.taken.step).toEqual({ x: 2, y: 1, z: 1 });
    expect(volume.size).toEqual({ x: 3, y: 4, z: 6 });
    expect(volume.spacing.x).toBeCloseTo(0.4);
    expect(voxelValue(volume.channels[0]!, (1 * 4 + 3) * 3 + 1)).toBe(value(0, 1, 3, 2));
  });

  it('keeps signed numbers, and rounds floats to 65,536 steps between their extremes', async () => {
    const signed = image('int16', (length) => new Int16Array(length));
    const floats = image('float32', (length) => new Float32Array(length));
    for (const source of [signed, floats]) {
      const { channels } = await loadVolume(source, { t: 0, channels: [1], budgetBytes: 1e6 });
      expect(voxelValue(channels[0]!, 0)).toBeCloseTo(1000, 1);
      expect(voxelValue(channels[0]!, 119)).toBeCloseTo(value(1, 5, 3, 4), 1);
      expect(voxelValue(channels[0]!, 61)).toBeCloseTo(value(1, 3, 0, 1), 1);
    }
    const odd = image('float32', (length) => new Float32Array(length).fill(Number.NaN));
    const nothing = {
      ...odd,
      readRegion: async (...all: Parameters<typeof odd.readRegion>) => ({
        ...(await odd.readRegion(...all)),
        data: new Float32Array(20).fill(Number.NaN),
      }),
    };
    const { channels } = await loadVolume(nothing, { t: 0, channels: [0], budgetBytes: 1e6 });
    expect(Math.max(...channels[0]!.stored)).toBe(0);
    expect([bytesPerVoxel('uint8'), bytesPerVoxel('int8'), bytesPerVoxel('float64')]).toEqual([1, 1, 2]);
  });

  it('stops when it is told, and when a slice cannot be read', async () => {
    const asked: string[] = [];
    const stop = new AbortController();
    const source = image('uint8', (length) => new Uint8Array(length), asked);
    const passed = loadVolume(source, {
      t: 0,
      channels: [0, 1],
      budgetBytes: 1e6,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(passed).rejects.toThrow(/abort/i);
    expect(asked.length).toBeLessThan(12);
    const broken: ImageSource = { ...source, readRegion: async () => Promise.reject(new Error('damaged')) };
    await expect(loadVolume(broken, { t: 0, channels: [0], budgetBytes: 1e6 })).rejects.toThrow('damaged');
  });
});

describe('the space of a volume', () => {
  it('is in pixels where the file does not say how large they are, and takes pixels for the distance of slices', () => {
    expect(volumeSpace({})).toEqual({ spacing: { x: 1, y: 1, z: 1 }, unit: 'pixel', isDepthKnown: false });
    const flat = { voxelSize: { x: { value: 0.5, unit: 'micrometer' } } };
    expect(volumeSpace(flat)).toEqual({ spacing: { x: 0.5, y: 0.5, z: 0.5 }, unit: 'micrometer', isDepthKnown: false });
    expect(imageBox(u16.description).high.z).toBeCloseTo(5.5);
    expect(imageBox(u16.description).low.x).toBeCloseTo(-0.1);
  });

  it('takes halved levels for halved', () => {
    expect([levelFactor(129, 65), levelFactor(129, 64), levelFactor(512, 128), levelFactor(7, 7)]).toEqual([
      2, 2, 4, 1,
    ]);
    expect(levelFactor(100, 33)).toBeCloseTo(100 / 33);
  });
});
