import { type DisplayWindow, displayWindows, encodePng, type ImagePixels, thumbnail } from '@micrarium/formats';

/** One channel of a request, as OMERO.web writes them: `1|0:255$FF0000`, a minus for those not shown. */
export interface WantedChannel {
  /** Zero-based. */
  index: number;
  window?: { start: number; end: number };
  /** Six hexadecimal digits. */
  color?: string;
}

/** Longest side of a picture; larger ones are made smaller. */
export const mostSide = 4096;

/**
 * Channels of OMERO.web's `c`, those that are shown, in order; `undefined` where it cannot be read. Look-up tables by name (`$cool.lut`) are
 * not ours: such channels keep their own colour.
 */
export function wantedChannels(text: string, count: number): WantedChannel[] | undefined {
  const found: WantedChannel[] = [];
  for (const part of text.split(',').slice(0, 200)) {
    const match = /^(-?)(\d{1,4})(?:\|(-?[\d.]{1,20}):(-?[\d.]{1,20}))?(?:\$([\w.-]{1,60}))?$/.exec(part.trim());
    if (!match) return undefined;
    const [, minus, number, start, end, color] = match;
    const index = Number(number) - 1;
    if (minus === '-' || index < 0 || index >= count) continue;
    const window = start === undefined ? undefined : { start: Number(start), end: Number(end) };
    if (window && !(Number.isFinite(window.start) && Number.isFinite(window.end))) return undefined;
    found.push({
      index,
      ...(window ? { window } : {}),
      ...(color !== undefined && /^[\da-f]{6}$/i.test(color) ? { color } : {}),
    });
  }
  return found;
}

/** OMERO's grey model (`m=g`): the first channel that is shown, in shades of grey. */
export const greyOf = (wanted: readonly WantedChannel[] | undefined): WantedChannel[] => [
  { ...(wanted?.[0] ?? { index: 0 }), color: 'FFFFFF' },
];

/** Part of an image, in pixels of one of its levels. */
export interface PictureRegion {
  level: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A plane, or a part of it, as it would be shown, as PNG. @param options `wanted`: all channels in their own colours where left out */
export async function renderedPlane(
  image: ImagePixels,
  plane: { t: number; z: number },
  options: { size: number; wanted?: readonly WantedChannel[]; region?: PictureRegion; signal?: AbortSignal },
): Promise<Uint8Array> {
  const { size, wanted, region, signal } = options;
  const isColor = (image.description.samples ?? 1) >= 3;
  // Contrast is that of the whole image, whichever part of it is shown.
  const shown =
    wanted && !isColor
      ? await chosen(image, wanted, signal)
      : { image, ...(region ? { windows: await displayWindows(image, signal) } : {}) };
  const part = region ? { ...shown, image: partOf(shown.image, region) } : shown;
  const picture = await thumbnail(part.image, { ...part, size, plane, ...(signal ? { signal } : {}) });
  return await encodePng(picture.width, picture.height, withoutAlpha(picture.rgba));
}

/** A part of a level as an image by itself. */
function partOf(image: ImagePixels, { level, x, y, width, height }: PictureRegion): ImagePixels {
  const { description } = image;
  return {
    description: { ...description, sizes: { ...description.sizes, x: width, y: height } },
    levels: [{ ...image.levels[level]!, width, height }],
    readRegion: (plane, region = { x: 0, y: 0, width, height }, _level, stop) =>
      image.readRegion(plane, { ...region, x: x + region.x, y: y + region.y }, level, stop),
  };
}

/** Three values a pixel, as the JPEG that OMERO gives has them: programs count on it. */
function withoutAlpha(rgba: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}

/** The image with only some of its channels, in the colours and windows asked for. */
async function chosen(
  image: ImagePixels,
  wanted: readonly WantedChannel[],
  signal?: AbortSignal,
): Promise<{ image: ImagePixels; windows: DisplayWindow[] }> {
  const { description } = image;
  const own = await displayWindows(image, signal);
  return {
    windows: wanted.map(({ index, window }) => ({ ...own[index]!, ...window })),
    image: {
      description: {
        ...description,
        sizes: { ...description.sizes, c: wanted.length },
        channels: wanted.map(({ index, color }) => ({
          ...(description.channels[index] ?? { name: '' }),
          ...(color === undefined ? {} : { color }),
        })),
      },
      levels: image.levels,
      readRegion: (plane, region, level, stop) =>
        image.readRegion({ ...plane, c: wanted[plane.c]!.index }, region, level, stop),
    },
  };
}
