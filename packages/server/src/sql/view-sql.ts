import { commonUnit, measureDefinitions, pathMeasureIds } from '@micrarium/model';
import type { ViewName } from './statement.ts';
import { quotedName, quotedText } from './sql-text.ts';
import { type SqlType, viewOf } from './views.ts';

/** Views that lie in Parquet files, one for each set. */
export type StoredView = 'objects' | 'edges' | 'tracks' | 'measures';

/** A column of a stored table. */
export interface StoredTableColumn {
  name: string;
  type: SqlType;
  /** Is it one that every table of its kind has, rather than one that came with the deposited file? */
  isOurs: boolean;
}

/** One Parquet file of one set, at its place in the lake: `…/accession=A/version=V/dataset=D/part-0.parquet`. */
export interface LakeTable {
  path: string;
  columns: readonly StoredTableColumn[];
  /** Units as in the file. */
  lengthUnit: string;
  timeUnit: string;
}

const partition = new Set(['accession', 'version', 'dataset']);
const partitionTypes = "{'accession': VARCHAR, 'version': INTEGER, 'dataset': VARCHAR}";

/**
 * The statement that makes a view of the files of its sets. Files of the same columns are read together; others are added, with columns
 * that they lack missing. A column that is a number here and a text there is a text.
 * @param wanted names of columns, in lower case, that are needed; all where left out
 */
export function sqlOfStoredView(
  view: StoredView,
  tables: readonly LakeTable[],
  wanted: readonly string[] | undefined,
): string {
  const fixed = viewOf(view).columns;
  const features = featuresOf(view, tables, wanted);
  const groups = Map.groupBy(tables, (table) => expressionsOf(view, table, features).join(', '));
  const branches = [...groups].map(
    ([expressions, files]) =>
      `SELECT ${expressions} FROM read_parquet([${files.map(({ path }) => quotedText(path)).join(', ')}], hive_partitioning = true, hive_types = ${partitionTypes})`,
  );
  if (branches.length === 0) {
    const none = fixed.map(({ name, type }) => `NULL::${type} AS ${quotedName(name)}`);
    return `CREATE VIEW ${view} AS SELECT ${none.join(', ')} WHERE false`;
  }
  return `CREATE VIEW ${view} AS ${branches.join(' UNION ALL ')}`;
}

/** The statement that makes the view of links, which are read out of the objects. */
export const sqlOfLinks =
  'CREATE VIEW links AS SELECT accession, version, dataset, link_id, min(track_id) AS track_id, count(*) AS objects, ' +
  'min(frame) AS first_frame, max(frame) AS last_frame FROM objects WHERE link_id IS NOT NULL GROUP BY accession, version, dataset, link_id';

/** Columns of objects that the view of links reads. */
export const columnsOfLinks: readonly string[] = ['link_id', 'track_id', 'frame'];

/** Every feature of any of the tables, by its name in lower case: databases do not tell cases apart. */
function featuresOf(
  view: StoredView,
  tables: readonly LakeTable[],
  wanted: readonly string[] | undefined,
): Map<string, { name: string; type: SqlType }> {
  const found = new Map<string, { name: string; type: SqlType }>();
  if (!viewOf(view).hasFeatures) return found;
  for (const { columns } of tables)
    for (const column of columns) {
      if (column.isOurs || partition.has(column.name.toLowerCase())) continue;
      const name = shownName(view, column.name);
      const key = name.toLowerCase();
      if (wanted && !wanted.includes(key)) continue;
      const before = found.get(key);
      found.set(
        key,
        before ? { name: before.name, type: commonType(before.type, column.type) } : { name, type: column.type },
      );
    }
  return found;
}

/** A feature that has the name of a column of the view stands in it as `feature_NAME`. */
function shownName(view: StoredView, name: string): string {
  return viewOf(view).columns.some((one) => one.name === name.toLowerCase()) ? `feature_${name}` : name;
}

function commonType(a: SqlType, b: SqlType): SqlType {
  if (a === b) return a;
  const isNumber = (type: SqlType) => type === 'DOUBLE' || type === 'BIGINT' || type === 'INTEGER';
  if (!isNumber(a) || !isNumber(b)) return 'VARCHAR';
  return a === 'DOUBLE' || b === 'DOUBLE' ? 'DOUBLE' : 'BIGINT';
}

function expressionsOf(
  view: StoredView,
  table: LakeTable,
  features: ReadonlyMap<string, { name: string; type: SqlType }>,
): string[] {
  const ours = new Set(table.columns.filter(({ isOurs }) => isOurs).map(({ name }) => name));
  const theirs = new Map(
    table.columns
      .filter(({ isOurs }) => !isOurs)
      .map(({ name, type }) => [shownName(view, name).toLowerCase(), { name, type }]),
  );
  const fixed = viewOf(view).columns.map(
    ({ name, type }) => `${fixedExpression(table, ours, name, type)} AS ${quotedName(name)}`,
  );
  const added = [...features].map(([key, { name, type }]) => {
    const column = theirs.get(key);
    const value = column === undefined ? 'NULL' : quotedName(column.name);
    return `${column?.type === type ? value : `${value}::${type}`} AS ${quotedName(name)}`;
  });
  return [...fixed, ...added];
}

const measureIds = new Set(pathMeasureIds);
const lengths = new Set(['x', 'y', 'z']);

function fixedExpression(
  { lengthUnit, timeUnit }: LakeTable,
  ours: ReadonlySet<string>,
  name: string,
  type: SqlType,
): string {
  if (partition.has(name)) return quotedName(name);
  if (name === 'length_unit') return quotedText(commonUnit('length', lengthUnit, timeUnit).unit);
  if (name === 'time_unit') return quotedText(commonUnit('time', lengthUnit, timeUnit).unit);
  if (!ours.has(name)) return `NULL::${type}`;
  const unit = lengths.has(name)
    ? 'length'
    : name === 'time'
      ? 'time'
      : measureIds.has(name)
        ? measureDefinitions.get(name)!.unit
        : 'none';
  const { factor } = commonUnit(unit, lengthUnit, timeUnit);
  return factor === 1 ? quotedName(name) : `(${quotedName(name)} * ${factor}::DOUBLE)`;
}

/** Views whose rows come from the catalogue. */
export type CatalogueView = Exclude<ViewName, StoredView | 'links' | 'feature_values'>;

/** Statements that make a view out of rows, which are given as JSON text (`$1` of the second). */
export function sqlOfRows(view: CatalogueView): { create: string; fill: string } {
  const { columns } = viewOf(view);
  const names = columns.map(({ name, type }) => `${quotedName(name)} ${type}`).join(', ');
  const shape = JSON.stringify([Object.fromEntries(columns.map(({ name, type }) => [name, type]))]);
  return {
    create: `CREATE TABLE ${view} (${names})`,
    fill: `INSERT INTO ${view} SELECT unnest(from_json($1::JSON, ${quotedText(shape)}), max_depth := 2)`,
  };
}
