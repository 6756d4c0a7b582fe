import type { EdgeTable, ObjectTable, TrackCounts } from './track-set.ts';

/** Identity of each object and edge in the graph: chains and components, numbered from 0. */
export interface TrackGraph {
  /** Per edge: the link (unbranched chain) it lies in. */
  linkOfEdge: Uint32Array;
  /** Per object: the link whose chain it lies in or opens; -1 for objects without edges and for branching objects with no own chain. */
  linkOfObject: Int32Array;
  /** Per object: the track (weakly connected component with an edge); -1 for objects without edges. Numbered in order of first object. */
  trackOfObject: Int32Array;
  linkCount: number;
  trackCount: number;
  inDegree: Uint32Array;
  outDegree: Uint32Array;
}

/** Union-find with path halving over rows `0 .. count - 1`: 4 bytes a row. */
export class DisjointRows {
  private readonly parent: Uint32Array;

  constructor(count: number) {
    this.parent = new Uint32Array(count);
    for (let row = 0; row < count; row++) this.parent[row] = row;
  }

  /** Representative row of the component of `row`. */
  find(row: number): number {
    let at = row;
    while (this.parent[at] !== at) {
      const next = this.parent[this.parent[at]!]!;
      this.parent[at] = next;
      at = next;
    }
    return at;
  }

  /** Joins the components of two rows; the smaller representative stays. */
  join(a: number, b: number): void {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA < rootB) this.parent[rootB] = rootA;
    else this.parent[rootA] = rootB;
  }
}

/** Links and tracks of a set, from its edges alone. Linear in objects and edges; 32 bytes an object, 8 an edge. */
export function buildTrackGraph(
  objectCount: number,
  edges: Pick<EdgeTable, 'count' | 'source' | 'target'>,
): TrackGraph {
  const inDegree = new Uint32Array(objectCount);
  const outDegree = new Uint32Array(objectCount);
  const components = new DisjointRows(objectCount);
  // The only outgoing edge of an object that has exactly one: lets a chain be followed without adjacency lists.
  const onlyOut = new Int32Array(objectCount).fill(-1);
  for (let edge = 0; edge < edges.count; edge++) {
    const source = edges.source[edge]!;
    const target = edges.target[edge]!;
    outDegree[source]!++;
    inDegree[target]!++;
    onlyOut[source] = edge;
    components.join(source, target);
  }
  const isInner = (row: number) => inDegree[row] === 1 && outDegree[row] === 1;
  const linkOfEdge = new Uint32Array(edges.count);
  const linkOfObject = new Int32Array(objectCount).fill(-1);
  let linkCount = 0;
  for (let edge = 0; edge < edges.count; edge++) {
    if (isInner(edges.source[edge]!)) continue;
    const link = linkCount++;
    if (outDegree[edges.source[edge]!] === 1) linkOfObject[edges.source[edge]!] = link;
    let at = edge;
    for (;;) {
      linkOfEdge[at] = link;
      const target = edges.target[at]!;
      if (inDegree[target] === 1) linkOfObject[target] = link;
      if (!isInner(target)) break;
      at = onlyOut[target]!;
    }
  }
  const trackOfObject = new Int32Array(objectCount).fill(-1);
  let trackCount = 0;
  for (let row = 0; row < objectCount; row++) {
    if (inDegree[row] === 0 && outDegree[row] === 0) continue;
    // The smallest row of a component stands for it, so it is numbered before the others.
    const root = components.find(row);
    trackOfObject[row] = root === row ? trackCount++ : trackOfObject[root]!;
  }
  return { linkOfEdge, linkOfObject, trackOfObject, linkCount, trackCount, inDegree, outDegree };
}

/** Counts of a set from its edges (the definitions stand in `TrackCounts`). */
export function countTracks(
  objects: Pick<ObjectTable, 'count' | 'frame'>,
  edges: Pick<EdgeTable, 'count' | 'source' | 'target'>,
): TrackCounts {
  const graph = buildTrackGraph(objects.count, edges);
  const frames = new Set<number>();
  let splits = 0;
  let merges = 0;
  for (let row = 0; row < objects.count; row++) {
    frames.add(objects.frame[row]!);
    if (graph.outDegree[row]! > 1) splits++;
    if (graph.inDegree[row]! > 1) merges++;
  }
  let gaps = 0;
  for (let edge = 0; edge < edges.count; edge++)
    if (objects.frame[edges.target[edge]!]! - objects.frame[edges.source[edge]!]! > 1) gaps++;
  return {
    objects: objects.count,
    edges: edges.count,
    links: graph.linkCount,
    tracks: graph.trackCount,
    frames: frames.size,
    splits,
    merges,
    gaps,
  };
}

/** Sums counts of several sets. */
export function sumCounts(counts: readonly TrackCounts[]): TrackCounts {
  const total: TrackCounts = { objects: 0, edges: 0, links: 0, tracks: 0, frames: 0, splits: 0, merges: 0, gaps: 0 };
  for (const one of counts) for (const key of Object.keys(total) as (keyof TrackCounts)[]) total[key] += one[key];
  return total;
}
