import type { CoordinateMapping } from '@micrarium/model';
import { paintPlanes } from '../channel-look.ts';
import type { ImageSource } from '../sources.ts';
import type { ChannelState } from '../view-state.ts';
import { multiplied } from '../volume/matrix4.ts';
import { type Box3, eachAxis, volumeSpace } from '../volume/volume-space.ts';
import type { ClipBox } from './space-state.ts';
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

/** Smallest and largest index along an axis of the image. */
type IndexRange = readonly [low: number, high: number];

/** The part of an image that lies in a box of the set, as indices (not whole ones) along its axes. */
export function indicesInBox(
  mapping: CoordinateMapping,
  clip: ClipBox,
): { x: IndexRange; y: IndexRange; z: IndexRange } {
  const range = (axis: 'x' | 'y' | 'z'): IndexRange => {
    const along = axes.indexOf(mapping.axes[axis]);
    const first = axis === 'z' ? mapping.firstSlice : 0;
    const [a, b] = [clip[along * 2]!, clip[along * 2 + 1]!].map(
      (place) => (place - mapping.offset[axis]) * mapping.scale[axis] + first,
    ) as [number, number];
    return [Math.min(a, b), Math.max(a, b)];
  };
  return { x: range('x'), y: range('y'), z: range('z') };
}

/** A rectangle of a painted picture, in its pixels; `right` and `bottom` are not in it. */
export interface PicturePart {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * The whole pixels of a picture of a slice that lie in a box of the set; `undefined` where none does.
 * @param picture may be of a coarser level than the image
 */
export function partInBox(
  place: { mapping: CoordinateMapping; image: ImageSource; z: number; isPlanar: boolean },
  picture: { width: number; height: number },
  clip: ClipBox,
): PicturePart | undefined {
  const inBox = indicesInBox(place.mapping, clip);
  const { width, height } = place.image.levels[0]!;
  // A slice has a thickness of one step.
  if (!place.isPlanar && (place.z < inBox.z[0] - 0.5 || place.z > inBox.z[1] + 0.5)) return undefined;
  const along = ([low, high]: IndexRange, all: number, pixels: number) =>
    [low, high].map((at) => Math.min(pixels, Math.max(0, Math.round(((at + 0.5) / all) * pixels)))) as [number, number];
  const [left, right] = along(inBox.x, width, picture.width);
  const [top, bottom] = along(inBox.y, height, picture.height);
  return right > left && bottom > top ? { left, top, right, bottom } : undefined;
}

/** The part of a volume that lies in a box of the set, in the unit of the volume. */
export function volumeClip(mapping: CoordinateMapping, image: ImageSource, clip: ClipBox): Box3 {
  const { spacing } = volumeSpace(image.description);
  const inBox = indicesInBox(mapping, clip);
  const ends = (at: 0 | 1) => eachAxis((axis) => inBox[axis][at] * spacing[axis]);
  return { low: ends(0), high: ends(1) };
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

/**
 * Corners of a slice in the coordinates of a set: bottom left, top left, top right, bottom right of the picture.
 * @param part as shares of width and height; all of it where left out
 */
export function planeCorners(
  mapping: CoordinateMapping,
  image: ImageSource,
  z: number,
  isPlanar: boolean,
  part: PicturePart = { left: 0, top: 0, right: 1, bottom: 1 },
): [number, number, number][] {
  const { width, height } = image.levels[0]!;
  const corner = (x: number, y: number) =>
    placeOfPixel(mapping, { x: x * width - 0.5, y: y * height - 0.5, z }, isPlanar);
  return [
    corner(part.left, part.bottom),
    corner(part.left, part.top),
    corner(part.right, part.top),
    corner(part.right, part.bottom),
  ];
}
