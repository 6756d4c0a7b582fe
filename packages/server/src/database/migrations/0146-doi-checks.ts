import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** When a DOI was last compared with what the registrar holds, and what differed then. */
const statements = ['doi', 'doi_part'].map(
  (table) => `alter table ${table} add column checked_at timestamptz, add column differences jsonb`,
);

/** Comparisons of DOIs with the registrar. */
export const doiChecksMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
