import { okabeIto, type Rgb } from '../colour-maps.ts';
import { lookUpTable, type MapName, tableSteps } from '../look-up-tables.ts';
import { overlayShare } from '../object-colours.ts';
import type { FrameFeature } from './space-frame.ts';

/** Colour of what has no value, no track or no lineage. */
export const noColour: Rgb = [138, 143, 148];
/** Colours of kinds and lineages: those of Okabe and Ito without the last, which all further kinds share. */
export const kindColours: readonly Rgb[] = okabeIto.slice(0, -1);
/** Colour of all kinds that have none of their own. */
export const otherKinds: Rgb = okabeIto.at(-1)!;

/** How objects are coloured: by number of their track or lineage, by kind, or by place between two values. */
export type ColourRule =
  | { by: 'track' }
  | { by: 'group'; groupOfRow: (row: number) => number }
  | { by: 'kinds'; feature: string; kinds: readonly string[] }
  | { by: 'range'; feature: string; range: readonly [number, number]; map: MapName };

/** Colours of objects, red, green and blue each. @param rows rows of the object table */
export function spaceColours(
  rule: ColourRule,
  objects: { count: number; rows: Uint32Array; track: Int32Array; features: ReadonlyMap<string, FrameFeature> },
): Uint8Array {
  const colours = new Uint8Array(objects.count * 3);
  const put = (at: number, [red, green, blue]: Rgb) => {
    colours[at * 3] = red;
    colours[at * 3 + 1] = green;
    colours[at * 3 + 2] = blue;
  };
  if (rule.by === 'track') {
    for (let at = 0; at < objects.count; at++) put(at, trackColour(objects.track[at]!));
    return colours;
  }
  if (rule.by === 'group') {
    for (let at = 0; at < objects.count; at++) put(at, groupColour(rule.groupOfRow(objects.rows[at]!)));
    return colours;
  }
  const feature = objects.features.get(rule.feature);
  if (rule.by === 'kinds') {
    const colourOf = new Map(rule.kinds.map((kind, index) => [kind, kindColours[index] ?? otherKinds]));
    for (let at = 0; at < objects.count; at++) {
      const value = feature?.missing?.[at] === 1 ? undefined : feature?.values[at];
      put(at, value === undefined || value === '' ? noColour : (colourOf.get(String(value)) ?? otherKinds));
    }
    return colours;
  }
  const table = mapTable(rule.map);
  const [low, high] = rule.range;
  for (let at = 0; at < objects.count; at++) {
    const share = (Number(feature?.values[at]) - low) / (high - low || 1);
    if (feature?.type === 'string' || !Number.isFinite(share)) {
      put(at, noColour);
      continue;
    }
    const step = Math.round(overlayShare(rule.map, Math.min(1, Math.max(0, share))) * (tableSteps - 1)) * 4;
    colours[at * 3] = table[step]!;
    colours[at * 3 + 1] = table[step + 1]!;
    colours[at * 3 + 2] = table[step + 2]!;
  }
  return colours;
}

/** Colour of a track by its number: as over the film. */
export function trackColour(track: number): Rgb {
  return track < 0 ? noColour : okabeIto[track % okabeIto.length]!;
}

/** Colour of a group of lineages by its number. */
export function groupColour(group: number): Rgb {
  return group < 0 ? noColour : (kindColours[group] ?? otherKinds);
}

const tables = new Map<MapName, Uint8Array>();

function mapTable(map: MapName): Uint8Array {
  const known = tables.get(map);
  if (known) return known;
  const made = lookUpTable(map, [255, 255, 255]);
  tables.set(map, made);
  return made;
}
