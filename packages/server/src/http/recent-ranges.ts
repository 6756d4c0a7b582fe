/** Milliseconds for which what was read is taken to be in the memory of the system. */
const rememberedFor = 10_000;
/** Most ranges remembered; the oldest go first. */
const mostRanges = 20_000;
/** Milliseconds in which a range that is in memory is read and its file looked at, where the processor is not taken away. */
const quickEnough = 5;
/** Milliseconds without such reads after one that waited for a disk; twice as many each time it happens again, to a limit. */
const shortestRest = 100;

/** How often threads of this process have given up the processor to wait for something, as the system counts it. */
const waitsOfProcess = (): number => process.resourceUsage().voluntaryContextSwitches;

/**
 * Ranges of files that were read a moment ago. The system has them in memory, and reading them at once costs less than the way
 * through the thread pool, whose threads push whoever asks off a machine of few cores. Where such a read waits for a disk after
 * all (memory is short, the disk elsewhere), none is made for a while. A read that took long because others had the processor
 * is no reason: the thread pool would make that worse.
 */
export class RecentRanges {
  private readonly until = new Map<string, number>();
  private readonly now: () => number;
  private readonly waits: () => number;
  private restsUntil = 0;
  private restsFor = shortestRest;

  /**
   * @param now milliseconds, of a clock that never goes back
   * @param waits counts the times the process waited
   */
  constructor(now: () => number = () => performance.now(), waits: () => number = waitsOfProcess) {
    this.now = now;
    this.waits = waits;
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

  /** Does something with a range that `has`, without waiting for others meanwhile, and sees whether it waited for a disk. */
  atOnce<Result>(use: () => Result): Result {
    const waits = this.waits();
    const started = this.now();
    try {
      return use();
    } finally {
      const ended = this.now();
      if (ended - started > quickEnough && this.waits() > waits) this.rest(ended);
    }
  }

  private rest(now: number): void {
    const isAgain = now - this.restsUntil < rememberedFor && this.restsUntil > 0;
    this.restsFor = isAgain ? Math.min(2 * this.restsFor, rememberedFor) : shortestRest;
    this.restsUntil = now + this.restsFor;
  }
}

/** Ranges read a moment ago, shared by all routes. */
export const recentRanges = new RecentRanges();
