/** What a holder of a lock may ask before it does what cannot be taken back. */
export interface Held {
  /** @throws LockLost where the lock may have gone to somebody else meanwhile */
  assure(): Promise<void>;
}

/** Things that only one at a time may do, in all processes that share a storage. */
export interface Locks {
  /** Waits for the lock of a name, works, and lets it go. */
  hold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<Value>;
  /** Works if nobody has the lock; `undefined` at once where somebody has. */
  tryHold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<{ value: Value } | undefined>;
}

/** The lock was lost while its holder worked: somebody else may have it. */
export class LockLost extends Error {
  override readonly name = 'LockLost';

  constructor(name: string, options?: ErrorOptions) {
    super(`The lock of ${name} was lost`, options);
  }
}

/** Locks among what runs in this process: enough where it is the only one. */
export class ProcessLocks implements Locks {
  private readonly last = new Map<string, Promise<unknown>>();

  async hold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<Value> {
    const before = this.last.get(name) ?? Promise.resolve();
    const run = before.then(() => work({ assure: async () => {} }));
    const settled = run.catch(() => {});
    this.last.set(name, settled);
    try {
      return await run;
    } finally {
      if (this.last.get(name) === settled) this.last.delete(name);
    }
  }

  async tryHold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<{ value: Value } | undefined> {
    return this.last.has(name) ? undefined : { value: await this.hold(name, work) };
  }
}
