import type { FeatureColumn, FeatureKey, Issue } from '@micrarium/model';
import { type IssueTally } from '../delimited/issues.ts';
import { type FeatureIssueCode } from './feature-issues.ts';
import { wellName } from './key-columns.ts';

/** What keys may name, as far as it is known; what is left out is not checked. */
export interface KnownKeys {
  /** Names of images: file names with or without ending, names within the files. */
  images?: ReadonlySet<string>;
  /** Ids and labels of objects. */
  objects?: ReadonlySet<string>;
  /** Wells that were imaged, as `wellName` writes them. */
  wells?: ReadonlySet<string>;
}

/** Values and combinations that are kept to find repeated ones. */
const mostKept = 1_000_000;

/** Checks the keys of a table's rows as they go by. */
export class KeyCheck {
  private readonly keys: { column: FeatureColumn; at: number }[];
  private readonly known: KnownKeys;
  private readonly tally: IssueTally<FeatureIssueCode>;
  private readonly seen = new Set<string>();

  constructor(columns: readonly FeatureColumn[], known: KnownKeys, tally: IssueTally<FeatureIssueCode>) {
    this.keys = columns.flatMap((column, at) => (column.keyedTo ? [{ column, at }] : []));
    this.known = known;
    this.tally = tally;
  }

  /** Has the table columns that say what a row is about? */
  get hasKeys(): boolean {
    return this.keys.length > 0;
  }

  /** Looks at one row. `row` is zero-based. */
  see(cells: readonly string[], row: number): void {
    if (this.keys.length === 0) return;
    const values = this.keys.map(({ at }) => (cells[at] ?? '').trim());
    for (const [i, { column }] of this.keys.entries()) this.seeKey(column, values[i]!, row);
    const together = values.join('\u001f');
    if (values.includes('')) return;
    if (this.seen.has(together))
      this.tally.note('key-repeated', { row: row + 1 }, `row ${row + 1}: ${values.join(', ')}`);
    else if (this.seen.size < mostKept) this.seen.add(together);
  }

  private seeKey({ name, keyedTo }: FeatureColumn, value: string, row: number): void {
    const where = { row: row + 1, column: name };
    if (value === '') {
      this.tally.note('key-missing', where, `row ${row + 1}, column ${name}`);
      return;
    }
    if (keyedTo === 'well' && wellName(value) === undefined)
      this.tally.note('well-name-invalid', where, `row ${row + 1}: "${value}"`);
    else if (this.isUnknown(keyedTo!, value))
      this.tally.note('key-unknown', where, `row ${row + 1}: ${keyedTo} "${value}"`);
  }

  private isUnknown(key: FeatureKey, value: string): boolean {
    const { images, objects, wells } = this.known;
    // A number counts images in a program's own order, which no file name tells.
    if (key === 'image' && images) return !/^\d+$/.test(value) && !images.has(imageKey(value));
    if (key === 'object' && objects) return !objects.has(value);
    if (key === 'well' && wells) return !wells.has(wellName(value) ?? value);
    return false;
  }
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
  'key-unknown': (n) => `${n} ${n === 1 ? 'row names' : 'rows name'} what is not there`,
  'well-name-invalid': (n) => `${n} ${n === 1 ? 'cell is' : 'cells are'} no name of a well`,
};

/** Findings with the name of their table in front. */
export function inTable(issue: Issue, table: string): Issue {
  return { ...issue, message: `table "${table}": ${issue.message}` };
}
