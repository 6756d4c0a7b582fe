import type { Volume } from './load-volume.ts';
import { inverted, multiplied, transformed } from './matrix4.ts';
import { axesOfSpace, type Box3, eachAxis } from './volume-space.ts';

/** The box of a volume, from edge to edge of its voxels, in the unit of its space. */
export function volumeBox({ origin, spacing, size }: Pick<Volume, 'origin' | 'spacing' | 'size'>): Box3 {
  return {
    low: eachAxis((axis) => origin[axis] - spacing[axis] / 2),
    high: eachAxis((axis) => origin[axis] + (size[axis] - 0.5) * spacing[axis]),
  };
}

/** The part of a volume inside a box, in shares of its sides; all of it without a box. */
export function clippedPart(
  volume: Pick<Volume, 'origin' | 'spacing' | 'size'>,
  clip: Box3 | undefined,
): { low: number[]; high: number[] } {
  const box = volumeBox(volume);
  const share = (axis: 'x' | 'y' | 'z', value: number) =>
    Math.min(1, Math.max(0, (value - box.low[axis]) / (box.high[axis] - box.low[axis])));
  return {
    low: axesOfSpace.map((axis) => (clip ? share(axis, clip.low[axis]) : 0)),
    high: axesOfSpace.map((axis) => (clip ? share(axis, clip.high[axis]) : 1)),
  };
}

/** How a volume lies on the screen. */
export interface VolumeOnScreen {
  /** From clip space to the volume, whose corners are 0 and 1; column by column. */
  fromClip: number[];
  /** Left, lower, right and upper end of what the part covers, in clip space. */
  bounds: [number, number, number, number];
  isParallel: boolean;
}

/**
 * Where the part of a volume between two corners (shares of its sides) lies on the screen.
 * @param toClip from the space of the volume to clip space, column by column
 * @returns `undefined` where nothing of it can be seen
 */
export function volumeOnScreen(
  volume: Pick<Volume, 'origin' | 'spacing' | 'size'>,
  toClip: ArrayLike<number>,
  part: { low: number[]; high: number[] },
): VolumeOnScreen | undefined {
  const box = volumeBox(volume);
  const { low, high } = box;
  const sides = [high.x - low.x, 0, 0, 0, 0, high.y - low.y, 0, 0, 0, 0, high.z - low.z, 0];
  const whole = multiplied(toClip, [...sides, low.x, low.y, low.z, 1]);
  const fromClip = inverted(whole);
  if (!fromClip) return undefined;
  const bounds: VolumeOnScreen['bounds'] = [1, 1, -1, -1];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [0, 1, 2].map((axis) => ((corner >> axis) & 1 ? part.high[axis]! : part.low[axis]!));
    const [cx, cy, , w] = transformed(whole, [x!, y!, z!]);
    // A corner behind the eye: the part may be anywhere.
    if (!(w > 1e-9)) {
      bounds.splice(0, 4, -1, -1, 1, 1);
      break;
    }
    bounds[0] = Math.min(bounds[0], cx / w);
    bounds[1] = Math.min(bounds[1], cy / w);
    bounds[2] = Math.max(bounds[2], cx / w);
    bounds[3] = Math.max(bounds[3], cy / w);
  }
  const [left, lower, right, upper] = bounds.map((one) => Math.min(1, Math.max(-1, one))) as typeof bounds;
  if (!(right > left && upper > lower)) return undefined;
  const isParallel = [3, 7, 11].every((at) => Math.abs(whole[at]!) < 1e-12 * Math.abs(whole[15]!));
  return { fromClip, bounds: [left, lower, right, upper], isParallel };
}
