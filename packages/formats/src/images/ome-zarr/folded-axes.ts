import type { ChannelDescription, FurtherAxis, ImageDescription, ImageSizes, PlaneIndex } from '@micrarium/model';
import { furtherAxesOf, placeName } from '../further-axes.ts';
import { isObject, type JsonObject, objectsOf } from './group-metadata.ts';

/** A further axis whose places are stored as channels: within each channel, the last of the axes fastest. */
export interface FoldedAxis extends FurtherAxis {
  name: string;
  length: number;
}

/**
 * What is noted in `metadata.foldedAxes` of a multiscales entry, so that we find the axes again: OME-Zarr has no place for
 * more than five. Nothing where there are none, or where colour samples are channels too.
 */
export function foldedAxesOf(description: ImageDescription): FoldedAxis[] {
  if ((description.samples ?? 1) > 1) return [];
  return furtherAxesOf(description)
    .filter(([, length]) => length > 1)
    .map(([name, length]) => ({ name, length, ...description.furtherAxes?.[name] }));
}

/** The axes noted in a multiscales entry, where they fit so many channels. */
export function readFoldedAxes(multiscales: JsonObject, channels: number): FoldedAxis[] {
  const noted = isObject(multiscales['metadata']) ? objectsOf(multiscales['metadata']['foldedAxes']) : [];
  const axes = noted.flatMap(({ name, length, start, step, unit, labels }): FoldedAxis[] => {
    const isAxis = typeof name === 'string' && /^[A-Za-z][\w-]{1,40}$/.test(name);
    if (!isAxis || typeof length !== 'number' || !Number.isSafeInteger(length) || length < 2) return [];
    const texts = Array.isArray(labels) && labels.length === length ? labels.map(String) : undefined;
    return [
      {
        name,
        length,
        ...(typeof start === 'number' && typeof step === 'number' ? { start, step } : {}),
        ...(typeof unit === 'string' ? { unit } : {}),
        ...(texts ? { labels: texts } : {}),
      },
    ];
  });
  const isWhole = axes.length === noted.length && new Set(axes.map(({ name }) => name)).size === axes.length;
  return isWhole && axes.length <= 8 && channels % countOf(axes) === 0 ? axes : [];
}

/** Stored channels for each channel. */
export function countOf(axes: readonly FoldedAxis[]): number {
  return axes.reduce((product, { length }) => product * length, 1);
}

/** Sizes, channels and places of an image with its folded axes found again. */
export function unfolded(
  axes: readonly FoldedAxis[],
  sizes: ImageSizes,
  channels: readonly ChannelDescription[],
): Pick<ImageDescription, 'sizes' | 'channels' | 'furtherAxes'> {
  if (axes.length === 0) return { sizes, channels: [...channels] };
  const within = countOf(axes);
  const first = axes.map((axis) => placeName(axis, 0)).join(' ');
  const places: Record<string, FurtherAxis> = {};
  for (const { name, length, ...known } of axes) if (length > 1 && Object.keys(known).length > 0) places[name] = known;
  return {
    sizes: { ...sizes, c: sizes.c / within, ...Object.fromEntries(axes.map(({ name, length }) => [name, length])) },
    ...(Object.keys(places).length > 0 ? { furtherAxes: places } : {}),
    channels: channels
      .filter((_, stored) => stored % within === 0)
      .map((channel) =>
        channel.name.endsWith(` ${first}`) ? { ...channel, name: channel.name.slice(0, -first.length - 1) } : channel,
      ),
  };
}

/**
 * The stored channel of a plane.
 * @throws RangeError for places an axis does not have
 */
export function storedChannel(axes: readonly FoldedAxis[], { c, other = {} }: PlaneIndex): number {
  let stored = c;
  for (const { name, length } of axes) {
    const place = other[name] ?? 0;
    if (!(place >= 0 && place < length)) throw new RangeError(`${name} ${place} of ${length}`);
    stored = stored * length + place;
  }
  return stored;
}
