import type { GapPolicy } from './definitions.ts';
import { measureDefinitions, pathMeasureIds, spellUnit } from './definitions.ts';
import { convexHull, largestDistance, lengthOf, polygonArea, symmetricEigenvalues } from './hull.ts';
import type { Paths } from './paths.ts';

/** One measure of every path. `NaN` stands for undefined, never for 0 or 1; `definition` says when that is. */
export interface PathMeasureColumn {
  /** Id in `measureDefinitions`. */
  id: string;
  /** Version of the definition that computed it. */
  version: number;
  /** Spelled for this set; empty for plain numbers. */
  unit: string;
  /** How steps over several frames counted; left out where they do not matter. */
  gapPolicy?: GapPolicy;
  values: Float64Array;
}

/** What may be asked otherwise than the definitions' defaults. */
export interface PathMeasureOptions {
  /** For every measure that minds gaps, instead of the default of its definition. */
  gapPolicy?: GapPolicy;
  /** Only these, in this order; all of `pathMeasureIds` where left out. */
  ids?: readonly string[];
}

/** Measures of every path: motility-measures, section 1, and the mean turning angle of section 4. Linear but for `max_distance`. */
export function measurePaths(paths: Paths, options: PathMeasureOptions = {}): PathMeasureColumn[] {
  const ids = options.ids ?? pathMeasureIds;
  const columns = ids.map((id): PathMeasureColumn => {
    const definition = measureDefinitions.get(id);
    if (definition?.level !== 'path' || !pathMeasureIds.includes(id))
      throw new RangeError(`${id} is not a measure of paths`);
    const gapPolicy = definition.gapPolicy && (options.gapPolicy ?? definition.gapPolicy);
    const unit = spellUnit(definition.unit, paths.lengthUnit, paths.timeUnit);
    const values = new Float64Array(paths.count).fill(Number.NaN);
    return { id, version: definition.version, unit, ...(gapPolicy ? { gapPolicy } : {}), values };
  });
  const policies: GapPolicy[] = options.gapPolicy ? [options.gapPolicy] : ['keep', 'drop'];
  const one = new OnePath(paths, ids.includes('max_distance'), ids.includes('hull_area'));
  for (let path = 0; path < paths.count; path++) {
    const found = Object.fromEntries(policies.map((policy) => [policy, one.measure(path, policy)]));
    for (const column of columns) {
      const values = found[column.gapPolicy ?? policies[0]!]!;
      column.values[path] = values[column.id] ?? Number.NaN;
    }
  }
  return columns;
}

type Found = Record<string, number>;

/** Measures one path after the other with buffers that are used again. */
class OnePath {
  private readonly paths: Paths;
  private readonly withDistance: boolean;
  private readonly withHull: boolean;
  private speeds = new Float64Array(64);
  private shape: { path: number; found: Found } = { path: -1, found: {} };

  constructor(paths: Paths, withDistance: boolean, withHull: boolean) {
    this.paths = paths;
    this.withDistance = withDistance;
    this.withHull = withHull;
  }

  measure(path: number, policy: GapPolicy): Found {
    if (this.shape.path !== path) this.shape = { path, found: this.shapeOf(path) };
    const found: Found = { ...this.shape.found, ...this.stepsOf(path, policy) };
    const { duration, net_displacement: net } = found as { duration: number; net_displacement: number };
    const length = found.path_length!;
    found.path_speed = ratio(length, duration);
    found.net_speed = ratio(net, duration);
    found.straightness = ratio(net, length);
    found.tortuosity = ratio(length, net);
    found.outreach_ratio = ratio(found.max_displacement!, length);
    found.displacement_ratio = ratio(net, found.max_displacement!);
    found.linearity_forward = ratio(found.net_speed, found.mean_speed!);
    return found;
  }

  private stepsOf(path: number, policy: GapPolicy): Found {
    const { offsets, rows, frame, x, y, z, time } = this.paths;
    const [from, to] = [offsets[path]!, offsets[path + 1]!];
    if (this.speeds.length < to - from) this.speeds = new Float64Array((to - from) * 2);
    let [length, speeds, lengths, squares, angles, cosines, turns, steps] = [0, 0, 0, 0, 0, 0, 0, 0];
    let [px, py, pz, isFirst] = [0, 0, 0, true];
    for (let at = from + 1; at < to; at++) {
      const a = rows[at - 1]!;
      const b = rows[at]!;
      const dx = x[b]! - x[a]!;
      const dy = y[b]! - y[a]!;
      const dz = z[b]! - z[a]!;
      const isGap = frame[b]! - frame[a]! > 1;
      if (policy === 'drop' && isGap) {
        isFirst = true;
        continue;
      }
      const step = lengthOf(dx, dy, dz);
      length += step;
      lengths++;
      squares += step * step;
      const dt = time[b]! - time[a]!;
      if (dt > 0) this.speeds[speeds++] = step / dt;
      if (!isFirst && step > 0 && (px !== 0 || py !== 0 || pz !== 0)) {
        const angle = angleBetween(px, py, pz, dx, dy, dz);
        angles += angle;
        cosines += Math.cos(angle);
        turns++;
      }
      isFirst = false;
      steps++;
      px = dx;
      py = dy;
      pz = dz;
    }
    const found: Found = { path_length: lengths > 0 ? length : Number.NaN };
    if (turns > 0) found.mean_turning_angle = angles / turns;
    if (turns > 0 && steps > 1) found.sinuosity_index = sinuosity(length, squares, steps, cosines / turns);
    return Object.assign(found, speedsFound(this.speeds.subarray(0, speeds)));
  }

  private shapeOf(path: number): Found {
    const { offsets, rows, frame, x, y, z, time, dimensions } = this.paths;
    const mine = rows.subarray(offsets[path]!, offsets[path + 1]!);
    const n = mine.length;
    const [first, last] = [mine[0]!, mine[n - 1]!];
    let [gaps, longest] = [0, 0];
    for (let i = 1; i < n; i++) {
      const missed = frame[mine[i]!]! - frame[mine[i - 1]!]! - 1;
      if (missed > 0) gaps++;
      if (missed > longest) longest = missed;
    }
    const found: Found = { n_detections: n, n_gaps: gaps, longest_gap: longest, duration: time[last]! - time[first]! };
    if (n < 2) return found;
    const moved = (row: number) => lengthOf(x[row]! - x[first]!, y[row]! - y[first]!, z[row]! - z[first]!);
    found.net_displacement = moved(last);
    found.displacement_x = x[last]! - x[first]!;
    found.displacement_y = y[last]! - y[first]!;
    if (dimensions === 3) found.displacement_z = z[last]! - z[first]!;
    found.max_displacement = 0;
    for (const row of mine) found.max_displacement = Math.max(found.max_displacement, moved(row));
    Object.assign(found, spread(this.paths, mine));
    if (this.withDistance || this.withHull) Object.assign(found, this.reachOf(mine));
    return found;
  }

  private reachOf(mine: Uint32Array): Found {
    const { x, y, z, dimensions } = this.paths;
    const [px, py, pz] = [new Float64Array(mine.length), new Float64Array(mine.length), new Float64Array(mine.length)];
    for (let i = 0; i < mine.length; i++) {
      px[i] = x[mine[i]!]!;
      py[i] = y[mine[i]!]!;
      pz[i] = z[mine[i]!]!;
    }
    const found: Found = {};
    if (this.withDistance) found.max_distance = largestDistance(px, py, pz, dimensions === 2);
    if (this.withHull && dimensions === 2 && mine.length > 2) found.hull_area = polygonArea(convexHull(px, py));
    return found;
  }
}

/** Angle between two steps, 0 to pi; stable for nearly straight paths, where an arc cosine is not. */
export function angleBetween(ax: number, ay: number, az: number, bx: number, by: number, bz: number): number {
  const cross = lengthOf(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return Math.atan2(cross, ax * bx + ay * by + az * bz);
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

function speedsFound(speeds: Float64Array): Found {
  const n = speeds.length;
  if (n === 0) return {};
  let sum = 0;
  for (const speed of speeds) sum += speed;
  const centre = sum / n;
  let squares = 0;
  for (const speed of speeds) squares += (speed - centre) ** 2;
  speeds.sort();
  const middle = n >> 1;
  return {
    mean_speed: centre,
    median_speed: n % 2 === 1 ? speeds[middle]! : (speeds[middle - 1]! + speeds[middle]!) / 2,
    min_speed: speeds[0]!,
    max_speed: speeds[n - 1]!,
    ...(n > 1 ? { std_speed: Math.sqrt(squares / (n - 1)) } : {}),
  };
}

/** Covariance and bounding box of positions: asphericity, radius of gyration, diagonal. */
function spread({ x, y, z, dimensions }: Paths, mine: Uint32Array): Found {
  const n = mine.length;
  const axes = dimensions === 3 ? [x, y, z] : [x, y];
  const centres = axes.map((axis) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += axis[mine[i]!]!;
    return sum / n;
  });
  const covariance: number[] = [];
  let [gyration, diagonal] = [0, 0];
  for (let i = 0; i < axes.length; i++) {
    const mineAxis = axes[i]!;
    let [low, high] = [Infinity, -Infinity];
    for (let k = 0; k < n; k++) {
      const value = mineAxis[mine[k]!]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    diagonal += (high - low) ** 2;
    for (let j = i; j < axes.length; j++) {
      const [other, centre, otherCentre] = [axes[j]!, centres[i]!, centres[j]!];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (mineAxis[mine[k]!]! - centre) * (other[mine[k]!]! - otherCentre);
      covariance.push(sum / (n - 1));
      if (i === j) gyration += sum / n;
    }
  }
  const found: Found = { radius_of_gyration: Math.sqrt(gyration), bounding_diagonal: Math.sqrt(diagonal) };
  if (n < 3) return found;
  const values = symmetricEigenvalues(covariance);
  const d = values.length;
  const m = values.reduce((sum, value) => sum + value, 0) / d;
  if (m > 0) found.asphericity = values.reduce((sum, w) => sum + (w - m) ** 2, 0) / (d * (d - 1) * m * m);
  return found;
}
