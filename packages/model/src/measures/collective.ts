import { eachPairWithin } from './neighbour-pairs.ts';
import { PairSums } from './pair-sums.ts';
import { type Bounds, type PathDraws, type PathSums, withIntervals } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { indexFrames } from './frames.ts';

/** Objects of one frame that lie on paths. */
interface FrameObjects {
  frame: number;
  /** Places in `paths.rows`. */
  places: number[];
}

/** Objects on paths by frame; an object that ends one path and begins another is there once. */
function objectsByFrame({ rows, frame }: Paths): FrameObjects[] {
  const { frames, placeOf } = indexFrames(frame);
  const found = frames.map((at): FrameObjects => ({ frame: at, places: [] }));
  const seen = new Set<number>();
  for (let place = 0; place < rows.length; place++) {
    if (seen.has(rows[place]!)) continue;
    seen.add(rows[place]!);
    found[placeOf[rows[place]!]!]!.places.push(place);
  }
  return found.filter(({ places }) => places.length > 0);
}

function positionsOf({ rows, x, y, z }: Paths, { places }: FrameObjects) {
  const pick = (values: Float64Array) => Float64Array.from(places, (place) => values[rows[place]!]!);
  return { x: pick(x), y: pick(y), z: pick(z) };
}

/** Evenly chosen, at most so many. */
function chosen<T>(all: readonly T[], most: number): T[] {
  const stride = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, n) => n % stride === 0);
}

/** Path of each place in `paths.rows`. */
function pathOfPlace({ count, offsets, rows }: Paths): Uint32Array {
  const path = new Uint32Array(rows.length);
  for (let one = 0; one < count; one++) path.fill(one, offsets[one], offsets[one + 1]);
  return path;
}

/** Value at a lag, with what it was counted over. */
export interface CollectivePoint {
  /** Frames. */
  lag: number;
  /** In the time unit of the paths. */
  tau: number;
  value: number | null;
  n: number;
  /** 95 % interval over paths, of means over paths; what kind stands in the summary. Absent where none was asked for. */
  interval?: Bounds | null;
}

/**
 * `pair_separation_msd`: mean of (d_ij(t + tau) - d_ij(t))^2 over pairs closer than `radius` at t: how fast neighbours part.
 * Starts are taken at up to `mostFrames` frames.
 * @param draws for intervals over paths
 */
export function pairSeparation(
  paths: Paths,
  radius: number,
  maxLag: number,
  mostFrames = 20,
  draws?: PathDraws,
): CollectivePoint[] {
  const drawn = draws && new PairSums(paths.count, maxLag, draws.kind.resamples > 0);
  const sum = new Float64Array(maxLag + 1);
  const n = new Float64Array(maxLag + 1);
  const path = pathOfPlace(paths);
  const { rows, frame, x, y, z } = paths;
  const between = (a: number, b: number) => Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!, z[a]! - z[b]!);
  for (const at of chosen(objectsByFrame(paths), mostFrames))
    eachPairWithin(positionsOf(paths, at), radius, (i, j, distance) => {
      let [a, b] = [at.places[i]!, at.places[j]!];
      const [ownA, ownB] = [path[a]!, path[b]!];
      const [endA, endB] = [paths.offsets[ownA + 1]!, paths.offsets[ownB + 1]!];
      a++;
      b++;
      while (a < endA && b < endB) {
        const [frameA, frameB] = [frame[rows[a]!]!, frame[rows[b]!]!];
        if (Math.min(frameA, frameB) - at.frame > maxLag) return;
        if (frameA === frameB) {
          const lag = frameA - at.frame;
          const square = (between(rows[a]!, rows[b]!) - distance) ** 2;
          sum[lag]! += square;
          n[lag]!++;
          drawn?.add(lag - 1, ownA, ownB, square);
        }
        if (frameA <= frameB) a++;
        if (frameB <= frameA) b++;
      }
    });
  return withIntervals(curve(paths, sum, n), drawn && draws?.ofPairs(drawn));
}

function curve(paths: Paths, sum: Float64Array, n: Float64Array): CollectivePoint[] {
  return Array.from({ length: sum.length - 1 }, (_, i) => ({
    lag: i + 1,
    tau: (i + 1) * paths.frameInterval,
    value: n[i + 1] === 0 ? null : sum[i + 1]! / n[i + 1]!,
    n: n[i + 1]!,
  }));
}

/** `overlap` and `chi_4` at one lag. */
export interface OverlapPoint extends CollectivePoint {
  /** N times the variance over starts of the share that stayed: how much of the stillness is shared by all. `null` for fewer than two starts. */
  chi4: number | null;
}

/**
 * `overlap` Q(tau): share of objects that lie less than `distance` from where they were a lag before, all starts pooled; and `chi_4` = N var(Q)
 * over the starts, N their mean number of objects.
 */
export function overlap(paths: Paths, distance: number, maxLag: number): OverlapPoint[] {
  const { frames, placeOf } = indexFrames(paths.frame);
  const stayed = new Float64Array(frames.length * (maxLag + 1));
  const all = new Float64Array(frames.length * (maxLag + 1));
  const { count, offsets, rows, frame, x, y, z } = paths;
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]!; i < offsets[path + 1]!; i++)
      for (let j = i + 1; j < offsets[path + 1]!; j++) {
        const [a, b] = [rows[i]!, rows[j]!];
        const lag = frame[b]! - frame[a]!;
        if (lag > maxLag) break;
        if (lag < 1) continue;
        const at = placeOf[a]! * (maxLag + 1) + lag;
        all[at]!++;
        const square = (x[b]! - x[a]!) ** 2 + (y[b]! - y[a]!) ** 2 + (z[b]! - z[a]!) ** 2;
        if (square < distance * distance) stayed[at]!++;
      }
  return Array.from({ length: maxLag }, (_, i) => {
    const shares: number[] = [];
    let [sum, n] = [0, 0];
    for (let start = 0; start < frames.length; start++) {
      const at = start * (maxLag + 1) + i + 1;
      if (all[at] === 0) continue;
      shares.push(stayed[at]! / all[at]!);
      sum += stayed[at]!;
      n += all[at]!;
    }
    const mean = shares.reduce((total, share) => total + share, 0) / shares.length;
    const variance = shares.reduce((total, share) => total + (share - mean) ** 2, 0) / shares.length;
    const chi4 = shares.length < 2 ? null : (n / shares.length) * variance;
    return { lag: i + 1, tau: (i + 1) * paths.frameInterval, value: n === 0 ? null : sum / n, n, chi4 };
  });
}

/** `neighbour_distance` and `neighbour_exchange`. */
export interface NeighbourMeasures {
  /** Mean distance to the nearest other object of the frame that lies on a path. */
  distance: number | null;
  /** Share of steps over one frame after which another object is the nearest. */
  exchange: number | null;
  /** Objects, and steps of which the neighbour is known at both ends. */
  n: { objects: number; steps: number };
  /** What each path adds to both: for intervals over paths. */
  ofPaths: { distance: PathSums; exchange: PathSums };
}

/** Nearest neighbours on paths, within `radius`, in up to `mostFrames` pairs of frames that follow each other. */
export function neighbourMeasures(paths: Paths, radius: number, mostFrames = 20): NeighbourMeasures {
  const frames = objectsByFrame(paths);
  const pairs = frames
    .slice(1)
    .flatMap((after, n) => (after.frame === frames[n]!.frame + 1 ? [[frames[n]!, after] as const] : []));
  const path = pathOfPlace(paths);
  const total = { objects: 0, distance: 0, steps: 0, exchanged: 0 };
  const empty = () => ({ slots: 1, sum: new Float64Array(paths.count), count: new Uint32Array(paths.count) });
  const ofPaths = { distance: empty(), exchange: empty() };
  for (const [before, after] of chosen(pairs, mostFrames)) {
    const [first, then] = [before, after].map((at) => nearestPath(paths, at, radius, path)) as [Nearest, Nearest];
    for (const [own, { neighbour, distance }] of first) {
      total.objects++;
      total.distance += distance;
      ofPaths.distance.sum[own]! += distance;
      ofPaths.distance.count[own]!++;
      const later = then.get(own);
      if (!later) continue;
      total.steps++;
      ofPaths.exchange.count[own]!++;
      if (later.neighbour === neighbour) continue;
      total.exchanged++;
      ofPaths.exchange.sum[own]!++;
    }
  }
  return {
    distance: total.objects === 0 ? null : total.distance / total.objects,
    exchange: total.steps === 0 ? null : total.exchanged / total.steps,
    n: { objects: total.objects, steps: total.steps },
    ofPaths,
  };
}

type Nearest = Map<number, { neighbour: number; distance: number }>;

function nearestPath(paths: Paths, at: FrameObjects, radius: number, path: Uint32Array): Nearest {
  const nearest: Nearest = new Map();
  const take = (own: number, neighbour: number, distance: number) => {
    const known = nearest.get(own);
    if (!known || distance < known.distance) nearest.set(own, { neighbour, distance });
  };
  eachPairWithin(positionsOf(paths, at), radius, (i, j, distance) => {
    const [a, b] = [path[at.places[i]!]!, path[at.places[j]!]!];
    take(a, b, distance);
    take(b, a, distance);
  });
  return nearest;
}

/** `ripley_L` at one radius. */
export interface RipleyPoint {
  radius: number;
  /** L(r) - r: 0 for objects strewn without regard to each other, above where they cluster, below where they keep apart. */
  value: number | null;
  /** Objects far enough from the border. */
  n: number;
  /** 95 % interval over paths: the objects that are centres are drawn (Loh 2008, Astrophys. J. 681:726). Absent where none was asked for. */
  interval?: Bounds | null;
}

/**
 * `ripley_L` of one frame: L(r) = sqrt(K / pi), in space the cube root of 3 K / (4 pi). Border correction: only objects farther than r from the
 * bounding box of all are centres (minus sampling). The frame with most objects, the first of them.
 * @param draws for intervals over paths
 */
export function ripleyL(paths: Paths, radii: readonly number[], draws?: PathDraws): RipleyPoint[] {
  const frames = objectsByFrame(paths);
  const most = frames.reduce<FrameObjects | undefined>(
    (best, at) => (best && best.places.length >= at.places.length ? best : at),
    undefined,
  );
  if (!most) return [];
  const { x, y, z } = positionsOf(paths, most);
  const isDeep = paths.dimensions === 3;
  const axes = isDeep ? [x, y, z] : [x, y];
  const boxes = axes.map((axis) => ({
    low: axis.reduce((a, b) => Math.min(a, b)),
    high: axis.reduce((a, b) => Math.max(a, b)),
  }));
  const border = Float64Array.from(x, (_, i) =>
    axes.reduce((least, axis, k) => Math.min(least, axis[i]! - boxes[k]!.low, boxes[k]!.high - axis[i]!), Infinity),
  );
  const volume = boxes.reduce((product, { low, high }) => product * (high - low), 1);
  // Neighbours of each centre, by object and radius.
  const near = new Uint32Array(x.length * radii.length);
  eachPairWithin({ x, y, z }, Math.max(...radii), (i, j, distance) => {
    for (const [k, radius] of radii.entries()) {
      if (distance >= radius) continue;
      if (border[i]! >= radius) near[i * radii.length + k]!++;
      if (border[j]! >= radius) near[j * radii.length + k]!++;
    }
  });
  const excess = (neighbours: number, radius: number) => {
    const K = (neighbours / x.length) * volume;
    return (isDeep ? Math.cbrt((3 * K) / (4 * Math.PI)) : Math.sqrt(Math.max(0, K) / Math.PI)) - radius;
  };
  const bounds = draws?.of(centreSums(paths, most, border, near, radii));
  return radii.map((radius, k) => {
    const n = border.reduce((total, at) => total + Number(at >= radius), 0);
    const within = near.reduce((total, one, at) => (at % radii.length === k ? total + one : total), 0);
    const hasValue = n > 0 && volume > 0;
    const own = bounds?.[k];
    return {
      radius,
      value: hasValue ? excess(within / n, radius) : null,
      n,
      ...(bounds
        ? { interval: hasValue && own ? { low: excess(own.low, radius), high: excess(own.high, radius) } : null }
        : {}),
    };
  });
}

/** What the object of each path adds to the mean number of neighbours of a centre, by radius. */
function centreSums(
  paths: Paths,
  { places }: FrameObjects,
  border: Float64Array,
  near: Uint32Array,
  radii: readonly number[],
): PathSums {
  const path = pathOfPlace(paths);
  const slots = radii.length;
  const sum = new Float64Array(paths.count * slots);
  const count = new Uint32Array(paths.count * slots);
  for (const [i, place] of places.entries())
    for (const [k, radius] of radii.entries()) {
      if (border[i]! < radius) continue;
      sum[path[place]! * slots + k]! += near[i * slots + k]!;
      count[path[place]! * slots + k]!++;
    }
  return { slots, sum, count };
}
