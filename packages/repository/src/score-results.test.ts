import { type Column, scoreParticles, type TrackSet } from '@micrarium/model';
import { expect, test } from 'vitest';
import { particleReasons, particlesOf, readParticles } from './score-results.ts';

type Point = [frame: number, x: number, y: number, z?: number];

/** A set of these objects, with edges between rows. */
function setOf(points: readonly Point[], edges: readonly [number, number][], columns: Column[] = []): TrackSet {
  const axis = (at: number) => Float64Array.from(points, (point) => point[at] ?? 0);
  const hasZ = points.some(([, , , z]) => z !== undefined);
  return {
    name: 'set',
    objects: {
      count: points.length,
      id: Float64Array.from(points.keys()),
      frame: Int32Array.from(points, ([frame]) => frame),
      x: axis(1),
      y: axis(2),
      ...(hasZ ? { z: axis(3) } : {}),
      columns,
      entity: 'point',
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ([source]) => source),
      target: Uint32Array.from(edges, ([, target]) => target),
      columns: [],
    },
    provenance: {},
  };
}

/** `count` points along x, as a chain from a row on. */
const line = (count: number, y: number, z?: number): Point[] =>
  Array.from({ length: count }, (_, t): Point => (z === undefined ? [t, t, y] : [t, t, y, z]));
const chain = (count: number, from = 0): [number, number][] =>
  Array.from({ length: count - 1 }, (_, i) => [from + i, from + i + 1]);

test('an object that nothing links is a particle of one frame, and counts', () => {
  const truth = setOf(line(5, 0), chain(5));
  const found = setOf([...line(5, 0), [2, 50, 50]], chain(5));
  const score = scoreParticles(particlesOf(truth), particlesOf(found), 5);
  // One spurious track of one point: β = 25 / (25 + 5), one of six points, one of two tracks.
  expect(score).toMatchObject({ alpha: 1, beta: 25 / 30, TP: 5, FN: 0, FP: 1, JSC: 5 / 6, JSC_theta: 1 / 2 });
  expect(particleReasons(truth, readParticles(truth), readParticles(found))).toEqual([
    '1 particle of the result seen in one frame only.',
  ]);
  const visible: Column = {
    name: 'visible',
    type: 'bool',
    description: 'Not hidden by a filter',
    values: Uint8Array.of(1, 1, 1, 1, 1, 0),
  };
  expect(particlesOf(setOf([...line(5, 0), [2, 50, 50]], chain(5), [visible]))).toHaveLength(1);
  // A program that names tracks, as TrackMate, says that it belongs to none.
  expect(particlesOf({ ...found, sourceTracks: { count: 1, columns: [] } })).toHaveLength(1);
  const track = (missing?: Uint8Array): Column[] => [
    {
      name: 'track',
      type: 'int',
      role: 'track',
      values: Int32Array.of(1, 1, 1, 1, 1, 2),
      ...(missing ? { missing } : {}),
    },
  ];
  expect(particlesOf(setOf([...line(5, 0), [2, 50, 50]], chain(5), track()))).toHaveLength(2);
  const inNone = track(Uint8Array.of(0, 0, 0, 0, 0, 1));
  expect(particlesOf(setOf([...line(5, 0), [2, 50, 50]], chain(5), inNone))).toHaveLength(1);
});

test('z counts where it is given, also where it is the same everywhere', () => {
  const truth = setOf(line(5, 0, 3), chain(5));
  const near = setOf(
    line(5, 0, 3).map(([t, x, y], at): Point => [t, x, y, at === 2 ? 4 : 3]),
    chain(5),
  );
  expect(scoreParticles(particlesOf(truth), particlesOf(near), 2)).toMatchObject({ TP: 5, RMSE: Math.sqrt(1 / 5) });
  expect(scoreParticles(particlesOf(truth), particlesOf(setOf(line(5, 0, 9), chain(5))), 5).TP).toBe(0);
});

test('where chains part, each object is in one particle', () => {
  // 0 and 1, which divides into 2-3 and 4-5; and a mother of one frame with two daughters.
  const points: Point[] = [
    [0, 0, 0],
    [1, 1, 0],
    [2, 2, 1],
    [3, 3, 1],
    [2, 2, -1],
    [3, 3, -1],
  ];
  const dividing = setOf(points, [
    [0, 1],
    [1, 2],
    [2, 3],
    [1, 4],
    [4, 5],
  ]);
  expect(particlesOf(dividing).map(({ frame }) => frame)).toEqual([
    [0, 1],
    [2, 3],
    [2, 3],
  ]);
  const own = scoreParticles(particlesOf(dividing), particlesOf(dividing), 5);
  expect(own).toMatchObject({ alpha: 1, beta: 1, TP: 6, FN: 0, FP: 0 });
  const [first, ...rest] = points.slice(1);
  const mother = setOf(
    [first!, ...rest],
    [
      [0, 1],
      [1, 2],
      [0, 3],
      [3, 4],
    ],
  );
  expect(particlesOf(mother).map(({ frame }) => frame.length)).toEqual([2, 2, 1]);
  expect(particleReasons(dividing, readParticles(dividing), readParticles(dividing))[0]).toContain('divides');
});

test('objects without a position are cut off at the ends; one inside leaves the particle out', () => {
  const cut = setOf(
    line(5, 0).map(([t, x, y], at): Point => [t, at === 0 || at === 4 ? Number.NaN : x, y]),
    chain(5),
  );
  expect(particlesOf(cut)).toMatchObject([{ frame: [1, 2, 3], x: [1, 2, 3] }]);
  const holed = setOf(
    line(5, 0).map(([t, x, y], at): Point => [t, at === 2 ? Number.NaN : x, y]),
    chain(5),
  );
  expect(readParticles(holed)).toEqual({ particles: [], leftOut: 1 });
});
