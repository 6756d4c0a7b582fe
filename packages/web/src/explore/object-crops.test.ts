import type { CoordinateMapping } from '@micrarium/model';
import { expect, test } from 'vitest';
import { regionAround } from './object-crops.ts';

const mapping: CoordinateMapping = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 2, y: 2, z: 1 },
  offset: { x: 10, y: 0, z: 0 },
  firstFrame: 3,
  firstSlice: 0,
};
const sizes = { x: 200, y: 100, z: 5, t: 10 };

test('the square around an object is in pixels of the image, at its frame and slice', () => {
  expect(regionAround({ x: 60, y: 25, z: 2.4, radius: 5, frame: 4 }, mapping, sizes)).toEqual({
    x: 75,
    y: 25,
    width: 50,
    height: 50,
    t: 7,
    z: 2,
    objectX: 25,
    objectY: 25,
  });
});

test('at the edge it is cut, and keeps the place of the object; outside there is none', () => {
  expect(regionAround({ x: 12, y: 49, z: 9, frame: 0 }, mapping, sizes)).toMatchObject({
    x: 0,
    y: 74,
    width: 28,
    height: 26,
    z: 4,
    objectX: 4,
    objectY: 24,
  });
  expect(regionAround({ x: 0, y: 0, z: 0, frame: 0 }, mapping, sizes)).toBeUndefined();
  expect(regionAround({ x: 60, y: 25, z: 0, frame: 7 }, mapping, sizes)).toBeUndefined();
  expect(regionAround({ x: Number.NaN, y: 25, z: 0, frame: 0 }, mapping, sizes)).toBeUndefined();
});
