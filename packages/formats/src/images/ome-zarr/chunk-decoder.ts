import { bunzip2 } from '../bzip2.ts';
import { inflateZlib } from './bounded-inflate.ts';
import { bloscDecode } from './blosc.ts';
import { zstd } from './zstd.ts';

/** Codecs of Zarr chunks that we unpack ourselves. */
export type ChunkCodec = 'blosc' | 'zstd' | 'gzip' | 'zlib' | 'bz2';

/** Unpacks chunks, perhaps somewhere else (web workers of a page). */
export interface ChunkDecoder {
  /**
   * Unpacks a chunk; `bytes` are left as they are, the answer is the caller's.
   * @param limit a chunk that holds more bytes is refused
   * @param signal whoever asked has given up: a chunk that waits need not be unpacked
   * @throws Error where the chunk is damaged or too large; the reason of the signal
   */
  decode(codec: ChunkCodec, bytes: Uint8Array, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Unpacks a chunk in this thread. */
export async function decodeChunk(codec: ChunkCodec, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  if (codec === 'blosc') return bloscDecode(bytes, limit);
  if (codec === 'zstd') return zstd().decompress(bytes, limit);
  // Only what others wrote with version 2 is packed so.
  if (codec === 'bz2') return bunzip2(bytes, limit);
  return inflateZlib(bytes, codec === 'gzip' ? 'gzip' : 'deflate', limit);
}

const here: ChunkDecoder = { decode: decodeChunk };
let chosen = here;

/** Registers workers that unpack chunks from now on; `undefined` goes back to the thread that reads. */
export function setChunkDecoder(decoder: ChunkDecoder | undefined): void {
  chosen = decoder ?? here;
}

/** The decoder in use. */
export function chunkDecoder(): ChunkDecoder {
  return chosen;
}

const askedWith = new WeakMap<Uint8Array, AbortSignal>();

/** Notes who waits for these packed bytes: zarrita hands a codec nothing but the bytes. Answers them. */
export function packedFor<Bytes extends Uint8Array | undefined>(bytes: Bytes, signal: AbortSignal | undefined): Bytes {
  if (bytes && signal) askedWith.set(bytes, signal);
  return bytes;
}

/** The signal that packed bytes were read with; `undefined` where there was none, or a check sum was taken off since. */
export function signalOf(bytes: Uint8Array): AbortSignal | undefined {
  return askedWith.get(bytes);
}
