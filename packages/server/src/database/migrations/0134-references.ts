import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const columns = `
    path text collate "C" not null,
    url text not null,
    size bigint not null check (size >= 0),
    sha256 text not null,
    sha512 text,
    md5 text,
    media_type text not null,
    key text collate "C" not null`;

/** Files that stay where they are: of drafts, of versions, and what was found when they were last asked for. */
const statements = [
  `create table draft_reference (
    draft_id text collate "C" not null references draft on delete cascade,${columns},
    primary key (draft_id, path)
  )`,
  `create table version_reference (
    accession text not null,
    version integer not null,${columns},
    primary key (accession, version, path),
    foreign key (accession, version) references study_version on delete cascade
  )`,
  `create index version_reference_key on version_reference (key)`,
  `create table reference_check (
    key text collate "C" primary key,
    state text not null check (state in ('there', 'missing', 'changed', 'unreachable')),
    note text not null default '',
    looked_at timestamptz not null,
    read_at timestamptz,
    is_same boolean,
    read_bytes bigint not null default 0
  )`,
  `alter table study_version add column reference_count integer not null default 0`,
  `alter table study_version add column referenced_bytes bigint not null default 0`,
];

/** Files that stay where they are. */
export const referencesMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
