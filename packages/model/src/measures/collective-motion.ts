import type { TrackSet } from '../track-set.ts';
import {
  neighbourMeasures,
  overlap,
  type OverlapPoint,
  pairSeparation,
  type CollectivePoint,
  type RipleyPoint,
  ripleyL,
} from './collective.ts';
import { type GapPolicy, measureDefinitions, spellUnit } from './definitions.ts';
import { biasedStepSums, netDisplacements, overlapSums, pooledMsdSums } from './curve-sums.ts';
import { directedMigration, migrationIndices } from './directed.ts';
import { headingStatistics, type LagPoint, meanCosines, pathMeanAutocorrelation } from './directions.ts';
import { type NonGaussianPoint, nonGaussianCurve, type VanHoveCurve, vanHoveCurves } from './displacement-shape.ts';
import { hotellingTest } from './hotelling.ts';
import {
  type DivisionRatePoint,
  divisionGeometries,
  divisionRates,
  startEndRate,
  startEndSums,
} from './lineage-measures.ts';
import { lineageNumbers, livesDrawn } from './lineage-numbers.ts';
import { type ObjectPlace, placesOf } from './motion-curves.ts';
import type { MotionParts } from './motion-parts.ts';
import { lagSums, type MsdPoint } from './msd.ts';
import { fitAnomalous, fitConfined, fitDiffusion, furthOf, plateauOf } from './msd-fits.ts';
import { type Bounds, withIntervals } from './path-draws.ts';
import type { Paths } from './paths.ts';
import {
  correlationLength,
  objectCounts,
  orderParameter,
  pairCurves,
  type RadialCurves,
  type FramePoint,
  type RadialPoint,
} from './populations.ts';
import { headingIntervals, orderIntervals } from './order-intervals.ts';
import { mean, median } from './statistics.ts';
import type { MotionSummary } from './summary.ts';
import { fluctuationSums, type VelocityField, velocityField, velocityFluctuation } from './velocity-field.ts';

/** One number of a population or of its lineages. */
export interface PopulationMeasure {
  /** Id in `measureDefinitions`, where formula, gap policy and when it has no value stand. */
  id: string;
  version: number;
  unit: string;
  gapPolicy?: GapPolicy;
  /** `null` where undefined: see `undefinedWhen` of the definition. */
  value: number | null;
  /** Standard error, where a fit gives one. */
  error?: number;
  /** 95 % interval over paths, of means and of fits to them; what kind stands in the summary. Absent where none was asked for. */
  interval?: Bounds | null;
  /** What it was counted over: paths, steps, pairs, frames or cells, as the definition says. */
  n: number;
  /** What was chosen, with units in the names of the set. */
  parameters?: Record<string, number | string>;
}

/** How the objects of a set move together. */
export interface CollectiveMotion {
  numbers: PopulationMeasure[];
  /** Distance within which objects are neighbours: three times the mean distance expected of objects strewn at random. `null` for fewer than two. */
  radius: number | null;
  curves: {
    velocityCorrelation: RadialPoint[];
    cellPairs: RadialPoint[];
    pairSeparation: CollectivePoint[];
    overlap: OverlapPoint[];
    /** Distance below which an object counts as not displaced. */
    overlapDistance: number | null;
    ripley: RipleyPoint[];
    vanHove: { from: number; to: number; counts: number[] } | null;
    /** The same over lags of 1, 4 and 16 frames, each with its own bins. */
    vanHoveLags: VanHoveCurve[];
    nonGaussian: NonGaussianPoint[];
    order: FramePoint[];
    /** Of each division; the place is that of the mother's last object. */
    divisions: ({ time: number; angle: number | null; separationSpeed: number | null } & ObjectPlace)[];
    /** Divisions by object and time, in parts of the film of equal length; empty where nothing divides. */
    divisionRate: DivisionRatePoint[];
  };
  field: VelocityField | null;
}

/** Frames in which pairs of objects are sought. */
const pairFrames = 20;

/** Longest lag of pair separation and overlap, in frames. */
const mostLags = 20;

/** Objects above which pairs are sought in fewer frames. */
const mostPaired = 200_000;

/**
 * Numbers and curves of a population: motility-measures, sections 3 to 7. Pairs of objects are sought within a radius that is stated, in up to
 * 20 frames, evenly chosen.
 * @param parts @param summary as `summariseMotion` gives them for the set
 */
export function collectiveMotion(
  set: TrackSet,
  paths: Paths,
  parts: MotionParts,
  summary: MotionSummary,
): CollectiveMotion {
  const radius = neighbourRadius(paths);
  const lags = Math.max(1, Math.min(mostLags, parts.maxLag));
  const inFrame = paths.rows.length / Math.max(1, objectCounts(paths.frame).length);
  const frames = Math.max(1, Math.min(pairFrames, Math.floor(mostPaired / Math.max(1, inFrame))));
  const pairs = radius === null ? undefined : pairCurves(paths, radius, radius / 12, frames, parts.draws);
  const step = median(parts.steps.length);
  const overlapDistance = step > 0 ? step : null;
  const geometries = divisionGeometries(parts.lineages, paths);
  const placeOf = geometries.length === 0 ? () => ({ object: -1, frame: 0, track: -1 }) : placesOf(set, paths);
  const bare = orderParameter(paths);
  const ordered = parts.draws ? orderIntervals(paths, bare) : { points: bare, mean: null };
  const nonGaussian = nonGaussianCurve(paths, lags, parts.draws);
  const neighbours = radius === null ? null : neighbourMeasures(paths, radius, frames);
  const radii = radius === null ? [] : Array.from({ length: 12 }, (_, k) => ((k + 1) * radius) / 12);
  const overlapBounds =
    overlapDistance === null ? undefined : parts.draws?.of(overlapSums(paths, overlapDistance, lags));
  const curves: CollectiveMotion['curves'] = {
    velocityCorrelation: pairs?.velocity ?? [],
    cellPairs: pairs?.angle ?? [],
    pairSeparation: radius === null ? [] : pairSeparation(paths, radius / 3, lags, frames, parts.draws),
    overlap: overlapDistance === null ? [] : withIntervals(overlap(paths, overlapDistance, lags), overlapBounds),
    overlapDistance,
    ripley: radius === null ? [] : ripleyL(paths, radii, parts.draws),
    vanHove: histogramOf(parts.steps.x),
    vanHoveLags: vanHoveCurves(paths, lags),
    nonGaussian,
    order: ordered.points,
    divisions: geometries.map(({ mother, time, angle, separationSpeed }) => ({
      time,
      angle,
      separationSpeed,
      ...placeOf(parts.lineages.lives[mother]!.lastObject),
    })),
    divisionRate: ratesOf(set, paths, parts),
  };
  const numbers = [
    ...ofCounts(set, parts, summary),
    ...ofFits(paths, summary, parts),
    ...ofDirections(paths, parts, summary, nonGaussian),
    ...ofNeighbours(parts, {
      radius,
      neighbours,
      curves,
      frames,
      ofVelocity: pairs?.ofVelocity,
      ofOrder: ordered.mean,
    }),
    ...lineageNumbers(paths, parts, summary, geometries, radius),
  ].map((one) => described(paths, one));
  return { numbers, radius, curves, field: velocityField(paths, parts.steps) };
}

/** A number of which definition, unit and gap policy are still to be said. */
export type Counted = Omit<PopulationMeasure, 'version' | 'unit' | 'gapPolicy'>;

/** Parts of the film in which divisions are counted. */
const rateParts = 20;

function ratesOf(
  { objects }: TrackSet,
  { frameInterval }: Paths,
  { lineages, draws }: MotionParts,
): DivisionRatePoint[] {
  if (lineages.divisions === 0) return [];
  const frames = objectCounts(objects.frame);
  const span = frames.at(-1)!.frame - frames[0]!.frame + 1;
  const window = Math.max(1, Math.ceil(span / rateParts));
  const { points, sums } = divisionRates(lineages, { frame: objects.frame, frameInterval, window });
  const bounds = draws && sums && livesDrawn(lineages.lives.length, draws).of(sums);
  // Where none divides every draw says 0, and an interval without width would be a lie.
  return withIntervals(
    points,
    bounds?.map((one, at) => (points[at]!.n === 0 ? null : one)),
  );
}

function described({ lengthUnit, timeUnit }: Paths, one: Counted): PopulationMeasure {
  const definition = measureDefinitions.get(one.id)!;
  const { version, gapPolicy } = definition;
  const value = one.value !== null && Number.isFinite(one.value) ? one.value : null;
  const unit = spellUnit(definition.unit, lengthUnit, timeUnit);
  const { error, ...rest } = one;
  const known = error !== undefined && Number.isFinite(error) ? { error } : {};
  return { ...rest, ...known, value, version, unit, ...(gapPolicy ? { gapPolicy } : {}) };
}

/** Three times the mean nearest distance that so many objects strewn at random over the bounding box would have. */
function neighbourRadius({ rows, x, y, z, frame, dimensions }: Paths): number | null {
  const axes = dimensions === 3 ? [x, y, z] : [x, y];
  const frames = new Set<number>();
  for (const row of rows) frames.add(frame[row]!);
  const inFrame = rows.length / Math.max(1, frames.size);
  if (inFrame < 2) return null;
  let volume = 1;
  for (const axis of axes) {
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      if (axis[row]! < low) low = axis[row]!;
      if (axis[row]! > high) high = axis[row]!;
    }
    volume *= high - low;
  }
  // Mean nearest distance of a Poisson process: Clark and Evans 1954 in the plane, Chandrasekhar 1943 in space.
  const expected = dimensions === 3 ? 0.55396 * Math.cbrt(volume / inFrame) : 0.5 * Math.sqrt(volume / inFrame);
  return expected > 0 && Number.isFinite(expected) ? 3 * expected : null;
}

function ofCounts(set: TrackSet, { lineages, draws }: MotionParts, summary: MotionSummary): Counted[] {
  const counts = objectCounts(set.objects.frame);
  const [first, last] = [counts[0], counts.at(-1)];
  const unexplained = startEndRate(lineages);
  const ofUnexplained =
    draws && unexplained.value ? livesDrawn(lineages.lives.length, draws).of(startEndSums(lineages))[0] : null;
  return [
    { id: 'proliferation', value: first && last ? last.objects / first.objects : null, n: counts.length },
    { id: 'doubling_time', value: summary.doublingTime, n: counts.length },
    {
      id: 'track_start_end_rate',
      ...unexplained,
      ...(draws ? { interval: ofUnexplained ?? null } : {}),
    },
  ];
}

function ofFits(paths: Paths, { fits, msd }: MotionSummary, { draws, maxLag }: MotionParts): Counted[] {
  const { diffusion, anomalous, furth, lags } = fits;
  const confined = fitConfined(msd.pooled, { lags: [1, Math.max(4, msd.pooled.length)] });
  const isConfined = confined !== undefined && confined.parameters.rate * paths.frameInterval * msd.pooled.length > 1;
  const n = msd.pooled[0]?.n ?? 0;
  const d2 = 2 * paths.dimensions;
  const range = { lags: lags.join('-') };
  const resolved = furth?.isResolved ? furth : null;
  const sums = draws && pooledMsdSums(lagSums(paths, maxLag));
  const shown = msd.pooled.filter(({ lag, msd: value }) => lag <= lags[1] && value !== null);
  const tau = shown.map(({ tau: at }) => at);
  // The walk of each draw, where all paths together resolve one.
  const walk = (of: 'S' | 'P') =>
    draws && sums && resolved
      ? {
          interval: draws.ofCurve(
            sums,
            (curve) =>
              furthOf(
                tau,
                shown.map(({ lag }) => curve[lag - 1]!),
              )?.[of] ?? Number.NaN,
          ),
        }
      : {};
  // The fit of each draw, over the lags of the curve that is shown.
  const drawn = (of: (points: MsdPoint[]) => number | undefined) =>
    draws && sums
      ? {
          interval: draws.ofCurve(
            sums,
            (curve) => of(msd.pooled.map((point) => ({ ...point, msd: curve[point.lag - 1]! }))) ?? Number.NaN,
          ),
        }
      : {};
  return [
    {
      id: 'diffusion_linear',
      value: diffusion?.diffusion ?? null,
      error: (diffusion?.standardErrors.slope ?? Number.NaN) / d2,
      ...drawn((points) => fitDiffusion(points, paths.dimensions)?.diffusion),
      n,
      parameters: { lags: '1-4' },
    },
    {
      id: 'localisation_variance',
      value: diffusion?.localisationVariance ?? null,
      error: (diffusion?.standardErrors.intercept ?? Number.NaN) / d2,
      ...drawn((points) => fitDiffusion(points, paths.dimensions)?.localisationVariance),
      n,
      parameters: { lags: '1-4' },
    },
    {
      id: 'anomalous',
      value: anomalous?.parameters.alpha ?? null,
      error: anomalous?.standardErrors.alpha ?? Number.NaN,
      ...drawn((points) => fitAnomalous(points, paths.dimensions, { lags })?.parameters.alpha),
      n,
      parameters: range,
    },
    {
      id: 'anomalous_K',
      value: anomalous?.parameters.K ?? null,
      error: anomalous?.standardErrors.K ?? Number.NaN,
      ...drawn((points) => fitAnomalous(points, paths.dimensions, { lags })?.parameters.K),
      n,
      parameters: range,
    },
    {
      id: 'furth_speed',
      value: resolved?.parameters.S ?? null,
      error: resolved?.standardErrors.S ?? Number.NaN,
      ...walk('S'),
      n,
      parameters: range,
    },
    {
      id: 'furth',
      value: resolved?.parameters.P ?? null,
      error: resolved?.standardErrors.P ?? Number.NaN,
      ...walk('P'),
      n,
      parameters: range,
    },
    {
      id: 'confined',
      value: isConfined ? confined.parameters.plateau : null,
      error: isConfined ? confined.standardErrors.plateau : Number.NaN,
      ...(isConfined
        ? drawn((points) =>
            plateauOf(
              points.map((point) => point.tau),
              points.map((point) => point.msd ?? Number.NaN),
            ),
          )
        : {}),
      n,
    },
  ];
}

function ofDirections(
  paths: Paths,
  { steps, draws }: MotionParts,
  { directions }: MotionSummary,
  shape: readonly NonGaussianPoint[],
): Counted[] {
  const { statistics } = headingStatistics(steps);
  const directed = directedMigration(paths, { x: 0, y: 1 });
  const drift = hotellingTest(paths);
  const n = statistics?.n ?? 0;
  const moved = drift?.n ?? directed.paths;
  const lag: LagPoint | undefined = directions.autocorrelation[0];
  const first = shape[0];
  const ofShape = (of: 'interval' | 'radialInterval') => (draws ? { interval: first?.[of] ?? null } : {});
  const net = draws && netDisplacements(paths);
  const meanOf = (values: Float64Array | undefined) => (draws && values ? { interval: draws.ofMean(values) } : {});
  const index = (g: { x: number; y: number }) => (draws ? migrationIndices(paths, g).fmi : undefined);
  const headings = draws && headingIntervals(steps);
  const ofHeadings = (of: 'length' | 'direction') => (headings ? { interval: headings[of] } : {});
  const towards = draws ? { interval: draws.of(biasedStepSums(steps))[0] ?? null } : {};
  return [
    {
      id: 'persistence_time_da',
      value: directions.persistence.time,
      ...intervalOf(directions.persistence),
      n: lag?.pairs ?? 0,
    },
    {
      id: 'directional_autocorrelation',
      value: lag?.value ?? null,
      ...intervalOf(lag),
      n: lag?.pairs ?? 0,
      parameters: { lag: 1 },
    },
    {
      id: 'directional_autocorrelation_pathmean',
      ...pathMeanAutocorrelation(paths, 1, steps),
      ...meanOf(draws && meanCosines(paths, steps)),
      parameters: { lag: 1 },
    },
    { id: 'mean_direction', value: statistics?.meanDirection ?? null, ...ofHeadings('direction'), n },
    { id: 'resultant_length', value: statistics?.resultantLength ?? null, ...ofHeadings('length'), n },
    { id: 'rayleigh', value: statistics?.rayleighP ?? null, n },
    { id: 'heading_entropy', value: statistics?.entropy ?? null, n },
    { id: 'centre_of_mass_x', value: directed.centreOfMass?.x ?? null, ...meanOf(net?.x), n: moved },
    { id: 'centre_of_mass_y', value: directed.centreOfMass?.y ?? null, ...meanOf(net?.y), n: moved },
    {
      id: 'fmi',
      value: directedMigration(paths, { x: 1, y: 0 }).fmi,
      ...meanOf(index({ x: 1, y: 0 })),
      n: directed.paths,
      parameters: { g: '+x' },
    },
    { id: 'fmi', value: directed.fmi, ...meanOf(index({ x: 0, y: 1 })), n: directed.paths, parameters: { g: '+y' } },
    { id: 'rayleigh_ends', value: directed.endHeadings?.rayleighP ?? null, n: directed.endHeadings?.n ?? 0 },
    {
      id: 'biased_step_fraction',
      value: directed.biasedStepFraction,
      ...towards,
      n: steps.length.length,
      parameters: { g: '+y' },
    },
    { id: 'hotelling_t2', value: drift?.p ?? null, n: moved },
    {
      id: 'non_gaussian',
      value: first?.value ?? null,
      ...ofShape('interval'),
      n: first?.n ?? 0,
      parameters: { lag: 1, axis: 'x' },
    },
    {
      id: 'non_gaussian_radial',
      value: first?.radial ?? null,
      ...ofShape('radialInterval'),
      n: first?.n ?? 0,
      parameters: { lag: 1 },
    },
    {
      id: 'velocity_fluctuation',
      value: velocityFluctuation(steps),
      ...rootOf(draws?.of(fluctuationSums(steps))[0]),
      n: steps.length.length,
    },
  ];
}

interface Near {
  radius: number | null;
  frames: number;
  neighbours: ReturnType<typeof neighbourMeasures> | null;
  curves: CollectiveMotion['curves'];
  ofVelocity: RadialCurves['ofVelocity'];
  /** Interval of the mean order. */
  ofOrder: Bounds | null;
}

function ofNeighbours(
  { draws }: MotionParts,
  { radius, neighbours, curves, frames, ofVelocity, ofOrder }: Near,
): Counted[] {
  const within = radius === null ? {} : { parameters: { radius, frames } };
  const order = curves.order.flatMap(({ value }) => (value === null ? [] : [value]));
  const peak = curves.overlap.reduce<OverlapPoint | undefined>(
    (best, at) => ((at.chi4 ?? -1) > (best?.chi4 ?? -1) ? at : best),
    undefined,
  );
  const farthest = curves.ripley.filter(({ value }) => value !== null).at(-1);
  const apart = curves.pairSeparation[0];
  const touching = curves.cellPairs.find(({ value }) => value !== null);
  const pairs = curves.velocityCorrelation.reduce((sum, point) => sum + point.pairs, 0);
  const first = curves.overlap[0];
  const near = (of: 'distance' | 'exchange') =>
    draws ? { interval: neighbours === null ? null : (draws.of(neighbours.ofPaths[of])[0] ?? null) } : {};
  const stayed = curves.overlapDistance === null ? {} : { distance: curves.overlapDistance };
  return [
    {
      id: 'order_parameter',
      value: order.length === 0 ? null : mean(order),
      ...(draws ? { interval: ofOrder } : {}),
      n: order.length,
    },
    {
      id: 'neighbour_distance',
      value: neighbours?.distance ?? null,
      ...near('distance'),
      n: neighbours?.n.objects ?? 0,
      ...within,
    },
    {
      id: 'neighbour_exchange',
      value: neighbours?.exchange ?? null,
      ...near('exchange'),
      n: neighbours?.n.steps ?? 0,
      ...within,
    },
    {
      id: 'correlation_length',
      value: correlationLength(wellKnown(curves.velocityCorrelation)),
      ...(ofVelocity
        ? {
            interval: fromZero(
              ofVelocity(
                (curve) =>
                  correlationLength(
                    wellKnown(curves.velocityCorrelation.map((point, at) => ({ ...point, value: finite(curve[at]!) }))),
                  ) ?? Number.NaN,
              ),
            ),
          }
        : {}),
      n: pairs,
      ...within,
    },
    {
      id: 'cell_pairs',
      value: touching?.value ?? null,
      ...intervalOf(touching),
      n: touching?.pairs ?? 0,
      parameters: { distance: touching?.distance ?? 0 },
    },
    {
      id: 'pair_separation_msd',
      value: apart?.value ?? null,
      ...intervalOf(apart),
      n: apart?.n ?? 0,
      parameters: { lag: 1, radius: (radius ?? 0) / 3 },
    },
    {
      id: 'overlap',
      value: first?.value ?? null,
      ...intervalOf(first),
      n: first?.n ?? 0,
      parameters: { lag: 1, ...stayed },
    },
    { id: 'chi_4', value: peak?.chi4 ?? null, n: peak?.n ?? 0, parameters: { lag: peak?.lag ?? 0, ...stayed } },
    {
      id: 'ripley_L',
      value: farthest?.value ?? null,
      ...intervalOf(farthest),
      n: farthest?.n ?? 0,
      parameters: { radius: farthest?.radius ?? 0, frames: 1 },
    },
  ];
}

const intervalOf = (point: { interval?: Bounds | null } | undefined) =>
  point?.interval === undefined ? {} : { interval: point.interval };

/** The interval of a root from that of what it is the root of. */
const rootOf = (square: Bounds | null | undefined) =>
  square === undefined
    ? {}
    : { interval: square && { low: Math.sqrt(Math.max(0, square.low)), high: Math.sqrt(square.high) } };

/** The interval of what is never below 0; none where every draw crosses in the first ring, which is as wide as it is. */
const fromZero = (bounds: Bounds | null) =>
  bounds && bounds.high > bounds.low ? { ...bounds, low: Math.max(0, bounds.low) } : null;

const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** Pairs below which a ring says nothing: a chance zero would be taken for the correlation length. */
const leastPairs = 30;

const wellKnown = (curve: readonly RadialPoint[]) => curve.filter(({ pairs }) => pairs >= leastPairs);

/** Counts in 40 bins of equal width. */
function histogramOf(values: Float64Array): { from: number; to: number; counts: number[] } | null {
  let [from, to] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (!(to > from)) return null;
  const counts = Array.from({ length: 40 }, () => 0);
  for (const value of values) counts[Math.min(39, Math.floor(((value - from) / (to - from)) * 40))]!++;
  return { from, to, counts };
}
