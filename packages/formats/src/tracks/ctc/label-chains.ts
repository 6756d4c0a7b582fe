import { buildTrackGraph, type TrackSet } from '@micrarium/model';

/** Labels for the objects of a set, as the challenge wants them: unbranched and without gaps. */
export interface LabelChains {
  /** Label of each object, from 1. */
  labelOf: Uint32Array;
  /** Lines of the track table, by label (index 0 is label 1). */
  spans: { begin: number; end: number; parent: number }[];
  /** Edges into merges that no parent can say. */
  lostEdges: number;
}

/**
 * Cuts the graph at splits, merges and gaps: each piece is a label, its parent the label before. An edge over a gap so
 * becomes a parent, as the challenge writes gaps; of several edges into an object the first is kept.
 * @param isOneLabel may an edge that neither splits nor merges run inside a label? Left out: from a frame to the next
 */
export function labelChains(
  { objects, edges }: TrackSet,
  isOneLabel = (from: number, to: number): boolean => objects.frame[to] === objects.frame[from]! + 1,
): LabelChains {
  const { inDegree, outDegree } = buildTrackGraph(objects.count, edges);
  const before = new Int32Array(objects.count).fill(-1);
  let lostEdges = 0;
  for (let edge = 0; edge < edges.count; edge++) {
    const target = edges.target[edge]!;
    if (before[target] === -1) before[target] = edges.source[edge]!;
    else lostEdges++;
  }
  const order = Uint32Array.from({ length: objects.count }, (_, row) => row).sort(
    (a, b) => objects.frame[a]! - objects.frame[b]! || a - b,
  );
  const labelOf = new Uint32Array(objects.count);
  const spans: LabelChains['spans'] = [];
  for (const row of order) {
    const from = before[row]!;
    const goesOn = from >= 0 && inDegree[row] === 1 && outDegree[from] === 1 && isOneLabel(from, row);
    if (goesOn) {
      const label = labelOf[from]!;
      labelOf[row] = label;
      spans[label - 1]!.end = objects.frame[row]!;
    } else {
      const frame = objects.frame[row]!;
      spans.push({ begin: frame, end: frame, parent: from >= 0 ? labelOf[from]! : 0 });
      labelOf[row] = spans.length;
    }
  }
  return { labelOf, spans, lostEdges };
}
