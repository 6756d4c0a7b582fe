/** Positions beside each other, one for each object; z zeros in the plane. */
export interface PlacedObjects {
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
}

/**
 * Calls back once for every pair of objects closer to each other than `radius`, smaller index first. Objects are sorted by counting
 * into cells at least as wide as the radius, so only neighbouring cells are looked at.
 */
export function eachPairWithin(
  { x, y, z }: PlacedObjects,
  radius: number,
  found: (i: number, j: number, distance: number) => void,
): void {
  const count = x.length;
  if (!(radius > 0) || count < 2) return;
  const axes = [x, y, z].map((values) => cellsAlong(values, radius, count));
  const [across, down, deep] = axes.map(({ cells }) => cells) as [number, number, number];
  const cellOf = new Uint32Array(count);
  const starts = new Uint32Array(across * down * deep + 1);
  for (let i = 0; i < count; i++) {
    const cell = (axes[2]!.of(z[i]!) * down + axes[1]!.of(y[i]!)) * across + axes[0]!.of(x[i]!);
    cellOf[i] = cell;
    starts[cell + 1]!++;
  }
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
  const order = new Uint32Array(count);
  const next = starts.slice();
  for (let i = 0; i < count; i++) order[next[cellOf[i]!]!++] = i;
  for (let i = 0; i < count; i++) {
    const cx = cellOf[i]! % across;
    const rest = (cellOf[i]! - cx) / across;
    const cy = rest % down;
    const cz = (rest - cy) / down;
    for (let k = Math.max(0, cz - 1); k <= Math.min(deep - 1, cz + 1); k++)
      for (let j = Math.max(0, cy - 1); j <= Math.min(down - 1, cy + 1); j++) {
        const line = (k * down + j) * across;
        const to = starts[line + Math.min(across - 1, cx + 1) + 1]!;
        for (let n = starts[line + Math.max(0, cx - 1)]!; n < to; n++) {
          const other = order[n]!;
          if (other <= i) continue;
          const [dx, dy, dz] = [x[i]! - x[other]!, y[i]! - y[other]!, z[i]! - z[other]!];
          const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
          if (distance < radius) found(i, other, distance);
        }
      }
  }
}

/** Cells along one axis: as wide as the radius, wider where there would be more cells than are worth it. */
function cellsAlong(values: Float64Array, radius: number, count: number): { cells: number; of(value: number): number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const most = Math.max(1, Math.ceil(Math.cbrt(count) * 4));
  const cells = Math.max(1, Math.min(most, Math.floor((high - low) / radius) || 1));
  const width = Math.max(radius, (high - low) / cells);
  return { cells, of: (value) => Math.min(cells - 1, Math.max(0, Math.floor((value - low) / width))) };
}
