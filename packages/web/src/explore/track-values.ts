import type { Dot } from './comparing.ts';
import type { ExploredSet } from './explore-answer.ts';
import type { PathValues } from './path-values.ts';

/** One track of one of the compared sets. */
export interface TrackDot {
  set: ExploredSet;
  group: string;
  track: number;
  /** Its first object, and the frame it is in. */
  object: number;
  frame: number;
  x: number;
  /** Of the second measure; NaN where there is none. */
  y: number;
}

/** Dots drawn, of all sets together; each set gives an equal part. */
const mostDots = 6000;
/** Sets whose tables are fetched; of more the first are. */
const mostSets = 200;
/** Tables fetched at once. */
const atOnce = 4;

/**
 * The tracks of sets as dots, at even distances through each set where there are more than can be drawn.
 * @param read the paths of a set
 */
export async function trackDots(
  of: readonly Pick<Dot, 'set' | 'group'>[],
  measures: readonly string[],
  read: (set: ExploredSet) => PathValues | Promise<PathValues>,
): Promise<{ dots: TrackDot[]; paths: number; unsaid: number; leftOut: number }> {
  const sets = of.slice(0, mostSets);
  const found: { whole: TrackDot[]; paths: number }[] = [];
  for (let from = 0; from < sets.length; from += atOnce)
    found.push(
      ...(await Promise.all(
        sets.slice(from, from + atOnce).map(async ({ set, group }) => {
          const { track, object, frame, values } = await read(set);
          const all = Array.from(
            { length: track.length },
            (_, row): TrackDot => ({
              set,
              group,
              track: track[row]!,
              object: object[row]!,
              frame: frame[row]!,
              x: values[0]![row]!,
              y: values[1]?.[row] ?? Number.NaN,
            }),
          );
          const isWhole = (dot: TrackDot) => Number.isFinite(dot.x) && (measures.length < 2 || Number.isFinite(dot.y));
          return { whole: all.filter(isWhole), paths: all.length };
        }),
      )),
    );
  const share = Math.max(1, Math.floor(mostDots / Math.max(1, sets.length)));
  const paths = found.reduce((sum, one) => sum + one.paths, 0);
  const whole = found.reduce((sum, one) => sum + one.whole.length, 0);
  const dots = found.flatMap(({ whole: all }) => {
    const stride = Math.ceil(all.length / share);
    return all.filter((_, at) => at % stride === 0);
  });
  return { dots, paths, unsaid: paths - whole, leftOut: of.length - sets.length };
}

/** Bars of a distribution. */
const barCount = 40;

/** What share of the tracks of each group lies in each of so many bins of equal width, the same for all groups. */
export function sharesOf(
  dots: readonly Pick<TrackDot, 'group' | 'x'>[],
  groups: readonly string[],
): { group: string; from: number; to: number; share: number }[] {
  const low = dots.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const high = dots.reduce((most, { x }) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const width = (high - low) / barCount || 1;
  return groups.flatMap((group) => {
    const of = dots.filter((dot) => dot.group === group);
    const counts = new Uint32Array(barCount);
    for (const { x } of of) counts[Math.min(barCount - 1, Math.floor((x - low) / width))]!++;
    return [...counts].flatMap((count, at) =>
      count === 0 ? [] : [{ group, from: low + at * width, to: low + (at + 1) * width, share: count / of.length }],
    );
  });
}

/** The median of each group that has tracks. */
export function medians(
  dots: readonly Pick<TrackDot, 'group' | 'x'>[],
  groups: readonly string[],
): { group: string; median: number }[] {
  return groups.flatMap((group) => {
    const sorted = dots.flatMap((dot) => (dot.group === group ? [dot.x] : [])).sort((a, b) => a - b);
    if (sorted.length === 0) return [];
    const middle = sorted.length >> 1;
    return [{ group, median: sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2 }];
  });
}
