import type { ParquetTable } from '@micrarium/formats';
import { type Column, columnValue, type StudyItem } from '@micrarium/model';
import { formKeys, mappingOf } from './forms.ts';
import { linksOf, type RowSource } from './links-table.ts';
import { openPaths } from './motion.ts';
import { type FormPorts, openStoredTable, openTable, type OpenSource } from './open-forms.ts';
import { NotThere } from './refusals.ts';

/** A table of an item that is read row by row: objects, edges, links, tracks and paths of a set, or a feature table. */
export type RowTable = 'objects' | 'edges' | 'links' | 'tracks' | 'measures' | 'features';

/** Which rows are asked for. What a table has no column for, it cannot be asked by. */
export interface ObjectsQuery {
  /** Set of tracks (or number of the feature table), 0 where left out. */
  part?: number | undefined;
  /** Zero-based frame. */
  frame?: number | undefined;
  /** First and last frame. */
  fromFrame?: number | undefined;
  toFrame?: number | undefined;
  /** First and last time, in the unit of the set. */
  fromTime?: number | undefined;
  toTime?: number | undefined;
  /** `x0,y0,x1,y1` or `x0,y0,z0,x1,y1,z1`, in the unit of the set; borders count. */
  box?: readonly number[] | undefined;
  /** Computed track, and link. */
  track?: number | undefined;
  link?: number | undefined;
  /** Text of a column called `label` or `name`. */
  label?: string | undefined;
  /** At most this many rows. */
  limit: number;
  /** As given with the page before. */
  cursor?: string | undefined;
}

/** The table has no column for a filter. */
export class FilterWrong extends Error {
  override readonly name = 'FilterWrong';
}

/** Rows of the object table. */
export interface ObjectsPage {
  columns: { name: string; type: string; unit?: string }[];
  /** Absent values are `null`; so are numbers that are not (JSON has no NaN). */
  rows: (string | number | boolean | null)[][];
  nextCursor: string | null;
}

/** The cursor is none that we gave. */
export class CursorWrong extends Error {
  override readonly name = 'CursorWrong';
}

/**
 * Objects of a set, in stored order, some rows at a time, from the stored table: only the runs of rows that are looked through are read.
 * @throws NotThere, FormNotMade, CursorWrong, FilterWrong
 */
export function objectsPage(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  query: ObjectsQuery,
): Promise<ObjectsPage> {
  return tablePage(ports, item, 'objects', query);
}

/** Rows of any table of an item, as `objectsPage` gives those of objects. @throws NotThere, FormNotMade, CursorWrong, FilterWrong */
export async function tablePage(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  name: RowTable,
  query: ObjectsQuery,
): Promise<ObjectsPage> {
  const part = query.part ?? 0;
  const { table: stored, source } = await openRows(ports, item, name, part);
  try {
    const table = name === 'links' ? await linksOf(stored) : stored;
    const from = rowOf(query.cursor, table.rows);
    const tests = testsOf(table, query);
    const units = unitsOf(item, name, part, table);
    const columns = table.columns.map((column) => {
      const unit = units(column.name);
      return { name: column.name, type: column.type, ...(unit === undefined ? {} : { unit }) };
    });
    const { rows, next } = await collectRows(table, from, query.limit, tests);
    return { columns, rows, nextCursor: next === undefined ? null : String(next) };
  } finally {
    await source.close();
  }
}

async function openRows(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  name: RowTable,
  part: number,
): Promise<{ table: ParquetTable; source: OpenSource }> {
  if (name === 'objects' || name === 'edges' || name === 'tracks') return await openTable(ports, item, part, name);
  if (name === 'links') return await openTable(ports, item, part, 'objects');
  if (name === 'measures') return await openPaths(ports, item, part);
  if (!item.tables?.[part]) throw new NotThere(`feature table ${part} in item ${item.id}`);
  return await openStoredTable(ports, item, formKeys(item.id, mappingOf(item)).tables, `table-${part}.parquet`);
}

/** A column and what its values must be. */
interface RowTest {
  column: string;
  passes(value: unknown): boolean;
}

function testsOf(table: RowSource, query: ObjectsQuery): RowTest[] {
  const { frame, track, link, box, label } = query;
  const tests: RowTest[] = [];
  const add = (names: readonly string[], passes: RowTest['passes']) => {
    const column = table.columns.find(({ name }) => names.includes(name.toLowerCase()))?.name;
    if (column === undefined) throw new FilterWrong(`The table has no column "${names[0]}" to be asked by.`);
    tests.push({ column, passes });
  };
  const within = (name: string, low: number | undefined, high: number | undefined) => {
    if (low === undefined && high === undefined) return;
    add([name], (value) => Number(value) >= (low ?? -Infinity) && Number(value) <= (high ?? Infinity));
  };
  const has = (name: string) => table.columns.some((column) => column.name.toLowerCase() === name);
  if (!has('frame') && has('first_frame') && has('last_frame')) {
    // Chains, tracks and paths lie in all frames from their first to their last.
    within('last_frame', frame ?? query.fromFrame, undefined);
    within('first_frame', undefined, frame ?? query.toFrame);
  } else {
    if (frame !== undefined) add(['frame'], (value) => Number(value) === frame);
    within('frame', query.fromFrame, query.toFrame);
  }
  within('time', query.fromTime, query.toTime);
  if (track !== undefined) add(['track_id'], (value) => Number(value) === track);
  if (link !== undefined) add(['link_id'], (value) => Number(value) === link);
  if (label !== undefined) add(['label', 'name'], (value) => String(value) === label);
  if (box) {
    const axes = box.length === 6 ? ['x', 'y', 'z'] : ['x', 'y'];
    for (const [at, axis] of axes.entries()) within(axis, box[at]!, box[at + axes.length]!);
  }
  return tests;
}

async function collectRows(
  table: RowSource,
  from: number,
  limit: number,
  tests: readonly RowTest[],
): Promise<{ rows: ObjectsPage['rows']; next: number | undefined }> {
  const rows: ObjectsPage['rows'] = [];
  for (const run of table.runs) {
    if (run.end <= from) continue;
    const wanted = await matchingRows(table, Math.max(run.start, from), run.end, tests);
    const taken = wanted.slice(0, limit - rows.length);
    if (taken.length > 0) rows.push(...(await readRows(table, taken)));
    if (taken.length < wanted.length) return { rows, next: wanted[taken.length] };
    if (rows.length === limit) return { rows, next: run.end < table.rows ? run.end : undefined };
  }
  return { rows, next: undefined };
}

async function matchingRows(
  table: RowSource,
  start: number,
  end: number,
  tests: readonly RowTest[],
): Promise<number[]> {
  const passed = new Uint8Array(end - start).fill(1);
  for (const { column, passes } of tests) {
    const { values, missing } = await table.read(column, start, end);
    for (let i = 0; i < passed.length; i++)
      if (passed[i] === 1 && (missing?.[i] === 1 || !passes(values[i]))) passed[i] = 0;
  }
  const rows: number[] = [];
  for (let i = 0; i < passed.length; i++) if (passed[i] === 1) rows.push(start + i);
  return rows;
}

async function readRows(table: RowSource, wanted: readonly number[]): Promise<ObjectsPage['rows']> {
  const [first, last] = [wanted[0]!, wanted.at(-1)!];
  const rows: ObjectsPage['rows'] = wanted.map(() => []);
  for (const description of table.columns) {
    const column: Column = { ...description, ...(await table.read(description.name, first, last + 1)) };
    for (const [i, row] of wanted.entries()) {
      const value = columnValue(column, row - first);
      rows[i]!.push(value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value);
    }
  }
  return rows;
}

function rowOf(cursor: string | undefined, rows: number): number {
  if (cursor === undefined) return 0;
  const row = /^\d{1,12}$/.test(cursor) ? Number(cursor) : -1;
  if (row < 0 || row > rows) throw new CursorWrong(`Not a cursor of this table: ${cursor.slice(0, 100)}`);
  return row;
}

/** Units of the columns of a table, as they are stored. */
function unitsOf(
  item: StudyItem,
  name: RowTable,
  part: number,
  table: RowSource,
): (column: string) => string | undefined {
  if (name === 'features') {
    const columns = item.tables?.[part]?.columns ?? [];
    return (column) => columns.find((one) => one.name === column)?.unit;
  }
  if (name === 'measures') {
    const text = table.metadata.get('micrarium');
    const { measures } =
      text === undefined ? { measures: [] } : (JSON.parse(text) as { measures: { id: string; unit: string }[] });
    return (column) => measures.find(({ id }) => id === column)?.unit || undefined;
  }
  const set = item.trackSets.find((one) => one.part === part);
  const own: Record<string, string | undefined> =
    name === 'objects' ? { x: set?.spaceUnit, y: set?.spaceUnit, z: set?.spaceUnit, time: set?.timeUnit } : {};
  return (column) =>
    own[column] ?? (name === 'objects' ? set?.columns.find((one) => one.name === column)?.unit : undefined);
}
