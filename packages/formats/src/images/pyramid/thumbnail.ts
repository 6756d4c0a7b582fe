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

/** Adds one channel, in its colour and window, to the picture: means of the pixels under each picture pixel. */
function addChannel(
  block: PixelBlock,
  sample: number,
  window: DisplayWindow,
  color: string,
  out: { width: number; height: number; light: Float32Array },
): void {
  const tint = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const range = window.end - window.start || 1;
  for (let y = 0; y < out.height; y++) {
    const y0 = Math.floor((y * block.height) / out.height);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * block.height) / out.height));
    for (let x = 0; x < out.width; x++) {
      const x0 = Math.floor((x * block.width) / out.width);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * block.width) / out.width));
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

/**
 * A picture of an image as it would be shown at first: middle z, first t, all channels added in their colours and
 * windows. The longer side is at most `size` pixels (256 unless said); small images are not enlarged.
 * @throws PixelsUnreadable where the pixels cannot be decoded
 */
export async function thumbnail(
  image: ImagePixels,
  options: { size?: number; signal?: AbortSignal } = {},
): Promise<Thumbnail> {
  const size = options.size ?? 256;
  const { sizes, channels, samples = 1 } = image.description;
  const level = levelFor(image.levels, size);
  const source = image.levels[level]!;
  const shrink = Math.min(1, size / Math.max(source.width, source.height));
  const width = Math.max(1, Math.round(source.width * shrink));
  const height = Math.max(1, Math.round(source.height * shrink));
  const light = new Float32Array(width * height * 3);
  const isColor = samples >= 3;
  const windows =
    isColor && image.description.type === 'uint8' ? undefined : await displayWindows(image, options.signal);
  const colors = channelColors(Array.from({ length: sizes.c }, (_, c) => channels[c] ?? { name: '' }));
  const z = Math.min(Math.floor(sizes.z / 2), sizes.z - 1);
  for (let c = 0; c < sizes.c; c++) {
    const depth = source.depth === sizes.z ? z : Math.floor((z * source.depth) / sizes.z);
    const block = await image.readRegion({ t: 0, c, z: depth }, undefined, level, options.signal);
    for (let s = 0; s < (isColor ? 3 : 1); s++) {
      const window = windows?.[c * samples + s] ?? { min: 0, max: 255, start: 0, end: 255 };
      const color = isColor ? ['FF0000', '00FF00', '0000FF'][s]! : colors[c]!;
      addChannel(block, s, window, color, { width, height, light });
    }
  }
  const rgba = new Uint8Array(width * height * 4);
  for (let n = 0; n < width * height; n++) {
    for (let k = 0; k < 3; k++) rgba[n * 4 + k] = Math.min(255, Math.round(light[n * 3 + k]! * 255));
    rgba[n * 4 + 3] = 255;
  }
  return { width, height, rgba };
}
