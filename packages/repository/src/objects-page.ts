import type { ParquetTable } from '@micrarium/formats';
import { type Column, columnValue, type StudyItem } from '@micrarium/model';
import { type FormPorts, openTable } from './open-forms.ts';

/** Which objects are asked for. */
export interface ObjectsQuery {
  /** Set of tracks, 0 where left out. */
  part?: number | undefined;
  /** Zero-based frame. */
  frame?: number | undefined;
  /** Computed track. */
  track?: number | undefined;
  /** At most this many rows. */
  limit: number;
  /** As given with the page before. */
  cursor?: string | undefined;
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
 * @throws NotThere, FormNotMade, CursorWrong
 */
export async function objectsPage(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  query: ObjectsQuery,
): Promise<ObjectsPage> {
  const { table, source } = await openTable(ports, item, query.part ?? 0, 'objects');
  try {
    const from = rowOf(query.cursor, table.rows);
    const columns = table.columns.map(({ name, type }) => ({ name, type, ...unitOf(item, query.part ?? 0, name) }));
    const { rows, next } = await collectRows(table, from, query);
    return { columns, rows, nextCursor: next === undefined ? null : String(next) };
  } finally {
    await source.close();
  }
}

async function collectRows(
  table: ParquetTable,
  from: number,
  { limit, frame, track }: ObjectsQuery,
): Promise<{ rows: ObjectsPage['rows']; next: number | undefined }> {
  const rows: ObjectsPage['rows'] = [];
  for (const run of table.runs) {
    if (run.end <= from) continue;
    const wanted = await matchingRows(table, Math.max(run.start, from), run.end, { frame, track });
    const taken = wanted.slice(0, limit - rows.length);
    if (taken.length > 0) rows.push(...(await readRows(table, taken)));
    if (taken.length < wanted.length) return { rows, next: wanted[taken.length] };
    if (rows.length === limit) return { rows, next: run.end < table.rows ? run.end : undefined };
  }
  return { rows, next: undefined };
}

async function matchingRows(
  table: ParquetTable,
  start: number,
  end: number,
  { frame, track }: Pick<ObjectsQuery, 'frame' | 'track'>,
): Promise<number[]> {
  const frames = frame === undefined ? undefined : await table.read('frame', start, end);
  const tracks = track === undefined ? undefined : await table.read('track_id', start, end);
  const rows: number[] = [];
  for (let i = 0; i < end - start; i++) {
    if (frames && frames.values[i] !== frame) continue;
    if (tracks && (tracks.missing?.[i] === 1 || tracks.values[i] !== track)) continue;
    rows.push(start + i);
  }
  return rows;
}

async function readRows(table: ParquetTable, wanted: readonly number[]): Promise<ObjectsPage['rows']> {
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

function unitOf(item: StudyItem, part: number, column: string): { unit?: string } {
  const set = item.trackSets.find((one) => one.part === part);
  const own: Record<string, string | undefined> = {
    x: set?.spaceUnit,
    y: set?.spaceUnit,
    z: set?.spaceUnit,
    time: set?.timeUnit,
  };
  const unit = own[column] ?? set?.columns.find((one) => one.name === column)?.unit;
  return unit === undefined ? {} : { unit };
}
