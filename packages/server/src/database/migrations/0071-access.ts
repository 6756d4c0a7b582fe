import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Studies whose files are given on request: what is declared of people in them, who decides, requests, grants. */
const statements = [
  `alter table study_state drop constraint study_state_state_check`,
  `alter table study_state add constraint study_state_state_check
    check (state in ('published', 'embargoed', 'controlled', 'withdrawn'))`,
  `alter table study_state add column declaration jsonb`,
  `create table draft_access (
    draft_id text collate "C" primary key references draft on delete cascade,
    declaration jsonb not null
  )`,
  `create table access_committee (
    accession text not null references study on delete cascade,
    user_id text not null references auth_user on delete cascade,
    primary key (accession, user_id)
  )`,
  `create table access_request (
    id text primary key,
    accession text not null references study on delete cascade,
    user_id text not null references auth_user on delete cascade,
    kind text not null check (kind in ('request', 'emergency')),
    state text not null check (state in ('asked', 'granted', 'refused', 'ended')),
    purpose text not null,
    institution text not null default '',
    terms text not null default '',
    reason text not null default '',
    asked_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    until timestamptz
  )`,
  `create index access_request_of on access_request (accession, user_id)`,
  `alter table draft_review add column first_approval text`,
];

/** Controlled access. */
export const accessMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
