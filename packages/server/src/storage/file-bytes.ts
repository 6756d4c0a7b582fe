import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Bytes of a piece of a large file. */
const pieceBytes = 2 ** 20;

/**
 * The bytes of a file, from its first or from `from` on to its last, in pieces. A small file has pieces of its own size: with those of a large one, ten thousand of
 * them cost ten gigabytes of memory to be given and taken back.
 * @throws the system's error, where it is not there or cannot be read
 */
export async function* bytesOfFile(path: string, from = 0): AsyncGenerator<Uint8Array> {
  const { size } = await stat(path);
  yield* createReadStream(path, {
    start: from,
    highWaterMark: Math.max(1, Math.min(pieceBytes, size - from)),
  }) as AsyncIterable<Uint8Array>;
}
