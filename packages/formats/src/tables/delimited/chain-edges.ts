/** Objects in chains: entry `i` says that the object in row `row[i]` belongs to chain `chain[i]` (-1: to none). */
export interface ChainMembers {
  count: number;
  chain: Int32Array;
  row: Uint32Array;
  /** Frame of each entry's object. */
  frame: Int32Array;
}

/** Edges between the members of chains. */
export interface ChainEdges {
  count: number;
  /** Rows of the earlier and the later object. */
  source: Uint32Array;
  target: Uint32Array;
  /** Frames in which a chain has more than one object; they are not linked. */
  ambiguous: { chain: number; frame: number; objects: number }[];
  /** Number of such frames (`ambiguous` keeps the first thousand). */
  ambiguousCount: number;
}

/**
 * Edges along chains in the order of time. An object named twice in one chain counts once. A frame in which a chain
 * has several objects is ambiguous: nothing is linked to it, from it or across it.
 */
export function edgesAlongChains(members: ChainMembers): ChainEdges {
  const { chain, row, frame } = members;
  const sorted = sortMembers(members);
  const used = sorted.length;
  const edges: ChainEdges = {
    count: 0,
    source: new Uint32Array(used),
    target: new Uint32Array(used),
    ambiguous: [],
    ambiguousCount: 0,
  };
  let previous = -1;
  for (let at = 0; at < used; ) {
    const first = sorted[at]!;
    let end = at + 1;
    let objects = 1;
    for (; end < used && chain[sorted[end]!] === chain[first] && frame[sorted[end]!] === frame[first]; end++)
      if (row[sorted[end]!] !== row[sorted[end - 1]!]) objects++;
    if (objects > 1) {
      edges.ambiguousCount++;
      if (edges.ambiguous.length < 1000) edges.ambiguous.push({ chain: chain[first]!, frame: frame[first]!, objects });
    } else if (previous >= 0 && chain[previous] === chain[first]) {
      edges.source[edges.count] = row[previous]!;
      edges.target[edges.count++] = row[first]!;
    }
    previous = objects > 1 ? -1 : first;
    at = end;
  }
  return edges;
}

/** Entries of chains, by chain, in each by frame and row. Chains are counted out; only those out of order are sorted. */
function sortMembers({ count, chain, frame, row }: ChainMembers): Uint32Array {
  let chains = 0;
  for (let i = 0; i < count; i++) if (chain[i]! >= chains) chains = chain[i]! + 1;
  const starts = new Uint32Array(chains + 1);
  for (let i = 0; i < count; i++) if (chain[i]! >= 0) starts[chain[i]! + 1]!++;
  for (let c = 0; c < chains; c++) starts[c + 1]! += starts[c]!;
  const sorted = new Uint32Array(starts[chains]!);
  const next = starts.slice();
  for (let i = 0; i < count; i++) if (chain[i]! >= 0) sorted[next[chain[i]!]!++] = i;
  const before = (a: number, b: number) => frame[a]! - frame[b]! || row[a]! - row[b]!;
  for (let c = 0; c < chains; c++) {
    let at = starts[c]! + 1;
    while (at < starts[c + 1]! && before(sorted[at - 1]!, sorted[at]!) <= 0) at++;
    if (at < starts[c + 1]!) sorted.subarray(starts[c], starts[c + 1]).sort(before);
  }
  return sorted;
}
