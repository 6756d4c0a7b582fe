import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import {
  doublingTime,
  headingIntervals,
  nonGaussianCurve,
  orderIntervals,
  orderParameter,
  PathDraws,
  pathsOf,
  persistenceTimeOf,
  seededRandom,
  summariseMotion,
  vanHove,
  vanHoveCurves,
} from './index.ts';
import { unitSteps } from './unit-steps.ts';

/** Walkers whose steps a function gives, all from frame 0. */
function walkers(count: number, frames: number, step: (walker: number) => [number, number]): TrackSet {
  const rows = count * frames;
  const [x, y] = [new Float64Array(rows), new Float64Array(rows)];
  const edges: [number, number][] = [];
  for (let walker = 0; walker < count; walker++)
    for (let frame = 1; frame < frames; frame++) {
      const row = walker * frames + frame;
      const [dx, dy] = step(walker);
      x[row] = x[row - 1]! + dx;
      y[row] = y[row - 1]! + dy;
      edges.push([row - 1, row]);
    }
  return {
    name: 'walkers',
    objects: {
      count: rows,
      id: Float64Array.from({ length: rows }, (_, row) => row),
      frame: Int32Array.from({ length: rows }, (_, row) => row % frames),
      x,
      y,
      columns: [],
      entity: 'point',
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ([from]) => from),
      target: Uint32Array.from(edges, ([, to]) => to),
      columns: [],
    },
    provenance: {},
  };
}

const random = seededRandom(7);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

describe('the shape of displacements', () => {
  it('is 0 for Gaussian steps, within its interval, and above it where half of the walkers go three times as far', () => {
    const gaussian = pathsOf(walkers(300, 12, () => [normal(), normal()]));
    const draws = new PathDraws(gaussian.count, { resamples: 200 });
    const curve = nonGaussianCurve(gaussian, 3, draws);
    for (const { value, radial, interval, radialInterval } of curve) {
      expect(Math.abs(value!)).toBeLessThan(0.2);
      expect(interval!.low).toBeLessThan(value!);
      expect(interval!.high).toBeGreaterThan(value!);
      expect(radialInterval!.low).toBeLessThan(radial!);
    }
    expect(curve[0]).toMatchObject({ lag: 1, n: 300 * 11 });
    const mixed = pathsOf(
      walkers(300, 12, (walker) => [normal(), normal()].map((v) => v * (walker % 2 ? 3 : 1)) as never),
    );
    // <x^4>/(3 <x^2>^2) - 1 of two widths 1 and 3: (1 + 81)/2 / ((1 + 9)/2)^2 - 1 = 0.64.
    const wide = nonGaussianCurve(mixed, 1, new PathDraws(mixed.count, { resamples: 200 }))[0]!;
    expect(wide.interval!.low).toBeGreaterThan(0.3);
    expect(wide.value).toBeCloseTo(0.64, 0);
  });

  it('agrees with the displacements themselves at every lag, and says nothing where nothing moves', () => {
    const paths = pathsOf(walkers(20, 9, () => [normal() ** 3, normal()]));
    for (const { lag, value, n, interval } of nonGaussianCurve(paths, 5)) {
      const { displacements, nonGaussian } = vanHove(paths, lag, 'x');
      expect(value).toBeCloseTo(nonGaussian!, 10);
      expect(n).toBe(displacements.length);
      expect(interval).toBeUndefined();
    }
    for (const { lag, counts, from, to, meanSquare } of vanHoveCurves(paths, 5)) {
      const { displacements } = vanHove(paths, lag, 'x');
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(displacements.length);
      expect([from, to]).toEqual([Math.min(...displacements), Math.max(...displacements)]);
      expect(meanSquare).toBeCloseTo(displacements.reduce((sum, x) => sum + x * x, 0) / displacements.length, 10);
    }
    expect(vanHoveCurves(paths, 5).map(({ lag }) => lag)).toEqual([1, 4]);
    const still = pathsOf(walkers(3, 4, () => [0, 0]));
    expect(nonGaussianCurve(still, 2).map(({ value, radial }) => [value, radial])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(vanHoveCurves(still, 2)).toEqual([]);
    const alone = pathsOf(walkers(5, 1, () => [1, 1]));
    expect(nonGaussianCurve(alone, 1)[0]).toMatchObject({ value: null, n: 0 });
  });
});

describe('intervals of order', () => {
  it('hold the order of the population about nineteen times in twenty, and reach 0 where there is none', () => {
    const spread = 1;
    // Headings normal around one direction: the mean unit vector is exp(-spread^2 / 2) long.
    const truth = Math.exp(-(spread ** 2) / 2);
    let held = 0;
    const trials = 200;
    for (let trial = 0; trial < trials; trial++) {
      const paths = pathsOf(walkers(60, 2, () => headed(spread * normal())));
      const { low, high } = orderIntervals(paths, orderParameter(paths)).points[0]!.interval!;
      if (low <= truth && truth <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.99);
    const paths = pathsOf(walkers(200, 3, () => headed(2 * Math.PI * random())));
    expect(orderIntervals(paths, orderParameter(paths)).points.map(({ interval }) => interval!.low)).toEqual([0, 0]);
  });

  it('of the mean over frames counts a path once however long it is; one path and no motion have none', () => {
    // Every walker keeps its heading: more frames tell nothing more.
    const heading = Float64Array.from({ length: 50 }, () => normal());
    const [short, long] = [2, 40].map((frames) => {
      const paths = pathsOf(walkers(50, frames, (walker) => headed(heading[walker]!)));
      const { mean } = orderIntervals(paths, orderParameter(paths));
      return mean!.high - mean!.low;
    });
    expect(long).toBeCloseTo(short!, 10);
    const one = pathsOf(walkers(1, 5, () => [1, 0]));
    expect(orderIntervals(one, orderParameter(one)).mean).toBeNull();
    const still = pathsOf(walkers(4, 5, () => [0, 0]));
    const { points, mean } = orderIntervals(still, orderParameter(still));
    expect([mean, ...points.map(({ interval }) => interval)]).toEqual([null, null, null, null, null]);
  });
});

describe('intervals of the mean vector of headings', () => {
  const intervalsOf = (set: TrackSet) => headingIntervals(unitSteps(pathsOf(set)));

  it('hold its length and its direction about nineteen times in twenty, however long each path keeps its heading', () => {
    const truth = Math.exp(-0.5);
    const held = { length: 0, direction: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const own = Float64Array.from({ length: 60 }, () => 1 + normal());
      const { length, direction } = intervalsOf(walkers(60, 6, (walker) => headed(own[walker]!)));
      if (length!.low <= truth && truth <= length!.high) held.length++;
      if (direction && direction.low <= 1 && direction.high >= 1) held.direction++;
    }
    for (const times of [held.length, held.direction]) {
      expect(times / 200).toBeGreaterThan(0.9);
      expect(times / 200).toBeLessThan(0.995);
    }
  });

  it('begin at 0 where paths go anywhere, and are none of one path or of no motion', () => {
    const own = Float64Array.from({ length: 100 }, (_, walker) => (2 * Math.PI * walker) / 100);
    const anywhere = intervalsOf(walkers(100, 8, (walker) => headed(own[walker]! + normal() / 10)));
    expect([anywhere.length!.low, anywhere.direction]).toEqual([0, null]);
    expect(intervalsOf(walkers(1, 5, () => [1, 0]))).toEqual({ length: null, direction: null });
    expect(intervalsOf(walkers(4, 5, () => [0, 0]))).toEqual({ length: null, direction: null });
  });
});

it('the persistence time of directions has an interval over paths, drawn and by the spread', () => {
  // Headings that wander by 0.4 radian a step: their correlation falls as exp(-0.08 n), with a time of 12.5 frames.
  const heading = Float64Array.from({ length: 100 }, () => 2 * Math.PI * random());
  const set = walkers(100, 40, (walker) => headed((heading[walker]! += 0.4 * normal())));
  for (const options of [{ resamples: 100 }, { isNormal: true }]) {
    const { autocorrelation, persistence } = summariseMotion(set, options).summary.directions;
    const { time, interval } = persistence;
    const [tau, values] = [
      autocorrelation.map((one) => one.tau),
      autocorrelation.map((one) => one.value ?? Number.NaN),
    ];
    expect(persistenceTimeOf(tau, values)).toBeCloseTo(time!, 3);
    expect(interval!.low).toBeLessThan(time!);
    expect(interval!.high).toBeGreaterThan(time!);
    expect([interval!.low < 12.5, interval!.high > 12.5]).toEqual([true, true]);
    expect(interval!.high - interval!.low).toBeLessThan(12);
  }
  expect(summariseMotion(set).summary.directions.persistence.interval).toBeUndefined();
});

function headed(angle: number): [number, number] {
  return [Math.cos(angle), Math.sin(angle)];
}

it('a count that stays has no doubling time, however its logarithm is rounded', () => {
  for (const objects of [3, 5, 7, 1_000_003])
    for (const frames of [3, 20, 77]) {
      const counts = Array.from({ length: frames }, (_, frame) => ({ frame, objects }));
      expect(doublingTime(counts, 0.1)).toBeNull();
    }
  const doubled = Array.from({ length: 5 }, (_, frame) => ({ frame, objects: 3 * 2 ** frame }));
  expect(doublingTime(doubled, 30)).toBeCloseTo(30, 9);
});
