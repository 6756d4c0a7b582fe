import { fitCurve } from './fits.ts';
import { angleBetween, lengthOf } from './hull.ts';
import type { Bounds } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { fitScaled } from './scaled-fit.ts';
import { correlateSteps, type PairSums } from './step-correlations.ts';
import { eachRun, type UnitSteps, unitSteps } from './unit-steps.ts';

/** One value of a correlation at a lag of whole frames. */
export interface LagPoint {
  lag: number;
  /** In the time unit of the paths. */
  tau: number;
  value: number | null;
  /** Pairs of steps it is the mean of. */
  pairs: number;
  /** 95 % interval over paths; what kind stands in the summary. Absent where none was asked for. */
  interval?: Bounds | null;
}

function curveOf(paths: Paths, { sum, pairs }: PairSums, fromLag: number): LagPoint[] {
  return Array.from({ length: sum.length - fromLag }, (_, k) => {
    const lag = k + fromLag;
    const value = pairs[lag] === 0 ? null : sum[lag]! / pairs[lag]!;
    return { lag, tau: lag * paths.frameInterval, value, pairs: pairs[lag]! };
  });
}

/**
 * `directional_autocorrelation`: mean cosine between steps n frames apart, unit vectors, only steps over one frame and no pair across
 * a gap, steps without length left out, pairs pooled over paths (Gorelik and Gautreau 2014, Nat. Protoc. 9:1931). Lag 1 first.
 */
export function directionalAutocorrelation(
  paths: Paths,
  maxLag: number,
  { direction } = correlateSteps(unitSteps(paths), maxLag),
): LagPoint[] {
  return curveOf(paths, direction, 1);
}

/** `velocity_autocorrelation`: mean of v_i . v_i+n, divided by its value at n = 0. Lag 0 first. */
export function velocityAutocorrelation(
  paths: Paths,
  maxLag: number,
  { velocity } = correlateSteps(unitSteps(paths), maxLag),
): LagPoint[] {
  const raw = curveOf(paths, velocity, 0);
  const zero = raw[0]?.value;
  return raw.map((point) => ({ ...point, value: point.value === null || !zero ? null : point.value / zero }));
}

/** Mean of v . v over steps over one frame: times the normalised `velocity_autocorrelation`, it is the one that is not normalised. `null` of nothing. */
export function meanSquareVelocity(
  paths: Paths,
  steps = unitSteps(paths),
  { velocity } = correlateSteps(steps, 0),
): number | null {
  return velocity.pairs[0] === 0 ? null : velocity.sum[0]! / velocity.pairs[0]!;
}

/** How long directions are kept, from a directional autocorrelation. */
export interface Persistence {
  /** P of A exp(-tau/P), fitted from lag 1; A below 1 takes up localisation noise. `null` where no fit settles. */
  time: number | null;
  amplitude: number | null;
  /** First lag time at which the curve is under 1/e; `null` where it never is. */
  crossing: number | null;
  /** The first value lies under the second: localisation noise makes neighbouring steps point against each other. */
  isNoisy: boolean;
  /** 95 % interval of `time` over paths; `null` where one draw in twenty has no fit. Absent where none was asked for. */
  interval?: Bounds | null;
}

/** `persistence_time_da`: two readings of the same curve. */
export function persistenceOf(curve: readonly LagPoint[]): Persistence {
  const seen = curve.filter((point) => point.value !== null);
  const positive: typeof seen = [];
  for (const point of seen) {
    if (point.value! <= 0) break;
    positive.push(point);
  }
  const fit =
    positive.length < 3
      ? undefined
      : fitCurve(
          { x: positive.map(({ tau }) => tau), y: positive.map(({ value }) => value!) },
          (tau, { A, P }: { A: number; P: number }) => A * Math.exp(-tau / P),
          { A: positive[0]!.value!, P: positive.at(-1)!.tau / 2 },
        );
  return {
    time: fit?.parameters.P ?? null,
    amplitude: fit?.parameters.A ?? null,
    crossing: seen.find((point) => point.value! < 1 / Math.E)?.tau ?? null,
    isNoisy: seen.length > 1 && seen[0]!.value! < seen[1]!.value!,
  };
}

/** Persistence by the first lag and by the length of the curve, beyond which a draw has none: it drops at once, or not at all. */
const persistenceLimits = [0.02, 20] as const;

/**
 * The time of `persistenceOf` for the draws of an interval.
 * @param tau lags in time, from lag 1 on @param values at each; NaN is left out, and the curve ends at the first that is not above 0
 * @returns `undefined` for fewer than three lags, and where the best time lies at a limit
 */
export function persistenceTimeOf(tau: readonly number[], values: ArrayLike<number>): number | undefined {
  const [x, y]: [number[], number[]] = [[], []];
  for (let at = 0; at < tau.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) continue;
    if (value <= 0) break;
    x.push(tau[at]!);
    y.push(value);
  }
  if (x.length < 3) return undefined;
  const limits = [x[0]! * persistenceLimits[0], x.at(-1)! * persistenceLimits[1]] as const;
  return fitScaled(x, y, (lag, P) => Math.exp(-lag / P), limits)?.P;
}

/** Every turning angle of steps over one frame that follow each other, in radians from 0 to pi: `turning_angle`. */
export function turningAngles(paths: Paths, steps = unitSteps(paths)): Float64Array {
  const { x, y, z } = steps;
  return eachTurn(steps, (a, b) => angleBetween(x[a]!, y[a]!, z[a]!, x[b]!, y[b]!, z[b]!));
}

/** `signed_turning_angle` of every turn in the plane, -pi to pi: positive from the x axis to the y axis, so clockwise where y points down. */
export function signedTurningAngles(paths: Paths, steps = unitSteps(paths)): Float64Array {
  return eachTurn(steps, (a, b) => {
    const { x, y } = steps;
    return Math.atan2(x[a]! * y[b]! - y[a]! * x[b]!, x[a]! * x[b]! + y[a]! * y[b]!);
  });
}

/** `relative_turning_rate` of every turn: turning angle by the duration of the step after it. NaN where no time passes. */
export function turningRates(paths: Paths, steps = unitSteps(paths)): Float64Array {
  const { x, y, z, duration } = steps;
  return eachTurn(steps, (a, b) => {
    const angle = angleBetween(x[a]!, y[a]!, z[a]!, x[b]!, y[b]!, z[b]!);
    return duration[b]! > 0 ? angle / duration[b]! : Number.NaN;
  });
}

/** A value of every two steps that follow each other and have a length. */
function eachTurn(steps: UnitSteps, value: (before: number, after: number) => number): Float64Array {
  const { length } = steps;
  const values = new Float64Array(length.length);
  let found = 0;
  eachRun(steps, (from, to) => {
    for (let i = from + 1; i < to; i++) if (length[i - 1] !== 0 && length[i] !== 0) values[found++] = value(i - 1, i);
  });
  return values.slice(0, found);
}

/** Mean cosine between the steps of each path that follow each other; NaN where a path has no such pair. */
export function meanCosines(paths: Paths, { offsets, frame, x, y, z, length }: UnitSteps, lag = 1): Float64Array {
  const values = new Float64Array(paths.count).fill(Number.NaN);
  for (let path = 0; path < paths.count; path++) {
    let [sum, pairs] = [0, 0];
    for (let i = offsets[path]!, j = i + lag; j < offsets[path + 1]!; i++, j++) {
      if (frame[j]! - frame[i]! !== lag || length[i] === 0 || length[j] === 0) continue;
      sum += (x[i]! * x[j]! + y[i]! * y[j]! + z[i]! * z[j]!) / (length[i]! * length[j]!);
      pairs++;
    }
    if (pairs > 0) values[path] = sum / pairs;
  }
  return values;
}

/** `directional_autocorrelation_pathmean`: mean over paths of their mean cosine at a lag; the DiPer macro averages over cells like this. */
export function pathMeanAutocorrelation(
  paths: Paths,
  lag: number,
  steps = unitSteps(paths),
): { value: number | null; n: number } {
  const values = meanCosines(paths, steps, lag).filter((value) => !Number.isNaN(value));
  return {
    value: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    n: values.length,
  };
}

/** Counts of `turningAngles` in bins of equal width from 0 to pi. */
export function turnCounts(steps: UnitSteps, bins: number): number[] {
  const { x, y, z, length } = steps;
  const counts = new Float64Array(bins);
  eachRun(steps, (from, to) => {
    for (let i = from + 1; i < to; i++) {
      if (length[i - 1] === 0 || length[i] === 0) continue;
      const angle = angleBetween(x[i - 1]!, y[i - 1]!, z[i - 1]!, x[i]!, y[i]!, z[i]!);
      const bin = Math.floor((angle / Math.PI) * bins);
      counts[bin < bins ? bin : bins - 1]!++;
    }
  });
  return [...counts];
}

/** Headings of all steps over one frame that have a length in the plane: atan2(y, x), radians, y as in the data. */
export function headings(paths: Paths, steps = unitSteps(paths)): Float64Array {
  const { x, y, offsets } = steps;
  const angles = new Float64Array(x.length);
  let found = 0;
  for (let i = 0; i < offsets[paths.count]!; i++)
    if (x[i] !== 0 || y[i] !== 0) angles[found++] = Math.atan2(y[i]!, x[i]!);
  return angles.slice(0, found);
}

/** Circular statistics of angles. */
export interface CircularStatistics {
  n: number;
  /** Radians; `null` where the angles cancel out. */
  meanDirection: number | null;
  /** Length of the mean unit vector, 0 to 1. */
  resultantLength: number;
  /** Rayleigh's test against a uniform distribution; approximation of Zar (1999, eq. 27.4). */
  rayleighP: number;
  /** Shannon entropy in 24 bins, natural logarithm (trackpy theta_entropy). */
  entropy: number;
}

/** Mean direction, resultant length, Rayleigh's test and entropy. `null` of nothing. */
export function circularStatistics(angles: ArrayLike<number>): CircularStatistics | null {
  let [cosine, sine] = [0, 0];
  const bins = new Float64Array(headingBins);
  for (let i = 0; i < angles.length; i++) {
    cosine += Math.cos(angles[i]!);
    sine += Math.sin(angles[i]!);
    bins[binOf(angles[i]!)]!++;
  }
  return circularOf(angles.length, cosine, sine, bins);
}

/** `circularStatistics` of the headings of steps that have a length in the plane, and their counts in 24 bins from -pi on. */
export function headingStatistics(steps: UnitSteps): { statistics: CircularStatistics | null; counts: number[] } {
  const { x, y } = steps;
  let [cosine, sine, n] = [0, 0, 0];
  const bins = new Float64Array(headingBins);
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]!;
    const dy = y[i]!;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) continue;
    cosine += dx / length;
    sine += dy / length;
    bins[binOf(Math.atan2(dy, dx))]!++;
    n++;
  }
  return { statistics: circularOf(n, cosine, sine, bins), counts: [...bins] };
}

/** Bins of headings: 15 degrees each, as many as trackpy's theta_entropy takes. */
const headingBins = 24;

function binOf(angle: number): number {
  const bin = Math.floor(((angle + Math.PI) / (2 * Math.PI)) * headingBins);
  return bin < 0 ? 0 : bin >= headingBins ? headingBins - 1 : bin;
}

function circularOf(n: number, cosine: number, sine: number, bins: Float64Array): CircularStatistics | null {
  if (n === 0) return null;
  const R = Math.hypot(cosine, sine);
  const rayleighP = Math.min(1, Math.exp(Math.sqrt(1 + 4 * n + 4 * (n * n - R * R)) - (1 + 2 * n)));
  const entropy = bins.reduce((sum, count) => (count === 0 ? sum : sum - (count / n) * Math.log(count / n)), 0);
  return {
    n,
    meanDirection: R / n < 1e-12 ? null : Math.atan2(sine, cosine),
    resultantLength: R / n,
    rayleighP,
    entropy,
  };
}

/** `directionality_ratio`: mean over paths of d_n / L_n at each number of frames since the start (DiPer). Biased by speed: show beside the autocorrelation. */
export function directionalityRatio(paths: Paths, maxLag: number): LagPoint[] {
  const { offsets, rows, frame, x, y, z } = paths;
  const sum = new Float64Array(maxLag + 1);
  const pairs = new Uint32Array(maxLag + 1);
  for (let path = 0; path < paths.count; path++) {
    const first = rows[offsets[path]!]!;
    let length = 0;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      length += lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!);
      const lag = frame[b]! - frame[first]!;
      if (lag > maxLag || length === 0) continue;
      sum[lag]! += lengthOf(x[b]! - x[first]!, y[b]! - y[first]!, z[b]! - z[first]!) / length;
      pairs[lag]!++;
    }
  }
  return Array.from({ length: maxLag }, (_, i) => ({
    lag: i + 1,
    tau: (i + 1) * paths.frameInterval,
    value: pairs[i + 1] === 0 ? null : sum[i + 1]! / pairs[i + 1]!,
    pairs: pairs[i + 1]!,
  }));
}
