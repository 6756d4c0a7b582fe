import type { ColumnDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { Hdf5Fault, hdf5Issue, issueOfFault } from '../../containers/hdf5/fault.ts';
import { type OpenHdf5, openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue, unseen } from '../track-file-issues.ts';
import type { ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';
import { type StoredFrame, isPositions, storedFrames } from './frames.ts';

/**
 * Reads the stores of trackpy: tables `Frame_0`, `Frame_1`... of one frame each as one set, any other table with x, y
 * and frame as a set of its own. Objects are in pixels, frames from 0; those with the same `particle` are linked in the
 * order of time. Stores without a particle give objects only.
 */
export const trackpyStoreReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.tree.entries[0] ?? item.files[0]!;
    const issues: Issue[] = [];
    try {
      const file = await openHdf5(await entry.open());
      issues.push(...(await streamStore(file, stemOf(entry.path), sink, options, item.path)));
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      issues.push(issueOfFault(error, item.path));
    }
    issues.push(unseen(item.path, 'trackpy'));
    return { issues };
  },
};

async function streamStore(
  file: OpenHdf5,
  name: string,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
): Promise<Issue[]> {
  const pieces: StoredFrame[] = [];
  const others: StoredFrame[] = [];
  const unread = new Set<string>();
  for await (const frame of storedFrames(file)) {
    if (!isPositions(frame)) continue;
    for (const column of frame.unread) unread.add(column);
    (/^Frame_\d+$/.test(frame.key) ? pieces : others).push(frame);
  }
  const issues: Issue[] = [];
  if (pieces.length > 0) issues.push(...(await streamSet(pieces, name, sink, options, path)));
  for (const frame of others)
    issues.push(
      ...(await streamSet([frame], others.length + pieces.length > 1 ? frame.key : name, sink, options, path)),
    );
  if (pieces.length + others.length === 0)
    issues.push(
      trackFileIssue('no-position-columns', 'no table has the columns x, y and frame', { where: { file: path } }),
    );
  if (unread.size > 0) {
    const message = `The columns ${[...unread].join(', ')} are kept in a form only Python reads; they are left out.`;
    issues.push(hdf5Issue('hdf5-not-supported', message, { where: { file: path } }));
  }
  return issues;
}

const places = new Set(['x', 'y', 'z', 'frame']);

async function streamSet(
  tables: readonly StoredFrame[],
  name: string,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
): Promise<Issue[]> {
  const tally = new IssueTally<TrackFileIssueCode>();
  const columns = featureColumns(tables);
  const hasZ = tables.every(({ columns: all }) => all.some((column) => column.name === 'z' && column.isNumber));
  const stream = await RowStream.begin(
    sink,
    pointHeader(name, {
      spaceUnit: 'pixel',
      sourceFrameBase: 0,
      hasZ,
      objectColumns: columns,
      provenance: { software: 'trackpy' },
    }),
    options.signal,
  );
  const chains = new ChainList();
  let id = 0;
  for (const table of tables)
    for await (const { rows, columns: cells } of table.rows(options.signal)) {
      const numbers = (column: string): Float64Array | undefined => {
        const found = cells.get(column);
        return found instanceof Float64Array ? found : undefined;
      };
      const [x, y, z, frames, particle] = ['x', 'y', 'z', 'frame', 'particle'].map(numbers);
      const further = columns.map((column) => cells.get(column.sourceKey ?? column.name));
      for (let row = 0; row < rows; row++) {
        const frame = Math.round(frames![row]!);
        if (!(Math.abs(frame) < 2 ** 31)) {
          tally.note('detection-without-time', {}, `${table.key}, row ${row}`);
          continue;
        }
        const values = further.map((column) => column?.[row]);
        const place = { x: x![row]!, y: y![row]!, ...(hasZ ? { z: z![row]! } : {}) };
        const full = stream.object({ id, frame, ...place, values });
        if (full) await full;
        const chain = particle?.[row];
        if (chain !== undefined && chain >= 0 && chain < 2 ** 31) chains.note(Math.round(chain), id, frame);
        id++;
      }
    }
  const { ambiguous } = await stream.chains(chains);
  for (const { chain, frame } of ambiguous)
    tally.note('duplicate-frame-in-track', {}, `particle ${chain}, frame ${frame}`);
  await stream.end();
  tally.note('pixel-units-only', {}, name);
  return tally.issues(trackFileIssue, path, {
    'pixel-units-only': () => 'trackpy counts pixels',
    'duplicate-frame-in-track': (n) =>
      `${n} ${n === 1 ? 'frame' : 'frames'} in which one particle is found several times`,
    'detection-without-time': (n) => `${n} ${n === 1 ? 'row' : 'rows'} without a frame`,
  });
}

/** Every column that is no place, in the order it is met; one that is text in any table is text. */
function featureColumns(tables: readonly StoredFrame[]): ColumnDescription[] {
  const found = new Map<string, ColumnDescription>();
  for (const { columns } of tables)
    for (const { name, isNumber, isWhole } of columns) {
      if (places.has(name)) continue;
      const type = !isNumber ? 'string' : isWhole ? 'int' : 'float';
      const known = found.get(name)?.type;
      const wider = known === 'string' || type === 'string' ? 'string' : known === 'float' ? 'float' : type;
      found.set(name, { name, type: wider });
    }
  return [...found.values()];
}
