import type { Counted } from './collective-motion.ts';
import {
  correlationOfPairs,
  deathOrLoss,
  type DivisionGeometry,
  divisionRate,
  divisionSums,
  motherDaughterCorrelation,
  sisterCorrelation,
} from './lineage-measures.ts';
import { cycleDurations, motherDaughterCycles, sisterAsymmetries, sisterValues } from './lineage.ts';
import type { MotionParts } from './motion-parts.ts';
import { PathDraws } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { bootstrap, correlation, kaplanMeier, mean, median } from './statistics.ts';
import type { MotionSummary } from './summary.ts';

/** Lives above which they are not drawn: their spread says the same. */
const mostDrawnLives = 5000;

/** Draws for what only draws give an interval of (medians, correlations), where the rest of a set has none. */
const fewDraws = 200;

/** Values above which medians and correlations have no interval: drawing them takes long. */
const mostDrawnValues = 100_000;

/** Draws of whole lives, or their spread where they are many: they, not paths, are what rates of lineages are counted over. */
export function livesDrawn(lives: number, { kind }: PathDraws): PathDraws {
  return new PathDraws(lives, lives > mostDrawnLives ? { ...kind, resamples: 0 } : kind);
}

/** Numbers of the lineages of a set: motility-measures, section 7. Each is drawn by what it is counted over: lives, divisions, pairs. */
export function lineageNumbers(
  paths: Paths,
  { lineages, draws }: MotionParts,
  { lineage }: MotionSummary,
  geometries: readonly DivisionGeometry[],
  radius: number | null,
): Counted[] {
  if (lineages.lives.length === 0) return [];
  const margin = radius === null ? 0 : radius / 3;
  const loss = deathOrLoss(lineages, paths, margin);
  const drawnMean = (values: Float64Array) =>
    draws ? { interval: livesDrawn(values.length, draws).ofMean(values) } : {};
  const drawnAs = (units: number, statistic: (chosen: Uint32Array) => number) => {
    if (!draws || units > mostDrawnValues) return {};
    const { seed } = draws.kind;
    const resamples = draws.kind.resamples || fewDraws;
    let without = 0;
    const found = bootstrap(
      units,
      (chosen) => {
        const value = statistic(chosen);
        if (!Number.isFinite(value)) without++;
        return value;
      },
      { resamples, seed },
    );
    // The ends of the interval would be those of the draws that have a value.
    const isSettled = found !== null && without <= 0.05 * resamples;
    return { interval: isSettled ? { low: found.low, high: found.high } : null };
  };
  const drawnMedian = (values: readonly number[]) =>
    drawnAs(values.length, (chosen) => median(Float64Array.from(chosen, (at) => values[at]!)));
  const losses = Math.round((loss.value ?? 0) * loss.n);
  const lives = Float64Array.from({ length: loss.n }, (_, at) => (at < losses ? 1 : 0));
  // Where none is lost, or all are, every draw says the same: no interval.
  const ofLoss = losses > 0 && losses < loss.n ? drawnMean(lives) : {};
  const lost = { id: 'death_or_loss', ...loss, ...ofLoss, parameters: { margin } };
  if (lineages.divisions === 0) return [lost];
  const asymmetries = sisterAsymmetries(lineages);
  const known = (of: (one: DivisionGeometry) => number | null) =>
    geometries.map(of).filter((value) => value !== null && Number.isFinite(value)) as number[];
  const angles = known(({ angle }) => angle);
  const speeds = known(({ separationSpeed }) => separationSpeed);
  const times = known(({ time }) => time);
  const durations = cycleDurations(lineages.lives);
  const sisters = sisterValues(lineages);
  const { mother, daughter } = motherDaughterCycles(lineages);
  const objects = lineages.lives.reduce((sum, life) => sum + life.objects, 0);
  const ofRate = draws && livesDrawn(lineages.lives.length, draws).of(divisionSums(lineages, paths.frameInterval));
  return [
    lost,
    {
      id: 'n_leaves',
      value: lineages.lives.filter(({ daughters }) => daughters.length === 0).length,
      n: lineages.lives.length,
    },
    { id: 'division_time', value: median(times), ...drawnMedian(times), n: times.length },
    {
      id: 'division_rate',
      value: divisionRate(lineages, paths.frameInterval),
      ...(ofRate ? { interval: ofRate[0] ?? null } : {}),
      n: objects,
    },
    {
      id: 'median_cycle_length',
      value: lineage.medianCycleLength,
      ...drawnAs(durations.length, (chosen) => kaplanMeier(at(durations, chosen)).median ?? Number.NaN),
      n: lineage.completeCycles,
    },
    {
      id: 'sister_asymmetry',
      value: asymmetries.length === 0 ? null : mean(asymmetries),
      ...drawnMean(Float64Array.from(asymmetries)),
      n: asymmetries.length,
    },
    {
      id: 'sister_correlation',
      ...sisterCorrelation(lineages),
      ...drawnAs(sisters.length, (chosen) => correlationOfPairs(at(sisters, chosen)).value ?? Number.NaN),
    },
    {
      id: 'mother_daughter_correlation',
      ...motherDaughterCorrelation(lineages),
      ...drawnAs(mother.length, (chosen) => correlation(at(mother, chosen), at(daughter, chosen))),
    },
    { id: 'division_angle', value: median(angles), ...drawnMedian(angles), n: angles.length },
    { id: 'separation_speed', value: median(speeds), ...drawnMedian(speeds), n: speeds.length },
  ];
}

const at = <T>(values: readonly T[], chosen: Uint32Array): T[] => Array.from(chosen, (one) => values[one]!);
