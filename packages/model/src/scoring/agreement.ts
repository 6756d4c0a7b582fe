import type { EdgeTable } from '../track-set.ts';
import { type FramePoints, matchPoints, pointDistance } from './point-matching.ts';

/** Objects with edges between them; rows of `points` are what edges name. */
export interface ComparedSet {
  points: FramePoints;
  edges: Pick<EdgeTable, 'source' | 'target'>;
}

/** What two say alike, and what only one of them says. */
export interface SharedCount {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  /** both / (both + onlyFirst + onlySecond); `null` where neither says anything. */
  jaccard: number | null;
}

/** How far two results on one film agree. Neither is taken for true: exchanging them exchanges `onlyFirst` and `onlySecond`. */
export interface Agreement {
  version: number;
  /** In the unit of the positions. */
  gate: number;
  objects: SharedCount;
  /** Steps from one object to another that both link. */
  edges: SharedCount;
  /** Objects with several targets, of which at least two are the same in both. */
  divisions: SharedCount;
  /** Median distance of the objects both have; `null` without any. */
  medianDistance: number | null;
}

/**
 * Compares two results on one film: objects of a frame closer than the gate are the same (as many pairs as there can be, the nearest),
 * edges are the same where both ends are, divisions where the parent and at least two children are.
 * @throws RangeError for a gate that is not above 0
 */
export function agreementOf(first: ComparedSet, second: ComparedSet, gate: number): Agreement {
  const matched = matchPoints(first.points, second.points, { gate });
  const distances: number[] = [];
  matched.forEach((other, row) => {
    if (other >= 0) distances.push(pointDistance(first.points, row, second.points, other));
  });
  const [targets, otherTargets] = [targetsOf(first), targetsOf(second)];
  let edges = 0;
  for (const [source, all] of targets) {
    const there = otherTargets.get(matched[source]!);
    if (there) for (const target of all) if (matched[target]! >= 0 && there.has(matched[target]!)) edges++;
  }
  const isDivision = (all: ReadonlySet<number>) => all.size > 1;
  let divisions = 0;
  for (const [source, all] of targets) {
    const there = otherTargets.get(matched[source]!);
    if (!there || !isDivision(all) || !isDivision(there)) continue;
    if ([...all].filter((target) => matched[target]! >= 0 && there.has(matched[target]!)).length >= 2) divisions++;
  }
  const count = (of: Targets, what: (all: ReadonlySet<number>) => number) =>
    [...of.values()].reduce((sum, all) => sum + what(all), 0);
  return {
    version: 1,
    gate,
    objects: shared(distances.length, first.points.frame.length, second.points.frame.length),
    edges: shared(
      edges,
      count(targets, (all) => all.size),
      count(otherTargets, (all) => all.size),
    ),
    divisions: shared(
      divisions,
      count(targets, (all) => Number(isDivision(all))),
      count(otherTargets, (all) => Number(isDivision(all))),
    ),
    medianDistance: median(distances),
  };
}

type Targets = Map<number, Set<number>>;

function targetsOf({ edges: { source, target } }: ComparedSet): Targets {
  const targets: Targets = new Map();
  source.forEach((from, at) => {
    const there = targets.get(from);
    if (there) there.add(target[at]!);
    else targets.set(from, new Set([target[at]!]));
  });
  return targets;
}

function shared(both: number, first: number, second: number): SharedCount {
  const all = first + second - both;
  return { both, onlyFirst: first - both, onlySecond: second - both, jaccard: all === 0 ? null : both / all };
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
