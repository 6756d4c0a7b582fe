import { describe, expect, it } from 'vitest';
import { brickMaxima } from './brick-maxima.ts';
import { inverted, multiplied, transformed } from './matrix4.ts';
import { clippedPart, volumeBox, volumeOnScreen } from './volume-projection.ts';

const volume = { origin: { x: 0, y: 0, z: 0 }, spacing: { x: 1, y: 1, z: 2 }, size: { x: 4, y: 2, z: 3 } };
const whole = { low: [0, 0, 0], high: [1, 1, 1] };
/** One unit is a tenth of the half screen, y up. */
const parallel = [0.1, 0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0.01, 0, 0, 0, 0, 1];

describe('a volume on the screen', () => {
  it('has its box around the edges of its voxels', () => {
    expect(volumeBox(volume)).toEqual({ low: { x: -0.5, y: -0.5, z: -1 }, high: { x: 3.5, y: 1.5, z: 5 } });
  });

  it('is cut to a box in shares of its sides', () => {
    const part = clippedPart(volume, { low: { x: 0.5, y: -9, z: 1 }, high: { x: 2.5, y: 9, z: 2 } });
    expect(part).toEqual({ low: [0.25, 0, 1 / 3], high: [0.75, 1, 0.5] });
    expect(clippedPart(volume, undefined)).toEqual(whole);
  });

  it('covers what its corners cover, and is found again from there', () => {
    const screen = volumeOnScreen(volume, parallel, whole)!;
    expect(screen.isParallel).toBe(true);
    for (const [at, end] of [-0.05, -0.05, 0.35, 0.15].entries()) expect(screen.bounds[at]).toBeCloseTo(end);
    const [x, y, z] = transformed(screen.fromClip, [0.35, -0.05, 0.05]);
    for (const [found, wanted] of [
      [x, 1],
      [y, 0],
      [z, 1],
    ] as const)
      expect(found).toBeCloseTo(wanted);
    expect(
      volumeOnScreen(volume, multiplied([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 9, 0, 0, 1], parallel), whole),
    ).toBeUndefined();
  });

  it('may cover all of the screen where the eye is in it', () => {
    const perspective = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, -1, 0, 0, -0.1, 0];
    const screen = volumeOnScreen(volume, perspective, whole)!;
    expect(screen.isParallel).toBe(false);
    expect(screen.bounds).toEqual([-1, -1, 1, 1]);
  });

  it('needs a matrix that can be undone', () => {
    const matrix = [0, 2, 0, 0, 1, 0, 0, 3, 0, 0, 4, 0, 5, 6, 7, 1];
    const back = multiplied(inverted(matrix)!, matrix);
    for (const [at, value] of back.entries()) expect(value).toBeCloseTo(at % 5 === 0 ? 1 : 0);
    expect(inverted(Array.from({ length: 16 }, () => 1))).toBeUndefined();
  });
});

describe('largest values of blocks', () => {
  it('are those of the block and the voxels around it', () => {
    const size = { x: 17, y: 9, z: 2 };
    const stored = Uint8Array.from({ length: 17 * 9 * 2 }, (_, at) => (at * 7919) % 251);
    const bricks = brickMaxima(stored, size);
    expect(bricks).toHaveLength(3 * 2 * 1);
    for (let by = 0; by < 2; by++)
      for (let bx = 0; bx < 3; bx++) {
        let most = 0;
        for (let z = 0; z < 2; z++)
          for (let y = Math.max(0, 8 * by - 1); y <= Math.min(8, 8 * by + 8); y++)
            for (let x = Math.max(0, 8 * bx - 1); x <= Math.min(16, 8 * bx + 8); x++)
              most = Math.max(most, stored[(z * 9 + y) * 17 + x]!);
        expect(bricks[by * 3 + bx]).toBe(most);
      }
  });
});
