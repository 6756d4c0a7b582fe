import type { TrackSet } from '../track-set.ts';
import {
  type CircularStatistics,
  directionalityRatio,
  headingStatistics,
  type LagPoint,
  meanSquareVelocity,
  turnCounts,
  velocityAutocorrelation,
} from './directions.ts';
import { correlationSums, directionalitySums, speedSums } from './curve-sums.ts';
import { indexFrames } from './frames.ts';
import type { Lineages } from './lineage.ts';
import { motionParts } from './motion-parts.ts';
import { withIntervals } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { type FramePoint, speedOverTime } from './populations.ts';

/** Counts of angles in bins of equal width, the first beginning at `from`. */
export interface AngleCounts {
  /** Radians. */
  from: number;
  /** Radians. */
  to: number;
  counts: number[];
}

/** What plots of one set draw beside its summary: motility-measures, sections 3, 4, 5 and 7. */
export interface MotionCurves {
  /** Objects by frame, also those without edges; `time` is `null` where only frames are known. */
  objects: { frame: number; time: number | null; objects: number }[];
  /** Mean speed of the steps over one frame that begin in a frame. */
  speeds: FramePoint[];
  /** Headings of steps and of whole paths, minus pi to pi, y as in the data. */
  headings: { steps: AngleCounts; paths: AngleCounts; statistics: CircularStatistics | null };
  /** Turning angles, 0 (straight on) to pi (back). */
  turns: AngleCounts;
  velocityAutocorrelation: LagPoint[];
  /** Mean of v . v: what the velocity autocorrelation was divided by, in square length by square time. `null` where there is no step. */
  meanSquareVelocity: number | null;
  directionality: LagPoint[];
  /** Complete cell cycles (a division at both ends), with the generation of the cell. */
  cycles: ({ generation: number | null; cycleLength: number } & ObjectPlace)[];
}

/** An object of a set: what leads from a dot of a plot to its picture. */
export interface ObjectPlace {
  /** Id of the object. */
  object: number;
  frame: number;
  /** Computed track; -1 for an object without edges. */
  track: number;
}

/** Finds the place of an object row. */
export function placesOf({ objects }: TrackSet, paths: Paths): (row: number) => ObjectPlace {
  const track = new Int32Array(objects.count).fill(-1);
  for (let path = 0; path < paths.count; path++)
    for (let i = paths.offsets[path]!; i < paths.offsets[path + 1]!; i++) track[paths.rows[i]!] = paths.track[path]!;
  return (row) => ({ object: objects.id[row]!, frame: objects.frame[row]!, track: track[row]! });
}

/** Sectors of a rose plot: 15 degrees each. */
const sectors = 24;

/** Bins of turning angles: 10 degrees each. */
const turnBins = 18;

/**
 * Computes the curves of a set.
 * @param paths as `pathsOf` gives them for the set
 * @param parts as `summariseMotion` gives them, where it was called before
 */
export function motionCurves(set: TrackSet, paths: Paths, parts = motionParts(set, paths)): MotionCurves {
  const { maxLag, steps, correlations, lineages } = parts;
  const isTimed = paths.timeUnit !== 'frame';
  const { statistics, counts } = headingStatistics(steps);
  const speeds = speedOverTime(paths, steps);
  const { draws } = parts;
  const bounds = draws && {
    speeds: draws.of(
      speedSums(
        steps,
        speeds.map(({ frame }) => frame),
      ),
    ),
    velocity: draws.of(correlationSums(paths, steps, maxLag).velocity, { normalised: true }),
    ratio: draws.of(directionalitySums(paths, maxLag)),
  };
  return {
    objects: timedCounts(set.objects.frame, isTimed ? paths.time : undefined),
    speeds: withIntervals(speeds, bounds?.speeds),
    headings: {
      steps: { from: -Math.PI, to: Math.PI, counts },
      paths: binned(pathHeadings(paths), -Math.PI, Math.PI, sectors),
      statistics,
    },
    turns: { from: 0, to: Math.PI, counts: turnCounts(steps, turnBins) },
    velocityAutocorrelation: withIntervals(velocityAutocorrelation(paths, maxLag, correlations), bounds?.velocity),
    meanSquareVelocity: meanSquareVelocity(paths, steps, correlations),
    directionality: withIntervals(directionalityRatio(paths, maxLag), bounds?.ratio),
    cycles: cyclesOf(set, paths, lineages),
  };
}

function cyclesOf(set: TrackSet, paths: Paths, { lives }: Lineages): MotionCurves['cycles'] {
  const complete = lives.filter(({ cycleLength }) => cycleLength !== null);
  if (complete.length === 0) return [];
  const placeOf = placesOf(set, paths);
  return complete.map(({ generation, cycleLength, firstObject }) => ({
    generation,
    cycleLength: cycleLength!,
    ...placeOf(firstObject),
  }));
}

/** Objects of each frame, with the first time known of it. */
function timedCounts(frame: Int32Array, time: Float64Array | undefined): MotionCurves['objects'] {
  const { frames, placeOf } = indexFrames(frame);
  const counts = new Uint32Array(frames.length);
  const times = new Float64Array(frames.length).fill(Number.NaN);
  for (let row = 0; row < frame.length; row++) {
    const place = placeOf[row]!;
    counts[place]!++;
    if (time && Number.isNaN(times[place]!) && Number.isFinite(time[row]!)) times[place] = time[row]!;
  }
  return frames.map((at, place) => ({
    frame: at,
    objects: counts[place]!,
    time: Number.isNaN(times[place]!) ? null : times[place]!,
  }));
}

/** Heading from the first to the last detection of each path that moved in the plane. */
function pathHeadings({ count, offsets, rows, x, y }: Paths): Float64Array {
  const found: number[] = [];
  for (let path = 0; path < count; path++) {
    const [first, last] = [rows[offsets[path]!]!, rows[offsets[path + 1]! - 1]!];
    const [dx, dy] = [x[last]! - x[first]!, y[last]! - y[first]!];
    if (dx !== 0 || dy !== 0) found.push(Math.atan2(dy, dx));
  }
  return Float64Array.from(found);
}

function binned(angles: ArrayLike<number>, from: number, to: number, bins: number): AngleCounts {
  const counts = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < angles.length; i++) {
    const bin = Math.floor(((angles[i]! - from) / (to - from)) * bins);
    if (bin >= 0) counts[Math.min(bins - 1, bin)]!++;
  }
  return { from, to, counts };
}
