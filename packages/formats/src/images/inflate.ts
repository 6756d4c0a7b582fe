import { joinedBytes } from '../bytes/joined-bytes.ts';
/**
 * Unpacks one zlib stream (RFC 1950) to at most `limit` bytes; what follows the stream is ignored.
 * @param expected what it will most likely unpack to, where that is known: room is made for so much
 * @throws InflateError where the stream is damaged, ends early, or unpacks to more than `limit` bytes
 */
export type Inflate = (packed: Uint8Array, limit: number, expected?: number) => Promise<Uint8Array>;

/** A zlib stream that cannot be unpacked. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}

/** The platform's own codec, in browsers and Node alike. Its memory is what was unpacked so far, never more than the limit. */
export const inflateByStream: Inflate = async (packed, limit) => {
  const reader = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    // Reading stops one byte past the limit, so that a stream that holds too much is told from one that fits.
    while (total <= limit) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      total += value.length;
    }
  } catch (cause) {
    // Bytes after the stream make the platform's codec fail although everything asked for is there.
    if (total < limit) throw new InflateError('the packed data are damaged or end early', { cause });
  } finally {
    reader.cancel().catch(() => undefined);
  }
  if (total > limit) throw new InflateError(`the packed data hold more than the ${limit} bytes expected`);
  return joinedBytes(parts, total);
};

let current: Inflate = inflateByStream;

/** Registers a faster codec (the `/node` entry registers node:zlib); `undefined` returns to the platform's own. */
export function setInflate(inflate: Inflate | undefined): void {
  current = inflate ?? inflateByStream;
}

/** Unpacks with the registered codec. */
export const inflate: Inflate = (packed, limit, expected) => current(packed, limit, expected);
