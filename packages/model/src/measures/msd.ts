import type { Bounds } from './path-draws.ts';
import type { Paths } from './paths.ts';

/** Mean squared displacement at one lag. */
export interface MsdPoint {
  /** Frames between the two detections of a pair. */
  lag: number;
  /** The lag as time, in the time unit of the paths. */
  tau: number;
  /** In square length units; `null` where there is no pair. */
  msd: number | null;
  /** Pairs (or, for means over paths, paths) it is the mean of. */
  n: number;
  /** Standard error over paths, where each path counts the same. */
  standardError?: number | null;
  /** 95 % interval over paths; what kind stands in the summary. Absent where none was asked for. */
  interval?: Bounds | null;
}

/** Sums of squared displacements of each path at each lag: what every kind of MSD is made of. Lag `n` of path `p` is at `p * maxLag + n - 1`. */
export interface LagSums {
  maxLag: number;
  sum: Float64Array;
  pairs: Uint32Array;
}

/** A quarter of the longest path in frames: longer lags rest on too few independent pairs. */
export function defaultMaxLag(paths: Paths): number {
  let longest = 0;
  for (let path = 0; path < paths.count; path++) longest = Math.max(longest, framesOf(paths, path));
  return Math.max(1, Math.floor(longest / 4));
}

/** Frames from the first to the last detection, both counted. */
function framesOf({ offsets, rows, frame }: Paths, path: number): number {
  return frame[rows[offsets[path + 1]! - 1]!]! - frame[rows[offsets[path]!]!]! + 1;
}

/** Adds up squared displacements over all pairs that are exactly `lag` frames apart, so gaps never mix lags. */
export function lagSums(paths: Paths, maxLag = defaultMaxLag(paths)): LagSums {
  const sums: LagSums = {
    maxLag,
    sum: new Float64Array(paths.count * maxLag),
    pairs: new Uint32Array(paths.count * maxLag),
  };
  const positions = new PathPositions();
  for (let path = 0; path < paths.count; path++) {
    if (hasEveryFrame(paths, path)) addRegular(positions, paths, path, sums);
    else addPairs(paths, path, sums);
  }
  return sums;
}

/** Is a path seen in each frame from its first to its last? Then a lag is a number of detections. */
function hasEveryFrame({ offsets, rows, frame }: Paths, path: number): boolean {
  for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++)
    if (frame[rows[i]!]! - frame[rows[i - 1]!]! !== 1) return false;
  return true;
}

function addRegular(positions: PathPositions, paths: Paths, path: number, sums: LagSums): void {
  const { maxLag } = sums;
  const detections = positions.take(paths, path);
  const { x, y, z } = positions;
  for (let lag = 1; lag <= maxLag && lag < detections; lag++) {
    let sum = 0;
    if (paths.dimensions === 3)
      for (let i = 0, j = lag; j < detections; i++, j++) {
        const dx = x[j]! - x[i]!;
        const dy = y[j]! - y[i]!;
        const dz = z[j]! - z[i]!;
        sum += dx * dx + dy * dy + dz * dz;
      }
    else
      for (let i = 0, j = lag; j < detections; i++, j++) {
        const dx = x[j]! - x[i]!;
        const dy = y[j]! - y[i]!;
        sum += dx * dx + dy * dy;
      }
    sums.sum[path * maxLag + lag - 1] = sum;
    sums.pairs[path * maxLag + lag - 1] = detections - lag;
  }
}

/** Positions of one path beside each other, in buffers that are used again. */
class PathPositions {
  x = new Float64Array(256);
  y = new Float64Array(256);
  z = new Float64Array(256);

  /** Takes up the positions of a path. @returns how many they are */
  take({ offsets, rows, x, y, z }: Paths, path: number): number {
    const from = offsets[path]!;
    const count = offsets[path + 1]! - from;
    if (this.x.length < count) {
      this.x = new Float64Array(count * 2);
      this.y = new Float64Array(count * 2);
      this.z = new Float64Array(count * 2);
    }
    for (let i = 0; i < count; i++) {
      const row = rows[from + i]!;
      this.x[i] = x[row]!;
      this.y[i] = y[row]!;
      this.z[i] = z[row]!;
    }
    return count;
  }
}

function addPairs({ offsets, rows, frame, x, y, z }: Paths, path: number, { maxLag, sum, pairs }: LagSums): void {
  const [from, to] = [offsets[path]!, offsets[path + 1]!];
  const base = path * maxLag - 1;
  for (let i = from; i < to; i++) {
    const a = rows[i]!;
    for (let j = i + 1; j < to; j++) {
      const b = rows[j]!;
      const lag = frame[b]! - frame[a]!;
      if (lag > maxLag) break;
      if (lag < 1) continue;
      sum[base + lag]! += (x[b]! - x[a]!) ** 2 + (y[b]! - y[a]!) ** 2 + (z[b]! - z[a]!) ** 2;
      pairs[base + lag]!++;
    }
  }
}

/** Time-averaged squared displacement of one path (`tamsd`); NaN where no pair exists. Lag 1 first. */
export function timeAveraged({ maxLag, sum, pairs }: LagSums, path: number): Float64Array {
  return Float64Array.from({ length: maxLag }, (_, i) => sum[path * maxLag + i]! / pairs[path * maxLag + i]!);
}

/** `msd_pooled`: all pairs of all paths, equal weight per pair. Lags with fewer than `leastPairs` pairs are left out. */
export function pooledMsd(paths: Paths, sums: LagSums, leastPairs = 1, chosen?: Uint32Array): MsdPoint[] {
  const points: MsdPoint[] = [];
  const count = chosen?.length ?? paths.count;
  for (let i = 0; i < sums.maxLag; i++) {
    let [sum, n] = [0, 0];
    for (let k = 0; k < count; k++) {
      const at = (chosen?.[k] ?? k) * sums.maxLag + i;
      sum += sums.sum[at]!;
      n += sums.pairs[at]!;
    }
    if (n >= leastPairs) points.push(point(paths, i + 1, n === 0 ? null : sum / n, n));
  }
  return points;
}

/** `msd_pathmean`: mean over paths of `tamsd`, equal weight per path, with the standard error over paths. */
export function pathMeanMsd(paths: Paths, sums: LagSums): MsdPoint[] {
  return Array.from({ length: sums.maxLag }, (_, i) => {
    let [sum, squares, n] = [0, 0, 0];
    for (let path = 0; path < paths.count; path++) {
      const at = path * sums.maxLag + i;
      if (sums.pairs[at] === 0) continue;
      const value = sums.sum[at]! / sums.pairs[at]!;
      sum += value;
      squares += value * value;
      n++;
    }
    const centre = sum / n;
    const standardError = n > 1 ? Math.sqrt(Math.max(0, squares - n * centre * centre) / (n - 1) / n) : null;
    return { ...point(paths, i + 1, n === 0 ? null : centre, n), standardError };
  });
}

/**
 * `msd_trackpy`, the numbers of trackpy's `emsd`: means of `tamsd` weighted by the effective number of independent windows.
 * Qian, Sheetz and Elson 1991 (Biophys. J. 60:910), eq. B4; the weights of a path with gaps are multiplied by detections by frames. Lags
 * that its gaps leave without a pair have no weight, and what they would have had is spread over the others, so that the path weighs as
 * much as ever. `sums` up to the longest lag asked for, as `max_lagtime`: that total depends on it.
 */
export function trackpyMsd(paths: Paths, sums: LagSums): MsdPoint[] {
  const top = new Float64Array(sums.maxLag);
  const bottom = new Float64Array(sums.maxLag);
  const counts = new Uint32Array(sums.maxLag);
  for (let path = 0; path < paths.count; path++) {
    const weights = independentWindows(paths, sums, path);
    for (let i = 0; i < sums.maxLag; i++) {
      const at = path * sums.maxLag + i;
      if (sums.pairs[at] === 0) continue;
      top[i]! += (sums.sum[at]! / sums.pairs[at]!) * weights[i]!;
      bottom[i]! += weights[i]!;
      counts[i]!++;
    }
  }
  return Array.from(top, (sum, i) => point(paths, i + 1, counts[i] === 0 ? null : sum / bottom[i]!, counts[i]!));
}

function independentWindows(paths: Paths, { maxLag, pairs }: LagSums, path: number): Float64Array {
  const N = framesOf(paths, path);
  const present = (paths.offsets[path + 1]! - paths.offsets[path]!) / N;
  const weights = new Float64Array(maxLag);
  let [wanted, kept] = [0, 0];
  for (let n = 1; n <= Math.min(maxLag, N - 1); n++) {
    const short = (6 * (N - n) ** 2 * n) / (2 * N - n + 4 * N * n * n - 5 * n ** 3);
    const long = 1 / (1 + ((N - n) ** 3 + 5 * n - 4 * (N - n) ** 2 * n - N) / (6 * (N - n) * n * n));
    const weight = present * (n <= N / 2 ? short : long);
    wanted += weight;
    if (pairs[path * maxLag + n - 1] === 0) continue;
    weights[n - 1] = weight;
    kept += weight;
  }
  return kept === wanted ? weights : weights.map((weight) => (weight * wanted) / kept);
}

/** `msd_nonoverlap`: pairs that start at frames 0, n, 2n, ... after the start of each path: independent, for error bars. */
export function nonOverlappingMsd(paths: Paths, maxLag = defaultMaxLag(paths)): MsdPoint[] {
  return fromStarts(paths, maxLag, (sinceStart, lag) => sinceStart % lag === 0);
}

/** `ensemble_msd`: squared displacement from each path's first detection. */
export function ensembleMsd(paths: Paths, maxLag = defaultMaxLag(paths)): MsdPoint[] {
  return fromStarts(paths, maxLag, (sinceStart) => sinceStart === 0);
}

function fromStarts(paths: Paths, maxLag: number, counts: (sinceStart: number, lag: number) => boolean): MsdPoint[] {
  const { offsets, rows, frame, x, y, z } = paths;
  const sum = new Float64Array(maxLag);
  const n = new Uint32Array(maxLag);
  for (let path = 0; path < paths.count; path++) {
    const [from, to] = [offsets[path]!, offsets[path + 1]!];
    for (let i = from; i < to; i++)
      for (let j = i + 1; j < to; j++) {
        const [a, b] = [rows[i]!, rows[j]!];
        const lag = frame[b]! - frame[a]!;
        if (lag > maxLag) break;
        if (lag < 1 || !counts(frame[a]! - frame[rows[from]!]!, lag)) continue;
        sum[lag - 1]! += (x[b]! - x[a]!) ** 2 + (y[b]! - y[a]!) ** 2 + (z[b]! - z[a]!) ** 2;
        n[lag - 1]!++;
      }
  }
  return Array.from(sum, (total, i) => point(paths, i + 1, n[i] === 0 ? null : total / n[i]!, n[i]!));
}

function point(paths: Paths, lag: number, msd: number | null, n: number): MsdPoint {
  return { lag, tau: lag * paths.frameInterval, msd, n };
}
