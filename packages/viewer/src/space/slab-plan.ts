import type { ParquetGroup } from '@micrarium/formats';

export { isStoredByTime } from '@micrarium/formats';

/** A stretch of a file, the end not included. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Row groups that may hold objects of a range of frames, both ends included, by their place in the list. The bounds that the
 * file keeps of each group decide; a group without bounds may hold anything.
 */
export function groupsOfFrames(groups: readonly ParquetGroup[], first: number, last: number): number[] {
  const found: number[] = [];
  for (const [index, group] of groups.entries()) {
    const bounds = group.columns.get('frame')?.bounds;
    if (!bounds || (bounds[0] <= last && bounds[1] >= first)) found.push(index);
  }
  return found;
}

/** Bytes between two wanted stretches that are fetched with them, since a request costs more than they do. */
const cheapGap = 16_384;

/** Stretches joined where little lies between them: what is asked for with one request each. */
export function joinedSpans(spans: readonly Span[], gap: number = cheapGap): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from - last.to <= gap) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined;
}

/** Requests of a batch above which the bytes between are fetched too: browsers have six under way at a time. */
const fewRequests = 6;

/** What is asked for of a batch: stretches joined over little and, where many are left, over up to half of their mean length. */
export function askedSpans(spans: readonly Span[]): Span[] {
  const joined = joinedSpans(spans);
  if (joined.length <= fewRequests) return joined;
  const mean = joined.reduce((sum, { from, to }) => sum + to - from, 0) / joined.length;
  return joinedSpans(joined, Math.max(cheapGap, mean / 2));
}

/** Columns of a row group that are wanted. */
export interface GroupColumns {
  index: number;
  names: readonly string[];
}

/** Bytes and values of row groups that are fetched and decoded together: few requests, and a first answer that comes soon. */
const mostTogether = { bytes: 4 << 20, values: 8_000_000 };

/** Row groups in the order of the file, in batches that are fetched together. A group larger than a batch is one of its own. */
export function groupBatches(groups: readonly ParquetGroup[], wanted: readonly GroupColumns[]): GroupColumns[][] {
  const batches: GroupColumns[][] = [];
  let [bytes, values] = [0, 0];
  for (const one of [...wanted].sort((a, b) => a.index - b.index)) {
    const group = groups[one.index]!;
    const ownBytes = spansOf(group, one.names).reduce((sum, { from, to }) => sum + to - from, 0);
    const ownValues = (group.end - group.start) * one.names.length;
    const fits = bytes + ownBytes <= mostTogether.bytes && values + ownValues <= mostTogether.values;
    if (fits && batches.length > 0) batches.at(-1)!.push(one);
    else {
      batches.push([one]);
      [bytes, values] = [0, 0];
    }
    bytes += ownBytes;
    values += ownValues;
  }
  return batches;
}

/** Where columns of a row group lie. Columns the file does not have are left out. */
export function spansOf(group: ParquetGroup, columns: readonly string[]): Span[] {
  return columns.flatMap((name) => {
    const chunk = group.columns.get(name);
    return chunk ? [{ from: chunk.from, to: chunk.to }] : [];
  });
}

/** Smallest and largest value of a column over all groups; `undefined` where no group says so. */
export function boundsOfColumn(groups: readonly ParquetGroup[], column: string): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const group of groups) {
    const bounds = group.columns.get(column)?.bounds;
    if (!bounds) continue;
    low = Math.min(low, bounds[0]);
    high = Math.max(high, bounds[1]);
  }
  // Bounds of zeros have signs, which nobody wants to read.
  return low <= high ? [low + 0, high + 0] : undefined;
}

/** Is every object's id its row number, as the bounds of all groups show? Then ids need not be read. */
export function idsAreRows(groups: readonly ParquetGroup[]): boolean {
  return groups.every((group) => {
    const bounds = group.columns.get('object_id')?.bounds;
    return bounds !== undefined && bounds[0] === group.start && bounds[1] === group.end - 1;
  });
}
