import type { ByteSource } from '../../bytes/byte-source.ts';
import { memorySource } from '../../bytes/byte-source.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { JpegUnreadable, decodeJpeg } from '../jpeg/decode.ts';
import { decodePng, shownSamples } from '../png/decode.ts';
import { readPng } from '../png/png-file.ts';
import type { AviFilm } from './avi.ts';
import { withHuffmanTables } from './jpeg-tables.ts';

/** A frame as it is shown: red, green, blue, opacity of each pixel, row by row. */
export interface FilmFrame {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** A frame as it is stored; `mediaType` where it is a picture that browsers unpack themselves. */
export interface PackedFrame {
  bytes: Uint8Array;
  mediaType?: 'image/jpeg' | 'image/png';
}

/**
 * The bytes of a frame: one range of the file. Frames of no bytes show the one before.
 * @throws RangeError for a frame that the film does not have
 */
export async function packedFrame(
  film: AviFilm,
  source: ByteSource,
  index: number,
  signal?: AbortSignal,
): Promise<PackedFrame> {
  const { offsets, sizes } = film.frames;
  if (!Number.isInteger(index) || index < 0 || index >= offsets.length)
    throw new RangeError(`frame ${index} is not among ${offsets.length}`);
  let at = index;
  while (at > 0 && sizes[at] === 0) at--;
  const bytes = await source.read(offsets[at]!, sizes[at]!, signal);
  const { packing } = film.codec;
  if (packing === 'jpeg') return { bytes: withHuffmanTables(bytes), mediaType: 'image/jpeg' };
  return { bytes, ...(packing === 'png' ? { mediaType: 'image/png' as const } : {}) };
}

/**
 * Unpacks a frame.
 * @throws PixelsUnreadable where it is damaged, or packed by a codec that we do not decode
 */
export async function unpackFrame(film: AviFilm, { bytes }: PackedFrame): Promise<FilmFrame> {
  const { packing, name } = film.codec;
  if (packing === undefined) throw new PixelsUnreadable(`frames packed as ${name} are not decoded`);
  if (packing === 'jpeg') return jpegFrame(bytes);
  if (packing === 'png') return pngFrame(bytes);
  if (packing === 'bitmap') return bitmapFrame(film, bytes);
  return brightnessFrame(film, packing, bytes);
}

function jpegFrame(bytes: Uint8Array): FilmFrame {
  try {
    const { width, height, samples, bits, data } = decodeJpeg(bytes, { maxPixels: 2 ** 26 });
    return shown(width, height, samples, data, bits - 8);
  } catch (cause) {
    if (cause instanceof JpegUnreadable) throw new PixelsUnreadable(`the frame: ${cause.message}`, { cause });
    throw cause;
  }
}

async function pngFrame(bytes: Uint8Array): Promise<FilmFrame> {
  const source = memorySource('frame', bytes);
  const png = await readPng(source);
  if (!png) throw new PixelsUnreadable('the frame is no PNG');
  const data = await decodePng(png, source);
  const most = png.bits < 8 && png.colorType !== 3 ? 255 / (2 ** png.bits - 1) : 1;
  const values = most === 1 ? data : Uint8Array.from(data as Uint8Array, (value) => value * most);
  return shown(png.width, png.height, shownSamples(png), values as Uint8Array, png.bits === 16 ? 8 : 0);
}

/** Samples of 1 to 4 values a pixel as red, green, blue and opacity; `shift` takes bits beyond 8 away. */
function shown(width: number, height: number, samples: number, values: ArrayLike<number>, shift: number): FilmFrame {
  const data = new Uint8ClampedArray(width * height * 4);
  const isGrey = samples < 3;
  for (let n = 0, from = 0, to = 0; n < width * height; n++, from += samples, to += 4) {
    for (let part = 0; part < 3; part++) data[to + part] = values[from + (isGrey ? 0 : part)]! >> shift;
    data[to + 3] = samples === 2 || samples === 4 ? values[from + samples - 1]! >> shift : 255;
  }
  return { width, height, data };
}

/** A bitmap: rows of blue, green, red, or of one value with a palette, each filled up to four bytes. */
function bitmapFrame(film: AviFilm, bytes: Uint8Array): FilmFrame {
  const { width, height, bits, isBottomUp, palette } = film;
  const row = (width * bits) >> 3;
  const filled = ((width * bits + 31) >> 5) << 2;
  // Some programs do not fill their rows up.
  const stride = bytes.length >= filled * (height - 1) + row ? filled : row;
  if (bytes.length < stride * (height - 1) + row)
    throw new PixelsUnreadable(`the frame has ${bytes.length} bytes where ${stride * height} were expected`);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0, to = 0; y < height; y++) {
    let from = stride * (isBottomUp ? height - 1 - y : y);
    for (let x = 0; x < width; x++, from += bits >> 3, to += 4) {
      if (bits === 8) {
        const at = bytes[from]! * 3;
        for (let part = 0; part < 3; part++) data[to + part] = palette ? palette[at + part]! : bytes[from]!;
      } else if (bits === 16) {
        const value = bytes[from]! | (bytes[from + 1]! << 8);
        for (let part = 0; part < 3; part++) data[to + part] = (((value >> (10 - 5 * part)) & 31) * 255) / 31;
      } else for (let part = 0; part < 3; part++) data[to + part] = bytes[from + 2 - part]!;
    }
  }
  return { width, height, data };
}

/** Brightness alone, or brightness with two differences of colour (ITU-R BT.601, 16 to 235). */
function brightnessFrame(
  { width, height }: AviFilm,
  packing: 'grey' | 'i420' | 'yv12' | 'yuy2' | 'uyvy',
  bytes: Uint8Array,
): FilmFrame {
  const pixels = width * height;
  const [across, down] = [(width + 1) >> 1, (height + 1) >> 1];
  const isPlanar = packing === 'i420' || packing === 'yv12';
  const expected = packing === 'grey' ? pixels : isPlanar ? pixels + 2 * across * down : across * 4 * height;
  if (bytes.length < expected)
    throw new PixelsUnreadable(`the frame has ${bytes.length} bytes where ${expected} were expected`);
  const data = new Uint8ClampedArray(pixels * 4).fill(255);
  const [first, second] = [pixels, pixels + across * down];
  const [blue, red] = packing === 'yv12' ? [second, first] : [first, second];
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 4) {
      if (packing === 'grey') {
        data.fill(bytes[y * width + x]!, to, to + 3);
        continue;
      }
      const pair = (y * across + (x >> 1)) * 4;
      const part = (y >> 1) * across + (x >> 1);
      const odd = packing === 'uyvy' ? 1 : 0;
      const luma = isPlanar ? bytes[y * width + x]! : bytes[pair + (x & 1) * 2 + odd]!;
      const u = (isPlanar ? bytes[blue + part]! : bytes[pair + 1 - odd]!) - 128;
      const v = (isPlanar ? bytes[red + part]! : bytes[pair + 3 - odd]!) - 128;
      const bright = 1.164 * (luma - 16);
      data[to] = bright + 1.596 * v;
      data[to + 1] = bright - 0.813 * v - 0.391 * u;
      data[to + 2] = bright + 2.018 * u;
    }
  return { width, height, data };
}
