import type { Column } from '@micrarium/model';
import { okabeIto, type Rgb } from './colour-maps.ts';
import { mapColour, type MapName } from './look-up-tables.ts';
import type { TrackOverlay } from './track-overlay.ts';

const grey: Rgb = [138, 143, 148];

/** Most different whole numbers a column has for each to be a category of its own. */
const mostCategories = 8;

/** Where a map starts: the dark end of it vanishes over dark images. */
const mapStart: Readonly<Record<MapName, number>> = {
  viridis: 0.35,
  cividis: 0.45,
  magma: 0.4,
  inferno: 0.4,
  plasma: 0.2,
  turbo: 0.05,
};

/** Share of a map at which a share of the values lies. */
export function overlayShare(map: MapName, share: number): number {
  return mapStart[map] + (1 - mapStart[map]) * share;
}

/** How objects are coloured, and what the legend says. */
export interface ObjectColours {
  /** Red, green and blue of every object. */
  colours: Uint8Array;
  /** Smallest and largest value, for continuous features. */
  range?: [number, number];
  /** Kinds with their colour, most frequent first, for categorical features; `undefined` names all further ones. */
  categories?: { name: string | undefined; colour: Rgb; count: number }[];
}

/** The column of a name; positions, frame and time are columns too. */
export function featureColumn(overlay: TrackOverlay, name: string): Column | undefined {
  const { objects, spaceUnit, timeUnit } = overlay.set;
  const found = objects.columns.find((one) => one.name === name);
  if (found) return found;
  const own: Record<string, [Column['values'] | undefined, string | undefined]> = {
    x: [objects.x, spaceUnit],
    y: [objects.y, spaceUnit],
    z: [objects.z, spaceUnit],
    frame: [objects.frame, undefined],
    time: [objects.time, timeUnit],
  };
  const [values, unit] = own[name] ?? [];
  return values && { name, type: name === 'frame' ? 'int' : 'float', values, ...(unit ? { unit } : {}) };
}

/** Names of all features one can colour, filter or plot by: columns, then positions, frame and time. */
export function featureNames(overlay: TrackOverlay, kind: 'any' | 'numeric'): string[] {
  const { objects } = overlay.set;
  const columns = objects.columns.filter((one) => kind === 'any' || one.type !== 'string').map((one) => one.name);
  const own = ['x', 'y', ...(objects.z ? ['z'] : []), 'frame', ...(objects.time ? ['time'] : [])];
  return [...columns, ...own.filter((name) => !columns.includes(name))];
}

/** Value of an object as a number; NaN where it is absent or no number. */
export function featureValue(column: Column, row: number): number {
  if (column.missing?.[row] === 1 || column.type === 'string') return Number.NaN;
  return Number(column.values[row]);
}

/**
 * Colour of every object: by track (untracked grey), by categories in the colours of Okabe and Ito for texts, yes-or-no and
 * whole numbers of few kinds, else by the place of the value between the smallest and the largest on a map.
 */
export function objectColours(overlay: TrackOverlay, colourBy: string, map: MapName = 'viridis'): ObjectColours {
  const column = colourBy === 'track' ? undefined : featureColumn(overlay, colourBy);
  if (!column) {
    const colours = new Uint8Array(overlay.count * 3);
    for (let row = 0; row < overlay.count; row++)
      colours.set(overlay.track[row]! < 0 ? grey : okabeIto[overlay.track[row]! % okabeIto.length]!, row * 3);
    return { colours };
  }
  return (isCategorical(column) ? byCategory(column, overlay.count) : undefined) ?? byValue(column, overlay.count, map);
}

function isCategorical(column: Column): boolean {
  if (column.type === 'string' || column.type === 'bool') return true;
  if (column.type !== 'int') return false;
  const kinds = new Set<unknown>();
  for (let row = 0; row < column.values.length && kinds.size <= mostCategories; row++)
    if (column.missing?.[row] !== 1) kinds.add(column.values[row]);
  return kinds.size <= mostCategories;
}

function byCategory(column: Column, count: number): ObjectColours {
  const counts = new Map<string, number>();
  const nameOf = (row: number) => (column.missing?.[row] === 1 ? undefined : String(column.values[row]));
  for (let row = 0; row < count; row++) {
    const name = nameOf(row);
    if (name !== undefined && name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  // One colour is left for all that are not among the most frequent.
  const own = ordered.length > okabeIto.length ? ordered.slice(0, okabeIto.length - 1) : ordered;
  const colourOf = new Map(own.map(([name], index) => [name, okabeIto[index]!]));
  const others = okabeIto.at(-1)!;
  const colours = new Uint8Array(count * 3);
  for (let row = 0; row < count; row++) {
    const name = nameOf(row);
    colours.set(name === undefined || name === '' ? grey : (colourOf.get(name) ?? others), row * 3);
  }
  const categories: NonNullable<ObjectColours['categories']> = own.map(([name, number]) => ({
    name,
    colour: colourOf.get(name)!,
    count: number,
  }));
  const rest = ordered.slice(own.length).reduce((sum, [, number]) => sum + number, 0);
  if (rest > 0) categories.push({ name: undefined, colour: others, count: rest });
  return { colours, categories };
}

function byValue(column: Column, count: number, map: MapName): ObjectColours {
  const colours = new Uint8Array(count * 3);
  const range = featureRange(column, count);
  const [low, high] = range ?? [0, 1];
  for (let row = 0; row < count; row++) {
    const share = (featureValue(column, row) - low) / (high - low || 1);
    colours.set(Number.isFinite(share) ? mapColour(map, overlayShare(map, share)) : grey, row * 3);
  }
  return range ? { colours, range } : { colours };
}

/** Smallest and largest value of a numeric column; `undefined` where it has none. */
export function featureRange(column: Column, count: number): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    const value = featureValue(column, row);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Only objects whose value of a feature lies in a range, both ends included. */
export interface FeatureFilter {
  feature: string;
  low: number;
  high: number;
}

/**
 * Which objects pass all filters: 1 a row, 0 for the others. An object without a value does not pass; filters of features the
 * set does not have let all pass.
 * @returns `undefined` where all pass
 */
export function passing(overlay: TrackOverlay, filters: readonly FeatureFilter[] | undefined): Uint8Array | undefined {
  let mask: Uint8Array | undefined;
  for (const { feature, low, high } of filters ?? []) {
    const column = featureColumn(overlay, feature);
    if (!column || column.type === 'string') continue;
    mask ??= new Uint8Array(overlay.count).fill(1);
    for (let row = 0; row < overlay.count; row++) {
      const value = featureValue(column, row);
      if (!(value >= low && value <= high)) mask[row] = 0;
    }
  }
  return mask;
}
