import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Studies of which no part is open, whatever their depositor declared: a curator closed them. All that were closed before are. */
const statements = [
  `alter table study_state add column is_whole boolean not null default false`,
  `update study_state set is_whole = true where state = 'controlled' and reason <> ''`,
];

/** Parts of studies that are open although the files are given on request. */
export const openPartsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
