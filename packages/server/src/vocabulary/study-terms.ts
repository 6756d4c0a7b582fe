import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { allStudies } from '../search/study-rows.ts';
import { foldName, singularAndPlural } from './name-folding.ts';

/** A term that a study is described with, and the field it stands in. */
export interface StudyTerm {
  id?: string;
  label: string;
  field?: string;
}

/** Terms of a study, with what is above them: what a search for a wider term finds it by. Runs in the caller's transaction. */
export async function enterStudyTerms(db: Database, accession: string, terms: readonly StudyTerm[]): Promise<void> {
  await writeStudyTerms(db, [{ accession, terms }]);
}

async function writeStudyTerms(
  db: Database,
  studies: readonly { accession: string; terms: readonly StudyTerm[] }[],
): Promise<void> {
  const said = studies.flatMap(({ accession, terms }) =>
    terms.map(({ id, label, field = '' }) => ({
      accession,
      field,
      id: id ?? null,
      name: id === undefined ? foldName(label) : null,
    })),
  );
  await sql`delete from study_term where accession = any(${studies.map(({ accession }) => accession)}::text[])`.execute(
    db,
  );
  if (said.length === 0) return;
  await sql`
    insert into study_term (accession, field, term_id)
    select s.accession, s.field, coalesce(s.id, n.term_id)
    from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as s(accession text, field text, id text, name text)
    left join vocabulary_name n on s.id is null and n.folded = s.name collate "C"
    where coalesce(s.id, n.term_id) <> ''
    on conflict do nothing`.execute(db);
  await noteAbove(
    db,
    sql`select distinct term_id from study_term
    where accession = any(${studies.map(({ accession }) => accession)}::text[])`,
  );
}

/** Notes what is above terms, where that is not noted yet: each is above itself too. */
async function noteAbove(db: Database, terms: ReturnType<typeof sql>): Promise<void> {
  await sql`
    insert into term_above (term_id, above)
    with recursive fresh(id) as materialized (
      select term_id from (${terms}) as used where not exists (select 1 from term_above a where a.term_id = used.term_id)
    ), up(root, id) as (
      select id, id from fresh
      union
      select up.root, parent collate "C" from up join vocabulary_term t on t.id = up.id cross join unnest(t.parents) as parent
    )
    select root, id from up where id <> '' on conflict do nothing`.execute(db);
}

/** Studies worked out at a time. */
const studiesAtOnce = 500;

/** Works the terms of all studies out anew, after vocabularies have come or gone. @returns how many studies there are */
export async function refreshStudyTerms(db: Database): Promise<number> {
  let done = 0;
  for (let after = ''; ; ) {
    const { rows } = await sql<{ accession: string; terms: StudyTerm[] | null }>`
      select accession, document -> 'terms' as terms from search_document
      where accession > ${after} order by accession limit ${studiesAtOnce}`.execute(db);
    if (rows.length === 0) break;
    await db.transaction().execute((tx) =>
      writeStudyTerms(
        tx,
        rows.map(({ accession, terms }) => ({ accession, terms: terms ?? [] })),
      ),
    );
    done += rows.length;
    after = rows.at(-1)!.accession;
  }
  // In one transaction: searches know the terms above as they were, or as they are.
  await db.transaction().execute(async (tx) => {
    await sql`delete from term_above`.execute(tx);
    await noteAbove(tx, sql`select distinct term_id from study_term`);
    await sql`insert into search_change (accession) values (${allStudies})`.execute(tx);
  });
  return done;
}

/** Studies that are described with a term or one below it. */
export async function countStudiesOf(db: Database, id: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct accession)::bigint as n from study_term join term_above using (term_id) where above = ${id}`.execute(
    db,
  );
  return rows[0]!.n;
}

/** The taxonomy calls what all organisms are below *root*: who looks for roots means others. */
const allOrganisms = 'NCBITaxon:1';
/** Longest name looked for in the words of a search. */
const longestName = 5;

/**
 * Terms that the words of a search name: for each run of one to five words the ids of the terms it is a name of, in
 * singular or plural. @returns for each typed word the ids of the runs that it is part of
 */
export async function termsOfWords(db: Database, words: readonly string[]): Promise<string[][]> {
  if (words.length === 0) return [];
  const runs: { text: string; from: number; to: number }[] = [];
  for (let from = 0; from < words.length; from++)
    for (let to = from + 1; to <= Math.min(words.length, from + longestName); to++)
      for (const text of singularAndPlural(foldName(words.slice(from, to).join(' ')))) runs.push({ text, from, to });
  const { rows } = await sql<{ folded: string; term_id: string }>`
    select distinct folded, term_id from vocabulary_name
    where folded = any(${[...new Set(runs.map(({ text }) => text))]}::text[])
      and not obsolete and term_id <> ${allOrganisms}`.execute(db);
  const idsOf = new Map<string, string[]>();
  for (const { folded, term_id } of rows) idsOf.set(folded, [...(idsOf.get(folded) ?? []), term_id]);
  return words.map((_, at) => [
    ...new Set(runs.flatMap(({ text, from, to }) => (from <= at && at < to ? (idsOf.get(text) ?? []) : []))),
  ]);
}

/**
 * Words of a text that only stand in the name of another organism: the *mouse* of a study on *mouse-ear cress*. They are
 * taken out of what the words of a search are looked for in; by its whole name the study is found through its term.
 * @returns what takes them out of a text
 */
export async function misleadingNames(db: Database, terms: readonly StudyTerm[]): Promise<(text: string) => string> {
  const ids = terms.flatMap(({ id }) => id ?? []);
  const labels = terms.flatMap(({ id, label }) => (id === undefined ? [foldName(label)] : []));
  const { rows } = await sql<{ folded: string; word: string }>`
    with recursive own as (
      select unnest(${ids}::text[]) collate "C" as id
      union select term_id from vocabulary_name where folded = any(${labels}::text[])
    ), up(id) as (
      select id from own
      union
      select parent collate "C" from up join vocabulary_term t on t.id = up.id cross join unnest(t.parents) as parent
    ), named as (
      select distinct n.folded from own join vocabulary_term t on t.id = own.id
      join vocabulary_name n on n.vocabulary = t.vocabulary and n.prefix = 'NCBITaxon' and n.term_id = t.id
      where t.id like 'NCBITaxon:%' and position(' ' in n.folded) > 0
    )
    select distinct named.folded, word from named cross join unnest(string_to_array(named.folded, ' ')) as word
    join vocabulary_name other on other.folded = word collate "C" and other.prefix = 'NCBITaxon'
    where other.term_id not in (select id from up)`.execute(db);
  const misleading = rows.map(({ folded, word }) => {
    const parts = folded.split(' ').map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return { word, name: new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[-_ /]')}`, 'giu') };
  });
  return (text) =>
    misleading.reduce(
      (shown, { word, name }) =>
        shown.replace(name, (said) =>
          said
            .split(/[-_ /]/)
            .filter((one) => foldName(one) !== word)
            .join(' '),
        ),
      text,
    );
}
