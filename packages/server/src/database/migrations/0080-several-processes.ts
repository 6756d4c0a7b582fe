import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What processes of one installation share: tries that are counted (sign-in), and what they must agree on. */
const statements = [
  // Unlogged: a crash of the database forgets who tried, and nothing else.
  `create unlogged table counted_try (
    key text not null,
    at timestamptz not null
  )`,
  `create index counted_try_key on counted_try (key, at)`,
  `create index counted_try_at on counted_try (at)`,
  `create table installation_fact (
    name text primary key,
    value text not null
  )`,
];

export const severalProcessesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
