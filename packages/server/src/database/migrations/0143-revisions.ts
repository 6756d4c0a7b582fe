import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Revisions of the metadata of a version: `minor` of a draft is the number it will have, and `study_revision` keeps every revision with the
 * version as it was first published (0), from the first revision on. What `study_version` holds is the newest of them.
 */
const statements = [
  `alter table draft add column minor integer check (minor >= 1)`,
  `create table study_revision (
    accession text not null,
    version integer not null,
    minor integer not null check (minor >= 0),
    document jsonb not null,
    at timestamptz not null,
    note text,
    primary key (accession, version, minor),
    foreign key (accession, version) references study_version on delete cascade
  )`,
  `alter table kept_note drop constraint if exists kept_note_kind_check`,
  `alter table kept_note add constraint kept_note_kind_check
    check (kind in ('readers', 'collection', 'community', 'revisions'))`,
];

/** Revisions of metadata. */
export const revisionsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
