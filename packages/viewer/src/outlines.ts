import type { TrackOverlay } from './track-overlay.ts';
import type { ObjectShape, OverlayState } from './view-state.ts';

/** One outline in image pixels, and the object it belongs to. */
export interface Outline {
  row: number;
  path: [number, number][];
  isClosed: boolean;
}

/** Most vertices drawn of one frame: more would stop the page. */
const mostVertices = 500_000;

/**
 * Outlines of the objects of a frame, in image pixels.
 * @param rows the objects that are wanted
 */
export function outlinesOf(overlay: TrackOverlay, rows: Iterable<number>): Outline[] {
  const { shapes, entity } = overlay.set.objects;
  const { mapping } = overlay;
  if (!shapes || !mapping) return [];
  const place: Record<string, number> = { x: 0, y: 1, z: 2 };
  const [alongX, alongY] = [place[mapping.axes.x]!, place[mapping.axes.y]!];
  const outlines: Outline[] = [];
  let vertices = 0;
  for (const row of rows) {
    for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
      const [from, to] = [shapes.vertexOffsets[part]!, shapes.vertexOffsets[part + 1]!];
      vertices += to - from;
      if (vertices > mostVertices) return outlines;
      const path = Array.from({ length: to - from }, (_, at): [number, number] => [
        (shapes.xyz[(from + at) * 3 + alongX]! - mapping.offset.x) * mapping.scale.x,
        (shapes.xyz[(from + at) * 3 + alongY]! - mapping.offset.y) * mapping.scale.y,
      ]);
      // A line object is an outline that may be open; everything else encloses something.
      const [first, last] = [path[0], path.at(-1)];
      const isClosed = entity !== 'line' || (first?.[0] === last?.[0] && first?.[1] === last?.[1]);
      if (path.length > 1) outlines.push({ row, path, isClosed: isClosed && path.length > 2 });
    }
  }
  return outlines;
}

/** What stands for the objects of a set: as the view says, if the set has it. */
export function shapeFor(overlay: TrackOverlay, state: OverlayState): ObjectShape {
  const hasOutlines = overlay.set.objects.shapes !== undefined;
  const wanted = state.shape ?? (hasOutlines ? 'outline' : 'circle');
  return hasOutlines || wanted === 'circle' || wanted === 'point' ? wanted : 'circle';
}
