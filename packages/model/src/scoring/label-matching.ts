/** Pixels of labels and of their overlaps in one frame; 0 is background. */
export interface LabelOverlaps {
  referenceSizes: Map<number, number>;
  resultSizes: Map<number, number>;
  /** Per reference label: pixels shared with each result label. */
  shared: Map<number, Map<number, number>>;
}

/** Counts overlaps of two label planes or volumes of the same size, in one pass. @throws RangeError where the sizes differ */
export function overlapsOf(reference: ArrayLike<number>, result: ArrayLike<number>): LabelOverlaps {
  if (reference.length !== result.length)
    throw new RangeError(`The reference has ${reference.length} pixels, the result ${result.length}.`);
  const referenceSizes = new Map<number, number>();
  const resultSizes = new Map<number, number>();
  const shared = new Map<number, Map<number, number>>();
  const add = (map: Map<number, number>, key: number, count: number) => map.set(key, (map.get(key) ?? 0) + count);
  for (let from = 0; from < reference.length; ) {
    const [r, s] = [reference[from]!, result[from]!];
    let to = from + 1;
    // Labels come in runs along a row: one look-up a run, not a pixel.
    while (to < reference.length && reference[to] === r && result[to] === s) to++;
    if (r !== 0) add(referenceSizes, r, to - from);
    if (s !== 0) add(resultSizes, s, to - from);
    if (r !== 0 && s !== 0) {
      const of = shared.get(r) ?? new Map<number, number>();
      shared.set(r, of);
      add(of, s, to - from);
    }
    from = to;
  }
  return { referenceSizes, resultSizes, shared };
}

/** What the Cell Tracking Challenge takes for the same object in a frame. */
export interface LabelMatching {
  /** Result label of each matched reference label: it covers strictly more than half of it. */
  resultOf: Map<number, number>;
  /** Reference labels taken by each result label of the frame; empty for extra objects. */
  takenBy: Map<number, number[]>;
  referenceLabels: number[];
}

/** Matches by |R ∩ S| > 0.5 |R|, strictly and relative to the reference alone, so that each reference object has at most one. */
export function matchLabels({ referenceSizes, resultSizes, shared }: LabelOverlaps): LabelMatching {
  const resultOf = new Map<number, number>();
  const takenBy = new Map<number, number[]>([...resultSizes.keys()].map((label) => [label, []]));
  for (const [r, size] of referenceSizes)
    for (const [s, overlap] of shared.get(r) ?? [])
      if (2 * overlap > size) {
        resultOf.set(r, s);
        takenBy.get(s)!.push(r);
      }
  return { resultOf, takenBy, referenceLabels: [...referenceSizes.keys()] };
}
