import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Vocabularies of a million terms: names are looked up in order within a vocabulary of the form, terms below another are
 * found, and nothing is checked row by row while one is taken in. What a study's term was said in stands with it.
 */
const statements = [
  `alter table vocabulary_name drop constraint if exists vocabulary_name_vocabulary_term_id_fkey`,
  `alter table vocabulary_term drop constraint if exists vocabulary_term_vocabulary_fkey`,
  // Only the checks above needed them.
  `drop index if exists vocabulary_name_term`,
  `drop index if exists vocabulary_name_folded`,
  `alter table vocabulary_name add column prefix text collate "C" not null default ''`,
  `alter table vocabulary_name add column obsolete boolean not null default false`,
  `alter table vocabulary_term add column is_root boolean not null default false`,
  `update vocabulary_name n set prefix = split_part(n.term_id, ':', 1), obsolete = t.obsolete
    from vocabulary_term t where t.vocabulary = n.vocabulary and t.id = n.term_id`,
  // The words of a name without what stands between them, where that is another text than the name.
  `alter table vocabulary_name add column words text`,
  `update vocabulary_name set words = coalesce(nullif(btrim(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g')), ''), '_')
    where folded ~ '[^[:alnum:] ]'`,
  `drop index if exists vocabulary_name_words`,
  // With the vocabulary among the words: a word that is in very many names costs nothing within a small vocabulary.
  `create index vocabulary_name_words on vocabulary_name
    using gin (array_to_tsvector(string_to_array(coalesce(words, folded) || ' #' || prefix, ' ')))`,
  `alter table vocabulary_term drop constraint vocabulary_term_pkey`,
  `alter table vocabulary_term add primary key (id, vocabulary)`,
  `drop index if exists vocabulary_term_id`,
  `create index vocabulary_name_folded on vocabulary_name (folded)`,
  `create index vocabulary_name_prefix on vocabulary_name (prefix, folded)`,
  `create index vocabulary_term_parents on vocabulary_term using gin (parents)`,
  `create index vocabulary_term_root on vocabulary_term (id) where is_root`,
  // Studies have the terms they say; what is above a term is kept once for all studies, and filled at the next start.
  `delete from study_term`,
  `create table term_above (
    term_id text collate "C" not null,
    above text collate "C" not null,
    primary key (above, term_id)
  )`,
  `create index term_above_term on term_above (term_id)`,
  `alter table study_term add column field text collate "C" not null default ''`,
  `alter table study_term drop constraint study_term_pkey`,
  `alter table study_term add primary key (accession, field, term_id)`,
  `drop index study_term_term`,
  `create index study_term_term on study_term (term_id, field, accession)`,
  // What changed of the searchable studies, for servers that keep filters and orders in memory (search/study-rows.ts).
  `create table search_change (
    id bigint generated always as identity primary key,
    accession text not null,
    txid xid8 not null default pg_current_xact_id()
  )`,
  `create index search_change_txid on search_change (txid)`,
  `create function note_search_change() returns trigger language plpgsql as $$
    begin
      insert into search_change (accession) values (coalesce(new.accession, old.accession));
      return null;
    end $$`,
  `create trigger search_document_changed after insert or update or delete on search_document
    for each row execute function note_search_change()`,
  // Rows stay narrow: what is wide is fetched only of the studies that are shown.
  `alter table search_document set (toast_tuple_target = 256)`,
] as const;

/** Names by vocabulary, terms by what they are below, terms of studies by field. */
export const vocabularySearchMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
