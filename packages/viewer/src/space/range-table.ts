import { type ByteSource, openParquet, type ParquetGroup, type ParquetTable } from '@micrarium/formats';
import type { Column } from '@micrarium/model';
import { joinedSpans, type Span, spansOf } from './slab-plan.ts';

/** Values of a column in one row group. */
export type SlabColumn = Pick<Column, 'values' | 'missing'>;

/** Serves what was fetched ahead from memory, and everything else from the source below. */
class HeldSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly below: ByteSource;
  private readonly held = new Set<{ from: number; bytes: Uint8Array }>();
  bytesRead = 0;
  requests = 0;

  constructor(below: ByteSource) {
    this.below = below;
    this.name = below.name;
    this.size = below.size;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    for (const { from, bytes } of this.held)
      if (offset >= from && offset + length <= from + bytes.length)
        return bytes.slice(offset - from, offset - from + length);
    return this.fetch(offset, length, signal);
  }

  /** Fetches stretches and keeps them until the answer is called. */
  async hold(spans: readonly Span[], signal: AbortSignal | undefined): Promise<() => void> {
    const made = await Promise.all(
      spans.map(async ({ from, to }) => ({ from, bytes: await this.fetch(from, to - from, signal) })),
    );
    for (const one of made) this.held.add(one);
    return () => {
      for (const one of made) this.held.delete(one);
    };
  }

  private async fetch(offset: number, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    this.requests++;
    const bytes = await this.below.read(offset, length, signal);
    this.bytesRead += bytes.length;
    return bytes;
  }
}

/** Most values kept decoded, over all columns and row groups of a table: about half a gigabyte of numbers. */
const mostKeptValues = 64_000_000;

/**
 * A stored table of which single row groups are read: columns of a group that lie near each other come with one request,
 * and what was read is kept until there is too much of it.
 */
export class RangeTable {
  readonly rows: number;
  readonly groups: readonly ParquetGroup[];
  readonly table: ParquetTable;
  private readonly source: HeldSource;
  /** Columns by group and name; the oldest use first. */
  private readonly kept = new Map<string, { column: Promise<SlabColumn>; values: number }>();
  private keptValues = 0;

  private constructor(source: HeldSource, table: ParquetTable) {
    this.source = source;
    this.table = table;
    this.rows = table.rows;
    this.groups = table.groups;
  }

  /** Opens a table. @throws ParquetFormatError for what is none, ByteSourceError where the bytes cannot be had */
  static async open(source: ByteSource): Promise<RangeTable> {
    const held = new HeldSource(source);
    return new RangeTable(held, await openParquet(held));
  }

  /** Bytes and requests so far. */
  get traffic(): { bytes: number; requests: number } {
    return { bytes: this.source.bytesRead, requests: this.source.requests };
  }

  /** Does the table have a column? */
  has(name: string): boolean {
    return this.table.columns.some((column) => column.name === name);
  }

  /** Bytes a column takes in the whole file. */
  bytesOf(name: string): number {
    return this.groups.reduce((sum, group) => {
      const chunk = group.columns.get(name);
      return sum + (chunk ? chunk.to - chunk.from : 0);
    }, 0);
  }

  /** Columns of one row group, in the order asked for. */
  async read(group: number, names: readonly string[], signal?: AbortSignal): Promise<SlabColumn[]> {
    const missing = names.filter((name) => !this.kept.has(`${group} ${name}`));
    if (missing.length > 0) this.begin(group, [...new Set(missing)], signal);
    return Promise.all(names.map((name) => this.taken(`${group} ${name}`)));
  }

  /** A column of the whole table, group after group. */
  async *column(name: string, signal?: AbortSignal): AsyncGenerator<{ start: number; end: number } & SlabColumn> {
    for (const [index, { start, end }] of this.groups.entries()) {
      signal?.throwIfAborted();
      const [column] = await this.read(index, [name], signal);
      yield { start, end, ...column! };
    }
  }

  private begin(group: number, names: readonly string[], signal: AbortSignal | undefined): void {
    const { start, end } = this.groups[group]!;
    const held = this.source.hold(joinedSpans(spansOf(this.groups[group]!, names)), signal);
    const columns = names.map((name) => held.then(() => this.table.read(name, start, end)));
    void Promise.allSettled(columns).then(() =>
      held.then(
        (release) => release(),
        () => {},
      ),
    );
    for (const [at, name] of names.entries()) {
      const key = `${group} ${name}`;
      this.kept.set(key, { column: columns[at]!, values: end - start });
      this.keptValues += end - start;
      // What could not be read is asked for again the next time.
      columns[at]!.catch(() => this.forget(key));
    }
    for (const key of this.kept.keys()) {
      if (this.keptValues <= mostKeptValues) break;
      this.forget(key);
    }
  }

  private taken(key: string): Promise<SlabColumn> {
    const found = this.kept.get(key);
    if (!found) return Promise.reject(new Error(`${key} was given up`));
    this.kept.delete(key);
    this.kept.set(key, found);
    return found.column;
  }

  private forget(key: string): void {
    const found = this.kept.get(key);
    if (!found) return;
    this.kept.delete(key);
    this.keptValues -= found.values;
  }
}
