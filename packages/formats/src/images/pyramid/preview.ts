import type { ImagePixels } from '../image-reader.ts';
import { displayWindows } from './display-window.ts';
import { type Thumbnail, thumbnail } from './thumbnail.ts';

/** A few small pictures of an image, one below the other in one, to be played when somebody points at it. */
export interface Preview extends Thumbnail {
  /** How many pictures; each is `height / frames` high. */
  frames: number;
  /** Along which axis they go. */
  axis: 't' | 'z';
}

/** Pictures in a preview: enough to see what moves, few enough to be loaded when a pointer comes near. */
const mostFrames = 10;
/** Pixels that may be read for a preview; images without small levels get fewer pictures. */
const mostPixels = 2 ** 27;

/**
 * A short preview: up to ten pictures through time, through focus where there is one time point only. `undefined` for single
 * planes, and where even three pictures would have to read too much.
 * @throws PixelsUnreadable where the pixels cannot be decoded
 */
export async function preview(
  image: ImagePixels,
  options: { size?: number; signal?: AbortSignal } = {},
): Promise<Preview | undefined> {
  const { size = 128, signal } = options;
  const { sizes, type, samples = 1 } = image.description;
  const axis = sizes.t > 1 ? 't' : 'z';
  const level = image.levels.findLast((one) => Math.max(one.width, one.height) >= size) ?? image.levels[0]!;
  const each = level.width * level.height * sizes.c;
  const frames = Math.min(mostFrames, sizes[axis], Math.floor(mostPixels / each));
  if (frames < Math.min(3, sizes[axis]) || frames < 2) return undefined;
  const windows = samples >= 3 && type === 'uint8' ? undefined : await displayWindows(image, signal);
  const pictures: Thumbnail[] = [];
  for (let n = 0; n < frames; n++) {
    const at = Math.round((n * (sizes[axis] - 1)) / (frames - 1));
    const plane = axis === 't' ? { t: at } : { z: at };
    pictures.push(
      await thumbnail(image, { size, plane, ...(windows ? { windows } : {}), ...(signal ? { signal } : {}) }),
    );
  }
  const { width, height } = pictures[0]!;
  const rgba = new Uint8Array(width * height * 4 * frames);
  for (const [n, picture] of pictures.entries()) rgba.set(picture.rgba, n * width * height * 4);
  return { width, height: height * frames, rgba, frames, axis };
}
