import { read, readSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { recentRanges } from './recent-ranges.ts';

/** A part of a file that goes from the disk to the socket, around the `Response` whose headers it has. */
export interface DirectBytes {
  file: string;
  /** Tells the file from another that took its place. */
  mark: string;
  size: number;
  /** File descriptor, open until `done`. */
  fd: number;
  start: number;
  length: number;
  /** Known again by these in what the application answers: a fault after the route has others. */
  status: number;
  etag: string;
  /** Told of the bytes of every further answer of this kind that the application is not asked for. */
  again?: (bytes: number) => void;
  done(): void;
}

/** What is read and handed to the socket at once: each piece is a way through the thread pool. */
const [smallPiece, largePiece] = [64 * 1024, 2 ** 20];
/** Buffers of each size that are kept to be used again. */
const mostBuffers = 32;
const buffers = new Map<number, Buffer[]>([
  [smallPiece, []],
  [largePiece, []],
]);

const pieceFor = (length: number): number => (length <= smallPiece ? smallPiece : largePiece);
const takeBuffer = (size: number): Buffer => buffers.get(size)!.pop() ?? Buffer.allocUnsafeSlow(size);

function giveBack(buffer: Buffer): void {
  const kept = buffers.get(buffer.length);
  if (kept && kept.length < mostBuffers) kept.push(buffer);
}

function readPiece(fd: number, buffer: Buffer, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, position, (fault, count) => (fault ? reject(fault) : resolve(count)));
  });
}

/** Waits until the socket takes more, or is gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.on('drain', go);
    outgoing.on('close', go);
  });
}

/** Bytes of a file in a buffer of ours, which is used again once they are sent. */
export interface ReadBytes {
  buffer: Buffer;
  length: number;
}

/**
 * Reads a range that `recentRanges` has, without waiting.
 * @returns `undefined` where it is too long for one piece, or the file became shorter
 */
export function readAtOnce(fd: number, mark: string, start: number, length: number): ReadBytes | undefined {
  if (length > largePiece) return undefined;
  const buffer = takeBuffer(pieceFor(length));
  const count = readSync(fd, buffer, 0, length, start);
  if (count === length) {
    recentRanges.note(mark, start, length);
    return { buffer, length };
  }
  giveBack(buffer);
  return undefined;
}

/** Sends bytes as the body of an answer whose head is written, and ends it. */
export function sendRead(outgoing: ServerResponse, { buffer, length }: ReadBytes): void {
  // Used again once the system has taken its bytes.
  outgoing.write(buffer.subarray(0, length), () => giveBack(buffer));
  outgoing.end();
}

/** Sends a part of a file as the body of an answer whose head is written, and ends it; a fault ends the connection. */
export async function pumpFile(
  outgoing: ServerResponse,
  { fd, mark, start, length }: Pick<DirectBytes, 'fd' | 'mark' | 'start' | 'length'>,
): Promise<void> {
  const end = start + length;
  try {
    for (let at = start; at < end && !outgoing.destroyed; ) {
      const pieceSize = pieceFor(end - at);
      const buffer = takeBuffer(pieceSize);
      const count = await readPiece(fd, buffer, Math.min(pieceSize, end - at), at);
      if (count === 0) throw new Error('The file became shorter while it was sent');
      at += count;
      if (at === end && length <= largePiece) recentRanges.note(mark, start, length);
      // Used again once the system has taken its bytes.
      const isTaken = outgoing.write(buffer.subarray(0, count), () => giveBack(buffer));
      if (!isTaken && at < end) await drained(outgoing);
    }
    outgoing.end();
  } catch (fault) {
    outgoing.destroy(fault instanceof Error ? fault : undefined);
  }
}

/**
 * Sends what the application answered, with the bytes it named: no stream, and no copy of them, is made in between.
 * @returns what tells the server's adapter that there is nothing left to do; the answer itself where the bytes are not its own
 */
export async function sendDirectly(
  outgoing: ServerResponse,
  response: Response,
  bytes: DirectBytes,
): Promise<Response> {
  try {
    if (!isAnswerOf(response, bytes)) return response;
    outgoing.writeHead(response.status, [...response.headers].flat());
    await pumpFile(outgoing, bytes);
  } finally {
    bytes.done();
  }
  return RESPONSE_ALREADY_SENT;
}

/** Is it the answer that was to have these bytes, and not one to a fault that came later? */
export function isAnswerOf(response: Response, { status, etag }: DirectBytes): boolean {
  return response.status === status && response.headers.get('etag') === etag;
}
