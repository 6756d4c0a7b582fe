import { ByteBudget, type PaidEntry } from './byte-budget.ts';

interface Loading<Value> {
  result: Promise<Value>;
  stop: AbortController;
  /** How many still wait for it. */
  waiting: number;
}

interface Held<Value> extends PaidEntry {
  value: Value;
}

/** Keeps what was used last, up to a number of bytes; loads that are under way are shared. */
export class LoadCache<Value extends { byteLength: number }> {
  private readonly budget: ByteBudget;
  private readonly held = new Map<string, Held<Value>>();
  private readonly loading = new Map<string, Loading<Value>>();
  private bytes = 0;

  /**
   * @param limit most bytes kept, the newest value even when it alone is larger; or a budget that is shared with other
   * caches
   */
  constructor(limit: number | ByteBudget) {
    this.budget = typeof limit === 'number' ? new ByteBudget(limit) : limit;
  }

  /** Bytes held now by this cache. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** Loads that are under way. */
  get loadingCount(): number {
    return this.loading.size;
  }

  /** The value of a key where it is held. */
  peek(key: string): Value | undefined {
    return this.held.get(key)?.value;
  }

  /**
   * The value of a key, from memory or by `load`. A failed load is forgotten, so the next call tries again. A load is stopped
   * once nobody waits for it: everyone who asked has given up by their signal.
   */
  async get(key: string, load: (signal: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const known = this.held.get(key);
    if (known) {
      this.budget.used(known);
      return known.value;
    }
    signal?.throwIfAborted();
    const shared = this.loading.get(key) ?? this.start(key, load);
    shared.waiting++;
    if (!signal) return shared.result;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--shared.waiting === 0) {
          // Another load of the same may have begun since this one ended.
          if (this.loading.get(key) === shared) this.loading.delete(key);
          shared.stop.abort();
        }
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      shared.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private start(key: string, load: (signal: AbortSignal) => Promise<Value>): Loading<Value> {
    const stop = new AbortController();
    const started: Loading<Value> = { result: load(stop.signal), stop, waiting: 0 };
    this.loading.set(key, started);
    const forget = () => {
      if (this.loading.get(key) === started) this.loading.delete(key);
    };
    started.result.then((value) => {
      forget();
      this.keep(key, value);
    }, forget);
    return started;
  }

  /** Forgets all values; loads that are under way go on. */
  clear(): void {
    for (const entry of this.held.values()) this.forget(entry);
  }

  private keep(key: string, value: Value): void {
    const old = this.held.get(key);
    if (old) this.forget(old);
    const { byteLength } = value;
    const entry: Held<Value> = {
      value,
      byteLength,
      drop: () => {
        this.held.delete(key);
        this.bytes -= byteLength;
      },
    };
    this.held.set(key, entry);
    this.bytes += byteLength;
    this.budget.hold(entry);
  }

  private forget(entry: Held<Value>): void {
    this.budget.release(entry);
    entry.drop();
  }
}
