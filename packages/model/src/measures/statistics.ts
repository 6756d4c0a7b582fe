/** Mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation with N - 1; NaN for fewer than two. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Median, the mean of the two middle values for even counts; NaN of nothing and where a value is NaN. */
export function median(values: ArrayLike<number>): number {
  const own = new Float64Array(values);
  for (let i = 0; i < own.length; i++) if (Number.isNaN(own[i]!)) return Number.NaN;
  return medianInPlace(own);
}

/** `median` of values among which is no NaN; brings them into another order. */
export function medianInPlace(values: Float64Array): number {
  const middle = values.length >> 1;
  if (values.length === 0) return Number.NaN;
  const upper = bringTo(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = values[0]!;
  for (let i = 1; i < middle; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}

/** Brings the value of a rank to its place, smaller ones before it (Hoare, Algorithm 65: Find, 1961): no need to sort all. */
function bringTo(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank]!;
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Quantile by linear interpolation (type 7 of Hyndman and Fan 1996, numpy's and R's default); `values` sorted. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** Pearson's correlation; NaN where one side does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - centreA, b[i]! - centreB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

/** A number with its confidence interval. */
export interface Interval {
  low: number;
  high: number;
  /** For example 0.95. */
  confidence: number;
  /** Resamples drawn; 0 where it comes from the standard error. */
  resamples: number;
}

/** Pseudo-random numbers in [0, 1) that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Percentile bootstrap over units that are independent (paths, never pairs or steps): draws as many units as there are,
 * with replacement, and takes the quantiles of the statistic.
 * @param statistic of chosen unit indices; a result that is not finite is left out
 */
export function bootstrap(
  units: number,
  statistic: (chosen: Uint32Array) => number,
  { resamples = 1000, confidence = 0.95, seed = 1 } = {},
): Interval | null {
  if (units < 2) return null;
  const random = seededRandom(seed);
  const chosen = new Uint32Array(units);
  const results: number[] = [];
  for (let draw = 0; draw < resamples; draw++) {
    for (let i = 0; i < units; i++) chosen[i] = Math.floor(random() * units);
    const result = statistic(chosen);
    if (Number.isFinite(result)) results.push(result);
  }
  if (results.length < 2) return null;
  results.sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  return { low: quantile(results, tail), high: quantile(results, 1 - tail), confidence, resamples };
}

/** Half the width of a 95 % interval in standard errors, where there are many values. */
export const normalQuantile = 1.959963984540054;

/** Mean plus and minus 1.96 standard errors; `null` for fewer than two values, or where they have no finite spread. */
export function normalInterval(values: ArrayLike<number>): Interval | null {
  const half = (normalQuantile * standardDeviation(values)) / Math.sqrt(values.length);
  const middle = mean(values);
  return Number.isFinite(half) ? { low: middle - half, high: middle + half, confidence: 0.95, resamples: 0 } : null;
}

/** One step of a survival curve. */
export interface SurvivalStep {
  time: number;
  /** Share that lasts longer than `time`. */
  survival: number;
  atRisk: number;
  events: number;
}

/** Kaplan and Meier's estimate (1958, J. Am. Stat. Assoc. 53:457) of durations of which some were cut off. */
export function kaplanMeier(durations: readonly { time: number; isEvent: boolean }[]): {
  steps: SurvivalStep[];
  /** First time at which no more than half last; `null` where that was not seen. */
  median: number | null;
} {
  const sorted = [...durations].sort((a, b) => a.time - b.time);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (let i = 0; i < sorted.length; ) {
    const { time } = sorted[i]!;
    const atRisk = sorted.length - i;
    let events = 0;
    for (; i < sorted.length && sorted[i]!.time === time; i++) if (sorted[i]!.isEvent) events++;
    if (events === 0) continue;
    survival *= 1 - events / atRisk;
    steps.push({ time, survival, atRisk, events });
  }
  return { steps, median: steps.find((step) => step.survival <= 0.5)?.time ?? null };
}
