import type { CoordinateMapping } from '@micrarium/model';
import { expect, it } from 'vitest';
import type { Positions } from '../workers/work.ts';
import { fullestFrame, objectsAt } from './pair-geometry.ts';

const positions: Positions = {
  count: 4,
  frame: Int32Array.from([0, 1, 1, 2]),
  x: Float64Array.from([1, 2, 50, 3]),
  y: Float64Array.from([10, 20, 20, 30]),
};
const mapping: CoordinateMapping = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 2, y: 1, z: 1 },
  offset: { x: 1, y: 0, z: 0 },
  firstFrame: 3,
  firstSlice: 0,
};

it('puts objects where the mapping says, in the frame it says, and sees which lie outside', () => {
  expect(objectsAt(positions, mapping, 4, { x: 64, y: 64 })).toEqual([
    { x: 2, y: 20, z: 0, isInside: true },
    { x: 98, y: 20, z: 0, isInside: false },
  ]);
  expect(objectsAt(positions, mapping, 0, { x: 64, y: 64 })).toEqual([]);
});

it('swaps axes where the mapping does', () => {
  const swapped = { ...mapping, axes: { x: 'y', y: 'x', z: 'z' } as const, scale: { x: 1, y: 1, z: 1 } };
  expect(objectsAt(positions, swapped, 3, { x: 64, y: 64 })[0]).toMatchObject({ x: 10, y: 0 });
});

it('finds the frame with the most objects', () => {
  expect(fullestFrame(positions, mapping, 10)).toBe(4);
  expect(fullestFrame(positions, mapping, 2)).toBe(0);
});
