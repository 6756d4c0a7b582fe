import type { ViewState } from './view-state.ts';

/** A region of an image that somebody drew, as paths in image pixels (0 = centre of the first pixel). */
export interface DrawnRegion {
  name: string;
  shapes: readonly {
    /** x and y of each point in turn; a single point is a point. */
    path: readonly number[];
    isClosed: boolean;
    /** Plane it lies on; left out = on all. */
    t?: number | undefined;
    z?: number | undefined;
    text?: string | undefined;
  }[];
}

/** x and y. */
export type ShapePlace = [number, number];

/** A shape that lies on the shown plane. */
export interface ShownShape {
  name: string;
  points: ShapePlace[];
}

/** The shapes on the plane of a state: those of its frame, and of its slice unless slices are put together. */
export function shapesOnPlane(
  regions: readonly DrawnRegion[],
  { t, z, projection }: Pick<ViewState, 't' | 'z' | 'projection'>,
): ShownShape[] {
  return regions.flatMap(({ name, shapes }) =>
    shapes.flatMap((shape) => {
      const isOnFrame = shape.t === undefined || shape.t === t;
      const isOnSlice =
        shape.z === undefined || (projection ? shape.z >= projection.from && shape.z <= projection.to : shape.z === z);
      if (!isOnFrame || !isOnSlice) return [];
      const points = Array.from(
        { length: shape.path.length >> 1 },
        (_, at): ShapePlace => [shape.path[2 * at]!, shape.path[2 * at + 1]!],
      );
      if (shape.isClosed && points[0]) points.push(points[0]);
      return [{ name: shape.text ?? name, points }];
    }),
  );
}
