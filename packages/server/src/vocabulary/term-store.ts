import { type OntologyTerm, shippedTerms } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { foldText, likePattern, searchTerms } from '../search/words.ts';

/** A vocabulary that is installed. */
export interface InstalledVocabulary {
  name: string;
  release: string | null;
  source: string;
  terms: number;
  loadedAt: string;
}

/** A term as search and the form show it. */
export interface FoundTerm {
  id: string;
  label: string;
  synonyms: string[];
  vocabulary: string;
  /** Names of direct parents, as far as they are known. */
  parents: string[];
  obsolete: boolean;
  replacedBy: string | null;
}

/** Rows of one statement: PostgreSQL takes 65,535 parameters, arrays count as one. */
const rowsAtOnce = 10_000;

/** Name of the shipped terms among the vocabularies. */
export const shippedName = 'shipped';
/** Raised when the shipped terms change, so that an installation takes them in again. */
const shippedRelease = '1';

/** Writes a vocabulary, in place of an older one of the same name; in one transaction, searches see either. */
export async function putVocabulary(
  db: Database,
  about: { name: string; release?: string; source: string },
  terms: readonly OntologyTerm[],
): Promise<number> {
  const byId = new Map(terms.map((term) => [term.id, term]));
  await db.transaction().execute(async (tx) => {
    await sql`delete from vocabulary where name = ${about.name}`.execute(tx);
    await sql`insert into vocabulary (name, release, source, term_count)
      values (${about.name}, ${about.release ?? null}, ${about.source}, ${byId.size})`.execute(tx);
    const all = [...byId.values()];
    for (let at = 0; at < all.length; at += rowsAtOnce) {
      const piece = all.slice(at, at + rowsAtOnce);
      await sql`insert into vocabulary_term (vocabulary, id, label, synonyms, parents, obsolete, replaced_by)
        select ${about.name}, t.id, t.label,
          array(select jsonb_array_elements_text(t.synonyms)), array(select jsonb_array_elements_text(t.parents)),
          t.obsolete, t."replacedBy"
        from jsonb_to_recordset(${JSON.stringify(piece.map(row))}::jsonb)
          as t(id text, label text, synonyms jsonb, parents jsonb, obsolete boolean, "replacedBy" text)`.execute(tx);
      const names = piece.flatMap(namesOf);
      await sql`insert into vocabulary_name (vocabulary, term_id, folded, is_label)
        select ${about.name}, n.id, n.folded, n."isLabel"
        from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as n(id text, folded text, "isLabel" boolean)`.execute(
        tx,
      );
    }
  });
  await sql`analyze vocabulary_term, vocabulary_name`.execute(db);
  return byId.size;
}

const tidy = (text: string) => text.replaceAll('\0', '').slice(0, 1000);

function row({ id, label, synonyms, parents, isObsolete, replacedBy }: OntologyTerm) {
  return {
    id: tidy(id),
    label: tidy(label),
    synonyms: synonyms.map(tidy),
    parents: parents.map(tidy),
    obsolete: isObsolete,
    replacedBy: replacedBy ?? null,
  };
}

function namesOf({ id, label, synonyms }: OntologyTerm) {
  const names = new Map<string, boolean>();
  for (const synonym of synonyms) names.set(foldText(tidy(synonym)).slice(0, 500), false);
  names.set(foldText(tidy(label)).slice(0, 500), true);
  names.delete('');
  return [...names].map(([folded, isLabel]) => ({ id: tidy(id), folded, isLabel }));
}

/** Takes the shipped terms in, where they are not there or are of an older release. */
export async function ensureShipped(db: Database): Promise<void> {
  const { rows } = await sql<{ release: string }>`select release from vocabulary where name = ${shippedName}`.execute(
    db,
  );
  if (rows[0]?.release === shippedRelease) return;
  await putVocabulary(db, { name: shippedName, release: shippedRelease, source: 'Micrarium' }, shippedTerms());
  await refreshStudyTerms(db);
}

/** Takes a vocabulary away. @returns whether there was one */
export async function removeVocabulary(db: Database, name: string): Promise<boolean> {
  const { rows } = await sql`delete from vocabulary where name = ${name} returning name`.execute(db);
  return rows.length > 0;
}

/** The vocabularies that are installed, the shipped one first. */
export async function listVocabularies(db: Database): Promise<InstalledVocabulary[]> {
  const { rows } = await sql<{
    name: string;
    release: string | null;
    source: string;
    term_count: number;
    loaded_at: Date;
  }>`
    select name, release, source, term_count, loaded_at from vocabulary
    order by name <> ${shippedName}, name`.execute(db);
  return rows.map(({ name, release, source, term_count, loaded_at }) => ({
    name,
    release,
    source,
    terms: term_count,
    loadedAt: loaded_at.toISOString(),
  }));
}

/** Prefixes of ids that count as one vocabulary of the form. */
const prefixes: Readonly<Record<string, readonly string[]>> = { UBERON: ['UBERON', 'PO'], FBbi: ['FBbi'], CL: ['CL'] };

function inVocabulary(prefix: string | undefined) {
  if (prefix === undefined) return sql`true`;
  const wanted = (prefixes[prefix] ?? [prefix]).map((one) => likePattern(`${one}:`).slice(1));
  return sql`term_id like any(${wanted}::text[])`;
}

/**
 * Terms whose label or a synonym begins with the typed text, or holds words that begin with the typed words: whole names
 * first, then beginnings, then words; labels before synonyms, current terms before obsolete ones, short names first.
 */
export async function searchVocabulary(
  db: Database,
  asked: { text: string; prefix?: string; limit: number },
): Promise<FoundTerm[]> {
  const folded = foldText(asked.text).slice(0, 200);
  const words = searchTerms(folded).map((word) => word.replace(/[^\p{L}\p{N}]+/gu, ''));
  if (folded === '') return [];
  const query = words
    .filter((word) => word !== '')
    .map((word) => `${word}:*`)
    .join(' & ');
  const begins = likePattern(folded).slice(1);
  const isId = /^[a-z-]+:\w+$/i.test(asked.text.trim());
  const { rows } = await sql<{ vocabulary: string; term_id: string }>`
    with found as (
      (select vocabulary, term_id, case when folded = ${folded} then 0 else 1 end as rank, is_label, length(folded) as size
        from vocabulary_name where folded like ${begins} and ${inVocabulary(asked.prefix)} order by length(folded) limit 200)
      union all
      (select vocabulary, term_id, 2, is_label, length(folded) from vocabulary_name
        where ${query === '' ? sql`false` : sql`to_tsvector('simple', folded) @@ to_tsquery('simple', ${query})`}
          and ${inVocabulary(asked.prefix)} limit 200)
      union all
      (select vocabulary, id, 0, true, 0 from vocabulary_term
        where ${isId ? sql`id = ${asked.text.trim()}` : sql`false`} limit 5)
    )
    select vocabulary, term_id from (
      select distinct on (term_id) f.vocabulary, f.term_id, f.rank, f.is_label, f.size, t.obsolete
      from found f join vocabulary_term t on t.vocabulary = f.vocabulary and t.id = f.term_id
      order by term_id, rank, is_label desc, f.vocabulary = ${shippedName}
    ) as best
    order by obsolete, rank, is_label desc, size, term_id limit ${asked.limit}`.execute(db);
  return await termsAt(db, rows);
}

async function termsAt(db: Database, at: readonly { vocabulary: string; term_id: string }[]): Promise<FoundTerm[]> {
  if (at.length === 0) return [];
  const { rows } = await sql<{
    id: string;
    vocabulary: string;
    label: string;
    synonyms: string[];
    parent_labels: string[];
    obsolete: boolean;
    replaced_by: string | null;
  }>`select t.id, t.vocabulary, t.label, t.synonyms, t.obsolete, t.replaced_by,
      array(select distinct p.label from vocabulary_term p where p.id = any(t.parents)) as parent_labels
    from vocabulary_term t
    where (t.vocabulary, t.id) in (select * from unnest(${at.map((one) => one.vocabulary)}::text[], ${at.map((one) => one.term_id)}::text[]))`.execute(
    db,
  );
  const byKey = new Map(rows.map((one) => [`${one.vocabulary} ${one.id}`, one]));
  return at.flatMap(({ vocabulary, term_id }) => {
    const found = byKey.get(`${vocabulary} ${term_id}`);
    if (!found) return [];
    const { id, label, synonyms, parent_labels, obsolete, replaced_by } = found;
    return [{ id, label, synonyms, vocabulary, parents: parent_labels, obsolete, replacedBy: replaced_by }];
  });
}

/** For each text the term whose label or synonym it is, or whose id it gives; `null` where there is none. */
export async function matchTerms(
  db: Database,
  texts: readonly string[],
  prefix: string | undefined,
): Promise<({ id: string; label: string } | null)[]> {
  const folded = texts.map((text) => foldText(text).slice(0, 500));
  const ids = texts.map((text) => /([A-Za-z-]+)[:_](\d\w*)/.exec(text)?.slice(1).join(':') ?? '');
  const { rows } = await sql<{ name: string; id: string; label: string }>`
    select distinct on (name) name, id, label from (
      select n.folded as name, t.id, t.label, n.is_label, t.obsolete
      from vocabulary_name n join vocabulary_term t on t.vocabulary = n.vocabulary and t.id = n.term_id
      where n.folded = any(${folded}::text[]) and ${inVocabulary(prefix)}
      union all
      select t.id, t.id, t.label, true, t.obsolete from vocabulary_term t where t.id = any(${ids}::text[])
    ) as found order by name, obsolete, is_label desc, id`.execute(db);
  const byName = new Map(rows.map(({ name, id, label }) => [name, { id, label }]));
  return texts.map((_, index) => byName.get(folded[index]!) ?? byName.get(ids[index]!) ?? null);
}

/** Terms of a study, with all their ancestors: what a search for a wider term finds it by. Runs in the caller's transaction. */
export async function enterStudyTerms(
  db: Database,
  accession: string,
  terms: readonly { id?: string; label: string }[],
): Promise<void> {
  const ids = terms.flatMap(({ id }) => id ?? []);
  const labels = terms.filter(({ id }) => id === undefined).map(({ label }) => foldText(label).slice(0, 500));
  await sql`delete from study_term where accession = ${accession}`.execute(db);
  await sql`
    insert into study_term (accession, term_id)
    with recursive up(id) as (
      (select unnest(${ids}::text[]) collate "C"
        union select term_id from vocabulary_name where folded = any(${labels}::text[]))
      union
      select parent collate "C" from up join vocabulary_term t on t.id = up.id cross join unnest(t.parents) as parent
    )
    select ${accession}, id from up where id <> '' on conflict do nothing`.execute(db);
}

/** Works the terms of all studies out anew, after vocabularies have come or gone. */
export async function refreshStudyTerms(db: Database): Promise<number> {
  const { rows } = await sql<{ accession: string; terms: { id?: string; label: string }[] | null }>`
    select accession, document -> 'terms' as terms from search_document`.execute(db);
  for (const { accession, terms } of rows) await enterStudyTerms(db, accession, terms ?? []);
  return rows.length;
}

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
    for (let to = from + 1; to <= Math.min(words.length, from + longestName); to++) {
      const text = words.slice(from, to).join(' ');
      runs.push({ text, from, to }, { text: `${text}s`, from, to });
      if (text.endsWith('s')) runs.push({ text: text.slice(0, -1), from, to });
    }
  const { rows } = await sql<{ folded: string; term_id: string }>`
    select distinct n.folded, n.term_id from vocabulary_name n
    join vocabulary_term t on t.vocabulary = n.vocabulary and t.id = n.term_id
    where n.folded = any(${[...new Set(runs.map(({ text }) => text))]}::text[]) and not t.obsolete`.execute(db);
  const idsOf = new Map<string, string[]>();
  for (const { folded, term_id } of rows) idsOf.set(folded, [...(idsOf.get(folded) ?? []), term_id]);
  return words.map((_, at) => [
    ...new Set(runs.flatMap(({ text, from, to }) => (from <= at && at < to ? (idsOf.get(text) ?? []) : []))),
  ]);
}
