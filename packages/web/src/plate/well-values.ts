import { wellName } from '@micrarium/formats';
import { type Column, columnValue, type PlateLayout } from '@micrarium/model';

/** A value of a well: a number (the mean, where a table has several rows for it), or a word. */
export type WellValue = number | string;

/** Name of a well, as tables write it. */
export const nameOfWell = ({ rows, columns }: Pick<PlateLayout, 'rows' | 'columns'>, row: number, column: number) =>
  `${rows[row] ?? ''}${columns[column] ?? ''}`;

const plain = (name: string) => wellName(name) ?? name.trim();

/**
 * Values of wells from the rows of a table. Numbers of several rows are averaged; words that differ are joined.
 * @param wells the column that names the well of each row
 * @param plates the column that names the plate, where the table has one; rows of other plates are left out if any is of ours
 */
export function valuesByWell(
  wells: Column,
  values: Column,
  plates: Column | undefined,
  plate: string,
): Map<string, WellValue> {
  const rows = [...wells.values.keys()];
  const ours = plates ? rows.filter((row) => String(columnValue(plates, row) ?? '') === plate) : [];
  const found = new Map<string, (number | string)[]>();
  for (const row of ours.length > 0 ? ours : rows) {
    const well = columnValue(wells, row);
    const value = columnValue(values, row);
    if (well === undefined || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
    const name = plain(String(well));
    const list = found.get(name) ?? [];
    found.set(name, list);
    list.push(typeof value === 'boolean' ? String(value) : value);
  }
  const merged = new Map<string, WellValue>();
  for (const [name, list] of found) {
    const numbers = list.filter((one) => typeof one === 'number');
    merged.set(
      name,
      numbers.length === list.length
        ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length
        : [...new Set(list.map(String))].join(', '),
    );
  }
  return merged;
}

/** The value of a well of a plate, however the table spells its name. */
export const valueAt = (values: ReadonlyMap<string, WellValue>, name: string): WellValue | undefined =>
  values.get(plain(name));

/** How values become colours: few different ones a colour each, numbers otherwise from dark to light. */
export type WellColours =
  | { kind: 'groups'; groups: { value: WellValue; colour: string; wells: number }[] }
  | { kind: 'range'; low: number; high: number };

/** Okabe-Ito, told apart by colour-blind readers; the design's series colours. */
const groupColours = ['--d1', '--d2', '--d3', '--d4', '--d5', '--d6', '--d7', '--d8'];
/** Viridis in seven steps. */
const stops = ['#440154', '#443983', '#31688e', '#21918c', '#35b779', '#90d743', '#fde725'];
/** Colour of a well without a value. */
export const noColour = 'transparent';

/** Chooses colours: a group each for at most eight different values (words beyond them share the last), else a range. */
export function coloursOf(values: ReadonlyMap<string, WellValue>): WellColours {
  const counts = new Map<WellValue, number>();
  for (const value of values.values()) counts.set(value, (counts.get(value) ?? 0) + 1);
  const numbers = [...counts.keys()].filter((value) => typeof value === 'number');
  if (numbers.length === counts.size && counts.size > groupColours.length)
    return { kind: 'range', low: Math.min(...numbers), high: Math.max(...numbers) };
  const order = [...counts].sort(([a], [b]) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  );
  const groups = order.map(([value, wells], index) => ({
    value,
    wells,
    colour: `var(${groupColours[Math.min(index, groupColours.length - 1)]})`,
  }));
  return { kind: 'groups', groups };
}

/** Colour of a value, for CSS. */
export function colourOf(colours: WellColours, value: WellValue | undefined): string {
  if (value === undefined) return noColour;
  if (colours.kind === 'groups') return colours.groups.find((group) => group.value === value)?.colour ?? noColour;
  if (typeof value !== 'number') return noColour;
  const { low, high } = colours;
  const at = ((value - low) / (high - low || 1)) * (stops.length - 1);
  const lower = Math.min(stops.length - 2, Math.max(0, Math.floor(at)));
  return `color-mix(in srgb, ${stops[lower + 1]} ${Math.round((at - lower) * 100)}%, ${stops[lower]})`;
}
