import {
  type HarvestQuery,
  type SearchDocument,
  type SearchIndex,
  type SearchQuery,
  type FacetCount,
} from '@micrarium/repository';
import {
  firstFacetNames,
  furtherFacetNames,
  type FirstFacetName,
  searchFacets,
  type SearchFacetName,
} from '@micrarium/standards';
import { inHarvestSets } from './harvest-sets.ts';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../database/connect.ts';
import { enterStudyTerms, misleadingNames, termsOfWords } from '../vocabulary/study-terms.ts';
import { keyOf, type OrderColumn, StudyRows } from './study-rows.ts';
import { StudySet } from './study-set.ts';
import { readTyped, type TypedSearch } from './typed-words.ts';
import { foldText, gramsOf, isDoiWord, likePattern, lookupGrams } from './words.ts';

/** The cursor is not one of ours; a client changed it. */
export class CursorInvalid extends Error {
  override readonly name = 'CursorInvalid';
}

/** Values shown of a facet, most frequent first. */
const facetValues = 50;
/** A word that so many studies have as a word is not looked for within others too: that would be reading them all. */
const enoughWhole = 1000;

/** Any words will do: looking for them is what makes ready. */
const wordsToWarm = ['imaging', 'embryo', 'nucleus'];

/** Studies that make a word one of many. */
const manyStudies = 100;
/** Words whose studies are kept, at a bit for each study. */
const mostFrequent = 500;

type Condition = RawBuilder<unknown>;

/** Where a search goes on: sort value and accession of the last study of the page before. */
interface Place {
  key: string;
  accession: string;
}

function readCursor(sort: string, cursor: string): Place {
  try {
    const [of, key, accession] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
    const isFit = (text: string) =>
      sort === 'relevance'
        ? /^[0-2]$/.test(text[0] ?? '') && moment.test(text.slice(2))
        : sort !== 'newest' || moment.test(text);
    if (of !== sort || typeof key !== 'string' || typeof accession !== 'string' || !isFit(key)) throw new Error();
    return { key, accession };
  } catch {
    throw new CursorInvalid('This cursor was not given by this search');
  }
}

/**
 * Search over the newest versions. Words are looked up in PostgreSQL (words, substrings, pairs of characters for Japanese,
 * terms with all that is narrower); filters, counts and orders are those of `StudyRows`, in memory.
 */
export class PostgresSearchIndex implements SearchIndex {
  private readonly db: Database;
  private readonly rows: StudyRows;
  private frequent = { version: -1, sets: new Map<string, StudySet>() };

  constructor(db: Database) {
    this.db = db;
    this.rows = new StudyRows(db);
  }

  /** Reads what searches need, so that the first one does not wait for it. */
  async warm(): Promise<void> {
    await this.rows.warm();
    // As many connections as a search of some words asks at once are opened, and have planned what they will be asked.
    await Promise.all(
      wordsToWarm.map((word) => Promise.all([termsOfWords(this.db, [word]), this.withWord(word, ['NCBITaxon:1'])])),
    );
  }

  async search(query: SearchQuery): ReturnType<SearchIndex['search']> {
    const typed = readTyped(query.words ?? '');
    const sort = query.sort === 'relevance' && typed.words.length === 0 ? 'newest' : query.sort;
    const start = query.cursor === undefined ? undefined : readCursor(sort, query.cursor);
    await this.rows.refresh();
    const filters = this.filtersOf(query);
    const { worded, literal } = await this.withWords(typed);
    const found = [...filters.values()].reduce((set, one) => set.and(one), worded);
    const places =
      sort === 'relevance'
        ? this.byRelevance(found, literal, typed.words, query.limit + 1, start)
        : this.inOrder(found, sort, sort !== 'newest' && query.order === 'desc', query.limit + 1, start);
    const shown = places.slice(0, query.limit);
    const last = places.length > query.limit ? shown.at(-1) : undefined;
    const accessions = shown.map(({ accession }) => accession);
    const documents = await this.documentsOf(accessions);
    return {
      studies: documents,
      total: found.count(),
      nextCursor: last ? Buffer.from(JSON.stringify([sort, last.key, last.accession])).toString('base64url') : null,
      facets: this.countFacets(query, worded, found, filters),
    };
  }

  /** What is shown of some studies, in their order. */
  private async documentsOf(accessions: readonly string[]): Promise<SearchDocument[]> {
    if (accessions.length === 0) return [];
    const { rows } = await sql<{ document: SearchDocument }>`
      select document from search_document where accession = any(${[...accessions]}::text[])`.execute(this.db);
    const known = new Map(rows.map(({ document }) => [document.accession, document]));
    return accessions.flatMap((accession) => known.get(accession) ?? []);
  }

  /** The studies that each filter leaves. */
  private filtersOf(query: SearchQuery): Map<SearchFacetName, StudySet> {
    const filters = new Map<SearchFacetName, StudySet>();
    for (const { name } of searchFacets) {
      const wanted = new Set(query.filters[name] ?? []);
      if (wanted.size > 0)
        filters.set(
          name,
          this.rows.having(name, (value) => wanted.has(value)),
        );
    }
    return filters;
  }

  /** Counts under all filters but a facet's own, so that one sees what choosing a further value would give. */
  private countFacets(
    query: SearchQuery,
    worded: StudySet,
    found: StudySet,
    filters: ReadonlyMap<SearchFacetName, StudySet>,
  ): Awaited<ReturnType<SearchIndex['search']>>['facets'] {
    const wanted = [...firstFacetNames, ...furtherFacetNames.filter((name) => query.countMore || filters.has(name))];
    const open = new Set<SearchFacetName>(wanted.filter((name) => !filters.has(name)));
    const counts = this.rows.count(found, open, facetValues);
    for (const name of wanted) {
      if (!filters.has(name)) continue;
      const others = [...filters].reduce((set, [of, one]) => (of === name ? set : set.and(one)), worded);
      counts.set(name, this.rows.count(others, new Set([name]), facetValues).get(name)!);
    }
    const isShown = (name: SearchFacetName) => (firstFacetNames as readonly string[]).includes(name);
    const entries = [...counts].filter(([name, values]) => values.length > 0 || isShown(name));
    return Object.fromEntries(entries) as Record<FirstFacetName, FacetCount[]>;
  }

  /** The studies that all typed words fit, and those that have all of them in their text. */
  private async withWords({ words, fielded }: TypedSearch): Promise<{ worded: StudySet; literal: StudySet }> {
    const runs = [words, ...fielded.map((one) => one.words)];
    const named = await Promise.all(runs.map((run) => termsOfWords(this.db, run)));
    const [found, sets] = await Promise.all([
      Promise.all(words.map((word, at) => this.withWord(word, named[0]![at]!))),
      Promise.all(
        fielded.flatMap(({ facet, words: said }, run) =>
          said.map((word, at) => this.withFieldedWord(facet, word, named[run + 1]![at]!)),
        ),
      ),
    ]);
    const all = this.rows.all();
    const both = (sum: StudySet, one: StudySet) => sum.and(one);
    return {
      worded: [...found.map(({ text, terms }) => text.or(terms)), ...sets].reduce(both, all),
      literal: found.map(({ text }) => text).reduce(both, all),
    };
  }

  /** Studies that have a word in their text, or a term that the word, or a run of words with it, names: itself or below it. */
  private async withWord(word: string, ids: readonly string[]): Promise<{ text: StudySet; terms: StudySet }> {
    const [text, terms] = await Promise.all([this.withText(word, ids.length > 0), this.withTerms(ids)]);
    return { text, terms };
  }

  /** Studies that have a word, or a term it names, in one of their filters. */
  private async withFieldedWord(facet: SearchFacetName, word: string, ids: readonly string[]): Promise<StudySet> {
    const fields: readonly string[] = searchFacets.find(({ name }) => name === facet)!.fields;
    const set = await this.withTerms(fields.length > 0 ? ids : [], fields);
    // Where the word names a term, it is meant; pieces of other names are not.
    const isIn = (value: string) => {
      const folded = foldText(value);
      return ids.length === 0 ? folded.includes(word) : folded.split(' ').includes(word);
    };
    const named = this.rows.having(facet, isIn);
    named.each((place) => set.add(place));
    // A paper is shown by its citation where it has one; its DOI stands in the text of its study.
    return facet === 'paper' && isDoiWord(word) ? set.or(await this.withText(word, false)) : set;
  }

  /** Studies that say one of some terms, or one below it. */
  private async withTerms(ids: readonly string[], fields?: readonly string[]): Promise<StudySet> {
    if (ids.length === 0) return this.rows.saying(new Set());
    const { rows } = await sql<{ all: string | null }>`
      select string_agg(distinct term_id, e'\n') as all from term_above where above = any(${[...ids]}::text[])`.execute(
      this.db,
    );
    return this.rows.saying(new Set(rows[0]?.all?.split('\n')), fields);
  }

  /** Studies that have a word in their text. Those of words that many have are kept until a study changes: they are asked for again and again. */
  private async withText(word: string, isTerm: boolean): Promise<StudySet> {
    const { version } = this.rows;
    if (this.frequent.version !== version) this.frequent = { version, sets: new Map() };
    const { sets } = this.frequent;
    const asked = `${isTerm ? 'term' : 'word'} ${word}`;
    const known = sets.get(asked);
    if (known) return known;
    const set = await this.lookUp(word, isTerm);
    // What changed while the database was asked is not in what is kept.
    if (set.count() >= manyStudies && sets.size < mostFrequent && this.rows.version === version) sets.set(asked, set);
    return set;
  }

  /** A word is found as a word (English stems too), as a word's beginning, or within text; each way has its index. */
  private async lookUp(word: string, isTerm: boolean): Promise<StudySet> {
    const grams = lookupGrams(word);
    const within = sql`haystack like ${likePattern(word)}`;
    if (grams.length > 0) return await this.textMatches(sql`grams @> ${grams}::text[] and ${within}`);
    const beginning = /^[\p{L}\p{N}]+$/u.test(word) ? sql` || to_tsquery('simple', ${`${word}:*`})` : sql``;
    const whole = await this.accessions(
      sql`studies_with_words(plainto_tsquery('english', ${word}) || plainto_tsquery('simple', ${word})${beginning})`,
    );
    // Shorter pieces have no trigram: looking for them within text would read every study.
    // What names a term is not meant as a piece of other words either.
    if (isTerm || [...word].length < 3 || whole.count() >= enoughWhole) return whole;
    return whole.or(await this.textMatches(within));
  }

  private async textMatches(condition: Condition): Promise<StudySet> {
    return await this.accessions(sql`(select string_agg(accession, ' ') from search_document where ${condition})`);
  }

  /** @param list accessions as one text: tens of thousands of rows would be unpacked one by one */
  private async accessions(list: Condition): Promise<StudySet> {
    const { rows } = await sql<{ all: string | null }>`select ${list} as all`.execute(this.db);
    return this.rows.setOf(rows[0]?.all?.split(' ') ?? []);
  }

  private inOrder(found: StudySet, column: OrderColumn, isDown: boolean, limit: number, start?: Place) {
    const order = this.rows.order(column);
    const keyed = (place: number) => {
      const row = this.rows.at(place);
      return { key: keyOf(row, column), accession: row.accession };
    };
    // The newest stand first of themselves; of studies that are alike the smaller accession stands first.
    const isKeyDown = column === 'newest' || isDown;
    const isAfter = (one: Place) => {
      if (!start) return true;
      if (one.key !== start.key) return one.key < start.key === isKeyDown;
      return isDown ? one.accession < start.accession : one.accession > start.accession;
    };
    const page: Place[] = [];
    for (let at = 0; at < order.length && page.length < limit; at++) {
      const place = order[isDown ? order.length - 1 - at : at]!;
      if (!found.has(place)) continue;
      const one = keyed(place);
      if (isAfter(one)) page.push(one);
    }
    return page;
  }

  /**
   * Studies with all words in their title first, then those with them at their head, then the others; each the newest first.
   * @param literal those that have all words in their text: of the others, found by terms, the title need not be read
   */
  private byRelevance(
    found: StudySet,
    literal: StudySet,
    words: readonly string[],
    limit: number,
    start?: Place,
  ): Place[] {
    const order = this.rows.order('newest');
    const classes: Place[][] = [[], [], []];
    const isAfter = ({ key, accession }: Place) => {
      if (!start || key[0]! < start.key[0]!) return true;
      if (key[0]! > start.key[0]!) return false;
      const [one, two] = [key.slice(2), start.key.slice(2)];
      return one < two || (one === two && accession > start.accession);
    };
    for (const place of order) {
      if (!found.has(place)) continue;
      if (classes[2]!.length === limit) break;
      const isLiteral = literal.has(place);
      if (!isLiteral && classes[0]!.length === limit) continue;
      const { foldedTitle, foldedHead, publishedAt, accession } = this.rows.at(place);
      const inTitle = isLiteral && words.every((word) => foldedTitle.includes(word));
      const inHead = isLiteral && words.every((word) => foldedTitle.includes(word) || foldedHead.includes(word));
      const rank = inTitle ? 2 : inHead ? 1 : 0;
      const list = classes[rank]!;
      if (list.length === limit) continue;
      const one = { key: `${rank} ${publishedAt}`, accession };
      if (isAfter(one)) list.push(one);
    }
    return [...classes[2]!, ...classes[1]!, ...classes[0]!].slice(0, limit);
  }

  async alike(...about: Parameters<SearchIndex['alike']>): ReturnType<SearchIndex['alike']> {
    await this.rows.refresh();
    return this.rows.alike(...about);
  }

  async changed(query: HarvestQuery): ReturnType<SearchIndex['changed']> {
    const conditions: Condition[] = [sql`true`];
    // Cut to what a cursor carries where it is written: the clock of the database knows finer steps.
    const at = sql`changed_at`;
    if (query.accession !== undefined) conditions.push(sql`accession = ${query.accession}`);
    if (query.from !== undefined) conditions.push(sql`${at} >= ${query.from}::timestamptz`);
    if (query.until !== undefined) conditions.push(sql`${at} <= ${query.until}::timestamptz`);
    conditions.push(
      ...inHarvestSets(query, {
        licence: sql`licence`,
        kinds: sql`to_jsonb(kinds)`,
        tier: sql`tier`,
        accession: sql`search_document.accession`,
      }),
    );
    const all = sql.join(conditions, sql` and `);
    const { after } = query;
    const rest = after ? sql`and (${at}, accession) > (${after.publishedAt}::timestamptz, ${after.accession})` : sql``;
    const [page, total] = await Promise.all([
      sql<{ document: SearchDocument; changedAt: Date }>`
        select document, changed_at as "changedAt" from search_document where ${all} ${rest}
        order by ${at}, accession limit ${query.limit}`.execute(this.db),
      sql<{ total: number }>`select count(*)::bigint as total from search_document where ${all}`.execute(this.db),
    ]);
    const studies = page.rows.map((row) => ({ ...row.document, changedAt: row.changedAt.toISOString() }));
    return { studies, total: total.rows[0]!.total };
  }
}

/**
 * When harvesters are told that a version came: not before it can be found, or one who asked while it was being published would never hear of it.
 * What is entered later, when the catalogue is made anew, changed when it was published.
 */
const changeOf = (publishedAt: string) => sql`date_trunc('milliseconds', case
  when ${publishedAt}::timestamptz between now() - interval '1 day' and now() then clock_timestamp() else ${publishedAt}::timestamptz end)`;

/** Enters a study's newest version; an older one never replaces a newer one. Runs in the caller's transaction. */
export async function enterSearchDocument(db: Database, document: SearchDocument): Promise<void> {
  const clear = await misleadingNames(db, document.terms ?? []);
  const title = clear(document.title);
  const head = clear([document.authors, document.organisms, document.imagingMethods].flat().join(' '));
  const rest = clear(`${document.description} ${document.text}`);
  const haystack = foldText([document.accession, title, head, rest].join(' '));
  const weighted = (text: string, weight: string) => sql`
    setweight(to_tsvector('english', ${text}), ${weight}::"char") || setweight(to_tsvector('simple', ${text}), ${weight}::"char")`;
  // A tsvector holds 1 MB: of an enormous text the beginning is kept as words, all of it as substrings.
  const body = foldText(rest).slice(0, 200_000);
  const words = sql`${weighted(foldText(title), 'A')} || ${weighted(foldText(`${document.accession} ${head}`), 'B')} || ${weighted(body, 'C')}`;
  const { numAffectedRows } = await sql`
    insert into search_document (accession, version, document, title, haystack, words, grams, organisms, methods, kinds,
      cell_types, genes, conditions, tier, licence, year, published_at, changed_at, image_count,
      object_count, file_count, byte_count, more)
    values (${document.accession}, ${document.version}, ${JSON.stringify(document)}::jsonb, ${document.title}, ${haystack},
      ${words}, ${gramsOf(haystack)}::text[], ${document.organisms}::text[], ${document.imagingMethods}::text[],
      ${document.kinds}::text[], ${document.cellTypes ?? []}::text[], ${document.genes ?? []}::text[],
      ${document.conditions ?? []}::text[], ${document.tier ?? 'archive'}, ${document.licence}, ${document.year}, ${document.publishedAt}::timestamptz,
      ${changeOf(document.publishedAt)},
      ${document.imageCount}, ${document.objectCount}, ${document.fileCount}, ${document.byteCount},
      ${JSON.stringify(document.more ?? {})}::jsonb)
    on conflict (accession) do update set version = excluded.version, document = excluded.document, title = excluded.title,
      haystack = excluded.haystack, words = excluded.words, grams = excluded.grams, organisms = excluded.organisms,
      methods = excluded.methods, kinds = excluded.kinds, cell_types = excluded.cell_types,
      genes = excluded.genes, conditions = excluded.conditions, tier = excluded.tier, licence = excluded.licence, year = excluded.year,
      published_at = excluded.published_at,
      changed_at = greatest(search_document.changed_at, excluded.changed_at), image_count = excluded.image_count, object_count = excluded.object_count,
      file_count = excluded.file_count, byte_count = excluded.byte_count,
      more = excluded.more
    where search_document.version <= excluded.version`.execute(db);
  if (numAffectedRows === 0n) return;
  await enterStudyTerms(db, document.accession, document.terms ?? []);
}
