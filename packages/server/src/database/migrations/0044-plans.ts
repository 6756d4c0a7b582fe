import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Data management plans with the studies deposited for them and what stewards reserved, and where studies were sent on to. */
const statements = [
  `create table plan (
    id text primary key,
    owner_id text not null,
    title text not null,
    document jsonb not null,
    reserved_bytes bigint check (reserved_bytes >= 0),
    release_on date,
    reservation_note text not null default '',
    reserved_by text,
    reserved_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index plan_owner on plan (owner_id, created_at)`,
  `create table plan_study (
    plan_id text not null references plan on delete cascade,
    accession text not null references study on delete cascade,
    dataset integer,
    primary key (plan_id, accession)
  )`,
  `create index plan_study_accession on plan_study (accession)`,
  `create table sent_on (
    accession text not null references study on delete cascade,
    archive text not null,
    their_accession text not null,
    recorded_by text not null,
    recorded_at timestamptz not null default now(),
    primary key (accession, archive)
  )`,
];

/** Plans, and relations to other archives. */
export const plansMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
