import type { ColumnType } from '@micrarium/model';
import type { FileSinkWriter } from '../track-reader.ts';
import type { ParquetGroup, ParquetTable } from './open-table.ts';
import { objectGroupRows, ParquetTableWriter, type StoredColumn, type StoredType } from './table-writer.ts';

/** Most rows that are put in order: their frames and places are held in memory, eight bytes a row. */
export const mostOrderedRows = 10_000_000;

/** Values held at a time while rows are put in order; the table is walked once for every so many. */
const heldValues = 16_000_000;

/**
 * Are the rows stored in the order of time, so that a frame lies in few groups? Groups may share the frame at which one ends
 * and the next begins.
 */
export function isStoredByTime(groups: readonly ParquetGroup[]): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (const group of groups) {
    const bounds = group.columns.get('frame')?.bounds;
    if (!bounds || bounds[0] < before) return false;
    before = bounds[1];
  }
  return true;
}

/** Columns of ours that have a value in every row, and those of 32 bits. */
const always = new Set(['object_id', 'frame', 'time', 'x', 'y', 'z']);
const short = new Set(['frame', 'link_id', 'track_id']);
const types: Readonly<Record<ColumnType, StoredType>> = {
  int: 'int64',
  float: 'double',
  bool: 'boolean',
  string: 'string',
};

/**
 * Writes a stored table of objects again with its rows in the order of frames, and within a frame as they were: a viewer then
 * reads one time point and not the whole table. Columns, values and metadata stay. Memory: eight bytes a row, and the values of
 * some rows at a time.
 * @param held values held at a time
 * @throws RangeError for more rows than `mostOrderedRows`
 */
export async function writeByTime(
  table: ParquetTable,
  file: FileSinkWriter,
  { signal, held = heldValues }: { signal?: AbortSignal | undefined; held?: number } = {},
): Promise<void> {
  if (table.rows > mostOrderedRows) throw new RangeError(`${table.rows} rows are too many to be put in order`);
  const places = await placesByTime(table, signal);
  const columns = table.columns.map(
    ({ name, type }): StoredColumn => ({
      name,
      type: short.has(name) ? 'int32' : types[type],
      nullable: !always.has(name),
    }),
  );
  const metadata = Object.fromEntries(table.metadata);
  const writer = new ParquetTableWriter(file, columns, metadata, objectGroupRows(table.rows));
  const atATime = Math.max(1, Math.floor(held / Math.max(1, columns.length)));
  for (let from = 0; from < table.rows; from += atATime) {
    const to = Math.min(table.rows, from + atATime);
    const gathered = [];
    for (const { name, type } of table.columns)
      gathered.push(await gather(table, { name, isText: type === 'string' }, { places, from, to }, signal));
    await writer.append(to - from, gathered);
  }
  await writer.close();
}

/** The place of each row once all are in the order of time. */
async function placesByTime(table: ParquetTable, signal: AbortSignal | undefined): Promise<Uint32Array> {
  const frames = new Int32Array(table.rows);
  const counts = new Map<number, number>();
  for (const { start, end } of table.runs) {
    signal?.throwIfAborted();
    const { values } = await table.read('frame', start, end);
    for (let at = 0; at < end - start; at++) {
      const frame = values[at] as number;
      frames[start + at] = frame;
      counts.set(frame, (counts.get(frame) ?? 0) + 1);
    }
  }
  let before = 0;
  const next = new Map<number, number>();
  for (const frame of [...counts.keys()].sort((a, b) => a - b)) {
    next.set(frame, before);
    before += counts.get(frame)!;
  }
  return Uint32Array.from(frames, (frame) => {
    const place = next.get(frame)!;
    next.set(frame, place + 1);
    return place;
  });
}

/** Values of a column at the places `from` to `to`, the end not included. */
async function gather(
  table: ParquetTable,
  { name, isText }: { name: string; isText: boolean },
  { places, from, to }: { places: Uint32Array; from: number; to: number },
  signal: AbortSignal | undefined,
): Promise<{ values: Float64Array | string[]; missing?: Uint8Array }> {
  const numbers = new Float64Array(isText ? 0 : to - from);
  const texts: string[] = isText ? Array.from({ length: to - from }, () => '') : [];
  let missing: Uint8Array | undefined;
  for (const { start, end } of table.runs) {
    signal?.throwIfAborted();
    const read = await table.read(name, start, end);
    for (let at = 0; at < end - start; at++) {
      const place = places[start + at]!;
      if (place < from || place >= to) continue;
      if (read.missing?.[at] === 1) (missing ??= new Uint8Array(to - from))[place - from] = 1;
      else if (isText) texts[place - from] = read.values[at] as string;
      else numbers[place - from] = read.values[at] as number;
    }
  }
  return { values: isText ? texts : numbers, ...(missing ? { missing } : {}) };
}
