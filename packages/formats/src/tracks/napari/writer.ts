import { type TrackSet, buildTrackGraph, defineIssues } from '@micrarium/model';
import { numberCell } from '../csv/cells.ts';
import { type CsvColumn, csvTable } from '../csv/objects-csv.ts';
import { lossNames, lossReport } from '../loss/report.ts';
import { type Surviving, namedByFolder } from '../loss/surviving.ts';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { napariColumns } from './columns.ts';
import { surviving } from './surviving.ts';

/** What a napari tracks table cannot hold. */
export const napariLossIssue = defineIssues({
  'napari-ids-lost': {
    severity: 'info',
    meaning: 'The table has no place for ids of objects; rows are objects, numbered from 0.',
  },
  'napari-column-meanings-lost': {
    severity: 'info',
    meaning:
      'Units, descriptions and types of features have no place: types are read from the cells, empty texts count as absent, text that a spreadsheet would compute gets an apostrophe, and names with another meaning in such tables change.',
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
  losses: (sets) => lossReport(sets, survivingSets(sets), napariLosses),
  surviving: survivingSets,
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
  const rows = csvTable([...own, ...napariColumns(objects.columns)], objects.count, signal ? { signal } : {});
  for await (const bytes of rows) await table.write(bytes);
  await table.close();
  if (parents.size === 0) return;
  const graph = await sink.create('graph.json');
  await graph.write(new TextEncoder().encode(`${JSON.stringify(Object.fromEntries(parents))}\n`));
  await graph.close();
}

const napariLosses = lossNames(napariLossIssue, {
  ids: 'napari-ids-lost',
  'feature-names': 'napari-column-meanings-lost',
  'feature-types': 'napari-column-meanings-lost',
  'feature-units': 'napari-column-meanings-lost',
  'feature-descriptions': 'napari-column-meanings-lost',
  'feature-values': 'napari-column-meanings-lost',
  times: 'napari-scale-lost',
  'space-unit': 'napari-scale-lost',
  'time-unit': 'napari-scale-lost',
  'edge-features': 'napari-features-lost',
  'track-features': 'napari-features-lost',
  outlines: 'napari-outlines-lost',
  entity: 'napari-outlines-lost',
  provenance: 'napari-provenance-lost',
});

/** Tables in folders of their own are all called alike. */
function survivingSets(sets: readonly TrackSet[]): Surviving[] {
  return namedByFolder(sets.map(surviving), () => 'tracks');
}
