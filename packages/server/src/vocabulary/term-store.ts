import { type OntologyTerm, parentsWithAliases, shippedTerms } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { foldedNames, prefixOf, wordsOf } from './name-folding.ts';
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

/** Writes a vocabulary, in place of an older one of the same name; in one transaction, searches see either. */
export async function putVocabulary(
  db: Database,
  about: { name: string; release?: string; source: string },
  terms: readonly OntologyTerm[],
): Promise<number> {
  const byId = new Map(terms.map((term) => [tidy(term.id), term]));
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`vocabulary ${about.name}`}, 0))`.execute(tx);
    // Words of new names are gathered and sorted into their index once, at the end, not name by name.
    await sql`set local gin_pending_list_limit = '1GB'`.execute(tx);
    await sql`set local maintenance_work_mem = '256MB'`.execute(tx);
    await sql`set local work_mem = '128MB'`.execute(tx);
    await removeRows(tx, about.name);
    await sql`insert into vocabulary (name, release, source, term_count)
      values (${about.name}, ${about.release ?? null}, ${about.source}, ${byId.size})`.execute(tx);
    await sql`create temporary table new_name (prefix text, id text, folded text, words text, is_label boolean, obsolete boolean)
      on commit drop`.execute(tx);
    let piece: TermRow[] = [];
    // The next piece is made ready while the database takes this one.
    let running: Promise<void> = Promise.resolve();
    const send = async (rows: readonly TermRow[]) => {
      await running;
      running = insertTerms(tx, about.name, rows);
      running.catch(() => {});
    };
    for (const [id, term] of byId) {
      piece.push(rowOf(id, term, byId));
      if (piece.length < termsAtOnce) continue;
      await send(piece);
      piece = [];
    }
    await send(piece);
    await running;
    // In their order, each goes beside the one before in the indexes.
    await sql`insert into vocabulary_name (vocabulary, prefix, term_id, folded, words, is_label, obsolete)
      select ${about.name}, prefix, id, folded, words, is_label, obsolete from new_name order by folded collate "C"`.execute(
      tx,
    );
    await sql`select gin_clean_pending_list('vocabulary_name_words'), gin_clean_pending_list('vocabulary_term_parents')`.execute(
      tx,
    );
  });
  await sql`analyze vocabulary_term, vocabulary_name`.execute(db);
  return byId.size;
}

/** A term with its names as they are compared, ready to be written. */
interface TermRow {
  id: string;
  label: string;
  synonyms: string[];
  parents: string[];
  isObsolete: boolean;
  replacedBy: string;
  isRoot: boolean;
  names: Map<string, boolean>;
}

// No text of a database holds a zero, and the two characters above are ours.
// oxlint-disable-next-line no-control-regex
const foreign = /[\u0000\u001e\u001f]/g;
const tidy = (text: string) => (foreign.test(text) ? text.replace(foreign, '') : text).slice(0, 1000);

function rowOf(id: string, term: OntologyTerm, all: ReadonlyMap<string, OntologyTerm>): TermRow {
  const parents = parentsWithAliases(term).map(tidy);
  const prefix = prefixOf(id);
  return {
    id,
    label: tidy(term.label),
    synonyms: term.synonyms.map(tidy),
    parents,
    isObsolete: term.isObsolete,
    replacedBy: term.replacedBy === undefined ? '' : tidy(term.replacedBy),
    isRoot: !term.isObsolete && !parents.some((parent) => prefixOf(parent) === prefix && all.has(parent)),
    names: foldedNames({ id, label: tidy(term.label), synonyms: term.synonyms.map(tidy) }),
  };
}

/** The words of a name; `=` where they are the name itself. */
function wordsBeside(folded: string): string {
  if (isOnlyWords.test(folded)) return '=';
  return wordsOf(folded).join(' ') || '_';
}
const isOnlyWords = /^[a-z0-9 ]*$/;

async function insertTerms(tx: Database, vocabulary: string, rows: readonly TermRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = (of: (row: TermRow) => string) => rows.map(of).join(betweenRows);
  const texts = (joined: string) => sql`string_to_array(${joined}, ${betweenRows})`;
  await sql`insert into vocabulary_term (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root)
    select ${vocabulary}, id, label, string_to_array(coalesce(synonyms, ''), ${betweenEntries}),
      string_to_array(coalesce(parents, ''), ${betweenEntries}),
      obsolete = '1', nullif(replaced_by, ''), is_root = '1'
    from unnest(${texts(column(({ id }) => id))}, ${texts(column(({ label }) => label))},
      ${texts(column(({ synonyms }) => synonyms.join(betweenEntries)))},
      ${texts(column(({ parents }) => parents.join(betweenEntries)))},
      ${texts(column(({ isObsolete }) => (isObsolete ? '1' : '0')))}, ${texts(column(({ replacedBy }) => replacedBy))},
      ${texts(column(({ isRoot }) => (isRoot ? '1' : '0')))})
      as t(id, label, synonyms, parents, obsolete, replaced_by, is_root)`.execute(tx);
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
    await putVocabulary(db, { name, source, ...(release === null ? {} : { release }) }, await termsIn(db, name));
  await putVocabulary(db, { name: shippedName, release: shippedRelease, source: 'Micrarium' }, shippedTerms());
  await refreshStudyTerms(db);
}

async function termsIn(db: Database, name: string): Promise<OntologyTerm[]> {
  const { rows } = await sql<OntologyTerm & { replaced: string | null }>`
    select id, label, synonyms, parents, obsolete as "isObsolete", replaced_by as replaced
    from vocabulary_term where vocabulary = ${name}`.execute(db);
  return rows.map(({ replaced, ...term }) => ({ ...term, ...(replaced === null ? {} : { replacedBy: replaced }) }));
}

/** Takes a vocabulary away. @returns whether there was one */
export async function removeVocabulary(db: Database, name: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => await removeRows(tx, name));
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
