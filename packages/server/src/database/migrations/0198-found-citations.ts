import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a work is to the data (the paper they were published with, or one that used them), and which file of citations it was found in. */
const statements = [
  `alter table study_reuse add column use_kind text not null default 'reuse' check (use_kind in ('primary', 'reuse'))`,
  `alter table study_reuse add column found_in text not null default ''`,
  `alter table study_reuse add column found_on text`,
];

/** Citations found by others. */
export const foundCitationsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
