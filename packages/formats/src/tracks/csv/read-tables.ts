import {
  type Column,
  ColumnBuilder,
  type ColumnDescription,
  type Issue,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import { baseName, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { IssueTally, type TableIssueCode, tableIssue } from '../../tables/delimited/issues.ts';
import { type TableRow, scanTable, tableRows } from '../../tables/delimited/table-scan.ts';
import { typedCell } from '../cmso/feature-tables.ts';
import { type CmsoIssueCode, cmsoIssue } from '../cmso/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import type { ReadOptions, SetHeader, TrackSink } from '../track-reader.ts';
import { parentSeparator } from './objects-csv.ts';
import { type OwnTable, describedColumns, openOwnTable } from './own-tables.ts';

const absent: ReadonlySet<string> = new Set(['']);

/**
 * Reads the tables our CSV writers write: one table of objects, or a folder with the tables of edges and tracks and the
 * descriptions of all columns. Nothing is guessed but, for a table alone, the types of its columns.
 */
export async function readOwnTables(item: Item, sink: TrackSink, options: ReadOptions): Promise<{ issues: Issue[] }> {
  const tally = new IssueTally<CmsoIssueCode>();
  const rowTally = new IssueTally<TableIssueCode>();
  const open = async (name: string) => {
    const entry = item.tree.entries.find(({ path }) => baseName(path) === name);
    return entry && (await openOwnTable(entry.path, await entry.open()));
  };
  const columns = await open('columns.csv');
  const only = item.tree.entries.length === 1 ? item.tree.entries[0]! : undefined;
  const objects = only ? await openOwnTable(only.path, await only.open()) : await open('objects.csv');
  if (!objects) return { issues: [] };
  const described = columns ? await describedColumns(columns) : new Map<string, ColumnDescription[]>();
  const objectColumns = await columnsOf(objects, described.get('objects.csv'), rowTally, options.signal);
  const edges = columns && (await open('edges.csv'));
  const edgeColumns = edges
    ? (await columnsOf(edges, described.get('edges.csv'), rowTally, options.signal)).slice(edgeKeyCount)
    : [];
  const header = headerOf(
    only ? stemOf(objects.source.name) : stemOf(item.path) || 'tracks',
    objectColumns,
    edgeColumns,
  );
  const stream = await RowStream.begin(sink, header, options.signal);
  await readObjects(objects, header, stream, { tally, rowTally, options, isAlone: !edges });
  if (edges) await readEdges(edges, edgeColumns, stream, tally);
  await stream.finishRows();
  const tracks = columns && (await open('source_tracks.csv'));
  if (tracks && sink.sourceTracks) {
    const about = await columnsOf(tracks, described.get('source_tracks.csv'), rowTally, options.signal);
    const { values, count } = await readTracks(tracks, about, tally);
    await sink.sourceTracks(values, count);
  }
  await sink.end();
  const where = { where: { file: item.path } };
  const issues = [...tally.issues(cmsoIssue, item.path, {}), ...rowTally.issues(tableIssue, item.path, {})];
  if (!header.spaceUnit)
    issues.push(tableIssue('no-units', 'the table does not say in which unit its positions are', where));
  else if (header.spaceUnit === 'pixel') issues.push(tableIssue('pixel-units-only', 'positions are in pixels', where));
  return { issues };
}

/** source_object_id, target_object_id, link_id, gap, split, merge. */
const edgeKeyCount = 6;

/** Columns as described, where the description fits the header; else by name and the type of their values. */
async function columnsOf(
  { source, dialect }: OwnTable,
  described: readonly ColumnDescription[] | undefined,
  tally: IssueTally<TableIssueCode>,
  signal: AbortSignal | undefined,
): Promise<ColumnDescription[]> {
  const { header } = dialect;
  if (described && described.length === header.length && described.every(({ name }, i) => name === header[i]))
    return [...described];
  const { columns } = await scanTable(source, dialect, tally, signal ? { signal } : {});
  return columns.map((column) => described?.find(({ name }) => name === column.name) ?? column);
}

function headerOf(
  name: string,
  columns: readonly ColumnDescription[],
  edgeColumns: readonly ColumnDescription[],
): SetHeader {
  const named = (wanted: string) => columns.find((column) => column.name === wanted);
  const own = columns.findIndex((column) => column.name === 'parent_object_ids') + 1;
  const [space, time] = [named('x')?.unit, named('time')?.unit];
  const spaceUnit = space === undefined ? undefined : parseSpaceUnit(space);
  const timeUnit = time === undefined ? undefined : parseTimeUnit(time);
  const first = columns.slice(0, own).map((column) => column.name);
  return pointHeader(name, {
    hasZ: first.includes('z'),
    hasTime: first.includes('time'),
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    ...(space === undefined ? {} : { sourceSpaceUnit: space }),
    ...(time === undefined ? {} : { sourceTimeUnit: time }),
    objectColumns: columns.slice(own),
    edgeColumns,
  });
}

interface Reading {
  tally: IssueTally<CmsoIssueCode>;
  rowTally: IssueTally<TableIssueCode>;
  options: ReadOptions;
  /** Is there no table of edges, so that the parents of each object name them? */
  isAlone: boolean;
}

async function readObjects(
  { source, dialect, path }: OwnTable,
  header: SetHeader,
  stream: RowStream,
  { tally, rowTally, options, isAlone }: Reading,
): Promise<void> {
  const own = dialect.header.indexOf('parent_object_ids') + 1;
  const at = (name: string) => dialect.header.slice(0, own).indexOf(name);
  const [x, y, z, time] = [at('x'), at('y'), at('z'), at('time')];
  const walk = {
    ...(options.signal ? { signal: options.signal } : {}),
    onBytes: (done: number) => options.onProgress?.(done / source.size),
  };
  for await (const rows of tableRows(source, dialect, new IssueTally(), walk))
    for (const row of rows) {
      const number = (position: number) => parseNumber(row.cells[position] ?? '') ?? Number.NaN;
      const [id, frame] = [number(0), number(1)];
      if (!Number.isSafeInteger(id) || !Number.isInteger(frame) || Math.abs(frame) >= 2 ** 31) {
        rowTally.note('row-without-frame', { line: row.line, row: row.row + 1 }, `line ${row.line}`);
        continue;
      }
      const full = stream.object({
        id,
        frame,
        x: number(x),
        y: number(y),
        ...(z >= 0 ? { z: number(z) } : {}),
        ...(time >= 0 ? { time: number(time) } : {}),
        values: header.objectColumns.map((column, i) => typedCell(row, own + i, column, absent, path, tally)),
      });
      if (full) await full;
      if (isAlone) await addParents(row, row.cells[own - 1] ?? '', id, stream, rowTally);
    }
}

async function addParents(
  row: TableRow,
  cell: string,
  id: number,
  stream: RowStream,
  tally: IssueTally<TableIssueCode>,
): Promise<void> {
  for (const text of cell === '' ? [] : cell.split(parentSeparator)) {
    const parent = parseNumber(text);
    if (parent === undefined)
      tally.note('not-a-number', { line: row.line }, `line ${row.line}: parent "${text.slice(0, 40)}"`);
    else {
      const full = stream.edge(parent, id);
      if (full) await full;
    }
  }
}

async function readEdges(
  { source, dialect, path }: OwnTable,
  columns: readonly ColumnDescription[],
  stream: RowStream,
  tally: IssueTally<CmsoIssueCode>,
): Promise<void> {
  for await (const rows of tableRows(source, dialect, new IssueTally()))
    for (const row of rows) {
      const [from, to] = [parseNumber(row.cells[0] ?? ''), parseNumber(row.cells[1] ?? '')];
      if (from === undefined || to === undefined) continue;
      const values = columns.map((column, i) => typedCell(row, edgeKeyCount + i, column, absent, path, tally));
      const full = stream.edge(from, to, values);
      if (full) await full;
    }
}

/** Rows of the table of tracks; more of them than memory should hold are not read. */
const mostTracks = 5_000_000;

async function readTracks(
  { source, dialect, path }: OwnTable,
  columns: readonly ColumnDescription[],
  tally: IssueTally<CmsoIssueCode>,
): Promise<{ values: Column[]; count: number }> {
  const builders = columns.map((column) => new ColumnBuilder(column));
  let count = 0;
  for await (const rows of tableRows(source, dialect, new IssueTally()))
    for (const row of rows) {
      if (count >= mostTracks) break;
      for (const [i, column] of columns.entries())
        builders[i]!.set(count, typedCell(row, i, column, absent, path, tally));
      count++;
    }
  return { values: builders.map((builder) => builder.finish(count)), count };
}
