import { type Bounds, type PathDraws, type PathSums } from './path-draws.ts';
import type { Paths } from './paths.ts';

/** How far the displacements over a lag are from Gaussian. */
export interface NonGaussianPoint {
  /** Frames. */
  lag: number;
  /** In the time unit of the paths. */
  tau: number;
  /** `non_gaussian`: <x^4> / (3 <x^2>^2) - 1 along x; `null` where nothing moved. */
  value: number | null;
  /** `non_gaussian_radial`: <r^4> / (2 <r^2>^2) - 1 in the plane. */
  radial: number | null;
  /** Displacements. */
  n: number;
  /** 95 % interval of `value` over paths; absent where none was asked for. */
  interval?: Bounds | null;
  /** The same of `radial`. */
  radialInterval?: Bounds | null;
}

/** Displacements along x over one lag, counted in bins of equal width: `van_hove`. */
export interface VanHoveCurve {
  lag: number;
  tau: number;
  from: number;
  to: number;
  counts: number[];
  /** Mean square of them, from which the Gaussian beside it is drawn. */
  meanSquare: number;
}

/** What is kept for each lag: x^2, x^4, r^2, r^4. */
const moments = 4;

/** Sums kept for intervals, at most: above it the curve has none. */
const mostSums = 4_000_000;

/** Calls back for every displacement of a path over a lag of frames that is wanted. */
function eachDisplacement(
  { count, offsets, rows, frame, x, y }: Paths,
  maxLag: number,
  found: (path: number, lag: number, dx: number, dy: number) => void,
): void {
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]!; i < offsets[path + 1]!; i++)
      for (let j = i + 1; j < offsets[path + 1]!; j++) {
        const a = rows[i]!;
        const b = rows[j]!;
        const lag = frame[b]! - frame[a]!;
        if (lag > maxLag) break;
        if (lag > 0) found(path, lag, x[b]! - x[a]!, y[b]! - y[a]!);
      }
}

function add(into: Float64Array, at: number, x2: number, r2: number): void {
  into[at]! += x2;
  into[at + 1]! += x2 * x2;
  into[at + 2]! += r2;
  into[at + 3]! += r2 * r2;
}

const excess = (fourth: number, second: number, factor: number) => fourth / (factor * second * second) - 1;
const orNull = (value: number) => (Number.isFinite(value) ? value : null);

/**
 * `non_gaussian` and `non_gaussian_radial` over lags 1 to `maxLag` (Rahman 1964): 0 for Gaussian displacements, above it where few go far.
 * @param draws for intervals over paths
 */
export function nonGaussianCurve(paths: Paths, maxLag: number, draws?: PathDraws): NonGaussianPoint[] {
  const slots = maxLag * moments;
  const all = new Float64Array(slots);
  const n = new Float64Array(maxLag);
  const sums: PathSums | undefined =
    draws && paths.count * slots <= mostSums
      ? { slots, sum: new Float64Array(paths.count * slots), count: new Float64Array(paths.count * slots) }
      : undefined;
  const counted = sums?.count as Float64Array | undefined;
  eachDisplacement(paths, maxLag, (path, lag, dx, dy) => {
    const x2 = dx * dx;
    const r2 = x2 + dy * dy;
    const at = (lag - 1) * moments;
    n[lag - 1]!++;
    add(all, at, x2, r2);
    if (!sums || !counted) return;
    add(sums.sum, path * slots + at, x2, r2);
    for (let k = 0; k < moments; k++) counted[path * slots + at + k]!++;
  });
  return Array.from(n, (pairs, index) => {
    const at = index * moments;
    const ofX = (curve: ArrayLike<number>) => excess(curve[at + 1]!, curve[at]!, 3);
    const ofRadius = (curve: ArrayLike<number>) => excess(curve[at + 3]!, curve[at + 2]!, 2);
    const means = all.map((sum) => sum / pairs);
    const point = { lag: index + 1, tau: (index + 1) * paths.frameInterval };
    const shown = { ...point, value: orNull(ofX(means)), radial: orNull(ofRadius(means)), n: pairs };
    if (!draws) return shown;
    const interval = sums ? draws.ofCurve(sums, ofX) : null;
    return { ...shown, interval, radialInterval: sums ? draws.ofCurve(sums, ofRadius) : null };
  });
}

/** Lags whose displacements are counted in bins: each four times the one before. */
const binnedLags = [1, 4, 16];

/** Bins of a distribution of displacements. */
const bins = 40;

/** `van_hove` (van Hove 1954): how displacements along x are distributed over lags of 1, 4 and 16 frames, where there are such. */
export function vanHoveCurves(paths: Paths, maxLag: number): VanHoveCurve[] {
  const lags = binnedLags.filter((lag) => lag <= maxLag);
  const ends = lags.map(() => ({ from: Infinity, to: -Infinity, square: 0, n: 0 }));
  const placeOf = new Map(lags.map((lag, place) => [lag, place]));
  const most = lags.at(-1) ?? 0;
  eachDisplacement(paths, most, (_, lag, dx) => {
    const end = ends[placeOf.get(lag) ?? -1];
    if (!end) return;
    end.from = Math.min(end.from, dx);
    end.to = Math.max(end.to, dx);
    end.square += dx * dx;
    end.n++;
  });
  const counts = lags.map(() => Array.from({ length: bins }, () => 0));
  eachDisplacement(paths, most, (_, lag, dx) => {
    const place = placeOf.get(lag) ?? -1;
    const end = ends[place];
    if (!end || !(end.to > end.from)) return;
    counts[place]![Math.min(bins - 1, Math.floor(((dx - end.from) / (end.to - end.from)) * bins))]!++;
  });
  return lags.flatMap((lag, place) => {
    const { from, to, square, n } = ends[place]!;
    if (!(to > from)) return [];
    return [{ lag, tau: lag * paths.frameInterval, from, to, counts: counts[place]!, meanSquare: square / n }];
  });
}
