import type { Column, ColumnDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { Hdf5Fault, issueOfFault } from '../../containers/hdf5/fault.ts';
import { openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';
import { type BtrackKind, type NumberTable, dummyColumn, lineageNames, readKind, trackColumn } from './store.ts';

/**
 * Reads the HDF5 stores of btrack: one set for each kind of object, with the dummies of gaps behind the objects, edges
 * along the tracks and from each parent's last object. Properties and states are columns; lineage and fates stand in
 * the table of tracks. Objects are numbered by their row.
 */
export const btrackStoreReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.tree.entries.find(({ path }) => !/\.json$/i.test(path)) ?? item.files[0]!;
    const issues: Issue[] = [];
    let version: string | undefined;
    try {
      const file = await openHdf5(await entry.open());
      const objects = await file.node('/objects');
      const tracks = await file.node('/tracks');
      const names = ((await objects?.links()) ?? [])
        .map(({ name }) => name)
        .filter((name) => name.startsWith('obj_type_'));
      // obj_type_10 comes behind obj_type_9.
      for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
        const kind = await readKind(objects!, tracks, name, options.signal);
        if (!kind) continue;
        version ??= kind.version;
        const title = names.length > 1 ? name : stemOf(entry.path);
        issues.push(...(await streamKind(kind, title, sink, options, item.path)));
      }
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      issues.push(issueOfFault(error, item.path));
    }
    return { issues, ...(version ? { formatVersion: version } : {}) };
  },
};

async function streamKind(
  kind: BtrackKind,
  name: string,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
): Promise<Issue[]> {
  const { coords, real } = kind;
  const tally = new IssueTally<TrackFileIssueCode>();
  const at = (row: number, column: number): number => coords.values[row * coords.width + column]!;
  let hasZ = false;
  for (let row = 0; row < coords.rows; row++) if (at(row, 3) !== 0) hasZ = true;
  const walk = tracksOf(kind, tally);
  const features = options.graphOnly ? [] : featuresOf(kind);
  const columns: ColumnDescription[] = [
    trackColumn,
    ...(coords.rows > real ? [dummyColumn] : []),
    ...features.map(({ column }) => column),
  ];
  const stream = await RowStream.begin(
    sink,
    pointHeader(name, {
      sourceFrameBase: 0,
      hasZ,
      objectColumns: columns,
      provenance: { software: 'btrack', ...(kind.version ? { softwareVersion: kind.version } : {}) },
    }),
    options.signal,
  );
  for (let row = 0; row < coords.rows; row++) {
    const frame = Math.round(at(row, 0));
    if (!(Math.abs(frame) < 2 ** 31)) {
      tally.note('detection-without-time', {}, `row ${row}`);
      continue;
    }
    const values = [
      walk.labelOf.get(row),
      ...(coords.rows > real ? [row >= real] : []),
      ...features.map(({ valueOf }) => (row < real ? valueOf(row) : undefined)),
    ];
    const full = stream.object({
      id: row,
      frame,
      x: at(row, 1),
      y: at(row, 2),
      ...(hasZ ? { z: at(row, 3) } : {}),
      values,
    });
    if (full) await full;
  }
  for (let n = 0; n < walk.from.length; n++) {
    const full = stream.edge(walk.from[n]!, walk.to[n]!);
    if (full) await full;
  }
  await stream.finishRows();
  if (kind.tracks && walk.labels.length > 0) await giveTracks(kind, walk.labels, sink);
  await sink.end();
  if (!hasZ && coords.rows > 0) tally.note('z-all-zero', {}, name);
  tally.note('no-units', {}, name);
  if (kind.unknownFilter)
    tally.note('track-file-damaged', {}, `the tracks count the objects left by the filter ${kind.unknownFilter}`);
  return tally.issues(trackFileIssue, path, {
    'track-parent-unknown': (n) =>
      `${n} ${n === 1 ? 'track names a parent' : 'tracks name parents'} that cannot be joined`,
    'detection-without-time': (n) => `${n} ${n === 1 ? 'object' : 'objects'} without a frame`,
    'z-all-zero': () => 'every z is 0',
    'no-units': () => 'btrack does not say in which unit positions are',
    'track-file-damaged': (n) => `${n} ${n === 1 ? 'part' : 'parts'} of the tracks cannot be used`,
  });
}

interface Walk {
  /** Track of each object, the first where several claim it. */
  labelOf: Map<number, number>;
  /** Label of each track, in the order of the map. */
  labels: number[];
  from: number[];
  to: number[];
}

/** Follows the tracks: edges between following objects, and from the last object of each parent. */
function tracksOf(kind: BtrackKind, tally: IssueTally<TrackFileIssueCode>): Walk {
  const walk: Walk = { labelOf: new Map(), labels: [], from: [], to: [] };
  const { tracks, coords, real, numbered } = kind;
  if (!tracks || kind.unknownFilter) return walk;
  const { refs, map, lbepr } = tracks;
  const rowOf = (ref: number): number => (ref < 0 ? real - ref - 1 : (numbered?.[ref] ?? (numbered ? -1 : ref)));
  const ends = new Map<number, { first: number; last: number }>();
  for (let track = 0; track < map.rows; track++) {
    const label = lbepr ? lbepr.values[track * lbepr.width]! : track + 1;
    walk.labels.push(label);
    const [begin, end] = [map.values[track * 2]!, map.values[track * 2 + 1]!];
    let previous = -1;
    let first = -1;
    for (let at = begin; at < Math.min(end, refs.length); at++) {
      const row = rowOf(refs[at]!);
      const isThere = row >= 0 && row < coords.rows && (refs[at]! < 0 || row < real);
      if (!isThere) {
        tally.note('track-file-damaged', {}, `track ${label} names object ${refs[at]}`);
        continue;
      }
      if (previous >= 0 && previous !== row) {
        walk.from.push(previous);
        walk.to.push(row);
      }
      if (!walk.labelOf.has(row)) walk.labelOf.set(row, label);
      if (first < 0) first = row;
      previous = row;
    }
    if (first >= 0) ends.set(label, { first, last: previous });
  }
  for (let track = 0; lbepr && lbepr.width > 3 && track < map.rows; track++) {
    const label = lbepr.values[track * lbepr.width]!;
    const parent = lbepr.values[track * lbepr.width + 3]!;
    // A track that is its own parent has none; 0 says the same in files of others.
    if (parent === label || parent === 0) continue;
    const [mother, daughter] = [ends.get(parent), ends.get(label)];
    if (mother && daughter) {
      walk.from.push(mother.last);
      walk.to.push(daughter.first);
    } else tally.note('track-parent-unknown', {}, `track ${label}, parent ${parent}`);
  }
  return walk;
}

interface Feature {
  column: ColumnDescription;
  valueOf(row: number): number | undefined;
}

function featuresOf({ labels, properties, real }: BtrackKind): Feature[] {
  const out: Feature[] = [];
  const add = (name: string, table: NumberTable, column: number, type: 'int' | 'float', sourceKey: string): void => {
    const taken = out.filter((feature) => feature.column.name === name).length;
    out.push({
      column: { name: taken > 0 ? `${name} (${sourceKey})` : name, type, sourceKey },
      valueOf: (row) => table.values[row * table.width + column],
    });
  };
  if (labels?.rows === real) {
    add('label', labels, 0, 'int', 'labels');
    // Behind the state stand the scores of all states.
    for (let column = 1; column < Math.min(labels.width, 64); column++)
      add(`label_score_${column}`, labels, column, 'float', `labels:${column}`);
  }
  for (const { name, table } of properties)
    for (let column = 0; column < table.width; column++)
      add(
        table.width > 1 ? `${name}_${column}` : name,
        table,
        column,
        table.isWhole ? 'int' : 'float',
        `properties/${name}`,
      );
  return out;
}

async function giveTracks({ tracks }: BtrackKind, labels: readonly number[], sink: TrackSink): Promise<void> {
  const { lbepr, fates } = tracks!;
  const columns: Column[] = [{ name: 'source_track_id', type: 'int', values: Float64Array.from(labels) }];
  const add = (name: string, table: NumberTable | undefined, column: number): void => {
    if (table && column < table.width && table.rows === labels.length)
      columns.push({
        name,
        type: 'int',
        values: Float64Array.from(labels, (_, row) => table.values[row * table.width + column]!),
      });
  };
  for (const [n, name] of lineageNames.entries()) add(name, lbepr, n + 1);
  add('fate', fates, 0);
  await sink.sourceTracks?.(columns, labels.length);
}
