import { normalQuantile, quantile, seededRandom } from './statistics.ts';

/** Ends of a confidence interval; which, and over what, stands in `IntervalKind`. */
export interface Bounds {
  low: number;
  high: number;
}

/** How the intervals of a set were made; the same for every curve and number of it, so said once. */
export interface IntervalKind {
  /** For example 0.95. */
  confidence: number;
  /** Bootstrap draws over whole paths; 0 where the intervals come from the spread over paths (normal approximation). */
  resamples: number;
  /** Of the pseudo-random draws: the same seed draws the same paths. */
  seed: number;
  /** Paths that were drawn from. */
  paths: number;
}

/**
 * What each path adds to the values of a curve, every value being a sum by a count. Dense: path `p` adds entry `p * slots + s` to value `s`.
 * With `offsets` and `slot`, path `p` has the entries `offsets[p] .. offsets[p + 1] - 1`, and entry `e` belongs to value `slot[e]`.
 */
export interface PathSums {
  slots: number;
  sum: Float64Array;
  count: ArrayLike<number>;
  offsets?: Uint32Array;
  slot?: Uint32Array;
}

/** Values above which a curve has no intervals: more than a plot can show. */
const mostSlots = 20_000;

/**
 * Draws of whole paths with replacement, the same for all curves and numbers of a set: steps and pairs of one path depend on each other, so
 * they are never drawn by themselves. Percentile bootstrap; without draws, the linearised standard error over paths.
 */
export class PathDraws {
  readonly kind: IntervalKind;
  private weights: Uint8Array | undefined;

  constructor(paths: number, { resamples, seed = 1 }: { resamples: number; seed?: number }) {
    this.kind = { confidence: 0.95, resamples, seed, paths };
  }

  /** Intervals of the values of a curve; `null` where fewer than two paths have part in a value. @param normalised divide each curve by its first value */
  of(sums: PathSums, { normalised = false } = {}): (Bounds | null)[] {
    const isBacked = backing(this.kind.paths, sums);
    if (this.kind.paths < 2 || sums.slots > mostSlots) return Array.from({ length: sums.slots }, () => null);
    if (this.kind.resamples === 0) return linearised(this.kind.paths, sums, isBacked, normalised);
    const curves = this.curvesOf(sums);
    if (normalised)
      for (const curve of curves) {
        const first = curve[0]!;
        for (let at = 0; at < curve.length; at++) curve[at]! /= first;
      }
    return Array.from({ length: sums.slots }, (_, at) => (isBacked[at] ? boundsOf(curves, at) : null));
  }

  /** Interval of the mean of one value for each path; NaN where a path has none. */
  ofMean(values: Float64Array): Bounds | null {
    const count = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0));
    const sum = values.map((value) => (Number.isFinite(value) ? value : 0));
    return this.of({ slots: 1, sum, count })[0] ?? null;
  }

  /** Interval of anything computed of a curve, such as a fit: computed anew for every draw. `null` without draws. */
  ofCurve(sums: PathSums, statistic: (curve: Float64Array) => number): Bounds | null {
    if (this.kind.resamples === 0 || this.kind.paths < 2 || sums.slots > mostSlots) return null;
    return boundsOf(
      this.curvesOf(sums).map((curve) => Float64Array.of(statistic(curve))),
      0,
    );
  }

  /** The curve of each draw; NaN where no path of a draw has part in a value. */
  private curvesOf(sums: PathSums): Float64Array[] {
    const { paths, resamples } = this.kind;
    const weights = (this.weights ??= drawWeights(this.kind));
    return Array.from({ length: resamples }, (_, draw) =>
      curveOf(sums, weights.subarray(draw * paths, (draw + 1) * paths)),
    );
  }
}

/** Points of a curve with their intervals, in the same order; as they are where there are none. */
export function withIntervals<Point extends { interval?: Bounds | null }>(
  points: readonly Point[],
  bounds: readonly (Bounds | null)[] | undefined,
): Point[] {
  return bounds ? points.map((point, at) => ({ ...point, interval: bounds[at] ?? null })) : [...points];
}

/** How often each draw takes each path. */
function drawWeights({ paths, resamples, seed }: IntervalKind): Uint8Array {
  const random = seededRandom(seed);
  const weights = new Uint8Array(paths * resamples);
  for (let draw = 0; draw < resamples; draw++)
    for (let i = 0; i < paths; i++) weights[draw * paths + Math.floor(random() * paths)]!++;
  return weights;
}

function curveOf(sums: PathSums, weights: Uint8Array): Float64Array {
  const { total, counted } = totalsOf(sums, weights);
  for (let at = 0; at < total.length; at++) total[at]! /= counted[at]!;
  return total;
}

/** Sums and counts of every value, each path as often as its weight says. */
function totalsOf({ slots, sum, count, offsets, slot }: PathSums, weights: Uint8Array) {
  const total = new Float64Array(slots);
  const counted = new Float64Array(slots);
  for (let path = 0; path < weights.length; path++) {
    const weight = weights[path]!;
    if (weight === 0) continue;
    const from = offsets ? offsets[path]! : path * slots;
    const to = offsets ? offsets[path + 1]! : from + slots;
    for (let entry = from; entry < to; entry++) {
      const at = slot ? slot[entry]! : entry - from;
      total[at]! += weight * sum[entry]!;
      counted[at]! += weight * count[entry]!;
    }
  }
  return { total, counted };
}

/** Which values rest on two paths or more: of one path, every draw says the same, and an interval without width would be a lie. */
function backing(paths: number, { slots, count, offsets, slot }: PathSums): Uint8Array {
  const seen = new Uint8Array(slots);
  for (let path = 0; path < paths; path++) {
    const from = offsets ? offsets[path]! : path * slots;
    const to = offsets ? offsets[path + 1]! : from + slots;
    for (let entry = from; entry < to; entry++) {
      const at = slot ? slot[entry]! : entry - from;
      if (count[entry]! > 0 && seen[at]! < 2) seen[at]!++;
    }
  }
  return seen.map((backed) => (backed > 1 ? 1 : 0));
}

function boundsOf(curves: readonly Float64Array[], at: number): Bounds | null {
  const found = curves.map((curve) => curve[at]!).filter(Number.isFinite);
  if (found.length < 2) return null;
  found.sort((a, b) => a - b);
  return { low: quantile(found, 0.025), high: quantile(found, 0.975) };
}

/** Value plus and minus 1.96 standard errors over paths, by linearising the ratio (Cochran 1977, Sampling Techniques, section 6). */
function linearised(paths: number, sums: PathSums, isBacked: Uint8Array, normalised: boolean): (Bounds | null)[] {
  const { slots, sum, count, offsets, slot } = sums;
  const { total, counted } = totalsOf(sums, new Uint8Array(paths).fill(1));
  const value = total.map((of, at) => of / counted[at]!);
  const scale = normalised ? value[0]! : 1;
  const squares = new Float64Array(slots);
  for (let path = 0; path < paths; path++) {
    const from = offsets ? offsets[path]! : path * slots;
    const to = offsets ? offsets[path + 1]! : from + slots;
    const influence = (entry: number, at: number) => (sum[entry]! - value[at]! * count[entry]!) / counted[at]!;
    // Of a curve divided by its first value, the first value varies too.
    const first = normalised ? influence(from, 0) : 0;
    for (let entry = from; entry < to; entry++) {
      const at = slot ? slot[entry]! : entry - from;
      squares[at]! += ((influence(entry, at) - (value[at]! / scale) * first) / scale) ** 2;
    }
  }
  return Array.from(value, (mean, at) => {
    const error = Math.sqrt((squares[at]! * paths) / (paths - 1)) * normalQuantile;
    const middle = mean / scale;
    return isBacked[at] && Number.isFinite(error) ? { low: middle - error, high: middle + error } : null;
  });
}
