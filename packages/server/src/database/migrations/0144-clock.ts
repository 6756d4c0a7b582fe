import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The last moment that a process of this installation saw on its clock: embargoes do not end by a clock that jumps. */
const statements = [
  `create table clock_mark (
    id boolean primary key default true check (id),
    seen timestamptz not null
  )`,
];

/** Last moment seen. */
export const clockMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
