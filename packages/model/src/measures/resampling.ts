import type { TrackSet } from '../track-set.ts';
import type { TimeUnit } from '../units.ts';
import { type PathOptions, type Paths, pathsOf } from './paths.ts';

/** Version of how `everyNthFrame` thins out: numbers of another version are other numbers. */
export const resamplingVersion = 1;

/** A set as if fewer frames had been recorded, with what that does to it. */
export interface Resampled {
  set: TrackSet;
  /** Every how many frames one is kept. */
  every: number;
  /** Time between frames now, in the unit of the set's times (frames where there is none). */
  frameInterval: number;
  /** Steps before and after, and paths that no longer have a step. */
  steps: { before: number; after: number };
  lostPaths: number;
  /** What must be said beside numbers measured on it. */
  warning: string;
}

/**
 * Keeps every n-th frame of a set (frames that are multiples of n, counted from its first), so that sets of different time steps
 * can be compared: speed falls and straightness rises as the time between frames grows. Within a path the kept objects follow one
 * another; where it divides, the new paths begin at their first kept frame, and the edge to the parent is gone.
 * Never done silently: `warning` belongs beside every number.
 * @throws RangeError where `every` is no whole number above 0
 */
export function everyNthFrame(set: TrackSet, every: number, options: PathOptions = {}): Resampled {
  if (!Number.isSafeInteger(every) || every < 1)
    throw new RangeError('Every how many frames is a whole number above 0.');
  // Links hold every edge once; lines from the root share their beginnings.
  const paths = pathsOf(set, { ...options, along: 'links' });
  let first = Number.POSITIVE_INFINITY;
  for (const row of paths.rows) first = Math.min(first, paths.frame[row]!);
  const [sources, targets]: [number[], number[]] = [[], []];
  let [before, lostPaths] = [0, 0];
  for (let path = 0; path < paths.count; path++) {
    let last = -1;
    const stepsBefore = targets.length;
    for (let at = paths.offsets[path]!; at < paths.offsets[path + 1]!; at++) {
      if (at > paths.offsets[path]!) before++;
      const row = paths.rows[at]!;
      if ((paths.frame[row]! - first) % every !== 0) continue;
      if (last >= 0) {
        sources.push(last);
        targets.push(row);
      }
      last = row;
    }
    if (targets.length === stepsBefore) lostPaths++;
  }
  const frameInterval = paths.frameInterval * every;
  return {
    set: kept(set, paths, { first, every, sources, targets, frameInterval }),
    every,
    frameInterval,
    steps: { before, after: targets.length },
    lostPaths,
    warning:
      `One frame of ${every} is measured: ${targets.length} of ${before} steps` +
      `${lostPaths > 0 ? `, ${lostPaths} of ${paths.count} paths are too short` : ''}. Speeds are lower and paths straighter than in the recording.`,
  };
}

interface Kept {
  first: number;
  every: number;
  sources: readonly number[];
  targets: readonly number[];
  frameInterval: number;
}

/** The objects of the kept frames, counted anew from 0, with their times as they were and the new edges. */
function kept(set: TrackSet, paths: Paths, { first, every, sources, targets, frameInterval }: Kept): TrackSet {
  const { objects, timeUnit: _unit, sourceTracks: _tracks, ...about } = set;
  const rows: number[] = [];
  for (let row = 0; row < objects.count; row++) if ((objects.frame[row]! - first) % every === 0) rows.push(row);
  const place = new Map(rows.map((row, at) => [row, at]));
  const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!);
  return {
    ...about,
    // Where no time is known, times stay frames of the recording: a speed is still one for each of its frames.
    ...(paths.timeUnit === 'unknown' ? {} : { timeUnit: paths.timeUnit as TimeUnit }),
    provenance: { ...set.provenance, frameInterval },
    objects: {
      count: rows.length,
      id: pick(objects.id),
      frame: Int32Array.from(rows, (row) => (objects.frame[row]! - first) / every),
      time: pick(paths.time),
      x: pick(objects.x),
      y: pick(objects.y),
      ...(objects.z ? { z: pick(objects.z) } : {}),
      columns: [],
      entity: objects.entity,
    },
    edges: {
      count: sources.length,
      source: Uint32Array.from(sources, (row) => place.get(row)!),
      target: Uint32Array.from(targets, (row) => place.get(row)!),
      columns: [],
    },
  };
}
