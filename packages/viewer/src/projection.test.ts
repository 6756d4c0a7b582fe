import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { projectedSource, slicesOfLevel } from './projection.ts';
import type { ImageSource } from './sources.ts';

/** A stack of 2 × 1 pixels: slice z holds z and 10 · z; how many slices are in memory at once is counted. */
function stack(depth: number): { source: ImageSource; most: () => number; reads: number[] } {
  const reads: number[] = [];
  let [held, most] = [0, 0];
  const source: ImageSource = {
    description: { sizes: { t: 1, c: 1, z: depth, y: 1, x: 2 }, type: 'uint16' } as ImageDescription,
    levels: [{ width: 2, height: 1, depth, tileWidth: 2, tileHeight: 1 }],
    readRegion: async ({ z }, _region, _level, signal) => {
      signal?.throwIfAborted();
      reads.push(z);
      most = Math.max(most, ++held);
      await new Promise((resolve) => setTimeout(resolve));
      held--;
      return { width: 2, height: 1, samples: 1, type: 'uint16', data: Uint16Array.of(z, 10 * z) } as PixelBlock;
    },
  };
  return { source, most: () => most, reads };
}

const project = (source: ImageSource, kind: 'max' | 'mean' | 'sum', from: number, to: number) =>
  projectedSource(source, { kind, from, to }).readRegion({ t: 0, c: 0, z: 0 });

describe('projections', () => {
  it('are the largest value, the mean and the sum of each pixel, of both ends and all between', async () => {
    const { source } = stack(8);
    expect((await project(source, 'max', 2, 5)).data).toEqual(Uint16Array.of(5, 50));
    expect((await project(source, 'mean', 2, 5)).data).toEqual(Float64Array.of(3.5, 35));
    expect((await project(source, 'sum', 2, 5)).data).toEqual(Float64Array.of(14, 140));
    expect((await project(source, 'mean', 3, 3)).data).toEqual(Float64Array.of(3, 30));
  });

  it('hold two slices in memory, however many there are', async () => {
    const { source, most, reads } = stack(40);
    await project(source, 'sum', 0, 39);
    expect(reads).toHaveLength(40);
    expect(most()).toBeLessThanOrEqual(2);
  });

  it('stop reading when nobody waits any more', async () => {
    const { source, reads } = stack(40);
    const stop = new AbortController();
    const made = projectedSource(source, { kind: 'max', from: 0, to: 39 }).readRegion(
      { t: 0, c: 0, z: 0 },
      undefined,
      0,
      stop.signal,
    );
    stop.abort(new Error('passed'));
    await expect(made).rejects.toThrow('passed');
    expect(reads.length).toBeLessThan(4);
  });

  it('take the slices of coarser levels that the range covers', () => {
    expect(slicesOfLevel({ kind: 'max', from: 4, to: 7 }, 16, 16)).toEqual([4, 7]);
    expect(slicesOfLevel({ kind: 'max', from: 4, to: 7 }, 16, 8)).toEqual([2, 3]);
    expect(slicesOfLevel({ kind: 'max', from: 15, to: 15 }, 16, 1)).toEqual([0, 0]);
  });
});
