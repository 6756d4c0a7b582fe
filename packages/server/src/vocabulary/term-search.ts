import { geneOntologyTerms, imagingMethodTerms, organismTerms } from '@micrarium/standards';
import { type QueryResult, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { foldName, prefixOf, wordsOf } from './name-folding.ts';

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
  /** Label of what replaces it, where that is known here. */
  replacedByLabel?: string | null;
}

/** A term's id and label. */
export interface NamedTerm {
  id: string;
  label: string;
}

/** Prefixes of ids that count as one vocabulary of the form. */
const together: ReadonlyMap<string, readonly string[]> = new Map([['UBERON', ['UBERON', 'PO']]]);
/** Prefixes of ids that a vocabulary of the form has; nothing where all count. */
export const prefixesOf = (prefix: string | undefined): readonly string[] | undefined =>
  prefix === undefined ? undefined : (together.get(prefix) ?? [prefix]);

/**
 * Names looked at of those that begin with what was typed, in alphabetical order: whole names and whole words come first,
 * and a letter more finds the others. So it takes no longer with a million terms than with a thousand.
 */
const mostBegun = 1000;
/** What most deposits mean, where several terms go by one name: the *mouse* is Mus musculus, not the genus Mus. */
const usual = [...organismTerms, ...imagingMethodTerms, ...geneOntologyTerms].map(({ id }) => id);

/** Names looked at that hold the typed words. */
const mostWorded = 1000;
/** After the last name that begins with a text, in the order of code points. */
const afterAll = '\u{10ffff}';

interface Found {
  vocabulary: string;
  term_id: string;
}

/**
 * Terms whose label or a synonym begins with the typed text, or holds the typed words, the last of which may be unfinished:
 * whole names first, then beginnings, then words; labels before synonyms, current terms before obsolete ones, short names
 * first. An id in any spelling finds its term.
 */
export async function searchVocabulary(
  db: Database,
  asked: { text: string; prefix?: string; limit: number },
): Promise<FoundTerm[]> {
  const folded = foldName(asked.text).slice(0, 200);
  if (folded === '') return [];
  const { limit, prefix } = asked;
  const [byId, begun] = await Promise.all([
    foundById(db, asked.text, prefix),
    foundByBeginning(db, folded, prefix, limit),
  ]);
  const found = new Map<string, Found>();
  const take = (rows: readonly Found[]) => {
    for (const row of rows) if (!found.has(row.term_id)) found.set(row.term_id, row);
  };
  take(byId);
  take(begun);
  // Words are looked for where beginnings do not fill the list.
  if (found.size < limit) take(await foundByWords(db, folded, prefix, limit));
  return await termsAt(db, [...found.values()].slice(0, limit));
}

const inPrefixes = (prefixes: readonly string[] | undefined) =>
  prefixes === undefined ? sql`true` : sql`prefix = any(${[...prefixes]}::text[])`;

async function foundById(db: Database, text: string, prefix: string | undefined): Promise<Found[]> {
  const ids = idsIn(text, prefix);
  if (ids.length === 0) return [];
  const { rows } = await sql<Found>`select vocabulary, id as term_id from vocabulary_term
    where id = any(${ids}::text[]) limit 5`.execute(db);
  return rows;
}

async function foundByBeginning(
  db: Database,
  folded: string,
  prefix: string | undefined,
  limit: number,
): Promise<Found[]> {
  const names = (among: ReturnType<typeof sql>) => sql`
    (select vocabulary, term_id, folded, is_label, obsolete from vocabulary_name
      where ${among} and folded >= ${folded} and folded < ${folded + afterAll} order by folded limit ${mostBegun})`;
  const prefixes = prefixesOf(prefix);
  const begun =
    prefixes === undefined
      ? names(sql`true`)
      : sql.join(
          prefixes.map((one) => names(sql`prefix = ${one}`)),
          sql` union all `,
        );
  const { rows } = await sql<Found>`
    with begun as (${begun})
    select vocabulary, term_id from (
      select distinct on (term_id) vocabulary, term_id, folded, is_label, obsolete from begun
      order by term_id, obsolete, folded = ${folded} desc, is_label desc, length(folded)
    ) as best
    order by obsolete, folded = ${folded} desc, term_id = any(${usual}::text[]) desc, is_label desc, length(folded), term_id
    limit ${limit}`.execute(db);
  return rows;
}

async function foundByWords(db: Database, folded: string, prefix: string | undefined, limit: number): Promise<Found[]> {
  const words = wordsOf(folded).slice(0, 12);
  const last = words.at(-1);
  if (last === undefined) return [];
  const within = prefixesOf(prefix)
    ?.map((one) => `'#${one}'`)
    .join(' | ');
  const ask = async (said: string) => {
    const query = within === undefined ? said : `${said} & (${within})`;
    const { rows } = await byIndexes(
      db,
      sql<Found>`
      with worded as (
        select vocabulary, term_id, folded, is_label, obsolete from vocabulary_name
        where array_to_tsvector(string_to_array(coalesce(words, folded) || ' #' || prefix, ' ')) @@ ${query}::tsquery
        limit ${mostWorded}
      )
      select vocabulary, term_id from (
        select distinct on (term_id) vocabulary, term_id, folded, is_label, obsolete from worded
        order by term_id, obsolete, is_label desc, length(folded)
      ) as best
      order by obsolete, is_label desc, length(folded), term_id limit ${limit}`,
    );
    return rows;
  };
  const whole = words.slice(0, -1);
  const found = await ask([...whole.map((word) => `'${word}'`), `'${last}':*`].join(' & '));
  // Each word unfinished, where it is long enough to tell something.
  return found.length > 0 || whole.length === 0 || words.some((word) => [...word].length < 3)
    ? found
    : await ask(words.map((word) => `'${word}':*`).join(' & '));
}

/**
 * Asks by the index of words alone: where a word stands in many names, reading all names one after the other until there
 * are enough looks cheaper, but the words of every name on the way would have to be taken apart.
 */
async function byIndexes<Row>(db: Database, query: RawBuilder<Row>): Promise<QueryResult<Row>> {
  return await db.transaction().execute(async (tx) => {
    await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)`.execute(
      tx,
    );
    return await query.execute(tx);
  });
}

/** Prefixes whose spelling people vary. */
const spellings = new Map(
  [
    'NCBITaxon',
    'FBbi',
    'CL',
    'CLO',
    'GO',
    'UBERON',
    'PATO',
    'CMPO',
    'EFO',
    'MONDO',
    'DOID',
    'OBI',
    'PO',
    'UO',
    'MP',
    'HP',
  ].map((one) => [one.toLowerCase(), one]),
);

/** Ids that a text gives: `CL:0000066`, `CL_0000066`, its address, or the bare number within a vocabulary of the form. */
function idsIn(text: string, prefix?: string): string[] {
  const typed = text.trim();
  const found = /([A-Za-z][A-Za-z-]*)[:_]([A-Za-z]*_?\d\w*)[)\]]?$/.exec(typed);
  const ids = found
    ? [`${found[1]}:${found[2]}`, `${spellings.get(found[1]!.toLowerCase()) ?? found[1]}:${found[2]}`]
    : [];
  if (/^[A-Za-z][\w-]*:\w+$/.test(typed)) ids.push(typed);
  if (/^\d{1,12}$/.test(typed)) ids.push(...(prefixesOf(prefix) ?? []).map((one) => `${one}:${typed}`));
  return [...new Set(ids)];
}

/** Terms by where they stand, in the order given. */
async function termsAt(db: Database, at: readonly Found[]): Promise<FoundTerm[]> {
  if (at.length === 0) return [];
  const { rows } = await sql<{
    id: string;
    vocabulary: string;
    label: string;
    synonyms: string[];
    parent_labels: string[];
    obsolete: boolean;
    replaced_by: string | null;
    replaced_by_label: string | null;
  }>`select t.id, t.vocabulary, t.label, t.synonyms, t.obsolete, t.replaced_by,
      (select r.label from vocabulary_term r where r.id = t.replaced_by limit 1) as replaced_by_label,
      array(select distinct p.label from vocabulary_term p where p.id = any(t.parents)) as parent_labels
    from unnest(${at.map((one) => one.vocabulary)}::text[], ${at.map((one) => one.term_id)}::text[]) with ordinality as a(vocabulary, id, place)
    join vocabulary_term t on t.vocabulary = a.vocabulary and t.id = a.id
    order by a.place`.execute(db);
  return rows.map(({ id, vocabulary, label, synonyms, parent_labels, obsolete, replaced_by, replaced_by_label }) => ({
    id,
    label,
    synonyms,
    vocabulary,
    parents: parent_labels,
    obsolete,
    replacedBy: replaced_by,
    replacedByLabel: replaced_by_label,
  }));
}

/** The term of an id, of the first vocabulary that has it, current ones first; `undefined` where none has. */
export async function termById(db: Database, id: string): Promise<FoundTerm | undefined> {
  const { rows } = await sql<Found>`select vocabulary, id as term_id from vocabulary_term
    where id = any(${idsIn(id).concat(id)}::text[]) order by obsolete, vocabulary limit 1`.execute(db);
  return (await termsAt(db, rows))[0];
}

/**
 * For each text the term whose label or synonym it is, or whose id it gives; `null` where there is none. An obsolete term
 * is never offered: what replaces it is, where its ontology says what does.
 */
export async function matchTerms(
  db: Database,
  texts: readonly string[],
  prefix: string | undefined,
): Promise<(NamedTerm | null)[]> {
  const folded = texts.map(foldName);
  const ids = texts.map((text) => idsIn(text));
  const { rows } = await sql<{ name: string; id: string; label: string }>`
    select distinct on (name) name, coalesce(r.id, found.id) as id, coalesce(r.label, found.label) as label from (
      select n.folded as name, t.id, t.label, n.is_label, t.obsolete, t.replaced_by
      from vocabulary_name n join vocabulary_term t on t.vocabulary = n.vocabulary and t.id = n.term_id
      where n.folded = any(${folded}::text[]) and ${inPrefixes(prefixesOf(prefix))}
      union all
      select t.id, t.id, t.label, true, t.obsolete, t.replaced_by from vocabulary_term t where t.id = any(${ids.flat()}::text[])
    ) as found
    left join lateral (
      select v.id, v.label from vocabulary_term v where found.obsolete and v.id = found.replaced_by and not v.obsolete limit 1
    ) as r on true
    where not found.obsolete or r.id is not null
    order by name, found.obsolete, found.id = any(${usual}::text[]) desc, is_label desc, found.id`.execute(db);
  const byName = new Map(rows.map(({ name, id, label }) => [name, { id, label }]));
  return texts.map(
    (_, at) => byName.get(folded[at]!) ?? ids[at]!.map((id) => byName.get(id)).find((one) => one !== undefined) ?? null,
  );
}

/** Terms directly below one; with whether there are terms below them in turn. */
export interface TermBelow extends NamedTerm {
  hasBelow: boolean;
}

const below = (id: ReturnType<typeof sql>) =>
  sql`exists (select 1 from vocabulary_term c where c.parents @> array[${id}]::text[] and not c.obsolete)`;

/**
 * Current terms directly below a term, or those that a vocabulary of the form begins with, by label.
 * @param asked.after label and id of the last term of the page before
 */
export async function termsBelow(
  db: Database,
  asked: { of: string } | { roots: string },
  page: { limit: number; after?: readonly [label: string, id: string] },
): Promise<TermBelow[]> {
  const where =
    'of' in asked
      ? sql`parents @> array[${asked.of}]::text[]`
      : sql`is_root and split_part(id, ':', 1) = any(${[...prefixesOf(asked.roots)!]}::text[]) and not exists (
          select 1 from vocabulary_term o join vocabulary_term p on p.id = any(o.parents)
          where o.id = t.id and split_part(p.id, ':', 1) = split_part(t.id, ':', 1))`;
  const after = page.after
    ? sql`where (label collate "C", id) > (${page.after[0]} collate "C", ${page.after[1]} collate "C")`
    : sql``;
  const { rows } = await sql<TermBelow>`
    select id, label, ${below(sql`found.id`)} as "hasBelow" from (
      select * from (
        select distinct on (id) id, label from vocabulary_term t where ${where} and not obsolete order by id, vocabulary
      ) as each ${after}
      order by label collate "C", id limit ${page.limit}
    ) as found order by label collate "C", id`.execute(db);
  return rows;
}

/** Most terms gathered on the way up: the taxonomy is 40 steps deep. */
const mostAbove = 500;

/** A shortest way from a first term of the vocabulary down to a term, without the term itself. */
export async function wayTo(db: Database, id: string): Promise<NamedTerm[]> {
  const prefix = prefixOf(id);
  const { rows } = await sql<{ id: string; label: string; parents: string[] }>`
    with recursive up(id) as (
      select ${id}::text collate "C"
      union
      select parent collate "C" from up join vocabulary_term t on t.id = up.id cross join unnest(t.parents) as parent
      where split_part(parent, ':', 1) = ${prefix}
    )
    select distinct on (t.id) t.id, t.label, array(select distinct p from vocabulary_term o cross join unnest(o.parents) as p where o.id = t.id) as parents
    from (select id from up limit ${mostAbove}) as u join vocabulary_term t on t.id = u.id order by t.id, t.vocabulary`.execute(
    db,
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  // Breadth first from the term up, until a term that has nothing above it here.
  const cameFrom = new Map<string, string | undefined>([[id, undefined]]);
  for (const at of cameFrom.keys()) {
    const above = (known.get(at)?.parents ?? []).filter((parent) => known.has(parent));
    if (above.length === 0) return downFrom(at, cameFrom, known);
    for (const parent of above) if (!cameFrom.has(parent)) cameFrom.set(parent, at);
  }
  return [];
}

function downFrom(
  top: string,
  cameFrom: ReadonlyMap<string, string | undefined>,
  known: ReadonlyMap<string, NamedTerm>,
): NamedTerm[] {
  const way: NamedTerm[] = [];
  for (let at: string | undefined = top; at !== undefined; at = cameFrom.get(at)) {
    const term = known.get(at);
    if (term) way.push({ id: term.id, label: term.label });
  }
  return way.slice(0, -1);
}
