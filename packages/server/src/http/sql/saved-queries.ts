import { randomInt } from 'node:crypto';
import type { Database } from '../../database/connect.ts';

/** A version of a study. */
export interface UsedVersion {
  accession: string;
  version: number;
}

/** A query that is kept. */
export interface SavedQuery {
  id: string;
  title: string;
  statement: string;
  /** The page it was made on, with its state. */
  page: string;
  /** Every version it was asked of. */
  versions: UsedVersion[];
  /** Those that stand in its result; all where it names none. */
  cited: UsedVersion[];
  rows: number;
  madeBy: string | null;
  /** ISO 8601. */
  madeAt: string;
}

/** Letters and digits that are not taken for one another. */
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Keeps a query for good. */
export async function keepQuery(db: Database, query: Omit<SavedQuery, 'id' | 'madeAt'>): Promise<SavedQuery> {
  const id = `Q-${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')}`;
  const { title, statement, page, versions, cited, rows, madeBy } = query;
  const { made_at } = await db
    .insertInto('saved_query')
    .values({
      id,
      title,
      statement,
      page,
      versions: JSON.stringify(versions),
      cited: JSON.stringify(cited),
      rows,
      made_by: madeBy,
    })
    .returning('made_at')
    .executeTakeFirstOrThrow();
  return { ...query, id, madeAt: made_at.toISOString() };
}

/** A kept query, by its id. */
export async function findQuery(db: Database, id: string): Promise<SavedQuery | undefined> {
  const row = await db.selectFrom('saved_query').selectAll().where('id', '=', id.toUpperCase()).executeTakeFirst();
  if (!row) return undefined;
  const { title, statement, page, versions, cited, rows, made_by, made_at } = row;
  return { id: row.id, title, statement, page, versions, cited, rows, madeBy: made_by, madeAt: made_at.toISOString() };
}

/** Studies that stand in a result, where it has a column of accessions or data sets; `undefined` where it has none. */
export function studiesNamed(
  columns: readonly { name: string }[],
  rows: readonly (readonly unknown[])[],
): Set<string> | undefined {
  const at = columns.findIndex(({ name }) => name === 'accession' || name === 'dataset');
  if (at < 0) return undefined;
  const found = new Set<string>();
  for (const row of rows) {
    const accession = /^[A-Z]+-\d+/.exec(String(row[at] ?? ''))?.[0];
    if (accession !== undefined) found.add(accession);
  }
  return found;
}
