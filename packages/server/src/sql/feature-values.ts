import { storedFeatures } from '@micrarium/formats';
import type { FeatureColumn, FeatureTableSummary } from '@micrarium/model';
import { quotedName, quotedText } from './sql-text.ts';
import { viewOf } from './views.ts';

/** The stored form of one feature table. */
export interface FeatureTableFile {
  path: string;
  accession: string;
  version: number;
  /** Item that holds it. */
  dataset: string;
  table: FeatureTableSummary;
  /** Cell line or cell type of the study, where the table names none. */
  cellLine?: string;
}

/** What a row is about, other than by the keys of tables: told by the names of columns. */
const byName = {
  compound: /^(?:compound|drug|chemical|treatment|perturbagen|inhibitor)(?:[ _.-]?(?:name|id))?$/i,
  cell_line: /^cell[ _.-]?(?:line|type)(?:[ _.-]?(?:name|id))?$/i,
} as const;
const subjects = ['gene', 'compound', 'cell_line', 'sample', 'plate', 'well', 'image', 'object'] as const;

/** The statement that makes the view of all values of feature tables, one row for each. */
export function sqlOfFeatureValues(files: readonly FeatureTableFile[]): string {
  const branches = files.map(branchOf).filter((branch) => branch !== undefined);
  const none = viewOf('feature_values').columns.map(({ name, type }) => `NULL::${type} AS ${quotedName(name)}`);
  const all = branches.length > 0 ? branches.join(' UNION ALL ') : `SELECT ${none.join(', ')} WHERE false`;
  return `CREATE VIEW feature_values AS ${all}`;
}

type StoredFeature = FeatureColumn & { stored: string };

function branchOf({ path, accession, version, dataset, table, cellLine }: FeatureTableFile): string | undefined {
  const stored = storedFeatures(table.columns, []) as StoredFeature[];
  const columnOf = new Map(subjects.map((subject) => [subject, subjectColumn(stored, subject)]));
  const taken = new Set([...columnOf.values()].map((column) => column?.stored));
  const values = stored.filter((column) => column.keyedTo === undefined && !taken.has(column.stored));
  if (values.length === 0) return undefined;
  const about = subjects.map((subject) => {
    const column = columnOf.get(subject);
    const told = subject === 'cell_line' && cellLine !== undefined ? quotedText(cellLine) : 'NULL';
    return `${column ? quotedName(column.stored) : told}::VARCHAR AS ${quotedName(subject)}`;
  });
  const list = (of: (column: StoredFeature) => string, type: string) =>
    `unnest([${values.map(of).join(', ')}]::${type}[])`;
  const isNumber = ({ type }: FeatureColumn) => type === 'int' || type === 'float';
  // DuckDB numbers no rows of a file that has a column of that name.
  const isNumbered = stored.every((column) => column.stored.toLowerCase() !== 'file_row_number');
  const read = [
    `${quotedText(accession)} AS accession`,
    `${version}::INTEGER AS version`,
    `${quotedText(dataset)} AS dataset`,
    `${quotedText(table.name)} AS table_name`,
    `${isNumbered ? '(file_row_number + 1)' : 'NULL'}::BIGINT AS table_row`,
    ...about,
    `${list(({ name }) => quotedText(name), 'VARCHAR')} AS feature`,
    `${list((column) => `${quotedName(column.stored)}::VARCHAR`, 'VARCHAR')} AS value`,
    `${list((column) => (isNumber(column) ? `${quotedName(column.stored)}::DOUBLE` : 'NULL'), 'DOUBLE')} AS number`,
    `${list(({ unit }) => (unit === undefined ? 'NULL' : quotedText(unit)), 'VARCHAR')} AS unit`,
  ];
  const from = `read_parquet(${quotedText(path)}, hive_partitioning = false, file_row_number = ${isNumbered})`;
  return `SELECT * FROM (SELECT ${read.join(', ')} FROM ${from}) WHERE value IS NOT NULL`;
}

function subjectColumn(
  columns: readonly StoredFeature[],
  subject: (typeof subjects)[number],
): StoredFeature | undefined {
  return subject === 'compound' || subject === 'cell_line'
    ? columns.find(({ name, keyedTo }) => keyedTo === undefined && byName[subject].test(name.trim()))
    : columns.find(({ keyedTo }) => keyedTo === subject);
}
