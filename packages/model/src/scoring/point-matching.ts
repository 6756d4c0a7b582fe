import { DisjointRows } from '../track-graph.ts';
import { assign } from './assignment.ts';

/** Points in frames: one entry for each in every array. */
export interface FramePoints {
  frame: ArrayLike<number>;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Left out for planar points. */
  z?: ArrayLike<number> | undefined;
}

/** How far two points may lie apart. */
export interface PointGate {
  /** In the unit of the positions; strictly closer points can be the same. Across x, y and z, or x and y where `axial` is given. */
  gate: number;
  /** For z alone, where it is judged by itself. */
  axial?: number | undefined;
}

/** Larger crowds of points within each other's gates are paired nearest first: the best pairing of them all takes too long. */
const mostInCrowd = 400;

/** Pairs within the gate that are looked at: a gate as wide as the film would compare everything with everything. */
const mostPairs = 5_000_000;

/**
 * Pairs the points of each frame one to one: as many pairs within the gate as there can be, and among those the pairing with the
 * smallest sum of distances. Points without a position pair with nothing.
 * @returns for each point of `a` the point of `b`, -1 for none
 * @throws RangeError for a gate that is not above 0, or so wide that more than five million pairs lie within it
 */
export function matchPoints(a: FramePoints, b: FramePoints, { gate, axial }: PointGate): Int32Array {
  if (!(gate > 0) || (axial !== undefined && !(axial > 0))) throw new RangeError('The gate is a distance above 0.');
  const found = new Int32Array(a.frame.length).fill(-1);
  const near = nearPoints(a, b, gate, axial);
  const groups = new DisjointRows(a.frame.length + b.frame.length);
  for (const { row, other } of near) groups.join(row, a.frame.length + other);
  const crowds = new Map<number, NearPair[]>();
  for (const pair of near) {
    const root = groups.find(pair.row);
    const crowd = crowds.get(root);
    if (crowd) crowd.push(pair);
    else crowds.set(root, [pair]);
  }
  for (const crowd of crowds.values()) pairCrowd(crowd, gate, found);
  return found;
}

/** Distance of two points as the gate measures it: in the plane where z has a gate of its own. */
export function pointDistance(a: FramePoints, row: number, b: FramePoints, other: number, axial?: number): number {
  const dz = axial === undefined ? (a.z?.[row] ?? 0) - (b.z?.[other] ?? 0) : 0;
  return Math.hypot(a.x[row]! - b.x[other]!, a.y[row]! - b.y[other]!, dz);
}

interface NearPair {
  row: number;
  other: number;
  distance: number;
}

/** All pairs within the gate, found on a grid of cells as wide as the gate. */
function nearPoints(a: FramePoints, b: FramePoints, gate: number, axial: number | undefined): NearPair[] {
  const cell = (points: FramePoints, row: number, dx: number, dy: number) =>
    `${points.frame[row]} ${Math.floor(points.x[row]! / gate) + dx} ${Math.floor(points.y[row]! / gate) + dy}`;
  const grid = new Map<string, number[]>();
  for (let row = 0; row < b.frame.length; row++) {
    const key = cell(b, row, 0, 0);
    const there = grid.get(key);
    if (there) there.push(row);
    else grid.set(key, [row]);
  }
  const pairs: NearPair[] = [];
  for (let row = 0; row < a.frame.length; row++)
    for (let shift = 0; shift < 9; shift++)
      for (const other of grid.get(cell(a, row, (shift % 3) - 1, Math.floor(shift / 3) - 1)) ?? []) {
        const distance = pointDistance(a, row, b, other, axial);
        const isNear =
          distance < gate && (axial === undefined || Math.abs((a.z?.[row] ?? 0) - (b.z?.[other] ?? 0)) < axial);
        if (!isNear) continue;
        if (pairs.length >= mostPairs)
          throw new RangeError('The gate is too wide for points that lie so close together.');
        pairs.push({ row, other, distance });
      }
  return pairs;
}

function pairCrowd(crowd: readonly NearPair[], gate: number, found: Int32Array): void {
  if (crowd.length === 1) {
    found[crowd[0]!.row] = crowd[0]!.other;
    return;
  }
  const rows = [...new Set(crowd.map(({ row }) => row))].sort((p, q) => p - q);
  const others = [...new Set(crowd.map(({ other }) => other))].sort((p, q) => p - q);
  if (rows.length > mostInCrowd || others.length > mostInCrowd) return nearestFirst(crowd, found);
  const price = new Map(crowd.map(({ row, other, distance }) => [`${row} ${other}`, distance]));
  const columns = assign(
    rows.length,
    others.length,
    (row, column) => price.get(`${rows[row]} ${others[column]}`) ?? Number.POSITIVE_INFINITY,
    // To stay alone costs more than any pairing of all the others saves: pairs come first, distances second.
    () => gate * (rows.length + 1),
  );
  rows.forEach((row, at) => {
    if (columns[at]! >= 0) found[row] = others[columns[at]!]!;
  });
}

function nearestFirst(crowd: readonly NearPair[], found: Int32Array): void {
  const taken = new Set<number>();
  const order = [...crowd].sort((p, q) => p.distance - q.distance || p.row - q.row || p.other - q.other);
  for (const { row, other } of order) {
    if (found[row]! >= 0 || taken.has(other)) continue;
    found[row] = other;
    taken.add(other);
  }
}
