import { fitLine } from './fits.ts';
import { indexFrames } from './frames.ts';
import { lengthOf } from './hull.ts';
import type { Paths } from './paths.ts';

/** One value in a frame. */
export interface FramePoint {
  frame: number;
  /** In the time unit of the paths. */
  time: number;
  value: number | null;
  n: number;
}

/** `object_count`: objects in each frame that has any. */
export function objectCounts(frame: ArrayLike<number>): { frame: number; objects: number }[] {
  const { frames, placeOf } = indexFrames(frame);
  const counts = new Uint32Array(frames.length);
  for (let row = 0; row < frame.length; row++) counts[placeOf[row]!]!++;
  return frames.map((at, place) => ({ frame: at, objects: counts[place]! }));
}

/**
 * `doubling_time` = ln 2 / slope of ln(count), by least squares over the frames given.
 * @returns in the unit of `frameInterval`; `null` where the count does not grow
 */
export function doublingTime(
  counts: readonly { frame: number; objects: number }[],
  frameInterval: number,
): number | null {
  const fit = fitLine({
    x: counts.map(({ frame }) => frame * frameInterval),
    y: counts.map(({ objects }) => Math.log(objects)),
  });
  return fit && fit.parameters.slope > 0 ? Math.LN2 / fit.parameters.slope : null;
}

/** Velocities of all steps over one frame, by the frame they begin in. */
interface FrameVelocities {
  frame: number;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  vx: Float64Array;
  vy: Float64Array;
  vz: Float64Array;
}

/** Calls back for every step over one frame that takes time, path by path, with its velocity and the place of its first frame. */
function eachVelocity(
  { count, offsets, rows, frame, x, y, z, time }: Paths,
  placeOf: Uint32Array,
  step: (place: number, row: number, vx: number, vy: number, vz: number) => void,
): void {
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      const dt = time[b]! - time[a]!;
      if (frame[b]! - frame[a]! !== 1 || !(dt > 0)) continue;
      step(placeOf[a]!, a, (x[b]! - x[a]!) / dt, (y[b]! - y[a]!) / dt, (z[b]! - z[a]!) / dt);
    }
}

function velocitiesByFrame(paths: Paths): FrameVelocities[] {
  const { frames, placeOf } = indexFrames(paths.frame);
  const starts = new Uint32Array(frames.length + 1);
  eachVelocity(paths, placeOf, (place) => starts[place + 1]!++);
  for (let place = 0; place < frames.length; place++) starts[place + 1]! += starts[place]!;
  const next = starts.slice();
  const [x, y, z, vx, vy, vz] = Array.from({ length: 6 }, () => new Float64Array(starts[frames.length]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  eachVelocity(paths, placeOf, (place, row, dx, dy, dz) => {
    const at = next[place]!++;
    x[at] = paths.x[row]!;
    y[at] = paths.y[row]!;
    z[at] = paths.z[row]!;
    vx[at] = dx;
    vy[at] = dy;
    vz[at] = dz;
  });
  return frames.flatMap((frame, place) => {
    const [from, to] = [starts[place]!, starts[place + 1]!];
    if (from === to) return [];
    const mine = (values: Float64Array) => values.subarray(from, to);
    return [{ frame, x: mine(x), y: mine(y), z: mine(z), vx: mine(vx), vy: mine(vy), vz: mine(vz) }];
  });
}

/** `order_parameter` (polarisation, Vicsek et al. 1995): length of the mean unit velocity in each frame, 0 to 1. */
export function orderParameter(paths: Paths): FramePoint[] {
  return velocitiesByFrame(paths).map(({ frame, vx, vy, vz }) => {
    const sum = [0, 0, 0];
    let n = 0;
    vx.forEach((_, i) => {
      const speed = lengthOf(vx[i]!, vy[i]!, vz[i]!);
      if (speed === 0) return;
      sum[0]! += vx[i]! / speed;
      sum[1]! += vy[i]! / speed;
      sum[2]! += vz[i]! / speed;
      n++;
    });
    const value = n === 0 ? null : Math.hypot(...sum) / n;
    return { frame, time: frame * paths.frameInterval, value, n };
  });
}

/** Mean speed of all steps in each frame. */
export function speedOverTime(paths: Paths): FramePoint[] {
  const { frames, placeOf } = indexFrames(paths.frame);
  const sum = new Float64Array(frames.length);
  const steps = new Uint32Array(frames.length);
  eachVelocity(paths, placeOf, (place, _, vx, vy, vz) => {
    sum[place]! += lengthOf(vx, vy, vz);
    steps[place]!++;
  });
  return frames.flatMap((frame, place) => {
    const n = steps[place]!;
    return n === 0 ? [] : [{ frame, time: frame * paths.frameInterval, value: sum[place]! / n, n }];
  });
}

/** Velocity correlation in one ring of distances. */
export interface RadialPoint {
  /** Middle of the ring, in length units. */
  distance: number;
  value: number | null;
  pairs: number;
}

/**
 * `velocity_correlation(r)`: mean of u_i . u_j over pairs at a distance in the ring, divided by the mean of abs(u)^2; u is the velocity
 * without the mean of its frame. All frames pooled. Pairs are found on a grid of cells as wide as `radius`.
 */
export function velocityCorrelation(paths: Paths, radius: number, width: number): RadialPoint[] {
  const rings = Math.max(1, Math.round(radius / width));
  const sum = new Float64Array(rings);
  const pairs = new Float64Array(rings);
  let [squares, n] = [0, 0];
  for (const at of velocitiesByFrame(paths)) {
    const u = [at.vx, at.vy, at.vz].map((values) => {
      const centre = values.reduce((total, value) => total + value, 0) / values.length;
      return values.map((value) => value - centre);
    }) as [Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < at.x.length; i++) squares += u[0][i]! ** 2 + u[1][i]! ** 2 + u[2][i]! ** 2;
    n += at.x.length;
    eachNeighbour(at, radius, (i, j, distance) => {
      const ring = Math.floor(distance / width);
      if (ring >= rings) return;
      sum[ring]! += u[0][i]! * u[0][j]! + u[1][i]! * u[1][j]! + u[2][i]! * u[2][j]!;
      pairs[ring]!++;
    });
  }
  const mean = squares / n;
  return Array.from(sum, (total, ring) => ({
    distance: (ring + 0.5) * width,
    value: pairs[ring] === 0 || !(mean > 0) ? null : total / pairs[ring]! / mean,
    pairs: pairs[ring]!,
  }));
}

/** First distance at which a velocity correlation is no longer positive, between rings by a straight line; `null` where it never is. */
export function correlationLength(curve: readonly RadialPoint[]): number | null {
  const seen = curve.filter((point) => point.value !== null);
  for (let i = 0; i < seen.length; i++) {
    const [before, at] = [seen[i - 1], seen[i]!];
    if (at.value! > 0) continue;
    if (!before) return at.distance;
    return before.distance + ((at.distance - before.distance) * before.value!) / (before.value! - at.value!);
  }
  return null;
}

function eachNeighbour(
  { x, y, z }: Pick<FrameVelocities, 'x' | 'y' | 'z'>,
  radius: number,
  found: (i: number, j: number, distance: number) => void,
): void {
  const cells = new Map<string, number[]>();
  const cellOf = (value: number) => Math.floor(value / radius);
  for (let i = 0; i < x.length; i++) {
    const key = `${cellOf(x[i]!)},${cellOf(y[i]!)},${cellOf(z[i]!)}`;
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  }
  for (let i = 0; i < x.length; i++)
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (let dz = -1; dz <= 1; dz++) {
          const cell = cells.get(`${cellOf(x[i]!) + dx},${cellOf(y[i]!) + dy},${cellOf(z[i]!) + dz}`);
          for (const j of cell ?? []) {
            if (j <= i) continue;
            const distance = lengthOf(x[i]! - x[j]!, y[i]! - y[j]!, z[i]! - z[j]!);
            if (distance < radius) found(i, j, distance);
          }
        }
}

/** `van_hove` displacements along one axis at a lag, and `non_gaussian` alpha_2 = <x^4>/(3 <x^2>^2) - 1, 0 for a Gaussian. */
export function vanHove(
  paths: Paths,
  lag: number,
  axis: 'x' | 'y' | 'z',
): { displacements: Float64Array; nonGaussian: number | null } {
  const { offsets, rows, frame } = paths;
  const found: number[] = [];
  for (let path = 0; path < paths.count; path++)
    for (let i = offsets[path]!; i < offsets[path + 1]!; i++)
      for (let j = i + 1; j < offsets[path + 1]!; j++) {
        const frames = frame[rows[j]!]! - frame[rows[i]!]!;
        if (frames > lag) break;
        if (frames === lag) found.push(paths[axis][rows[j]!]! - paths[axis][rows[i]!]!);
      }
  let [second, fourth] = [0, 0];
  for (const value of found) {
    second += value ** 2;
    fourth += value ** 4;
  }
  const n = found.length;
  const nonGaussian = second > 0 ? fourth / n / (3 * (second / n) ** 2) - 1 : null;
  return { displacements: Float64Array.from(found), nonGaussian };
}
