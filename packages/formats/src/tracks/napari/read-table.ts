import type { ColumnDescription, Issue } from '@micrarium/model';
import { type FileEntry, stemOf } from '../../bytes/file-tree.ts';
import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { IssueTally, type TableIssueCode, tableIssue } from '../../tables/delimited/issues.ts';
import { scanTable, tableRows } from '../../tables/delimited/table-scan.ts';
import { typedCell } from '../cmso/feature-tables.ts';
import { type CmsoIssueCode, cmsoIssue } from '../cmso/issues.ts';
import { type OwnTable, openOwnTable } from '../csv/own-tables.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import type { ReadOptions, TrackSink } from '../track-reader.ts';

/** Does the table begin with the columns of a napari Tracks layer, in their order? */
export function isNapariHeader(header: readonly string[]): boolean {
  const wanted = header[2] === 'z' ? ['t', 'z', 'y', 'x'] : ['t', 'y', 'x'];
  return (header[0] === 'track_id' || header[0] === 'ID') && wanted.every((name, i) => header[i + 1] === name);
}

/** Opens the table where it is a plain CSV in napari's own layout; other tables are read by their columns. */
export async function openNapariTable(entry: FileEntry): Promise<OwnTable | undefined> {
  const table = await openOwnTable(entry.path, await entry.open());
  return isNapariHeader(table.dialect.header) ? table : undefined;
}

const absent: ReadonlySet<string> = new Set(['']);

/** Reads the table: rows are objects, numbered from 0; those of a track follow each other in time. */
export async function streamNapariTable(
  { source, dialect, path }: OwnTable,
  sink: TrackSink,
  options: ReadOptions,
): Promise<Issue[]> {
  const rowTally = new IssueTally<TableIssueCode>();
  const tally = new IssueTally<CmsoIssueCode>();
  const walk = options.signal ? { signal: options.signal } : {};
  const own = dialect.header[2] === 'z' ? 5 : 4;
  let anyZ = false;
  const number = (cells: readonly string[], at: number) => parseNumber(cells[at] ?? '') ?? Number.NaN;
  const scan = await scanTable(source, dialect, rowTally, walk, ({ cells }) => {
    if (own === 5 && !anyZ) anyZ = number(cells, 2) !== 0;
  });
  const columns: ColumnDescription[] = [{ name: 'track_id', type: 'int', role: 'track' }, ...scan.columns.slice(own)];
  const header = pointHeader(stemOf(source.name), { hasZ: anyZ, sourceFrameBase: 0, objectColumns: columns });
  const stream = await RowStream.begin(sink, header, options.signal);
  const chains = new ChainList();
  const onBytes = (done: number) => options.onProgress?.(done / source.size);
  for await (const rows of tableRows(source, dialect, new IssueTally(), { ...walk, onBytes }))
    for (const { cells, row, line, block } of rows) {
      const [track, frame] = [number(cells, 0), Math.round(number(cells, 1))];
      if (!Number.isFinite(frame) || Math.abs(frame) >= 2 ** 31) {
        rowTally.note('row-without-frame', { line, row: row + 1 }, `line ${line}`);
        continue;
      }
      const isTrack = Number.isInteger(track) && track >= 0 && track < 2 ** 31;
      chains.note(isTrack ? track : -1, row, frame);
      const features = columns
        .slice(1)
        .map((column, i) => typedCell({ cells, row, line, block }, own + i, column, absent, path, tally));
      const full = stream.object({
        id: row,
        frame,
        x: number(cells, own - 1),
        y: number(cells, own - 2),
        ...(anyZ ? { z: number(cells, 2) } : {}),
        values: [isTrack ? track : undefined, ...features],
      });
      if (full) await full;
    }
  const found = await stream.chains(chains);
  await stream.end();
  for (const { chain, frame, objects } of found.ambiguous)
    rowTally.note('duplicate-frame-in-track', {}, `track ${chain}, frame ${frame}: ${objects} objects`);
  const where = { where: { file: path } };
  const issues = [...tally.issues(cmsoIssue, path, {}), ...rowTally.issues(tableIssue, path, {})];
  if (own === 5 && !anyZ) issues.push(tableIssue('z-all-zero', 'column "z" is 0 in every row', where));
  issues.push(tableIssue('no-units', 'the table does not say in which unit its positions are', where));
  return issues;
}
