/** Something that a budget pays for. */
export interface PaidEntry {
  readonly byteLength: number;
  /** The budget has no room for it any more. */
  drop(): void;
}

/** A number of bytes that caches share: what was used longest ago, whichever holds it, makes room for what is new. */
export class ByteBudget {
  private limit: number;
  private readonly held = new Set<PaidEntry>();
  private bytes = 0;

  /** @param limitBytes most bytes held; the newest entry is held even when it alone is larger */
  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  /** Most bytes held, now. */
  get limitBytes(): number {
    return this.limit;
  }

  /** Bytes held now, of all caches together. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** Changes the limit; what is above it is dropped at once. */
  limitTo(limitBytes: number): void {
    this.limit = limitBytes;
    this.makeRoom();
  }

  /** Pays for a new entry, the one used last. */
  hold(entry: PaidEntry): void {
    this.held.add(entry);
    this.bytes += entry.byteLength;
    this.makeRoom(entry);
  }

  /** An entry was used: it goes after all others. */
  used(entry: PaidEntry): void {
    if (this.held.delete(entry)) this.held.add(entry);
  }

  /** Whoever had an entry needs it no more; it is not told. */
  release(entry: PaidEntry): void {
    if (this.held.delete(entry)) this.bytes -= entry.byteLength;
  }

  private makeRoom(newest?: PaidEntry): void {
    for (const entry of this.held) {
      if (this.bytes <= this.limit || entry === newest) break;
      this.release(entry);
      entry.drop();
    }
  }
}
