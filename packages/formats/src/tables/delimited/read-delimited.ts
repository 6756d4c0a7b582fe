import type { ColumnDescription, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { isOwnHeader, openOwnTable, ownTablePaths } from '../../tracks/csv/own-tables.ts';
import { namingSoftware } from '../../tracks/naming-software.ts';
import { readOwnTables } from '../../tracks/csv/read-tables.ts';
import type { ReadOptions, TrackReader } from '../../tracks/track-reader.ts';
import { type TableDialect, detectDialect } from './dialect.ts';
import { softwareOf } from './format-knowledge.ts';
import { IssueTally, type TableIssueCode, tableIssue } from './issues.ts';
import { type MappableTable, chooseMapping, guessFor, streamMappedTable, tallyWords } from './mapped-table.ts';
import { type GuessedMapping, shapeKey } from './mapping.ts';
import { readTableHead } from './table-head.ts';
import { scanTable, tableRows } from './table-scan.ts';

/** What the interface shows of a delimited table before it is read. */
export interface DelimitedHead {
  /** Columns with types over the whole table (over its first rows where `rowCountIsEstimate`). */
  columns: ColumnDescription[];
  rowCount: number;
  /** True for large tables, of which only the head was read. */
  rowCountIsEstimate: boolean;
  /** Left out for sheets of a workbook. */
  delimiter?: TableDialect['delimiter'];
  /** Name of the sheet, where the table lies in a workbook. */
  sheet?: string;
  hasHeader: boolean;
  /** First data rows, at most 20. */
  sample: string[][];
  guess: GuessedMapping;
  /** Key under which a corrected mapping is remembered; see `shapeKey`. */
  shapeKey: string;
  issues: Issue[];
}

/** Tables above this size are described from their head alone. */
const wholeScanBytes = 64 << 20;

/**
 * Describes a delimited table, or the table on a sheet of a workbook: columns, types, number of rows, and the guessed meaning of the columns.
 * `undefined` where the content is not a consistent table.
 */
export async function readDelimitedHead(item: Item, options: ReadOptions = {}): Promise<DelimitedHead | undefined> {
  if (item.format === 'excel') return (await import('../excel/read-excel.ts')).readExcelHead(item, options);
  const opened = await openTable(item, options);
  if (!opened) return undefined;
  const { source, dialect } = opened;
  const tally = new IssueTally<TableIssueCode>();
  const large = source.size > wholeScanBytes;
  const part = large ? await headSource(source) : source;
  const scan = await scanTable(part, dialect, tally, options.signal ? { signal: options.signal } : {});
  return {
    columns: scan.columns,
    rowCount: large ? Math.round((scan.rows * source.size) / part.size) : scan.rows,
    rowCountIsEstimate: large,
    delimiter: dialect.delimiter,
    hasHeader: dialect.hasHeader,
    sample: dialect.sample.slice(0, 20),
    guess: guessFor(dialect, item.format),
    shapeKey: shapeKey(dialect.header),
    issues: [...dialectIssues(source.name, item.path, dialect), ...tally.issues(tableIssue, item.path, tallyWords)],
  };
}

async function headSource(source: ByteSource): Promise<ByteSource> {
  const bytes = await source.read(0, 1 << 20);
  const end = bytes.lastIndexOf(10) + 1 || bytes.length;
  return {
    name: source.name,
    size: end,
    read: async (offset, length) => bytes.slice(offset, Math.min(end, offset + length)),
  };
}

async function openTable(
  item: Item,
  options: ReadOptions,
): Promise<{ source: ByteSource; dialect: TableDialect } | undefined> {
  const entry = item.tree.entries[0] ?? item.files[0];
  if (!entry) return undefined;
  const source = await entry.open();
  const head = await readTableHead(source, options.signal);
  const dialect = detectDialect(head, head.length >= source.size);
  return dialect && { source, dialect };
}

function mappable(source: ByteSource, dialect: TableDialect): MappableTable {
  return {
    name: stemOf(source.name),
    dialect,
    rows: (tally, { signal, onFraction }) =>
      tableRows(source, dialect, tally, {
        ...(signal ? { signal } : {}),
        onBytes: (done) => onFraction?.(done / source.size),
      }),
  };
}

/** The table of a delimited file, with what is odd about how it is written; `undefined` where it is none. */
export async function openDelimited(
  item: Item,
  signal?: AbortSignal,
): Promise<{ table: MappableTable; issues: Issue[] } | undefined> {
  const opened = await openTable(item, signal ? { signal } : {});
  if (!opened) return undefined;
  const { source, dialect } = opened;
  return { table: mappable(source, dialect), issues: dialectIssues(source.name, item.path, dialect) };
}

function dialectIssues(name: string, file: string, dialect: TableDialect): Issue[] {
  const issues: Issue[] = [];
  const where = { file };
  if (dialect.encoding === 'latin-1')
    issues.push(tableIssue('non-utf8', 'the text is not UTF-8; it is read as Latin-1', { where }));
  const extension = /\.(csv|tsv)$/i.exec(name)?.[1]?.toLowerCase();
  const words = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars', ' ': 'blanks' };
  if (
    (extension === 'csv' && dialect.delimiter !== ',' && dialect.delimiter !== ';') ||
    (extension === 'tsv' && dialect.delimiter !== '\t')
  )
    issues.push(
      tableIssue(
        'delimiter-not-as-extension',
        `the file is called .${extension}, but ${words[dialect.delimiter]} separate its columns`,
        { where },
      ),
    );
  if (!dialect.hasHeader)
    issues.push(
      tableIssue(
        'no-header',
        `no header line; the ${dialect.header.length} columns are called #1 to #${dialect.header.length}`,
        { where },
      ),
    );
  return issues;
}

/** Reads any delimited table whose columns are named by a mapping, or whose meaning can be guessed. */
export const delimitedReader: TrackReader = {
  async stream(item, sink, options = {}) {
    if (!options.mapping && (await isOwnItem(item))) return await readOwnTables(item, sink, options);
    const opened = await openTable(item, options);
    const where = { file: item.path };
    if (!opened)
      return {
        issues: [
          tableIssue('no-position-columns', 'the file is not a table with the same columns in every row', { where }),
        ],
      };
    const { source, dialect } = opened;
    const issues = dialectIssues(source.name, item.path, dialect);
    const mapping = chooseMapping(dialect, options, item.format, item.path, issues);
    if (!mapping) return { issues };
    const table = mappable(source, dialect);
    const software = softwareOf(item.format);
    const named = software === undefined ? sink : namingSoftware(sink, software);
    issues.push(...(await streamMappedTable(table, mapping, item.path, named, options)));
    return { issues };
  },
};

/** Was the table, or the folder of tables, written by our CSV writers? */
async function isOwnItem({ tree }: Item): Promise<boolean> {
  const [entry] = tree.entries;
  if (tree.entries.length !== 1 || !entry) return ownTablePaths(tree, '').length > 0;
  return isOwnHeader((await openOwnTable(entry.path, await entry.open())).dialect.header);
}
