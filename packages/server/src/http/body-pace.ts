import { Problem } from './problems.ts';

/** How slowly a body may come: this many bytes, in this much time spent waiting for the sender. */
export interface Pace {
  bytes: number;
  milliseconds: number;
}

/** 1 kB/s over a minute: a modem does better, and whoever drips bytes to hold a connection does worse. */
export const slowestPace: Pace = { bytes: 60_000, milliseconds: 60_000 };

/**
 * Pieces of a body, for as long as they come fast enough. Time in which we are the slow ones (disk, digest) does not count, nor does the end of a body count
 * as too little. What was taken stays: an upload goes on from there.
 * @throws Problem `too-slow`
 */
export async function* paced(
  body: AsyncIterable<Uint8Array>,
  { bytes, milliseconds }: Pace = slowestPace,
): AsyncGenerator<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  let [waited, came] = [0, 0];
  let isCut = false;
  try {
    for (;;) {
      const asked = performance.now();
      const next = pieces.next();
      const late = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => late.resolve('late'), Math.max(0, milliseconds - waited));
      const got = await Promise.race([next, late.promise]).finally(() => clearTimeout(timer));
      if (got === 'late') {
        isCut = true;
        // The connection ends with the answer, and what it was waiting for with it.
        next.catch(() => {});
        throw new Problem('too-slow', `At least ${bytes} bytes are to come in ${milliseconds / 1000} seconds.`, {
          headers: { connection: 'close' },
        });
      }
      if (got.done) return;
      waited += performance.now() - asked;
      came += got.value.length;
      if (came >= bytes) [waited, came] = [0, 0];
      yield got.value;
    }
  } finally {
    // Of a body that was cut off the connection is still needed, for the answer.
    if (!isCut) await pieces.return?.();
  }
}
