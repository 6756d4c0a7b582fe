import { foldedPath, mostFoldedBytes } from '@micrarium/repository';
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table draft_file add column folded text collate "C"`,
  `create index draft_file_folded on draft_file (draft_id, folded)`,
  `create index draft_file_unfolded on draft_file (draft_id) where folded is null`,
  `create index draft_file_on_its_way on draft_file (draft_id) where state in ('expected', 'sending', 'sent')`,
  `create index draft_item_unread on draft_item (draft_id) where state in ('waiting', 'running')`,
];

/** Rows that are read at once. */
const page = 1000;

/** What would not fit into the index, which no path does that is announced now, is cut. */
function foldedForIndex(path: string): string {
  const bytes = Buffer.from(foldedPath(path));
  return bytes.length <= mostFoldedBytes ? bytes.toString() : bytes.subarray(0, mostFoldedBytes - 3).toString();
}

async function foldAll(db: Kysely<never>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ draft_id: string; path: string }>`select draft_id, path from draft_file
      where folded is null limit ${page}`.execute(db);
    if (rows.length === 0) return;
    await sql`update draft_file set folded = t.folded
      from unnest(${rows.map((row) => row.draft_id)}::text[], ${rows.map((row) => row.path)}::text[],
        ${rows.map(({ path }) => foldedForIndex(path))}::text[]) as t (draft_id, path, folded)
      where draft_file.draft_id = t.draft_id and draft_file.path = t.path`.execute(db);
  }
}

/**
 * What drafts of very many files need: which paths lie around a new one, and whether anything is still to come or to be read, without
 * looking at every row.
 */
export const manyFilesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    await foldAll(db);
  },
};
