import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Queries that are cited: the statement, and the versions it was asked of. They never change. */
const statements = [
  `create table saved_query (
    id text primary key,
    title text not null,
    statement text not null,
    page text not null,
    versions jsonb not null,
    cited jsonb not null,
    rows integer not null,
    made_by text references auth_user (id) on delete set null,
    made_at timestamptz not null default now()
  )`,
  `create index saved_query_by on saved_query (made_by)`,
];

/** Saved queries. */
export const savedQueriesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
