import { expect, test } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import { collectiveMotion } from './collective-motion.ts';
import { motionCurves } from './motion-curves.ts';
import { PathDraws } from './path-draws.ts';
import { seededRandom } from './statistics.ts';
import { summariseMotion } from './summary.ts';

/** Walks in the plane, each with its own step length: paths differ, so a mean over them has an interval. */
function walks(paths: number, frames: number, seed = 3): TrackSet {
  const random = seededRandom(seed);
  const count = paths * frames;
  const objects = {
    count,
    id: Float64Array.from({ length: count }, (_, row) => row),
    frame: Int32Array.from({ length: count }, (_, row) => row % frames),
    x: new Float64Array(count),
    y: new Float64Array(count),
    columns: [],
    entity: 'point' as const,
  };
  const source = new Uint32Array(count - paths);
  const target = new Uint32Array(count - paths);
  let edge = 0;
  for (let path = 0; path < paths; path++) {
    const step = 1 + random();
    objects.x[path * frames] = random() * 100;
    objects.y[path * frames] = random() * 100;
    for (let row = path * frames + 1; row < (path + 1) * frames; row++) {
      const angle = random() * 2 * Math.PI;
      objects.x[row] = objects.x[row - 1]! + step * Math.cos(angle);
      objects.y[row] = objects.y[row - 1]! + step * Math.sin(angle);
      source[edge] = row - 1;
      target[edge++] = row;
    }
  }
  return {
    name: 'walks',
    objects,
    edges: { count: edge, source, target, columns: [] },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: { frameInterval: 10 },
  };
}

function motionOf(set: TrackSet, options: Parameters<typeof summariseMotion>[1]) {
  const { paths, parts, summary } = summariseMotion(set, options);
  return { summary, curves: motionCurves(set, paths, parts), collective: collectiveMotion(set, paths, parts, summary) };
}

test('every mean of a set has an interval that holds it, the same at each call', () => {
  const { summary, curves, collective } = motionOf(walks(12, 24), { resamples: 100 });
  const points = [
    ...summary.msd.pooled.map(({ msd, interval }) => ({ value: msd, interval })),
    ...summary.msd.pathMean.map(({ msd, interval }) => ({ value: msd, interval })),
    ...summary.directions.autocorrelation,
    ...curves.velocityAutocorrelation.slice(1),
    ...curves.directionality,
    ...curves.speeds,
    ...collective.curves.overlap,
  ];
  for (const { value, interval } of points) {
    if (value === null) continue;
    expect(interval!.low).toBeLessThanOrEqual(value + 1e-9);
    expect(interval!.high).toBeGreaterThanOrEqual(value - 1e-9);
  }
  expect(points.length).toBeGreaterThan(50);
  for (const id of ['diffusion_linear', 'anomalous', 'fmi', 'centre_of_mass_x', 'biased_step_fraction', 'overlap'])
    expect(collective.numbers.find((one) => one.id === id)?.interval?.high, id).toBeDefined();
  expect(summary.intervals).toEqual({ confidence: 0.95, resamples: 100, seed: 1, paths: 12 });
  expect(motionOf(walks(12, 24), { resamples: 100 })).toEqual({ summary, curves, collective });
});

test('intervals from the spread over paths agree with drawn ones where paths are many', () => {
  const [drawn, spread] = [{ resamples: 400 }, { isNormal: true }].map((options) => motionOf(walks(120, 8), options));
  const widths = (motion: typeof drawn) => {
    const { summary, curves } = motion!;
    return [summary.msd.pooled[0], summary.msd.pathMean[1], curves.velocityAutocorrelation[1], curves.speeds[3]].map(
      (point) => point!.interval!.high - point!.interval!.low,
    );
  };
  const speed = (motion: typeof drawn) => motion!.summary.measures.find(({ id }) => id === 'mean_speed')!.interval!;
  widths(drawn).forEach((width, at) => expect(widths(spread)[at]! / width).toBeCloseTo(1, 0.6));
  expect((speed(spread).high - speed(spread).low) / (speed(drawn).high - speed(drawn).low)).toBeCloseTo(1, 0.6);
  expect(speed(spread).resamples).toBe(0);
});

test('19 of 20 intervals hold the true mean, by hand-made draws of whole paths', () => {
  const random = seededRandom(11);
  let held = 0;
  for (let set = 0; set < 200; set++) {
    const values = Float64Array.from({ length: 40 }, () => random() + random() + random());
    const bounds = new PathDraws(40, { resamples: 100, seed: set }).ofMean(values)!;
    if (bounds.low <= 1.5 && 1.5 <= bounds.high) held++;
  }
  expect(held).toBeGreaterThan(178);
});

test('a value of one path has no interval: it would have no width', () => {
  const draws = new PathDraws(2, { resamples: 50 });
  const sums = { slots: 2, sum: Float64Array.of(1, 2, 3, 0), count: Uint8Array.of(1, 1, 1, 0) };
  expect(draws.of(sums)).toEqual([{ low: 1, high: 3 }, null]);
  expect(new PathDraws(1, { resamples: 50 }).ofMean(Float64Array.of(1))).toBeNull();
});
