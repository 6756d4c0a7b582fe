import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What is said of single images (and of what lies in and around them), found by words and by wider terms; further facets of studies. */
const statements = [
  `alter table search_document add column more jsonb not null default '{}'`,
  `create table image_document (
    accession text not null references search_document (accession) on delete cascade,
    version integer not null,
    item text collate "C" not null,
    image integer not null,
    document jsonb not null,
    haystack text not null,
    terms text[] not null,
    primary key (accession, item, image)
  )`,
  `create index image_document_terms on image_document using gin (terms)`,
  `create index image_document_text on image_document using gin (haystack gin_trgm_ops)`,
  `create table image_document_state (
    accession text primary key references search_document (accession) on delete cascade,
    version integer not null
  )`,
];

/** Images with their annotations. */
export const annotationsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
