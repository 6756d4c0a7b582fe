import { angleBetween, lengthOf } from './hull.ts';
import type { Paths } from './paths.ts';
import { unitSteps } from './unit-steps.ts';

/** What distances are measured to: a point, a line through a point, a plane, or a closed contour in the plane. */
export type Reference =
  | { kind: 'point'; x: number; y: number; z?: number }
  | { kind: 'line'; x: number; y: number; z?: number; alongX: number; alongY: number; alongZ?: number }
  | { kind: 'plane'; x: number; y: number; z?: number; normalX: number; normalY: number; normalZ?: number }
  | { kind: 'contour'; corners: readonly { x: number; y: number }[] };

/**
 * `distance_to_reference`: of every object row, in length units; inside a contour it is negative. NaN for rows without a position.
 * @throws RangeError for a line or plane without direction and a contour with fewer than three corners
 */
export function distancesTo({ x, y, z }: Pick<Paths, 'x' | 'y' | 'z'>, reference: Reference): Float64Array {
  const distance = distanceFunction(reference);
  return Float64Array.from(x, (_, row) => distance(x[row]!, y[row]!, z[row]!));
}

/**
 * `radial_velocity` = -(change of distance)/dt of every step over one frame, positive towards the reference, in the order of
 * `unitSteps`. NaN where no time passes.
 */
export function radialVelocities(paths: Paths, reference: Reference): Float64Array {
  const distance = distancesTo(paths, reference);
  const { offsets, rows, frame, time } = paths;
  const found: number[] = [];
  for (let path = 0; path < paths.count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      if (frame[b]! - frame[a]! !== 1) continue;
      const dt = time[b]! - time[a]!;
      found.push(dt > 0 ? (distance[a]! - distance[b]!) / dt : Number.NaN);
    }
  return Float64Array.from(found);
}

/**
 * `angle_to_reference` of every step over one frame, in the order of `unitSteps`, in radians: to the way from where the step begins to a
 * point, to the direction of a line (both 0 to pi), or to a plane (0 to pi/2). NaN for steps without length, and for a step that begins at
 * the point.
 * @throws RangeError for a contour, and for a line or plane without direction
 */
export function anglesTo(paths: Paths, reference: Exclude<Reference, { kind: 'contour' }>): Float64Array {
  const steps = unitSteps(paths);
  const towards = directionFunction(reference);
  const { offsets, rows, frame } = paths;
  const found = new Float64Array(steps.length.length).fill(Number.NaN);
  for (let path = 0, step = 0; path < paths.count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const row = rows[i - 1]!;
      if (frame[rows[i]!]! - frame[row]! !== 1) continue;
      const [ax, ay, az] = [steps.x[step]!, steps.y[step]!, steps.z[step]!];
      const [bx, by, bz] = towards(paths.x[row]!, paths.y[row]!, paths.z[row]!);
      if (steps.length[step]! > 0 && lengthOf(bx, by, bz) > 0) {
        const angle = angleBetween(ax, ay, az, bx, by, bz);
        found[step] = reference.kind === 'plane' ? Math.abs(Math.PI / 2 - angle) : angle;
      }
      step++;
    }
  return found;
}

/** Where a reference that moves is, frame by frame: a drift as `driftOf` gives it, or a track of the tissue. */
export interface MovingPoint {
  frame: number;
  x: number;
  y: number;
  z?: number;
}

/**
 * `displacement_from_reference`: the paths in the frame of something that moves. Each position is moved back by where the reference
 * was last known to be, so the removed curve is `moved` itself: keep it with the numbers.
 */
export function withoutReference(paths: Paths, moved: readonly MovingPoint[]): Paths {
  const known = [...moved].sort((a, b) => a.frame - b.frame);
  const at = (frame: number): MovingPoint | undefined => {
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.frame <= frame) low = middle + 1;
      else high = middle;
    }
    return known[low - 1];
  };
  const offset = (axis: 'x' | 'y' | 'z') =>
    paths[axis].map((value, row) => value - (at(paths.frame[row]!)?.[axis] ?? 0));
  return { ...paths, x: offset('x'), y: offset('y'), z: paths.dimensions === 3 ? offset('z') : paths.z };
}

type Distance = (x: number, y: number, z: number) => number;

function distanceFunction(reference: Reference): Distance {
  if (reference.kind === 'contour') return contourDistance(reference.corners);
  const { x: px, y: py, z: pz = 0 } = reference;
  if (reference.kind === 'point') return (x, y, z) => lengthOf(x - px, y - py, z - pz);
  if (reference.kind === 'line') {
    const [ax, ay, az] = unitOf(reference.alongX, reference.alongY, reference.alongZ ?? 0);
    return (x, y, z) => {
      const [dx, dy, dz] = [x - px, y - py, z - pz];
      return lengthOf(dy * az - dz * ay, dz * ax - dx * az, dx * ay - dy * ax);
    };
  }
  const [nx, ny, nz] = unitOf(reference.normalX, reference.normalY, reference.normalZ ?? 0);
  return (x, y, z) => Math.abs((x - px) * nx + (y - py) * ny + (z - pz) * nz);
}

/** The vector a step is held against, by where it begins. */
function directionFunction(
  reference: Exclude<Reference, { kind: 'contour' }>,
): (x: number, y: number, z: number) => [number, number, number] {
  if ((reference as Reference).kind === 'contour') throw new RangeError('A contour has no direction.');
  if (reference.kind === 'point') {
    const { x: px, y: py, z: pz = 0 } = reference;
    return (x, y, z) => [px - x, py - y, pz - z];
  }
  const along =
    reference.kind === 'line'
      ? unitOf(reference.alongX, reference.alongY, reference.alongZ ?? 0)
      : unitOf(reference.normalX, reference.normalY, reference.normalZ ?? 0);
  return () => along;
}

function unitOf(x: number, y: number, z: number): [number, number, number] {
  const length = lengthOf(x, y, z);
  if (!(length > 0 && Number.isFinite(length))) throw new RangeError('A direction needs a finite length above zero.');
  return [x / length, y / length, z / length];
}

function contourDistance(corners: readonly { x: number; y: number }[]): Distance {
  if (corners.length < 3) throw new RangeError('A contour needs at least three corners.');
  return (x, y) => {
    let [least, isInside] = [Infinity, false];
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const [a, b] = [corners[j]!, corners[i]!];
      const [ex, ey] = [b.x - a.x, b.y - a.y];
      const along = Math.min(1, Math.max(0, ((x - a.x) * ex + (y - a.y) * ey) / (ex * ex + ey * ey || 1)));
      least = Math.min(least, lengthOf(x - a.x - along * ex, y - a.y - along * ey, 0));
      if (b.y > y !== a.y > y && x < ((a.x - b.x) * (y - b.y)) / (a.y - b.y) + b.x) isInside = !isInside;
    }
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
    return isInside ? -least : least;
  };
}
