import type { Column, TrackSet } from '@micrarium/model';
import { lossReport } from '../loss/report.ts';
import type { Surviving } from '../loss/surviving.ts';
import type { TrackWriter } from '../track-reader.ts';
import { type StraightTracks, pixelsOf, straightTracks, survivingTracks, wholeColumn } from './straight-tracks.ts';

const version = '1.5.1';
const encoder = new TextEncoder();
const piece = 1 << 16;

/** Where the tracks of a set go: numbers of clusters and tracks are those the set has, where each track has one. */
interface Plan {
  straight: StraightTracks;
  cluster: Column | undefined;
  track: Column | undefined;
  point: Column | undefined;
  channel: Column | undefined;
}

function planOf(set: TrackSet): Plan {
  const straight = straightTracks(set);
  const [cluster, track] = [wholeColumn(set, 'cluster'), wholeColumn(set, 'source_track_id')];
  const isSteady = (column: Column | undefined) =>
    column !== undefined &&
    straight.tracks.every((rows) => rows.every((row) => column.values[row] === column.values[rows[0]!]));
  const isNamed = isSteady(cluster) && isSteady(track);
  return {
    straight,
    cluster: isNamed ? cluster : undefined,
    track: isNamed ? track : undefined,
    point: wholeColumn(set, 'point'),
    channel: wholeColumn(set, 'channel'),
  };
}

/**
 * Writes MTrackJ data files: pixels from 0, slices, frames and channels from 1. A track of MTrackJ has no branches, so
 * that of several edges out of an object or into one the first stays. A file holds one set.
 */
export const mtrackjWriter: TrackWriter = {
  layout: 'file',
  extension: '.mdf',
  losses: (sets) => lossReport(sets, survivingSets(sets)),
  surviving: survivingSets,
  async write(sets, sink, { signal, onProgress } = {}) {
    const [set] = sets;
    if (!set) throw new TypeError('there is no set to write');
    const { straight, cluster, track, point, channel } = planOf(set);
    const { x, y, z } = pixelsOf(set);
    const out = await sink.create('');
    let text = `MTrackJ ${version} Data File\nAssembly 1\n`;
    let lastCluster: string | undefined;
    for (const [at, rows] of straight.tracks.entries()) {
      const own = String(cluster?.values[rows[0]!] ?? 1);
      if (own !== lastCluster) text += `Cluster ${own}\n`;
      lastCluster = own;
      text += `Track ${track?.values[rows[0]!] ?? at + 1}\n`;
      for (const [i, row] of rows.entries()) {
        const numbers = [x(row), y(row), z(row) + 1, set.objects.frame[row]! + 1, Number(channel?.values[row] ?? 1)];
        text += `Point ${point?.values[row] ?? i + 1} ${numbers.map(decimal).join(' ')}\n`;
      }
      if (text.length < piece) continue;
      signal?.throwIfAborted();
      await out.write(encoder.encode(text));
      text = '';
      onProgress?.(at / straight.tracks.length);
    }
    await out.write(encoder.encode(`${text}End of MTrackJ Data File\n`));
    await out.close();
  },
};

/** As MTrackJ writes numbers: whole ones with a digit behind the point. */
function decimal(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}

function survivingSets(sets: readonly TrackSet[]): (Surviving | undefined)[] {
  return sets.map((set, i) => (i === 0 ? surviving(set) : undefined));
}

function surviving(set: TrackSet): Surviving {
  const { straight, cluster, track, point, channel } = planOf(set);
  const { x, y, z } = pixelsOf(set);
  const slice = (row: number) => z(row) + 1;
  const [first] = straight.tracks.flat();
  const firstSlice = first === undefined ? 0 : slice(first);
  // Where all points lie in one slice the reader takes them as planar.
  const isDeep = straight.tracks.some((rows) => rows.some((row) => slice(row) !== firstSlice));
  const place = new Map(straight.tracks.flatMap((rows, at) => rows.map((row, i) => [row, { at, i }] as const)));
  return survivingTracks(set, straight, {
    x,
    y,
    ...(isDeep ? { z: (row: number) => slice(row) - 1 } : {}),
    column({ name }) {
      const written = { cluster, source_track_id: track, point, channel }[name];
      const found = (row: number) => place.get(row)!;
      if (name === 'cluster') return (row) => Number(written?.values[row] ?? 1);
      if (name === 'source_track_id') return (row) => Number(written?.values[row] ?? found(row).at + 1);
      if (name === 'point') return (row) => Number(written?.values[row] ?? found(row).i + 1);
      return name === 'channel' ? (row) => Number(written?.values[row] ?? 1) : undefined;
    },
    provenance: { software: 'MTrackJ', softwareVersion: version },
  });
}
