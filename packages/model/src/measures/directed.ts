import { circularStatistics, type CircularStatistics } from './directions.ts';
import { lengthOf } from './hull.ts';
import type { Paths } from './paths.ts';

/** A direction; need not have length 1. */
export interface Direction {
  x: number;
  y: number;
  z?: number;
}

/** Directed migration of a population along a direction. */
export interface DirectedMigration {
  /** Paths with a length. */
  paths: number;
  /** Mean over paths of the forward migration index along the direction. */
  fmi: number | null;
  /** The same across it (turned by 90 degrees in the plane). */
  fmiAcross: number | null;
  /** Mean over paths of last minus first position: the mean of all end points, starts moved to the origin. */
  centreOfMass: { x: number; y: number; z: number } | null;
  /** Headings from start to end of each path. */
  endHeadings: CircularStatistics | null;
  /** Share of all steps that have a component along the direction. */
  biasedStepFraction: number | null;
}

/** `fmi` and `chemotactic_index` of every path; NaN where undefined. @throws RangeError for a direction without length */
export function migrationIndices(
  paths: Paths,
  direction: Direction,
): { fmi: Float64Array; chemotacticIndex: Float64Array } {
  const g = unit(direction);
  const fmi = new Float64Array(paths.count).fill(Number.NaN);
  const chemotacticIndex = fmi.slice();
  for (let path = 0; path < paths.count; path++) {
    const { dx, dy, dz, length } = netOf(paths, path);
    const along = dx * g.x + dy * g.y + dz * g.z;
    const net = lengthOf(dx, dy, dz);
    if (length > 0) fmi[path] = along / length;
    if (net > 0) chemotacticIndex[path] = along / net;
  }
  return { fmi, chemotacticIndex };
}

/** Motility-measures, section 5, for all paths together. @throws RangeError for a direction without length */
export function directedMigration(paths: Paths, direction: Direction): DirectedMigration {
  const g = unit(direction);
  const along = migrationIndices(paths, g).fmi.filter(Number.isFinite);
  const across = migrationIndices(paths, { x: g.y, y: -g.x, z: 0 }).fmi.filter(Number.isFinite);
  const centre = { x: 0, y: 0, z: 0 };
  const ends: number[] = [];
  let moved = 0;
  for (let path = 0; path < paths.count; path++) {
    if (paths.offsets[path + 1]! - paths.offsets[path]! < 2) continue;
    const { dx, dy, dz } = netOf(paths, path);
    moved++;
    centre.x += dx;
    centre.y += dy;
    centre.z += dz;
    if (dx !== 0 || dy !== 0) ends.push(Math.atan2(dy, dx));
  }
  const average = (values: Float64Array) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    paths: along.length,
    fmi: average(along),
    fmiAcross: average(across),
    centreOfMass: moved === 0 ? null : { x: centre.x / moved, y: centre.y / moved, z: centre.z / moved },
    endHeadings: circularStatistics(ends),
    biasedStepFraction: biasedSteps(paths, g),
  };
}

/**
 * Mean step of all objects present in consecutive frames, added up: what a drifting stage adds to every path (trackpy compute_drift).
 * @param smoothing frames over which mean steps are averaged, each with those before it; 0 for none
 * @throws RangeError where `smoothing` is no whole number from 0
 */
export function driftOf(
  paths: Paths,
  smoothing = 0,
): { frame: number; x: number; y: number; z: number; objects: number }[] {
  if (!Number.isSafeInteger(smoothing) || smoothing < 0)
    throw new RangeError('Frames to smooth over are a whole number from 0.');
  const { offsets, rows, frame, x, y, z } = paths;
  const steps = new Map<number, { x: number; y: number; z: number; objects: number }>();
  for (let path = 0; path < paths.count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      if (frame[b]! - frame[a]! !== 1) continue;
      const step = steps.get(frame[b]!) ?? { x: 0, y: 0, z: 0, objects: 0 };
      steps.set(frame[b]!, step);
      step.x += x[b]! - x[a]!;
      step.y += y[b]! - y[a]!;
      step.z += z[b]! - z[a]!;
      step.objects++;
    }
  const means = [...steps]
    .sort(([a], [b]) => a - b)
    .map(([at, { x: dx, y: dy, z: dz, objects }]) => ({
      frame: at,
      x: dx / objects,
      y: dy / objects,
      z: dz / objects,
      objects,
    }));
  const drift = { x: 0, y: 0, z: 0 };
  return means.map(({ frame: at, objects }, n) => {
    const held = means.slice(Math.max(0, n + 1 - Math.max(1, smoothing)), n + 1);
    for (const axis of ['x', 'y', 'z'] as const)
      drift[axis] += held.reduce((sum, step) => sum + step[axis], 0) / held.length;
    return { frame: at, ...drift, objects };
  });
}

function unit({ x, y, z = 0 }: Direction): { x: number; y: number; z: number } {
  const length = lengthOf(x, y, z);
  if (!(length > 0 && Number.isFinite(length))) throw new RangeError('A direction needs a finite length above zero.');
  return { x: x / length, y: y / length, z: z / length };
}

function netOf({ offsets, rows, x, y, z }: Paths, path: number) {
  const [from, to] = [offsets[path]!, offsets[path + 1]!];
  let length = 0;
  for (let i = from + 1; i < to; i++) {
    const [a, b] = [rows[i - 1]!, rows[i]!];
    length += lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!);
  }
  const [first, last] = [rows[from]!, rows[to - 1]!];
  return { dx: x[last]! - x[first]!, dy: y[last]! - y[first]!, dz: z[last]! - z[first]!, length };
}

function biasedSteps({ count, offsets, rows, frame, x, y, z }: Paths, g: { x: number; y: number; z: number }) {
  let [along, steps] = [0, 0];
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      if (frame[b]! - frame[a]! !== 1) continue;
      steps++;
      if ((x[b]! - x[a]!) * g.x + (y[b]! - y[a]!) * g.y + (z[b]! - z[a]!) * g.z > 0) along++;
    }
  return steps === 0 ? null : along / steps;
}
