import type { TrackSet } from '../track-set.ts';

/** Frame, x, y and, in three dimensions, z of an object. */
export type MadeObject = readonly [frame: number, x: number, y: number, z?: number];

/**
 * A set of points made by hand: micrometers, a frame every two seconds, ids from 0. Edges are pairs of rows (0-based). What `more` says
 * stands instead.
 */
export function madeSet(
  objects: readonly MadeObject[],
  edges: readonly (readonly [source: number, target: number])[],
  more: Partial<TrackSet> = {},
): TrackSet {
  return {
    name: 'made',
    objects: {
      count: objects.length,
      id: Float64Array.from(objects.keys()),
      frame: Int32Array.from(objects, ([frame]) => frame),
      x: Float64Array.from(objects, ([, x]) => x),
      y: Float64Array.from(objects, ([, , y]) => y),
      ...(objects.some(([, , , z]) => z !== undefined) ? { z: Float64Array.from(objects, ([, , , z]) => z ?? 0) } : {}),
      columns: [],
      entity: 'point',
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ([source]) => source),
      target: Uint32Array.from(edges, ([, target]) => target),
      columns: [],
    },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: { frameInterval: 2 },
    ...more,
  };
}
