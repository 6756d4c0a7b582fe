import { type OntologyTerm, parentsWithAliases, shippedTerms } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { foldedNames, prefixOf, wordsOf } from './name-folding.ts';
import { createFresh, freshName, putInPlace, type RenewedTable, renewedTables } from './new-tables.ts';
import { refreshStudyTerms } from './study-terms.ts';

/** A vocabulary that is installed. */
export interface InstalledVocabulary {
  name: string;
  release: string | null;
  source: string;
  terms: number;
  loadedAt: string;
}

/** Terms whose rows go to the database in one statement. */
const termsAtOnce = 20_000;

/** Name of the shipped terms among the vocabularies. */
export const shippedName = 'shipped';
/** Raised when the shipped terms change, or how names are compared, so that an installation takes them in again. */
const shippedRelease = '3';

/** Columns travel as one text each, cut at these characters: arrays of a million texts would be quoted piece by piece. */
const betweenRows = '\u001e';
const betweenEntries = '\u001f';

/** What is told of a vocabulary; its release is asked for when all of its terms were read. */
export interface VocabularyHead {
  name: string;
  release?: string | undefined;
  source: string;
}

/**
 * Writes a vocabulary, in place of an older one of the same name; in one transaction, searches see either. Of several
 * terms with one id the first counts.
 * @param terms a list, or some at a time as they are read: no more than 20,000 are held then
 * @param largeFrom terms from which a vocabulary that is larger than a third of the others is written into new tables,
 *   whose indexes are made at the end
 * @returns how many terms it has
 */
export async function putVocabulary(
  db: Database,
  about: VocabularyHead,
  terms: readonly OntologyTerm[] | AsyncIterable<readonly OntologyTerm[]>,
  largeFrom = 50_000,
): Promise<number> {
  const { name } = about;
  const put = await db.transaction().execute(async (tx) => {
    await beginChange(tx);
    await sql`create temporary table new_term (like vocabulary_term including defaults, place bigint not null)
      on commit drop`.execute(tx);
    await sql`create temporary table new_name (prefix text collate "C", id text collate "C", folded text collate "C", words text,
      is_label boolean, obsolete boolean) on commit drop`.execute(tx);
    await receive(tx, name, terms);
    const { count, others } = await countReceived(tx, name);
    const isLarge = count >= largeFrom && count * 3 >= others;
    if (isLarge) await writeIntoNewTables(tx, name);
    else await writeRows(tx, name);
    await sql`delete from vocabulary where name = ${name}`.execute(tx);
    await sql`insert into vocabulary (name, release, source, term_count)
      values (${name}, ${about.release ?? null}, ${about.source}, ${count})`.execute(tx);
    return { count, isLarge };
  });
  if (!put.isLarge) await sql`analyze vocabulary_term, vocabulary_name`.execute(db);
  return put.count;
}

/** One vocabulary is changed at a time. Those who search are not kept from it. */
async function beginChange(tx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('vocabularies', 0))`.execute(tx);
  // Words of new names are gathered and sorted into their index once, at the end, not name by name.
  await sql`set local gin_pending_list_limit = '1GB'`.execute(tx);
  await sql`set local maintenance_work_mem = '512MB'`.execute(tx);
  await sql`set local work_mem = '192MB'`.execute(tx);
}

const isList = (terms: object): terms is readonly OntologyTerm[] => Array.isArray(terms);

/** Takes the terms into the tables `new_term` and `new_name`, as they come. */
async function receive(
  tx: Database,
  vocabulary: string,
  terms: readonly OntologyTerm[] | AsyncIterable<readonly OntologyTerm[]>,
): Promise<void> {
  let piece: TermRow[] = [];
  let place = 0;
  // The next piece is made ready while the database takes this one.
  let running: Promise<void> = Promise.resolve();
  const send = async () => {
    const rows = piece;
    piece = [];
    await running;
    running = insertTerms(tx, vocabulary, rows, place);
    place += rows.length;
    running.catch(() => {});
  };
  for await (const some of isList(terms) ? [terms] : terms)
    for (const term of some) {
      piece.push(rowOf(term));
      if (piece.length >= termsAtOnce) await send();
    }
  await send();
  await running;
}

/** How many terms came, each id once, and how many there are of other vocabularies. */
async function countReceived(tx: Database, vocabulary: string): Promise<{ count: number; others: number }> {
  await sql`analyze new_term (id)`.execute(tx);
  const { rows } = await sql<{ count: number; all: number; others: number }>`
    select count(*) as count, coalesce(sum(n), 0)::bigint as all,
      (select coalesce(sum(term_count), 0)::bigint from vocabulary where name <> ${vocabulary}) as others
    from (select count(*) as n from new_term group by id) as each`.execute(tx);
  const { count, all, others } = rows[0]!;
  if (all > count)
    await sql`delete from new_term where place in (
      select place from (select place, row_number() over (partition by id order by place) as n from new_term) as each
      where n > 1)`.execute(tx);
  return { count, others };
}

/** Copies what was received. First terms are those with no parent in their own vocabulary. */
async function copyReceived(
  tx: Database,
  vocabulary: string,
  into: (table: RenewedTable) => string,
  others = sql``,
): Promise<void> {
  await sql`
    insert into ${sql.ref(into('vocabulary_term'))} (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root)
    with below as materialized (
      select distinct c.id from (select id, unnest(parents) as parent from new_term where not is_root and not obsolete) as c
      join new_term p on p.id = c.parent collate "C"
      where split_part(c.parent, ':', 1) = split_part(c.id, ':', 1)
    )
    select t.vocabulary, t.id, t.label, t.synonyms, t.parents, t.obsolete, t.replaced_by,
      t.is_root or (not t.obsolete and b.id is null)
    from new_term t left join below b on b.id = t.id`.execute(tx);
  // In their order: each goes beside the one before in the indexes, and what begins alike lies together.
  await sql`
    insert into ${sql.ref(into('vocabulary_name'))} (vocabulary, prefix, term_id, folded, words, is_label, obsolete)
    select ${vocabulary}::text, prefix, id, folded, words, is_label, obsolete from new_name ${others}
    order by folded`.execute(tx);
}

/** Writes what was received among the rows that are there. */
async function writeRows(tx: Database, vocabulary: string): Promise<void> {
  await removeRows(tx, vocabulary);
  await copyReceived(tx, vocabulary, (table) => table);
  await sql`select gin_clean_pending_list('vocabulary_name_words'), gin_clean_pending_list('vocabulary_term_parents')`.execute(
    tx,
  );
}

/** Writes what was received and the rows of all other vocabularies into new tables, which take the place of the old ones. */
async function writeIntoNewTables(tx: Database, vocabulary: string): Promise<void> {
  for (const table of renewedTables) await createFresh(tx, table);
  await sql`
    insert into ${sql.ref(freshName('vocabulary_term'))} (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root)
    select vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root
    from vocabulary_term where vocabulary <> ${vocabulary}`.execute(tx);
  const others = sql`
    union all select vocabulary, prefix, term_id, folded, words, is_label, obsolete
    from vocabulary_name where vocabulary <> ${vocabulary}`;
  await copyReceived(tx, vocabulary, freshName, others);
  await putInPlace(tx);
}

/** A term with its names as they are compared, ready to be written. */
interface TermRow {
  id: string;
  label: string;
  synonyms: string[];
  parents: string[];
  isObsolete: boolean;
  replacedBy: string;
  /** Surely a first one: no parent has an id of the same form. */
  isRoot: boolean;
  names: Map<string, boolean>;
}

// No text of a database holds a zero, and the two characters above are ours.
// oxlint-disable-next-line no-control-regex
const foreign = /[\u0000\u001e\u001f]/g;
const tidy = (text: string) => (foreign.test(text) ? text.replace(foreign, '') : text).slice(0, 1000);

function rowOf(term: OntologyTerm): TermRow {
  const id = tidy(term.id);
  const label = tidy(term.label);
  const synonyms = term.synonyms.map(tidy);
  const parents = parentsWithAliases(term).map(tidy);
  const prefix = prefixOf(id);
  return {
    id,
    label,
    synonyms,
    parents,
    isObsolete: term.isObsolete,
    replacedBy: term.replacedBy === undefined ? '' : tidy(term.replacedBy),
    isRoot: !term.isObsolete && !parents.some((parent) => prefixOf(parent) === prefix),
    names: foldedNames({ id, label, synonyms }),
  };
}

/** The words of a name; `=` where they are the name itself. */
function wordsBeside(folded: string): string {
  if (isOnlyWords.test(folded)) return '=';
  return wordsOf(folded).join(' ') || '_';
}
const isOnlyWords = /^[a-z0-9 ]*$/;

async function insertTerms(tx: Database, vocabulary: string, rows: readonly TermRow[], place: number): Promise<void> {
  if (rows.length === 0) return;
  const column = (of: (row: TermRow) => string) => rows.map(of).join(betweenRows);
  const texts = (joined: string) => sql`string_to_array(${joined}, ${betweenRows})`;
  await sql`insert into new_term (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root, place)
    select ${vocabulary}, id, label, string_to_array(coalesce(synonyms, ''), ${betweenEntries}),
      string_to_array(coalesce(parents, ''), ${betweenEntries}),
      obsolete = '1', nullif(replaced_by, ''), is_root = '1', ${place} + nth
    from unnest(${texts(column(({ id }) => id))}, ${texts(column(({ label }) => label))},
      ${texts(column(({ synonyms }) => synonyms.join(betweenEntries)))},
      ${texts(column(({ parents }) => parents.join(betweenEntries)))},
      ${texts(column(({ isObsolete }) => (isObsolete ? '1' : '0')))}, ${texts(column(({ replacedBy }) => replacedBy))},
      ${texts(column(({ isRoot }) => (isRoot ? '1' : '0')))})
      with ordinality as t(id, label, synonyms, parents, obsolete, replaced_by, is_root, nth)`.execute(tx);
  const names = rows.flatMap((row) => [...row.names].map(([folded, isLabel]) => ({ row, folded, isLabel })));
  if (names.length === 0) return;
  const nameColumn = (of: (name: (typeof names)[number]) => string) => texts(names.map(of).join(betweenRows));
  await sql`insert into new_name (prefix, id, folded, words, is_label, obsolete)
    select split_part(id, ':', 1), id, folded, nullif(words, '='), is_label = '1', obsolete = '1'
    from unnest(${nameColumn(({ row }) => row.id)}, ${nameColumn(({ folded }) => folded)},
      ${nameColumn(({ folded }) => wordsBeside(folded))}, ${nameColumn(({ isLabel }) => (isLabel ? '1' : '0'))},
      ${nameColumn(({ row }) => (row.isObsolete ? '1' : '0'))})
      as n(id, folded, words, is_label, obsolete)`.execute(tx);
}

async function removeRows(tx: Database, name: string): Promise<boolean> {
  await sql`delete from vocabulary_name where vocabulary = ${name}`.execute(tx);
  await sql`delete from vocabulary_term where vocabulary = ${name}`.execute(tx);
  const { rows } = await sql`delete from vocabulary where name = ${name} returning name`.execute(tx);
  return rows.length > 0;
}

/**
 * Takes the shipped terms in, where they are not there or are of an older release. How names are compared may have
 * changed with them, so the names of the other vocabularies are made anew too.
 */
export async function ensureShipped(db: Database): Promise<void> {
  const { rows } = await sql<{ name: string; release: string | null; source: string }>`
    select name, release, source from vocabulary order by name`.execute(db);
  if (rows.find(({ name }) => name === shippedName)?.release === shippedRelease) return;
  for (const { name, release, source } of rows.filter((one) => one.name !== shippedName))
    await putVocabulary(db, { name, source, ...(release === null ? {} : { release }) }, termsIn(db, name));
  await putVocabulary(db, { name: shippedName, release: shippedRelease, source: 'Micrarium' }, shippedTerms());
  await refreshStudyTerms(db);
}

/** The terms of an installed vocabulary, some at a time. */
async function* termsIn(db: Database, name: string): AsyncGenerator<OntologyTerm[]> {
  for (let after = ''; ; ) {
    const { rows } = await sql<OntologyTerm & { replaced: string | null }>`
      select id, label, synonyms, parents, obsolete as "isObsolete", replaced_by as replaced
      from vocabulary_term where vocabulary = ${name} and id > ${after} order by id limit ${termsAtOnce}`.execute(db);
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
    yield rows.map(({ replaced, ...term }) => ({ ...term, ...(replaced === null ? {} : { replacedBy: replaced }) }));
  }
}

/** Takes a vocabulary away. @returns whether there was one */
export async function removeVocabulary(db: Database, name: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await beginChange(tx);
    return await removeRows(tx, name);
  });
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

/** What the ids of installed terms begin with (`CL`, `GO`), read from one leaf of the index to the next. */
export async function listPrefixes(db: Database): Promise<string[]> {
  const { rows } = await sql<{ prefix: string }>`
    with recursive each(prefix) as (
      (select prefix from vocabulary_name order by prefix limit 1)
      union all
      select (select n.prefix from vocabulary_name n where n.prefix > each.prefix order by n.prefix limit 1)
      from each where each.prefix is not null
    )
    select prefix from each where prefix <> '' limit 200`.execute(db);
  return rows.map(({ prefix }) => prefix);
}
