import { type Column, ColumnBuilder } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { isObject, type JsonObject } from '../../images/ome-zarr/group-metadata.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { numberTimes } from '../../tables/delimited/time-frames.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';

const largest = 256 << 20;
const features = ['id', 'label', 'color', 'author', 'video', 'cellTypeName'] as const;

/** Reads tracks of ImmuneMap: a JSON list of tracks, each with `points` of time, x, y and z. */
export const immunemapReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const where = { file: item.path };
    const source = await item.files[0]!.open();
    if (source.size > largest)
      return { issues: [trackFileIssue('track-file-too-large', `${source.size} bytes of JSON`, { where })] };
    let parsed: unknown;
    try {
      parsed = JSON.parse(new TextDecoder().decode(await source.read(0, source.size, options.signal)));
    } catch (error) {
      return {
        issues: [trackFileIssue('track-file-damaged', `no valid JSON: ${(error as Error).message}`, { where })],
      };
    }
    const tracks = Array.isArray(parsed) ? parsed.filter(isObject) : [];
    const tally = new IssueTally<TrackFileIssueCode>();
    const points = tracks.map((track) => pointsOf(track, tally));
    const times = new Set<number>();
    let hasZ = false;
    for (const [t, , , z] of points.flat()) {
      times.add(t);
      if (z !== 0 && z !== undefined) hasZ = true;
    }
    const numbering = numberTimes(times);
    const whole = [...times].every((time) => Number.isInteger(time) && Math.abs(time) < 2 ** 31);
    const header = pointHeader(stemOf(source.name), {
      hasZ,
      objectColumns: [{ name: 'source_track_id', type: 'int', description: 'Id of the track', sourceKey: 'id' }],
      provenance: { software: 'ImmuneMap' },
      ...(whole ? {} : { hasTime: true }),
    });
    const stream = await RowStream.begin(sink, header, options.signal);
    const chains = new ChainList();
    let id = 0;
    for (const [chain, own] of points.entries())
      for (const [t, x, y, z] of own) {
        const frame = whole ? t : (numbering.frameOf.get(t) ?? 0);
        const track = tracks[chain]!['id'];
        const full = stream.object({
          id,
          frame,
          x,
          y,
          z: z ?? Number.NaN,
          time: t,
          values: [typeof track === 'number' ? track : undefined],
        });
        if (full) await full;
        chains.note(chain, id++, frame);
      }
    const { ambiguous } = await stream.chains(chains);
    for (const { chain, frame } of ambiguous)
      tally.note('duplicate-frame-in-track', {}, `track ${chain + 1}, time ${frame}`);
    await sink.sourceTracks?.(trackColumns(tracks), tracks.length);
    await stream.end();
    tally.note('no-units', {}, 'ImmuneMap writes no unit');
    if (!whole && !numbering.regular) tally.note('irregular-time', {}, `${times.size} times`);
    return {
      issues: tally.issues(trackFileIssue, item.path, {
        'no-units': () => 'positions have no unit',
        'track-file-damaged': (n) => `${n} ${n === 1 ? 'point is' : 'points are'} no list of numbers`,
        'duplicate-frame-in-track': (n) => `${n} times at which one track has several points`,
        'irregular-time': () => 'times are not multiples of one step',
      }),
    };
  },
};

type Point = [t: number, x: number, y: number, z?: number];

function pointsOf(track: JsonObject, tally: IssueTally<TrackFileIssueCode>): Point[] {
  const { points } = track;
  const found: Point[] = [];
  for (const point of Array.isArray(points) ? (points as unknown[]) : []) {
    const isPoint = Array.isArray(point) && point.length >= 3 && point.every((one) => Number.isFinite(one));
    if (isPoint) found.push(point as Point);
    else tally.note('track-file-damaged', {}, `track ${String(track['id'])}: ${JSON.stringify(point)?.slice(0, 40)}`);
  }
  return found;
}

function trackColumns(tracks: readonly JsonObject[]): Column[] {
  const columns: Column[] = [];
  for (const key of features) {
    const values = tracks.map((track) => track[key]);
    const isText = values.some((value) => typeof value === 'string');
    if (!values.some((value) => typeof value === 'string' || typeof value === 'number')) continue;
    const name = key === 'id' ? 'source_track_id' : key;
    const builder = new ColumnBuilder({ name, type: isText ? 'string' : 'int', sourceKey: key });
    for (const [row, value] of values.entries())
      builder.set(row, typeof value === 'string' || typeof value === 'number' ? value : undefined);
    columns.push(builder.finish(tracks.length));
  }
  return columns;
}
