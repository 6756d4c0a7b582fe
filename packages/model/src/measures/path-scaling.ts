import { fitLine } from './fits.ts';

/** Positions of one path; z is left out in the plane. */
interface Positions {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  z?: ArrayLike<number> | undefined;
  count: number;
}

/** Detections below which a scaling over several sizes says nothing. */
export const leastForScaling = 100;

/** Halvings of the longest side of the bounding box. */
const halvings = 5;

/**
 * `fractal_dimension` by counting boxes: the slope of ln(boxes the path touches) over ln(1/side), for sides of 1/2 to 1/32 of
 * the longest extent. The path is the line from detection to detection. 1 for a straight line, 2 for a path that fills the plane.
 * NaN under 100 detections, and where nothing moves.
 */
export function fractalDimension({ x, y, z, count }: Positions): number {
  if (count < leastForScaling) return Number.NaN;
  const axes = z ? [x, y, z] : [x, y];
  const ranges = axes.map((axis) => rangeOf(axis, count));
  const extent = Math.max(...ranges.map(({ low, high }) => high - low));
  if (!(extent > 0 && Number.isFinite(extent))) return Number.NaN;
  const points: { x: number[]; y: number[] } = { x: [], y: [] };
  for (let halving = 1; halving <= halvings; halving++) {
    const cells = 2 ** halving;
    const touched = new Set<number>();
    const place = axes.map((axis, k) => (at: number, share: number) => {
      const from = axis[at]!;
      const value = from + (axis[Math.min(at + 1, count - 1)]! - from) * share;
      return Math.min(cells - 1, Math.floor(((value - ranges[k]!.low) / extent) * cells));
    });
    // A step is looked at often enough that it cannot pass through a box unseen but for its corners.
    for (let i = 0; i + 1 < count; i++) {
      const longest = Math.max(...axes.map((axis) => Math.abs(axis[i + 1]! - axis[i]!)));
      const looks = Math.ceil((longest / extent) * cells * 8) + 1;
      for (let look = 0; look <= looks; look++)
        touched.add(place.reduce((cell, of) => cell * cells + of(i, look / looks), 0));
    }
    points.x.push(Math.log(cells));
    points.y.push(Math.log(touched.size));
  }
  return fitLine(points)?.parameters.slope ?? Number.NaN;
}

/**
 * `hurst` exponent by the rescaled range of the steps along each axis (Hurst 1951): the slope of ln(mean R/S) over ln(n) for windows
 * of n = 8, 16, 32, ... steps, axes and windows pooled. About 0.5 (short series read higher) for steps without memory, above where
 * they go on in their direction. NaN under 100 detections.
 */
export function hurstExponent({ x, y, z, count }: Positions): number {
  if (count < leastForScaling) return Number.NaN;
  const points: { x: number[]; y: number[] } = { x: [], y: [] };
  for (let n = 8; n <= (count - 1) / 2; n *= 2) {
    let [sum, windows] = [0, 0];
    for (const axis of z ? [x, y, z] : [x, y])
      for (let from = 0; from + n < count; from += n) {
        const range = rescaledRange(axis, from, n);
        if (Number.isNaN(range)) continue;
        sum += range;
        windows++;
      }
    if (windows === 0) continue;
    points.x.push(Math.log(n));
    points.y.push(Math.log(sum / windows));
  }
  return fitLine(points)?.parameters.slope ?? Number.NaN;
}

/** Range of the summed deviations of n steps from their mean, by their standard deviation. NaN where they are all the same. */
function rescaledRange(axis: ArrayLike<number>, from: number, n: number): number {
  const mean = (axis[from + n]! - axis[from]!) / n;
  let [sum, low, high, squares] = [0, 0, 0, 0];
  for (let i = from; i < from + n; i++) {
    const deviation = axis[i + 1]! - axis[i]! - mean;
    sum += deviation;
    squares += deviation * deviation;
    if (sum < low) low = sum;
    if (sum > high) high = sum;
  }
  return squares > 0 ? (high - low) / Math.sqrt(squares / n) : Number.NaN;
}

function rangeOf(values: ArrayLike<number>, count: number): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}
