import type { TrackSet } from '../track-set.ts';
import { correlationSums, pathMeanMsdSums, pooledMsdSums } from './curve-sums.ts';
import type { GapPolicy } from './definitions.ts';
import {
  directionalAutocorrelation,
  type LagPoint,
  type Persistence,
  persistenceOf,
  persistenceTimeOf,
} from './directions.ts';
import { interpolateGaps, missedFrames } from './gap-filling.ts';
import { censoredLives } from './lineage-measures.ts';
import { type MotionParts, motionParts } from './motion-parts.ts';
import { lagSums, type MsdPoint, pathMeanMsd, pooledMsd } from './msd.ts';
import { fitAnomalous, fitDiffusion, fitFurth } from './msd-fits.ts';
import { measurePaths, type PathMeasureColumn } from './path-measures.ts';
import { type IntervalKind, PathDraws, type PathSums, withIntervals } from './path-draws.ts';
import { type PathOptions, type Paths, pathsOf } from './paths.ts';
import { doublingTime, objectCounts } from './populations.ts';
import { qualityOf, type TrackQuality } from './quality.ts';
import { bootstrap, type Interval, mean, median, normalInterval, standardDeviation } from './statistics.ts';

/** One measure over all paths, each path equal. */
export interface MeasureSummary {
  id: string;
  version: number;
  unit: string;
  gapPolicy?: GapPolicy;
  /** Paths that have a value. */
  n: number;
  /** Paths that have none: see `undefinedWhen` of the definition. */
  undefinedPaths: number;
  mean: number | null;
  median: number | null;
  standardDeviation: number | null;
  /** Of the mean, bootstrapped over paths. */
  interval: Interval | null;
}

/** How one set moves: everything a methods table asks for, with units, n and definitions. */
export interface MotionSummary {
  units: { length: string; time: string };
  dimensions: 2 | 3;
  /** In the unit of time. */
  frameInterval: number;
  quality: TrackQuality;
  measures: MeasureSummary[];
  msd: { pooled: MsdPoint[]; pathMean: MsdPoint[] };
  fits: {
    /** Lags used, in frames. */
    lags: [number, number];
    diffusion: NonNullable<ReturnType<typeof fitDiffusion>> | null;
    anomalous: NonNullable<ReturnType<typeof fitAnomalous>> | null;
    furth: NonNullable<ReturnType<typeof fitFurth>> | null;
  };
  directions: { autocorrelation: LagPoint[]; persistence: Persistence };
  lineage: {
    divisions: number;
    otherSplits: number;
    merges: number;
    /** By Kaplan and Meier, in the unit of time. */
    medianCycleLength: number | null;
    completeCycles: number;
    /** Cells that divided or were born out of sight, in a set that has divisions: their cycles are not complete. */
    censored: { left: number; right: number; both: number };
  };
  /** In the unit of time; `null` where the count does not grow. */
  doublingTime: number | null;
  /** What the intervals of means are; absent where none were asked for. */
  intervals?: IntervalKind;
  /** Positions that were put into gaps (`interpolateGaps`); absent where that was not asked for. */
  filled?: number;
}

/** What to compute beyond the defaults. */
export interface SummaryOptions extends PathOptions {
  gapPolicy?: GapPolicy;
  /** Draws for the confidence intervals of the means; 0 for none. */
  resamples?: number;
  /** Intervals from the spread over paths instead of draws: for so many paths that drawing them takes long and says the same. */
  isNormal?: boolean;
}

/** Measures every path of a set and sums up. The columns are those of `measurePaths`, in the order of `paths`; `parts` are for `motionCurves`. */
export function summariseMotion(
  set: TrackSet,
  options: SummaryOptions = {},
): { paths: Paths; columns: PathMeasureColumn[]; summary: MotionSummary; parts: MotionParts } {
  const detected = pathsOf(set, options);
  const columns = measurePaths(detected, options.gapPolicy ? { gapPolicy: options.gapPolicy } : {});
  const isFilled = options.gapPolicy === 'interpolate';
  const paths = isFilled ? interpolateGaps(detected) : detected;
  const parts = motionParts(set, paths);
  const { maxLag, correlations, lineages } = parts;
  const resamples = options.isNormal ? 0 : (options.resamples ?? 0);
  const draws = options.isNormal || resamples > 0 ? new PathDraws(paths.count, { resamples }) : undefined;
  if (draws) parts.draws = draws;
  const sums = lagSums(paths, maxLag);
  const pooledBounds = draws?.of(pooledMsdSums(sums));
  const pooled = pooledMsd(paths, sums, 10).map((point) =>
    pooledBounds ? { ...point, interval: pooledBounds[point.lag - 1] ?? null } : point,
  );
  const ofDirections = draws && correlationSums(paths, parts.steps, maxLag).direction;
  const autocorrelation = withIntervals(
    directionalAutocorrelation(paths, maxLag, correlations),
    ofDirections && draws.of(ofDirections).slice(1),
  );
  const lags: [number, number] = [1, Math.min(20, pooled.length)];
  const { frame } = set.objects;
  const { frameInterval } = paths;
  const summary: MotionSummary = {
    units: { length: paths.lengthUnit, time: paths.timeUnit },
    dimensions: paths.dimensions,
    frameInterval,
    quality: isFilled ? qualityOf(detected, frame) : qualityOf(paths, frame, sums),
    measures: columns.map((column) => summariseMeasure(column, resamples, options.isNormal)),
    msd: { pooled, pathMean: withIntervals(pathMeanMsd(paths, sums), draws?.of(pathMeanMsdSums(sums))) },
    fits: {
      lags,
      diffusion: fitDiffusion(pooled, paths.dimensions) ?? null,
      anomalous: fitAnomalous(pooled, paths.dimensions, { lags }) ?? null,
      furth: fitFurth(pooled, paths.dimensions, frameInterval, { lags }) ?? null,
    },
    directions: { autocorrelation, persistence: persistenceWith(autocorrelation, draws, ofDirections) },
    lineage: {
      divisions: lineages.divisions,
      otherSplits: lineages.otherSplits,
      merges: lineages.merges,
      medianCycleLength: lineages.medianCycleLength,
      completeCycles: lineages.lives.filter(({ cycleLength }) => cycleLength !== null).length,
      censored: censoredLives(lineages),
    },
    doublingTime: doublingTime(objectCounts(frame), frameInterval),
    ...(draws ? { intervals: draws.kind } : {}),
    ...(isFilled ? { filled: missedFrames(detected) } : {}),
  };
  return { paths, columns, summary, parts };
}

/** How long directions are kept, the time with its interval: fitted anew to the curve of every draw. */
function persistenceWith(
  curve: readonly LagPoint[],
  draws: PathDraws | undefined,
  sums: PathSums | undefined,
): Persistence {
  const found = persistenceOf(curve);
  if (!draws || !sums || found.time === null) return found;
  const tau = curve.map((point) => point.tau);
  const interval = draws.ofCurve(sums, (values) => persistenceTimeOf(tau, values.subarray(1)) ?? Number.NaN);
  return { ...found, interval };
}

/**
 * Sums up one measure over all paths.
 * @param resamples draws for the interval of the mean, 0 for none
 * @param isNormal the interval from the standard error instead of draws
 */
export function summariseMeasure(
  { values, ...about }: PathMeasureColumn,
  resamples: number,
  isNormal = false,
): MeasureSummary {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let path = 0; path < values.length; path++) if (!Number.isNaN(values[path]!)) kept[n++] = values[path]!;
  const seen = kept.subarray(0, n);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const meanOf = (chosen: Uint32Array) => {
    let sum = 0;
    for (const i of chosen) sum += seen[i]!;
    return sum / chosen.length;
  };
  return {
    ...about,
    n: seen.length,
    undefinedPaths: values.length - seen.length,
    mean: finite(mean(seen)),
    median: finite(median(seen)),
    standardDeviation: finite(standardDeviation(seen)),
    interval: isNormal ? normalInterval(seen) : resamples > 0 ? bootstrap(seen.length, meanOf, { resamples }) : null,
  };
}
