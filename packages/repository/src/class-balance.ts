import { openParquet, type ParquetTable } from '@micrarium/formats';
import type { ColumnType, StudyItem, StudyVersion } from '@micrarium/model';
import type { SplitPart } from '@micrarium/standards';
import { classColumnOf } from './class-column.ts';
import { formKeys, mappingOf } from './forms.ts';
import type { FormPorts } from './open-forms.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { type ClassCount, trainingDatasets } from './training-exports.ts';

/** The balance of classes of a version's training material. */
export interface ClassBalance {
  /** Column by column, the most frequent class first. */
  classes: ClassCount[];
  /** Tables with a column of classes that were not counted: too large, dropped for now, or with more different values than classes. */
  uncounted: number;
}

/** Most different values of a column of classes. */
const mostClasses = 200;
/** Rows counted for one answer; what was counted is remembered. */
const mostRows = 5_000_000;
const mostRemembered = 2000;

/** A table whose classes are counted. */
interface ClassTable {
  of: 'objects' | 'rows';
  part: SplitPart | 'none';
  key: string;
  path: string;
  column: string;
}

function classTables(version: Pick<StudyVersion, 'metadata' | 'datasets' | 'items'>): ClassTable[] {
  const byId = new Map(version.items.map((item) => [item.id, item]));
  return trainingDatasets(version).flatMap(({ dataset, part = 'none' as const }) =>
    [...new Set([...dataset.quantitativeItems, ...dataset.imageItems])].flatMap((id) => {
      const item = byId.get(id);
      return item ? tablesOf(item).map((table) => ({ ...table, part })) : [];
    }),
  );
}

function tablesOf(item: StudyItem): Omit<ClassTable, 'part'>[] {
  const keys = formKeys(item.id, mappingOf(item));
  const sets = item.trackSets.flatMap(({ part, columns }) => {
    const column = classColumnOf(columns);
    return column ? [{ of: 'objects' as const, key: keys.tracks, path: `tracks-${part}/objects.parquet`, column }] : [];
  });
  const tables = (item.tables ?? []).flatMap(({ part, columns }) => {
    const column = classColumnOf(columns.filter(({ keyedTo }) => keyedTo === undefined));
    return column ? [{ of: 'rows' as const, key: keys.tables, path: `table-${part}.parquet`, column }] : [];
  });
  return [...sets, ...tables];
}

type Counts = ReadonlyMap<string, number>;

/** What was counted, by the form a table lies in: forms never change. */
const remembered = new WeakMap<DerivedStore, Map<string, Counts>>();

/**
 * Counts the classes of all training material of a version, by the part of the split, from the stored tables: columns that call
 * themselves class, phenotype, category or cell type.
 */
export async function classBalance(
  ports: Pick<FormPorts, 'derived'>,
  version: Pick<StudyVersion, 'metadata' | 'datasets' | 'items'>,
  signal?: AbortSignal,
): Promise<ClassBalance> {
  const found = new Map<string, ClassCount>();
  let uncounted = 0;
  let rowsLeft = mostRows;
  for (const table of classTables(version)) {
    signal?.throwIfAborted();
    const counted = await countsOf(ports.derived, table, rowsLeft);
    rowsLeft -= counted?.rows ?? 0;
    if (!counted) uncounted++;
    for (const [name, count] of counted?.counts ?? []) {
      const key = JSON.stringify([table.of, table.column, name]);
      const sum = found.get(key) ?? { column: table.column, of: table.of, name, parts: {}, total: 0 };
      sum.parts[table.part] = (sum.parts[table.part] ?? 0) + count;
      sum.total += count;
      found.set(key, sum);
    }
  }
  const order = (one: ClassCount) => `${one.of} ${one.column}`;
  const classes = [...found.values()].sort((a, b) =>
    order(a) === order(b) ? b.total - a.total || (a.name < b.name ? -1 : 1) : order(a) < order(b) ? -1 : 1,
  );
  return { classes, uncounted };
}

async function countsOf(
  derived: DerivedStore,
  { key, path, column }: ClassTable,
  rowsLeft: number,
): Promise<{ counts: Counts; rows: number } | undefined> {
  let known = remembered.get(derived);
  if (!known) remembered.set(derived, (known = new Map()));
  const name = JSON.stringify([key, path, column]);
  const before = known.get(name);
  if (before) return { counts: before, rows: 0 };
  const source = await derived.open(key, path);
  if (!source) return undefined;
  try {
    const table = await openParquet(source);
    if (table.rows > rowsLeft) return undefined;
    const counts = await countClasses(table, column);
    if (!counts) return undefined;
    known.set(name, counts);
    for (const oldest of known.keys()) {
      if (known.size <= mostRemembered) break;
      known.delete(oldest);
    }
    return { counts, rows: table.rows };
  } finally {
    await source.close();
  }
}

async function countClasses(table: ParquetTable, column: string): Promise<Counts | undefined> {
  const type = table.columns.find(({ name }) => name === column)?.type;
  if (!type) return undefined;
  const counts = new Map<string, number>();
  for (const { start, end } of table.runs) {
    const { values, missing } = await table.read(column, start, end);
    for (let row = 0; row < end - start; row++) {
      const name = missing?.[row] === 1 ? '' : textOf(values[row]!, type);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (counts.size > mostClasses) return undefined;
    }
  }
  return counts;
}

const textOf = (value: string | number, type: ColumnType): string =>
  type === 'bool' ? (value === 1 ? 'true' : 'false') : String(value).trim();
