/** A set of studies by their place among the rows of the search, one bit each. */
export class StudySet {
  private readonly bits: Uint32Array;
  readonly size: number;

  /** @param size how many places there are */
  constructor(size: number, bits = new Uint32Array(Math.ceil(size / 32))) {
    this.size = size;
    this.bits = bits;
  }

  add(place: number): void {
    this.bits[place >>> 5]! |= 1 << (place & 31);
  }

  has(place: number): boolean {
    return (this.bits[place >>> 5]! & (1 << (place & 31))) !== 0;
  }

  /** Those that both have. */
  and(other: StudySet): StudySet {
    return new StudySet(
      this.size,
      this.bits.map((word, at) => word & other.bits[at]!),
    );
  }

  /** Those that either has. */
  or(other: StudySet): StudySet {
    return new StudySet(
      this.size,
      this.bits.map((word, at) => word | other.bits[at]!),
    );
  }

  count(): number {
    let sum = 0;
    for (let word of this.bits) {
      word -= (word >>> 1) & 0x55555555;
      word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
      sum += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
    }
    return sum;
  }

  /** Calls back with each place, in order. */
  each(visit: (place: number) => void): void {
    for (let at = 0; at < this.bits.length; at++)
      for (let word = this.bits[at]!; word !== 0; word &= word - 1) visit(at * 32 + (31 - Math.clz32(word & -word)));
  }
}
