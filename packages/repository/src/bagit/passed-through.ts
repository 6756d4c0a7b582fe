/** Everything that is wanted has gone by: what would follow need not be made. */
export class Enough extends Error {
  override readonly name = 'Enough';
}

/** A target that is handed all bytes of something long and hands on those of one range. */
export interface RangeTarget {
  /** @throws Enough once the range is over */
  write(bytes: Uint8Array): Promise<void>;
  /** Counts bytes before the range without having them. */
  pass(count: number): Promise<void>;
  /** How many of the next bytes lie before the range. */
  unwanted(): number;
}

/**
 * Hands on the bytes of one range.
 * @param range places of the first and last byte, from 0; left out, all
 */
export function passedThrough(
  out: { write(bytes: Uint8Array): Promise<void> },
  range: { start: number; end: number } = { start: 0, end: Infinity },
): RangeTarget {
  const { start, end } = range;
  let at = 0;
  return {
    async write(bytes) {
      if (at > end) throw new Enough();
      const wanted = bytes.subarray(Math.max(0, start - at), Math.min(bytes.length, end - at + 1));
      at += bytes.length;
      if (wanted.length > 0) await out.write(wanted);
    },
    async pass(count) {
      if (at + count > start) throw new RangeError('These bytes are wanted');
      at += count;
    },
    unwanted: () => Math.max(0, start - at),
  };
}
