import {
  type FurtherFacet,
  furtherFacets,
  type HarvestQuery,
  type SearchDocument,
  type SearchIndex,
  type SearchQuery,
} from '@micrarium/repository';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../database/connect.ts';
import { enterStudyTerms, termsOfWords } from '../vocabulary/study-terms.ts';
import { foldText, gramsOf, likePattern, lookupGrams, searchTerms } from './words.ts';

/** The cursor is not one of ours; a client changed it. */
export class CursorInvalid extends Error {
  override readonly name = 'CursorInvalid';
}

const facetColumns = {
  organism: sql`unnest(organisms)`,
  method: sql`unnest(methods)`,
  cellType: sql`unnest(cell_types)`,
  gene: sql`unnest(genes)`,
  condition: sql`unnest(conditions)`,
  kind: sql`unnest(kinds)`,
  tier: sql`tier`,
  licence: sql`licence`,
  year: sql`year`,
} as const;
type Facet = keyof typeof facetColumns;
const facets = Object.keys(facetColumns) as Facet[];
/** Values shown of a facet, most frequent first. */
const facetValues = 50;

type Condition = RawBuilder<unknown>;

/** A term matches as a word (English stems too), as a word's beginning, or within text; each way has its index. */
function matches(term: string): Condition {
  const grams = lookupGrams(term);
  const within = sql`haystack like ${likePattern(term)}`;
  if (grams.length > 0) return sql`(grams @> ${grams}::text[] and ${within})`;
  const words = sql`words @@ plainto_tsquery('english', ${term}) or words @@ plainto_tsquery('simple', ${term})`;
  const beginning = /^[\p{L}\p{N}]+$/u.test(term) ? sql` or words @@ to_tsquery('simple', ${`${term}:*`})` : sql``;
  // Shorter pieces have no trigram: looking for them within text would read every study.
  return [...term].length < 3 ? sql`(${words}${beginning})` : sql`(${words}${beginning} or ${within})`;
}

/** A study matches a word by its text, or by a term that the word, or a run of words with it, names: itself or below it. */
function matchesWord(word: string, ids: readonly string[]): Condition {
  if (ids.length === 0) return matches(word);
  return sql`(${matches(word)} or accession in (select accession from study_term where term_id = any(${ids}::text[])))`;
}

function filters(query: SearchQuery, named: readonly string[][], without?: Facet | FurtherFacet): Condition {
  const conditions: Condition[] = searchTerms(query.words ?? '').map((word, at) => matchesWord(word, named[at] ?? []));
  const overlap = (facet: Facet, column: RawBuilder<unknown>) => {
    const wanted = query[facet] ?? [];
    if (facet !== without && wanted.length > 0) conditions.push(sql`${column} && ${wanted}::text[]`);
  };
  overlap('organism', sql`organisms`);
  overlap('method', sql`methods`);
  overlap('kind', sql`kinds`);
  overlap('cellType', sql`cell_types`);
  overlap('gene', sql`genes`);
  overlap('condition', sql`conditions`);
  for (const facet of furtherFacets) {
    const wanted = query.more?.[facet] ?? [];
    if (facet !== without && wanted.length > 0) conditions.push(sql`more -> ${facet}::text ?| ${wanted}::text[]`);
  }
  const { tier = [] } = query;
  if (without !== 'tier' && tier.length > 0) conditions.push(sql`tier = any(${tier}::text[])`);
  if (without !== 'licence' && query.licence.length > 0) conditions.push(sql`licence = any(${query.licence}::text[])`);
  if (without !== 'year' && query.year.length > 0) conditions.push(sql`year = any(${query.year}::text[])`);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

interface Order {
  /** Sort value, as text that a cursor can carry. */
  key: RawBuilder<string>;
  after(key: string, accession: string): Condition;
  by: Condition;
}

/** The value of a column of the table of studies, as text that sorts as the column does. */
function columnKey(column: Exclude<SearchQuery['sort'], 'relevance' | 'newest'>): RawBuilder<string> {
  if (column === 'title') return sql<string>`title`;
  if (column === 'organism') return sql<string>`coalesce(organisms[1], '')`;
  const value = sql<string>`coalesce(document -> 'listing' ->> ${sql.lit(column)}, '')`;
  return column === 'imageSets' || column === 'quantitativeSets' ? sql<string>`lpad(${value}, 9, '0')` : value;
}

function orderOf(query: SearchQuery): Order {
  const terms = searchTerms(query.words ?? '');
  if (query.sort !== 'relevance' && query.sort !== 'newest') {
    const column = columnKey(query.sort);
    const isDown = query.order === 'desc';
    return {
      key: column,
      after: (key, accession) =>
        isDown
          ? sql`((${column}) collate "C", accession) < (${key} collate "C", ${accession})`
          : sql`((${column}) collate "C", accession) > (${key} collate "C", ${accession})`,
      by: isDown ? sql`(${column}) collate "C" desc, accession desc` : sql`(${column}) collate "C", accession`,
    };
  }
  if (query.sort === 'relevance' && terms.length > 0) {
    const all = terms.join(' ');
    // Rounded, so that the value a cursor carries equals the one it is compared with.
    const rank = sql`round((
      ts_rank(words, plainto_tsquery('english', ${all})) + ts_rank(words, plainto_tsquery('simple', ${all}))
      + case when lower(title) like ${likePattern(all)} then 1 else 0 end)::numeric, 6)`;
    return {
      key: sql<string>`${rank}::text`,
      after: (key, accession) =>
        sql`(${rank} < ${key}::numeric or (${rank} = ${key}::numeric and accession > ${accession}))`,
      by: sql`${rank} desc, accession`,
    };
  }
  return {
    key: sql<string>`to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    after: (key, accession) =>
      sql`(published_at < ${key}::timestamptz or (published_at = ${key}::timestamptz and accession > ${accession}))`,
    by: sql`published_at desc, accession`,
  };
}

function readCursor(sort: string, cursor: string): { key: string; accession: string } {
  try {
    const [of, key, accession] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isFit = sort === 'relevance' ? /^-?\d+(\.\d+)?$/ : sort === 'newest' ? /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ : /^/;
    if (of !== sort || typeof key !== 'string' || typeof accession !== 'string' || !isFit.test(key)) throw new Error();
    return { key, accession };
  } catch {
    throw new CursorInvalid('This cursor was not given by this search');
  }
}

/** Search over the newest versions in PostgreSQL: words, substrings, and pairs of characters for Japanese. */
export class PostgresSearchIndex implements SearchIndex {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async search(query: SearchQuery): ReturnType<SearchIndex['search']> {
    const isRanked = query.sort === 'relevance' && searchTerms(query.words ?? '').length > 0;
    const sort = query.sort === 'relevance' && !isRanked ? 'newest' : query.sort;
    const order = orderOf({ ...query, sort });
    const named = await termsOfWords(this.db, searchTerms(query.words ?? ''));
    const where = filters(query, named);
    const start = query.cursor === undefined ? undefined : readCursor(sort, query.cursor);
    const [page, total, more, ...counts] = await Promise.all([
      sql<{ document: SearchDocument; key: string; accession: string }>`
        select document, ${order.key} as key, accession from search_document
        where ${where} ${start ? sql`and ${order.after(start.key, start.accession)}` : sql``}
        order by ${order.by} limit ${query.limit + 1}`.execute(this.db),
      sql<{ total: number }>`select count(*)::bigint as total from search_document where ${where}`.execute(this.db),
      this.countMore(query, named),
      ...facets.map((facet) => this.countFacet(query, named, facet)),
    ]);
    const shown = page.rows.slice(0, query.limit);
    const last = page.rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      studies: shown.map((row) => row.document),
      total: total.rows[0]!.total,
      nextCursor: last ? Buffer.from(JSON.stringify([sort, last.key, last.accession])).toString('base64url') : null,
      facets: {
        ...(Object.fromEntries(facets.map((facet, index) => [facet, counts[index]!])) as Awaited<
          ReturnType<SearchIndex['search']>
        >['facets']),
        ...more,
      },
    };
  }

  /** Counts of the further facets: all in one reading, but for those that are filtered by. */
  private async countMore(
    query: SearchQuery,
    named: readonly string[][],
  ): Promise<Partial<Record<FurtherFacet, { value: string; count: number }[]>>> {
    const filtered = furtherFacets.filter((facet) => (query.more?.[facet] ?? []).length > 0);
    if (!query.countMore && filtered.length === 0) return {};
    const open = furtherFacets.filter((facet) => !filtered.includes(facet));
    const found: Partial<Record<FurtherFacet, { value: string; count: number }[]>> = {};
    const count = async (names: readonly FurtherFacet[], without?: FurtherFacet) => {
      const { rows } = await sql<{ name: FurtherFacet; value: string; count: number }>`
        select name, value, count from (
          select name, value, count(*)::bigint as count,
            row_number() over (partition by name order by count(*) desc, value) as rank
          from search_document cross join unnest(${names}::text[]) as name
            cross join lateral jsonb_array_elements_text(coalesce(more -> name, '[]')) as value
          where ${filters(query, named, without)} and value <> '' group by name, value
        ) as counted where rank <= ${facetValues} order by name, rank`.execute(this.db);
      for (const { name, value, count: n } of rows) (found[name] ??= []).push({ value, count: n });
    };
    await Promise.all([count(open), ...filtered.map((facet) => count([facet], facet))]);
    return found;
  }

  async changed(query: HarvestQuery): ReturnType<SearchIndex['changed']> {
    const conditions: Condition[] = [sql`true`];
    // Cut to what a cursor carries where it is written: the clock of the database knows finer steps.
    const at = sql`changed_at`;
    if (query.accession !== undefined) conditions.push(sql`accession = ${query.accession}`);
    if (query.from !== undefined) conditions.push(sql`${at} >= ${query.from}::timestamptz`);
    if (query.until !== undefined) conditions.push(sql`${at} <= ${query.until}::timestamptz`);
    if (query.licence !== undefined) conditions.push(sql`licence = ${query.licence}`);
    if (query.kind !== undefined) conditions.push(sql`${query.kind} = any(kinds)`);
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

  /** Counts of a facet under all filters but its own, so that one sees what choosing a further value would give. */
  private async countFacet(
    query: SearchQuery,
    named: readonly string[][],
    facet: Facet,
  ): Promise<{ value: string; count: number }[]> {
    const { rows } = await sql<{ value: string; count: number }>`
      select value, count(*)::bigint as count
      from (select ${facetColumns[facet]} as value from search_document where ${filters(query, named, facet)}) as found
      where value <> '' group by value order by count desc, value limit ${facetValues}`.execute(this.db);
    return rows;
  }
}

/** Enters a study's newest version; an older one never replaces a newer one. Runs in the caller's transaction. */
export async function enterSearchDocument(db: Database, document: SearchDocument): Promise<void> {
  const parts = [
    document.title,
    document.authors.join(' '),
    document.organisms.join(' '),
    document.imagingMethods.join(' '),
  ];
  const haystack = foldText([document.accession, ...parts, document.description, document.text].join(' '));
  const weighted = (text: string, weight: string) => sql`
    setweight(to_tsvector('english', ${text}), ${weight}::"char") || setweight(to_tsvector('simple', ${text}), ${weight}::"char")`;
  // A tsvector holds 1 MB: of an enormous text the beginning is kept as words, all of it as substrings.
  const body = foldText(`${document.description} ${document.text}`).slice(0, 200_000);
  const words = sql`${weighted(foldText(document.title), 'A')} || ${weighted(foldText([document.accession, ...parts.slice(1)].join(' ')), 'B')} || ${weighted(body, 'C')}`;
  await sql`
    insert into search_document (accession, version, document, title, haystack, words, grams, organisms, methods, kinds,
      cell_types, genes, conditions, tier, licence, year, published_at, changed_at, image_count,
      object_count, file_count, byte_count, more)
    values (${document.accession}, ${document.version}, ${JSON.stringify(document)}::jsonb, ${document.title}, ${haystack},
      ${words}, ${gramsOf(haystack)}::text[], ${document.organisms}::text[], ${document.imagingMethods}::text[],
      ${document.kinds}::text[], ${document.cellTypes ?? []}::text[], ${document.genes ?? []}::text[],
      ${document.conditions ?? []}::text[], ${document.tier ?? 'archive'}, ${document.licence}, ${document.year}, ${document.publishedAt}::timestamptz,
      date_trunc('milliseconds', ${document.publishedAt}::timestamptz),
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
  await enterStudyTerms(db, document.accession, document.terms ?? []);
}
