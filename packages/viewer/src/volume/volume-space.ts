import { type ImageDescription, parseSpaceUnit, type Quantity, toMicrometers } from '@micrarium/model';

/** A value for each axis of space. */
export interface Vector3 {
  x: number;
  y: number;
  z: number;
}

/** A box with edges along the axes; both corners in the same unit. */
export interface Box3 {
  low: Vector3;
  high: Vector3;
}

/**
 * The space a volume is drawn in. The origin is the centre of the first voxel of the full size, x goes right, y down the
 * image and z from the first slice to the last: that is right-handed, and a position in image pixels times `spacing` is a
 * position in it.
 */
export interface VolumeSpace {
  /** Distance of neighbouring voxels of the full size, in `unit`. */
  spacing: Vector3;
  /** `pixel` where the file does not say how large a pixel is. */
  unit: 'micrometer' | 'pixel';
  /** Is the distance of the slices the file's own? Where it is not, slices are taken to be as far apart as pixels. */
  isDepthKnown: boolean;
}

/** The axes of space, in the order of graphics. */
export const axesOfSpace = ['x', 'y', 'z'] as const;

/** A value for each axis. */
export function eachAxis(of: (axis: keyof Vector3) => number): Vector3 {
  return { x: of('x'), y: of('y'), z: of('z') };
}

/** The space of an image: in micrometers where it says how large its pixels are, else in pixels. */
export function volumeSpace({ voxelSize }: Pick<ImageDescription, 'voxelSize'>): VolumeSpace {
  const x = micrometersOf(voxelSize?.x) ?? micrometersOf(voxelSize?.y);
  const y = micrometersOf(voxelSize?.y) ?? x;
  const z = micrometersOf(voxelSize?.z);
  if (x === undefined || y === undefined) return { spacing: { x: 1, y: 1, z: 1 }, unit: 'pixel', isDepthKnown: false };
  return { spacing: { x, y, z: z ?? x }, unit: 'micrometer', isDepthKnown: z !== undefined };
}

function micrometersOf(size: Quantity | undefined): number | undefined {
  const unit = size && parseSpaceUnit(size.unit);
  const length = unit && toMicrometers({ value: size.value, unit });
  return length !== undefined && length > 0 && Number.isFinite(length) ? length : undefined;
}

/** The box around all voxels of an image, from edge to edge, in the unit of its space. */
export function imageBox({ sizes, voxelSize }: Pick<ImageDescription, 'sizes' | 'voxelSize'>): Box3 {
  const { spacing } = volumeSpace(voxelSize ? { voxelSize } : {});
  return {
    low: eachAxis((axis) => -spacing[axis] / 2),
    high: eachAxis((axis) => (sizes[axis]! - 0.5) * spacing[axis]),
  };
}

/**
 * Pixels of the full size that one pixel of a level stands for. Levels are halved, the odd pixel at the edge makes a pixel
 * of its own: a level of 65 pixels of 129 is one of whole halves.
 */
export function levelFactor(full: number, size: number): number {
  const factor = full / Math.max(1, size);
  const whole = 2 ** Math.round(Math.log2(Math.max(1, factor)));
  return Math.ceil(full / whole) === size || Math.floor(full / whole) === size ? whole : factor;
}
