import type { ExploredSet } from './explore-answer.ts';
import {
  type DifferenceName,
  differenceNames,
  type ExploreState,
  type FacetName,
  type GroupName,
} from './explore-state.ts';

/** Stands for what a set does not say. */
export const notStated = '-';

/** Groups beyond these are drawn as one: no more colours are told apart. */
const mostGroups = 7;

/** Stands for all groups without a colour of their own. */
export const otherGroups = '…';

/** The time between frames, so that equal ones are equal: four digits. */
function intervalOf({ frameInterval }: ExploredSet): string {
  return frameInterval ? `${Number(frameInterval.value.toPrecision(4))} ${frameInterval.unit}` : notStated;
}

/** What a set says of something that may differ. */
export function valueOf(set: ExploredSet, name: DifferenceName): string {
  const each = (value: (one: ExploredSet['measures'][number]) => string) => set.measures.map(value).join(', ');
  if (name === 'interval') return intervalOf(set);
  if (name === 'dimensions') return String(set.dimensions);
  if (name === 'software') return set.software || notStated;
  if (name === 'gaps') return each(({ gapPolicy }) => gapPolicy ?? notStated) || notStated;
  if (name === 'units') return unitsOf(set) || notStated;
  return each(({ id, version }) => `${id} ${version}`) || notStated;
}

/** Units of the measures that have one: plain numbers are the same everywhere. */
function unitsOf({ measures }: ExploredSet): string {
  return [...new Set(measures.map(({ unit }) => unit).filter((unit) => unit !== ''))].join(', ');
}

/** Something that differs between sets, with how many have each value; most frequent first. */
export interface Difference {
  name: DifferenceName;
  values: { value: string; count: number }[];
}

/** What differs between sets that are measured. What is the same in all is left out. */
export function differencesOf(sets: readonly ExploredSet[]): Difference[] {
  const measured = sets.filter(({ state }) => state === 'measured');
  return differenceNames
    .map((name) => ({ name, values: counted(measured.map((set) => valueOf(set, name))) }))
    .filter(({ values }) => values.length > 1);
}

/** Values with how often they are there; most frequent first, then by name. */
function counted(values: readonly string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** Sets that are left when only some values are wanted, or some are not. Sets that are not measured stay: nothing is known of them yet. */
export function keptSets(
  sets: readonly ExploredSet[],
  only: ExploreState['only'],
  without: ExploreState['without'] = {},
): ExploredSet[] {
  const wanted = Object.entries(only) as [DifferenceName, string][];
  const unwanted = Object.entries(without) as [DifferenceName, string[]][];
  return sets.filter(
    (set) =>
      set.state !== 'measured' ||
      (wanted.every(([name, value]) => valueOf(set, name) === value) &&
        !unwanted.some(([name, values]) => values.includes(valueOf(set, name)))),
  );
}

/** A set as a dot: its means in the common units. */
export interface Dot {
  set: ExploredSet;
  group: string;
  x: number;
  low?: number | undefined;
  high?: number | undefined;
  /** Of the second measure. */
  y?: number;
  yLow?: number | undefined;
  yHigh?: number | undefined;
}

/** Dots that may stand in one plot: their units are the same. */
export interface Panel {
  /** Of the measures, in their order. */
  units: string[];
  dots: Dot[];
}

/** Sets in plots by their units, so that pixels never stand among micrometers; the largest plot first. Sets without a value have no dot. */
export function panelsOf(
  sets: readonly ExploredSet[],
  measures: readonly string[],
  groupOf: (set: ExploredSet) => string,
): Panel[] {
  const panels = new Map<string, Panel>();
  for (const set of sets) {
    const found = measures.map((id) => set.measures.find((one) => one.id === id));
    const [first, second] = found;
    const isWhole = found.length > 0 && found.every((one) => one !== undefined && one.mean !== null);
    if (!isWhole || !first) continue;
    const units = found.map((one) => one!.unit);
    const key = JSON.stringify(units);
    if (!panels.has(key)) panels.set(key, { units, dots: [] });
    panels.get(key)!.dots.push({
      set,
      group: groupOf(set),
      x: first.mean!,
      low: first.interval?.low,
      high: first.interval?.high,
      ...(second ? { y: second.mean!, yLow: second.interval?.low, yHigh: second.interval?.high } : {}),
    });
  }
  // Of equally large ones, micrometers come before pixels and what is unknown.
  return [...panels.values()].sort(
    (a, b) => b.dots.length - a.dots.length || (a.units.join() < b.units.join() ? -1 : 1),
  );
}

/** What a set says of a field, in words; lists are joined. */
export function groupValue(set: ExploredSet, by: GroupName): string {
  if (by === 'study') return set.accession;
  if (by === 'interval') return intervalOf(set);
  const value = by.startsWith('field:') ? (set.fields[by.slice('field:'.length)] ?? []) : set[by as FacetName];
  return (Array.isArray(value) ? value.join(', ') : String(value)) || notStated;
}

/** Groups of sets: the most frequent ones have a name, the rest is one. */
export function groupsOf(
  sets: readonly ExploredSet[],
  by: GroupName | undefined,
): { names: string[]; of(set: ExploredSet): string } {
  if (by === undefined) return { names: [''], of: () => '' };
  const all = counted(sets.map((set) => groupValue(set, by))).map(({ value }) => value);
  const named = new Set(all.slice(0, mostGroups));
  return {
    names: all.length > mostGroups ? [...named, otherGroups] : [...named],
    of: (set) => {
      const value = groupValue(set, by);
      return named.has(value) ? value : otherGroups;
    },
  };
}
