import type { ByteSource } from '../../bytes/byte-source.ts';

/** One chunk of a RIFF file (Microsoft, *Multimedia Programming Interface and Data Specifications*, 1991). */
export interface RiffChunk {
  /** Four letters, such as `idx1`. */
  id: string;
  /** Of a list (`RIFF`, `LIST`): the four letters behind its size, such as `movi`; else `''`. */
  type: string;
  /** Where its content begins: behind the size, for lists behind the type. */
  offset: number;
  /** Bytes of the content that are there. */
  size: number;
}

/** Four letters at a place. */
export function fourLetters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** More chunks than this in one list are not walked. */
const mostChunks = 10_000;

/**
 * The chunks between two places, in order, each by its head alone; chunks that end behind `end` are cut there.
 * @yields chunks until the end, until what stands there is none, or until 10 000 were given
 */
export async function* riffChunks(
  source: ByteSource,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<RiffChunk> {
  let window: Uint8Array = new Uint8Array(0);
  let windowAt = 0;
  for (let at = start, count = 0; at + 8 <= end && count < mostChunks; count++) {
    // Small chunks lie close together: several heads come with one read.
    if (at < windowAt || at + 12 > windowAt + window.length) {
      window = await source.read(at, 4096, signal);
      windowAt = at;
    }
    const head = window.subarray(at - windowAt, at - windowAt + 12);
    if (head.length < 8 || !/^[\x20-\x7e]{4}$/.test(fourLetters(head, 0))) return;
    const stated = new DataView(head.buffer, head.byteOffset, head.length).getUint32(4, true);
    const id = fourLetters(head, 0);
    const isList = (id === 'RIFF' || id === 'LIST') && head.length === 12;
    const size = Math.min(stated, end - at - 8);
    yield {
      id,
      type: isList ? fourLetters(head, 8) : '',
      offset: at + (isList ? 12 : 8),
      size: isList ? Math.max(0, size - 4) : size,
    };
    at += 8 + stated + (stated & 1);
  }
}
