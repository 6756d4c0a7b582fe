import type { ColumnDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { SqliteFault } from '../../containers/sqlite/fault.ts';
import { openSqliteTable } from '../../containers/sqlite/open-sqlite.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { trackFileIssue, unseen } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';

/** Columns that every version of ultrack has, and features that some have. */
const places = ['selected', 't', 'id', 'parent_id', 'z', 'y', 'x'] as const;
const features: readonly ColumnDescription[] = [
  { name: 'area', type: 'int', unit: 'pixel' },
  { name: 'height', type: 'float' },
  { name: 'node_prob', type: 'float' },
];

/**
 * Reads databases of ultrack (`data.db`, SQLite): the segments that its solver selected, with the edges to their parents;
 * candidates that were not selected are no objects. Positions are in pixels, frames from 0.
 */
export const ultrackDatabaseReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.files[0]!;
    const issues: Issue[] = [];
    const where = { file: item.path };
    const found: (number | undefined)[][] = [];
    let candidates = 0;
    const known: ColumnDescription[] = [];
    try {
      const nodes = await openSqliteTable(await entry.open(), 'nodes', options.signal);
      if (!nodes) throw new SqliteFault('there is no table nodes');
      known.push(...features.filter(({ name }) => nodes.columns.some((column) => column.name === name)));
      for await (const row of nodes.rows([...places, ...known.map(({ name }) => name)], options.signal)) {
        candidates++;
        if (row[0] === 1) found.push(row.map((value) => (typeof value === 'number' ? value : undefined)));
      }
    } catch (error) {
      if (!(error instanceof SqliteFault)) throw error;
      issues.push(trackFileIssue('track-file-damaged', error.message, { where }));
    }
    if (found.length === 0 && candidates > 0)
      issues.push(
        trackFileIssue(
          'track-left-out',
          `none of ${candidates} candidates is selected: let ultrack solve the tracks first`,
          { where },
        ),
      );
    issues.push(...(await streamNodes(found)));
    issues.push(unseen(item.path, 'the databases of ultrack'));
    return { issues };

    async function streamNodes(rows: readonly (number | undefined)[][]): Promise<Issue[]> {
      const hasZ = rows.some((row) => (row[4] ?? 0) !== 0);
      const stream = await RowStream.begin(
        sink,
        pointHeader(stemOf(entry.path), {
          spaceUnit: 'pixel',
          sourceFrameBase: 0,
          hasZ,
          objectColumns: known,
          provenance: { software: 'ultrack' },
        }),
        options.signal,
      );
      let timeless = 0;
      for (const [, t, id, , z, y = Number.NaN, x = Number.NaN, ...values] of rows) {
        if (t === undefined || id === undefined || !(Math.abs(t) < 2 ** 31)) {
          timeless++;
          continue;
        }
        const full = stream.object({ id, frame: Math.round(t), x, y, ...(hasZ ? { z: z ?? Number.NaN } : {}), values });
        if (full) await full;
      }
      for (const [, , id, parent] of rows) {
        // -1 says that there is none.
        const full = id === undefined || parent === undefined || parent < 0 ? undefined : stream.edge(parent, id);
        if (full) await full;
      }
      await stream.end();
      const said = `${timeless} ${timeless === 1 ? 'segment' : 'segments'} without a frame or an id`;
      return timeless > 0 ? [trackFileIssue('detection-without-time', said, { where })] : [];
    }
  },
};
