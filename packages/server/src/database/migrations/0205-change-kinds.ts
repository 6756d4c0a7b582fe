import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What kind of change a draft is, and whether results of earlier versions still hold; of published versions their documents say it. */
const statements = [
  `alter table draft add column change_kinds jsonb`,
  `alter table draft add column earlier_results text
    check (earlier_results in ('hold', 'some-do-not', 'do-not-hold'))`,
];

/** Kinds of change beside the note of a version. */
export const changeKindsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
