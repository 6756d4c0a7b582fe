import type { Column, ColumnDescription, Issue } from '@micrarium/model';
import type { Item } from '../../recognition/item.ts';
import { withFindings } from '../findings.ts';
import { ObservingIndexer, type TrackIndex } from '../track-index.ts';
import type {
  EdgeBatch,
  FileSink,
  ObjectBatch,
  ReadOptions,
  SetHeader,
  TrackReader,
  TrackSink,
} from '../track-reader.ts';
import { SourceTrackMap } from './source-track-map.ts';
import {
  edgeColumns,
  metadataKey,
  objectColumns,
  sourceTrackName,
  type StoredFeature,
  storedColumn,
  storedFeatures,
  type TableDescription,
  tableFiles,
  type TableName,
  trackColumns,
  vertexColumns,
} from './stored-tables.ts';
import {
  groupRows,
  objectGroupRows,
  ParquetTableWriter,
  type StoredColumn,
  type StoredValues,
} from './table-writer.ts';

/** Options of `writeTrackTables`. */
export interface WriteTablesOptions extends Omit<ReadOptions, 'graphOnly'> {
  /**
   * Write one file after the other, for sinks that hold one open file at a time (a zip); the source is then walked
   * once more for each table.
   */
  oneFileAtATime?: boolean;
}

/** What was written. */
export interface WrittenTables {
  /** One entry a set: the folder of its tables (`''` for the only set) and what was learned of it. */
  sets: { folder: string; index: TrackIndex }[];
  issues: Issue[];
  formatVersion?: string;
}

/** The source gave other rows in the second pass than in the first: a fault of its reader. */
export class UnsteadyReaderError extends Error {
  override readonly name = 'UnsteadyReaderError';
}

/**
 * Writes the stored tables of every set of an item, streaming: a first pass makes the index (ids of links and tracks),
 * a second one writes rows. Memory is the index and two row groups, whatever the size of the source. One set is
 * written to the root of the sink, several to the folders `set-1`, `set-2`...
 */
export async function writeTrackTables(
  reader: TrackReader,
  item: Item,
  sink: FileSink,
  options: WriteTablesOptions = {},
): Promise<WrittenTables> {
  const { oneFileAtATime = false, onProgress, ...rest } = options;
  const passes: readonly (readonly TableName[])[] = oneFileAtATime
    ? [['objects'], ['vertices'], ['edges']]
    : [['objects', 'vertices', 'edges']];
  const progress = (pass: number) =>
    onProgress ? { onProgress: (done: number) => onProgress((pass + done) / (passes.length + 1)) } : {};
  const first = new FirstPass(item.path);
  const { issues, formatVersion } = await reader.stream(item, first, { ...rest, graphOnly: true, ...progress(0) });
  const { indexes } = first;
  const folders = indexes.map((_, number) => (indexes.length === 1 ? '' : `set-${number + 1}`));
  const maps = indexes.map(() => new SourceTrackMap());
  for (const [number, tables] of passes.entries()) {
    const second = new SecondPass({ first, folders, maps, sink, tables });
    await reader.stream(item, second, { ...rest, ...progress(number + 1) });
    second.check();
  }
  for (const [number, index] of indexes.entries()) {
    if (index.sourceTracks) await writeSourceTracks(sink, folders[number]!, index);
    await writeTracks(sink, folders[number]!, index, maps[number]!);
  }
  return {
    sets: indexes.map((index, number) => ({ folder: folders[number]!, index })),
    issues: withFindings([...issues, ...first.issues], first.findings),
    ...(formatVersion === undefined ? {} : { formatVersion }),
  };
}

/** Index and, where columns come with values, which whole-number columns hold fractions. */
class FirstPass extends ObservingIndexer {
  readonly fractions: Set<string>[] = [];
  readonly withShapes: boolean[] = [];
  private columns: { objects: readonly ColumnDescription[]; edges: readonly ColumnDescription[] } = {
    objects: [],
    edges: [],
  };

  override header(header: SetHeader): void {
    super.header(header);
    this.columns = { objects: header.objectColumns, edges: header.edgeColumns };
    this.fractions.push(new Set());
    this.withShapes.push(false);
  }

  override objects(batch: ObjectBatch): void {
    super.objects(batch);
    this.look('objects', batch.columns, batch.count);
  }

  override edges(batch: EdgeBatch): void {
    super.edges(batch);
    this.look('edges', batch.columns, batch.count);
  }

  private look(table: 'objects' | 'edges', columns: readonly Column[], count: number): void {
    const found = this.fractions.at(-1)!;
    for (const column of columns)
      if (column.type === 'int' && hasFractions(column, count)) found.add(`${table}.${column.name}`);
  }
}

/** Does a column hold values that are no whole numbers? */
function hasFractions({ values, missing }: Column, count: number): boolean {
  if (!(values instanceof Float64Array || values instanceof Float32Array)) return false;
  for (let row = 0; row < count; row++) if (missing?.[row] !== 1 && !Number.isSafeInteger(values[row])) return true;
  return false;
}

interface SecondPassPlan {
  first: FirstPass;
  folders: readonly string[];
  maps: readonly SourceTrackMap[];
  sink: FileSink;
  tables: readonly TableName[];
}

/** Writes the rows of objects, vertices and edges, each with its ids from the index. */
class SecondPass implements TrackSink {
  private readonly plan: SecondPassPlan;
  private set = -1;
  private row = 0;
  private position = 0;
  private objectTable: ParquetTableWriter | undefined;
  private vertexTable: ParquetTableWriter | undefined;
  private edgeTable: ParquetTableWriter | undefined;

  constructor(plan: SecondPassPlan) {
    this.plan = plan;
  }

  async header(header: SetHeader): Promise<void> {
    this.set++;
    this.row = 0;
    this.position = 0;
    if (this.set >= this.plan.first.indexes.length) throw new UnsteadyReaderError('the second pass gave more sets');
    const { tables } = this.plan;
    if (tables.includes('objects'))
      this.objectTable = await this.open('objects', objectColumns(header), header.objectColumns);
    if (tables.includes('edges')) this.edgeTable = await this.open('edges', edgeColumns(), header.edgeColumns);
  }

  async objects(batch: ObjectBatch): Promise<void> {
    const { index } = this;
    const { count } = batch;
    if (this.row + count > index.objectCount) throw new UnsteadyReaderError('the second pass gave more objects');
    const own = this.ownColumns(count);
    if (batch.shapes && this.plan.tables.includes('vertices')) await this.writeVertices(batch, own.id);
    const byColumn = sourceTrackColumnOf(this.index.header.objectColumns);
    if (byColumn >= 0) this.noteSourceTracks(batch.columns[byColumn]!, count, (i) => index.trackOf(this.row + i));
    await this.objectTable?.append(count, [
      { values: own.id },
      { values: batch.frame },
      ...(batch.time ? [{ values: batch.time }] : []),
      { values: batch.x },
      { values: batch.y },
      ...(batch.z ? [{ values: batch.z }] : []),
      orAbsent(own.link),
      orAbsent(own.track),
      ...batch.columns.map((column) => this.stored('objects', column, count)),
    ]);
    this.row += count;
  }

  /** What the index knows of the next objects. */
  private ownColumns(count: number): { id: Float64Array; link: Float64Array; track: Float64Array } {
    const { index, row } = this;
    const own = { id: new Float64Array(count), link: new Float64Array(count), track: new Float64Array(count) };
    for (let i = 0; i < count; i++) {
      own.id[i] = index.idOf(row + i);
      own.link[i] = index.linkOf(row + i);
      own.track[i] = index.trackOf(row + i);
    }
    return own;
  }

  async edges(batch: EdgeBatch): Promise<void> {
    const { index } = this;
    if (this.position + batch.count > index.edgeCount) throw new UnsteadyReaderError('the second pass gave more edges');
    const kept = this.keptEdges(batch.count);
    const { count } = kept.rows;
    const pick = (column: Column): StoredValues => {
      const stored = this.stored('edges', column, batch.count);
      return count === batch.count ? stored : picked(stored, kept.rows.values);
    };
    const byColumn = sourceTrackColumnOf(index.header.edgeColumns);
    if (byColumn >= 0)
      this.noteSourceTracks(batch.columns[byColumn]!, batch.count, (i) => {
        const source = index.sourceOf(this.position + i);
        return source < 0 ? -1 : index.trackOf(source);
      });
    await this.edgeTable?.append(count, [
      { values: kept.sourceId },
      { values: kept.targetId },
      { values: kept.link },
      { values: kept.gap },
      { values: kept.split },
      { values: kept.merge },
      ...batch.columns.map(pick),
    ]);
    this.position += batch.count;
  }

  async end(): Promise<void> {
    if (this.row !== this.index.objectCount || this.position !== this.index.edgeCount)
      throw new UnsteadyReaderError('the second pass gave fewer rows');
    await this.objectTable?.close();
    await this.vertexTable?.close();
    await this.edgeTable?.close();
    this.objectTable = this.vertexTable = this.edgeTable = undefined;
  }

  /** Our own columns of the edges of a batch that are kept, and which rows of the batch those are. */
  private keptEdges(size: number): KeptEdges {
    const { index, position } = this;
    const rows = new Uint32Array(size);
    let count = 0;
    for (let i = 0; i < size; i++) if (index.sourceOf(position + i) >= 0) rows[count++] = i;
    const kept: KeptEdges = {
      rows: { count, values: rows.subarray(0, count) },
      sourceId: new Float64Array(count),
      targetId: new Float64Array(count),
      link: new Float64Array(count),
      gap: new Float64Array(count),
      split: new Float64Array(count),
      merge: new Float64Array(count),
    };
    for (let i = 0; i < count; i++) {
      const at = position + rows[i]!;
      const source = index.sourceOf(at);
      const target = index.targetOf(at);
      kept.sourceId[i] = index.idOf(source);
      kept.targetId[i] = index.idOf(target);
      kept.link[i] = index.linkOfEdge(at);
      kept.gap[i] = Number(index.frameOf(target) - index.frameOf(source) > 1);
      kept.split[i] = Number(index.splitsAt(source));
      kept.merge[i] = Number(index.mergesAt(target));
    }
    return kept;
  }

  /** Complains where the second pass gave fewer sets. */
  check(): void {
    if (this.set + 1 !== this.plan.first.indexes.length)
      throw new UnsteadyReaderError('the second pass gave fewer sets');
  }

  private get index(): TrackIndex {
    return this.plan.first.indexes[this.set]!;
  }

  private async open(
    table: 'objects' | 'edges' | 'vertices',
    ours: { stored: StoredColumn[]; described: ColumnDescription[] },
    columns: readonly ColumnDescription[],
  ): Promise<ParquetTableWriter> {
    const features = storedFeatures(columns, ours.stored);
    const fractions = this.plan.first.fractions[this.set]!;
    const stored = features.map((one) => storedColumn(one, fractions.has(`${table}.${one.name}`)));
    const file = await this.plan.sink.create(pathOf(this.plan.folders[this.set]!, table));
    const metadata = description(this.index, table, ours.described, features);
    const rows = table === 'objects' ? objectGroupRows(this.index.objectCount) : groupRows;
    return new ParquetTableWriter(file, [...ours.stored, ...stored], metadata, rows);
  }

  /** A feature as stored. Whole-number columns that turn out not to be whole lose those values, never the file. */
  private stored(table: 'objects' | 'edges', column: Column, count: number): StoredValues {
    const { values, missing } = column;
    const wide = this.plan.first.fractions[this.set]!.has(`${table}.${column.name}`);
    if (column.type !== 'int' || wide || !hasFractions(column, count))
      return { values, ...(missing ? { missing } : {}) };
    const gaps = missing ? missing.slice(0, count) : new Uint8Array(count);
    const whole = Float64Array.from({ length: count }, (_, row) => {
      if (Number.isSafeInteger(values[row])) return values[row] as number;
      gaps[row] = 1;
      return 0;
    });
    return { values: whole, missing: gaps };
  }

  private noteSourceTracks(column: Column, count: number, trackAt: (i: number) => number): void {
    const map = this.plan.maps[this.set]!;
    for (let i = 0; i < count; i++) if (column.missing?.[i] !== 1) map.note(column.values[i]!, trackAt(i));
  }

  private async writeVertices(batch: ObjectBatch, ids: Float64Array): Promise<void> {
    this.vertexTable ??= await this.open('vertices', vertexColumns(this.index.header), []);
    const { partOffsets, vertexOffsets, xyz } = batch.shapes!;
    const parts = partOffsets[batch.count]!;
    const id: number[] = [];
    const number: number[] = [];
    const vertex: number[] = [];
    let row = 0;
    for (let part = 0; part < parts; part++) {
      while (partOffsets[row + 1]! <= part) row++;
      const [from, to] = [vertexOffsets[part]!, vertexOffsets[part + 1]!];
      for (let at = from; at < Math.max(to, from + 1); at++) {
        id.push(ids[row]!);
        number.push(part - partOffsets[row]!);
        vertex.push(to === from ? -1 : at);
      }
    }
    const missing = Uint8Array.from(vertex, (at) => Number(at < 0));
    const axis = (offset: number): StoredValues => ({
      values: Float64Array.from(vertex, (at) => (at < 0 ? 0 : xyz[at * 3 + offset]!)),
      ...(missing.includes(1) ? { missing } : {}),
    });
    await this.vertexTable.append(id.length, [{ values: id }, { values: number }, axis(0), axis(1), axis(2)]);
  }
}

interface KeptEdges {
  rows: { count: number; values: Uint32Array };
  sourceId: Float64Array;
  targetId: Float64Array;
  link: Float64Array;
  gap: Float64Array;
  split: Float64Array;
  merge: Float64Array;
}

function sourceTrackColumnOf(columns: readonly ColumnDescription[]): number {
  return columns.findIndex(({ name }) => name === sourceTrackName);
}

function orAbsent(values: Float64Array): StoredValues {
  let missing: Uint8Array | undefined;
  for (let row = 0; row < values.length; row++)
    if (values[row]! < 0) {
      missing ??= new Uint8Array(values.length);
      missing[row] = 1;
    }
  return { values, ...(missing ? { missing } : {}) };
}

function picked({ values, missing }: StoredValues, rows: Uint32Array): StoredValues {
  const chosen = Array.from(rows, (row) => values[row]!) as number[] | string[];
  return { values: chosen, ...(missing ? { missing: Uint8Array.from(rows, (row) => missing[row]!) } : {}) };
}

function pathOf(folder: string, table: TableName): string {
  return folder === '' ? tableFiles[table] : `${folder}/${tableFiles[table]}`;
}

/** The metadata of a table, one JSON text. */
function description(
  index: TrackIndex,
  table: TableName,
  own: ColumnDescription[],
  features: StoredFeature[],
): Record<string, string> {
  const { objectColumns: _o, edgeColumns: _e, ...set } = index.header;
  const { counts, extent } = index;
  const described: TableDescription = { version: 1, table, set, counts, ...(extent ? { extent } : {}), own, features };
  return { [metadataKey]: JSON.stringify(described) };
}

async function writeSourceTracks(sink: FileSink, folder: string, index: TrackIndex): Promise<void> {
  const { columns, count } = index.sourceTracks!;
  const features = storedFeatures(columns, []);
  const stored = features.map((one, i) => storedColumn(one, hasFractions(columns[i]!, count)));
  const file = await sink.create(pathOf(folder, 'sourceTracks'));
  const table = new ParquetTableWriter(file, stored, description(index, 'sourceTracks', [], features));
  await table.append(count, columns);
  await table.close();
}

/** One row a computed track, with the columns of its source track where each has exactly one of the other. */
async function writeTracks(sink: FileSink, folder: string, index: TrackIndex, map: SourceTrackMap): Promise<void> {
  const summaries = index.trackSummaries();
  const { count } = summaries;
  const ours = trackColumns();
  const rows = index.sourceTracks ? map.rowsOfTracks(index.sourceTracks, count) : undefined;
  const joined = rows ? index.sourceTracks!.columns : [];
  const features = storedFeatures(joined, ours.stored);
  const stored = features.map((one, i) => storedColumn(one, hasFractions(joined[i]!, index.sourceTracks!.count)));
  const file = await sink.create(pathOf(folder, 'tracks'));
  const table = new ParquetTableWriter(
    file,
    [...ours.stored, ...stored],
    description(index, 'tracks', ours.described, features),
  );
  await table.append(count, [
    { values: Float64Array.from({ length: count }, (_, track) => track) },
    { values: summaries.firstFrame },
    { values: summaries.lastFrame },
    { values: summaries.objects },
    { values: summaries.edges },
    { values: summaries.splits },
    { values: summaries.merges },
    ...joined.map(({ values, missing }) => picked({ values, ...(missing ? { missing } : {}) }, rows!)),
  ]);
  await table.close();
}
