import { buildTrackGraph, type CoordinateMapping, type TrackSet } from '@micrarium/model';

/** Tracks in image coordinates, as flat arrays a graphics card takes: one entry an object, one an edge. */
export interface TrackOverlay {
  count: number;
  /** Per object: x and y in image pixels (0 = centre of the first pixel), interleaved. */
  positions: Float32Array;
  /** Per object: frame and slice of the image. Slice is NaN-free; planar sets lie in `firstSlice`. */
  frame: Float32Array;
  slice: Float32Array;
  /** Per object: radius in image pixels, 0 where the set has none. */
  radius: Float32Array;
  /** Per object: the computed track, -1 for none. */
  track: Int32Array;
  /** Rows of the objects of each image frame. */
  rowsOfFrame: Map<number, Uint32Array>;
  edgeCount: number;
  /** Per edge: rows of its ends. */
  edgeSource: Uint32Array;
  edgeTarget: Uint32Array;
  isPlanar: boolean;
  set: TrackSet;
  /** How coordinates of the set become pixels of the image. */
  mapping?: CoordinateMapping;
}

/** Lays a track set over an image by the mapping of its pair (`(coordinate - offset) * scale`, then first frame and slice). */
export function layOver(set: TrackSet, mapping: CoordinateMapping): TrackOverlay {
  const { objects, edges } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const along = (axis: 'x' | 'y' | 'z') => (axis === 'x' ? objects.x : axis === 'y' ? objects.y : objects.z);
  const [alongX, alongY, alongZ] = [along(mapping.axes.x), along(mapping.axes.y), along(mapping.axes.z)];
  const radiusColumn = objects.columns.find((column) => /^radius$/i.test(column.name) && column.type !== 'string');
  const positions = new Float32Array(objects.count * 2);
  const frame = new Float32Array(objects.count);
  const slice = new Float32Array(objects.count);
  const radius = new Float32Array(objects.count);
  for (let row = 0; row < objects.count; row++) {
    positions[row * 2] = ((alongX?.[row] ?? 0) - mapping.offset.x) * mapping.scale.x;
    positions[row * 2 + 1] = ((alongY?.[row] ?? 0) - mapping.offset.y) * mapping.scale.y;
    slice[row] = (alongZ ? (alongZ[row]! - mapping.offset.z) * mapping.scale.z : 0) + mapping.firstSlice;
    frame[row] = objects.frame[row]! + mapping.firstFrame;
    radius[row] = radiusColumn ? Number(radiusColumn.values[row]) * mapping.scale.x : 0;
  }
  return {
    count: objects.count,
    positions,
    frame,
    slice,
    radius,
    track: graph.trackOfObject,
    rowsOfFrame: groupRows(frame),
    edgeCount: edges.count,
    edgeSource: edges.source,
    edgeTarget: edges.target,
    isPlanar: alongZ === undefined,
    set,
    mapping,
  };
}

function groupRows(frame: Float32Array): Map<number, Uint32Array> {
  const counts = new Map<number, number>();
  for (const one of frame) counts.set(one, (counts.get(one) ?? 0) + 1);
  const rows = new Map([...counts].map(([one, count]) => [one, new Uint32Array(count)]));
  const filled = new Map<number, number>();
  for (let row = 0; row < frame.length; row++) {
    const at = filled.get(frame[row]!) ?? 0;
    rows.get(frame[row]!)![at] = row;
    filled.set(frame[row]!, at + 1);
  }
  return rows;
}

/**
 * The object of a frame nearest to a point, within a distance in image pixels; -1 where there is none.
 * @param shown 1 for every object that may be found; left out = all
 */
export function nearestObject(
  overlay: TrackOverlay,
  frame: number,
  x: number,
  y: number,
  within: number,
  shown?: Uint8Array,
): number {
  let best = -1;
  let bestDistance = within * within;
  for (const row of overlay.rowsOfFrame.get(frame) ?? []) {
    if (shown?.[row] === 0) continue;
    const distance = (overlay.positions[row * 2]! - x) ** 2 + (overlay.positions[row * 2 + 1]! - y) ** 2;
    if (distance <= bestDistance) {
      bestDistance = distance;
      best = row;
    }
  }
  return best;
}
