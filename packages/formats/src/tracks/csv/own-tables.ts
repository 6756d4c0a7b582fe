import type { ColumnDescription, ColumnType } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileTree, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { TableDialect } from '../../tables/delimited/dialect.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RecordCutter } from '../../tables/delimited/records.ts';
import { tableRows } from '../../tables/delimited/table-scan.ts';

/** A table of ours, ready to be read by row. */
export interface OwnTable {
  path: string;
  source: ByteSource;
  dialect: TableDialect;
}

/** Header of `columns.csv`, by which a folder of our tables is known. */
export const columnsHeader = ['table', 'name', 'type', 'unit', 'description', 'source_key'] as const;

/** Columns the object table ends its own ones with, by which a single table of ours is known. */
export const objectKeys = ['link_id', 'track_id', 'parent_object_ids'] as const;

const tableNames = ['objects.csv', 'edges.csv', 'source_tracks.csv', 'columns.csv'];

/** Opens a table of ours: UTF-8, commas, a header line. */
export async function openOwnTable(path: string, source: ByteSource): Promise<OwnTable> {
  const head = await source.read(0, 65_536);
  const text = new TextDecoder().decode(head);
  const { records, lines } = new RecordCutter({ delimiter: ',' }, new IssueTally()).feed(
    text,
    head.length >= source.size,
  );
  const header = records[0] ?? [];
  const dialect: TableDialect = {
    delimiter: ',',
    encoding: 'utf-8',
    header,
    units: header.map(() => ''),
    hasHeader: true,
    firstDataLine: lines[1] ?? (lines[0] ?? 0) + 1,
    decimalComma: false,
    consistency: 1,
    sample: [],
    sampleBlocks: [],
  };
  return { path, source, dialect };
}

/** Is a header that of our object table? Its own columns stand first and in order. */
export function isOwnHeader(header: readonly string[]): boolean {
  const at = header.indexOf('link_id');
  return (
    header[0] === 'object_id' &&
    header[1] === 'frame' &&
    at >= 4 &&
    at <= 6 &&
    objectKeys.every((name, i) => header[at + i] === name)
  );
}

/** Paths of the tables of ours in a folder of a tree, where `objects.csv` and `columns.csv` are among them. */
export function ownTablePaths(tree: FileTree, folder: string): string[] {
  const found = tree.entries
    .filter(({ path }) => folderOf(path) === folder && tableNames.includes(baseName(path)))
    .map(({ path }) => path);
  const names = found.map(baseName);
  return names.includes('objects.csv') && names.includes('columns.csv') ? found : [];
}

const types: readonly ColumnType[] = ['float', 'int', 'bool', 'string'];
/** Rows of `columns.csv` that are read; no table has as many columns. */
const mostColumns = 100_000;

/** What `columns.csv` says of the columns of each table, in their order. */
export async function describedColumns(table: OwnTable): Promise<Map<string, ColumnDescription[]>> {
  const described = new Map<string, ColumnDescription[]>();
  let read = 0;
  for await (const rows of tableRows(table.source, table.dialect, new IssueTally()))
    for (const { cells } of rows) {
      const [of, name, typeName, unit, description, sourceKey] = cells;
      if (of === undefined || name === undefined || ++read > mostColumns) continue;
      const list = described.get(of) ?? [];
      described.set(of, list);
      list.push({
        name,
        type: types.find((type) => type === typeName) ?? 'string',
        ...(unit ? { unit } : {}),
        ...(description ? { description } : {}),
        ...(sourceKey ? { sourceKey } : {}),
      });
    }
  return described;
}
