import { lengthOf } from './hull.ts';
import type { Bounds } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { type FramePoint, velocitiesByFrame } from './populations.ts';
import { normalQuantile } from './statistics.ts';
import type { UnitSteps } from './unit-steps.ts';

/** Below this n R^2, directions are not distinguished from none at 5 % (Rayleigh test): the interval begins at 0. */
const rayleighLimit = 3;

/**
 * 95 % intervals of `order_parameter` over paths, and of its mean over frames: the spread, over paths, of the unit velocities along their mean
 * direction (a length of a mean vector is no mean, but near its value it varies as that of the components along it does). Draws
 * of paths would lie above the value where there is little order, for a mean of few unit vectors is never 0.
 * @param order as `orderParameter` gives it
 */
export function orderIntervals(
  paths: Paths,
  order: readonly FramePoint[],
): { points: FramePoint[]; mean: Bounds | null } {
  const influence = new Float64Array(paths.count);
  const known = order.filter(({ value }) => value !== null).length;
  const points = velocitiesByFrame(paths).map((velocities, at): FramePoint => {
    const point = order[at]!;
    const { value, n } = point;
    if (value === null || n < 2) return { ...point, interval: null };
    const along = alongMean(velocities);
    let squares = 0;
    for (const [path, share] of along) {
      squares += (share - value) ** 2;
      influence[path]! += (share - value) / (n * known);
    }
    const half = normalQuantile * Math.sqrt(squares / (n - 1) / n);
    return { ...point, interval: within(value, half, n * value * value < rayleighLimit) };
  });
  const values = order.flatMap(({ value }) => (value === null ? [] : [value]));
  if (paths.count < 2 || values.length === 0) return { points, mean: null };
  const squares = influence.reduce((sum, one) => sum + one * one, 0);
  const half = normalQuantile * Math.sqrt((squares * paths.count) / (paths.count - 1));
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return { points, mean: half > 0 ? within(mean, half, false) : null };
}

/**
 * 95 % intervals over paths of `resultant_length` and `mean_direction`, by the same spread: along the mean direction for the length, across it
 * for the angle. Steps of a path depend on each other, so the length begins at 0, and the direction has no interval, where the sums of the
 * paths' unit vectors are not told from none (Rayleigh test of vectors of their lengths, 5 %). The ends of a direction may lie beyond pi.
 */
export function headingIntervals(steps: Pick<UnitSteps, 'offsets' | 'x' | 'y'>): {
  length: Bounds | null;
  direction: Bounds | null;
} {
  const sums = headingSums(steps);
  let [cosine, sine, n] = [0, 0, 0];
  for (const path of sums) {
    cosine += path.cosine;
    sine += path.sine;
    n += path.n;
  }
  const resultant = Math.hypot(cosine, sine);
  if (sums.length < 2 || resultant === 0) return { length: null, direction: null };
  const [ux, uy, length] = [cosine / resultant, sine / resultant, resultant / n];
  let [along, across, squares] = [0, 0, 0];
  for (const path of sums) {
    along += ((path.cosine * ux + path.sine * uy - length * path.n) / n) ** 2;
    across += ((path.sine * ux - path.cosine * uy) / resultant) ** 2;
    squares += path.cosine ** 2 + path.sine ** 2;
  }
  const isFromZero = resultant * resultant < rayleighLimit * squares;
  const half = (square: number) => normalQuantile * Math.sqrt((square * sums.length) / (sums.length - 1));
  const [angle, wide] = [Math.atan2(sine, cosine), half(across)];
  const isTold = !isFromZero && wide < Math.PI / 2;
  return {
    length: within(length, half(along), isFromZero),
    direction: isTold ? { low: angle - wide, high: angle + wide } : null,
  };
}

/** Sums of the unit vectors of each path's steps in the plane; paths that never move are left out. */
function headingSums({ offsets, x, y }: Pick<UnitSteps, 'offsets' | 'x' | 'y'>) {
  const found: { cosine: number; sine: number; n: number }[] = [];
  for (let path = 0; path + 1 < offsets.length; path++) {
    const one = { cosine: 0, sine: 0, n: 0 };
    for (let i = offsets[path]!; i < offsets[path + 1]!; i++) {
      const length = Math.sqrt(x[i]! * x[i]! + y[i]! * y[i]!);
      if (length === 0) continue;
      one.cosine += x[i]! / length;
      one.sine += y[i]! / length;
      one.n++;
    }
    if (one.n > 0) found.push(one);
  }
  return found;
}

const within = (value: number, half: number, isFromZero: boolean): Bounds | null =>
  Number.isFinite(half) ? { low: isFromZero ? 0 : Math.max(0, value - half), high: Math.min(1, value + half) } : null;

/** Unit velocities of a frame along their mean direction, with the path of each; objects at rest are left out. */
function alongMean({ vx, vy, vz, path }: ReturnType<typeof velocitiesByFrame>[number]): [number, number][] {
  const units: [number, number, number, number][] = [];
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < vx.length; i++) {
    const speed = lengthOf(vx[i]!, vy[i]!, vz[i]!);
    if (speed === 0) continue;
    const unit: [number, number, number] = [vx[i]! / speed, vy[i]! / speed, vz[i]! / speed];
    for (const axis of [0, 1, 2] as const) sum[axis] += unit[axis];
    units.push([path[i]!, ...unit]);
  }
  const length = Math.hypot(...sum) || 1;
  return units.map(([of, x, y, z]) => [of, (x * sum[0] + y * sum[1] + z * sum[2]) / length]);
}
