import { type TrackSet, buildTrackGraph } from '@micrarium/model';

/** Links as a CMSO package writes them: each a run of objects in time, every edge a consecutive pair of exactly one. */
export interface DecomposedLinks {
  /** Link `l` has the objects `rows[offsets[l] .. offsets[l + 1] - 1]`. */
  offsets: Uint32Array;
  rows: Uint32Array;
  /** Track (weakly connected component) of each link. */
  trackOfLink: Uint32Array;
}

/**
 * Cuts the graph of a set into links. A link runs from a branching or first object to the next branching or last one,
 * both included, so a mother's last object opens the links of all its daughters and a merging object closes those of
 * all that merge into it. Reading consecutive pairs gives back exactly the edges.
 * @param strict write every edge that spans several frames as a link of its two objects alone (CMSO Tracks v0.1, form C)
 */
export function decomposeLinks(set: Pick<TrackSet, 'objects' | 'edges'>, strict: boolean): DecomposedLinks {
  const { edges, objects } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const order = edgesByLink(graph.linkOfEdge, graph.linkCount, edges, objects.frame);
  const offsets: number[] = [0];
  const rows: number[] = [];
  const trackOfLink: number[] = [];
  const close = () => {
    if (rows.length === offsets.at(-1)) return;
    offsets.push(rows.length);
    trackOfLink.push(graph.trackOfObject[rows.at(-1)!]!);
  };
  let link = -1;
  let afterGap = false;
  for (const edge of order) {
    const source = edges.source[edge]!;
    const target = edges.target[edge]!;
    const gap = strict && objects.frame[target]! - objects.frame[source]! > 1;
    if (graph.linkOfEdge[edge] !== link || gap || afterGap) {
      close();
      rows.push(source);
    }
    rows.push(target);
    link = graph.linkOfEdge[edge]!;
    afterGap = gap;
  }
  close();
  return {
    offsets: Uint32Array.from(offsets),
    rows: Uint32Array.from(rows),
    trackOfLink: Uint32Array.from(trackOfLink),
  };
}

/** Edges sorted by link, in each link by time. */
function edgesByLink(linkOfEdge: Uint32Array, links: number, edges: TrackSet['edges'], frame: Int32Array): Uint32Array {
  const starts = new Uint32Array(links + 1);
  for (let edge = 0; edge < edges.count; edge++) starts[linkOfEdge[edge]! + 1]!++;
  for (let link = 0; link < links; link++) starts[link + 1]! += starts[link]!;
  const order = new Uint32Array(edges.count);
  const next = starts.slice();
  for (let edge = 0; edge < edges.count; edge++) order[next[linkOfEdge[edge]!]!++] = edge;
  for (let link = 0; link < links; link++)
    order.subarray(starts[link], starts[link + 1]).sort((a, b) => frame[edges.source[a]!]! - frame[edges.source[b]!]!);
  return order;
}
