/** Pairs kept one by one; beyond, only what each path adds is known, and the spread over paths gives the interval. */
const mostKept = 3_000_000;

/** Groups of paths that are left out in turn: see `PairSums.without`. */
export const pathGroups = 50;

/** Group of a path: paths that follow each other in a file are often alike, so they go to different groups. */
export const groupOf = (path: number): number => path % pathGroups;

/**
 * What each pair of objects adds to the values of a curve, every value being a mean over pairs, and on which two paths the objects lie.
 * A draw of paths takes a pair as often as it takes one path times as often as it takes the other (pigeonhole bootstrap: Davezies,
 * D'Haultfoeuille and Guyonvarch 2021, Ann. Stat. 49:845); a path drawn twice makes no pair with itself.
 */
export class PairSums {
  readonly paths: number;
  readonly slots: number;
  /** What the pairs of each path add: dense, path `p` adds entry `p * slots + s` to value `s`; each pair counts at both of its paths. */
  readonly own: { sum: Float64Array; count: Float64Array };
  /** Pairs added. */
  pairs = 0;
  private first = new Uint32Array(1024);
  private second = new Uint32Array(1024);
  private slot = new Uint16Array(1024);
  private value = new Float64Array(1024);
  private sorted: SortedPairs | undefined;
  private readonly isKept: boolean;
  private readonly between: { sum: Float64Array; count: Float64Array };

  /** @param isKept keep the pairs, so that paths can be drawn; else only their spread over paths can be told */
  constructor(paths: number, slots: number, isKept: boolean) {
    const sums = (length: number) => ({ sum: new Float64Array(length), count: new Float64Array(length) });
    this.paths = paths;
    this.slots = slots;
    this.isKept = isKept;
    this.own = sums(paths * slots);
    this.between = sums(pathGroups * pathGroups * slots);
  }

  /** Adds a pair of objects on two paths. */
  add(slot: number, first: number, second: number, value: number): void {
    for (const path of [first, second]) {
      this.own.sum[path * this.slots + slot]! += value;
      this.own.count[path * this.slots + slot]!++;
    }
    const group = (groupOf(first) * pathGroups + groupOf(second)) * this.slots + slot;
    this.between.sum[group]! += value;
    this.between.count[group]!++;
    this.sorted = undefined;
    const at = this.pairs++;
    if (!this.isKept || at >= mostKept) return;
    if (at === this.first.length) this.grow();
    this.first[at] = first;
    this.second[at] = second;
    this.slot[at] = slot;
    this.value[at] = value;
  }

  /** Whether paths can be drawn: every pair is known. */
  get isWhole(): boolean {
    return this.isKept && this.pairs <= mostKept;
  }

  /** The curve of one draw. @param weights how often it takes each path */
  drawn(weights: Uint8Array): Float64Array {
    const total = new Float64Array(this.slots);
    const counted = new Float64Array(this.slots);
    const { starts, second, slot, sum, count } = (this.sorted ??= this.byPaths());
    for (let path = 0; path < this.paths; path++) {
      const own = weights[path]!;
      if (own === 0) continue;
      for (let at = starts[path]!; at < starts[path + 1]!; at++) {
        // No question whether the other path was drawn: adding nothing is faster than guessing wrong.
        const weight = own * weights[second[at]!]!;
        total[slot[at]!]! += weight * sum[at]!;
        counted[slot[at]!]! += weight * count[at]!;
      }
    }
    return total.map((all, at) => all / counted[at]!);
  }

  /** The curve without the pairs of a group of paths; of all pairs without a group. */
  without(group?: number): Float64Array {
    const total = new Float64Array(this.slots);
    const counted = new Float64Array(this.slots);
    for (let a = 0; a < pathGroups; a++)
      for (let b = 0; b < pathGroups; b++) {
        if (a === group || b === group) continue;
        for (let at = 0; at < this.slots; at++) {
          total[at]! += this.between.sum[(a * pathGroups + b) * this.slots + at]!;
          counted[at]! += this.between.count[(a * pathGroups + b) * this.slots + at]!;
        }
      }
    return total.map((sum, at) => sum / counted[at]!);
  }

  /** The pairs in the order of their first path, those of the same two paths and value together: paths stay neighbours for many frames. */
  private byPaths(): SortedPairs {
    const { first, second, slot, value, paths, slots } = this;
    const kept = Math.min(this.pairs, mostKept);
    const order = new Uint32Array(kept);
    const from = new Uint32Array(paths + 1);
    for (let at = 0; at < kept; at++) from[first[at]! + 1]!++;
    for (let path = 0; path < paths; path++) from[path + 1]! += from[path]!;
    const next = from.slice();
    for (let at = 0; at < kept; at++) order[next[first[at]!]!++] = at;
    const made = { starts: new Uint32Array(paths + 1), second: new Uint32Array(kept), slot: new Uint16Array(kept) };
    const [sum, count] = [new Float64Array(kept), new Uint32Array(kept)];
    let used = 0;
    for (let path = 0; path < paths; path++) {
      const placeOf = new Map<number, number>();
      for (let k = from[path]!; k < from[path + 1]!; k++) {
        const at = order[k]!;
        const key = second[at]! * slots + slot[at]!;
        const place = placeOf.get(key) ?? used++;
        placeOf.set(key, place);
        made.second[place] = second[at]!;
        made.slot[place] = slot[at]!;
        sum[place]! += value[at]!;
        count[place]!++;
      }
      made.starts[path + 1] = used;
    }
    return { ...made, sum, count };
  }

  private grow(): void {
    const length = Math.min(mostKept, this.first.length * 2);
    const larger = <A extends Uint32Array | Uint16Array | Float64Array>(made: A, from: A) => {
      made.set(from);
      return made;
    };
    this.first = larger(new Uint32Array(length), this.first);
    this.second = larger(new Uint32Array(length), this.second);
    this.slot = larger(new Uint16Array(length), this.slot);
    this.value = larger(new Float64Array(length), this.value);
  }
}

/** Pairs that name path `p` first: `starts[p] .. starts[p + 1] - 1`. */
interface SortedPairs {
  starts: Uint32Array;
  second: Uint32Array;
  slot: Uint16Array;
  sum: Float64Array;
  count: Uint32Array;
}
