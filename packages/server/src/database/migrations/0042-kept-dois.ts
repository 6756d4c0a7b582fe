import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Whether the archive holds the DOI of a study, and when what harvesters know of a study last changed: a reinstated study did so after it was published. */
const statements = [
  `alter table doi add column archived boolean not null default false`,
  `alter table search_document add column changed_at timestamptz`,
  `update search_document set changed_at = date_trunc('milliseconds', greatest(published_at,
    (select at from study_state where study_state.accession = search_document.accession and state = 'published')))`,
  `alter table search_document alter column changed_at set not null`,
  `create index search_changed on search_document (changed_at, accession)`,
];

/** DOIs kept in the archive; the last change of studies. */
export const keptDoisMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
