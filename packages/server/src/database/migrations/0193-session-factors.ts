import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a session was begun with besides a password; null: nothing, and so for all that began before this was kept. */
const statements = [`alter table auth_session add column factor text`];

/** Second factors of sessions. */
export const sessionFactorsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
