import { setTimeout as wait } from 'node:timers/promises';
import { type OntologyTerm, shippedTerms } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { createReceiving, dropLeftOver, fillFresh, putInPlace } from './new-tables.ts';
import { receiveRows, rowOf, type TermRow } from './received-rows.ts';
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

/** What is told of a vocabulary; its release is asked for when all of its terms were read. */
export interface VocabularyHead {
  name: string;
  release?: string | undefined;
  source: string;
}

/**
 * Writes a vocabulary, in place of an older one of the same name; searches see the one or the other. Of several terms with
 * one id the first counts.
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
  const put = await alone(db, async (tx) => {
    await createReceiving(db);
    await receive(db, name, terms);
    const { count, others } = await countReceived(db, name);
    const isLarge = count >= largeFrom && count * 3 >= others;
    if (isLarge) {
      await fillNewTables(db, name);
      await putInPlace(tx);
    } else await writeRows(tx, name);
    await sql`delete from vocabulary where name = ${name}`.execute(tx);
    await sql`insert into vocabulary (name, release, source, term_count)
      values (${name}, ${about.release ?? null}, ${about.source}, ${count})`.execute(tx);
    return { count, isLarge };
  }).finally(() => tidyUp(db));
  if (!put.isLarge) await sql`analyze vocabulary_term, vocabulary_name`.execute(db);
  return put.count;
}

/** Milliseconds between two tries to be the one who changes vocabularies. */
const pauseBetweenTries = 200;

/**
 * One vocabulary is changed at a time, of all processes. Those who search are not kept from it. Who waits holds no
 * connection: the one who changes needs more than one.
 */
async function alone<Value>(db: Database, change: (tx: Database) => Promise<Value>): Promise<Value> {
  for (;;) {
    const done = await tryAlone(db, change);
    if (done) return done.value;
    await wait(pauseBetweenTries);
  }
}

/** Nothing is done where another one changes vocabularies now. */
async function tryAlone<Value>(
  db: Database,
  change: (tx: Database) => Promise<Value>,
): Promise<{ value: Value } | undefined> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended('vocabularies', 0)) as mine`.execute(tx);
    if (!rows[0]!.mine) return undefined;
    // Words of new names are gathered and sorted into their index once, at the end, not name by name.
    await sql`set local gin_pending_list_limit = '1GB'`.execute(tx);
    await sql`set local maintenance_work_mem = '512MB'`.execute(tx);
    await sql`set local work_mem = '192MB'`.execute(tx);
    return { value: await change(tx) };
  });
}

/** What was received is not needed any more. Whoever has the turn by now has taken it away already. */
async function tidyUp(db: Database): Promise<void> {
  // A database that is gone has told the caller already; the next change begins with this.
  await tryAlone(db, dropLeftOver).catch(() => {});
}

const isList = (terms: object): terms is readonly OntologyTerm[] => Array.isArray(terms);

/** Takes the terms into the receiving tables, as they come. */
async function receive(
  db: Database,
  vocabulary: string,
  terms: readonly OntologyTerm[] | AsyncIterable<readonly OntologyTerm[]>,
): Promise<void> {
  let piece: TermRow[] = [];
  let place = 0;
  // The next piece is made ready while the database takes this one.
  let running: Promise<unknown> = Promise.resolve();
  const send = async () => {
    const rows = piece;
    piece = [];
    await running;
    running = receiveRows(db, vocabulary, rows, place);
    place += rows.length;
    running.catch(() => {});
  };
  try {
    for await (const some of isList(terms) ? [terms] : terms)
      for (const term of some) {
        piece.push(rowOf(term));
        if (piece.length >= termsAtOnce) await send();
      }
    await send();
    await running;
  } catch (fault) {
    await running.catch(() => {});
    throw fault;
  }
}

/** How many terms came, each id once, and how many there are of other vocabularies. */
async function countReceived(db: Database, vocabulary: string): Promise<{ count: number; others: number }> {
  await sql`analyze received_term_new (id)`.execute(db);
  const { rows } = await sql<{ count: number; all: number; others: number }>`
    select count(*) as count, coalesce(sum(n), 0)::bigint as all,
      (select coalesce(sum(term_count), 0)::bigint from vocabulary where name <> ${vocabulary}) as others
    from (select count(*) as n from received_term_new group by id) as each`.execute(db);
  const { count, all, others } = rows[0]!;
  if (all > count)
    await sql`delete from received_term_new where place in (
      select place from (select place, row_number() over (partition by id order by place) as n from received_term_new) as each
      where n > 1)`.execute(db);
  return { count, others };
}

/** Copies the terms that were received. First ones are those with no parent in their own vocabulary. */
async function copyTerms(tx: Database, into: string): Promise<void> {
  await sql`
    insert into ${sql.ref(into)} (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root)
    with below as materialized (
      select distinct c.id from (
        select id, unnest(parents) as parent from received_term_new where not is_root and not obsolete) as c
      join received_term_new p on p.id = c.parent collate "C"
      where split_part(c.parent, ':', 1) = split_part(c.id, ':', 1)
    )
    select t.vocabulary, t.id, t.label, t.synonyms, t.parents, t.obsolete, t.replaced_by,
      t.is_root or (not t.obsolete and b.id is null)
    from received_term_new t left join below b on b.id = t.id`.execute(tx);
}

/** Copies the names that were received, in their order: each goes beside the one before in the indexes, and what begins alike lies together. */
async function copyNames(tx: Database, vocabulary: string, into: string, others = sql``): Promise<void> {
  await sql`
    insert into ${sql.ref(into)} (vocabulary, prefix, term_id, folded, words, is_label, obsolete)
    select ${vocabulary}::text, prefix, id, folded, words, is_label, obsolete from received_name_new ${others}
    order by folded`.execute(tx);
}

/** Writes what was received among the rows that are there. */
async function writeRows(tx: Database, vocabulary: string): Promise<void> {
  await removeRows(tx, vocabulary);
  await copyTerms(tx, 'vocabulary_term');
  await copyNames(tx, vocabulary, 'vocabulary_name');
  await sql`select gin_clean_pending_list('vocabulary_name_words'), gin_clean_pending_list('vocabulary_term_parents')`.execute(
    tx,
  );
}

/** Writes what was received and the rows of all other vocabularies into new tables, terms and names at once. */
async function fillNewTables(db: Database, vocabulary: string): Promise<void> {
  const filled = await Promise.allSettled([
    fillFresh(db, 'vocabulary_term', async (tx, into) => {
      await sql`
        insert into ${sql.ref(into)} (vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root)
        select vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root
        from vocabulary_term where vocabulary <> ${vocabulary}`.execute(tx);
      await copyTerms(tx, into);
    }),
    fillFresh(db, 'vocabulary_name', async (tx, into) => {
      const others = sql`
        union all select vocabulary, prefix, term_id, folded, words, is_label, obsolete
        from vocabulary_name where vocabulary <> ${vocabulary}`;
      await copyNames(tx, vocabulary, into, others);
    }),
  ]);
  for (const each of filled) if (each.status === 'rejected') throw each.reason;
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
  await tidyUp(db);
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
  return await alone(db, async (tx) => await removeRows(tx, name));
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
