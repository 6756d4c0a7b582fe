import { groupOf, type PairSums, pathGroups } from './pair-sums.ts';
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
  private lastPaths: { sums: PathSums; curves: Float64Array[] } | undefined;
  private lastPairs: { sums: PairSums; curves: Float64Array[] } | undefined;

  constructor(paths: number, { resamples, seed = 1 }: { resamples: number; seed?: number }) {
    this.kind = { confidence: 0.95, resamples, seed, paths };
  }

  /** Intervals of the values of a curve; `null` where fewer than two paths have part in a value. @param normalised divide each curve by its first value */
  of(sums: PathSums, { normalised = false } = {}): (Bounds | null)[] {
    const isBacked = backing(this.kind.paths, sums);
    if (this.kind.paths < 2 || sums.slots > mostSlots) return Array.from({ length: sums.slots }, () => null);
    if (this.kind.resamples === 0) return linearised(this.kind.paths, sums, isBacked, normalised);
    const drawn = this.curvesOf(sums);
    const curves = normalised ? drawn.map((curve) => curve.map((value) => value / curve[0]!)) : drawn;
    return Array.from({ length: sums.slots }, (_, at) => (isBacked[at] ? boundsOf(curves, at) : null));
  }

  /** Interval of the mean of one value for each path; NaN where a path has none. */
  ofMean(values: Float64Array): Bounds | null {
    const count = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0));
    const sum = values.map((value) => (Number.isFinite(value) ? value : 0));
    return this.of({ slots: 1, sum, count })[0] ?? null;
  }

  /**
   * Interval of anything computed of a curve, such as a fit: computed anew for every draw; without draws, for all paths but a fiftieth of
   * them in turn (delete-a-group jackknife: Kott 2001, J. Off. Stat. 17:521). `null` where more than one draw in twenty has no value.
   */
  ofCurve(sums: PathSums, statistic: (curve: Float64Array) => number): Bounds | null {
    if (this.kind.paths < 2 || sums.slots > mostSlots) return null;
    if (this.kind.resamples === 0) return this.jackknifed(statistic, curvesWithout(this.kind.paths, sums));
    return settled(this.curvesOf(sums).map(statistic));
  }

  /**
   * Intervals of means over pairs of objects that lie on two paths: a draw takes a pair as often as both of its paths together; without
   * draws, the linearised standard error over paths, each pair counting at both. `null` where fewer than two pairs of paths have part.
   * @param by what the means are divided by, such as the mean square of velocities: a curve of one value, drawn along
   */
  ofPairs(sums: PairSums, by?: PathSums): (Bounds | null)[] {
    const { paths, resamples } = this.kind;
    const isBacked = pairBacking(sums);
    if (paths < 3) return Array.from({ length: sums.slots }, () => null);
    if (resamples === 0 || !sums.isWhole) return linearisedPairs(sums, isBacked, by);
    const curves = this.pairCurvesOf(sums, by);
    return Array.from({ length: sums.slots }, (_, at) => (isBacked[at] ? boundsOf(curves, at) : null));
  }

  /** Interval of anything computed of a curve over pairs: `ofCurve` by the weights of `ofPairs`. */
  ofPairCurve(sums: PairSums, statistic: (curve: Float64Array) => number, by?: PathSums): Bounds | null {
    if (this.kind.paths < 3) return null;
    if (this.kind.resamples > 0 && sums.isWhole) return settled(this.pairCurvesOf(sums, by).map(statistic));
    const scales = by && curvesWithout(this.kind.paths, by);
    const without = (group?: number) => {
      const curve = sums.without(group);
      return scales ? curve.map((value) => value / scales(group)[0]!) : curve;
    };
    return this.jackknifed(statistic, without);
  }

  /** The curve of each draw; kept for the last sums, of which an interval and a number may both be asked. */
  private pairCurvesOf(sums: PairSums, by: PathSums | undefined): Float64Array[] {
    if (this.lastPairs?.sums === sums) return this.lastPairs.curves;
    const curves = this.draws().map((weights) => {
      const curve = sums.drawn(weights);
      if (!by) return curve;
      const scale = curveOf(by, weights)[0]!;
      return curve.map((value) => value / scale);
    });
    this.lastPairs = { sums, curves };
    return curves;
  }

  private jackknifed(
    statistic: (curve: Float64Array) => number,
    without: (group?: number) => Float64Array,
  ): Bounds | null {
    const groups = Math.min(pathGroups, this.kind.paths);
    const value = statistic(without());
    const values = Array.from({ length: groups }, (_, group) => statistic(without(group)));
    const middle = values.reduce((sum, one) => sum + one, 0) / groups;
    const squares = values.reduce((sum, one) => sum + (one - middle) ** 2, 0);
    const half = normalQuantile * Math.sqrt(((groups - 1) / groups) * squares);
    return Number.isFinite(half) && Number.isFinite(value) ? { low: value - half, high: value + half } : null;
  }

  /** The curve of each draw; NaN where no path of a draw has part in a value. Kept for the last sums: several fits are asked of one curve. */
  private curvesOf(sums: PathSums): Float64Array[] {
    if (this.lastPaths?.sums === sums) return this.lastPaths.curves;
    const curves = this.draws().map((weights) => curveOf(sums, weights));
    this.lastPaths = { sums, curves };
    return curves;
  }

  /** How often each draw takes each path. */
  private draws(): Uint8Array[] {
    const { paths, resamples } = this.kind;
    const weights = (this.weights ??= drawWeights(this.kind));
    return Array.from({ length: resamples }, (_, draw) => weights.subarray(draw * paths, (draw + 1) * paths));
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

/** The interval of values of draws; `null` where more than one in twenty has none: its ends would be those of the others. */
function settled(values: readonly number[]): Bounds | null {
  const found = values.filter(Number.isFinite);
  if (found.length < 0.95 * values.length) return null;
  return boundsOf(
    found.map((value) => Float64Array.of(value)),
    0,
  );
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

/** Curves of all paths but those of a group, in turn. */
function curvesWithout(paths: number, sums: PathSums): (group?: number) => Float64Array {
  const all = totalsOf(sums, new Uint8Array(paths).fill(1));
  const groups = Array.from({ length: Math.min(pathGroups, paths) }, () => ({
    total: new Float64Array(sums.slots),
    counted: new Float64Array(sums.slots),
  }));
  const { slots, sum, count, offsets, slot } = sums;
  for (let path = 0; path < paths; path++) {
    const { total, counted } = groups[groupOf(path)]!;
    const from = offsets ? offsets[path]! : path * slots;
    const to = offsets ? offsets[path + 1]! : from + slots;
    for (let entry = from; entry < to; entry++) {
      const at = slot ? slot[entry]! : entry - from;
      total[at]! += sum[entry]!;
      counted[at]! += count[entry]!;
    }
  }
  return (group) => {
    const left = group === undefined ? undefined : groups[group]!;
    return all.total.map(
      (total, at) => (total - (left?.total[at] ?? 0)) / (all.counted[at]! - (left?.counted[at] ?? 0)),
    );
  };
}

/** Which values rest on three paths or more: of the pairs of two paths alone, every draw that has any says the same. */
function pairBacking({ paths, slots, own }: PairSums): Uint8Array {
  const seen = new Uint8Array(slots);
  for (let path = 0; path < paths; path++)
    for (let at = 0; at < slots; at++) if (own.count[path * slots + at]! > 0 && seen[at]! < 3) seen[at]!++;
  return seen.map((backed) => (backed > 2 ? 1 : 0));
}

/** Value plus and minus 1.96 standard errors over paths: of a mean over pairs, a path has part in all of its pairs. */
function linearisedPairs(
  { paths, slots, own }: PairSums,
  isBacked: Uint8Array,
  by: PathSums | undefined,
): (Bounds | null)[] {
  // Each pair stands at both of its paths, so the totals are twice those of all pairs; what a path adds is not.
  const { total, counted } = totalsOf({ slots, ...own }, new Uint8Array(paths).fill(1));
  const scale = by && totalsOf(by, new Uint8Array(paths).fill(1));
  const divisor = scale ? scale.total[0]! / scale.counted[0]! : 1;
  const share = (path: number) => (scale && by ? shareOf(by, path, divisor) / scale.counted[0]! : 0);
  const squares = new Float64Array(slots);
  for (let path = 0; path < paths; path++) {
    const ofScale = share(path);
    for (let at = 0; at < slots; at++) {
      const mean = total[at]! / counted[at]!;
      const influence = (2 * (own.sum[path * slots + at]! - mean * own.count[path * slots + at]!)) / counted[at]!;
      squares[at]! += ((influence - (mean / divisor) * ofScale) / divisor) ** 2;
    }
  }
  return Array.from(total, (sum, at) => {
    const error = Math.sqrt((squares[at]! * paths) / (paths - 1)) * normalQuantile;
    const middle = sum / counted[at]! / divisor;
    return isBacked[at] && Number.isFinite(error) ? { low: middle - error, high: middle + error } : null;
  });
}

/** How far a path lies from the mean of a curve of one value, by its count. */
function shareOf({ sum, count, offsets }: PathSums, path: number, mean: number): number {
  const [from, to] = offsets ? [offsets[path]!, offsets[path + 1]!] : [path, path + 1];
  let found = 0;
  for (let entry = from; entry < to; entry++) found += sum[entry]! - mean * count[entry]!;
  return found;
}
