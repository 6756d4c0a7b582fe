import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { lineLength, lineProfile } from './line-profile.ts';
import { measureMark } from './marks.ts';
import { shapesOnPlane } from './regions.ts';
import { readSections } from './sections.ts';
import type { ImageSource } from './sources.ts';

/** A stack whose pixel is 1000 z + 10 y + x, with a second level of half the size. */
function stack(width = 20, height = 10, depth = 5): { source: ImageSource; read: string[] } {
  const read: string[] = [];
  const levels = [1, 2].map((by) => ({
    width: width / by,
    height: height / by,
    depth,
    tileWidth: width,
    tileHeight: height,
  }));
  const source: ImageSource = {
    description: { sizes: { t: 1, c: 2, z: depth, y: height, x: width }, type: 'float32' } as ImageDescription,
    levels,
    readRegion: async ({ c, z }, region, level = 0) => {
      const box = region ?? { x: 0, y: 0, width: levels[level]!.width, height: levels[level]!.height };
      read.push(`${c}/${z} ${box.width}x${box.height}`);
      const data = new Float32Array(box.width * box.height);
      for (let y = 0; y < box.height; y++)
        for (let x = 0; x < box.width; x++) data[y * box.width + x] = 1000 * z + 10 * (box.y + y) + box.x + x;
      return { width: box.width, height: box.height, samples: 1, type: 'float32', data } as PixelBlock;
    },
  };
  return { source, read };
}

describe('measured lines', () => {
  it('are long in the unit of the image, along both axes', () => {
    const line = { x1: 0, y1: 0, x2: 30, y2: 40 };
    expect(lineLength(line, {})).toEqual({ value: 50, unit: 'pixel' });
    const x = { value: 0.5, unit: 'micrometer' };
    expect(lineLength(line, { voxelSize: { x, y: x } })).toEqual({ value: 25, unit: 'micrometer' });
    expect(lineLength(line, { voxelSize: { x, y: { ...x, value: 1 } } }).value).toBeCloseTo(Math.hypot(15, 40));
  });

  it('read the rectangle around them and interpolate', async () => {
    const { source, read } = stack();
    const { distance, values } = await lineProfile(source, { t: 0, c: 0, z: 1 }, { x1: 2, y1: 3, x2: 8, y2: 3 });
    expect([...values]).toEqual([1032, 1033, 1034, 1035, 1036, 1037, 1038]);
    expect([...distance]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(read).toEqual(['0/1 7x1']);
    const slanted = await lineProfile(source, { t: 0, c: 0, z: 0 }, { x1: 0.5, y1: 0.5, x2: 3.5, y2: 4.5 });
    for (const [at, value] of slanted.values.entries()) {
      const share = at / (slanted.values.length - 1);
      expect(value).toBeCloseTo(10 * (0.5 + 4 * share) + 0.5 + 3 * share, 4);
    }
  });

  it('end where the image ends', async () => {
    const { source } = stack();
    const { values } = await lineProfile(source, { t: 0, c: 0, z: 0 }, { x1: -3, y1: 0, x2: 2, y2: 0 });
    expect([...values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0, 1, 2]);
    const outside = await lineProfile(source, { t: 0, c: 0, z: 0 }, { x1: -9, y1: -9, x2: -5, y2: -9 });
    expect(outside.values.every(Number.isNaN)).toBe(true);
  });
});

describe('angles and areas', () => {
  const um = (value: number) => ({ value, unit: 'micrometer' });
  const at = (...numbers: number[]) =>
    Array.from({ length: numbers.length / 2 }, (_, n) => ({ x: numbers[2 * n]!, y: numbers[2 * n + 1]! }));

  it('are in degrees at the apex, and allow for pixels that are not square', () => {
    const angle = { kind: 'angle' as const, points: at(10, 0, 0, 0, 0, 10) };
    expect(measureMark(angle, {}).value).toEqual({ value: 90, unit: 'degree' });
    const half = { kind: 'angle' as const, points: at(10, 0, 0, 0, 10, 10) };
    expect(measureMark(half, {}).value.value).toBeCloseTo(45);
    const { value } = measureMark(half, { voxelSize: { x: um(1), y: um(2) } });
    expect(value.value).toBeCloseTo((Math.atan2(2, 1) * 180) / Math.PI);
    expect(measureMark({ kind: 'angle', points: at(-7, 0, 0, 0, 9, 0) }, {}).value.value).toBe(180);
  });

  it('are in the square of the unit, whichever way round the corners go', () => {
    const corners = at(10, 10, 30, 10, 30, 20, 10, 20);
    const image = { voxelSize: { x: um(0.5), y: um(0.5) } };
    for (const points of [corners, corners.toReversed()]) {
      const { value, perimeter, at: middle } = measureMark({ kind: 'area', points }, image);
      expect(value).toEqual({ value: 50, unit: 'micrometer^2' });
      expect(perimeter).toEqual(um(30));
      expect(middle.x).toBeCloseTo(20);
      expect(middle.y).toBeCloseTo(15);
    }
    expect(measureMark({ kind: 'area', points: corners }, { voxelSize: { x: um(1) } }).value).toEqual({
      value: 200,
      unit: 'pixel^2',
    });
  });
});

describe('regions', () => {
  it('are seen on the planes they lie on', () => {
    const shape = { path: [0, 0, 4, 0, 4, 4], isClosed: true };
    const regions = [{ name: 'nucleus', shapes: [{ ...shape, t: 2, z: 1 }, { ...shape, z: 3, text: 'up' }, shape] }];
    const seen = (t: number, z: number, from?: number) =>
      shapesOnPlane(regions, { t, z, ...(from === undefined ? {} : { projection: { kind: 'max', from, to: 3 } }) });
    expect(seen(2, 1)).toHaveLength(2);
    expect(seen(0, 3).map(({ name }) => name)).toEqual(['up', 'nucleus']);
    expect(seen(2, 0, 2).map(({ name }) => name)).toEqual(['up', 'nucleus']);
    expect(seen(0, 0)[0]!.points).toEqual([
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ]);
  });
});

describe('masks', () => {
  it('are filled but for their holes, and named once', () => {
    const piece = { path: [0, 0, 4, 0, 4, 4], isClosed: true, isMask: true as const };
    const regions = [{ name: 'cell', shapes: [{ ...piece, holes: [[1, 1, 2, 1, 2, 2]] }, piece] }];
    const [first, second] = shapesOnPlane(regions, { t: 0, z: 0 });
    expect(first).toMatchObject({
      name: 'cell',
      holes: [
        [
          [1, 1],
          [2, 1],
          [2, 2],
          [1, 1],
        ],
      ],
    });
    expect(second).toMatchObject({ name: '', holes: [] });
  });
});

describe('sections', () => {
  it('are a row and a column of every slice, and nothing else is read', async () => {
    const { source, read } = stack();
    let told = 0;
    const made = await readSections(source, { t: 0 }, { x: 7, y: 4 }, [1], () => told++, new AbortController().signal);
    expect([made.width, made.height, made.depth, told]).toEqual([20, 10, 5, 5]);
    for (let z = 0; z < 5; z++) {
      for (let x = 0; x < 20; x++) expect(made.xz[1]![z * 20 + x]).toBe(1000 * z + 40 + x);
      for (let y = 0; y < 10; y++) expect(made.yz[1]![y * 5 + z]).toBe(1000 * z + 10 * y + 7);
    }
    expect(made.xz[0]).toBeUndefined();
    expect([...new Set(read)].sort()).toEqual([0, 1, 2, 3, 4].flatMap((z) => [`1/${z} 1x10`, `1/${z} 20x1`]));
  });

  it('stop when they are no longer wanted', async () => {
    const { source, read } = stack(20, 10, 500);
    const stop = new AbortController();
    const made = readSections(source, { t: 0 }, { x: 0, y: 0 }, [0], () => stop.abort(new Error('moved')), stop.signal);
    await expect(made).rejects.toThrow('moved');
    expect(read.length).toBeLessThan(40);
  });
});
