/** What blocks are read from. */
export interface RangeReader {
  range(key: string, offset: number, length: number): Promise<Uint8Array>;
}

interface Kept {
  bytes: Promise<Uint8Array>;
  until: number;
}

/** Bytes of a block. */
export const blockSize = 256 * 1024;
/** Milliseconds for which a block is kept at most: bytes that were mended in the storage are served by then. */
const keptFor = 300_000;

/**
 * Blocks of objects that were read a moment ago, of all readers of a process. Viewers ask for the same chunks of the study of the day, and each
 * asks for neighbouring ones: what one has read the next does not fetch again, and what several ask for at once is fetched once. Keys must name
 * bytes that never change.
 */
export class RecentBlocks {
  private readonly from: RangeReader;
  private readonly most: number;
  private readonly now: () => number;
  private readonly kept = new Map<string, Kept>();

  /** @param most blocks kept; those used longest ago go first */
  constructor(from: RangeReader, most = 256, now: () => number = () => performance.now()) {
    this.from = from;
    this.most = most;
    this.now = now;
  }

  /** A range of an object of the given size; blocks that are not kept and lie beside each other are fetched together. */
  async read(key: string, size: number, offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    const first = Math.floor(offset / blockSize);
    const last = Math.floor((end - 1) / blockSize);
    const blocks = await Promise.all(this.blocks(key, size, first, last));
    const from = offset - first * blockSize;
    if (blocks.length === 1) return blocks[0]!.slice(from, from + end - offset);
    const bytes = new Uint8Array(end - offset);
    let at = 0;
    for (const [index, block] of blocks.entries()) {
      const part = block.subarray(
        index === 0 ? from : 0,
        index === blocks.length - 1 ? end - last * blockSize : undefined,
      );
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  private blocks(key: string, size: number, first: number, last: number): Promise<Uint8Array>[] {
    const now = this.now();
    const found: Promise<Uint8Array>[] = [];
    for (let index = first; index <= last; index++) {
      const name = `${index} ${key}`;
      let kept = this.kept.get(name);
      if (!kept || kept.until < now) {
        this.fetch(key, size, index, this.endOfGap(key, index, last, now), now);
        kept = this.kept.get(name)!;
      }
      this.kept.delete(name);
      this.kept.set(name, kept);
      found.push(kept.bytes);
    }
    while (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value!);
    return found;
  }

  /** The last of the blocks from `first` on that are not kept. */
  private endOfGap(key: string, first: number, last: number, now: number): number {
    let end = first;
    while (end < last && (this.kept.get(`${end + 1} ${key}`)?.until ?? -1) < now) end++;
    return end;
  }

  private fetch(key: string, size: number, first: number, last: number, now: number): void {
    const start = first * blockSize;
    const whole = this.from.range(key, start, Math.min((last + 1) * blockSize, size) - start);
    for (let index = first; index <= last; index++) {
      const name = `${index} ${key}`;
      const from = (index - first) * blockSize;
      // A copy where several were fetched together: one that is kept must not hold the others in memory.
      const bytes = whole.then((all) => (first === last ? all : all.slice(from, from + blockSize)));
      const kept = { bytes, until: now + keptFor };
      this.kept.set(name, kept);
      bytes.catch(() => {
        if (this.kept.get(name) === kept) this.kept.delete(name);
      });
    }
  }
}
