import type { CoordinateMapping, ObjectTable } from '@micrarium/model';
import { expect, test } from 'vitest';
import { drawObjectLabels } from './drawn-labels.ts';

const mapping: CoordinateMapping = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 1, y: 1, z: 1 },
  offset: { x: 0, y: 0, z: 0 },
  firstFrame: 0,
  firstSlice: 0,
};
const table = (given: Partial<ObjectTable> & Pick<ObjectTable, 'x' | 'y'>): ObjectTable => ({
  count: given.x.length,
  id: Float64Array.from(given.x, (_, row) => row),
  frame: new Int32Array(given.x.length),
  columns: [],
  entity: 'point',
  ...given,
});
const radius = (...values: number[]) => [{ name: 'radius', type: 'float' as const, values: Float64Array.from(values) }];

/** A plane as rows of digits, `.` for background. */
async function drawn(
  objects: ObjectTable,
  [z, y, x]: [number, number, number],
  { t = 0, slice = 0, at = mapping, frames = 1 } = {},
) {
  const { label, values } = drawObjectLabels({
    objects,
    mapping: at,
    image: { sizes: { t: frames, c: 2, z, y, x } },
    name: 'objects',
  });
  const whole = await label.image.readRegion({ t, c: 0, z: slice });
  // A band gives the same pixels as the whole plane.
  const band = await label.image.readRegion({ t, c: 0, z: slice }, { x: 1, y: 1, width: x - 1, height: y - 1 });
  for (let row = 1; row < y; row++)
    expect(Array.from(band.data.slice((row - 1) * (x - 1), row * (x - 1)), Number)).toEqual(
      Array.from(whole.data.slice(row * x + 1, (row + 1) * x), Number),
    );
  const rows = Array.from({ length: y }, (_, row) => whole.data.slice(row * x, (row + 1) * x).join('|'));
  return { rows: rows.map((row) => row.replaceAll('|', '').replaceAll('0', '.')), values, label };
}

const ring = (...corners: [number, number][]) => corners.flatMap(([x, y]) => [x, y, 0]);

test('an outline is filled with holes left open, and neighbours share no pixel', async () => {
  const outer = ring([0, 0], [5, 0], [5, 4], [0, 4]);
  const hole = ring([1.5, 0.5], [3.5, 0.5], [3.5, 2.5], [1.5, 2.5]);
  const beside = ring([5, 0], [8, 0], [8, 4], [5, 4]);
  const objects = table({
    x: Float64Array.of(2, 6),
    y: Float64Array.of(2, 2),
    shapes: {
      partOffsets: Uint32Array.of(0, 2, 3),
      vertexOffsets: Uint32Array.of(0, 4, 8, 12),
      xyz: Float64Array.from([...outer, ...hole, ...beside]),
    },
  });
  const { rows, values } = await drawn(objects, [1, 5, 9]);
  expect(rows).toEqual(['11111222.', '11..1222.', '11..1222.', '11111222.', '.........']);
  expect(values).toBe('object_id + 1');
});

test('a radius gives a disc, points one pixel; the later lies on top, what has no place is left out', async () => {
  const objects = table({
    x: Float64Array.of(3, 4, Number.NaN, 90),
    y: Float64Array.of(2, 2, 1, 1),
    columns: radius(2, 0, 1, 1),
  });
  expect((await drawn(objects, [1, 5, 8])).rows).toEqual(['...1....', '..111...', '.11121..', '..111...', '...1....']);
  const thin = table({
    x: Float64Array.of(2),
    y: Float64Array.of(1),
    shapes: {
      partOffsets: Uint32Array.of(0, 1),
      vertexOffsets: Uint32Array.of(0, 3),
      xyz: Float64Array.from(ring([1.6, 0.6], [2.4, 0.6], [2, 0.9])),
    },
  });
  expect((await drawn(thin, [1, 3, 5])).rows.join('')).toContain('1');
});

test('spheres become balls in a stack, in pixels of each axis, in the frame the mapping says', async () => {
  const objects = table({
    x: Float64Array.of(1.5),
    y: Float64Array.of(1.5),
    z: Float64Array.of(4),
    columns: radius(1),
    entity: 'sphere',
  });
  const at = { ...mapping, scale: { x: 2, y: 2, z: 0.5 }, firstFrame: 1 };
  const plane = async (slice: number, t = 1) => (await drawn(objects, [5, 7, 7], { t, slice, at, frames: 2 })).rows;
  expect(await plane(2)).toEqual(['.......', '...1...', '..111..', '.11111.', '..111..', '...1...', '.......']);
  expect((await plane(1)).join('')).not.toContain('1');
  expect((await plane(2, 0)).join('')).not.toContain('1');
});

test('ids that are no small whole numbers give way to rows; classes are told of values', async () => {
  const x = Float64Array.of(0, 2);
  const objects = table({ x, y: Float64Array.of(0, 1), id: Float64Array.of(5, 2 ** 40) });
  const { rows, values } = await drawn(objects, [1, 2, 3]);
  expect([rows, values]).toEqual([['1..', '..2'], 'row + 1']);
  const classes = { name: 'class', type: 'string' as const, values: ['a', ''], missing: Uint8Array.of(0, 1) };
  const image = { sizes: { t: 1, c: 1, z: 1, y: 2, x: 3 } };
  const { label } = drawObjectLabels({ objects, mapping, image, name: 'objects', classes });
  expect(label.properties).toEqual([
    { value: 1, object_id: 5, class: 'a' },
    { value: 2, object_id: 2 ** 40 },
  ]);
});
