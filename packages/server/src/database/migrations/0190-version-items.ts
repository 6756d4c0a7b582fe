import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table study_version add column plain_items integer not null default 0`,
  `create table version_item (
    accession text not null,
    version integer not null,
    position integer not null,
    item_id text not null,
    is_plain boolean not null,
    item jsonb not null,
    primary key (accession, version, item_id),
    foreign key (accession, version) references study_version on delete cascade
  )`,
  `create index version_item_place on version_item (accession, version, position)`,
];

/**
 * Items of versions that have very many, a row each, so that whoever asks for a version does not read them all: its document holds those
 * that are not plain, and `plain_items` counts the others. Versions that a process of the version before enters have all in the document.
 */
export const versionItemsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
