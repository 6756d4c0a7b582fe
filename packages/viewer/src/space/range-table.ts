import { type ByteSource, openParquet, type ParquetGroup, type ParquetTable } from '@micrarium/formats';
import type { Column } from '@micrarium/model';
import { askedSpans, type GroupColumns, groupBatches, type Span, spansOf } from './slab-plan.ts';

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
    return (await this.readAll([group], names, signal))[0]!;
  }

  /** Columns of several row groups, in the order asked for: groups that lie near each other in the file come with one request. */
  async readAll(groups: readonly number[], names: readonly string[], signal?: AbortSignal): Promise<SlabColumn[][]> {
    const taken = new Map<number, Promise<SlabColumn[]>>();
    for (const batch of this.batchesOf(groups, names)) this.take(batch, names, signal, taken);
    return Promise.all(groups.map((group) => taken.get(group)!));
  }

  /** The same one after the other, so that what was looked through need not be held. */
  async *each(
    groups: readonly number[],
    names: readonly string[],
    signal?: AbortSignal,
  ): AsyncGenerator<{ group: number; columns: SlabColumn[] }> {
    for (const batch of this.batchesOf(groups, names)) {
      signal?.throwIfAborted();
      const taken = new Map<number, Promise<SlabColumn[]>>();
      this.take(batch, names, signal, taken);
      for (const [group, columns] of taken) yield { group, columns: await columns };
    }
  }

  private batchesOf(groups: readonly number[], names: readonly string[]): GroupColumns[][] {
    return groupBatches(
      this.groups,
      [...new Set(groups)].map((index) => ({ index, names: this.missing(index, names) })),
    );
  }

  private missing(group: number, names: readonly string[]): string[] {
    return [...new Set(names)].filter((name) => !this.kept.has(`${group} ${name}`));
  }

  /** Takes a batch: what is kept before the rest is begun, which may push it out. */
  private take(
    batch: readonly GroupColumns[],
    names: readonly string[],
    signal: AbortSignal | undefined,
    taken: Map<number, Promise<SlabColumn[]>>,
  ): void {
    const missing = batch.map(({ index }) => ({ index, names: this.missing(index, names) }));
    const found = new Map<string, Promise<SlabColumn>>();
    for (const { index } of batch)
      for (const name of names) {
        const kept = this.used(`${index} ${name}`);
        if (kept) found.set(`${index} ${name}`, kept);
      }
    const wanted = missing.filter((one) => one.names.length > 0);
    if (wanted.length > 0) this.begin(wanted, found, signal);
    for (const { index } of batch) {
      const columns = Promise.all(names.map((name) => found.get(`${index} ${name}`)!));
      // Who stops at the first fault asks for no other group of the batch.
      columns.catch(() => {});
      taken.set(index, columns);
    }
  }

  /** A column of the whole table, group after group. */
  async *column(name: string, signal?: AbortSignal): AsyncGenerator<{ start: number; end: number } & SlabColumn> {
    for await (const { group, columns } of this.each([...this.groups.keys()], [name], signal)) {
      const { start, end } = this.groups[group]!;
      yield { start, end, ...columns[0]! };
    }
  }

  private begin(
    batch: readonly GroupColumns[],
    found: Map<string, Promise<SlabColumn>>,
    signal: AbortSignal | undefined,
  ): void {
    const spans = batch.flatMap(({ index, names }) => spansOf(this.groups[index]!, names));
    const held = this.source.hold(askedSpans(spans), signal);
    const columns: Promise<SlabColumn>[] = [];
    for (const { index, names } of batch) {
      const { start, end } = this.groups[index]!;
      for (const name of names) {
        const key = `${index} ${name}`;
        const column = held.then(() => this.table.read(name, start, end));
        columns.push(column);
        found.set(key, column);
        this.kept.set(key, { column, values: end - start });
        this.keptValues += end - start;
        // What could not be read is asked for again the next time.
        column.catch(() => this.forget(key));
      }
    }
    void Promise.allSettled(columns).then(() =>
      held.then(
        (release) => release(),
        () => {},
      ),
    );
    for (const key of this.kept.keys()) {
      if (this.keptValues <= mostKeptValues) break;
      this.forget(key);
    }
  }

  /** A kept column, which becomes the newest; `undefined` where it is not kept. */
  private used(key: string): Promise<SlabColumn> | undefined {
    const found = this.kept.get(key);
    if (!found) return undefined;
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
