import { type Life, type Lineages, motherDaughterCycles } from './lineage.ts';
import type { Paths } from './paths.ts';
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

/** `mother_daughter_correlation` of cycle lengths (Pearson). */
export function motherDaughterCorrelation(lineages: Lineages): PairCorrelation {
  const { mother, daughter } = motherDaughterCycles(lineages);
  return correlated(mother, daughter);
}

/** `sister_correlation` of cycle lengths (Pearson): each pair both ways round, for neither sister is the first. */
export function sisterCorrelation({ lives }: Lineages): PairCorrelation {
  const [a, b]: [number[], number[]] = [[], []];
  for (const { ends, daughters } of lives) {
    if (ends !== 'division') continue;
    const [one, other] = daughters.map((daughter) => lives[daughter]!.cycleLength);
    if (one == null || other == null) continue;
    a.push(one, other);
    b.push(other, one);
  }
  const { value } = correlated(a, b);
  return { value: a.length < 6 ? null : value, n: a.length / 2 };
}

/** `division_rate` = divisions by object and time: divisions / (objects x time between frames), over the whole film. */
export function divisionRate({ lives, divisions }: Lineages, frameInterval: number): number | null {
  const objects = lives.reduce((sum, life) => sum + life.objects, 0);
  return objects === 0 ? null : divisions / (objects * frameInterval);
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
  /** Angle of the axis between the daughters' first positions to the x axis in the plane, 0 to pi: `division_angle`. */
  angle: number | null;
  /** Speed at which the daughters part over their first frames, in length by time: `separation_speed`. */
  separationSpeed: number | null;
}

/** Angle and separation of every division. @param frames over how many frames of the daughters the separation is measured */
export function divisionGeometries(lineages: Lineages, paths: Paths, frames = 3): DivisionGeometry[] {
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
    if (dx !== 0 || dy !== 0) found.angle = (Math.atan2(dy, dx) + Math.PI) % Math.PI;
    const [c, d] = [one!.get(shared.at(-1)!)!, other!.get(shared.at(-1)!)!];
    const duration = time[c]! - time[a]!;
    if (duration > 0) found.separationSpeed = (apart(c, d) - apart(a, b)) / duration;
    return [found];
  });
}
