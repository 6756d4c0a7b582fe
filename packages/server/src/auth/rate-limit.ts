/** Counts tries of a key within windows; keeps at most `maxKeys` keys, forgetting the oldest. */
export class RateLimit {
  private readonly windows: readonly { milliseconds: number; tries: number }[];
  private readonly maxKeys: number;
  private readonly tries = new Map<string, number[]>();

  constructor(windows: readonly { milliseconds: number; tries: number }[], maxKeys = 100_000) {
    this.windows = windows;
    this.maxKeys = maxKeys;
  }

  /** Notes a try, of a clock that may have been set back meanwhile; gives 0 where it is allowed, else the seconds to wait. A refused try does not count. */
  take(key: string, now = Date.now()): number {
    const longest = Math.max(...this.windows.map((window) => window.milliseconds));
    const times = (this.tries.get(key) ?? []).filter((time) => time > now - longest && time <= now + longest);
    for (const window of this.windows) {
      const within = times.filter((time) => time > now - window.milliseconds);
      if (within.length >= window.tries) {
        return Math.ceil((within[within.length - window.tries]! + window.milliseconds - now) / 1000);
      }
    }
    this.tries.delete(key);
    this.tries.set(key, [...times, now]);
    if (this.tries.size > this.maxKeys) this.tries.delete(this.tries.keys().next().value!);
    return 0;
  }

  /** Forgets the tries of a key, after a success. */
  clear(key: string): void {
    this.tries.delete(key);
  }
}
