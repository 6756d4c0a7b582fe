import { stemOf } from '../../bytes/file-tree.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { readText, sniffEncoding } from '../../tables/delimited/text-windows.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { TrackReader } from '../track-reader.ts';

/**
 * Reads MTrackJ data files. Track ids start anew in every cluster; x and y are pixels from 0, slices, frames and channels
 * are numbered from 1. Points are ordered by frame: their own ids may skip or disagree.
 */
export const mtrackjReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const source = await item.files[0]!.open();
    const tally = new IssueTally<TrackFileIssueCode>();
    let hasZ = false;
    let firstZ: number | undefined;
    let version: string | undefined;
    let ended = false;
    for await (const line of lines(source, options.signal)) {
      version ??= /^MTrackJ (\S+) Data File/.exec(line)?.[1];
      if (line.startsWith('End of MTrackJ')) ended = true;
      const z = pointOf(line)?.z;
      if (z === undefined) continue;
      firstZ ??= z;
      if (z !== firstZ) hasZ = true;
    }
    const header = pointHeader(stemOf(source.name), {
      spaceUnit: 'pixel',
      sourceFrameBase: 1,
      hasZ,
      objectColumns: [
        { name: 'cluster', type: 'int', sourceKey: 'Cluster' },
        { name: 'source_track_id', type: 'int', description: 'Number of the track in its cluster', sourceKey: 'Track' },
        { name: 'point', type: 'int', description: 'Number of the point in its track', sourceKey: 'Point' },
        { name: 'channel', type: 'int', description: 'Channel, from 1' },
      ],
      provenance: { software: 'MTrackJ', ...(version ? { softwareVersion: version } : {}) },
    });
    const stream = await RowStream.begin(sink, header, options.signal);
    const chains = new ChainList();
    let [cluster, track, chain, id] = [0, 0, -1, 0];
    for await (const line of lines(source, options.signal)) {
      const begins = /^(Cluster|Track) (-?\d+)/.exec(line);
      if (begins?.[1] === 'Cluster') cluster = Number(begins[2]);
      else if (begins) {
        track = Number(begins[2]);
        chain++;
      }
      const point = pointOf(line);
      if (!point) continue;
      const frame = Math.round(point.t) - 1;
      if (!(Math.abs(frame) < 2 ** 31)) {
        tally.note('detection-without-time', {}, line.slice(0, 60));
        continue;
      }
      const { x, y, z, number, channel } = point;
      const full = stream.object({ id, frame, x, y, z: z - 1, values: [cluster, track, number, channel] });
      if (full) await full;
      chains.note(chain, id++, frame);
    }
    const { ambiguous } = await stream.chains(chains);
    for (const { frame } of ambiguous) tally.note('duplicate-frame-in-track', {}, `frame ${frame + 1}`);
    await stream.end();
    if (!ended) tally.note('track-file-damaged', {}, 'the line "End of MTrackJ Data File" is missing');
    tally.note('pixel-units-only', {}, 'MTrackJ counts pixels');
    const issues = tally.issues(trackFileIssue, item.path, {
      'pixel-units-only': () => 'positions are in pixels',
      'track-file-damaged': () => 'the file ends too early',
      'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several points`,
      'detection-without-time': (n) => `${n} ${n === 1 ? 'point' : 'points'} without a frame`,
    });
    return { issues, ...(version ? { formatVersion: version } : {}) };
  },
};

interface Point {
  number: number;
  x: number;
  y: number;
  z: number;
  t: number;
  channel: number;
}

/** `Point id x y z t c`; what follows is passed over. */
function pointOf(line: string): Point | undefined {
  if (!line.startsWith('Point ')) return undefined;
  const [, number, x, y, z, t, channel] = line.split(/\s+/, 7).map(Number) as number[];
  if (t === undefined) return undefined;
  return { number: number!, x: x!, y: y!, z: z!, t, channel: channel ?? Number.NaN };
}

const longestLine = 100_000;

async function* lines(source: ByteSource, signal?: AbortSignal): AsyncGenerator<string> {
  const encoding = sniffEncoding(await source.read(0, 65_536, signal));
  let rest = '';
  for await (const { text } of readText(source, encoding, signal)) {
    const parts = (rest + text).split(/\r\n|\n|\r/);
    rest = parts.pop()!.slice(0, longestLine);
    yield* parts;
  }
  if (rest !== '') yield rest;
}
