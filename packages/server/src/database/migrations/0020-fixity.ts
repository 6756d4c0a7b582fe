import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What checks of the stored bytes found, by unit: the object of a study in the archive, or a staged blob. */
const statements = [
  `create table fixity_run (
    id bigint generated always as identity primary key,
    cause text not null check (cause in ('schedule', 'command', 'page')),
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    due_before timestamptz not null,
    units bigint not null default 0,
    checked bigint not null default 0,
    bytes bigint not null default 0,
    damaged bigint not null default 0,
    repaired bigint not null default 0
  )`,
  `create table fixity_unit (
    unit text collate "C" primary key,
    kind text not null check (kind in ('study', 'blob')),
    accession text,
    checked_at timestamptz not null,
    files bigint not null,
    bytes bigint not null,
    state text not null check (state in ('whole', 'repaired', 'damaged'))
  )`,
  `create index fixity_unit_age on fixity_unit (checked_at)`,
  `create index fixity_unit_study on fixity_unit (accession) where accession is not null`,
  `create table fixity_finding (
    id bigint generated always as identity primary key,
    run_id bigint not null references fixity_run on delete cascade,
    unit text collate "C" not null,
    accession text,
    path text not null,
    code text not null,
    message text not null,
    found_at timestamptz not null default now(),
    mended_at timestamptz
  )`,
  `create index fixity_finding_open on fixity_finding (unit) where mended_at is null`,
];

/** Checks of the stored bytes. */
export const fixityMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
