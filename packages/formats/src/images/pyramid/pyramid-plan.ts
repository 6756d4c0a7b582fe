import { type ImageDescription, parseSpaceUnit, toMicrometers } from '@micrarium/model';

/** One level of a pyramid to be made. Level 0 is the image itself. */
export interface PlannedLevel {
  z: number;
  y: number;
  x: number;
  /** How many pixels of level 0 one pixel of this level spans, by axis. */
  factor: { z: number; y: number; x: number };
}

/** Planes are halved until both sides are at most this long. */
const smallEnough = 256;

function micrometers(quantity: { value: number; unit: string } | undefined): number | undefined {
  const unit = quantity && parseSpaceUnit(quantity.unit);
  return quantity && unit ? toMicrometers({ value: quantity.value, unit }) : undefined;
}

/**
 * Levels of the pyramid of an image: y and x are halved until both are at most 256. z is halved too where its spacing is
 * not larger than the pixel of the level it is made from, which keeps voxels near isotropic; without known sizes it never
 * is. Sides are rounded up, so an odd edge stays.
 */
export function planPyramid(description: Pick<ImageDescription, 'sizes' | 'voxelSize'>): PlannedLevel[] {
  const { sizes, voxelSize } = description;
  const zSize = micrometers(voxelSize?.z);
  const xySize = Math.max(micrometers(voxelSize?.x) ?? 0, micrometers(voxelSize?.y) ?? 0);
  const levels: PlannedLevel[] = [{ z: sizes.z, y: sizes.y, x: sizes.x, factor: { z: 1, y: 1, x: 1 } }];
  for (;;) {
    const { z, y, x, factor } = levels.at(-1)!;
    if (y <= smallEnough && x <= smallEnough) return levels;
    const pixel = xySize * Math.max(factor.x, factor.y);
    const halveZ = z > 1 && zSize !== undefined && xySize > 0 && zSize * factor.z <= pixel * (1 + 1e-9);
    levels.push({
      z: halveZ ? Math.ceil(z / 2) : z,
      y: Math.ceil(y / 2),
      x: Math.ceil(x / 2),
      factor: {
        z: halveZ ? factor.z * 2 : factor.z,
        y: y > 1 ? factor.y * 2 : factor.y,
        x: x > 1 ? factor.x * 2 : factor.x,
      },
    });
  }
}
