import type { ImagePixels } from '@micrarium/formats';
import type { PixelBlock, PlaneIndex } from '@micrarium/model';
import type { PlanePicture } from './work.ts';

const longestSide = 1024;

/** Largest level that is not much larger than the picture; the full size where there is only that. */
function levelFor(pixels: ImagePixels): number {
  const fitting = pixels.levels.findIndex((level) => Math.max(level.width, level.height) <= longestSide * 2);
  return fitting < 0 ? pixels.levels.length - 1 : fitting;
}

/** Values between which 0.1 % to 99.9 % of the plane's pixels lie, from at most 65,536 of them. */
function contrast(data: ArrayLike<number | bigint>): [number, number] {
  const step = Math.max(1, Math.floor(data.length / 65_536));
  const sample: number[] = [];
  for (let at = 0; at < data.length; at += step) {
    const value = Number(data[at]);
    if (Number.isFinite(value)) sample.push(value);
  }
  if (sample.length === 0) return [0, 1];
  const sorted = Float64Array.from(sample).sort();
  const low = sorted[Math.floor(sorted.length * 0.001)]!;
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.999))]!;
  return high > low ? [low, high] : [low, low + 1];
}

/** The block as RGBA, every `step`-th pixel. */
export function pictureOf(block: PixelBlock, fullWidth: number, fullHeight: number): PlanePicture {
  const step = Math.max(1, Math.ceil(Math.max(block.width, block.height) / longestSide));
  const width = Math.max(1, Math.floor(block.width / step));
  const height = Math.max(1, Math.floor(block.height / step));
  const rgba = new Uint8ClampedArray(width * height * 4);
  const [low, high] = block.samples >= 3 && block.type === 'uint8' ? [0, 255] : contrast(block.data);
  const scale = 255 / (high - low);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * step * block.width + x * step) * block.samples;
      const to = (y * width + x) * 4;
      for (let sample = 0; sample < 3; sample++) {
        const value = block.data[from + (block.samples >= 3 ? sample : 0)];
        rgba[to + sample] = (Number(value) - low) * scale;
      }
      rgba[to + 3] = 255;
    }
  return { fullWidth, fullHeight, width, height, rgba };
}

/** One plane of an image as a picture of at most 1024 pixels on its longer side. */
export async function planePicture(pixels: ImagePixels, plane: PlaneIndex, signal: AbortSignal): Promise<PlanePicture> {
  const { sizes } = pixels.description;
  const level = levelFor(pixels);
  const fits = (index: number, size: number) => Math.min(Math.max(0, index), size - 1);
  const z = Math.floor((fits(plane.z, sizes.z) * (pixels.levels[level]?.depth ?? sizes.z)) / sizes.z);
  const at = { t: fits(plane.t, sizes.t), c: fits(plane.c, sizes.c), z };
  const block = await pixels.readRegion(at, undefined, level, signal);
  return pictureOf(block, sizes.x, sizes.y);
}
