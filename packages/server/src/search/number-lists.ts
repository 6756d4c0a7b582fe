import type { StudySet } from './study-set.ts';

/** Lists of small numbers, one for each study, end to end: going through those of 100,000 studies follows no pointers. */
export class NumberLists {
  /** Where the list of each place begins in `numbers`; the last is where all end. */
  private readonly starts: Int32Array;
  private readonly numbers: Int32Array;

  /** @param lists by place; nothing where the place is empty */
  constructor(lists: readonly (readonly number[] | undefined)[]) {
    this.starts = new Int32Array(lists.length + 1);
    let length = 0;
    for (let place = 0; place < lists.length; place++) {
      this.starts[place] = length;
      length += lists[place]?.length ?? 0;
    }
    this.starts[lists.length] = length;
    this.numbers = new Int32Array(length);
    for (let place = 0; place < lists.length; place++) {
      const list = lists[place];
      if (list) this.numbers.set(list, this.starts[place]);
    }
  }

  /** Adds the places whose list has one of the wanted numbers to a set. @param wanted not 0 at each wanted number */
  addHaving(wanted: Uint8Array, set: StudySet): void {
    const { starts, numbers } = this;
    for (let place = 0; place < starts.length - 1; place++) {
      const end = starts[place + 1]!;
      for (let at = starts[place]!; at < end; at++)
        if (wanted[numbers[at]!] !== 0) {
          set.add(place);
          break;
        }
    }
  }

  /** How often each number stands in the lists of some places. @param most one more than the largest number */
  counts(places: StudySet, most: number): Int32Array {
    const { starts, numbers } = this;
    const counts = new Int32Array(most);
    places.each((place) => {
      const end = starts[place + 1]!;
      for (let at = starts[place]!; at < end; at++) counts[numbers[at]!]!++;
    });
    return counts;
  }

  /** For each place the sum of what its numbers weigh. @param weights by number */
  sums(weights: Int32Array): Int32Array {
    const { starts, numbers } = this;
    const sums = new Int32Array(starts.length - 1);
    for (let place = 0; place < sums.length; place++) {
      const end = starts[place + 1]!;
      let sum = 0;
      for (let at = starts[place]!; at < end; at++) sum += weights[numbers[at]!]!;
      sums[place] = sum;
    }
    return sums;
  }
}
