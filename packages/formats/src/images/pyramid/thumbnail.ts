import type { PixelBlock } from '@micrarium/model';
import type { ImageLevel, ImagePixels } from '../image-reader.ts';
import { channelColors } from './channel-colors.ts';
import { type DisplayWindow, displayWindows } from './display-window.ts';

/** A small picture of an image, ready to be encoded. */
export interface Thumbnail {
  width: number;
  height: number;
  /** Four bytes a pixel, row by row; opaque. */
  rgba: Uint8Array;
}

/** The smallest level that still has enough pixels. */
function levelFor(levels: readonly ImageLevel[], size: number): number {
  let best = 0;
  for (const [n, level] of levels.entries()) if (Math.max(level.width, level.height) >= size) best = n;
  return best;
}

/** A picture under way, and the level it is made from. */
interface Picture {
  width: number;
  height: number;
  /** Three values a pixel. */
  light: Float32Array;
  source: ImageLevel;
}

const topOf = (out: Picture, y: number): number => Math.floor((y * out.source.height) / out.height);
const leftOf = (out: Picture, x: number): number => Math.floor((x * out.source.width) / out.width);

/** Adds one channel, in its colour and window, to rows of the picture: means of the pixels under each picture pixel. */
function addChannel(
  block: PixelBlock,
  sample: number,
  window: DisplayWindow,
  color: string,
  out: Picture,
  rows: { from: number; to: number },
): void {
  const tint = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const range = window.end - window.start || 1;
  const first = topOf(out, rows.from);
  for (let y = rows.from; y < rows.to; y++) {
    const y0 = topOf(out, y) - first;
    const y1 = Math.max(y0 + 1, topOf(out, y + 1) - first);
    for (let x = 0; x < out.width; x++) {
      const x0 = leftOf(out, x);
      const x1 = Math.max(x0 + 1, leftOf(out, x + 1));
      let sum = 0;
      for (let v = y0; v < y1; v++)
        for (let u = x0; u < x1; u++) sum += Number(block.data[(v * block.width + u) * block.samples + sample]);
      const level = Math.min(1, Math.max(0, (sum / ((y1 - y0) * (x1 - x0)) - window.start) / range)) || 0;
      for (let k = 0; k < 3; k++) {
        const at = (y * out.width + x) * 3 + k;
        out.light[at] = out.light[at]! + level * tint[k]!;
      }
    }
  }
}

/** Rows of the picture that are made at once, so that a level without smaller ones need not fit into memory. */
const pixelsAtOnce = 1 << 24;

/**
 * A picture of an image as it would be shown at first: middle z, first t, all channels added in their colours and
 * windows. The longer side is at most `size` pixels (256 unless said); small images are not enlarged.
 * @param options.plane another time point or slice
 * @param options.windows display windows found before, of every channel and sample
 * @throws PixelsUnreadable where the pixels cannot be decoded
 */
export async function thumbnail(
  image: ImagePixels,
  options: {
    size?: number;
    plane?: { t?: number; z?: number };
    windows?: readonly DisplayWindow[];
    signal?: AbortSignal;
  } = {},
): Promise<Thumbnail> {
  const size = options.size ?? 256;
  const { sizes, channels, samples = 1 } = image.description;
  const level = levelFor(image.levels, size);
  const source = image.levels[level]!;
  const shrink = Math.min(1, size / Math.max(source.width, source.height));
  const width = Math.max(1, Math.round(source.width * shrink));
  const height = Math.max(1, Math.round(source.height * shrink));
  const out: Picture = { width, height, light: new Float32Array(width * height * 3), source };
  const rowsAtOnce = Math.max(1, Math.floor((pixelsAtOnce / (source.width * source.height)) * height));
  const isColor = samples >= 3;
  const windows =
    isColor && image.description.type === 'uint8'
      ? undefined
      : (options.windows ?? (await displayWindows(image, options.signal)));
  const colors = channelColors(Array.from({ length: sizes.c }, (_, c) => channels[c] ?? { name: '' }));
  const { t = 0, z = Math.min(Math.floor(sizes.z / 2), sizes.z - 1) } = options.plane ?? {};
  for (let c = 0; c < sizes.c; c++) {
    const depth = source.depth === sizes.z ? z : Math.floor((z * source.depth) / sizes.z);
    for (let from = 0; from < height; from += rowsAtOnce) {
      const rows = { from, to: Math.min(height, from + rowsAtOnce) };
      const y = topOf(out, rows.from);
      const region = { x: 0, y, width: source.width, height: Math.max(1, topOf(out, rows.to) - y) };
      const block = await image.readRegion({ t, c, z: depth }, region, level, options.signal);
      for (let s = 0; s < (isColor ? 3 : 1); s++) {
        const window = windows?.[c * samples + s] ?? { min: 0, max: 255, start: 0, end: 255 };
        const color = isColor ? ['FF0000', '00FF00', '0000FF'][s]! : colors[c]!;
        addChannel(block, s, window, color, out, rows);
      }
    }
  }
  const rgba = new Uint8Array(width * height * 4);
  for (let n = 0; n < width * height; n++) {
    for (let k = 0; k < 3; k++) rgba[n * 4 + k] = Math.min(255, Math.round(out.light[n * 3 + k]! * 255));
    rgba[n * 4 + 3] = 255;
  }
  return { width, height, rgba };
}
