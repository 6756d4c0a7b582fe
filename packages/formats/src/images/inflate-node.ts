import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { type Inflate, InflateError, setInflate } from './inflate.ts';

const inflateInPool = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.inflate);

/** Up to this size the way through the thread pool costs more than the unpacking. */
const inlineBytes = 128 * 1024;

/** Output comes in pieces of at most this. */
const mostPieceBytes = 4 << 20;

/** node:zlib as codec: several times as fast as the platform's stream for the small pieces of an image. */
export const inflateByZlib: Inflate = async (packed, limit, expected = limit) => {
  // One piece where it fits: the default of 16 KiB makes dozens for each strip, to be collected and joined. A piece that
  // is just full would ask for another.
  const chunkSize = Math.min(mostPieceBytes, Math.max(1024, Math.min(limit, expected) + 1));
  const options = { maxOutputLength: Math.max(1, limit), chunkSize };
  try {
    return limit <= inlineBytes ? zlib.inflateSync(packed, options) : await inflateInPool(packed, options);
  } catch (cause) {
    const tooMuch = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new InflateError(
      tooMuch
        ? `the packed data hold more than the ${limit} bytes expected`
        : 'the packed data are damaged or end early',
      { cause },
    );
  }
};

setInflate(inflateByZlib);
