import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import { collectiveMotion } from './collective-motion.ts';
import { motionCurves } from './motion-curves.ts';
import { madeSet } from './set-for-tests.ts';
import { summariseMotion } from './summary.ts';

type Detection = readonly [frame: number, x: number, y: number, time?: number];

function setOf(
  objects: readonly Detection[],
  pairs: readonly (readonly [number, number])[],
  more: Partial<TrackSet> = {},
): TrackSet {
  const plain = objects.map(([frame, x, y]) => [frame, x, y] as const);
  const made = madeSet(plain, pairs, more);
  const isTimed = objects.some(([, , , time]) => time !== undefined);
  const time = Float64Array.from(objects, ([, , , at]) => at ?? Number.NaN);
  return isTimed ? { ...made, objects: { ...made.objects, time } } : made;
}

/** All that is said of a set, as the pages and the interface get it: through JSON, where NaN would become `null` unseen. */
function motionOf(set: TrackSet) {
  const { paths, parts, summary, columns } = summariseMotion(set, { resamples: 20 });
  const curves = motionCurves(set, paths, parts);
  const collective = collectiveMotion(set, paths, parts, summary);
  expect(notFinite({ summary, curves, collective })).toEqual([]);
  const measure = (id: string) => summary.measures.find((one) => one.id === id)!;
  return { paths, summary, curves, collective, columns, measure };
}

/**
 * Where numbers that are none stand: undefined is `null`, which a plot leaves out and a table names. How good a fit is has no value where
 * nothing varies; it leaves as `null`, and no plot draws it.
 */
function notFinite(value: unknown, at = ''): string[] {
  if (/\.(rSquared|standardErrors\.\w+)$/.test(at)) return [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => notFinite(one, `${at}.${key}`));
}

const chain = (count: number, from = 0): [number, number][] =>
  Array.from({ length: Math.max(0, count - 1) }, (_, i) => [from + i, from + i + 1]);

describe('sets that measures cannot be taken of say so', () => {
  it('two objects of a track in one frame: a step without time is no speed', () => {
    const { measure, summary } = motionOf(
      setOf(
        [
          [0, 0, 0],
          [1, 1, 0],
          [1, 5, 0],
          [2, 6, 0],
        ],
        chain(4),
      ),
    );
    expect(summary.quality.paths).toBe(1);
    expect(measure('mean_speed').mean).toBe(0.5);
    expect(measure('path_length').mean).toBe(6);
  });

  it('a single frame: nothing moves, and every measure of motion is undefined', () => {
    const one = motionOf(
      setOf(
        [
          [3, 1, 1],
          [3, 2, 2],
        ],
        [],
      ),
    );
    expect(one.summary.quality.paths).toBe(0);
    expect(one.measure('mean_speed')).toMatchObject({ n: 0, mean: null, interval: null });
    expect(one.curves.objects).toEqual([{ frame: 3, time: 6, objects: 2 }]);
    expect(one.collective.numbers.find(({ id }) => id === 'doubling_time')?.value).toBeNull();
    const linked = motionOf(
      setOf(
        [
          [3, 1, 1],
          [3, 2, 2],
        ],
        [[0, 1]],
      ),
    );
    expect(linked.measure('mean_speed')).toMatchObject({ n: 0, undefinedPaths: 1, mean: null });
  });

  it('zero displacement and constant coordinates: no direction, no straightness', () => {
    const still = motionOf(
      setOf(
        Array.from({ length: 30 }, (_, frame) => [frame, 7, 7] as const),
        chain(30),
      ),
    );
    for (const id of ['straightness', 'mean_turning_angle', 'asphericity', 'tortuosity'])
      expect(still.measure(id), id).toMatchObject({ n: 0, undefinedPaths: 1, mean: null });
    expect(still.measure('mean_speed').mean).toBe(0);
    expect(still.summary.directions.autocorrelation.every(({ value }) => value === null)).toBe(true);
    expect(still.summary.fits.anomalous).toBeNull();
    expect(still.curves.headings.statistics).toBeNull();
    expect(still.collective.curves.vanHove).toBeNull();
    const line = motionOf(
      setOf(
        Array.from({ length: 30 }, (_, frame) => [frame, frame, 7] as const),
        chain(30),
      ),
    );
    expect(line.measure('straightness').mean).toBe(1);
  });

  it('positions and times that are NaN or infinite are left out, and what rests on them is undefined', () => {
    const wild: Detection[] = [
      [0, 0, 0],
      [1, Number.NaN, 1],
      [2, 2, 2],
      [3, Number.POSITIVE_INFINITY, 3],
      [4, 4, Number.NEGATIVE_INFINITY],
      [5, 5, 5],
    ];
    const { paths, measure } = motionOf(setOf(wild, chain(6)));
    expect([...paths.rows]).toEqual([0, 2, 5]);
    expect(measure('path_length').mean).toBeCloseTo(Math.hypot(2, 2) + Math.hypot(3, 3), 12);
    // Gap steps are no speeds, and no other steps are left.
    expect(measure('mean_speed')).toMatchObject({ n: 0, mean: null });
    const times = [0, 1, Number.NaN, Number.POSITIVE_INFINITY, 4, 3];
    const timed = motionOf(
      setOf(
        times.map((time, frame) => [frame, frame, 0, time] as const),
        chain(6),
      ),
    );
    expect(timed.measure('mean_speed')).toMatchObject({ n: 1, mean: 1 });
    const huge = motionOf(
      setOf(
        Array.from({ length: 12 }, (_, f) => [f, f % 2 === 0 ? 1e300 : -1e300, 0] as const),
        chain(12),
      ),
    );
    // No length could be said of such places: they are left out as if they were missing.
    expect(huge.measure('net_displacement')).toMatchObject({ n: 0, mean: null });
  });

  it('features that are NaN or infinite change no measure', () => {
    const steps = Array.from({ length: 8 }, (_, frame) => [frame, frame, 0] as const);
    const plain = setOf(steps, chain(8));
    const values = Float64Array.from({ length: 8 }, (_, i) => [Number.NaN, Infinity, -Infinity][i % 3]!);
    const featured: TrackSet = {
      ...plain,
      objects: { ...plain.objects, columns: [{ name: 'INTENSITY', type: 'float', values }] },
    };
    expect(motionOf(featured).summary).toEqual(motionOf(plain).summary);
  });

  it('unknown units are named, and never taken for micrometers and seconds', () => {
    const {
      spaceUnit: _space,
      timeUnit: _time,
      ...bare
    } = setOf(
      [
        [0, 0, 0],
        [1, 3, 4],
        [2, 6, 8],
      ],
      chain(3),
    );
    const { measure, summary } = motionOf({ ...bare, provenance: {} });
    expect(summary.units).toEqual({ length: 'unknown', time: 'frame' });
    expect(measure('mean_speed')).toMatchObject({ unit: 'unknown/frame', mean: 5 });
    const odd = motionOf(
      setOf(
        [
          [0, 0, 0],
          [1, 3, 4],
          [2, 6, 8],
        ],
        chain(3),
        { spaceUnit: 'furlong' as never },
      ),
    );
    expect(odd.measure('mean_speed').unit).toBe('furlong/second');
  });

  it('a million tracks of one object are counted, not measured, and soon', () => {
    const count = 1_000_000;
    const none = new Uint32Array();
    const set: TrackSet = {
      ...setOf([], []),
      objects: {
        count,
        id: new Float64Array(count).map((_, row) => row),
        frame: new Int32Array(count).map((_, row) => row % 50),
        x: new Float64Array(count).map((_, row) => row % 1000),
        y: new Float64Array(count).map((_, row) => row % 777),
        columns: [],
        entity: 'point',
      },
      edges: { count: 0, source: none, target: none, columns: [] },
    };
    const { summary, curves, measure } = motionOf(set);
    expect(summary.quality.paths).toBe(0);
    expect(measure('mean_speed')).toMatchObject({ n: 0, mean: null });
    expect(curves.objects[0]).toMatchObject({ frame: 0, objects: 20_000 });
  });

  it('edges that run in a ring or backwards end, and no speed is negative', () => {
    const ring = motionOf(
      setOf(
        [
          [0, 0, 0],
          [1, 1, 0],
          [2, 2, 0],
        ],
        [
          [0, 1],
          [1, 2],
          [2, 0],
        ],
      ),
    );
    expect(ring.summary.quality.paths).toBeLessThanOrEqual(1);
    const back = motionOf(
      setOf(
        [
          [2, 0, 0],
          [1, 1, 0],
          [0, 2, 0],
        ],
        chain(3),
      ),
    );
    expect(back.measure('mean_speed').mean ?? 0).toBeGreaterThanOrEqual(0);
  });
});
