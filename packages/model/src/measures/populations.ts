import { fitLine } from './fits.ts';
import { indexFrames } from './frames.ts';
import { angleBetween, lengthOf } from './hull.ts';
import { eachPairWithin } from './neighbour-pairs.ts';
import { type Bounds, type PathDraws, type PathSums, withIntervals } from './path-draws.ts';
import { PairSums } from './pair-sums.ts';
import type { Paths } from './paths.ts';
import { unitSteps } from './unit-steps.ts';

/** One value in a frame. */
export interface FramePoint {
  frame: number;
  /** In the time unit of the paths. */
  time: number;
  value: number | null;
  n: number;
  /** 95 % interval over paths, of means over paths; what kind stands in the summary. Absent where none was asked for. */
  interval?: Bounds | null;
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
  if (!fit) return null;
  const span = ((counts.at(-1)?.frame ?? 0) - (counts[0]?.frame ?? 0)) * frameInterval;
  // A count that stays has a slope of rounding errors, which is no growth.
  return fit.parameters.slope * span > 1e-9 ? Math.LN2 / fit.parameters.slope : null;
}

/** Velocities of all steps over one frame, by the frame they begin in. */
export interface FrameVelocities {
  frame: number;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  vx: Float64Array;
  vy: Float64Array;
  vz: Float64Array;
  path: Uint32Array;
  /** Object the step begins at: where one divides, the steps to its daughters begin at the same. */
  row: Uint32Array;
}

/** Calls back for every step over one frame that takes time, path by path, with its velocity and the place of its first frame. */
function eachVelocity(
  { count, offsets, rows, frame, x, y, z, time }: Paths,
  placeOf: Uint32Array,
  step: (place: number, row: number, vx: number, vy: number, vz: number, path: number) => void,
): void {
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      const dt = time[b]! - time[a]!;
      if (frame[b]! - frame[a]! !== 1 || !(dt > 0)) continue;
      step(placeOf[a]!, a, (x[b]! - x[a]!) / dt, (y[b]! - y[a]!) / dt, (z[b]! - z[a]!) / dt, path);
    }
}

/** Velocities of all steps over one frame, frame by frame. */
export function velocitiesByFrame(paths: Paths): FrameVelocities[] {
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
  const path = new Uint32Array(vx.length);
  const rows = new Uint32Array(vx.length);
  eachVelocity(paths, placeOf, (place, row, dx, dy, dz, of) => {
    const at = next[place]!++;
    x[at] = paths.x[row]!;
    y[at] = paths.y[row]!;
    z[at] = paths.z[row]!;
    vx[at] = dx;
    vy[at] = dy;
    vz[at] = dz;
    path[at] = of;
    rows[at] = row;
  });
  return frames.flatMap((frame, place) => {
    const [from, to] = [starts[place]!, starts[place + 1]!];
    if (from === to) return [];
    const mine = (values: Float64Array) => values.subarray(from, to);
    return [
      {
        frame,
        x: mine(x),
        y: mine(y),
        z: mine(z),
        vx: mine(vx),
        vy: mine(vy),
        vz: mine(vz),
        path: path.subarray(from, to),
        row: rows.subarray(from, to),
      },
    ];
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
export function speedOverTime(paths: Paths, steps = unitSteps(paths)): FramePoint[] {
  const { length, duration } = steps;
  const { frames, placeOf } = indexFrames(steps.frame);
  const sum = new Float64Array(frames.length);
  const counts = new Uint32Array(frames.length);
  for (let i = 0; i < length.length; i++) {
    const dt = duration[i]!;
    if (!(dt > 0)) continue;
    sum[placeOf[i]!]! += length[i]! / dt;
    counts[placeOf[i]!]!++;
  }
  return frames.flatMap((frame, place) => {
    const n = counts[place]!;
    return n === 0 ? [] : [{ frame, time: frame * paths.frameInterval, value: sum[place]! / n, n }];
  });
}

/** Velocity correlation in one ring of distances. */
export interface RadialPoint {
  /** Middle of the ring, in length units. */
  distance: number;
  value: number | null;
  pairs: number;
  /** 95 % interval over paths, a pair drawn as often as both of its paths together. Absent where none was asked for. */
  interval?: Bounds | null;
}

/**
 * `velocity_correlation(r)`: mean of u_i . u_j over pairs at a distance in the ring, divided by the mean of abs(u)^2; u is the velocity
 * without the mean of its frame. All frames pooled. Pairs are found on a grid of cells at least as wide as `radius`.
 */
export function velocityCorrelation(paths: Paths, radius: number, width: number): RadialPoint[] {
  return radialCurves(paths.count, velocitiesByFrame(paths), radius, width).velocity;
}

/** Curves over the distance of two objects of one frame. */
export interface RadialCurves {
  /** `velocity_correlation`. */
  velocity: RadialPoint[];
  /**
   * `cell_pairs`: mean angle between the steps of two objects, in radians. Neighbours that turn alike where farther ones do not may be
   * cells that pull each other, or one cell that was tracked twice (celltrackR analyzeStepPairs).
   */
  angle: RadialPoint[];
  /** Frames that were looked at. */
  frames: number;
  /**
   * Interval of something computed of the velocity correlation; absent without draws. The velocity that is taken off is the mean of all paths
   * of the frame, also in draws.
   */
  ofVelocity?: (statistic: (curve: Float64Array) => number) => Bounds | null;
}

/** Both curves over distance, from at most `mostFrames` frames, evenly chosen. @param draws for intervals over paths */
export function pairCurves(
  paths: Paths,
  radius: number,
  width: number,
  mostFrames = Infinity,
  draws?: PathDraws,
): RadialCurves {
  const all = velocitiesByFrame(paths);
  const stride = Math.max(1, Math.ceil(all.length / mostFrames));
  return radialCurves(
    paths.count,
    all.filter((_, n) => n % stride === 0),
    radius,
    width,
    draws,
  );
}

function radialCurves(
  paths: number,
  frames: readonly FrameVelocities[],
  radius: number,
  width: number,
  draws?: PathDraws,
): RadialCurves {
  const rings = Math.max(1, Math.round(radius / width));
  const sum = new Float64Array(rings);
  const pairs = new Float64Array(rings);
  const angles = new Float64Array(rings);
  const turned = new Float64Array(rings);
  let [squares, n] = [0, 0];
  const pairSums = () => draws && new PairSums(paths, rings, draws.kind.resamples > 0);
  const drawn = { velocity: pairSums(), angle: pairSums() };
  const square: PathSums = {
    slots: 1,
    sum: new Float64Array(draws ? paths : 0),
    count: new Uint32Array(draws ? paths : 0),
  };
  const steps = square.count as Uint32Array;
  for (const at of frames) {
    const [ux, uy, uz] = [at.vx, at.vy, at.vz].map(withoutMean) as [Float64Array, Float64Array, Float64Array];
    const { vx, vy, vz, path, row } = at;
    for (let i = 0; i < at.x.length; i++) {
      const own = ux[i]! ** 2 + uy[i]! ** 2 + uz[i]! ** 2;
      squares += own;
      if (!draws) continue;
      square.sum[path[i]!]! += own;
      steps[path[i]!]!++;
    }
    n += at.x.length;
    eachPairWithin(at, radius, (i, j, distance) => {
      const ring = Math.floor(distance / width);
      // Two steps of one object, to its daughters, are no pair of objects.
      if (ring >= rings || row[i] === row[j]) return;
      const product = ux[i]! * ux[j]! + uy[i]! * uy[j]! + uz[i]! * uz[j]!;
      sum[ring]! += product;
      pairs[ring]!++;
      drawn.velocity?.add(ring, path[i]!, path[j]!, product);
      if ((vx[i] === 0 && vy[i] === 0 && vz[i] === 0) || (vx[j] === 0 && vy[j] === 0 && vz[j] === 0)) return;
      const turn = angleBetween(vx[i]!, vy[i]!, vz[i]!, vx[j]!, vy[j]!, vz[j]!);
      angles[ring]! += turn;
      turned[ring]!++;
      drawn.angle?.add(ring, path[i]!, path[j]!, turn);
    });
  }
  const mean = squares / n;
  const curve = (totals: Float64Array, counts: Float64Array, by: number): RadialPoint[] =>
    Array.from(totals, (total, ring) => ({
      distance: (ring + 0.5) * width,
      value: counts[ring] === 0 || !(by > 0) ? null : total / counts[ring]! / by,
      pairs: counts[ring]!,
    }));
  // Angles first: what is drawn of velocities last is asked for again, by the correlation length.
  const ofAngle = drawn.angle && draws?.ofPairs(drawn.angle);
  const bounds = { angle: ofAngle, velocity: drawn.velocity && draws?.ofPairs(drawn.velocity, square) };
  return {
    velocity: withIntervals(curve(sum, pairs, mean), bounds.velocity),
    angle: withIntervals(curve(angles, turned, 1), bounds.angle),
    frames: frames.length,
    ...(draws && drawn.velocity
      ? { ofVelocity: (statistic) => draws.ofPairCurve(drawn.velocity!, statistic, square) }
      : {}),
  };
}

function withoutMean(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  return values.map((value) => value - sum / values.length);
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
