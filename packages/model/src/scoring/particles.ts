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

/** A track without gaps: missing frames are filled by straight lines and marked. */
interface FilledTrack {
  first: number;
  positions: Float64Array;
  isVirtual: Uint8Array;
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
  return { first, positions, isVirtual };
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
    if (distance >= gate) continue;
    sum += distance;
    near++;
  }
  return sum + gate * (span - near);
}

/**
 * Scores candidate tracks against reference tracks. Points are compared in their own unit, without rescaling any axis (in the challenge:
 * pixels and slices, gate 5).
 * @throws RangeError for a gate that is not above 0, an empty track, or frames out of order
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
  const points = countPoints(refs, cands, pairs, left, gate);
  const ratio = (part: number, all: number) => (all === 0 ? null : part / all);
  return {
    version: 1,
    gate,
    alpha: toNothing === 0 ? null : 1 - distance / toNothing,
    beta: ratio(toNothing - distance, toNothing + extra),
    ...points,
    JSC: ratio(points.TP, points.TP + points.FN + points.FP),
    JSC_theta: ratio(pairs.length, refs.length + left.length),
    pairs,
  };
}

function pairTracks(refs: readonly FilledTrack[], cands: readonly FilledTrack[], gate: number): Int32Array {
  const near = nearPairs(refs, cands, gate);
  const groups = new DisjointRows(refs.length + cands.length);
  for (const [r, c] of near) groups.join(r, refs.length + c);
  const members = new Map<number, { refs: number[]; cands: Set<number> }>();
  for (const [r, c] of near) {
    const root = groups.find(r);
    const group = members.get(root) ?? { refs: [], cands: new Set<number>() };
    members.set(root, group);
    if (!group.refs.includes(r)) group.refs.push(r);
    group.cands.add(c);
  }
  const isNear = new Set(near.map(([r, c]) => r * cands.length + c));
  const candidateOf = new Int32Array(refs.length).fill(-1);
  for (const group of members.values()) {
    const rows = group.refs.sort((a, b) => a - b);
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
    );
    rows.forEach((r, row) => {
      const column = found[row]!;
      // A pair that costs as much as nothing says nothing: the challenge leaves such tracks alone.
      if (column >= 0 && price[row]![column]! < gate * lengthOf(refs[r]!)) candidateOf[r] = columns[column]!;
    });
  }
  return candidateOf;
}

/** Pairs of tracks that come closer than the gate in any frame, found on a grid of cells as wide as the gate. */
function nearPairs(refs: readonly FilledTrack[], cands: readonly FilledTrack[], gate: number): [number, number][] {
  const cell = (track: FilledTrack, i: number, shift: readonly number[]): string =>
    `${track.first + i}:${[0, 1, 2].map((axis) => Math.floor(track.positions[i * 3 + axis]! / gate) + shift[axis]!).join(',')}`;
  const grid = new Map<string, number[]>();
  cands.forEach((c, index) => {
    for (let i = 0; i < lengthOf(c); i++) {
      if (c.isVirtual[i] === 1) continue;
      const key = cell(c, i, [0, 0, 0]);
      grid.set(key, [...(grid.get(key) ?? []), index]);
    }
  });
  const found = new Map<number, [number, number]>();
  refs.forEach((r, index) => {
    for (let i = 0; i < lengthOf(r); i++)
      for (let shift = 0; shift < 27; shift++)
        for (const c of grid.get(
          cell(r, i, [(shift % 3) - 1, (Math.floor(shift / 3) % 3) - 1, Math.floor(shift / 9) - 1]),
        ) ?? [])
          if (apart(r, cands[c]!, r.first + i) < gate) found.set(index * cands.length + c, [index, c]);
  });
  return [...found.values()];
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
    distances: { min: Math.min(...near), max: Math.max(...near), standardDeviation },
  };
}
