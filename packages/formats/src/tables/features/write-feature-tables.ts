import {
  type DataDictionary,
  type FeatureColumn,
  type FeatureTableSummary,
  type Issue,
  dictionaryGaps,
  withMeaning,
} from '@micrarium/model';
import type { Item } from '../../recognition/item.ts';
import { storedColumn, storedFeatures } from '../../tracks/parquet/stored-tables.ts';
import { ParquetTableWriter, type StoredValues } from '../../tracks/parquet/table-writer.ts';
import type { ColumnMapping, FileSink } from '../../tracks/track-reader.ts';
import { isMissingCell, parseNumber } from '../delimited/cell-values.ts';
import { IssueTally, type TableIssueCode, tableIssue } from '../delimited/issues.ts';
import { type MappableTable, guessFor, tallyWords, unknownColumns } from '../delimited/mapped-table.ts';
import { shapeKey } from '../delimited/mapping.ts';
import { openDelimited } from '../delimited/read-delimited.ts';
import { type TableRow, scanRows } from '../delimited/table-scan.ts';
import { openSheetTables } from '../excel/read-excel.ts';
import { KeyCheck, type KeyValues, inTable, keyWords } from './check-keys.ts';
import { dictionaryOfTable, tableSchema } from './data-dictionary.ts';
import { type FeatureIssueCode, featureIssue } from './feature-issues.ts';
import { keyOfColumn } from './key-columns.ts';

/** How feature tables are read. */
export interface FeatureTableOptions {
  /** What the depositor says of the columns; it goes before a dictionary within the file. */
  dictionary?: DataDictionary;
  /** Columns of positions that were assigned: tables that have them hold objects, not features. */
  mapping?: ColumnMapping;
  mappings?: Readonly<Record<string, ColumnMapping>>;
  signal?: AbortSignal;
  onProgress?(fraction: number): void;
}

/** What was read of the tables of an item. */
export interface WrittenFeatureTables {
  tables: FeatureTableSummary[];
  /** What the key columns name, to be held to what is there with `unknownKeys`. */
  keys: KeyValues[];
  issues: Issue[];
}

/** Name of our description in the key-value metadata of the Parquet files. */
export const featureMetadataKey = 'micrarium.table';

/**
 * Reads the tables of a delimited file or workbook that hold no positions, and writes each as `table-<part>.parquet`
 * with its data dictionary beside, `table-<part>.schema.json`. A sheet that describes columns is taken as dictionary.
 * Two passes, in bounded memory. Without a sink nothing is written: the tables are only described and checked.
 */
export async function writeFeatureTables(
  item: Item,
  sink: FileSink | undefined,
  options: FeatureTableOptions = {},
): Promise<WrittenFeatureTables> {
  const { tables, dictionary, issues } = await tablesOf(item, options);
  const written: FeatureTableSummary[] = [];
  const keys: KeyValues[] = [];
  for (const [part, table] of tables.entries()) {
    const one = new FeatureTable(table, item.path, dictionary, {
      ...options,
      onProgress: (done) => options.onProgress?.((part + done) / tables.length),
    });
    written.push(await one.write(part, sink));
    keys.push(...one.keys);
    issues.push(...one.issues.map((issue) => (tables.length > 1 ? inTable(issue, table.name) : issue)));
  }
  const names = new Set(written.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const unknown = Object.keys(dictionary).filter((name) => !names.has(name));
  if (unknown.length > 0 && written.length > 0)
    issues.push(
      featureIssue('dictionary-column-unknown', `no table has ${listed(unknown)}`, { where: { file: item.path } }),
    );
  return { tables: written, keys, issues };
}

async function tablesOf(item: Item, { dictionary = {}, mapping, mappings, signal }: FeatureTableOptions) {
  const hasPositions = ({ dialect }: MappableTable) => {
    const given = [mapping, mappings?.[shapeKey(dialect.header)]].find(
      (one) => one?.x !== undefined && unknownColumns(one, dialect.header).length === 0,
    );
    return given !== undefined || guessFor(dialect, item.format).confidence > 0;
  };
  if (item.format !== 'excel') {
    const opened = await openDelimited(item, signal);
    const tables = opened && !hasPositions(opened.table) ? [opened.table] : [];
    return { tables, dictionary, issues: [] as Issue[] };
  }
  const { tables: all } = await openSheetTables(item, signal);
  const tables: MappableTable[] = [];
  let inside: DataDictionary = {};
  for (const table of all) {
    const described = all.length > 1 ? await dictionaryOfTable(table, signal) : undefined;
    if (described) inside = { ...inside, ...described };
    else if (!hasPositions(table)) tables.push(table);
  }
  return { tables, dictionary: { ...inside, ...dictionary }, issues: [] as Issue[] };
}

/** One table on its way to Parquet. */
class FeatureTable {
  readonly issues: Issue[] = [];
  keys: KeyValues[] = [];
  private readonly table: MappableTable;
  private readonly file: string;
  private readonly dictionary: DataDictionary;
  private readonly options: FeatureTableOptions;

  constructor(table: MappableTable, file: string, dictionary: DataDictionary, options: FeatureTableOptions) {
    this.table = table;
    this.file = file;
    this.dictionary = dictionary;
    this.options = options;
  }

  async write(part: number, sink: FileSink | undefined): Promise<FeatureTableSummary> {
    const { table, file } = this;
    const tally = new IssueTally<FeatureIssueCode>();
    const faults = new IssueTally<TableIssueCode>();
    const scan = await scanRows(table.dialect, table.rows(faults, this.walk(0)));
    const columns = scan.columns.map(({ name, type, unit }) => {
      const keyedTo = keyOfColumn(name);
      const found: FeatureColumn = { name, type, ...(unit ? { unit } : {}), ...(keyedTo ? { keyedTo } : {}) };
      return withMeaning(found, this.dictionary);
    });
    const summary = { part, name: table.name, rows: scan.rows, columns };
    const check = new KeyCheck(columns, tally);
    if (sink) {
      await this.writeRows(summary, check, sink);
      await writeJson(sink, `table-${part}.schema.json`, tableSchema(columns));
    } else await this.checkRows(check);
    this.keys = check.keyValues(table.name);
    this.noteGaps(columns, check);
    this.issues.push(...tally.issues(featureIssue, file, keyWords), ...faults.issues(tableIssue, file, tallyWords));
    return summary;
  }

  private walk(from: number): { signal?: AbortSignal; onFraction(done: number): void } {
    const { signal, onProgress } = this.options;
    return { ...(signal ? { signal } : {}), onFraction: (done) => onProgress?.(from + done / 2) };
  }

  private async writeRows(summary: FeatureTableSummary, check: KeyCheck, sink: FileSink): Promise<void> {
    const { table } = this;
    const features = storedFeatures(summary.columns, []);
    const stored = features.map((feature) => storedColumn(feature, false));
    const writer = new ParquetTableWriter(await sink.create(`table-${summary.part}.parquet`), stored, {
      [featureMetadataKey]: JSON.stringify({ version: 1, ...summary, stored: features.map((one) => one.stored) }),
    });
    for await (const batch of table.rows(new IssueTally(), this.walk(0.5))) {
      for (const { cells, row } of batch) check.see(cells, row);
      await writer.append(
        batch.length,
        summary.columns.map((column, at) => valuesOf(column, batch, at, table.dialect.decimalComma)),
      );
    }
    await writer.close();
  }

  private async checkRows(check: KeyCheck): Promise<void> {
    for await (const batch of this.table.rows(new IssueTally(), this.walk(0.5)))
      for (const { cells, row } of batch) check.see(cells, row);
  }

  private noteGaps(columns: readonly FeatureColumn[], check: KeyCheck): void {
    const where = { where: { file: this.file } };
    const { meaning, unit } = dictionaryGaps(columns);
    if (meaning.length > 0)
      this.issues.push(featureIssue('column-without-meaning', `no meaning for ${listed(meaning)}`, where));
    if (unit.length > 0) this.issues.push(featureIssue('column-without-unit', `no unit for ${listed(unit)}`, where));
    if (!check.hasKeys) {
      const names = listed(columns.map(({ name }) => name));
      this.issues.push(
        featureIssue('table-without-key', `none of the columns ${names} names what a row is about`, where),
      );
    }
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

function valuesOf(
  { type }: FeatureColumn,
  batch: readonly TableRow[],
  at: number,
  decimalComma: boolean,
): StoredValues {
  const missing = new Uint8Array(batch.length);
  if (type === 'string') {
    const values = batch.map(({ cells }, row) => {
      const cell = cells[at] ?? '';
      if (isMissingCell(cell)) missing[row] = 1;
      return cell;
    });
    return { values, missing };
  }
  const values = new Float64Array(batch.length);
  for (const [row, { cells }] of batch.entries()) {
    const cell = cells[at] ?? '';
    if (isMissingCell(cell)) missing[row] = 1;
    else if (type === 'bool') values[row] = cell.trim().toLowerCase() === 'true' ? 1 : 0;
    else {
      const value = parseNumber(cell, decimalComma);
      if (value === undefined) missing[row] = 1;
      else values[row] = value;
    }
  }
  return { values, missing };
}

async function writeJson(sink: FileSink, path: string, value: unknown): Promise<void> {
  const file = await sink.create(path);
  await file.write(new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  await file.close();
}
