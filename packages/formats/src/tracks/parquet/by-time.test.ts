import type { TrackSet } from '@micrarium/model';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { trackSetReader } from '../from-sets.ts';
import { isStoredByTime, writeByTime } from './by-time.ts';
import { openParquet } from './open-table.ts';
import { metadataKey } from './stored-tables.ts';
import { writeTrackTables } from './write-tables.ts';

/** Cells one after the other, each through all frames; every seventh row lacks its feature. */
function byCell(cells: number, frames: number): TrackSet {
  const rows = Array.from({ length: cells * frames }, (_, row) => ({
    cell: Math.floor(row / frames),
    t: row % frames,
  }));
  const missing = Uint8Array.from(rows, (_, row) => Number(row % 7 === 0));
  return {
    name: 'cells',
    objects: {
      count: rows.length,
      id: Float64Array.from(rows, (_, row) => row + 2 ** 33),
      frame: Int32Array.from(rows, ({ t }) => t),
      x: Float64Array.from(rows, ({ cell }) => cell / 3),
      y: Float64Array.from(rows, ({ t }) => t),
      columns: [
        { name: 'area', type: 'int', values: Float64Array.from(rows, (_, row) => row), missing },
        { name: 'name', type: 'string', values: rows.map(({ cell }) => `cell ${cell}`), missing },
      ],
      entity: 'point',
    },
    edges: { count: 0, source: new Uint32Array(0), target: new Uint32Array(0), columns: [] },
    provenance: {},
  };
}

test('rows come in the order of time, and each keeps all of its values', async () => {
  const sink = memorySink();
  const item = { path: 'cells', files: [], tree: { entries: [] } } as never;
  await writeTrackTables(trackSetReader([byCell(50, 90)]), item, sink);
  const source = await openParquet(memorySource('objects', sink.files.get('objects.parquet')!));
  expect([source.groups.length > 1, isStoredByTime(source.groups)]).toEqual([true, false]);
  const read = async (table: typeof source, name: string) => {
    const found: (number | string | undefined)[] = [];
    for (const { start, end } of table.runs) {
      const { values, missing } = await table.read(name, start, end);
      for (let at = 0; at < end - start; at++) found.push(missing?.[at] === 1 ? undefined : values[at]);
    }
    return found;
  };
  // All at once, and some thousand values at a time.
  for (const held of [undefined, 20_000]) {
    const out = memorySink();
    await writeByTime(source, await out.create('by-time'), held === undefined ? {} : { held });
    const ordered = await openParquet(memorySource('by-time', out.files.get('by-time')!));
    expect([ordered.rows, isStoredByTime(ordered.groups)]).toEqual([4500, true]);
    expect(ordered.columns).toEqual(source.columns);
    expect(ordered.metadata.get(metadataKey)).toBe(source.metadata.get(metadataKey));
    const order = Array.from({ length: 4500 }, (_, place) => (place % 50) * 90 + Math.floor(place / 50));
    for (const { name } of source.columns) {
      const before = await read(source, name);
      expect((await read(ordered, name)).join(), name).toBe(order.map((row) => before[row]).join());
    }
  }
});
