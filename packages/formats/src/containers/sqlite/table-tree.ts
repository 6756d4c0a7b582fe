import { SqliteFault } from './fault.ts';
import type { Pages } from './pages.ts';
import { type SqliteValue, type ValuePlace, placesOf, valueAt, varint } from './record.ts';

const leafPage = 13;
const innerPage = 5;
/** A tree of the largest file has fewer levels. */
const mostLevels = 24;
/** Bytes of one row that are put together at most. */
const mostRowBytes = 64 << 20;

/** One row: its number and the wanted values. */
export interface SqliteRow {
  rowid: number;
  values: (SqliteValue | undefined)[];
}

/**
 * Rows of the table whose tree begins at a page, in the order of their numbers. Every page is used once at most, so that
 * no file can make this run in circles; of long rows only what the wanted columns need is put together.
 * @param wanted positions of columns in a row; those a row lacks are absent
 * @throws SqliteFault where a page or row makes no sense
 */
export async function* tableRows(
  pages: Pages,
  root: number,
  wanted: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<SqliteRow> {
  const walk = new TableWalk(pages, wanted);
  yield* walk.below(root, 0, signal);
}

class TableWalk {
  private readonly pages: Pages;
  private readonly wanted: readonly number[];
  private readonly used: Uint8Array;

  constructor(pages: Pages, wanted: readonly number[]) {
    this.pages = pages;
    this.wanted = wanted;
    this.used = new Uint8Array(Math.ceil((pages.count + 1) / 8));
  }

  async *below(number: number, level: number, signal?: AbortSignal): AsyncGenerator<SqliteRow> {
    signal?.throwIfAborted();
    if (level > mostLevels) throw new SqliteFault('a table has more levels than any file needs');
    const page = await this.take(number);
    const start = number === 1 ? 100 : 0;
    const kind = page[start];
    if (kind !== leafPage && kind !== innerPage)
      throw new SqliteFault(`page ${number} belongs to no table with rows (kind ${kind})`);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    const cells = view.getUint16(start + 3);
    const headBytes = kind === innerPage ? 12 : 8;
    if (start + headBytes + cells * 2 > page.length) throw new SqliteFault(`page ${number} claims ${cells} cells`);
    for (let cell = 0; cell < cells; cell++) {
      const at = view.getUint16(start + headBytes + cell * 2);
      if (at + (kind === innerPage ? 5 : 3) > page.length)
        throw new SqliteFault(`page ${number} has a cell outside of itself`);
      if (kind === innerPage) yield* this.below(view.getUint32(at), level + 1, signal);
      else yield await this.row(page, at);
    }
    if (kind === innerPage) yield* this.below(view.getUint32(start + 8), level + 1, signal);
  }

  private async take(number: number): Promise<Uint8Array> {
    const page = await this.pages.page(number);
    const bit = 1 << (number & 7);
    if (this.used[number >> 3]! & bit) throw new SqliteFault(`page ${number} is used twice`);
    this.used[number >> 3]! |= bit;
    return page;
  }

  /** Source: https://www.sqlite.org/fileformat2.html, 1.6. */
  private async row(page: Uint8Array, at: number): Promise<SqliteRow> {
    const payload = varint(page, at);
    const rowid = varint(page, payload.end);
    const { usable } = this.pages.header;
    if (!(payload.value >= 0 && payload.value <= this.pages.fileBytes))
      throw new SqliteFault(`a row claims ${payload.value} bytes`);
    let local = payload.value;
    if (local > usable - 35) {
      const least = Math.floor(((usable - 12) * 32) / 255) - 23;
      const fitting = least + ((payload.value - least) % (usable - 4));
      local = fitting <= usable - 35 ? fitting : least;
    }
    const end = rowid.end + local;
    if (end + (local < payload.value ? 4 : 0) > page.length) throw new SqliteFault('a row runs over its page');
    const long = new LongRow(page.subarray(rowid.end, end), payload.value, (number) => this.take(number), usable);
    if (local < payload.value) long.next = new DataView(page.buffer, page.byteOffset).getUint32(end);
    return { rowid: rowid.value, values: await this.valuesOf(long) };
  }

  private async valuesOf(long: LongRow): Promise<(SqliteValue | undefined)[]> {
    const head = varint(await long.first(Math.min(9, long.bytes)), 0);
    if (!(head.value >= head.end && head.value <= long.bytes)) throw new SqliteFault('a row has no sensible header');
    const places = placesOf(await long.first(head.value), head.end, head.value);
    let needed = 0;
    for (const column of this.wanted) needed = Math.max(needed, places[column]?.end ?? 0);
    if (needed > long.bytes) throw new SqliteFault('a row is shorter than its columns');
    const bytes = await long.first(needed);
    const value = (place: ValuePlace | undefined) => place && valueAt(place, bytes, this.pages.header.encoding);
    return this.wanted.map((column) => value(places[column]));
  }
}

/** Bytes of a row, of which what does not fit the page lies in a chain of others. */
class LongRow {
  /** Page where it goes on; 0 where it does not. */
  next = 0;
  readonly bytes: number;
  private readonly parts: Uint8Array[];
  private readonly take: (page: number) => Promise<Uint8Array>;
  private readonly usable: number;
  private there: number;

  constructor(local: Uint8Array, bytes: number, take: (page: number) => Promise<Uint8Array>, usable: number) {
    this.parts = [local];
    this.there = local.length;
    this.bytes = bytes;
    this.take = take;
    this.usable = usable;
  }

  /** The first bytes of the row, at least so many. */
  async first(count: number): Promise<Uint8Array> {
    if (count > mostRowBytes) throw new SqliteFault(`a row has columns behind its first ${mostRowBytes} bytes`);
    while (this.there < count) {
      if (this.next === 0) throw new SqliteFault('a row breaks off');
      const page = await this.take(this.next);
      this.next = new DataView(page.buffer, page.byteOffset).getUint32(0);
      const part = page.subarray(4, Math.min(this.usable, 4 + this.bytes - this.there));
      this.parts.push(part);
      this.there += part.length;
    }
    if (this.parts.length > 1) {
      const whole = new Uint8Array(this.there);
      let at = 0;
      for (const part of this.parts) {
        whole.set(part, at);
        at += part.length;
      }
      this.parts.splice(0, this.parts.length, whole);
    }
    return this.parts[0]!;
  }
}
