import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Words of studies in a table of their own, whose rows hold little else beside where the words lie: the studies of a frequent
 * word are read from a few megabytes, where the rows of the search, with all that is shown of a study, are hundreds.
 */
const statements = [
  `create table study_words (
    accession text primary key references search_document on delete cascade,
    words tsvector not null
  ) with (toast_tuple_target = 128)`,
  'alter table study_words alter column words set storage external',
  'insert into study_words select accession, words from search_document order by accession',
  'create index study_words_words on study_words using gin (words)',
  `create function enter_study_words() returns trigger language plpgsql as $$
  begin
    insert into study_words (accession, words) values (new.accession, new.words)
    on conflict (accession) do update set words = excluded.words;
    return null;
  end $$`,
  `create trigger search_document_written after insert on search_document
    for each row execute function enter_study_words()`,
  `create trigger search_document_rewritten after update of words on search_document
    for each row when (old.words is distinct from new.words) execute function enter_study_words()`,
  `create or replace function studies_with_words(wanted tsquery) returns text language sql stable
    set enable_seqscan = off as $$
    select string_agg(accession, ' ') from study_words where words @@ wanted
  $$`,
  // Nothing looks words up here any more, not even a process of the version before: it asks the function.
  'drop index search_words',
] as const;

/** Words of studies, apart. */
export const studyWordsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
