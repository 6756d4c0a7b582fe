import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import {
  anglesTo,
  censoredLives,
  collectiveMotion,
  divisionGeometries,
  divisionRates,
  driftOf,
  fitFurth,
  fitNoisyFurth,
  interpolateGaps,
  lagSums,
  lineagesOf,
  measurePaths,
  measureSteps,
  missedFrames,
  type MsdPoint,
  motherDaughterCorrelation,
  pairCurves,
  pathsOf,
  plateauOf,
  pooledMsd,
  sisterAsymmetries,
  sisterCorrelation,
  stepMeasureIds,
  summariseMotion,
  trackpyMsd,
  turningAngles,
} from './index.ts';
import { madeSet } from './set-for-tests.ts';

type Row = readonly [frame: number, x: number, y: number];

const setOf = (objects: readonly Row[], edges: readonly (readonly [number, number])[], frameInterval = 1) =>
  madeSet(objects, edges, { timeUnit: 'minute', provenance: { frameInterval } });

/** Tracks one after the other, each a chain. */
function chains(...tracks: readonly (readonly Row[])[]): TrackSet {
  const edges: [number, number][] = [];
  let row = 0;
  for (const track of tracks) {
    for (let at = 1; at < track.length; at++) edges.push([row + at - 1, row + at]);
    row += track.length;
  }
  return setOf(tracks.flat(), edges);
}

/** The particles that trackpy (06dcfbf) was asked about; what it said stands in the tests. */
const particles = chains(
  [
    [0, 0, 0],
    [1, 1, 0],
    [4, 3, 1],
    [5, 5, 1],
  ],
  [
    [0, 0, 0],
    [1, 0, 2],
    [2, 1, 2],
    [3, 1, 4],
  ],
  [
    [2, 10, 0],
    [6, 14, 3],
  ],
);

describe('gaps', () => {
  it('that leave a lag without pairs weigh as in trackpy: what the lag would have weighed goes to the others', () => {
    const paths = pathsOf(particles);
    const msd = trackpyMsd(paths, lagSums(paths, 5));
    const said = [2.702667604566852, 5, 9.643133851923016, 22.17123395369777, 26];
    for (const [at, value] of said.entries()) expect(msd[at]!.msd).toBeCloseTo(value, 12);
  });

  it('are filled with straight lines when asked: a position in each frame, times between those around it', () => {
    const paths = pathsOf(particles);
    expect(missedFrames(paths)).toBe(2 + 3);
    const filled = interpolateGaps(paths);
    const frames = (path: number) =>
      [...filled.rows.subarray(filled.offsets[path], filled.offsets[path + 1])].map((row) => [
        filled.frame[row],
        filled.x[row],
        filled.y[row],
        filled.time[row],
      ]);
    expect(frames(2)).toEqual([
      [2, 10, 0, 2],
      [3, 11, 0.75, 3],
      [4, 12, 1.5, 4],
      [5, 13, 2.25, 5],
      [6, 14, 3, 6],
    ]);
    expect(frames(0).map(([frame]) => frame)).toEqual([0, 1, 2, 3, 4, 5]);
    // The detections are what they were, and a set without gaps stays itself.
    expect(paths.rows).toHaveLength(10);
    expect(interpolateGaps(filled)).toBe(filled);
  });

  it('filled, change what minds gaps, keep what does not, and are named in the output', () => {
    const paths = pathsOf(particles);
    const of = (gapPolicy: 'keep' | 'drop' | 'interpolate', id: string) => {
      const [column] = measurePaths(paths, { gapPolicy, ids: [id] });
      return { value: column!.values[2]!, policy: column!.gapPolicy };
    };
    expect(of('keep', 'mean_speed')).toEqual({ value: 1.25, policy: 'keep' });
    expect(of('drop', 'mean_speed').value).toBeNaN();
    expect(of('interpolate', 'mean_speed')).toEqual({ value: 1.25, policy: 'interpolate' });
    expect(of('keep', 'mean_turning_angle').value).toBeNaN();
    expect(of('interpolate', 'mean_turning_angle').value).toBeCloseTo(0, 12);
    expect(of('interpolate', 'n_gaps')).toEqual({ value: 1, policy: undefined });
    const { summary } = summariseMotion(particles, { gapPolicy: 'interpolate' });
    expect(summary.filled).toBe(5);
    // The quality is that of the detections: gaps are not made unseen.
    expect(summary.quality.gapShare).toBeCloseTo(2 / 7, 12);
    expect(summariseMotion(particles).summary.filled).toBeUndefined();
    const lags = (filled: boolean) =>
      pooledMsd(filled ? interpolateGaps(paths) : paths, lagSums(paths, 3)).map(({ n }) => n);
    expect(lags(false)).toEqual([5, 2, 2]);
  });

  it('too long to be filled are refused', () => {
    const far = chains([
      [0, 0, 0],
      [2_000_000_000, 1, 1],
    ]);
    expect(() => interpolateGaps(pathsOf(far))).toThrow('20000000');
  });
});

describe('steps', () => {
  it('have speeds, headings and turns, one row each; a gap is a step that has none', () => {
    const walk = chains(
      [
        [0, 0, 0],
        [1, 2, 0],
        [2, 2, 2],
        [3, 2, 2],
        [4, 2, 1],
        [6, 0, 1],
      ],
      [
        [0, 5, 5],
        [1, 5, 4],
      ],
    );
    const paths = pathsOf(walk);
    const { count, path, from, to, frames, columns } = measureSteps(paths);
    expect([count, [...path], [...from], [...to], [...frames]]).toEqual([
      6,
      [0, 0, 0, 0, 0, 1],
      [0, 1, 2, 3, 4, 6],
      [1, 2, 3, 4, 5, 7],
      [1, 1, 1, 1, 2, 1],
    ]);
    const of = (id: string) => [...columns.find((column) => column.id === id)!.values];
    const none = Number.NaN;
    expect(of('speed')).toEqual([2, 2, 0, 1, none, 1]);
    expect(of('heading')).toEqual([0, Math.PI / 2, none, -Math.PI / 2, none, -Math.PI / 2]);
    // After a step without a length there is nothing to turn from.
    expect(of('turning_angle')).toEqual([none, Math.PI / 2, none, none, none, none]);
    expect(of('signed_turning_angle')[1]).toBe(Math.PI / 2);
    expect(columns.map(({ id }) => id)).toEqual([...stepMeasureIds]);
    expect([...measureSteps(paths, [1, 2]).from]).toEqual([6]);
    expect(of('turning_angle').filter(Number.isFinite)).toEqual([...turningAngles(paths)]);
  });
});

describe('whole lines', () => {
  /** A mother (0, 1), daughters (2, 3) and (4), granddaughters (5) and (6) of the first. */
  const family = setOf(
    [
      [0, 0, 0],
      [1, 1, 0],
      [2, 2, 1],
      [3, 3, 1],
      [2, 2, -1],
      [4, 4, 2],
      [4, 4, 0],
    ],
    [
      [0, 1],
      [1, 2],
      [1, 4],
      [2, 3],
      [3, 5],
      [3, 6],
    ],
  );

  it('run from the root to each last descendant', () => {
    const paths = pathsOf(family, { along: 'root-to-leaf' });
    const lines = Array.from({ length: paths.count }, (_, path) => [
      ...paths.rows.subarray(paths.offsets[path], paths.offsets[path + 1]),
    ]);
    expect(lines).toEqual([
      [0, 1, 4],
      [0, 1, 2, 3, 5],
      [0, 1, 2, 3, 6],
    ]);
    expect([...paths.track]).toEqual([0, 0, 0]);
    expect(pathsOf(family).count).toBe(5);
    expect(measurePaths(paths, { ids: ['duration'] })[0]!.values).toEqual(Float64Array.of(2, 4, 4));
  });

  it('end at a merge, where another begins, and leave out what has no position', () => {
    const merged = setOf(
      [
        [0, 0, 0],
        [0, 5, 5],
        [1, Number.NaN, 0],
        [2, 3, 3],
        [3, 4, 4],
      ],
      [
        [0, 2],
        [2, 3],
        [1, 3],
        [3, 4],
      ],
    );
    const paths = pathsOf(merged, { along: 'root-to-leaf' });
    const lines = Array.from({ length: paths.count }, (_, path) => [
      ...paths.rows.subarray(paths.offsets[path], paths.offsets[path + 1]),
    ]);
    expect(lines).toEqual([
      [0, 3],
      [1, 3],
      [3, 4],
    ]);
  });
});

describe('drift and directions', () => {
  it('are smoothed over the frames before as trackpy does', () => {
    const drift = (smoothing: number) => driftOf(pathsOf(particles), smoothing).map(({ frame, x, y }) => [frame, x, y]);
    expect(drift(0)).toEqual([
      [1, 0.5, 1],
      [2, 1.5, 1],
      [3, 1.5, 3],
      [5, 3.5, 3],
    ]);
    expect(drift(2)).toEqual([
      [1, 0.5, 1],
      [2, 1.25, 1.5],
      [3, 1.75, 2.5],
      [5, 2.75, 3.5],
    ]);
    expect(() => driftOf(pathsOf(particles), 0.5)).toThrow(RangeError);
    expect(summariseMotion(particles).summary.quality).toMatchObject({
      drift: Math.hypot(3.5, 3),
      detections: { least: 1, mean: 10 / 7, most: 2 },
    });
  });

  it('have angles to a point, a direction and a plane', () => {
    const paths = pathsOf(
      chains([
        [0, 0, 0],
        [1, 1, 0],
        [2, 1, 1],
        [3, 1, 1],
      ]),
    );
    const angles = (reference: Parameters<typeof anglesTo>[1]) => [...anglesTo(paths, reference)];
    const near = (found: number[], wanted: number[]) =>
      found.forEach((value, at) =>
        Number.isNaN(wanted[at]!) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(wanted[at]!, 12),
      );
    near(angles({ kind: 'point', x: 0, y: 1 }), [Math.PI / 2, Math.PI / 4, Number.NaN]);
    near(angles({ kind: 'line', x: 0, y: 0, alongX: -2, alongY: 0 }), [Math.PI, Math.PI / 2, Number.NaN]);
    near(angles({ kind: 'plane', x: 0, y: 0, normalX: 1, normalY: 0 }), [Math.PI / 2, 0, Number.NaN]);
    expect(() => anglesTo(paths, { kind: 'contour', corners: [] } as never)).toThrow(RangeError);
  });
});

describe('fits', () => {
  const walk = (tau: number, [S, P]: readonly [number, number]) => 2 * S * S * P * (tau - P * (1 - Math.exp(-tau / P)));
  const curveOf = (msd: (tau: number) => number): MsdPoint[] =>
    Array.from({ length: 40 }, (_, at) => ({ lag: at + 1, tau: at + 1, msd: msd(at + 1), n: 100 }));

  it('of a persistent walk find the noise of positions beside it, where they are asked to', () => {
    const curve = curveOf((tau) => walk(tau, [2, 5]) + 2 * 2 * 1.5 ** 2);
    const found = fitNoisyFurth(curve, 2, 1, { lags: [1, 40] })!;
    expect(found.parameters.S).toBeCloseTo(2, 4);
    expect(found.parameters.P).toBeCloseTo(5, 3);
    expect(found.parameters.sigma).toBeCloseTo(1.5, 4);
    expect(found.diffusion).toBeCloseTo(10, 3);
    expect(fitFurth(curve, 2, 1, { lags: [1, 40] })!.rSquared).toBeLessThan(found.rSquared);
    expect(fitNoisyFurth(curve.slice(0, 3), 2, 1, { lags: [1, 40] })).toBeUndefined();
  });

  it('of a plateau find it, and none on a straight line', () => {
    const curve = curveOf((tau) => 30 * (1 - 0.8 * Math.exp(-tau / 6)));
    const tau = curve.map((point) => point.tau);
    expect(
      plateauOf(
        tau,
        curve.map(({ msd }) => msd!),
      ),
    ).toBeCloseTo(30, 4);
    expect(plateauOf(tau, tau)).toBeUndefined();
    expect(plateauOf([1, 2, 3], [1, 2, 2.5])).toBeUndefined();
  });
});

describe('lineages', () => {
  /** One root that divides at frame 2; both daughters divide, at 4 and at 6; their daughters are seen to frame 7. */
  const lives: Row[][] = [
    [0, 1, 2].map((frame) => [frame, 0, 0]),
    [3, 4].map((frame) => [frame, frame, 1]),
    [3, 4, 5, 6].map((frame) => [frame, frame, -1]),
    [5, 6, 7].map((frame) => [frame, 9, 2]),
    [5].map((frame) => [frame, 9, 0]),
    [7].map((frame) => [frame, 9, -2]),
    [7].map((frame) => [frame, 9, -3]),
  ];
  const firsts = lives.map((_, life) => lives.slice(0, life).reduce((sum, { length }) => sum + length, 0));
  const lasts = lives.map(({ length }, life) => firsts[life]! + length - 1);
  const edges = [
    ...lives.flatMap((one, life) => one.slice(1).map((_, at) => [firsts[life]! + at, firsts[life]! + at + 1] as const)),
    ...[
      [0, 1],
      [0, 2],
      [1, 3],
      [1, 4],
      [2, 5],
      [2, 6],
    ].map(([mother, daughter]) => [lasts[mother!]!, firsts[daughter!]!] as const),
  ];
  const set = setOf(lives.flat(), edges, 10);
  const paths = pathsOf(set);
  const lineages = lineagesOf({ ...set.objects, edges: set.edges, time: paths.time, frameInterval: 10 });

  it('have a division rate in parts of the film that adds up to that of the whole', () => {
    const { points, sums } = divisionRates(lineages, { frame: set.objects.frame, frameInterval: 10, window: 4 });
    // Frames 0 to 3 hold five objects and one division, 4 to 7 ten and two.
    expect(points).toEqual([
      { frame: 1.5, time: 15, value: 1 / 50, n: 1 },
      { frame: 5.5, time: 55, value: 2 / 100, n: 2 },
    ]);
    expect(sums!.sum.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(divisionRates({ ...lineages, lives: [] }, { frame: [], frameInterval: 1, window: 4 }).points).toEqual([]);
  });

  it('have intervals of rates, medians and correlations over what they are counted over, and none without width for nothing', () => {
    const { paths: measured, parts, summary } = summariseMotion(set, { resamples: 100 });
    const { numbers, curves } = collectiveMotion(set, measured, parts, summary);
    const of = (id: string) => numbers.find((one) => one.id === id)!;
    for (const id of ['division_rate', 'division_time', 'division_angle']) {
      const { value, interval } = of(id);
      expect(interval!.low, id).toBeLessThanOrEqual(value!);
      expect(interval!.high, id).toBeGreaterThanOrEqual(value!);
    }
    expect(of('track_start_end_rate')).toMatchObject({ value: 1 / 15, interval: expect.anything() });
    expect(curves.divisionRate).toHaveLength(8);
    for (const { n, value, interval } of curves.divisionRate)
      if (n === 0) expect([value, interval]).toEqual([0, null]);
      else if (interval) expect(interval.high).toBeGreaterThanOrEqual(value!);
    // Of the first division there is one life alone, of which every draw says the same.
    expect(curves.divisionRate.map(({ n, interval }) => n > 0 && interval !== null)).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('tell those born out of sight from those not seen to divide', () => {
    expect(censoredLives(lineages)).toEqual({ left: 1, right: 4, both: 0 });
    expect(lineages.lives.map(({ seenFor }) => seenFor)).toEqual([30, 20, 40, 30, 10, 10, 10]);
    const { summary } = summariseMotion(set);
    expect(summary.lineage).toMatchObject({ completeCycles: 2, censored: { left: 1, right: 4, both: 0 } });
    expect(summariseMotion(particles).summary.lineage.censored).toEqual({ left: 0, right: 0, both: 0 });
  });

  it('have no pair of one object that divides with itself, nor an angle between its two steps', () => {
    const curves = pairCurves(paths, 50, 10);
    // All steps that begin in one frame, two by two, but for those that begin at one object: three divisions.
    const pairs = curves.velocity.reduce((sum, point) => sum + point.pairs, 0);
    const byFrame = new Map<number, number>();
    for (const [from, to] of edges)
      if (set.objects.frame[to]! - set.objects.frame[from]! === 1)
        byFrame.set(set.objects.frame[from]!, (byFrame.get(set.objects.frame[from]!) ?? 0) + 1);
    const all = [...byFrame.values()].reduce((sum, steps) => sum + (steps * (steps - 1)) / 2, 0);
    expect(all - pairs).toBe(3);
    expect(curves.angle[0]!.pairs).toBeLessThanOrEqual(curves.velocity[0]!.pairs);
  });

  it('compare any feature of sisters, mothers and daughters, and measure angles from any direction', () => {
    const objects = ({ objects: count }: { objects: number }) => count;
    const wanted = [2 / 6, 2 / 4, 0];
    expect(sisterAsymmetries(lineages, objects)).toEqual(wanted);
    expect(sisterAsymmetries(lineages)).toEqual([20 / 60]);
    expect(sisterCorrelation(lineages, objects).n).toBe(3);
    expect(motherDaughterCorrelation(lineages, objects).n).toBe(6);
    const [first] = divisionGeometries(lineages, paths, 3);
    const [turned] = divisionGeometries(lineages, paths, 3, { x: 0, y: 1 });
    expect(first!.angle).toBeCloseTo(Math.PI / 2, 12);
    expect(turned!.angle! % Math.PI).toBeCloseTo(0, 12);
  });
});
