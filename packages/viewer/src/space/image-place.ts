import type { CoordinateMapping } from '@micrarium/model';
import { paintPlanes } from '../channel-look.ts';
import type { ImageSource } from '../sources.ts';
import type { ChannelState } from '../view-state.ts';
import { multiplied } from '../volume/matrix4.ts';
import { volumeSpace } from '../volume/volume-space.ts';
import { worldMatrix } from './space-world.ts';

const axes = ['x', 'y', 'z'] as const;

/**
 * Where a pixel of the image lies in the coordinates of a set, by the mapping of their pair: the way back of what the 2D viewer
 * lays objects over the film with. Planar sets lie at 0.
 * @param pixel index along the axes of the image, slices counted from 0
 */
export function placeOfPixel(
  mapping: CoordinateMapping,
  pixel: { x: number; y: number; z: number },
  isPlanar: boolean,
): [number, number, number] {
  const place: [number, number, number] = [0, 0, 0];
  for (const axis of axes) {
    const along = mapping.axes[axis];
    const index = axis === 'z' ? pixel.z - mapping.firstSlice : pixel[axis];
    place[axes.indexOf(along)] = index / mapping.scale[axis] + mapping.offset[axis];
  }
  if (isPlanar) place[2] = 0;
  return place;
}

/** The slice of the image in which an object lies; the first where the set is planar. */
export function sliceOf(mapping: CoordinateMapping, xyz: ArrayLike<number>): number {
  const along = xyz[axes.indexOf(mapping.axes.z)]!;
  return (along - mapping.offset.z) * mapping.scale.z + mapping.firstSlice;
}

/** From the space of a volume (`volumeSpace`) to what is drawn, as a matrix, column by column. */
export function volumeMatrix(mapping: CoordinateMapping, image: ImageSource, origin: readonly number[]): number[] {
  const { spacing } = volumeSpace(image.description);
  const zero = placeOfPixel(mapping, { x: 0, y: 0, z: 0 }, false);
  const matrix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...zero, 1];
  for (const [column, axis] of axes.entries())
    matrix[column * 4 + axes.indexOf(mapping.axes[axis])] = 1 / (spacing[axis] * mapping.scale[axis]);
  return multiplied(worldMatrix(origin), matrix);
}

/** Longest side of a plane under the objects, in pixels: larger images are read from a coarser level. */
const longestSide = 1024;

/** A painted plane of an image. */
export interface PaintedPlane {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Reads and paints a plane of an image with the looks of its channels, at a level that is small enough. */
export async function paintedPlane(
  source: ImageSource,
  plane: { t: number; z: number },
  channels: readonly ChannelState[],
  signal?: AbortSignal,
): Promise<PaintedPlane> {
  const found = source.levels.findIndex((one) => Math.max(one.width, one.height) <= longestSide);
  const at = found < 0 ? source.levels.length - 1 : found;
  const level = source.levels[at]!;
  // Levels may have fewer slices than the image.
  const full = source.levels[0]!.depth;
  const z = Math.min(level.depth - 1, Math.floor((plane.z * level.depth) / Math.max(1, full)));
  const planes = await Promise.all(
    channels.map(async ({ isVisible }, c) =>
      isVisible
        ? ((await source.readRegion({ t: plane.t, c, z }, undefined, at, signal)).data as ArrayLike<number>)
        : undefined,
    ),
  );
  const { width, height } = level;
  return { width, height, rgba: paintPlanes(planes, channels, width * height) };
}

/** Corners of a slice in the coordinates of a set: bottom left, top left, top right, bottom right of the picture. */
export function planeCorners(
  mapping: CoordinateMapping,
  image: ImageSource,
  z: number,
  isPlanar: boolean,
): [number, number, number][] {
  const { width, height } = image.levels[0]!;
  const corner = (x: number, y: number) => placeOfPixel(mapping, { x, y, z }, isPlanar);
  return [corner(-0.5, height - 0.5), corner(-0.5, -0.5), corner(width - 0.5, -0.5), corner(width - 0.5, height - 0.5)];
}
