import type { ImageDescription, PixelBlock } from '@micrarium/model';
import type { Region } from './image-reader.ts';
import type { PixelArray } from './pixel-arrays.ts';
import { pixelArray } from './pixel-arrays.ts';

/**
 * Cuts a region out of a whole plane in memory.
 * @throws RangeError where the region is not inside the plane
 */
export function cropPlane(description: ImageDescription, plane: PixelArray, region?: Region): PixelBlock {
  const { sizes, type, samples = 1 } = description;
  const { x, y, width, height } = region ?? { x: 0, y: 0, width: sizes.x, height: sizes.y };
  const isWhole = [x, y, width, height].every(Number.isInteger);
  if (!isWhole || x < 0 || y < 0 || width < 1 || height < 1 || x + width > sizes.x || y + height > sizes.y)
    throw new RangeError(`region ${x},${y} ${width}x${height} is not inside ${sizes.x}x${sizes.y}`);
  const data = pixelArray(type, width * height * samples);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * sizes.x + x) * samples;
    (data as Uint8Array).set((plane as Uint8Array).subarray(from, from + width * samples), row * width * samples);
  }
  return { width, height, samples, type, data };
}
