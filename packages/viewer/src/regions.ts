import type { ViewState } from './view-state.ts';

/** A region of an image that somebody drew, as paths in image pixels (0 = centre of the first pixel). */
export interface DrawnRegion {
  name: string;
  shapes: readonly {
    /** x and y of each point in turn; a single point is a point. */
    path: readonly number[];
    isClosed: boolean;
    /** Is it a piece of a mask, filled but for its holes? */
    isMask?: true | undefined;
    holes?: readonly (readonly number[])[] | undefined;
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
  /** Of a piece of a mask: the holes in what is filled. */
  holes?: ShapePlace[][];
}

/** The shapes on the plane of a state: those of its frame, and of its slice unless slices are put together. */
export function shapesOnPlane(
  regions: readonly DrawnRegion[],
  { t, z, projection }: Pick<ViewState, 't' | 'z' | 'projection'>,
): ShownShape[] {
  return regions.flatMap(({ name, shapes }) =>
    shapes.flatMap((shape, at) => {
      const isOnFrame = shape.t === undefined || shape.t === t;
      const isOnSlice =
        shape.z === undefined || (projection ? shape.z >= projection.from && shape.z <= projection.to : shape.z === z);
      if (!isOnFrame || !isOnSlice) return [];
      const points = pointsOf(shape.path, shape.isClosed);
      const holes = shape.isMask ? (shape.holes ?? []).map((path) => pointsOf(path, true)) : undefined;
      // The pieces of a mask have one name together.
      const isFurther = shape.isMask === true && shapes[at - 1]?.isMask === true;
      return [{ name: shape.text ?? (isFurther ? '' : name), points, ...(holes ? { holes } : {}) }];
    }),
  );
}

function pointsOf(path: readonly number[], isClosed: boolean): ShapePlace[] {
  const points = Array.from({ length: path.length >> 1 }, (_, at): ShapePlace => [path[2 * at]!, path[2 * at + 1]!]);
  if (isClosed && points[0]) points.push(points[0]);
  return points;
}
