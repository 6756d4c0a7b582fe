/** What lies under a point of the stage. */
export interface PickInput {
  count: number;
  /** x, y, z of each object, interleaved. */
  positions: ArrayLike<number>;
  /** In the same unit. */
  radius: ArrayLike<number>;
  /** 0 for objects that are not drawn; left out = all are. */
  shown?: Uint8Array | undefined;
  /** From positions to pixels of the stage: 4 by 4, column by column, before division by w. */
  matrix: ArrayLike<number>;
  /** Pixels of one unit at w = 1. */
  pixelsPerUnit: number;
  /** Least pixels around the middle of an object in which it is found. */
  reach: number;
}

/**
 * The object drawn in front at a point of the stage; -1 where there is none. Spheres are found over their whole disc, small ones
 * within a few pixels. Worked out from the positions, not from what the graphics card drew: it is exact, and waits for nothing.
 */
export function objectAt(input: PickInput, x: number, y: number): number {
  const { count, positions, radius, shown, matrix: m, pixelsPerUnit, reach } = input;
  let best = -1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < count; at++) {
    if (shown?.[at] === 0) continue;
    const [px, py, pz] = [positions[at * 3]!, positions[at * 3 + 1]!, positions[at * 3 + 2]!];
    const w = m[3]! * px + m[7]! * py + m[11]! * pz + m[15]!;
    if (!(w > 0)) continue;
    const dx = (m[0]! * px + m[4]! * py + m[8]! * pz + m[12]!) / w - x;
    const dy = (m[1]! * px + m[5]! * py + m[9]! * pz + m[13]!) / w - y;
    const size = Math.max(reach, (radius[at]! * pixelsPerUnit) / w || 0);
    const square = dx * dx + dy * dy;
    if (square > size * size) continue;
    // In front is what is nearest to the eye; of those at one depth, what is nearest to the pointer.
    const depth = (m[2]! * px + m[6]! * py + m[10]! * pz + m[14]!) / w;
    const rank = depth + 1e-9 * square;
    if (rank < nearest) {
      nearest = rank;
      best = at;
    }
  }
  return best;
}

/** Distance between two places in space. */
export function distanceBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
}
