import { DisjointRows } from '../track-graph.ts';
import { assign } from './assignment.ts';

/** A particle: positions in frames, in order of frames; no frame twice. */
export interface ParticleTrack {
  frame: readonly number[];
  x: readonly number[];
  y: readonly number[];
  /** Left out for planar tracks. */
  z?: readonly number[];
}

/** Scores by the definitions of the ISBI 2012 particle tracking challenge (Chenouard et al. 2014, Nat. Methods 11:281). */
export interface ParticleScores {
  version: number;
  /** Gate: only closer points are the same, in the unit of the positions. */
  gate: number;
  alpha: number | null;
  beta: number | null;
  TP: number;
  FN: number;
  FP: number;
  JSC: number | null;
  JSC_theta: number | null;
  /** Over the points that match; `null` where there are none (the challenge's own program prints 0 then). */
  RMSE: number | null;
  /** Extremes and standard deviation of the distances of those points. */
  distances: { min: number; max: number; standardDeviation: number } | null;
  pairs: { reference: number; candidate: number; distance: number }[];
}

/** Frames of all particles together, gaps counted: what is missing between two points is filled. */
const mostPoints = 10_000_000;

/** Points that are looked at together, and pairs of tracks within the gate: a gate as wide as the film would compare everything with everything. */
const mostLooks = 200_000_000;
const mostPairs = 1_000_000;

/** Entries of the table of costs of one crowd of tracks, and steps of pairing it. */
const mostCosts = 30_000_000;
const mostSteps = 3_000_000_000;

const crowded = () => new RangeError('The gate is too wide for particles that lie so close together.');

/** A track without gaps: missing frames are filled by straight lines and marked. */
interface FilledTrack {
  first: number;
  positions: Float64Array;
  isVirtual: Uint8Array;
  /** Is z the same, 0, everywhere? */
  isFlat: boolean;
}

function fill({ frame, x, y, z }: ParticleTrack): FilledTrack {
  const first = frame[0]!;
  const length = frame.at(-1)! - first + 1;
  const positions = new Float64Array(length * 3);
  const isVirtual = new Uint8Array(length).fill(1);
  const at = (i: number): [number, number, number] => [x[i]!, y[i]!, z?.[i] ?? 0];
  for (let i = 0; i < frame.length; i++) {
    positions.set(at(i), (frame[i]! - first) * 3);
    isVirtual[frame[i]! - first] = 0;
    if (i === 0) continue;
    const [from, to, span] = [at(i - 1), at(i), frame[i]! - frame[i - 1]!];
    for (let step = 1; step < span; step++)
      positions.set(
        from.map((value, axis) => value + ((to[axis]! - value) * step) / span),
        (frame[i - 1]! - first + step) * 3,
      );
  }
  return { first, positions, isVirtual, isFlat: !z?.some((value) => value !== 0) };
}

const lengthOf = ({ isVirtual }: FilledTrack): number => isVirtual.length;
const lastOf = (track: FilledTrack): number => track.first + lengthOf(track) - 1;

/** Distance of the two in a frame, where both exist and the candidate's point is real; else `Infinity`. */
function apart(r: FilledTrack, c: FilledTrack, frame: number): number {
  const [i, j] = [frame - r.first, frame - c.first];
  if (i < 0 || j < 0 || i >= lengthOf(r) || j >= lengthOf(c) || c.isVirtual[j] === 1) return Number.POSITIVE_INFINITY;
  return Math.hypot(
    r.positions[i * 3]! - c.positions[j * 3]!,
    r.positions[i * 3 + 1]! - c.positions[j * 3 + 1]!,
    r.positions[i * 3 + 2]! - c.positions[j * 3 + 2]!,
  );
}

/** Sum over all frames in which one of them exists: the distance where it is strictly under the gate, else the gate. */
function trackDistance(r: FilledTrack, c: FilledTrack, gate: number): number {
  const [first, last] = [Math.min(r.first, c.first), Math.max(lastOf(r), lastOf(c))];
  // Frames between two tracks that do not meet belong to neither.
  const span = lengthOf(r) + lengthOf(c) - Math.max(0, Math.min(lastOf(r), lastOf(c)) - Math.max(r.first, c.first) + 1);
  let sum = 0;
  let near = 0;
  for (
    let frame = Math.max(first, Math.max(r.first, c.first));
    frame <= Math.min(last, lastOf(r), lastOf(c));
    frame++
  ) {
    const distance = apart(r, c, frame);
    // Written so that a distance that is no number is none within the gate.
    if (!(distance < gate)) continue;
    sum += distance;
    near++;
  }
  return sum + gate * (span - near);
}

/**
 * Scores candidate tracks against reference tracks. Points are compared in their own unit, without rescaling any axis (in the challenge:
 * pixels and slices, gate 5).
 * @throws RangeError for a gate that is not above 0, an empty track, frames out of order, and data too large or too crowded for the gate
 */
export function scoreParticles(
  reference: readonly ParticleTrack[],
  candidates: readonly ParticleTrack[],
  gate = 5,
): ParticleScores {
  if (!(gate > 0)) throw new RangeError('The gate is a distance above 0.');
  for (const { frame } of [...reference, ...candidates])
    if (frame.length === 0 || frame.some((at, i) => i > 0 && at <= frame[i - 1]!))
      throw new RangeError('A particle needs at least one point, and each frame once, in order.');
  const points = [...reference, ...candidates].reduce((sum, { frame }) => sum + frame.at(-1)! - frame[0]! + 1, 0);
  if (points > mostPoints)
    throw new RangeError(`Particles span ${points} frames together; ${mostPoints} can be compared.`);
  const refs = reference.map(fill);
  const cands = candidates.map(fill);
  const candidateOf = pairTracks(refs, cands, gate);
  const toNothing = gate * refs.reduce((sum, r) => sum + lengthOf(r), 0);
  const pairs = [...candidateOf].flatMap((candidate, r) =>
    candidate < 0 ? [] : [{ reference: r, candidate, distance: trackDistance(refs[r]!, cands[candidate]!, gate) }],
  );
  const distance =
    refs.reduce((sum, r, i) => sum + (candidateOf[i]! < 0 ? gate * lengthOf(r) : 0), 0) +
    pairs.reduce((sum, pair) => sum + pair.distance, 0);
  const taken = new Set(pairs.map(({ candidate }) => candidate));
  const left = cands.filter((_, index) => !taken.has(index));
  const extra = gate * left.reduce((sum, c) => sum + lengthOf(c), 0);
  const counted = countPoints(refs, cands, pairs, left, gate);
  const ratio = (part: number, all: number) => (all === 0 ? null : part / all);
  return {
    version: 1,
    gate,
    alpha: toNothing === 0 ? null : 1 - distance / toNothing,
    beta: ratio(toNothing - distance, toNothing + extra),
    ...counted,
    JSC: ratio(counted.TP, counted.TP + counted.FN + counted.FP),
    JSC_theta: ratio(pairs.length, refs.length + left.length),
    pairs,
  };
}

function pairTracks(refs: readonly FilledTrack[], cands: readonly FilledTrack[], gate: number): Int32Array {
  const near = nearPairs(refs, cands, gate);
  const groups = new DisjointRows(refs.length + cands.length);
  for (const [r, c] of near) groups.join(r, refs.length + c);
  const members = new Map<number, { refs: Set<number>; cands: Set<number> }>();
  for (const [r, c] of near) {
    const root = groups.find(r);
    const group = members.get(root) ?? { refs: new Set<number>(), cands: new Set<number>() };
    members.set(root, group);
    group.refs.add(r);
    group.cands.add(c);
  }
  const isNear = new Set(near.map(([r, c]) => r * cands.length + c));
  const candidateOf = new Int32Array(refs.length).fill(-1);
  for (const group of members.values()) {
    if (group.refs.size * group.cands.size > mostCosts) throw crowded();
    const rows = [...group.refs].sort((a, b) => a - b);
    const columns = [...group.cands].sort((a, b) => a - b);
    const price = rows.map((r) =>
      columns.map((c) =>
        isNear.has(r * cands.length + c) ? trackDistance(refs[r]!, cands[c]!, gate) : Number.POSITIVE_INFINITY,
      ),
    );
    const found = assign(
      rows.length,
      columns.length,
      (row, column) => price[row]![column]!,
      (row) => gate * lengthOf(refs[rows[row]!]!),
      mostSteps,
    );
    if (!found) throw crowded();
    rows.forEach((r, row) => {
      const column = found[row]!;
      // A pair that costs as much as nothing says nothing: the challenge leaves such tracks alone.
      if (column >= 0 && price[row]![column]! < gate * lengthOf(refs[r]!)) candidateOf[r] = columns[column]!;
    });
  }
  return candidateOf;
}

/** Number of a cell of the grid in a frame. Two cells may share one: what lies in a cell is looked at before it is believed. */
const cellOf = (frame: number, x: number, y: number, z: number): number =>
  Math.imul(frame, 0x9e3779b1) ^ Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791);

/** Pairs of tracks that come closer than the gate in any frame, found on a grid of cells as wide as the gate. */
function nearPairs(refs: readonly FilledTrack[], cands: readonly FilledTrack[], gate: number): [number, number][] {
  const at = (track: FilledTrack, i: number, axis: number) => Math.floor(track.positions[i * 3 + axis]! / gate);
  const grid = new Map<number, number[]>();
  cands.forEach((c, index) => {
    for (let i = 0; i < lengthOf(c); i++) {
      if (c.isVirtual[i] === 1) continue;
      const cell = cellOf(c.first + i, at(c, i, 0), at(c, i, 1), at(c, i, 2));
      const there = grid.get(cell);
      if (there) there.push(index);
      else grid.set(cell, [index]);
    }
  });
  // Planar tracks have neighbours in one layer of cells only.
  const isFlat = [...refs, ...cands].every((track) => track.isFlat);
  const layers = isFlat ? [0] : [-1, 0, 1];
  const found = new Set<number>();
  let looks = 0;
  refs.forEach((r, index) => {
    for (let i = 0; i < lengthOf(r); i++) {
      const frame = r.first + i;
      const [x, y, z] = [at(r, i, 0), at(r, i, 1), at(r, i, 2)];
      for (const dz of layers)
        for (let shift = 0; shift < 9; shift++) {
          const there = grid.get(cellOf(frame, x + (shift % 3) - 1, y + Math.floor(shift / 3) - 1, z + dz));
          if (!there) continue;
          if ((looks += there.length) > mostLooks) throw crowded();
          for (const c of there) if (apart(r, cands[c]!, frame) < gate) found.add(index * cands.length + c);
        }
      if (found.size > mostPairs) throw crowded();
    }
  });
  return [...found].map((pair) => [Math.floor(pair / cands.length), pair % cands.length]);
}

function countPoints(
  refs: readonly FilledTrack[],
  cands: readonly FilledTrack[],
  pairs: readonly { reference: number; candidate: number }[],
  left: readonly FilledTrack[],
  gate: number,
): Pick<ParticleScores, 'TP' | 'FN' | 'FP' | 'RMSE' | 'distances'> {
  const real = ({ isVirtual }: FilledTrack) => isVirtual.reduce((count, mark) => count + 1 - mark, 0);
  const near: number[] = [];
  let FP = left.reduce((sum, c) => sum + real(c), 0);
  for (const { reference, candidate } of pairs) {
    const [r, c] = [refs[reference]!, cands[candidate]!];
    for (let i = 0; i < lengthOf(c); i++) {
      const frame = c.first + i;
      const distance = apart(r, c, frame);
      if (distance < gate) near.push(distance);
      else if (frame < r.first || frame > lastOf(r) || c.isVirtual[i] === 0) FP++;
    }
  }
  const TP = near.length;
  const FN = refs.reduce((sum, r) => sum + lengthOf(r), 0) - TP;
  if (TP === 0) return { TP, FN, FP, RMSE: null, distances: null };
  const mean = near.reduce((sum, one) => sum + one, 0) / TP;
  const squares = near.reduce((sum, one) => sum + one * one, 0) / TP;
  const standardDeviation = Math.sqrt(near.reduce((sum, one) => sum + (one - mean) ** 2, 0) / TP);
  return {
    TP,
    FN,
    FP,
    RMSE: Math.sqrt(squares),
    distances: {
      min: near.reduce((a, b) => Math.min(a, b)),
      max: near.reduce((a, b) => Math.max(a, b)),
      standardDeviation,
    },
  };
}
