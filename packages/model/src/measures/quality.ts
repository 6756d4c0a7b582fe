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
  const all = new Float64Array(rows.length);
  let [gaps, steps, short, kept] = [0, 0, 0, 0];
  for (let path = 0; path < paths.count; path++) {
    if (offsets[path + 1]! - offsets[path]! < 5) short++;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      steps++;
      if (paths.frame[b]! - paths.frame[a]! > 1) gaps++;
      else all[kept++] = lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!);
    }
  }
  const lengths = all.subarray(0, kept);
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

/** Distance from each object to the nearest other of its frame. */
function neighbourDistances(paths: Paths, frame: ArrayLike<number>): Float64Array {
  const { x, y, z } = paths;
  const byFrame = new Map<number, number[]>();
  for (let row = 0; row < frame.length; row++) {
    if (!Number.isFinite(x[row]!) || !Number.isFinite(y[row]!) || !Number.isFinite(z[row]!)) continue;
    const mine = byFrame.get(frame[row]!);
    if (mine) mine.push(row);
    else byFrame.set(frame[row]!, [row]);
  }
  const frames = [...byFrame.keys()].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(frames.length / 200));
  const found = new Float64Array(frame.length);
  let count = 0;
  for (let k = 0; k < frames.length; k += stride) {
    const mine = byFrame.get(frames[k]!)!;
    if (mine.length > 1) count = nearestInFrame(paths, mine, found, count);
  }
  return found.subarray(0, count);
}

/** Objects of one frame whose x lies close, in order of y. */
interface Column {
  rows: number[];
  /** Of the rows. */
  y: Float64Array;
  /** Of x. */
  least: number;
  most: number;
}

/**
 * Cuts a frame into columns of about as many objects as there are columns, however unevenly they lie, so that few
 * objects are looked at for each.
 * @returns how many distances are in `found` now
 */
function nearestInFrame(paths: Paths, rows: readonly number[], found: Float64Array, count: number): number {
  const { x, y } = paths;
  const sorted = Float64Array.from(rows, (row) => x[row]!).sort();
  const each = Math.ceil(Math.sqrt(rows.length));
  const borders = Float64Array.from({ length: Math.ceil(rows.length / each) }, (_, n) => sorted[n * each]!);
  const columns = Array.from(borders, (): Column => ({ rows: [], y: borders, least: Infinity, most: -Infinity }));
  for (const row of rows) {
    const column = columns[Math.max(0, firstAbove(borders, x[row]!) - 1)]!;
    column.rows.push(row);
    column.least = Math.min(column.least, x[row]!);
    column.most = Math.max(column.most, x[row]!);
  }
  for (const column of columns) {
    column.rows.sort((a, b) => y[a]! - y[b]!);
    column.y = Float64Array.from(column.rows, (row) => y[row]!);
  }
  let next = count;
  for (const [n, column] of columns.entries())
    for (const row of column.rows) {
      let best = nearestInColumn(paths, column, row, Infinity);
      for (let left = n - 1; left >= 0 && !(x[row]! - columns[left]!.most >= best); left--)
        best = nearestInColumn(paths, columns[left]!, row, best);
      for (let right = n + 1; right < columns.length && !(columns[right]!.least - x[row]! >= best); right++)
        best = nearestInColumn(paths, columns[right]!, row, best);
      found[next++] = best;
    }
  return next;
}

/** The smaller of `best` and the distance to the nearest other object of the column. */
function nearestInColumn({ x, y, z }: Paths, column: Column, row: number, best: number): number {
  const { rows, y: ordered } = column;
  const [px, py, pz] = [x[row]!, y[row]!, z[row]!];
  const from = firstAbove(ordered, py);
  let least = best;
  for (let n = from; n < rows.length && ordered[n]! - py < least; n++) {
    const other = rows[n]!;
    const distance = lengthOf(x[other]! - px, y[other]! - py, z[other]! - pz);
    if (distance < least) least = distance;
  }
  for (let n = from - 1; n >= 0 && py - ordered[n]! < least; n--) {
    const other = rows[n]!;
    if (other === row) continue;
    const distance = lengthOf(x[other]! - px, y[other]! - py, z[other]! - pz);
    if (distance < least) least = distance;
  }
  return least;
}

/** Place of the first value above another; the number of values where none is. */
function firstAbove(ordered: Float64Array, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
