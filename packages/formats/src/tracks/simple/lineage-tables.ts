import type { Issue } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { delimitedReader, readDelimitedHead } from '../../tables/delimited/read-delimited.ts';
import type { Item } from '../../recognition/item.ts';
import { bytesAt } from '../../recognition/probe.ts';
import { trackFileIssue, unseen } from '../track-file-issues.ts';
import type { ColumnMapping, ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';
import { openNapariTable, streamNapariTable } from '../napari/read-table.ts';
import { TrackParentSink, readNumberMap } from './track-parents.ts';

/** Which columns of a lineage table mean what, in lower case; the first that is there counts. */
interface LineageColumns {
  frame: readonly string[];
  track: readonly string[];
  /** Track of the parent. */
  parentTrack: readonly string[];
  /** Object and its preceding object, where the table says both. */
  object?: readonly string[];
  parentObject?: readonly string[];
  /** May the table be in napari's own layout, which needs no guessing? */
  isNapari?: boolean;
}

const dataEntry = (entry: FileEntry) => !/\.json$/i.test(entry.path);

async function readTable(
  item: Item,
  sink: TrackSink,
  options: ReadOptions,
  columns: LineageColumns,
): Promise<{ issues: Issue[] }> {
  const table = item.tree.entries.find(dataEntry);
  const where = { file: item.path };
  if (!table)
    return { issues: [trackFileIssue('no-position-columns', 'there is no table beside the graph', { where })] };
  const own = columns.isNapari && !options.mapping ? await openNapariTable(table) : undefined;
  const tableItem: Item = { ...item, files: [table], tree: { name: item.tree.name, entries: [table] } };
  const head = own ? undefined : await readDelimitedHead(tableItem, options);
  const names = own?.dialect.header ?? head?.columns.map(({ name }) => name) ?? [];
  const find = (wanted: readonly string[] = []) => {
    const name = wanted
      .map((one) => names.find((known) => known.toLowerCase() === one))
      .find((one) => one !== undefined);
    return name;
  };
  const issues: Issue[] = [];
  const maps = [];
  for (const entry of item.tree.entries.filter((one) => !dataEntry(one))) {
    const map = await readNumberMap(entry);
    if (typeof map === 'string')
      issues.push(trackFileIssue('track-file-damaged', map, { where: { file: entry.path } }));
    else maps.push(map);
  }
  const object = find(columns.object);
  const parentObject = find(columns.parentObject);
  const byObject = object !== undefined && parentObject !== undefined;
  const track = own ? 'track_id' : find(columns.track);
  const roles: [keyof ColumnMapping, string | undefined][] = [
    ['x', find(['x'])],
    ['y', find(['y'])],
    ['z', find(['z'])],
    ['frame', find(columns.frame)],
    ['track', track],
    ['objectId', byObject ? object : undefined],
    ['parent', byObject ? parentObject : undefined],
  ];
  const mapping: ColumnMapping = {
    ...Object.fromEntries(roles.filter(([, name]) => name !== undefined)),
    frameBase: 0,
  };
  const parent = byObject ? undefined : find(columns.parentTrack);
  const joining = new TrackParentSink(sink, {
    ...(track === undefined ? {} : { track }),
    ...(parent === undefined ? {} : { parent }),
    ...(maps.length > 0 ? { maps } : {}),
  });
  const read = own
    ? { issues: await streamNapariTable(own, joining, options) }
    : await delimitedReader.stream(tableItem, joining, { ...options, mapping: options.mapping ?? mapping });
  issues.push(...read.issues.filter(({ code }) => code !== 'no-track-column' || maps.length === 0));
  if (joining.unknown.length > 0) {
    const message = `${joining.unknown.length} parents without an edge (first ${joining.unknown.slice(0, 3).join('; ')})`;
    issues.push(trackFileIssue('track-parent-unknown', message, { where }));
  }
  return { issues };
}

/**
 * Reads btrack: tables of objects alone, or with track, parent and generation, and the graphs beside them; its HDF5
 * stores.
 */
export const btrackTableReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const [entry] = item.files;
    const head = entry ? await (await entry.open()).read(0, 4) : new Uint8Array(0);
    if (head[0] === 0x89 && head[1] === 0x48)
      return (await import('../btrack-store/reader.ts')).btrackStoreReader.stream(item, sink, options);
    return readTable(item, sink, options, {
      frame: ['t'],
      track: ['track_id', 'id'],
      parentTrack: ['parent'],
    });
  },
};

/** Reads napari tracks: track_id, t, z, y, x, and the graph of parent tracks where it lies beside the table. */
export const napariReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const columns = { frame: ['t'], track: ['track_id', 'id'], parentTrack: ['parent_track_id'], isNapari: true };
    return readTable(item, sink, options, columns);
  },
};

/** Reads tables of ultrack, edges by the parent object where the table names it, else by the parent track; and its databases. */
export const ultrackReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const head = await (await item.files[0]!.open()).read(0, 16, options.signal);
    if (bytesAt(head, 0, 'SQLite format 3\0'))
      return (await import('../ultrack-database/reader.ts')).ultrackDatabaseReader.stream(item, sink, options);
    const { issues } = await readTable(item, sink, options, {
      frame: ['t'],
      track: ['track_id'],
      parentTrack: ['parent_track_id'],
      object: ['id'],
      parentObject: ['parent_id'],
    });
    return { issues: [...issues, unseen(item.path, 'ultrack')] };
  },
};
