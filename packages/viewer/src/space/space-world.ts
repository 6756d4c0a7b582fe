/** From the coordinates of the set to those that are drawn: relative to the origin, y and z turned over together, so that y runs down as in images and nothing is mirrored. */
export function toWorld(
  xyz: ArrayLike<number>,
  origin: readonly number[],
  into = new Float32Array(xyz.length),
): Float32Array {
  for (let at = 0; at + 2 < xyz.length; at += 3) {
    into[at] = xyz[at]! - origin[0]!;
    into[at + 1] = origin[1]! - xyz[at + 1]!;
    into[at + 2] = origin[2]! - xyz[at + 2]!;
  }
  return into;
}

/** The same as a matrix, column by column, for layers that lie in the coordinates of the set. */
export function worldMatrix(origin: readonly number[]): number[] {
  return [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, -origin[0]!, origin[1]!, origin[2]!, 1];
}
