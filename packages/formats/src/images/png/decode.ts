import type { ByteSource } from '../../bytes/byte-source.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { InflateError, inflate } from '../inflate.ts';
import { type PixelArray, asPixels } from '../pixel-arrays.ts';
import { isMachineLittleEndian, swapBytes, unpackBits } from '../tiff/codecs.ts';
import type { PngFile } from './png-file.ts';

/** Pictures above this many pixels are not unpacked. */
export const maxPixels = 1_000_000_000;
/** Nor those whose rows take more bytes than this. */
export const maxBytes = 2 ** 30;

/** Values stored for one pixel. */
export function storedSamples({ colorType }: PngFile): number {
  return { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colorType];
}

/** Values we give for one pixel: a palette becomes its colours. */
export function shownSamples(png: PngFile): number {
  return png.colorType === 3 ? (png.opacity ? 4 : 3) : storedSamples(png);
}

interface Pass {
  x: number;
  y: number;
  stepX: number;
  stepY: number;
  width: number;
  height: number;
}

/** The passes of a picture: one, or the seven of Adam7 (those that are empty left out). */
function passesOf({ width, height, interlaced }: PngFile): Pass[] {
  if (!interlaced) return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }];
  const starts = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return starts
    .map(([x, y, stepX, stepY]) => ({
      x,
      y,
      stepX,
      stepY,
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes the packed data unpack to: every row of every pass with its filter byte. */
export function unpackedBytes(png: PngFile): number {
  return passesOf(png).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(png, pass.width)), 0);
}

function rowBytes(png: PngFile, width: number): number {
  return Math.ceil((width * storedSamples(png) * png.bits) / 8);
}

/**
 * All pixels of a picture: 8 or 16 bits as stored, smaller depths one value each, palettes as colours.
 * @throws PixelsUnreadable where the data are damaged, too few, or more than we unpack at once
 */
export async function decodePng(png: PngFile, source: ByteSource, signal?: AbortSignal): Promise<PixelArray> {
  const fail = (reason: string, cause?: unknown): PixelsUnreadable =>
    new PixelsUnreadable(`${source.name}: ${reason}`, { cause });
  const expected = unpackedBytes(png);
  const packedSize = png.data.reduce((sum, part) => sum + part.length, 0);
  if (png.width * png.height > maxPixels || expected > maxBytes) throw fail('the picture is too large to be read');
  // Deflate packs at most 1032 to 1.
  if (expected > packedSize * 1032 + 64)
    throw fail(`${packedSize} packed bytes cannot hold ${png.width} x ${png.height} pixels`);
  const packed = new Uint8Array(packedSize);
  let at = 0;
  for (const { offset, length } of png.data) {
    packed.set(await source.read(offset, length, signal), at);
    at += length;
  }
  let raw: Uint8Array;
  try {
    raw = await inflate(packed, expected + 1024);
  } catch (cause) {
    if (cause instanceof InflateError) throw fail(cause.message, cause);
    throw cause;
  }
  if (raw.length < expected) throw fail(`the picture holds ${raw.length} bytes where ${expected} were expected`);
  const values = assemble(png, raw, fail);
  return png.colorType === 3 ? colours(png, values as Uint8Array, fail) : values;
}

type Fail = (reason: string) => PixelsUnreadable;

function assemble(png: PngFile, raw: Uint8Array, fail: Fail): PixelArray {
  const samples = storedSamples(png);
  const passes = passesOf(png);
  const out =
    png.bits === 16
      ? new Uint16Array(png.width * png.height * samples)
      : new Uint8Array(png.width * png.height * samples);
  let at = 0;
  for (const pass of passes) {
    const bytes = rowBytes(png, pass.width);
    const rows = unfilter(
      raw.subarray(at, at + pass.height * (bytes + 1)),
      bytes,
      pass.height,
      Math.max(1, (samples * png.bits) >> 3),
      fail,
    );
    at += pass.height * (bytes + 1);
    const values = rowValues(png, rows, pass.width * samples, pass.height);
    if (passes.length === 1 && !png.interlaced) return values;
    for (let y = 0; y < pass.height; y++)
      for (let x = 0; x < pass.width; x++) {
        const target = ((pass.y + y * pass.stepY) * png.width + pass.x + x * pass.stepX) * samples;
        for (let sample = 0; sample < samples; sample++)
          out[target + sample] = Number(values[(y * pass.width + x) * samples + sample]);
      }
  }
  return out;
}

function rowValues(png: PngFile, rows: Uint8Array, valuesPerRow: number, height: number): PixelArray {
  if (png.bits < 8) return unpackBits(rows, png.bits, valuesPerRow, height, new Uint8Array(valuesPerRow * height));
  if (png.bits === 8) return rows;
  if (isMachineLittleEndian) swapBytes(rows, 2);
  return asPixels(rows, 'uint16');
}

/** Undoes the filters of the rows (PNG, section 9) into an array of its own. */
function unfilter(raw: Uint8Array, bytes: number, height: number, back: number, fail: Fail): Uint8Array {
  const out = new Uint8Array(bytes * height);
  for (let row = 0; row < height; row++) {
    const from = row * (bytes + 1);
    const to = row * bytes;
    const filter = raw[from]!;
    if (filter > 4) throw fail(`row ${row + 1} has the unknown filter ${filter}`);
    for (let index = 0; index < bytes; index++) {
      const left = index >= back ? out[to + index - back]! : 0;
      const above = row > 0 ? out[to + index - bytes]! : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = above;
      else if (filter === 3) guess = (left + above) >> 1;
      else if (filter === 4) guess = paeth(left, above, index >= back && row > 0 ? out[to + index - bytes - back]! : 0);
      out[to + index] = raw[from + 1 + index]! + guess;
    }
  }
  return out;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function colours(png: PngFile, indices: Uint8Array, fail: Fail): Uint8Array {
  if (!png.palette) throw fail('the picture has no palette');
  const samples = shownSamples(png);
  const out = new Uint8Array(indices.length * samples);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel]!;
    for (let part = 0; part < 3; part++) out[pixel * samples + part] = png.palette[index * 3 + part] ?? 0;
    if (samples === 4) out[pixel * 4 + 3] = png.opacity?.[index] ?? 255;
  }
  return out;
}
