import type { ParquetTable } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { type FormPorts, openTable } from './open-forms.ts';

/** Positions of some objects of a set, in stored order. NaN stands for what is missing. */
export interface Coordinates {
  /** Objects that fit the question, on all pages. */
  total: number;
  frame: number[];
  x: number[];
  y: number[];
  z: number[];
  /** In the unit of time of the set; frames where no time is known. */
  time: number[];
  radius: number[];
}

/**
 * A page of positions, counted by offset: only the columns of positions are read, and only where the page lies.
 * @param query.frame only objects of this zero-based frame
 * @throws NotThere, FormNotMade
 */
export async function coordinatesOf(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  query: { part: number; frame?: number | undefined; offset: number; limit: number },
): Promise<Coordinates> {
  const { table, source } = await openTable(ports, item, query.part, 'objects');
  try {
    const found: Coordinates = { total: 0, frame: [], x: [], y: [], z: [], time: [], radius: [] };
    for (const { start, end } of table.runs) {
      const frames = (await table.read('frame', start, end)).values as ArrayLike<number>;
      const rows: number[] = [];
      for (let row = 0; row < end - start; row++) {
        if (query.frame !== undefined && frames[row] !== query.frame) continue;
        const at = found.total++;
        if (at >= query.offset && at < query.offset + query.limit) rows.push(row);
      }
      if (rows.length > 0) await addRows(found, table, { start, end }, rows, frames);
    }
    return found;
  } finally {
    await source.close();
  }
}

async function addRows(
  found: Coordinates,
  table: ParquetTable,
  { start, end }: { start: number; end: number },
  rows: readonly number[],
  frames: ArrayLike<number>,
): Promise<void> {
  const [x, y, z, time, radius] = await Promise.all(
    ['x', 'y', 'z', 'time', 'radius'].map(async (name) => {
      if (!table.columns.some((column) => column.name === name)) return undefined;
      const { values, missing } = await table.read(name, start, end);
      return (row: number) => (missing?.[row] === 1 ? Number.NaN : Number(values[row]));
    }),
  );
  for (const row of rows) {
    found.frame.push(frames[row]!);
    found.x.push(x?.(row) ?? Number.NaN);
    found.y.push(y?.(row) ?? Number.NaN);
    found.z.push(z?.(row) ?? Number.NaN);
    found.time.push(time?.(row) ?? frames[row]!);
    found.radius.push(radius?.(row) ?? Number.NaN);
  }
}
