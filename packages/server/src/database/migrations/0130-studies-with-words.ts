import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Studies that have a word, always by the index: the planner takes reading all rows for cheaper where a word is in very many
 * studies, and unpacking the words of 100,000 studies takes seconds.
 */
const statements = [
  `create function studies_with_words(wanted tsquery) returns text language sql stable set enable_seqscan = off as $$
    select string_agg(accession, ' ') from search_document where words @@ wanted
  $$`,
] as const;

/** A function of the search. */
export const studiesWithWordsMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
