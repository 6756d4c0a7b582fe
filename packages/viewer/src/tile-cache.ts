/** Keeps what was used last, up to a number of bytes; loads that are under way are shared. */
export class TileCache<Value extends { byteLength: number }> {
  private readonly limitBytes: number;
  private readonly held = new Map<string, Value>();
  private readonly loading = new Map<string, Promise<Value>>();
  private bytes = 0;

  /** @param limitBytes most bytes kept; the newest value is kept even when it alone is larger */
  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Bytes held now. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** The value of a key, from memory or by `load`. A failed load is forgotten, so the next call tries again. */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.held.get(key);
    if (known) {
      this.held.delete(key);
      this.held.set(key, known);
      return known;
    }
    const underWay = this.loading.get(key);
    if (underWay) return underWay;
    const started = load();
    this.loading.set(key, started);
    try {
      const value = await started;
      this.keep(key, value);
      return value;
    } finally {
      this.loading.delete(key);
    }
  }

  private keep(key: string, value: Value): void {
    this.held.set(key, value);
    this.bytes += value.byteLength;
    for (const [oldest, old] of this.held) {
      if (this.bytes <= this.limitBytes || oldest === key) break;
      this.held.delete(oldest);
      this.bytes -= old.byteLength;
    }
  }
}
