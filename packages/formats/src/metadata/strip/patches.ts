import type { ByteSource } from '../../bytes/byte-source.ts';
import { privateRanges } from '../private-details.ts';

/** Bytes that take the place of as many of a file. */
export interface Patch {
  /** Byte offset in the file. */
  at: number;
  bytes: Uint8Array;
}

/** A stretch of a file that is put to zero, whatever its length. */
export interface Erased {
  at: number;
  length: number;
}

/** What is to be done to a file so that it no longer tells of persons. Nothing moves: sizes and offsets stay. */
export interface Stripping {
  patches: Patch[];
  erased: Erased[];
  /** How many things it takes out. */
  count: number;
}

/** Nothing is to be done yet. */
export const noStripping = (): Stripping => ({ patches: [], erased: [], count: 0 });

/** Runs of letters of one byte, and of two as Windows writes them, with the place of each letter. */
const runs = /(?:[\x20-\x7e\t\r\n]\0){6,}|[\x20-\x7e\t\r\n\xa0-\xff]{4,}/g;

/**
 * Blanks out, with spaces, what tells of a person in a stretch of bytes that is known to hold metadata and no pixels.
 * @param bytes the stretch; changed in place
 * @returns how many places were blanked
 */
export function blankPrivate(bytes: Uint8Array): number {
  const plain = new TextDecoder('latin1').decode(bytes);
  let count = 0;
  for (const { 0: run, index } of plain.matchAll(runs)) {
    const isWide = run[1] === '\0';
    const text = isWide ? run.replaceAll('\0', '') : run;
    const width = isWide ? 2 : 1;
    let done = 0;
    for (const { from, to } of privateRanges(text).toSorted((a, b) => a.from - b.from)) {
      for (let letter = from; letter < to; letter++) bytes[index + letter * width] = 0x20;
      // An address in a field of a name is one thing, found twice.
      if (to > done) count++;
      done = Math.max(done, to);
    }
  }
  return count;
}

/** Pieces of a file as it is once it is stripped, in order. */
export async function* strippedPieces(
  source: ByteSource,
  { patches, erased }: Pick<Stripping, 'patches' | 'erased'>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieceBytes = 4 << 20;
  for (let at = 0; at < source.size; at += pieceBytes) {
    const piece = await source.read(at, Math.min(pieceBytes, source.size - at), signal);
    for (const { at: from, length } of erased) {
      const start = Math.max(0, from - at);
      const end = Math.min(piece.length, from + length - at);
      if (end > start) piece.fill(0, start, end);
    }
    // What is written anew stands in what was erased too.
    for (const { at: from, bytes } of patches) {
      const start = Math.max(0, from - at);
      const end = Math.min(piece.length, from + bytes.length - at);
      if (end > start) piece.set(bytes.subarray(at + start - from, at + end - from), start);
    }
    yield piece;
  }
}
