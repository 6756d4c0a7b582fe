import type { TrackGraph } from '../track-graph.ts';
import type { EdgeTable } from '../track-set.ts';

/** Detections of all lines together, at most: a tree of n ends has n lines that all begin at its root. */
const mostDetections = 50_000_000;

/** Chains of object rows: chain `c` has `rows[offsets[c]] .. rows[offsets[c + 1] - 1]`, in time order. */
export interface RowChains {
  offsets: Uint32Array;
  rows: Uint32Array;
}

/**
 * The lines of a forest from each root to each of its ends: what a cell and all of its mothers did, one line for each last descendant. Lines
 * of one tree share their beginnings, so that they are no independent samples. Where tracks merge ancestry is ambiguous: a line ends there,
 * and another begins.
 * @param has whether an object has a position; others are left out of their lines
 * @throws RangeError where the lines would have more than 50 million detections
 */
export function rootToLeafChains(
  edges: Pick<EdgeTable, 'count' | 'source' | 'target'>,
  { inDegree, outDegree }: Pick<TrackGraph, 'inDegree' | 'outDegree'>,
  has: (row: number) => boolean,
): RowChains {
  const incoming = new Int32Array(inDegree.length).fill(-1);
  for (let edge = 0; edge < edges.count; edge++) incoming[edges.target[edge]!] = edges.source[edge]!;
  const lengths: number[] = [];
  const ends: number[] = [];
  const before = (row: number) => (inDegree[row] === 1 ? incoming[row]! : -1);
  let most = 0;
  for (let edge = 0; edge < edges.count; edge++) {
    const target = edges.target[edge]!;
    if (inDegree[target] === 1 && outDegree[target]! > 0) continue;
    let length = Number(has(target));
    // A ring has no root: no line is longer than there are objects.
    for (let row = edges.source[edge]!, steps = 0; row >= 0 && steps < inDegree.length; row = before(row), steps++)
      length += Number(has(row));
    if (length === 0) continue;
    most += length;
    if (most > mostDetections)
      throw new RangeError(`The lines from roots to ends have more than ${mostDetections} detections together.`);
    ends.push(edge);
    lengths.push(length);
  }
  const offsets = new Uint32Array(ends.length + 1);
  const rows = new Uint32Array(most);
  for (const [chain, edge] of ends.entries()) {
    let at = (offsets[chain + 1] = offsets[chain]! + lengths[chain]!);
    const target = edges.target[edge]!;
    if (has(target)) rows[--at] = target;
    for (let row = edges.source[edge]!; at > offsets[chain]!; row = before(row)) if (has(row)) rows[--at] = row;
  }
  return { offsets, rows };
}
