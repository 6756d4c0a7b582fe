import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Studies that are not simply public: closed until a day, or withdrawn. A study without a row is published. */
const statements = [
  `create table study_state (
    accession text primary key references study on delete cascade,
    state text not null check (state in ('published', 'embargoed', 'withdrawn')),
    until date,
    reason text not null default '',
    replaced_by text,
    actor text not null,
    at timestamptz(3) not null default now(),
    summary jsonb,
    archived boolean not null default false
  )`,
  `create index study_state_withdrawn on study_state (at, accession) where state = 'withdrawn'`,
  `create table draft_release (
    draft_id text collate "C" primary key references draft on delete cascade,
    embargo_until date not null
  )`,
];

/** States of studies. */
export const studyStatesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
