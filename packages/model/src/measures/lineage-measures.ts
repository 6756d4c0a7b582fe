import { type Life, type Lineages, type LifeValue, motherDaughterCycles, sisterValues } from './lineage.ts';
import type { Paths } from './paths.ts';
import type { Bounds, PathSums } from './path-draws.ts';
import { correlation } from './statistics.ts';

/** All lives that come after a life, nearest first. Stops at merges, where ancestry is ambiguous. */
export function descendants({ lives }: Lineages, life: number): number[] {
  const found: number[] = [];
  const open = [...lives[life]!.daughters];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (lives[next]!.begins === 'merge') continue;
    found.push(next);
    open.push(...lives[next]!.daughters);
  }
  return found;
}

/** `n_leaves`: lives below a life (or itself) that have no daughters. */
export function leavesOf(lineages: Lineages, life: number): number {
  return [life, ...descendants(lineages, life)].filter((one) => lineages.lives[one]!.daughters.length === 0).length;
}

/** A correlation with the pairs it rests on; `null` where fewer than three pairs, or one side does not vary. */
export interface PairCorrelation {
  value: number | null;
  n: number;
}

const correlated = (a: readonly number[], b: readonly number[]): PairCorrelation => {
  const value = a.length < 3 ? Number.NaN : correlation(a, b);
  return { value: Number.isFinite(value) ? value : null, n: a.length };
};

/** `mother_daughter_correlation` of cycle lengths (Pearson), or of another value. */
export function motherDaughterCorrelation(lineages: Lineages, valueOf?: LifeValue): PairCorrelation {
  const { mother, daughter } = motherDaughterCycles(lineages, valueOf);
  return correlated(mother, daughter);
}

/** `sister_correlation` of cycle lengths (Pearson), or of another value: each pair both ways round, for neither sister is the first. */
export function sisterCorrelation(lineages: Lineages, valueOf?: LifeValue): PairCorrelation {
  return correlationOfPairs(sisterValues(lineages, valueOf));
}

/** Pearson's correlation of pairs of which neither is the first: each taken both ways round. */
export function correlationOfPairs(pairs: readonly (readonly [number, number])[]): PairCorrelation {
  const { value } = correlated(
    pairs.flatMap(([a, b]) => [a, b]),
    pairs.flatMap(([a, b]) => [b, a]),
  );
  return { value: pairs.length < 3 ? null : value, n: pairs.length };
}

/** `division_rate` = divisions by object and time: divisions / (objects x time between frames), over the whole film. */
export function divisionRate({ lives, divisions }: Lineages, frameInterval: number): number | null {
  const objects = lives.reduce((sum, life) => sum + life.objects, 0);
  return objects === 0 ? null : divisions / (objects * frameInterval);
}

/** What each life adds to `division_rate`: divisions, and objects by time between frames. */
export function divisionSums({ lives }: Lineages, frameInterval: number): PathSums {
  return {
    slots: 1,
    sum: Float64Array.from(lives, ({ ends }) => Number(ends === 'division')),
    count: Float64Array.from(lives, ({ objects }) => objects * frameInterval),
  };
}

/** Divisions by object and time in one part of the film. */
export interface DivisionRatePoint {
  /** Middle of the part, in frames and in time. */
  frame: number;
  time: number;
  value: number | null;
  /** Divisions. */
  n: number;
  /** 95 % interval over lives; absent where none was asked for. */
  interval?: Bounds | null;
}

/** Sums of lives and parts of the film that are kept for intervals, at most. */
const mostSums = 4_000_000;

/**
 * `division_rate(t)` = divisions in [t, t + w) / (mean count x w). A division is at its mother's last frame.
 * @param input frame of each object, time between frames, and w in frames
 * @returns the sums of each life too, for intervals; absent where they would be more than four million
 */
export function divisionRates(
  { lives, lifeOfObject }: Lineages,
  { frame, frameInterval, window }: { frame: ArrayLike<number>; frameInterval: number; window: number },
): { points: DivisionRatePoint[]; sums?: PathSums } {
  let [first, last] = [Infinity, -Infinity];
  for (const life of lives) {
    first = Math.min(first, life.firstFrame);
    last = Math.max(last, life.lastFrame);
  }
  if (!(last >= first)) return { points: [] };
  const slots = Math.floor((last - first) / window) + 1;
  const slotOf = (at: number) => Math.floor((at - first) / window);
  const divisions = new Float64Array(slots);
  const objects = new Float64Array(slots);
  const sums =
    lives.length * slots <= mostSums
      ? { slots, sum: new Float64Array(lives.length * slots), count: new Float64Array(lives.length * slots) }
      : undefined;
  for (let row = 0; row < lifeOfObject.length; row++) {
    const life = lifeOfObject[row]!;
    if (life < 0) continue;
    objects[slotOf(frame[row]!)]!++;
    if (sums) sums.count[life * slots + slotOf(frame[row]!)]! += frameInterval;
  }
  for (const [life, { ends, lastFrame }] of lives.entries()) {
    if (ends !== 'division') continue;
    divisions[slotOf(lastFrame)]!++;
    if (sums) sums.sum[life * slots + slotOf(lastFrame)]!++;
  }
  const points = Array.from(divisions, (n, slot): DivisionRatePoint => {
    const frames = Math.min(window, last - first + 1 - slot * window);
    const middle = first + slot * window + (frames - 1) / 2;
    const value = objects[slot] === 0 ? null : n / (objects[slot]! * frameInterval);
    return { frame: middle, time: middle * frameInterval, value, n };
  });
  return { points, ...(sums ? { sums } : {}) };
}

/**
 * Lives whose cycle is not complete, in a set that has divisions: born out of sight but seen to divide (`left`: there in the first frame, or
 * come from nowhere), seen to be born but not to divide (`right`: there in the last frame, or lost), or neither (`both`).
 */
export function censoredLives({ lives, divisions }: Lineages): { left: number; right: number; both: number } {
  const found = { left: 0, right: 0, both: 0 };
  if (divisions === 0) return found;
  for (const { begins, ends } of lives) {
    const [isBorn, isDivided] = [begins === 'division', ends === 'division'];
    if (!isBorn && isDivided) found.left++;
    else if (isBorn && !isDivided) found.right++;
    else if (!isBorn) found.both++;
  }
  return found;
}

/** What each life adds to `track_start_end_rate`. */
export function startEndSums({ lives }: Lineages): PathSums {
  return {
    slots: 1,
    sum: Float64Array.from(lives, ({ begins, ends }) => Number(begins === 'unseen') + Number(ends === 'unseen')),
    count: Float64Array.from(lives, ({ objects }) => objects),
  };
}

/** `track_start_end_rate`: starts and ends of lives inside the film that no event explains, by object. 0 at best. */
export function startEndRate({ lives }: Lineages): { value: number | null; n: number } {
  const objects = lives.reduce((sum, life) => sum + life.objects, 0);
  const unseen = lives.reduce(
    (sum, { begins, ends }) => sum + Number(begins === 'unseen') + Number(ends === 'unseen'),
    0,
  );
  return { value: objects === 0 ? null : unseen / objects, n: objects };
}

/**
 * `death_or_loss`: lives that end neither with the film nor at the border of all positions (nearer than `margin`, in length units), as a share
 * of all that end.
 */
export function deathOrLoss(
  { lives }: Lineages,
  { x, y, z, dimensions }: Paths,
  margin: number,
): { value: number | null; n: number } {
  const axes = dimensions === 3 ? [x, y, z] : [x, y];
  const boxes = axes.map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of axis) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return { low, high };
  });
  const isInside = ({ lastObject }: Life) =>
    axes.every((axis, k) => {
      const value = axis[lastObject]!;
      return value - boxes[k]!.low >= margin && boxes[k]!.high - value >= margin;
    });
  const lost = lives.filter((life) => life.ends === 'unseen' && isInside(life)).length;
  return { value: lives.length === 0 ? null : lost / lives.length, n: lives.length };
}

/** Geometry of one division. */
export interface DivisionGeometry {
  /** The mother's life. */
  mother: number;
  /** Time of the mother's last frame: `division_time`. */
  time: number;
  /** Angle of the axis between the daughters' first positions to a direction (x, unless said) in the plane, 0 to pi: `division_angle`. */
  angle: number | null;
  /** Speed at which the daughters part over their first frames, in length by time: `separation_speed`. */
  separationSpeed: number | null;
}

/**
 * Angle and separation of every division.
 * @param frames over how many frames of the daughters the separation is measured
 * @param along the direction angles are measured from, in the plane
 */
export function divisionGeometries(
  lineages: Lineages,
  paths: Paths,
  frames = 3,
  along = { x: 1, y: 0 },
): DivisionGeometry[] {
  const zero = Math.atan2(along.y, along.x);
  const { lives, lifeOfObject } = lineages;
  const { x, y, z, time, frame } = paths;
  const rowsOfLife = new Map<number, Map<number, number>>();
  const wanted = new Set(lives.flatMap(({ ends, daughters }) => (ends === 'division' ? daughters : [])));
  for (let row = 0; row < lifeOfObject.length; row++) {
    const life = lifeOfObject[row]!;
    if (!wanted.has(life) || frame[row]! - lives[life]!.firstFrame > frames) continue;
    if (!rowsOfLife.has(life)) rowsOfLife.set(life, new Map());
    rowsOfLife.get(life)!.set(frame[row]!, row);
  }
  const apart = (a: number, b: number) => Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!, z[a]! - z[b]!);
  return lives.flatMap(({ ends, daughters, lastObject }, mother) => {
    if (ends !== 'division') return [];
    const [one, other] = daughters.map((daughter) => rowsOfLife.get(daughter)) as [
      Map<number, number> | undefined,
      Map<number, number> | undefined,
    ];
    const shared = [...(one?.keys() ?? [])].filter((at) => other?.has(at)).sort((a, b) => a - b);
    const found: DivisionGeometry = { mother, time: time[lastObject]!, angle: null, separationSpeed: null };
    if (shared.length === 0) return [found];
    const [a, b] = [one!.get(shared[0]!)!, other!.get(shared[0]!)!];
    const [dx, dy] = [x[b]! - x[a]!, y[b]! - y[a]!];
    if (dx !== 0 || dy !== 0) found.angle = (((Math.atan2(dy, dx) - zero) % Math.PI) + Math.PI) % Math.PI;
    const [c, d] = [one!.get(shared.at(-1)!)!, other!.get(shared.at(-1)!)!];
    const duration = time[c]! - time[a]!;
    if (duration > 0) found.separationSpeed = (apart(c, d) - apart(a, b)) / duration;
    return [found];
  });
}
