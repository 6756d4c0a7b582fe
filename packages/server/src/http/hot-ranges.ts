import { totalmem } from 'node:os';

/** Most bytes kept: what a small machine can spare. */
const mostBytes = Math.min(128 * 2 ** 20, Math.floor(totalmem() / 64));
/** Milliseconds without a question after which everything is forgotten. */
const restAfter = 30_000;

/**
 * Bytes of ranges of files that are asked for again and again, as the chunks of an image many look at: they go to the
 * socket without being read anew. Kept by what tells a file from another that takes its place, so they are never those of
 * a file that is gone; who may see them is asked before, each time.
 */
export class HotRanges {
  private readonly kept = new Map<string, Buffer>();
  private readonly limit: number;
  private bytes = 0;
  private rest: NodeJS.Timeout | undefined;

  /** @param limit most bytes in all */
  constructor(limit = mostBytes) {
    this.limit = limit;
  }

  /** The bytes of a range; nobody may write into them. */
  get(mark: string, start: number, length: number): Buffer | undefined {
    const key = `${mark}/${start}/${length}`;
    const found = this.kept.get(key);
    if (!found) return undefined;
    this.kept.delete(key);
    this.kept.set(key, found);
    this.rest?.refresh();
    return found;
  }

  /** Keeps the bytes of a range; the buffer belongs to this from then on. @returns whether it does */
  keep(mark: string, start: number, bytes: Buffer): boolean {
    const key = `${mark}/${start}/${bytes.length}`;
    const room = bytes.buffer.byteLength;
    if (room > this.limit / 8 || this.kept.has(key)) return false;
    this.kept.set(key, bytes);
    this.bytes += room;
    while (this.bytes > this.limit) {
      const [oldest, { buffer }] = this.kept.entries().next().value!;
      this.kept.delete(oldest);
      this.bytes -= buffer.byteLength;
    }
    this.rest ??= setTimeout(() => this.forget(), restAfter).unref();
    return true;
  }

  /** Gives everything back. */
  forget(): void {
    this.kept.clear();
    this.bytes = 0;
    clearTimeout(this.rest);
    this.rest = undefined;
  }
}

/** Ranges asked for again and again, shared by all routes. */
export const hotRanges = new HotRanges();
