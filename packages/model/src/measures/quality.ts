import { indexFrames } from './frames.ts';
import { lengthOf } from './hull.ts';
import { lagSums, type LagSums, pooledMsd } from './msd.ts';
import { fitDiffusion } from './msd-fits.ts';
import { NearestNeighbours } from './nearest-neighbours.ts';
import type { Paths } from './paths.ts';
import { median } from './statistics.ts';

/** How far the tracks themselves can be trusted: to be shown before any number of motility. Shares are of 1. */
export interface TrackQuality {
  paths: number;
  steps: number;
  /** Objects in a frame, of frames that have any; `null` of nothing. */
  detections: { least: number; mean: number; most: number } | null;
  /** Share of steps over more than one frame. */
  gapShare: number | null;
  /** Share of paths with fewer than five detections. */
  shortShare: number | null;
  /** Median step length by median distance to the nearest other object of the frame: over 0.5 links are doubtful. */
  stepToNeighbour: number | null;
  /** Steps longer than the median plus eight times the median absolute deviation. */
  jumps: number;
  /** Standard deviation of a position along one axis, from the intercept of the mean squared displacement; `null` where it is negative. */
  localisationError: number | null;
  /** How far all objects moved together: length of the mean steps of all frames, added up (`driftOf`). `null` where nothing was followed. */
  drift: number | null;
}

/** Most frames in which nearest neighbours are sought. */
const mostFrames = 200;

/** Objects beyond which further frames are left out: the median of so many distances is as good as that of all. */
const mostNeighbours = 200_000;

/** Lags from which the localisation error is read. */
const interceptLags = 4;

/**
 * Quality measures of motility-measures, section 8. Nearest neighbours are sought in at most 200 frames and of about
 * 200,000 objects, in frames evenly chosen.
 * @param known sums of squared displacements of the paths, where they were made before
 */
export function qualityOf(paths: Paths, frame: ArrayLike<number>, known?: LagSums): TrackQuality {
  const { offsets, rows, x, y, z } = paths;
  const all = new Float64Array(rows.length);
  let [gaps, steps, short, kept] = [0, 0, 0, 0];
  for (let path = 0; path < paths.count; path++) {
    if (offsets[path + 1]! - offsets[path]! < 5) short++;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      steps++;
      if (paths.frame[b]! - paths.frame[a]! > 1) gaps++;
      else all[kept++] = lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!);
    }
  }
  const lengths = all.subarray(0, kept);
  const middle = median(lengths);
  const deviations = new Float64Array(kept);
  for (let i = 0; i < kept; i++) deviations[i] = Math.abs(lengths[i]! - middle);
  const jump = middle + 8 * median(deviations);
  let jumps = 0;
  for (let i = 0; i < kept; i++) if (lengths[i]! > jump) jumps++;
  const neighbour = median(neighbourDistances(paths, frame));
  const sums = known && known.maxLag >= interceptLags ? known : lagSums(paths, interceptLags);
  const intercept = fitDiffusion(pooledMsd(paths, sums), paths.dimensions)?.localisationVariance;
  return {
    paths: paths.count,
    steps,
    detections: detectionsOf(frame),
    gapShare: steps === 0 ? null : gaps / steps,
    shortShare: paths.count === 0 ? null : short / paths.count,
    stepToNeighbour: neighbour > 0 && Number.isFinite(middle) ? middle / neighbour : null,
    jumps,
    localisationError: intercept !== undefined && intercept >= 0 ? Math.sqrt(intercept) : null,
    drift: driftLength(paths),
  };
}

function detectionsOf(frame: ArrayLike<number>): TrackQuality['detections'] {
  const { frames, placeOf } = indexFrames(frame);
  if (frames.length === 0) return null;
  const counts = new Uint32Array(frames.length);
  for (const place of placeOf) counts[place]!++;
  let [least, most] = [Infinity, 0];
  for (const count of counts) {
    least = Math.min(least, count);
    most = Math.max(most, count);
  }
  return { least, mean: placeOf.length / frames.length, most };
}

/** Length of the last value of `driftOf`. */
function driftLength({ count, offsets, rows, frame, x, y, z }: Paths): number | null {
  const { frames, placeOf } = indexFrames(frame);
  const sums = new Float64Array(frames.length * 3);
  const steps = new Uint32Array(frames.length);
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      if (frame[b]! - frame[a]! !== 1) continue;
      const at = placeOf[b]!;
      sums[at * 3]! += x[b]! - x[a]!;
      sums[at * 3 + 1]! += y[b]! - y[a]!;
      sums[at * 3 + 2]! += z[b]! - z[a]!;
      steps[at]!++;
    }
  const drift = [0, 0, 0] as [number, number, number];
  let isFollowed = false;
  for (let at = 0; at < steps.length; at++) {
    if (steps[at] === 0) continue;
    isFollowed = true;
    for (let axis = 0; axis < 3; axis++) drift[axis]! += sums[at * 3 + axis]! / steps[at]!;
  }
  return isFollowed ? lengthOf(...drift) : null;
}

/** Distances from objects to the nearest other of their frame. */
function neighbourDistances({ x, y, z }: Paths, frame: ArrayLike<number>): Float64Array {
  const { frames, placeOf } = indexFrames(frame);
  const isPlaced = (row: number) => Number.isFinite(x[row]!) && Number.isFinite(y[row]!) && Number.isFinite(z[row]!);
  const starts = new Uint32Array(frames.length + 1);
  for (let row = 0; row < frame.length; row++) if (isPlaced(row)) starts[placeOf[row]! + 1]!++;
  const places = frames.map((_, place) => place).filter((place) => starts[place + 1]! > 0);
  const seen = places.reduce((sum, place) => sum + starts[place + 1]!, 0);
  const stride = Math.max(1, Math.ceil(places.length / mostFrames), Math.ceil(seen / mostNeighbours));
  const isChosen = new Uint8Array(frames.length);
  for (let k = 0; k < places.length; k += stride) if (starts[places[k]! + 1]! > 1) isChosen[places[k]!] = 1;
  for (let place = 0; place < frames.length; place++)
    starts[place + 1] = starts[place]! + (isChosen[place] === 1 ? starts[place + 1]! : 0);
  const rows = new Uint32Array(starts[frames.length]!);
  const next = starts.slice();
  for (let row = 0; row < frame.length; row++)
    if (isChosen[placeOf[row]!] === 1 && isPlaced(row)) rows[next[placeOf[row]!]!++] = row;
  const found = new Float64Array(rows.length);
  const neighbours = new NearestNeighbours({ x, y, z });
  for (let place = 0; place < frames.length; place++) {
    const [from, to] = [starts[place]!, starts[place + 1]!];
    if (to > from) neighbours.find(rows.subarray(from, to), found.subarray(from, to));
  }
  return found;
}
