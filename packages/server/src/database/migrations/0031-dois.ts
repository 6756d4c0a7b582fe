import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** DOIs of studies: what the registrar was last seen to have, and when it is asked again. What it should have follows from the catalogue. */
const statements = [
  `create table doi (
    accession text primary key references study on delete cascade,
    doi text not null unique,
    state text not null default 'asked' check (state in ('asked', 'draft', 'findable')),
    told_version integer,
    tries integer not null default 0,
    next_at timestamptz not null default now(),
    fault text,
    created_at timestamptz not null default now()
  )`,
  `create index doi_due on doi (next_at)`,
];

/** DOIs. */
export const doisMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
