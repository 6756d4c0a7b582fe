import { facetValuesOf, type ListingColumn, type SearchDocument } from '@micrarium/repository';
import { searchFacets, type SearchFacetName } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { NumberLists } from './number-lists.ts';
import { foldText } from './words.ts';
import { StudySet } from './study-set.ts';

/** What is kept of a study in memory: what filters, counts and orders need. */
interface StudyRow {
  accession: string;
  publishedAt: string;
  title: string;
  /** Title, and what stands at the head of a result, as words are compared. */
  foldedTitle: string;
  foldedHead: string;
  listing: SearchDocument['listing'];
  firstOrganism: string;
  /** Its values of all filters, by their numbers. */
  values: number[];
  /** The terms it says, each in its field, by their numbers. */
  terms: number[];
}

/** A column that results are ordered by. */
export type OrderColumn = 'newest' | 'title' | ListingColumn;

/** Studies read at a time. */
const readAtOnce = 2000;

/**
 * Filters, counts and orders of all studies that can be found, in memory: counting what 60,000 studies have takes the
 * database half a second and this some milliseconds. It follows the table of the search by what triggers note of its
 * changes; a change of a transaction that is not committed yet is seen when it is.
 */
export class StudyRows {
  private readonly db: Database;
  private rows: (StudyRow | undefined)[] = [];
  private readonly placeOf = new Map<string, number>();
  /** Every value of every filter, by number; numbers by filter and value. */
  private readonly names: { facet: SearchFacetName; value: string }[] = [];
  private readonly numbers = new Map<string, number>();
  /** Every term in every field that says it, by number; numbers by term and field. */
  private readonly terms: { id: string; field: string }[] = [];
  private readonly termNumbers = new Map<string, number>();
  private readonly free: number[] = [];
  private changes = 0;
  private readonly orders = new Map<OrderColumn, Int32Array>();
  private whole: { version: number; set: StudySet } | undefined;
  private lists: { version: number; values: NumberLists; terms: NumberLists } | undefined;
  /** The oldest transaction that was not finished when changes were read last. */
  private since: string | undefined;
  private seen = new Set<number>();
  private running: Promise<void> | undefined;

  constructor(db: Database) {
    this.db = db;
  }

  /** Brings the rows up to date; the first time all are read. */
  async refresh(): Promise<void> {
    // What began before this question may have looked before the change that is asked about: wait, then look.
    while (this.running) await this.running.catch(() => {});
    this.running = this.readChanges().finally(() => {
      this.running = undefined;
    });
    await this.running;
  }

  /** Brings the rows up to date, and lays out what every search goes through. */
  async warm(): Promise<void> {
    await this.refresh();
    this.listed();
    this.order('newest');
    this.count(this.all(), new Set(searchFacets.map(({ name }) => name)), 1);
  }

  /** Another number after every change: what was worked out at the same one still holds. */
  get version(): number {
    return this.changes;
  }

  /** Places, of which some may be empty. */
  get size(): number {
    return this.rows.length;
  }

  /** All studies; not to be added to. */
  all(): StudySet {
    if (this.whole?.version !== this.changes) {
      const set = new StudySet(this.rows.length);
      for (let place = 0; place < this.rows.length; place++) if (this.rows[place] !== undefined) set.add(place);
      this.whole = { version: this.changes, set };
    }
    return this.whole.set;
  }

  /** The studies of some accessions, as far as they are known. */
  setOf(accessions: Iterable<string>): StudySet {
    const set = new StudySet(this.rows.length);
    for (const accession of accessions) {
      const place = this.placeOf.get(accession);
      if (place !== undefined) set.add(place);
    }
    return set;
  }

  at(place: number): StudyRow {
    return this.rows[place]!;
  }

  place(accession: string): number | undefined {
    return this.placeOf.get(accession);
  }

  /** Studies that have one of the values of a filter. */
  having(facet: SearchFacetName, fits: (value: string) => boolean): StudySet {
    const wanted = new Uint8Array(this.names.length);
    let isAny = false;
    for (const [number, name] of this.names.entries())
      if (name.facet === facet && fits(name.value)) {
        wanted[number] = 1;
        isAny = true;
      }
    const set = new StudySet(this.rows.length);
    if (isAny) this.listed().values.addHaving(wanted, set);
    return set;
  }

  /** Studies that say one of some terms, in one of some fields where those are named. */
  saying(ids: ReadonlySet<string>, fields?: readonly string[]): StudySet {
    const set = new StudySet(this.rows.length);
    if (ids.size === 0) return set;
    const wanted = new Uint8Array(this.terms.length);
    for (const [number, { id, field }] of this.terms.entries())
      if (ids.has(id) && (fields === undefined || fields.includes(field))) wanted[number] = 1;
    this.listed().terms.addHaving(wanted, set);
    return set;
  }

  /** Values and terms of all rows, laid out anew after a change. */
  private listed(): { values: NumberLists; terms: NumberLists } {
    if (this.lists?.version !== this.changes)
      this.lists = {
        version: this.changes,
        values: new NumberLists(this.rows.map((row) => row?.values)),
        terms: new NumberLists(this.rows.map((row) => row?.terms)),
      };
    return this.lists;
  }

  /** Studies with values in common, those with most first, then the newest. @param weights what a value in common counts */
  alike(accession: string, weights: ReadonlyMap<SearchFacetName, number>, limit: number): Alike[] {
    const own = this.placeOf.get(accession);
    if (own === undefined) return [];
    const counts = new Int32Array(this.names.length);
    for (const number of this.rows[own]!.values) {
      const { facet, value } = this.names[number]!;
      const weight = weights.get(facet);
      if (weight !== undefined && !saysNothing.has(value)) counts[number] = weight;
    }
    const scores = this.listed().values.sums(counts);
    const best: { place: number; score: number; publishedAt: string }[] = [];
    const isBefore = (one: (typeof best)[number], other: (typeof best)[number]) =>
      one.score > other.score || (one.score === other.score && one.publishedAt > other.publishedAt);
    for (let place = 0; place < scores.length; place++) {
      const score = scores[place]!;
      if (score === 0 || place === own || (best.length === limit && score < best[limit - 1]!.score)) continue;
      const one = { place, score, publishedAt: this.rows[place]!.publishedAt };
      if (best.length === limit && !isBefore(one, best[limit - 1]!)) continue;
      best.splice(best.filter((other) => isBefore(other, one)).length, 0, one);
      if (best.length > limit) best.pop();
    }
    return best.map(({ place }) => {
      const row = this.rows[place]!;
      const common = new Map<SearchFacetName, string[]>();
      for (const number of row.values) {
        const { facet, value } = this.names[number]!;
        if (counts[number] !== 0) common.set(facet, [...(common.get(facet) ?? []), value]);
      }
      return { accession: row.accession, title: row.title, common };
    });
  }

  /** How many of some studies have each value of some filters, most frequent first. */
  count(
    studies: StudySet,
    facets: ReadonlySet<SearchFacetName>,
    most: number,
  ): Map<SearchFacetName, { value: string; count: number }[]> {
    const counts = this.listed().values.counts(studies, this.names.length);
    const found = new Map<SearchFacetName, { value: string; count: number }[]>();
    for (const facet of facets) found.set(facet, []);
    const isBefore = (a: { value: string; count: number }, b: { value: string; count: number }) =>
      a.count > b.count || (a.count === b.count && a.value < b.value);
    for (let number = 0; number < counts.length; number++) {
      const count = counts[number]!;
      if (count === 0) continue;
      const { facet, value } = this.names[number]!;
      const list = found.get(facet);
      const one = { value, count };
      // Only as many are kept in order as are shown: there may be a name for every study.
      if (!list || (list.length === most && !isBefore(one, list[most - 1]!))) continue;
      let at = list.length;
      while (at > 0 && isBefore(one, list[at - 1]!)) at--;
      list.splice(at, 0, one);
      if (list.length > most) list.pop();
    }
    return found;
  }

  /** All places in an order, smallest first (the newest first); studies that are alike by their accession. */
  order(column: OrderColumn): Int32Array {
    const kept = this.orders.get(column);
    if (kept) return kept;
    const places: number[] = [];
    this.rows.forEach((row, place) => row && places.push(place));
    const keys = this.rows.map((row) => (row ? keyOf(row, column) : ''));
    const down = column === 'newest' ? -1 : 1;
    places.sort((a, b) => {
      const [one, two] = [keys[a]!, keys[b]!];
      if (one !== two) return one < two ? -down : down;
      return this.rows[a]!.accession < this.rows[b]!.accession ? -1 : 1;
    });
    const order = Int32Array.from(places);
    this.orders.set(column, order);
    return order;
  }

  private async readChanges(): Promise<void> {
    if (this.since === undefined) {
      // The moment is taken before the rows are read: what changes meanwhile is read once more.
      const { rows } = await sql<{
        xmin: string;
      }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`.execute(this.db);
      await this.readAll();
      this.since = rows[0]!.xmin;
      return;
    }
    const { rows } = await sql<{ xmin: string; id: number | null; accession: string | null }>`
      select pg_snapshot_xmin(pg_current_snapshot())::text as xmin, c.id, c.accession
      from (select 1) as one left join search_change c on c.txid >= ${this.since}::xid8`.execute(this.db);
    const changes = rows.flatMap(({ id, accession }) => (id === null || accession === null ? [] : [{ id, accession }]));
    const fresh = [...new Set(changes.filter(({ id }) => !this.seen.has(id)).map(({ accession }) => accession))];
    if (fresh.includes(allStudies)) await this.readAll();
    else for (let at = 0; at < fresh.length; at += readAtOnce) await this.read(fresh.slice(at, at + readAtOnce));
    this.seen = new Set(changes.map(({ id }) => id));
    this.since = rows[0]!.xmin;
  }

  private async readAll(): Promise<void> {
    for (let after = ''; ; ) {
      const { rows } = await this.select(sql`accession > ${after} order by accession limit ${readAtOnce}`);
      for (const row of rows) this.put(row);
      if (rows.length < readAtOnce) return;
      after = rows.at(-1)!.accession;
    }
  }

  private async read(accessions: readonly string[]): Promise<void> {
    const { rows } = await this.select(sql`accession = any(${[...accessions]}::text[])`);
    const gone = new Set(accessions);
    for (const row of rows) {
      this.put(row);
      gone.delete(row.accession);
    }
    for (const accession of gone) this.remove(accession);
  }

  private async select(where: ReturnType<typeof sql>) {
    return await sql<ReadRow>`
      select accession, title, published_at as "publishedAt", organisms, methods, kinds, cell_types as "cellTypes", genes,
        conditions, tier, licence, year, more, document -> 'listing' as listing, document -> 'authors' as authors,
        array(select field || e'\n' || term_id from study_term t where t.accession = search_document.accession) as terms
      from search_document where ${where}`.execute(this.db);
  }

  private put(read: ReadRow): void {
    const { accession, title, publishedAt, methods, listing, authors, organisms } = read;
    const about = { ...read, imagingMethods: methods };
    const values = searchFacets.flatMap(({ name }) =>
      [...new Set(facetValuesOf(about, name))].flatMap((value) => (value === '' ? [] : [this.numberOf(name, value)])),
    );
    const row: StudyRow = {
      accession,
      publishedAt: publishedAt.toISOString(),
      title,
      foldedTitle: foldText(title),
      foldedHead: foldText([accession, ...(authors ?? []), ...organisms, ...methods].join(' ')),
      listing: listing ?? undefined,
      firstOrganism: organisms[0] ?? '',
      values,
      terms: read.terms.map((key) => this.termNumberOf(key)),
    };
    const place = this.placeOf.get(accession) ?? this.free.pop() ?? this.rows.length;
    this.rows[place] = row;
    this.placeOf.set(accession, place);
    this.orders.clear();
    this.changes++;
  }

  private remove(accession: string): void {
    const place = this.placeOf.get(accession);
    if (place === undefined) return;
    this.placeOf.delete(accession);
    this.rows[place] = undefined;
    this.free.push(place);
    this.orders.clear();
    this.changes++;
  }

  private numberOf(facet: SearchFacetName, value: string): number {
    const key = `${facet}\n${value}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.names.push({ facet, value });
    this.numbers.set(key, number);
    return number;
  }

  /** @param key field and term, a line each */
  private termNumberOf(key: string): number {
    const known = this.termNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.terms.length;
    const cut = key.indexOf('\n');
    this.terms.push({ field: key.slice(0, cut), id: key.slice(cut + 1) });
    this.termNumbers.set(key, number);
    return number;
  }
}

/** Noted in place of an accession where what all studies say was worked out anew. */
export const allStudies = '*';

/** A study that is like another, with the values both have. */
interface Alike {
  accession: string;
  title: string;
  common: Map<SearchFacetName, string[]>;
}

/** What forms ask for where nothing is known: nothing is alike in it. */
const saysNothing: ReadonlySet<string> = new Set(['NA', 'Unknown']);

/** What is read of the table of the search. */
interface ReadRow {
  accession: string;
  title: string;
  publishedAt: Date;
  organisms: string[];
  methods: string[];
  kinds: SearchDocument['kinds'];
  cellTypes: string[];
  genes: string[];
  conditions: string[];
  tier: 'archive' | 'database';
  licence: string;
  year: string;
  more: NonNullable<SearchDocument['more']>;
  listing: SearchDocument['listing'] | null;
  authors: string[] | null;
  /** Field and term, a line each. */
  terms: string[];
}

/** The value of a column of the table of studies, as text that sorts as the column does. */
export function keyOf(
  row: Pick<StudyRow, 'publishedAt' | 'title' | 'firstOrganism' | 'listing'>,
  column: OrderColumn,
): string {
  if (column === 'newest') return row.publishedAt;
  if (column === 'title') return row.title;
  if (column === 'organism') return row.firstOrganism;
  const value = row.listing?.[column] ?? '';
  return typeof value === 'number' ? String(value).padStart(9, '0') : value;
}
