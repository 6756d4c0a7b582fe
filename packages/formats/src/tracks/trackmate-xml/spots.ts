import type { TrackSet } from '@micrarium/model';

/** TrackMate's ids are whole numbers of 32 bits. */
export function needsNewIds({ objects }: TrackSet): boolean {
  return objects.id.some((id) => !(id >= 0 && id < 2 ** 31));
}

/** Ids of the spots: the objects' own where TrackMate knows such, else numbers from 0. */
export function writtenIds(set: TrackSet): Float64Array | Uint32Array {
  return needsNewIds(set) ? Uint32Array.from({ length: set.objects.count }, (_, row) => row) : set.objects.id;
}

/**
 * Outline of an object relative to its centre, x and y in turn; `undefined` where it has none, or one that a spot
 * cannot have: several parts, or points outside its plane.
 */
export function flatOutline({ objects }: TrackSet, row: number): number[] | undefined {
  const { shapes } = objects;
  if (!shapes || shapes.partOffsets[row + 1]! - shapes.partOffsets[row]! !== 1) return undefined;
  const part = shapes.partOffsets[row]!;
  const depth = objects.z?.[row] ?? 0;
  const [x, y] = [objects.x[row]!, objects.y[row]!];
  const outline: number[] = [];
  for (let vertex = shapes.vertexOffsets[part]!; vertex < shapes.vertexOffsets[part + 1]!; vertex++) {
    const [dx, dy] = [shapes.xyz[vertex * 3]! - x, shapes.xyz[vertex * 3 + 1]! - y];
    if (shapes.xyz[vertex * 3 + 2] !== depth || !Number.isFinite(dx) || !Number.isFinite(dy)) return undefined;
    outline.push(dx, dy);
  }
  return outline.length === 0 ? undefined : outline;
}
