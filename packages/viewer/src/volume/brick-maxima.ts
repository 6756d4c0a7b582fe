import type { Vector3 } from './volume-space.ts';

/** Voxels along each side of a block whose largest value is known: rays pass blocks that hold nothing they want. */
export const brickSide = 8;

/**
 * The largest value of every block of `brickSide` voxels and the one voxel around it, which interpolation at the edge of the
 * block reaches.
 */
export function brickMaxima(stored: Uint8Array | Uint16Array, size: Vector3): Uint8Array | Uint16Array {
  const alongX = largest<Uint8Array | Uint16Array>(stored, 1, size.x, size.y * size.z);
  const wide = Math.ceil(size.x / brickSide);
  const alongY = largest(alongX, wide, size.y, size.z);
  return largest(alongY, wide * Math.ceil(size.y / brickSide), size.z, 1);
}

/**
 * Puts together every `brickSide` entries of the middle axis, and one on either side.
 * @param inner values that lie together below the axis
 * @param count entries of the axis
 * @param outer how often the axis is there
 */
function largest<Values extends Uint8Array | Uint16Array>(
  values: Values,
  inner: number,
  count: number,
  outer: number,
): Values {
  const blocks = Math.ceil(count / brickSide);
  const made = new (values.constructor as new (length: number) => Values)(inner * blocks * outer);
  for (let o = 0; o < outer; o++)
    for (let block = 0; block < blocks; block++) {
      const [first, last] = [Math.max(0, block * brickSide - 1), Math.min(count - 1, (block + 1) * brickSide)];
      const into = (o * blocks + block) * inner;
      for (let entry = first; entry <= last; entry++) {
        const from = (o * count + entry) * inner;
        for (let i = 0; i < inner; i++) {
          const value = values[from + i]!;
          if (value > made[into + i]!) made[into + i] = value;
        }
      }
    }
  return made;
}
