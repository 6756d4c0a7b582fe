import { type Issue, type TrackSet, buildTrackGraph, defineIssues } from '@micrarium/model';
import { numberCell } from '../csv/cells.ts';
import { type CsvColumn, csvTable, featureCells } from '../csv/objects-csv.ts';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';

/** What a napari tracks table cannot hold. */
export const napariLossIssue = defineIssues({
  'napari-ids-lost': {
    severity: 'info',
    meaning: 'The table has no place for ids of objects; rows are objects.',
  },
  'napari-column-meanings-lost': {
    severity: 'info',
    meaning: 'Units, descriptions and types of features have no place; their values are written as text.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'napari-scale-lost': {
    severity: 'warning',
    meaning: 'Units and physical times have no place: positions are written as they are, times as frames.',
  },
  'napari-features-lost': {
    severity: 'warning',
    meaning: 'Features of edges and of tracks have no place.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'napari-outlines-lost': {
    severity: 'warning',
    meaning: 'Outlines and meshes have no place in a table with one row per object.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'napari-provenance-lost': {
    severity: 'info',
    meaning: 'What is known of the tracking program and the film has no place.',
  },
});

/**
 * Writes tracks for napari: `tracks.csv` (track_id, t, z, y, x, then features) and `graph.json`, which names the parents of
 * each track. A track is an unbranched chain, as napari wants it; several parents are a merge. Several sets go to folders.
 */
export const napariWriter: TrackWriter = {
  layout: 'folder',
  extension: '',
  losses: (sets) => sets.flatMap((set) => lossesOf(set)),
  async write(sets, sink, options = {}) {
    for (const [i, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `set-${i + 1}/`;
      await writeSet(set, { create: (path) => sink.create(folder + path) }, options);
      options.onProgress?.((i + 1) / sets.length);
    }
  },
};

/** Track of each object, from 1, and the tracks each track came from. */
export function napariTracks({ objects, edges }: TrackSet): { trackOf: Uint32Array; parents: Map<number, number[]> } {
  const { inDegree, outDegree } = buildTrackGraph(objects.count, edges);
  const sources: number[][] = Array.from({ length: objects.count }, () => []);
  for (let edge = 0; edge < edges.count; edge++) sources[edges.target[edge]!]!.push(edges.source[edge]!);
  const order = Uint32Array.from({ length: objects.count }, (_, row) => row).sort(
    (a, b) => objects.frame[a]! - objects.frame[b]! || a - b,
  );
  const trackOf = new Uint32Array(objects.count);
  const parents = new Map<number, number[]>();
  let tracks = 0;
  for (const row of order) {
    const [from] = sources[row]!;
    if (from !== undefined && inDegree[row] === 1 && outDegree[from] === 1) {
      trackOf[row] = trackOf[from]!;
      continue;
    }
    trackOf[row] = ++tracks;
    if (sources[row]!.length > 0)
      parents.set(
        tracks,
        sources[row]!.map((source) => trackOf[source]!),
      );
  }
  return { trackOf, parents };
}

async function writeSet(set: TrackSet, sink: FileSink, { signal }: WriteOptions): Promise<void> {
  const { objects } = set;
  const { trackOf, parents } = napariTracks(set);
  const numbers = (name: string, values: ArrayLike<number>): CsvColumn => ({
    name,
    type: 'float',
    cell: (row) => numberCell(values[row]!),
  });
  const own = [
    numbers('track_id', trackOf),
    numbers('t', objects.frame),
    ...(objects.z ? [numbers('z', objects.z)] : []),
    numbers('y', objects.y),
    numbers('x', objects.x),
  ];
  const table = await sink.create('tracks.csv');
  const rows = csvTable([...own, ...featureCells(objects.columns, own)], objects.count, signal ? { signal } : {});
  for await (const bytes of rows) await table.write(bytes);
  await table.close();
  if (parents.size === 0) return;
  const graph = await sink.create('graph.json');
  await graph.write(new TextEncoder().encode(`${JSON.stringify(Object.fromEntries(parents))}\n`));
  await graph.close();
}

function lossesOf(set: TrackSet): Issue[] {
  const { objects, edges, sourceTracks, provenance } = set;
  const issues: Issue[] = [];
  const say = (code: keyof typeof napariLossIssue.catalogue, message: string) =>
    issues.push(napariLossIssue(code, message, { where: { field: set.name } }));
  if (objects.count > 0) say('napari-ids-lost', `${objects.count} ids`);
  if (objects.columns.length > 0) say('napari-column-meanings-lost', `${objects.columns.length} columns of objects`);
  if ((set.spaceUnit ?? 'pixel') !== 'pixel' || (set.timeUnit ?? 'frame') !== 'frame' || objects.time)
    say('napari-scale-lost', `unit ${set.spaceUnit ?? 'unknown'}, times in ${set.timeUnit ?? 'frames'}`);
  const lost = edges.columns.length + (sourceTracks?.columns.length ?? 0);
  if (lost > 0)
    say('napari-features-lost', `${edges.columns.length} columns of edges, ${lost - edges.columns.length} of tracks`);
  if ((objects.shapes?.partOffsets.at(-1) ?? 0) > 0)
    say('napari-outlines-lost', `${objects.shapes!.vertexOffsets.length - 1} outlines or mesh parts`);
  const said = Object.keys(provenance);
  if (said.length > 0) say('napari-provenance-lost', `left out: ${said.join(', ')}`);
  return issues;
}
