import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import {
  bootstrap,
  circularStatistics,
  convexHull,
  correlationLength,
  directionalAutocorrelation,
  directedMigration,
  doublingTime,
  driftOf,
  ensembleMsd,
  fitAnomalous,
  fitConfined,
  fitCurve,
  fitDiffusion,
  fitFurth,
  kaplanMeier,
  lagSums,
  largestDistance,
  lineagesOf,
  measureDefinitions,
  measurePaths,
  nonOverlappingMsd,
  objectCounts,
  orderParameter,
  pathMeanMsd,
  pathsOf,
  persistenceOf,
  polygonArea,
  pooledMsd,
  qualityOf,
  seededRandom,
  sisterAsymmetries,
  symmetricEigenvalues,
  turningAngles,
  vanHove,
  velocityAutocorrelation,
  velocityCorrelation,
} from './index.ts';
import { type MadeObject, madeSet } from './set-for-tests.ts';

/** A set from frames and positions of each object and pairs of rows. */
function setOf(objects: readonly MadeObject[], pairs: readonly [number, number][], unit = true): TrackSet {
  if (unit) return madeSet(objects, pairs);
  const { spaceUnit: _space, timeUnit: _time, ...bare } = madeSet(objects, pairs, { provenance: {} });
  return bare;
}

const chain = (count: number): [number, number][] => Array.from({ length: count - 1 }, (_, i) => [i, i + 1]);

/** A walk whose steps `next` gives. */
function walk(count: number, next: (i: number) => [number, number]): TrackSet {
  const objects: [number, number, number][] = [[0, 0, 0]];
  for (let i = 1; i < count; i++) {
    const [dx, dy] = next(i);
    objects.push([i, objects[i - 1]![1] + dx, objects[i - 1]![2] + dy]);
  }
  return setOf(objects, chain(count));
}

const value = (set: TrackSet, id: string, options = {}) => measurePaths(pathsOf(set), { ids: [id], ...options })[0]!;

describe('measures of paths', () => {
  it('a straight walk', () => {
    const set = walk(5, () => [3, 4]);
    expect(value(set, 'path_length')).toMatchObject({ unit: 'micrometer', version: 1, gapPolicy: 'keep' });
    expect(value(set, 'path_length').values[0]).toBe(20);
    expect(value(set, 'mean_speed')).toMatchObject({ unit: 'micrometer/second', gapPolicy: 'drop' });
    expect(value(set, 'mean_speed').values[0]).toBe(2.5);
    expect(value(set, 'straightness').values[0]).toBe(1);
    expect(value(set, 'mean_turning_angle').values[0]).toBeCloseTo(0, 12);
    expect(value(set, 'asphericity').values[0]).toBeCloseTo(1, 12);
    expect(value(set, 'sinuosity_index').values[0]).toBeNaN();
    expect(value(set, 'hull_area').values[0]).toBe(0);
  });

  it('what has no value is undefined, never 0: one place, one step, unknown units', () => {
    const still = walk(4, () => [0, 0]);
    for (const id of [
      'straightness',
      'tortuosity',
      'outreach_ratio',
      'displacement_ratio',
      'mean_turning_angle',
      'asphericity',
    ])
      expect(value(still, id).values[0]).toBeNaN();
    expect(value(still, 'path_length').values[0]).toBe(0);
    const bare = setOf(
      [
        [0, 0, 0],
        [1, 3, 4],
      ],
      [[0, 1]],
      false,
    );
    expect(value(bare, 'mean_speed')).toMatchObject({ unit: 'unknown/frame' });
    expect(value(bare, 'std_speed').values[0]).toBeNaN();
    expect(measurePaths(pathsOf(setOf([[0, 1, 1]], [])))[0]!.values).toHaveLength(0);
    expect(() => measurePaths(pathsOf(bare), { ids: ['no_such'] })).toThrow(RangeError);
  });

  it('a gap is one long step in lengths and no step in speeds', () => {
    const set = setOf(
      [
        [0, 0, 0],
        [1, 1, 0],
        [4, 7, 0],
        [5, 8, 0],
      ],
      chain(4),
    );
    expect(value(set, 'path_length').values[0]).toBe(8);
    expect(value(set, 'mean_speed').values[0]).toBe(0.5);
    expect(value(set, 'mean_speed', { gapPolicy: 'keep' }).values[0]).toBeCloseTo((0.5 + 1 + 0.5) / 3, 12);
    expect(value(set, 'longest_gap').values[0]).toBe(2);
    expect(value(set, 'n_gaps').values[0]).toBe(1);
  });

  it('paths end and begin at branches, and leave out what has no position', () => {
    const set = setOf(
      [
        [0, 0, 0],
        [1, 1, 0],
        [2, 2, 1],
        [2, 2, -1],
        [3, Number.NaN, 1],
        [4, 4, 1],
      ],
      [
        [0, 1],
        [1, 2],
        [1, 3],
        [2, 4],
        [4, 5],
      ],
    );
    const paths = pathsOf(set);
    const rows = Array.from({ length: paths.count }, (_, p) => [
      ...paths.rows.subarray(paths.offsets[p], paths.offsets[p + 1]),
    ]);
    expect(rows).toEqual([
      [0, 1],
      [1, 2, 5],
      [1, 3],
    ]);
    expect([...paths.track]).toEqual([0, 0, 0]);
  });

  it('turning and moving the frame of reference changes no measure; stretching it stretches lengths', () => {
    const invariant = [
      'path_length',
      'net_displacement',
      'max_displacement',
      'max_distance',
      'mean_speed',
      'straightness',
      'asphericity',
      'radius_of_gyration',
      'mean_turning_angle',
      'hull_area',
      'sinuosity_index',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
          minLength: 4,
          maxLength: 90,
        }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        (positions, angle) => {
          const [c, s] = [Math.cos(angle), Math.sin(angle)];
          const set = setOf(
            positions.map(([x, y], i) => [i, x, y]),
            chain(positions.length),
          );
          const turned = setOf(
            positions.map(([x, y], i) => [i, 100 + c * x - s * y, s * x + c * y - 7]),
            chain(positions.length),
          );
          for (const id of invariant) {
            const [a, b] = [value(set, id).values[0]!, value(turned, id).values[0]!];
            if (Number.isNaN(a) && Math.abs(b) > 1e3) continue;
            if (!Number.isNaN(a))
              expect(Math.abs(a - b), id).toBeLessThan(1e-6 * (1 + Math.abs(a)) + (id === 'asphericity' ? 1e-6 : 0));
          }
          expect(value(set, 'max_distance').values[0]).toBeGreaterThanOrEqual(
            value(set, 'max_displacement').values[0]! - 1e-9,
          );
          expect(value(set, 'straightness').values[0] || 0).toBeLessThanOrEqual(1 + 1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('every definition has an id of its own, a formula and a source', () => {
    for (const [id, { formula, source, title }] of measureDefinitions)
      expect(id && formula && source && title).toBeTruthy();
  });
});

describe('geometry', () => {
  it('hulls hold their points and the largest distance', () => {
    const random = seededRandom(4);
    const x = Float64Array.from({ length: 200 }, () => Math.round(random() * 40));
    const y = Float64Array.from({ length: 200 }, () => Math.round(random() * 40));
    let brute = 0;
    for (let i = 0; i < 200; i++)
      for (let j = 0; j < i; j++) brute = Math.max(brute, Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!));
    expect(largestDistance(x, y, new Float64Array(200), true)).toBeCloseTo(brute, 12);
    expect(polygonArea(convexHull([0, 2, 2, 0, 1], [0, 0, 2, 2, 1]))).toBe(4);
    expect(
      largestDistance(new Float64Array(30_000), new Float64Array(30_000), new Float64Array(30_000), false),
    ).toBeNaN();
  });

  it('eigenvalues of three by three', () => {
    expect(symmetricEigenvalues([2, 0, 0, 5, 0, 3])).toEqual([5, 3, 2]);
    const [a, b, c] = symmetricEigenvalues([2, 1, 0, 2, 0, 7]) as [number, number, number];
    expect([a, b, c].map((one) => Math.round(one * 1e9) / 1e9)).toEqual([7, 3, 1]);
  });
});

describe('mean squared displacement and its fits', () => {
  const random = seededRandom(11);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  it('of a straight walk is the square of the lag, in every way of counting', () => {
    const paths = pathsOf(walk(20, () => [1, 0]));
    for (const curve of [
      pooledMsd(paths, lagSums(paths, 4)),
      pathMeanMsd(paths, lagSums(paths, 4)),
      nonOverlappingMsd(paths, 4),
      ensembleMsd(paths, 4),
    ])
      expect(curve.map(({ msd }) => msd)).toEqual([1, 4, 9, 16]);
    expect(nonOverlappingMsd(paths, 4).map(({ n }) => n)).toEqual([19, 9, 6, 4]);
    expect(pooledMsd(paths, lagSums(paths, 4))[3]).toMatchObject({ lag: 4, tau: 8, n: 16 });
    expect(fitAnomalous(pooledMsd(paths, lagSums(paths, 4)), 2, { lags: [1, 4] })).toMatchObject({
      motion: 'directed',
    });
  });

  it('finds the diffusion it was made with', () => {
    const paths = pathsOf(walk(20_000, () => [normal() * 0.5, normal() * 0.5]));
    const fit = fitDiffusion(pooledMsd(paths, lagSums(paths, 10)), 2, { lags: [1, 4] })!;
    // 4 D tau = 2 sigma^2 per step of 2 s: D = 0.0625.
    expect(fit.diffusion).toBeGreaterThan(0.058);
    expect(fit.diffusion).toBeLessThan(0.067);
    expect(fit.standardErrors.slope).toBeGreaterThan(0);
  });

  it('finds speed and persistence of a persistent walk, and says when they cannot be seen', () => {
    const curve = Array.from({ length: 30 }, (_, i) => {
      const tau = i + 1;
      return { lag: i + 1, tau, msd: 2 * 9 * 5 * (tau - 5 * (1 - Math.exp(-tau / 5))), n: 100 };
    });
    const fit = fitFurth(curve, 2, 1, { lags: [1, 30] })!;
    expect(fit.parameters.S).toBeCloseTo(3, 5);
    expect(fit.parameters.P).toBeCloseTo(5, 5);
    expect(fit.isResolved).toBe(true);
    expect(fitFurth(curve.slice(0, 2), 2, 1, { lags: [1, 30] })).toBeUndefined();
    const box = curve.map((point) => ({ ...point, msd: 4 * (1 - 0.9 * Math.exp(-0.3 * point.tau)) }));
    expect(fitConfined(box, { lags: [1, 30] })!.parameters.plateau).toBeCloseTo(4, 5);
    expect(
      fitCurve({ x: [1, 2, 3], y: [2, 4, 6] }, (x, { a }: { a: number }) => a * x, { a: 1 })!.parameters.a,
    ).toBeCloseTo(2, 8);
  });
});

describe('directions', () => {
  it('of a straight walk stay, of a right-angled one alternate', () => {
    const straight = pathsOf(walk(30, () => [1, 1]));
    expect(directionalAutocorrelation(straight, 3).map(({ value: one }) => one!.toFixed(9))).toEqual(
      Array(3).fill('1.000000000'),
    );
    const zigzag = pathsOf(walk(31, (i) => (i % 2 ? [1, 0] : [0, 1])));
    expect(directionalAutocorrelation(zigzag, 2).map(({ value: one }) => one)).toEqual([0, 1]);
    expect(velocityAutocorrelation(zigzag, 2).map(({ value: one }) => one)).toEqual([1, 0, 1]);
    expect(turningAngles(zigzag)[0]).toBeCloseTo(Math.PI / 2, 12);
    expect(persistenceOf(directionalAutocorrelation(zigzag, 2)).isNoisy).toBe(true);
  });

  it('persistence is found again', () => {
    const curve = Array.from({ length: 12 }, (_, i) => ({
      lag: i + 1,
      tau: i + 1,
      value: 0.8 * Math.exp(-(i + 1) / 4),
      pairs: 9,
    }));
    const found = persistenceOf(curve);
    expect(found.time).toBeCloseTo(4, 6);
    expect(found.amplitude).toBeCloseTo(0.8, 6);
    expect(found.crossing).toBe(4);
  });

  it('circular statistics of one direction and of all', () => {
    expect(circularStatistics([0.5, 0.5, 0.5, 0.5])).toMatchObject({ resultantLength: 1, entropy: 0 });
    const all = circularStatistics(Array.from({ length: 240 }, (_, i) => (i / 240) * 2 * Math.PI - Math.PI))!;
    expect(all.meanDirection).toBeNull();
    expect(all.rayleighP).toBeGreaterThan(0.99);
    expect(all.entropy).toBeCloseTo(Math.log(24), 2);
    expect(circularStatistics([])).toBeNull();
  });

  it('migration along a gradient', () => {
    const set = setOf(
      [
        [0, 0, 0],
        [1, 0, 2],
        [0, 5, 5],
        [1, 5, 6],
      ],
      [
        [0, 1],
        [2, 3],
      ],
    );
    expect(directedMigration(pathsOf(set), { x: 0, y: 3 })).toMatchObject({
      paths: 2,
      fmi: 1,
      fmiAcross: 0,
      centreOfMass: { x: 0, y: 1.5, z: 0 },
      biasedStepFraction: 1,
    });
    expect(driftOf(pathsOf(set))).toEqual([{ frame: 1, x: 0, y: 1.5, z: 0, objects: 2 }]);
    expect(() => directedMigration(pathsOf(set), { x: 0, y: 0 })).toThrow(RangeError);
  });
});

describe('populations', () => {
  it('counts, doubles, orders and correlates', () => {
    const frames = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2];
    expect(objectCounts(frames)).toEqual([
      { frame: 0, objects: 2 },
      { frame: 1, objects: 4 },
      { frame: 2, objects: 8 },
    ]);
    expect(doublingTime(objectCounts(frames), 3)).toBeCloseTo(3, 9);
    expect(
      doublingTime(
        [
          { frame: 0, objects: 4 },
          { frame: 1, objects: 4 },
        ],
        1,
      ),
    ).toBeNull();
    // Two pairs that move together, far from each other and against each other.
    const set = setOf(
      [
        [0, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
        [1, 1, 1],
        [0, 100, 0],
        [1, 99, 0],
        [0, 100, 1],
        [1, 99, 1],
      ],
      [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
      ],
    );
    expect(orderParameter(pathsOf(set))).toMatchObject([{ frame: 0, value: 0, n: 4 }]);
    const rings = velocityCorrelation(pathsOf(set), 110, 10);
    expect(rings[0]).toMatchObject({ value: 1, pairs: 2 });
    expect(rings[10]).toMatchObject({ value: -1, pairs: 4 });
    expect(correlationLength(rings)).toBeCloseTo(55, 9);
    expect(vanHove(pathsOf(set), 1, 'x')).toMatchObject({ nonGaussian: 1 / 3 - 1 });
  });

  it('quality sees gaps, short paths and jumps', () => {
    const set = walk(40, (i) => [i === 20 ? 50 : 1 + (i % 3) * 0.1, 0]);
    expect(qualityOf(pathsOf(set), set.objects.frame)).toMatchObject({
      paths: 1,
      steps: 39,
      gapShare: 0,
      shortShare: 0,
      jumps: 1,
      stepToNeighbour: null,
    });
  });
});

describe('lineages', () => {
  // 0-1 divides into 2-3 and 4-5; 3 divides into 6 and 7 in the last frame, 4-5 goes on to the end as 8-9.
  const frame = [0, 1, 2, 3, 2, 3, 4, 4, 4, 5];
  const edges = {
    count: 9,
    source: Uint32Array.from([0, 1, 1, 2, 4, 3, 3, 5, 8]),
    target: Uint32Array.from([1, 2, 4, 3, 5, 6, 7, 8, 9]),
  };
  const found = lineagesOf({ count: 10, frame, edges, time: frame.map((at) => at * 10), frameInterval: 10 });

  it('lives lie between events; only those seen whole have a cycle length', () => {
    expect(found.divisions).toBe(2);
    expect(
      found.lives.map(({ firstFrame, lastFrame, generation, begins, ends, cycleLength }) => [
        firstFrame,
        lastFrame,
        generation,
        begins,
        ends,
        cycleLength,
      ]),
    ).toEqual([
      [0, 1, 0, 'film', 'division', null],
      [2, 3, 1, 'division', 'division', 20],
      [2, 5, 1, 'division', 'film', null],
      [4, 4, 2, 'division', 'unseen', null],
      [4, 4, 2, 'division', 'unseen', null],
    ]);
    expect(sisterAsymmetries(found)).toEqual([]);
  });

  it('ancestry stops at a merge', () => {
    const merged = lineagesOf({
      count: 4,
      frame: [0, 0, 1, 2],
      edges: { count: 3, source: Uint32Array.from([0, 1, 2]), target: Uint32Array.from([2, 2, 3]) },
      time: [0, 0, 1, 2],
      frameInterval: 1,
    });
    expect(merged.merges).toBe(1);
    expect(merged.lives[2]).toMatchObject({ begins: 'merge', generation: null, mother: -1 });
  });

  it('Kaplan and Meier, by the textbook', () => {
    const curve = kaplanMeier([6, 7, 10, 13, 16].map((time, i) => ({ time, isEvent: i !== 2 })));
    expect(curve.steps.map(({ survival }) => Math.round(survival * 1000) / 1000)).toEqual([0.8, 0.6, 0.3, 0]);
    expect(curve.median).toBe(13);
  });
});

describe('confidence', () => {
  it('bootstrap intervals hold the mean they came from, and the seed decides them', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 200 }, () => random());
    const statistic = (chosen: Uint32Array) => chosen.reduce((sum, i) => sum + values[i]!, 0) / chosen.length;
    const interval = bootstrap(200, statistic)!;
    expect(interval.low).toBeLessThan(0.52);
    expect(interval.high).toBeGreaterThan(0.45);
    expect(bootstrap(200, statistic)).toEqual(interval);
    expect(bootstrap(1, statistic)).toBeNull();
  });
});
