import type { FeatureColumn, FeatureKey, Issue } from '@micrarium/model';
import type { IssueTally } from '../delimited/issues.ts';
import { type FeatureIssueCode, featureIssue } from './feature-issues.ts';
import { wellName } from './key-columns.ts';

/** What keys may name, as far as it is known; what is left out is not checked. */
export interface KnownKeys {
  /** Names of images (of files, or within them), as `imageKey` gives them. */
  images?: ReadonlySet<string>;
  /** Ids and labels of objects. */
  objects?: ReadonlySet<string>;
  /** Wells that were imaged, as `wellName` writes them. */
  wells?: ReadonlySet<string>;
  /** Names of plates, as `imageKey` gives them. */
  plates?: ReadonlySet<string>;
}

/** Values and combinations that are kept to find repeated ones. */
const mostKept = 1_000_000;

/** Distinct values of one key column that are kept to be looked up. */
const mostValues = 20_000;

/** What a key column of a table names. */
export interface KeyValues {
  /** Name of the table. */
  table: string;
  column: string;
  keyedTo: FeatureKey;
  /** Distinct values in the order of the rows, at most 20,000. */
  values: string[];
}

/** Checks the keys of a table's rows as they go by, and keeps what they name. */
export class KeyCheck {
  private readonly keys: { column: FeatureColumn; at: number; values: Set<string> }[];
  private readonly tally: IssueTally<FeatureIssueCode>;
  private readonly seen = new Set<string>();

  constructor(columns: readonly FeatureColumn[], tally: IssueTally<FeatureIssueCode>) {
    this.keys = columns.flatMap((column, at) => (column.keyedTo ? [{ column, at, values: new Set<string>() }] : []));
    this.tally = tally;
  }

  /** Has the table columns that say what a row is about? */
  get hasKeys(): boolean {
    return this.keys.length > 0;
  }

  /** What the keys of a table name. */
  keyValues(table: string): KeyValues[] {
    return this.keys.map(({ column: { name, keyedTo }, values }) => ({
      table,
      column: name,
      keyedTo: keyedTo!,
      values: [...values],
    }));
  }

  /** Looks at one row. `row` is zero-based. */
  see(cells: readonly string[], row: number): void {
    if (this.keys.length === 0) return;
    const values = this.keys.map(({ at }) => (cells[at] ?? '').trim());
    for (const [i, { column, values: known }] of this.keys.entries()) {
      this.seeKey(column, values[i]!, row);
      if (values[i] !== '' && known.size < mostValues) known.add(values[i]!);
    }
    const together = values.join('\u001f');
    if (values.includes('')) return;
    if (this.seen.has(together))
      this.tally.note('key-repeated', { row: row + 1 }, `row ${row + 1}: ${values.join(', ')}`);
    else if (this.seen.size < mostKept) this.seen.add(together);
  }

  private seeKey({ name, keyedTo }: FeatureColumn, value: string, row: number): void {
    const where = { row: row + 1, column: name };
    if (value === '') this.tally.note('key-missing', where, `row ${row + 1}, column ${name}`);
    else if (keyedTo === 'well' && wellName(value) === undefined)
      this.tally.note('well-name-invalid', where, `row ${row + 1}: "${value}"`);
  }
}

/** Holds keys to what is there. One finding a column, with the names that are missing. */
export function unknownKeys(keys: readonly KeyValues[], known: KnownKeys, file: string): Issue[] {
  return keys.flatMap(({ table, column, keyedTo, values }) => {
    const missing = values.filter((value) => isUnknown(keyedTo, value, known));
    if (missing.length === 0) return [];
    const shown = missing.slice(0, 5).map((value) => `"${value.slice(0, 80)}"`);
    const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
    const message = `table "${table}": ${missing.length} of ${values.length} values of "${column}" name no ${keyedTo} that is there (${shown.join(', ')}${more})`;
    return [featureIssue('key-unknown', message, { where: { file, column } })];
  });
}

function isUnknown(key: FeatureKey, value: string, { images, objects, wells, plates }: KnownKeys): boolean {
  // A number counts images in a program's own order, which no file name tells.
  if (key === 'image' && images) return !/^\d+$/.test(value) && !images.has(imageKey(value));
  if (key === 'plate' && plates) return !/^\d{1,3}$/.test(value) && !plates.has(imageKey(value));
  if (key === 'object' && objects) return !objects.has(value);
  if (key === 'well' && wells) return !wells.has(wellName(value) ?? value);
  return false;
}

/** A name of an image for comparing: without folders, in lower case, without the usual endings. */
export function imageKey(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  return base.replace(
    /(\.ome)?\.(tiff?|zarr|ozx|png|jpe?g|gif|czi|lif|nd2|oib|oif|dv|lsm|stk|mrc|ims|avi|mp4|zip)$/,
    '',
  );
}

/** Words of the counted findings. */
export const keyWords: Partial<Record<FeatureIssueCode, (count: number) => string>> = {
  'key-missing': (n) => `${n} ${n === 1 ? 'row does' : 'rows do'} not say what they are about`,
  'key-repeated': (n) => `${n} ${n === 1 ? 'row repeats' : 'rows repeat'} the keys of another`,
  'well-name-invalid': (n) => `${n} ${n === 1 ? 'cell is' : 'cells are'} no name of a well`,
};

/** Findings with the name of their table in front. */
export function inTable(issue: Issue, table: string): Issue {
  return { ...issue, message: `table "${table}": ${issue.message}` };
}
