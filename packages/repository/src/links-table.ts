import type { ParquetTable } from '@micrarium/formats';
import type { Column } from '@micrarium/model';

/** What rows are read from: a stored table, or one made of another. */
export type RowSource = Pick<ParquetTable, 'columns' | 'rows' | 'runs' | 'read' | 'metadata'>;

const names = ['link_id', 'track_id', 'objects', 'first_frame', 'last_frame'] as const;

/**
 * The links of a set, one row for each unbranched chain, in the order of their ids: read out of the table of objects, as the view `links`
 * of SQL is.
 */
export async function linksOf(objects: RowSource): Promise<RowSource> {
  const found = new Map<number, Record<(typeof names)[number], number>>();
  for (const { start, end } of objects.runs) {
    const [link, track, frame] = await Promise.all(
      ['link_id', 'track_id', 'frame'].map((name) => objects.read(name, start, end)),
    );
    for (let row = 0; row < end - start; row++) {
      if (link!.missing?.[row] === 1) continue;
      const [id, at] = [Number(link!.values[row]), Number(frame!.values[row])];
      const one = found.get(id);
      if (!one) {
        const of = Number(track!.values[row]);
        found.set(id, { link_id: id, track_id: of, objects: 1, first_frame: at, last_frame: at });
        continue;
      }
      one.objects++;
      one.first_frame = Math.min(one.first_frame, at);
      one.last_frame = Math.max(one.last_frame, at);
    }
  }
  const rows = [...found.values()].sort((a, b) => a.link_id - b.link_id);
  const values = new Map<string, Column['values']>(
    names.map((name) => [name, Int32Array.from(rows, (row) => row[name])]),
  );
  return {
    columns: names.map((name) => ({ name, type: 'int' })),
    rows: rows.length,
    runs: rows.length === 0 ? [] : [{ start: 0, end: rows.length }],
    metadata: new Map(),
    read: async (name, start, end) => ({ values: values.get(name)!.slice(start, end) as Column['values'] }),
  };
}
