import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Vocabularies with their terms and every name these go by, which terms each study has with all their ancestors, further
 * facets, descriptions that people keep for other studies, and what was changed in the fields of drafts.
 */
const statements = [
  `create table vocabulary (
    name text primary key,
    release text,
    source text not null,
    term_count bigint not null,
    loaded_at timestamptz not null default now()
  )`,
  `create table vocabulary_term (
    vocabulary text not null references vocabulary on delete cascade,
    id text collate "C" not null,
    label text not null,
    synonyms text[] not null,
    parents text[] not null,
    obsolete boolean not null,
    replaced_by text,
    primary key (vocabulary, id)
  )`,
  `create index vocabulary_term_id on vocabulary_term (id)`,
  `create table vocabulary_name (
    vocabulary text not null,
    term_id text collate "C" not null,
    folded text collate "C" not null,
    is_label boolean not null,
    foreign key (vocabulary, term_id) references vocabulary_term (vocabulary, id) on delete cascade
  )`,
  `create index vocabulary_name_term on vocabulary_name (vocabulary, term_id)`,
  `create index vocabulary_name_folded on vocabulary_name (folded text_pattern_ops)`,
  `create index vocabulary_name_words on vocabulary_name using gin (to_tsvector('simple', folded))`,
  `create table study_term (
    accession text not null references search_document (accession) on delete cascade,
    term_id text collate "C" not null,
    primary key (accession, term_id)
  )`,
  `create index study_term_term on study_term (term_id, accession)`,
  `alter table search_document add column cell_types text[] not null default '{}'`,
  `alter table search_document add column genes text[] not null default '{}'`,
  `alter table search_document add column conditions text[] not null default '{}'`,
  `alter table search_document add column tier text not null default 'archive'`,
  `create table kept_description (
    id text primary key,
    owner_id text not null,
    kind text not null check (kind in ('microscope', 'protocol', 'sample', 'study')),
    name text not null,
    content jsonb not null,
    updated_at timestamptz not null default now()
  )`,
  `create index kept_description_owner on kept_description (owner_id, kind, name)`,
  `create table field_change (
    id bigint generated always as identity primary key,
    draft_id text not null references draft on delete cascade,
    key text not null,
    value jsonb,
    origin jsonb,
    changed_by text not null,
    changed_at timestamptz not null default now()
  )`,
  `create index field_change_draft on field_change (draft_id, key, id)`,
] as const;

/** Tables of vocabularies, of kept descriptions and of changed fields. */
export const vocabularyMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
