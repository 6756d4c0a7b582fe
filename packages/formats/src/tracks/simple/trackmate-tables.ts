import {
  type Column,
  ColumnBuilder,
  type ColumnDescription,
  type Issue,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { isMissingCell, parseNumber } from '../../tables/delimited/cell-values.ts';
import { type TableDialect, detectDialect } from '../../tables/delimited/dialect.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { delimitedReader } from '../../tables/delimited/read-delimited.ts';
import { readTableHead } from '../../tables/delimited/table-head.ts';
import { scanTable, tableRows, type TableRow } from '../../tables/delimited/table-scan.ts';
import type { Item } from '../../recognition/item.ts';
import { trackFileIssue } from '../track-file-issues.ts';
import type { ColumnMapping, EdgeBatch, ObjectBatch, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';

/** One table of an export, with the types of its columns. */
interface OpenedTable {
  entry: FileEntry;
  source: ByteSource;
  dialect: TableDialect;
}

/**
 * Reads the tables TrackMate exports: spots, and edges and tracks where they lie beside. Without the table of edges,
 * following spots of a track are joined where no frame has several; a track with such a frame branched and is not linked.
 */
export const trackmateTableReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const tables = await openTables(item);
    const where = { file: item.path };
    const { spots, edges, tracks } = tables;
    if (!spots) {
      const message = 'there is no table of spots, which alone has positions';
      return { issues: [trackFileIssue('no-position-columns', message, { where })] };
    }
    const mapping = options.mapping ?? spotMapping(spots.dialect, edges === undefined);
    const issues: Issue[] = [];
    const joining = new TableSink(sink, edges, tracks, options.signal);
    await joining.prepare();
    const spotItem: Item = { ...item, files: [spots.entry], tree: { name: item.tree.name, entries: [spots.entry] } };
    const read = await delimitedReader.stream(spotItem, joining, { ...options, mapping });
    issues.push(...read.issues.filter(({ code }) => code !== 'no-track-column' && code !== 'duplicate-frame-in-track'));
    if (!edges) issues.push(trackFileIssue('links-inferred', 'no table of edges beside the spots', { where }));
    if (joining.branching.size > 0) {
      const message = `${joining.branching.size} tracks have several spots in one frame and are not linked`;
      issues.push(trackFileIssue('branching-lost', message, { where }));
    }
    return { issues };
  },
};

async function openTables(item: Item): Promise<{ spots?: OpenedTable; edges?: OpenedTable; tracks?: OpenedTable }> {
  const found: { spots?: OpenedTable; edges?: OpenedTable; tracks?: OpenedTable } = {};
  for (const entry of item.tree.entries) {
    const source = await entry.open();
    const head = await readTableHead(source);
    const dialect = detectDialect(head, head.length >= source.size);
    if (!dialect) continue;
    const names = new Set(dialect.header.map((name) => name.toUpperCase()));
    const kind = names.has('SPOT_SOURCE_ID') ? 'edges' : names.has('POSITION_X') ? 'spots' : 'tracks';
    found[kind] ??= { entry, source, dialect };
  }
  return found;
}

function spotMapping(dialect: TableDialect, byTrack: boolean): ColumnMapping {
  const find = (wanted: string) => dialect.header.find((name) => name.toUpperCase() === wanted);
  const unitOf = (wanted: string) =>
    dialect.units[dialect.header.findIndex((name) => name.toUpperCase() === wanted)] ?? '';
  const roles: [keyof ColumnMapping, string | undefined][] = [
    ['x', find('POSITION_X')],
    ['y', find('POSITION_Y')],
    ['z', find('POSITION_Z')],
    ['frame', find('FRAME')],
    ['time', find('POSITION_T')],
    ['objectId', find('ID')],
    ['track', byTrack ? find('TRACK_ID') : undefined],
  ];
  const spaceUnit = parseSpaceUnit(unitOf('POSITION_X'));
  const timeUnit = parseTimeUnit(unitOf('POSITION_T'));
  return {
    ...Object.fromEntries(roles.filter(([, name]) => name !== undefined)),
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    frameBase: 0,
  };
}

/** Columns of a table of TrackMate under the names that its XML gives. */
function renamed(column: ColumnDescription): ColumnDescription {
  const key = column.name.toUpperCase();
  const name = key === 'TRACK_ID' ? 'source_track_id' : key === 'LABEL' ? 'name' : column.name.toLowerCase();
  return { ...column, name, ...(name === column.name ? {} : { sourceKey: column.name }) };
}

interface TypedTable extends OpenedTable {
  columns: { at: number; description: ColumnDescription }[];
}

const batchRows = 16_384;

/** Renames what streams by, and adds edges and source tracks from their own tables at the end of the set. */
class TableSink implements TrackSink {
  /** Tracks with several spots in one frame. */
  readonly branching = new Set<number>();
  private readonly sink: TrackSink;
  private readonly edgeTable: OpenedTable | undefined;
  private readonly trackTable: OpenedTable | undefined;
  private readonly signal: AbortSignal | undefined;
  private typedEdges: TypedTable | undefined;
  private readonly trackOf = new Map<number, number>();
  /** Track and frame of each spot, as one number where that is exact. */
  private readonly seen = new Set<number | string>();
  private trackAt = -1;

  constructor(sink: TrackSink, edges: OpenedTable | undefined, tracks: OpenedTable | undefined, signal?: AbortSignal) {
    this.sink = sink;
    this.edgeTable = edges;
    this.trackTable = tracks;
    this.signal = signal;
  }

  async prepare(): Promise<void> {
    if (this.edgeTable) this.typedEdges = await this.typed(this.edgeTable, ['SPOT_SOURCE_ID', 'SPOT_TARGET_ID']);
  }

  async header(header: SetHeader): Promise<void> {
    const objectColumns = header.objectColumns.map(renamed);
    this.trackAt = objectColumns.findIndex(({ name }) => name === 'source_track_id');
    const edgeColumns = this.typedEdges?.columns.map(({ description }) => description) ?? header.edgeColumns;
    await this.sink.header({
      ...header,
      objectColumns,
      edgeColumns,
      provenance: { ...header.provenance, software: 'TrackMate' },
    });
  }

  async objects(batch: ObjectBatch): Promise<void> {
    const track = batch.columns[this.trackAt];
    for (let row = 0; !this.edgeTable && track && row < batch.count; row++) {
      const id = Number(track.values[row]);
      if (track.missing?.[row] === 1 || Number.isNaN(id)) continue;
      this.trackOf.set(batch.id[row]!, id);
      const key = id >= 0 && id < 2 ** 20 ? id * 2 ** 32 + batch.frame[row]! : `${id} ${batch.frame[row]}`;
      if (this.seen.has(key)) this.branching.add(id);
      this.seen.add(key);
    }
    await this.sink.objects({ ...batch, columns: batch.columns.map((column) => ({ ...column, ...renamed(column) })) });
  }

  async edges(batch: EdgeBatch): Promise<void> {
    const kept: number[] = [];
    for (let i = 0; i < batch.count; i++)
      if (!this.branching.has(this.trackOf.get(batch.sourceId[i]!) ?? -1)) kept.push(i);
    if (kept.length === 0) return;
    await this.sink.edges({
      count: kept.length,
      sourceId: Float64Array.from(kept, (i) => batch.sourceId[i]!),
      targetId: Float64Array.from(kept, (i) => batch.targetId[i]!),
      columns: batch.columns,
    });
  }

  async end(): Promise<void> {
    if (this.typedEdges) await this.streamEdges(this.typedEdges);
    if (this.trackTable) await this.readTracks(this.trackTable);
    await this.sink.end();
  }

  private async typed(table: OpenedTable, without: readonly string[]): Promise<TypedTable> {
    const scan = await scanTable(
      table.source,
      table.dialect,
      new IssueTally(),
      this.signal ? { signal: this.signal } : {},
    );
    return {
      ...table,
      columns: scan.columns.flatMap((column, at) =>
        without.includes(column.name.toUpperCase()) ? [] : [{ at, description: renamed(column) }],
      ),
    };
  }

  private async streamEdges({ source, dialect, columns }: TypedTable): Promise<void> {
    const at = (wanted: string) => dialect.header.findIndex((name) => name.toUpperCase() === wanted);
    const [from, to] = [at('SPOT_SOURCE_ID'), at('SPOT_TARGET_ID')];
    for await (const rows of tableRows(source, dialect, new IssueTally(), this.signal ? { signal: this.signal } : {}))
      for (let start = 0; start < rows.length; start += batchRows) {
        const part = rows.slice(start, start + batchRows);
        const ids = (position: number) =>
          Float64Array.from(part, ({ cells }) => parseNumber(cells[position] ?? '') ?? -1);
        await this.sink.edges({
          count: part.length,
          sourceId: ids(from),
          targetId: ids(to),
          columns: columnsOf(columns, part),
        });
      }
  }

  private async readTracks(table: OpenedTable): Promise<void> {
    const { source, dialect, columns } = await this.typed(table, []);
    const all: TableRow[] = [];
    for await (const rows of tableRows(source, dialect, new IssueTally(), this.signal ? { signal: this.signal } : {}))
      all.push(...rows);
    await this.sink.sourceTracks?.(columnsOf(columns, all), all.length);
  }
}

function columnsOf(columns: TypedTable['columns'], rows: readonly TableRow[]): Column[] {
  return columns.map(({ at, description }) => {
    const builder = new ColumnBuilder(description, rows.length);
    for (const [row, { cells }] of rows.entries()) {
      const cell = cells[at] ?? '';
      builder.set(row, isMissingCell(cell) ? undefined : valueOf(cell, description.type));
    }
    return builder.finish(rows.length);
  });
}

function valueOf(cell: string, type: ColumnDescription['type']): number | string | boolean | undefined {
  if (type === 'string') return cell;
  return type === 'bool' ? cell.trim().toLowerCase() === 'true' : parseNumber(cell);
}
