import type { EdgeTable } from '../track-set.ts';
import { kaplanMeier } from './statistics.ts';

/** What a life ended or began with. */
export type LifeEnd = 'division' | 'merge' | 'split' | 'film' | 'unseen';

/**
 * A cell's life: a chain of objects between events. Other than a path it does not share the dividing object: the division
 * lies between the mother's last frame and the daughters' first.
 */
export interface Life {
  /** Rows of the object table. */
  firstObject: number;
  lastObject: number;
  firstFrame: number;
  lastFrame: number;
  objects: number;
  /** The life before the division; -1 for roots, and after a merge, where there is no single mother. */
  mother: number;
  daughters: number[];
  /** 0 at roots, mother + 1; `null` after a merge, where ancestry is ambiguous. */
  generation: number | null;
  /** `division` with exactly two daughters, `split` with more; `film` where it touches the first or last frame; else `unseen`. */
  begins: LifeEnd;
  ends: LifeEnd;
  /** First to last frame plus one interval, only with a division at both ends; `null` for the censored. */
  cycleLength: number | null;
  /** The same of every life, however it began and ended; `null` where a time is missing. */
  seenFor: number | null;
}

/** The lives of a set. */
export interface Lineages {
  lives: Life[];
  lifeOfObject: Int32Array;
  divisions: number;
  /** Events with more than two daughters: reported, never counted as divisions. */
  otherSplits: number;
  merges: number;
  /** Median cycle length by Kaplan and Meier over complete lives and those cut off at their end, from division on. */
  medianCycleLength: number | null;
}

/** Rows and edges of a set as lineage needs them. */
export interface LineageInput {
  count: number;
  frame: ArrayLike<number>;
  edges: Pick<EdgeTable, 'count' | 'source' | 'target'>;
  /** Time of each object; frames where unknown. */
  time: ArrayLike<number>;
  /** In the unit of `time`. */
  frameInterval: number;
}

/** Lives, generations and cycle lengths from the edges: motility-measures, section 7. Linear in objects and edges. */
export function lineagesOf(input: LineageInput): Lineages {
  const { count, edges, frame } = input;
  const inDegree = new Uint32Array(count);
  const outDegree = new Uint32Array(count);
  for (let edge = 0; edge < edges.count; edge++) {
    outDegree[edges.source[edge]!]!++;
    inDegree[edges.target[edge]!]!++;
  }
  const next = new Int32Array(count).fill(-1);
  const hasPrevious = new Uint8Array(count);
  for (let edge = 0; edge < edges.count; edge++) {
    const source = edges.source[edge]!;
    const target = edges.target[edge]!;
    if (outDegree[source] !== 1 || inDegree[target] !== 1) continue;
    next[source] = target;
    hasPrevious[target] = 1;
  }
  const lifeOfObject = new Int32Array(count).fill(-1);
  const lives: Life[] = [];
  for (let row = 0; row < count; row++) {
    if (hasPrevious[row] === 1 || (inDegree[row] === 0 && outDegree[row] === 0)) continue;
    lives.push(liveFrom(row, next, frame, lifeOfObject, lives.length));
  }
  for (let edge = 0; edge < edges.count; edge++) {
    const source = edges.source[edge]!;
    const target = edges.target[edge]!;
    if (next[source] === target) continue;
    const [mother, daughter] = [lifeOfObject[source]!, lifeOfObject[target]!];
    lives[mother]!.daughters.push(daughter);
    if (inDegree[target] === 1) lives[daughter]!.mother = mother;
  }
  nameEnds(lives, inDegree, outDegree, frame, count);
  let merges = 0;
  for (let row = 0; row < count; row++) if (inDegree[row]! > 1) merges++;
  return { lives, lifeOfObject, merges, ...timeLives(lives, input), ...countSplits(outDegree) };
}

function liveFrom(
  row: number,
  next: Int32Array,
  frame: ArrayLike<number>,
  lifeOfObject: Int32Array,
  life: number,
): Life {
  let [last, objects] = [row, 0];
  for (let at = row; at >= 0; at = next[at]!) {
    lifeOfObject[at] = life;
    last = at;
    objects++;
  }
  return {
    firstObject: row,
    lastObject: last,
    firstFrame: frame[row]!,
    lastFrame: frame[last]!,
    objects,
    mother: -1,
    daughters: [],
    generation: null,
    begins: 'unseen',
    ends: 'unseen',
    cycleLength: null,
    seenFor: null,
  };
}

function countSplits(outDegree: Uint32Array): { divisions: number; otherSplits: number } {
  let [divisions, otherSplits] = [0, 0];
  for (let row = 0; row < outDegree.length; row++) {
    const degree = outDegree[row]!;
    if (degree === 2) divisions++;
    else if (degree > 2) otherSplits++;
  }
  return { divisions, otherSplits };
}

function nameEnds(
  lives: readonly Life[],
  inDegree: Uint32Array,
  outDegree: Uint32Array,
  frame: ArrayLike<number>,
  count: number,
): void {
  let [first, last] = [Infinity, -Infinity];
  for (let row = 0; row < count; row++) {
    first = Math.min(first, frame[row]!);
    last = Math.max(last, frame[row]!);
  }
  for (const life of lives) {
    const mother = life.mother < 0 ? undefined : lives[life.mother]!;
    if (inDegree[life.firstObject]! > 1) life.begins = 'merge';
    else if (mother) life.begins = outDegree[mother.lastObject] === 2 ? 'division' : 'split';
    else if (life.firstFrame === first) life.begins = 'film';
    const out = outDegree[life.lastObject]!;
    if (out > 1) life.ends = out === 2 ? 'division' : 'split';
    else if (out === 1) life.ends = 'merge';
    else if (life.lastFrame === last) life.ends = 'film';
  }
  // Mothers before daughters: time goes on along every edge, so frames order them.
  const order = lives.map((_, index) => index).sort((a, b) => lives[a]!.firstFrame - lives[b]!.firstFrame);
  for (const index of order) {
    const life = lives[index]!;
    if (life.begins === 'merge') continue;
    const before = life.mother < 0 ? -1 : lives[life.mother]!.generation;
    life.generation = before === null ? null : before + 1;
  }
}

function timeLives(
  lives: readonly Life[],
  { time, frameInterval }: LineageInput,
): { medianCycleLength: number | null } {
  for (const life of lives) {
    const length = time[life.lastObject]! - time[life.firstObject]! + frameInterval;
    life.seenFor = Number.isFinite(length) ? length : null;
    const isComplete = life.begins === 'division' && life.ends === 'division' && life.generation !== null;
    if (isComplete) life.cycleLength = life.seenFor;
  }
  return { medianCycleLength: kaplanMeier(cycleDurations(lives)).median };
}

/** How long cells that were seen to be born lasted, and whether they were seen to divide: what Kaplan and Meier ask for. */
export function cycleDurations(lives: readonly Life[]): { time: number; isEvent: boolean }[] {
  return lives.flatMap(({ begins, ends, generation, seenFor }) =>
    begins !== 'division' || generation === null || seenFor === null
      ? []
      : [{ time: seenFor, isEvent: ends === 'division' }],
  );
}

/** A value of a life that is compared between relatives; `null` where it has none. */
export type LifeValue = (life: Life) => number | null;

const ofCycle: LifeValue = ({ cycleLength }) => cycleLength;

/** The values of both daughters of every division that have one each. @param valueOf cycle lengths unless said, else any feature of a life */
export function sisterValues({ lives }: Lineages, valueOf = ofCycle): [number, number][] {
  return lives.flatMap(({ ends, daughters }) => {
    if (ends !== 'division') return [];
    const [a, b] = daughters.map((daughter) => valueOf(lives[daughter]!));
    return a == null || b == null ? [] : [[a, b] as [number, number]];
  });
}

/** `sister_asymmetry`: abs(a - b)/(a + b) of cycle lengths (or of another value), for every division whose daughters both have one. */
export function sisterAsymmetries(lineages: Lineages, valueOf = ofCycle): number[] {
  return sisterValues(lineages, valueOf).flatMap(([a, b]) => (a + b > 0 ? [Math.abs(a - b) / (a + b)] : []));
}

/** Cycle lengths (or another value) of mothers and daughters, pair by pair: for `mother_daughter_correlation`. */
export function motherDaughterCycles({ lives }: Lineages, valueOf = ofCycle): { mother: number[]; daughter: number[] } {
  const pairs = { mother: [] as number[], daughter: [] as number[] };
  for (const life of lives) {
    const [before, value] = [life.mother < 0 ? null : valueOf(lives[life.mother]!), valueOf(life)];
    if (value === null || before === null) continue;
    pairs.mother.push(before);
    pairs.daughter.push(value);
  }
  return pairs;
}

/** The lives from a life back to its root, itself first. Stops at a merge. */
export function ancestors({ lives }: Lineages, life: number): number[] {
  const found: number[] = [];
  for (let at = life; at >= 0; at = lives[at]!.mother) found.push(at);
  return found;
}
