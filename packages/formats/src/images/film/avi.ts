import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { CachedRanges } from '../tiff/cached-ranges.ts';
import { type FilmCodec, codecOf } from './avi-codecs.ts';
import { type FramePlaces, type PictureStream, oldIndexFrames, openDmlFrames, walkedFrames } from './avi-index.ts';
import { filmIssue } from './film-issues.ts';
import { type RiffChunk, fourLetters, riffChunks } from './riff.ts';

/** A film in an AVI file: what is known of it, and where its frames lie. Nothing of a frame is read. */
export interface AviFilm {
  width: number;
  height: number;
  /** Rows as stored: the last row first, as bitmaps have it, or the first first. */
  isBottomUp: boolean;
  /** Bits of a pixel in uncompressed frames. */
  bits: number;
  /** Red, green, blue of each value, for frames of 8 bits. */
  palette?: Uint8Array;
  framesPerSecond: number;
  codec: FilmCodec;
  frames: FramePlaces;
}

/** An AVI as it was found. */
export interface OpenedAvi {
  /** Left out where no film could be found in the file. */
  film?: AviFilm;
  issues: Issue[];
}

/** More pixels in a frame than this are damage. */
const mostPixels = 2 ** 26;

interface Parts {
  headers?: RiffChunk;
  movies: RiffChunk[];
  index?: RiffChunk;
}

/** The headers, the frames and the index: the first `RIFF` has all, further ones (`AVIX`) have frames only. */
async function partsOf(source: ByteSource, signal?: AbortSignal): Promise<Parts> {
  const parts: Parts = { movies: [] };
  for await (const riff of riffChunks(source, 0, source.size, signal)) {
    if (riff.type !== 'AVI ' && riff.type !== 'AVIX') continue;
    for await (const chunk of riffChunks(source, riff.offset, riff.offset + riff.size, signal)) {
      if (chunk.type === 'hdrl') parts.headers ??= chunk;
      else if (chunk.type === 'movi') parts.movies.push(chunk);
      else if (chunk.id === 'idx1') parts.index ??= chunk;
      // Files that were never ended have no size; what comes behind the headers is still there.
      if (chunk.type === 'movi' && chunk.size === 0) chunk.size = source.size - chunk.offset;
    }
  }
  return parts;
}

/** Opens a film by its headers and its index: some reads of a few kilobytes, whatever its size. */
export async function openAvi(whole: ByteSource, signal?: AbortSignal): Promise<OpenedAvi> {
  const where = { file: whole.name };
  // Headers are read piece by piece and lie close together.
  const cached = new CachedRanges(whole);
  const { name, size } = whole;
  const source: ByteSource = { name, size, read: (offset, length, by) => cached.read(offset, length, by) };
  const { headers, movies, index } = await partsOf(source, signal);
  const [movie] = movies;
  const found = headers && (await pictureStream(source, headers, signal));
  if (!found || !movie)
    return { issues: [filmIssue('film-damaged', 'The headers of the film cannot be read.', { where })] };
  const { stream, ...rest } = found;
  let frames = await openDmlFrames(source, stream, signal);
  if (frames.offsets.length === 0 && index) frames = await oldIndexFrames(source, index, movie, stream.number, signal);
  const issues: Issue[] = [];
  if (frames.offsets.length === 0) {
    frames = await walkedFrames(source, movie, stream.number, signal);
    if (frames.offsets.length > 0) {
      const message = `The film has no index; ${frames.offsets.length} frames were found one after the other.`;
      issues.push(filmIssue('film-without-index', message, { where }));
    }
  }
  const film: AviFilm = { ...rest, frames };
  if (frames.offsets.length === 0)
    issues.push(filmIssue('film-damaged', 'No frame of the film can be found.', { where }));
  else if (!film.codec.packing) {
    const message = `The frames are packed as ${film.codec.name} (${film.codec.code}), which cannot be played here.`;
    issues.push(filmIssue('film-codec-unknown', message, { where }));
  }
  return { film, issues };
}

type Found = Omit<AviFilm, 'frames'> & { stream: PictureStream };

/** The first stream of pictures. */
async function pictureStream(source: ByteSource, headers: RiffChunk, signal?: AbortSignal): Promise<Found | undefined> {
  let number = -1;
  let perFrame = 0;
  for await (const chunk of riffChunks(source, headers.offset, headers.offset + headers.size, signal)) {
    if (chunk.id === 'avih') {
      const bytes = await source.read(chunk.offset, 4, signal);
      perFrame = bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : 0;
    }
    if (chunk.type !== 'strl') continue;
    number++;
    const found = await streamOf(source, chunk, number, perFrame, signal);
    if (found) return found;
  }
  return undefined;
}

async function streamOf(
  source: ByteSource,
  list: RiffChunk,
  number: number,
  microsecondsPerFrame: number,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  let head: DataView | undefined;
  let format: Uint8Array | undefined;
  let indexes: number[] = [];
  for await (const chunk of riffChunks(source, list.offset, list.offset + list.size, signal)) {
    if (!['strh', 'strf', 'indx'].includes(chunk.id)) continue;
    const bytes = await source.read(chunk.offset, Math.min(chunk.size, 1 << 20), signal);
    if (chunk.id === 'strh') head = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    else if (chunk.id === 'strf') format = bytes;
    else indexes = indexPlaces(bytes, chunk.offset);
  }
  if (!head || !format || head.byteLength < 28 || format.length < 40) return undefined;
  if (letters(head, 0) !== 'vids') return undefined;
  const view = new DataView(format.buffer, format.byteOffset, format.length);
  const [width, height] = [view.getInt32(4, true), view.getInt32(8, true)];
  if (width <= 0 || height === 0 || width * Math.abs(height) > mostPixels) return undefined;
  const bits = view.getUint16(14, true);
  const [scale, rate] = [head.getUint32(20, true), head.getUint32(24, true)];
  const perSecond = scale > 0 && rate > 0 ? rate / scale : 1e6 / microsecondsPerFrame;
  const palette = bits === 8 ? paletteOf(format, view) : undefined;
  const codec = codecOf(fourLetters(format, 16), letters(head, 4), bits);
  return {
    stream: { number, indexes },
    width,
    height: Math.abs(height),
    isBottomUp: height > 0 && codec.packing === 'bitmap',
    bits,
    ...(palette ? { palette } : {}),
    framesPerSecond: Number.isFinite(perSecond) && perSecond > 0 ? Math.min(perSecond, 1000) : 10,
    codec,
  };
}

function letters(view: DataView, at: number): string {
  return fourLetters(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at);
}

/** Colours of a frame of 8 bits, from blue, green, red and nothing; a grey ramp stands for none. */
function paletteOf(format: Uint8Array, view: DataView): Uint8Array {
  const start = view.getUint32(0, true);
  const stated = view.getUint32(32, true) || 256;
  const count = Math.min(stated, 256, Math.floor((format.length - start) / 4));
  const palette = new Uint8Array(768);
  if (!(count > 0)) return palette.map((_, n) => Math.floor(n / 3));
  for (let n = 0; n < count; n++)
    for (let part = 0; part < 3; part++) palette[n * 3 + part] = format[start + n * 4 + 2 - part]!;
  return palette;
}

/** Places of the parts of an OpenDML index of indices, or of the index itself. */
function indexPlaces(bytes: Uint8Array, offset: number): number[] {
  if (bytes.length < 24) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[3] === 1) return [offset - 8];
  const count = Math.min(view.getUint32(4, true), Math.floor((bytes.length - 24) / 16));
  const places: number[] = [];
  for (let n = 0; n < count; n++) {
    const place = Number(view.getBigUint64(24 + n * 16, true));
    if (place > 0) places.push(place);
  }
  return [...new Set(places)];
}
