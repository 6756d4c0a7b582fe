import { lagSums, pooledMsd } from './msd.ts';
import { fitDiffusion } from './msd-fits.ts';
import { lengthOf } from './hull.ts';
import type { Paths } from './paths.ts';
import { median } from './statistics.ts';

/** How far the tracks themselves can be trusted: to be shown before any number of motility. Shares are of 1. */
export interface TrackQuality {
  paths: number;
  steps: number;
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
}

/** Quality measures of motility-measures, section 8. Nearest neighbours are sought in at most 200 frames, evenly chosen. */
export function qualityOf(paths: Paths, frame: ArrayLike<number>): TrackQuality {
  const { offsets, rows, x, y, z } = paths;
  const lengths: number[] = [];
  let [gaps, steps, short] = [0, 0, 0];
  for (let path = 0; path < paths.count; path++) {
    if (offsets[path + 1]! - offsets[path]! < 5) short++;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      steps++;
      if (paths.frame[b]! - paths.frame[a]! > 1) gaps++;
      else lengths.push(lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!));
    }
  }
  const middle = median(lengths);
  const deviation = median(lengths.map((length) => Math.abs(length - middle)));
  const neighbour = median(neighbourDistances(paths, frame));
  const maxLag = 4;
  const intercept = fitDiffusion(pooledMsd(paths, lagSums(paths, maxLag)), paths.dimensions)?.localisationVariance;
  return {
    paths: paths.count,
    steps,
    gapShare: steps === 0 ? null : gaps / steps,
    shortShare: paths.count === 0 ? null : short / paths.count,
    stepToNeighbour: neighbour > 0 && Number.isFinite(middle) ? middle / neighbour : null,
    jumps: lengths.filter((length) => length > middle + 8 * deviation).length,
    localisationError: intercept !== undefined && intercept >= 0 ? Math.sqrt(intercept) : null,
  };
}

/** Distance from each object to the nearest other of its frame, along sorted x so that far ones are never looked at. */
function neighbourDistances({ x, y, z }: Paths, frame: ArrayLike<number>): number[] {
  const byFrame = new Map<number, number[]>();
  for (let row = 0; row < frame.length; row++) {
    if (!Number.isFinite(x[row]!)) continue;
    const mine = byFrame.get(frame[row]!);
    if (mine) mine.push(row);
    else byFrame.set(frame[row]!, [row]);
  }
  const frames = [...byFrame.keys()].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(frames.length / 200));
  const found: number[] = [];
  for (let k = 0; k < frames.length; k += stride) {
    const mine = byFrame.get(frames[k]!)!.sort((a, b) => x[a]! - x[b]!);
    if (mine.length < 2) continue;
    mine.forEach((row, i) => {
      let best = Infinity;
      for (const way of [-1, 1])
        for (let j = i + way; j >= 0 && j < mine.length && Math.abs(x[mine[j]!]! - x[row]!) < best; j += way) {
          const other = mine[j]!;
          best = Math.min(best, lengthOf(x[other]! - x[row]!, y[other]! - y[row]!, z[other]! - z[row]!));
        }
      found.push(best);
    });
  }
  return found;
}
