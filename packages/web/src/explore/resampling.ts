import {
  commonUnit,
  everyNthFrame,
  measureDefinitions,
  measurePaths,
  pathsOf,
  summariseMeasure,
  type TrackSet,
} from '@micrarium/model';
import { openTrackGraph } from '../viewer/open-film.ts';
import type { ExploredSet } from './explore-answer.ts';
import type { PathValues } from './path-values.ts';

/** Steps up to which a set is fetched and measured anew in the browser: of its tables only positions and edges. */
const mostSteps = 2_000_000;

/** How far an interval may lie from a whole multiple: clocks of microscopes are no better. */
const tolerance = 0.02;

/** Draws for the interval of a mean, as many as at ingest. */
const draws = 400;

/** What is done with a set so that all have one time step, or why nothing can be. */
export type ResamplePlan = { every: number } | 'longer' | 'no-multiple' | 'other-unit' | 'too-large';

/** How a set comes to a time between frames, written as `60 second`. Every frame (1) where it has it already. */
export function resamplePlan(set: ExploredSet, target: string): ResamplePlan {
  const [value, unit] = [Number(target.split(' ')[0]), target.split(' ')[1]];
  if (!set.frameInterval || set.frameInterval.unit !== unit) return 'other-unit';
  const ratio = value / set.frameInterval.value;
  const every = Math.round(ratio);
  if (every < 1) return 'longer';
  if (Math.abs(ratio - every) > tolerance * every) return 'no-multiple';
  if (every > 1 && (set.quality?.steps ?? Infinity) > mostSteps) return 'too-large';
  return { every };
}

/** A set measured on fewer of its frames, and what that lost. */
export interface ResampledSet {
  set: ExploredSet;
  every: number;
  steps: { before: number; after: number };
  lostPaths: number;
  /** Its paths, in the units of its measures. */
  paths: PathValues;
}

/** Fetches a set and measures every n-th of its frames, counted from its first. Its measures are in the same units as before. */
export async function measureResampled(
  set: ExploredSet,
  every: number,
  measures: readonly string[],
  signal: AbortSignal,
): Promise<ResampledSet> {
  const { accession, version, item, part } = set;
  return resampledFrom(await openTrackGraph({ accession, version, item }, part, signal), set, every, measures);
}

/** The same of a set that is there. */
export function resampledFrom(
  tracks: TrackSet,
  set: ExploredSet,
  every: number,
  measures: readonly string[],
): ResampledSet {
  const options = { dimensions: set.dimensions, ...intervalOf(tracks, set) };
  const { set: thinned, steps, lostPaths, frameInterval } = everyNthFrame(tracks, every, options);
  const paths = pathsOf(thinned, { dimensions: set.dimensions });
  const time = commonUnit('time', paths.lengthUnit, paths.timeUnit);
  const columns = measurePaths(paths, { ids: measures });
  const factorOf = (id: string) => commonUnit(measureDefinitions.get(id)!.unit, paths.lengthUnit, paths.timeUnit);
  const firstRows = Array.from({ length: paths.count }, (_, path) => paths.rows[paths.offsets[path]!]!);
  return {
    every,
    steps,
    lostPaths,
    paths: {
      track: paths.track,
      object: firstRows.map((row) => thinned.objects.id[row]!),
      frame: firstRows.map((row) => paths.frame[row]!),
      detections: firstRows.map((_row, path) => paths.offsets[path + 1]! - paths.offsets[path]!),
      values: columns.map(({ id, values }) => values.map((value) => value * factorOf(id).factor)),
    },
    set: {
      ...set,
      frameInterval: { value: frameInterval * time.factor, unit: time.unit },
      paths: paths.count,
      measures: columns.map((column) => {
        const {
          id,
          version,
          unit: originalUnit,
          gapPolicy,
          mean,
          interval,
          n,
          undefinedPaths,
        } = summariseMeasure(column, draws);
        const { unit, factor } = factorOf(id);
        return {
          id,
          version,
          unit,
          originalUnit,
          factor,
          ...(gapPolicy ? { gapPolicy } : {}),
          mean: mean === null ? null : mean * factor,
          interval: interval && { low: interval.low * factor, high: interval.high * factor },
          n,
          undefinedPaths,
        };
      }),
    },
  };
}

/** The time between frames in the unit of the set itself, where only the summary of the set knows it. */
function intervalOf(tracks: TrackSet, { frameInterval }: ExploredSet): { frameInterval?: number } {
  if (!frameInterval || frameInterval.unit === 'frame') return {};
  const { factor } = commonUnit('time', tracks.spaceUnit ?? 'unknown', tracks.timeUnit ?? 'unknown');
  return { frameInterval: frameInterval.value / factor };
}
