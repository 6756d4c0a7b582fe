import type { ImageDescription } from '@micrarium/model';
import type { ViewState } from '@micrarium/viewer';
import { withProjection } from '../viewer/projection-change.ts';

/** What images side by side share. */
export interface Links {
  /** Time, focus, further axes, and how slices are put together. */
  axes: boolean;
  /** Part of the image that is seen, and how large. */
  position: boolean;
  /** Windows, colours and visibility of channels. */
  contrast: boolean;
}

/** What a view needs to know of its image. */
export type ShownImage = Pick<ImageDescription, 'sizes' | 'voxelSize'>;
type Camera = NonNullable<ViewState['camera']>;

/** Pixels of one image for each pixel of the other: by the size of a pixel where both say it in one unit, else by width. */
function scaleBetween(from: ShownImage, to: ShownImage): number {
  const [a, b] = [from.voxelSize?.x, to.voxelSize?.x];
  const isPhysical = a && b && a.unit === b.unit && a.value > 0 && b.value > 0;
  return isPhysical ? a.value / b.value : to.sizes.x / from.sizes.x;
}

/** The camera that shows of one image what a camera shows of another, as large: both measured from the first pixel. */
export function cameraIn(camera: Camera, from: ShownImage, to: ShownImage): Camera {
  const scale = scaleBetween(from, to);
  return { x: camera.x * scale, y: camera.y * scale, zoom: camera.zoom / scale };
}

/** Places on further axes that another image has too. */
function placesOn(other: NonNullable<ViewState['other']>, sizes: ShownImage['sizes']): Record<string, number> {
  const shared = Object.entries(other).filter(([axis]) => (sizes[axis] ?? 1) > 1);
  return Object.fromEntries(shared.map(([axis, index]) => [axis, within(index, sizes[axis]!)]));
}

function rangeWithin(projection: ViewState['projection'], slices: number): ViewState['projection'] {
  if (!projection || slices < 2) return undefined;
  return { ...projection, from: within(projection.from, slices), to: within(projection.to, slices) };
}

const within = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));

/** The views after one of them changed, those of the other images as far as they are linked to it. */
export function afterChange(
  views: readonly ViewState[],
  images: readonly ShownImage[],
  at: number,
  change: Partial<ViewState>,
  links: Links,
): ViewState[] {
  const changed = { ...views[at]!, ...change };
  return views.map((view, index) => {
    if (index === at) return changed;
    const { sizes } = images[index]!;
    const { t, z, camera, channels, other } = change;
    return {
      ...view,
      ...(links.axes && other ? { other: placesOn(other, sizes) } : {}),
      ...(links.axes && 'projection' in change ? withProjection(view, rangeWithin(change.projection, sizes.z)) : {}),
      ...(links.axes && t !== undefined ? { t: within(t, sizes.t) } : {}),
      ...(links.axes && z !== undefined ? { z: within(z, sizes.z) } : {}),
      ...(links.position && camera ? { camera: cameraIn(camera, images[at]!, images[index]!) } : {}),
      ...(links.contrast && channels ? { channels: view.channels.map((own, c) => channels[c] ?? own) } : {}),
    };
  });
}

const names = ['axes', 'position', 'contrast'] as const;

/** Which links an address names; all where it says nothing. */
export function linksOf(text: string | null): Links {
  const named = text === null ? [...names] : text.split(',');
  return { axes: named.includes('axes'), position: named.includes('position'), contrast: named.includes('contrast') };
}

/** Links as an address names them; `undefined` for all, which need not be said. */
export function writeLinks(links: Links): string | undefined {
  const named = names.filter((name) => links[name]);
  return named.length === names.length ? undefined : named.join(',') || 'none';
}

/** The image an address chooses, from 0; it counts them from 1, and the first where it says nothing. */
export function chosenOf(text: string | null, count: number): number {
  const number = /^\d$/.test(text ?? '') ? Number(text) : 1;
  return number >= 1 && number <= count ? number - 1 : 0;
}

/** The views once another image is chosen: what was played goes on there, as far as it has the axes. */
export function withPlayingOn(views: readonly ViewState[], at: number): ViewState[] {
  const playing = [...new Set(views.flatMap((view) => view.playing ?? []))];
  return views.map((view, index) => {
    const { playing: _before, ...still } = view;
    return index === at && playing.length > 0 ? { ...still, playing } : still;
  });
}

/** An image of a study, as the address names it: `MIC-000001.1.item.0`. */
export interface ComparedImage {
  accession: string;
  version: number;
  item: string;
  image: number;
}

/** Most images side by side: each has a drawing surface of its own. */
export const mostImages = 4;

/** The images that an address names, without those it misspells and beyond four. */
export function imagesOf(values: readonly string[]): ComparedImage[] {
  return values
    .flatMap((text) => {
      const match = /^([A-Za-z0-9-]+)\.(\d+)\.([a-z0-9]+)\.(\d+)$/.exec(text);
      return match
        ? [{ accession: match[1]!, version: Number(match[2]), item: match[3]!, image: Number(match[4]) }]
        : [];
    })
    .slice(0, mostImages);
}
