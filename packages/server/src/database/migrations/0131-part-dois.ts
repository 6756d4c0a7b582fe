import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * DOIs of the versions of a study, and of its data sets: beside the one of the study, which stays as it is and leads to the newest version.
 * In a table of their own, so that a server of the release before, which knows one DOI a study, goes on while this one is put in its place.
 */
const statements = [
  `create table doi_part (
    accession text not null references doi on delete cascade,
    version integer not null default 0,
    dataset text not null default '',
    doi text not null unique,
    state text not null default 'asked' check (state in ('asked', 'draft', 'findable')),
    told_version integer,
    tries integer not null default 0,
    next_at timestamptz not null default to_timestamp(0),
    fault text,
    archived boolean not null default false,
    told_withdrawn boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (accession, version, dataset),
    check ((version > 0) <> (dataset <> ''))
  )`,
  `create index doi_part_due on doi_part (next_at)`,
  `alter table doi add column told_withdrawn boolean not null default false`,
  // The records that the registrar has do not name their versions yet.
  `update doi set links_changed = links_changed + 1`,
];

/** DOIs of versions and data sets. */
export const partDoisMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
