/** Milliseconds for which what was read is taken to be in the memory of the system. */
const rememberedFor = 10_000;
/** Most ranges remembered; the oldest go first. */
const mostRanges = 20_000;
/** Milliseconds in which a range that is in memory is read and its file looked at. */
const quickEnough = 5;

/**
 * Ranges of files that were read a moment ago. The system has them in memory, and reading them at once costs less than the way
 * through the thread pool, whose threads push whoever asks off a machine of few cores. Where such a read is slow after
 * all (memory is short, the disk elsewhere), none is made for as long as ranges are remembered.
 */
export class RecentRanges {
  private readonly until = new Map<string, number>();
  private readonly now: () => number;
  private restsUntil = 0;

  /** @param now milliseconds, of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Was this very range of the file read a moment ago? @param mark tells the file from others */
  has(mark: string, start: number, length: number): boolean {
    const now = this.now();
    return now >= this.restsUntil && (this.until.get(`${mark}/${start}/${length}`) ?? 0) > now;
  }

  /** To be told of each range that was read. */
  note(mark: string, start: number, length: number): void {
    const key = `${mark}/${start}/${length}`;
    this.until.delete(key);
    this.until.set(key, this.now() + rememberedFor);
    if (this.until.size > mostRanges) this.until.delete(this.until.keys().next().value!);
  }

  /** Does something with a range that `has`, without waiting for others meanwhile, and sees how long it takes. */
  atOnce<Result>(use: () => Result): Result {
    const started = this.now();
    try {
      return use();
    } finally {
      const ended = this.now();
      if (ended - started > quickEnough) this.restsUntil = ended + rememberedFor;
    }
  }
}

/** Ranges read a moment ago, shared by all routes. */
export const recentRanges = new RecentRanges();
