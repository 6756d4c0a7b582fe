import { expect, test } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import { collectiveMotion } from './collective-motion.ts';
import { fitFurth, furthOf } from './msd-fits.ts';
import { PathDraws } from './path-draws.ts';
import { PairSums } from './pair-sums.ts';
import { seededRandom } from './statistics.ts';
import { summariseMotion } from './summary.ts';

/** Three paths: the pair of the first two is 1, of the first and third 2, of the last two 3. */
function threePairs(isKept = true): PairSums {
  const sums = new PairSums(3, 1, isKept);
  sums.add(0, 0, 1, 1);
  sums.add(0, 0, 2, 2);
  sums.add(0, 1, 2, 3);
  return sums;
}

test('a draw takes a pair as often as both of its paths together, and no path with itself', () => {
  const value = (...weights: number[]) => threePairs().drawn(Uint8Array.from(weights))[0];
  expect(value(1, 1, 1)).toBe(2);
  expect(value(2, 1, 0)).toBe(1);
  expect(value(1, 0, 2)).toBe(2);
  expect(value(2, 3, 1)).toBe((6 * 1 + 2 * 2 + 3 * 3) / 11);
  expect(value(3, 0, 0)).toBeNaN();
});

test('intervals over pairs by hand', () => {
  // Of 27 draws 3 have no pair, 6 the mean of all three, 18 one pair each: the ends are the least and the greatest.
  expect(new PathDraws(3, { resamples: 400 }).ofPairs(threePairs())).toEqual([{ low: 1, high: 3 }]);
  // Without draws: mean 2; the paths lie (1 + 2 - 4) / 3, (1 + 3 - 4) / 3 and (2 + 3 - 4) / 3 from it.
  const half = 1.959963984540054 * Math.sqrt((2 / 9) * (3 / 2));
  const [spread] = new PathDraws(3, { resamples: 0 }).ofPairs(threePairs(false));
  expect(spread!.low).toBeCloseTo(2 - half, 12);
  expect(spread!.high).toBeCloseTo(2 + half, 12);
  // Two paths have one pair: every draw says the same.
  const two = new PairSums(3, 1, true);
  two.add(0, 0, 1, 5);
  two.add(0, 0, 1, 7);
  expect(new PathDraws(3, { resamples: 50 }).ofPairs(two)).toEqual([null]);
});

test('without a group of paths, all of its pairs are gone', () => {
  expect(threePairs().without()[0]).toBe(2);
  expect(threePairs().without(0)[0]).toBe(3);
  expect(threePairs().without(2)[0]).toBe(1);
});

test('drawn intervals over pairs hold the true mean, pairs drawn by themselves would not', () => {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let [drawn, spread, byPair] = [0, 0, 0];
  for (let set = 0; set < 60; set++) {
    // The value of a pair is the sum of what its paths have of their own: pairs of one path are alike.
    const own = Array.from({ length: 24 }, normal);
    const sums = new PairSums(24, 1, true);
    const values: number[] = [];
    for (let a = 0; a < 24; a++)
      for (let b = a + 1; b < 24; b++) {
        values.push(own[a]! + own[b]! + 0.2 * normal());
        sums.add(0, a, b, values.at(-1)!);
      }
    const holds = (bounds: { low: number; high: number } | null) => bounds!.low <= 0 && 0 <= bounds!.high;
    if (holds(new PathDraws(24, { resamples: 100, seed: set }).ofPairs(sums)[0]!)) drawn++;
    if (holds(new PathDraws(24, { resamples: 0 }).ofPairs(sums)[0]!)) spread++;
    if (holds(new PathDraws(values.length, { resamples: 0 }).ofMean(Float64Array.from(values)))) byPair++;
  }
  expect(drawn).toBeGreaterThan(50);
  expect(spread).toBeGreaterThan(50);
  expect(byPair).toBeLessThan(40);
});

test('the persistent walk of a draw is the one that the fit with errors finds', () => {
  const tau = Array.from({ length: 20 }, (_, at) => (at + 1) * 10);
  const msd = tau.map((at) => 2 * 0.25 * 40 * (at - 40 * (1 - Math.exp(-at / 40))));
  const exact = furthOf(tau, msd)!;
  expect(exact.S).toBeCloseTo(0.5, 6);
  expect(exact.P).toBeCloseTo(40, 4);
  const noisy = msd.map((value, at) => value * (1 + 0.05 * Math.cos(7 * at)));
  const points = noisy.map((value, at) => ({ lag: at + 1, tau: tau[at]!, msd: value, n: 9 }));
  const fit = fitFurth(points, 2, 10, { lags: [1, 20] })!;
  const found = furthOf(tau, noisy)!;
  expect(found.S / fit.parameters.S).toBeCloseTo(1, 5);
  expect(found.P / fit.parameters.P).toBeCloseTo(1, 5);
  // A parabola and a straight line have no persistence to be found.
  expect(
    furthOf(
      tau,
      tau.map((at) => at * at),
    ),
  ).toBeUndefined();
  expect(furthOf(tau, tau)).toBeUndefined();
});

/** Cells that keep their direction for a while, each neighbour following the same swirl in part. */
function swarm(paths: number, frames: number): TrackSet {
  const random = seededRandom(9);
  const count = paths * frames;
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  const edges = { source: new Uint32Array(count - paths), target: new Uint32Array(count - paths) };
  let edge = 0;
  for (let path = 0; path < paths; path++) {
    let angle = random() * 2 * Math.PI;
    x[path * frames] = random() * 60;
    y[path * frames] = random() * 60;
    for (let row = path * frames + 1; row < (path + 1) * frames; row++) {
      angle += 0.9 * (random() - 0.5);
      x[row] = x[row - 1]! + Math.cos(angle) + 0.5 * Math.sin(y[row - 1]! / 20);
      y[row] = y[row - 1]! + Math.sin(angle);
      edges.source[edge] = row - 1;
      edges.target[edge++] = row;
    }
  }
  const id = Float64Array.from({ length: count }, (_, row) => row);
  const frame = Int32Array.from({ length: count }, (_, row) => row % frames);
  return {
    name: 'swarm',
    objects: { count, id, frame, x, y, columns: [], entity: 'point' },
    edges: { count: edge, ...edges, columns: [] },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: { frameInterval: 10 },
  };
}

test.each([{ resamples: 40 }, { isNormal: true }])(
  'every mean over pairs and every fit of a set has an interval: %o',
  (options) => {
    const set = swarm(40, 30);
    const { paths, parts, summary } = summariseMotion(set, options);
    const { numbers, curves } = collectiveMotion(set, paths, parts, summary);
    for (const curve of [curves.velocityCorrelation, curves.cellPairs, curves.pairSeparation, curves.ripley])
      for (const { value, interval } of curve) {
        if (value === null || !interval) continue;
        expect(interval.low).toBeLessThanOrEqual(value + 1e-9);
        expect(interval.high).toBeGreaterThanOrEqual(value - 1e-9);
      }
    const ids = [
      'cell_pairs',
      'pair_separation_msd',
      'ripley_L',
      'velocity_fluctuation',
      'furth',
      'furth_speed',
      'anomalous',
    ];
    for (const id of [...ids, 'diffusion_linear', 'localisation_variance', 'neighbour_distance', 'overlap']) {
      const { value, interval } = numbers.find((one) => one.id === id)!;
      expect(value, id).not.toBeNull();
      expect(interval?.low, id).toBeLessThanOrEqual(value!);
      expect(interval?.high, id).toBeGreaterThanOrEqual(value!);
      expect(interval!.high - interval!.low, id).toBeGreaterThan(0);
    }
  },
);
