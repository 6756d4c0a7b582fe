import type { TrackSetSummary } from '@micrarium/model';

/** Objects up to which all paths are drawn without being asked for: their positions are fetched for it. */
const mostUnasked = 500_000;

/** Objects up to which they are drawn when asked for: positions, graph and picture of more take over a gigabyte in the browser. */
const mostDrawn = 3_000_000;

/** Whether the paths of a set are fetched and drawn: `none` where nothing is linked. */
export type PathsPlan = 'none' | 'at-once' | 'when-asked' | 'too-many';

/** What is done for a set of its size. */
export function pathsPlan({ objects, edges }: Pick<TrackSetSummary['counts'], 'objects' | 'edges'>): PathsPlan {
  if (edges === 0) return 'none';
  if (objects <= mostUnasked) return 'at-once';
  return objects <= mostDrawn ? 'when-asked' : 'too-many';
}

/** Bytes fetched to draw the paths of a set, about: coordinates hardly shrink, ids, frames and edges shrink well. */
export function pathBytes({ counts, hasZ }: Pick<TrackSetSummary, 'counts' | 'hasZ'>): number {
  return counts.objects * ((hasZ ? 3 : 2) * 8 + 2) + counts.edges * 3;
}
