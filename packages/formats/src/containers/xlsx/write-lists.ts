import { columnName } from './sheet-cells.ts';
import type { SheetToWrite } from './workbook-to-write.ts';

/** Where a list of choices stands: within the rule itself, or on the hidden sheet. */
export type ListRange = { inline: string } | { range: string };

/** Lists of choices of a workbook. */
export interface PlacedLists {
  /** By the array a column gave. */
  ranges: ReadonlyMap<readonly string[], ListRange>;
  /** Lists that do not fit into their rule. */
  long: (readonly string[])[];
  /** Name of the hidden sheet they stand on. */
  sheetName: string;
}

/** A rule holds a list of at most 255 characters without commas in the entries (ECMA-376, 18.3.1.32). */
const longestInline = 255;

/** Decides where each list stands. Equal lists are kept once. */
export function placeLists(sheets: readonly SheetToWrite[]): PlacedLists {
  const ranges = new Map<readonly string[], ListRange>();
  const long: (readonly string[])[] = [];
  const places = new Map<string, ListRange>();
  const taken = new Set(sheets.map(({ name }) => name.toLowerCase()));
  let sheetName = 'lists';
  for (let n = 2; taken.has(sheetName); n++) sheetName = `lists ${n}`;
  for (const { choices } of sheets.flatMap(({ columns }) => columns)) {
    if (!choices || choices.length === 0 || ranges.has(choices)) continue;
    const key = JSON.stringify(choices);
    let place = places.get(key);
    if (!place) {
      const text = choices.join(',');
      const fits =
        text.length <= longestInline && choices.every((choice) => /^[^,"\s](?:[^,"\n]*[^,"\s])?$/.test(choice));
      if (fits) place = { inline: text };
      else {
        const letter = columnName(long.length);
        long.push(choices);
        place = { range: `'${sheetName}'!$${letter}$2:$${letter}$${choices.length + 1}` };
      }
      places.set(key, place);
    }
    ranges.set(choices, place);
  }
  return { ranges, long, sheetName };
}

/** The hidden sheet of long lists, one a column. */
export function listsSheet({ long, sheetName }: PlacedLists): SheetToWrite {
  const height = Math.max(...long.map((list) => list.length));
  return {
    name: sheetName,
    hidden: true,
    columns: long.map((_, i) => ({ header: `list ${i + 1}` })),
    rows: Array.from({ length: height }, (_, row) => long.map((list) => list[row])),
  };
}
