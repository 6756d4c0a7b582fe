import type { ByteSource } from '../../bytes/byte-source.ts';
import { type RiffChunk, fourLetters, riffChunks } from './riff.ts';

/** Where the frames of a film lie. A size of 0 is a frame that shows the one before. */
export interface FramePlaces {
  offsets: number[];
  sizes: number[];
}

/** More frames than this are not listed: two days at 25 in a second. */
const mostFrames = 1 << 22;
/** Bytes of an index that are held at once. */
const windowBytes = 1 << 20;

/** The stream of pictures of a film. */
export interface PictureStream {
  /** Its place among the streams, the first two digits of the names of its chunks. */
  number: number;
  /** Places of the parts of its index of indices (OpenDML `indx`). */
  indexes: number[];
}

/** Is a chunk of this name a frame of the stream? Sound, palettes and parts of the index are none. */
function isFrame(id: string, stream: number): boolean {
  return Number(id.slice(0, 2)) === stream && /^\d\d/.test(id) && !/^(wb|pc|ix|tx)$/i.test(id.slice(2));
}

/** Frames by the standard indices of OpenDML (`ix00`), each of 24 bytes and 8 a frame. */
export async function openDmlFrames(
  source: ByteSource,
  { indexes }: PictureStream,
  signal?: AbortSignal,
): Promise<FramePlaces> {
  const places: FramePlaces = { offsets: [], sizes: [] };
  for (const at of indexes) {
    const head = await source.read(at, 32, signal);
    if (head.length < 32) break;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    // Two numbers a frame, an index of chunks.
    if (view.getUint16(8, true) !== 2 || head[11] !== 1) break;
    const base = Number(view.getBigUint64(20, true));
    const count = Math.min(view.getUint32(12, true), Math.floor((source.size - at - 32) / 8), mostFrames);
    for (let from = 0; from < count; from += windowBytes / 8) {
      const bytes = await source.read(at + 32 + from * 8, Math.min(count - from, windowBytes / 8) * 8, signal);
      const entries = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let n = 0; n + 8 <= bytes.length && places.offsets.length < mostFrames; n += 8)
        // The highest bit says that the frame needs those before it.
        add(places, source, base + entries.getUint32(n, true), entries.getUint32(n + 4, true) & 0x7fff_ffff);
    }
  }
  return places;
}

/** Frames by the index of the first AVI (`idx1`): 16 bytes a chunk of any stream. */
export async function oldIndexFrames(
  source: ByteSource,
  index: RiffChunk,
  movie: RiffChunk,
  stream: number,
  signal?: AbortSignal,
): Promise<FramePlaces> {
  const places: FramePlaces = { offsets: [], sizes: [] };
  let base: number | undefined;
  for (let at = 0; at < index.size; at += windowBytes) {
    const bytes = await source.read(index.offset + at, Math.min(windowBytes, index.size - at), signal);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let n = 0; n + 16 <= bytes.length && places.offsets.length < mostFrames; n += 16) {
      if (!isFrame(fourLetters(bytes, n), stream)) continue;
      const offset = view.getUint32(n + 8, true);
      // Places count from the word `movi`; some programs count from the begin of the file.
      base ??= await baseOf(source, movie, offset, fourLetters(bytes, n), signal);
      add(places, source, base + offset + 8, view.getUint32(n + 12, true));
    }
  }
  return places;
}

async function baseOf(
  source: ByteSource,
  movie: RiffChunk,
  offset: number,
  id: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const usual = movie.offset - 4;
  if (fourLetters(await source.read(usual + offset, 4, signal), 0) === id) return usual;
  return fourLetters(await source.read(offset, 4, signal), 0) === id ? 0 : usual;
}

/** Frames as they stand one after the other, for films without an index: those that were not ended. */
export async function walkedFrames(
  source: ByteSource,
  movie: RiffChunk,
  stream: number,
  signal?: AbortSignal,
): Promise<FramePlaces> {
  const places: FramePlaces = { offsets: [], sizes: [] };
  for await (const chunk of riffChunks(source, movie.offset, movie.offset + movie.size, signal)) {
    const inside =
      chunk.type === 'rec ' ? riffChunks(source, chunk.offset, chunk.offset + chunk.size, signal) : [chunk];
    for await (const one of inside)
      if (isFrame(one.id, stream) && places.offsets.length < mostFrames) add(places, source, one.offset, one.size);
  }
  return places;
}

/** Frames that end behind the end of the file are left out. */
function add({ offsets, sizes }: FramePlaces, source: ByteSource, offset: number, size: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + size > source.size) return;
  offsets.push(offset);
  sizes.push(size);
}
