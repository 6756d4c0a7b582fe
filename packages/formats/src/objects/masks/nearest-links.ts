/** Points of one frame, by coordinate; z is left out in the plane. */
export interface FramePoints {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  z?: ArrayLike<number>;
}

/** A link between two frames: positions in the two lists, and the distance. */
export interface NearestLink {
  source: number;
  target: number;
  distance: number;
}

/**
 * Links the points of two frames that follow each other by nearest neighbour: of all pairs not further apart than
 * `most`, the closest is linked first, and a point is linked once. Equal distances go by the order of the points.
 * Sorted by source. Points without a position are not linked.
 * @param most longest distance, in the unit of the points
 */
export function linkNearest(before: FramePoints, after: FramePoints, most: number): NearestLink[] {
  const grid = gridOf(after, most);
  const pairs: NearestLink[] = [];
  for (let source = 0; source < before.x.length; source++) {
    const [x, y, z] = [before.x[source]!, before.y[source]!, before.z?.[source] ?? 0];
    if (!Number.isFinite(x + y + z)) continue;
    const [column, row] = [Math.floor(x / grid.cell), Math.floor(y / grid.cell)];
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++)
        for (const target of grid.points.get(`${column + dx} ${row + dy}`) ?? []) {
          const distance = Math.hypot(x - after.x[target]!, y - after.y[target]!, z - (after.z?.[target] ?? 0));
          if (distance <= most) pairs.push({ source, target, distance });
        }
  }
  pairs.sort((a, b) => a.distance - b.distance || a.source - b.source || a.target - b.target);
  const usedSource = new Set<number>();
  const usedTarget = new Set<number>();
  const links = pairs.filter(({ source, target }) => {
    if (usedSource.has(source) || usedTarget.has(target)) return false;
    usedSource.add(source);
    usedTarget.add(target);
    return true;
  });
  return links.sort((a, b) => a.source - b.source);
}

/** Points by square cells of the longest distance, so that only neighbours are compared. */
function gridOf({ x, y, z }: FramePoints, most: number): { cell: number; points: Map<string, number[]> } {
  const cell = most > 0 ? most : 1;
  const points = new Map<string, number[]>();
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]! + y[i]! + (z?.[i] ?? 0))) continue;
    const key = `${Math.floor(x[i]! / cell)} ${Math.floor(y[i]! / cell)}`;
    const list = points.get(key);
    if (list) list.push(i);
    else points.set(key, [i]);
  }
  return { cell, points };
}
