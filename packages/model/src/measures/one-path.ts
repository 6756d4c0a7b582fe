import type { GapPolicy } from './definitions.ts';
import { angleBetween, lengthOf, symmetricEigenvalues } from './hull.ts';
import { hullVolume } from './hull-volume.ts';
import { fractalDimension, hurstExponent, leastForScaling } from './path-scaling.ts';
import type { Paths } from './paths.ts';
import { fewPoints, largestSquare, PlanarHull } from './planar-hull.ts';
import { medianInPlace } from './statistics.ts';

/** Measures of one path while it is measured, each in a slot of its own. */
export const slotNames = [
  'n_detections',
  'n_gaps',
  'longest_gap',
  'duration',
  'path_length',
  'net_displacement',
  'displacement_x',
  'displacement_y',
  'displacement_z',
  'max_displacement',
  'max_distance',
  'path_speed',
  'net_speed',
  'mean_speed',
  'median_speed',
  'min_speed',
  'max_speed',
  'std_speed',
  'straightness',
  'tortuosity',
  'outreach_ratio',
  'displacement_ratio',
  'linearity_forward',
  'mean_turning_angle',
  'sinuosity_index',
  'radius_of_gyration',
  'bounding_diagonal',
  'asphericity',
  'hull_area',
  'hull_volume',
  'fractal_dimension',
  'hurst',
] as const;
/** Id of a measure of a path. */
export type SlotName = (typeof slotNames)[number];

/** Slot of each measure. */
export const at = Object.fromEntries(slotNames.map((name, slot) => [name, slot])) as Record<SlotName, number>;

/** Measures one path after the other with buffers that are used again. Slots without a value are NaN. */
export class OnePath {
  private readonly paths: Paths;
  private readonly withDistance: boolean;
  private readonly withHull: boolean;
  private readonly withScaling: boolean;
  private readonly hull = new PlanarHull();
  private count = 0;
  private x = new Float64Array(64);
  private y = new Float64Array(64);
  private z = new Float64Array(64);
  private time = new Float64Array(64);
  private frame = new Int32Array(64);
  private speeds = new Float64Array(64);

  constructor(paths: Paths, ids: readonly string[]) {
    this.paths = paths;
    this.withDistance = ids.includes('max_distance');
    this.withHull = ids.includes('hull_area') || ids.includes('hull_volume');
    this.withScaling = ids.includes('fractal_dimension') || ids.includes('hurst');
  }

  /** Takes up a path, and measures what does not depend on how gaps count. */
  take(path: number, found: Float64Array): void {
    const { offsets, rows, frame, x, y, z, time } = this.paths;
    const from = offsets[path]!;
    this.count = offsets[path + 1]! - from;
    if (this.x.length < this.count) this.grow(this.count * 2);
    for (let i = 0; i < this.count; i++) {
      const row = rows[from + i]!;
      this.x[i] = x[row]!;
      this.y[i] = y[row]!;
      this.z[i] = z[row]!;
      this.time[i] = time[row]!;
      this.frame[i] = frame[row]!;
    }
    found.fill(Number.NaN);
    this.shape(found);
  }

  private grow(size: number): void {
    this.x = new Float64Array(size);
    this.y = new Float64Array(size);
    this.z = new Float64Array(size);
    this.time = new Float64Array(size);
    this.frame = new Int32Array(size);
    this.speeds = new Float64Array(size);
  }

  /** Measures the path taken up last; `found` has its shape. */
  measure(policy: GapPolicy, found: Float64Array): void {
    this.steps(policy, found);
    const duration = found[at.duration]!;
    const net = found[at.net_displacement]!;
    const length = found[at.path_length]!;
    const most = found[at.max_displacement]!;
    found[at.path_speed] = ratio(length, duration);
    found[at.net_speed] = ratio(net, duration);
    found[at.straightness] = ratio(net, length);
    found[at.tortuosity] = ratio(length, net);
    found[at.outreach_ratio] = ratio(most, length);
    found[at.displacement_ratio] = ratio(net, most);
    found[at.linearity_forward] = ratio(found[at.net_speed]!, found[at.mean_speed]!);
  }

  private steps(policy: GapPolicy, found: Float64Array): void {
    const { x, y, z, time, frame, count } = this;
    let [length, speeds, squares, angles, cosines, turns, steps] = [0, 0, 0, 0, 0, 0, 0];
    let [px, py, pz, before, isFirst] = [0, 0, 0, 0, true];
    for (let i = 1; i < count; i++) {
      const dx = x[i]! - x[i - 1]!;
      const dy = y[i]! - y[i - 1]!;
      const dz = z[i]! - z[i - 1]!;
      if (policy === 'drop' && frame[i]! - frame[i - 1]! > 1) {
        isFirst = true;
        continue;
      }
      const step = lengthOf(dx, dy, dz);
      length += step;
      squares += step * step;
      const dt = time[i]! - time[i - 1]!;
      if (dt > 0) this.speeds[speeds++] = step / dt;
      if (!isFirst && step > 0 && before > 0) {
        const angle = angleBetween(px, py, pz, dx, dy, dz);
        angles += angle;
        cosines += (px * dx + py * dy + pz * dz) / (before * step);
        turns++;
      }
      isFirst = false;
      steps++;
      px = dx;
      py = dy;
      pz = dz;
      before = step;
    }
    if (steps > 0) found[at.path_length] = length;
    if (turns > 0) found[at.mean_turning_angle] = angles / turns;
    if (turns > 0 && steps > 1) found[at.sinuosity_index] = sinuosity(length, squares, steps, cosines / turns);
    if (speeds > 0) speedsOf(this.speeds.subarray(0, speeds), found);
  }

  private shape(found: Float64Array): void {
    const { x, y, z, time, frame, count } = this;
    const last = count - 1;
    let [gaps, longest] = [0, 0];
    for (let i = 1; i < count; i++) {
      const missed = frame[i]! - frame[i - 1]! - 1;
      if (missed > 0) gaps++;
      if (missed > longest) longest = missed;
    }
    found[at.n_detections] = count;
    found[at.n_gaps] = gaps;
    found[at.longest_gap] = longest;
    found[at.duration] = time[last]! - time[0]!;
    if (count < 2) return;
    const [x0, y0, z0] = [x[0]!, y[0]!, z[0]!];
    found[at.net_displacement] = lengthOf(x[last]! - x0, y[last]! - y0, z[last]! - z0);
    found[at.displacement_x] = x[last]! - x0;
    found[at.displacement_y] = y[last]! - y0;
    if (this.paths.dimensions === 3) found[at.displacement_z] = z[last]! - z0;
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, lengthOf(x[i]! - x0, y[i]! - y0, z[i]! - z0));
    found[at.max_displacement] = most;
    this.spread(found);
    this.reach(found);
  }

  /** Covariance and bounding box of positions: asphericity, radius of gyration, diagonal. */
  private spread(found: Float64Array): void {
    const n = this.count;
    const axes = this.paths.dimensions === 3 ? [this.x, this.y, this.z] : [this.x, this.y];
    const centres = axes.map((axis) => meanOf(axis, n));
    const covariance: number[] = [];
    let [gyration, diagonal] = [0, 0];
    for (let i = 0; i < axes.length; i++) {
      diagonal += extentOf(axes[i]!, n) ** 2;
      for (let j = i; j < axes.length; j++) {
        const sum = productsOf(axes[i]!, centres[i]!, axes[j]!, centres[j]!, n);
        covariance.push(sum / (n - 1));
        if (i === j) gyration += sum / n;
      }
    }
    found[at.radius_of_gyration] = Math.sqrt(gyration);
    found[at.bounding_diagonal] = Math.sqrt(diagonal);
    if (n < 3) return;
    const values = symmetricEigenvalues(covariance);
    const d = values.length;
    const m = values.reduce((sum, value) => sum + value, 0) / d;
    if (m > 0) found[at.asphericity] = values.reduce((sum, w) => sum + (w - m) ** 2, 0) / (d * (d - 1) * m * m);
  }

  private reach(found: Float64Array): void {
    const { x, y, z, count, hull } = this;
    const isPlanar = this.paths.dimensions === 2;
    // Where the hull is taken anyway, its few corners hold the largest distance.
    const isOfHull = isPlanar && (count > fewPoints || (this.withHull && count > 2));
    if ((this.withDistance && isOfHull) || (this.withHull && isPlanar && count > 2)) hull.take(x, y, count);
    if (this.withDistance)
      found[at.max_distance] = Math.sqrt(
        isOfHull
          ? largestSquare(hull.x, hull.y, undefined, hull.corners)
          : largestSquare(x, y, isPlanar ? undefined : z, count),
      );
    if (this.withHull && isPlanar && count > 2) found[at.hull_area] = hull.area();
    if (this.withHull && !isPlanar) found[at.hull_volume] = hullVolume(x, y, z, count);
    if (count < leastForScaling || !this.withScaling) return;
    const positions = { x, y, z: isPlanar ? undefined : z, count };
    found[at.fractal_dimension] = fractalDimension(positions);
    found[at.hurst] = hurstExponent(positions);
  }
}

function ratio(a: number, b: number): number {
  return b === 0 ? Number.NaN : a / b;
}

function sinuosity(length: number, squares: number, steps: number, cosine: number): number {
  const p = length / steps;
  const variance = Math.max(0, (squares - steps * p * p) / (steps - 1));
  if (p === 0 || cosine >= 1) return Number.NaN;
  return 2 / Math.sqrt(p * ((1 + cosine) / (1 - cosine) + variance / (p * p)));
}

/** Brings the speeds into another order. */
function speedsOf(speeds: Float64Array, found: Float64Array): void {
  const n = speeds.length;
  const centre = meanOf(speeds, n);
  let squares = 0;
  let low = speeds[0]!;
  let high = low;
  for (let i = 0; i < n; i++) {
    const speed = speeds[i]!;
    squares += (speed - centre) * (speed - centre);
    if (speed < low) low = speed;
    if (speed > high) high = speed;
  }
  found[at.mean_speed] = centre;
  found[at.median_speed] = medianInPlace(speeds);
  found[at.min_speed] = low;
  found[at.max_speed] = high;
  if (n > 1) found[at.std_speed] = Math.sqrt(squares / (n - 1));
}

function meanOf(values: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  return sum / n;
}

function extentOf(values: Float64Array, n: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}

/** Sum of products of deviations from the centres. */
function productsOf(a: Float64Array, centreA: number, b: Float64Array, centreB: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i]! - centreA) * (b[i]! - centreB);
  return sum;
}
