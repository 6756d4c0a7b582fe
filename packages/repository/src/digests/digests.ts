import { type FileHandle, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { digestsOfSmallFile, ThreadDigest } from './digest-threads.ts';
import { startDigest } from './running-digest.ts';
import { linkOf, smallFileBytes } from './small-file.ts';

/** Bytes and their digests, as lower-case hex in the order of the algorithms asked for. */
export interface Digested {
  size: number;
  digests: string[];
  /** Of a file that has other names (hard links): the same for each of them. */
  link?: string;
}

/** Told of every piece read, and waited for: a limit of the rate waits here, and a reading that shall end throws. */
export type OnBytes = (count: number) => Promise<void> | void;

const pieceBytes = 2 ** 20;
/** One piece is read while those before it are digested and written. */
const piecesAtOnce = 3;
/** Memory that is free. */
const free: SharedArrayBuffer[] = [];
const mostFree = 24;

/** Large files that are read at once: each keeps one thread busy, or several. */
const mostLarge = Math.max(2, Math.min(8, availableParallelism()));
let large = 0;
const waitingForTurn: (() => void)[] = [];

async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (large >= mostLarge) await new Promise<void>((resolve) => waitingForTurn.push(resolve));
  else large++;
  try {
    return await work();
  } finally {
    const next = waitingForTurn.shift();
    if (next) next();
    else large--;
  }
}

/** Where the pieces of a stream lie while threads and the disk have them. */
class Pieces {
  private readonly digests: readonly ThreadDigest[];
  private readonly ring = Array.from({ length: piecesAtOnce }, () => free.pop() ?? new SharedArrayBuffer(pieceBytes));
  private readonly busy: Promise<unknown>[] = this.ring.map(() => Promise.resolve());
  private at = 0;

  constructor(algorithms: readonly string[]) {
    this.digests = algorithms.map((algorithm) => new ThreadDigest(algorithm));
  }

  /** Room for the next piece, once nobody reads what lay there. @throws what went wrong with that */
  async room(): Promise<Uint8Array> {
    await this.busy[this.at];
    return new Uint8Array(this.ring[this.at]!);
  }

  /** Hands the first bytes of the room on. */
  give(length: number, write?: (bytes: Uint8Array) => Promise<void>): void {
    const memory = this.ring[this.at]!;
    const work = Promise.all([
      ...this.digests.map((one) => one.update(memory, length)),
      write?.(new Uint8Array(memory, 0, length)),
    ]);
    // Whoever waits for the room is told; until then nobody may be waiting.
    work.catch(() => undefined);
    this.busy[this.at] = work;
    this.at = (this.at + 1) % this.ring.length;
  }

  /** Waits for all of it. @throws what went wrong */
  async end(): Promise<string[]> {
    const ends = await Promise.allSettled(this.busy);
    const digests = await Promise.allSettled(this.digests.map((one) => one.digest()));
    if (free.length + this.ring.length <= mostFree) free.push(...this.ring);
    for (const one of [...ends, ...digests]) if (one.status === 'rejected') throw one.reason;
    return digests.map((one) => (one as PromiseFulfilledResult<string>).value);
  }
}

/** Runs a reading with its pieces; of two faults the one of the reading is told. */
async function withPieces(algorithms: readonly string[], read: (pieces: Pieces) => Promise<number>): Promise<Digested> {
  const pieces = new Pieces(algorithms);
  let size: number;
  try {
    size = await read(pieces);
  } catch (error) {
    await pieces.end().catch(() => undefined);
    throw error;
  }
  return { size, digests: await pieces.end() };
}

/**
 * Digests of a file that is open, from its first byte to its last: each byte is read once, and while one piece is read, threads compute the
 * digests of those before it, each digest in its own.
 * @param write takes every piece too, in order, while it is digested
 * @throws the system's error; what `onBytes` throws
 */
export async function digestsOfOpenFile(
  handle: FileHandle,
  algorithms: readonly string[],
  { onBytes, write }: { onBytes?: OnBytes; write?: (bytes: Uint8Array, at: number) => Promise<void> } = {},
): Promise<Digested> {
  return await inTurn(() =>
    withPieces(algorithms, async (pieces) => {
      for (let size = 0; ; ) {
        const room = await pieces.room();
        const { bytesRead } = await handle.read(room, 0, room.length, size);
        if (bytesRead === 0) return size;
        const at = size;
        size += bytesRead;
        pieces.give(bytesRead, write && ((bytes) => write(bytes, at)));
        await onBytes?.(bytesRead);
      }
    }),
  );
}

/**
 * Digests of a file. Large ones are read here and digested in threads, small ones read and digested there, many at once.
 * @param algorithms as Node names them, and `crc32c`
 * @throws the system's error, where it is not there or cannot be read; what `onBytes` throws
 */
export async function digestsOfFile(path: string, algorithms: readonly string[], onBytes?: OnBytes): Promise<Digested> {
  const small = await digestsOfSmallFile(path, algorithms);
  if (small.code !== undefined) throw Object.assign(new Error(small.message), { code: small.code, path });
  if (!small.isLarge) {
    await onBytes?.(small.size);
    return small;
  }
  const handle = await open(path, 'r');
  try {
    const digested = await digestsOfOpenFile(handle, algorithms, onBytes ? { onBytes } : {});
    return { ...digested, ...linkOf(await handle.stat()) };
  } finally {
    await handle.close();
  }
}

/**
 * Digests of bytes that come piece by piece, computed in threads while the next ones come. Few bytes are digested here.
 * @throws what the bytes throw; what `onBytes` throws
 */
export async function digestsOfStream(
  bytes: AsyncIterable<Uint8Array>,
  algorithms: readonly string[],
  onBytes?: OnBytes,
): Promise<Digested> {
  let begin: Uint8Array[] = [];
  let size = 0;
  let pieces: Pieces | undefined;
  let filled = 0;
  const take = async (to: Pieces, piece: Uint8Array) => {
    for (let from = 0; from < piece.length; ) {
      const room = await to.room();
      const part = piece.subarray(from, from + room.length - filled);
      room.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === room.length) {
        to.give(filled);
        filled = 0;
      }
    }
  };
  try {
    for await (const piece of bytes) {
      size += piece.length;
      begin.push(piece);
      if (size > smallFileBytes) {
        pieces ??= new Pieces(algorithms);
        for (const one of begin) await take(pieces, one);
        begin = [];
      }
      await onBytes?.(piece.length);
    }
  } catch (error) {
    await pieces?.end().catch(() => undefined);
    throw error;
  }
  if (pieces) {
    if (filled > 0) pieces.give(filled);
    return { size, digests: await pieces.end() };
  }
  const hashes = algorithms.map(startDigest);
  for (const hash of hashes) for (const piece of begin) hash.update(piece);
  return { size, digests: hashes.map((hash) => hash.hex()) };
}
