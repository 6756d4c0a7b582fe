import { stemOf } from '../../bytes/file-tree.ts';
import { ByteSourceError, type ByteSource } from '../../bytes/byte-source.ts';
import { Hdf5Fault, issueOfFault } from '../../containers/hdf5/fault.ts';
import { MatError } from '../../containers/mat/mat-five.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue, unseen } from '../track-file-issues.ts';
import type { TrackReader, TrackSink } from '../track-reader.ts';
import { type CompoundTrack, eventsOf, objectsOf } from './compound-track.ts';
import { storedTracks } from './stored-tracks.ts';

/**
 * Reads tracks of u-track: the variable `tracksFinal` of a MATLAB file, version 5 to 7.3. Pixels; frames from 1. A
 * feature that two segments share (at a split) is one object; a missing position within a segment is a gap.
 */
export const utrackReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const source = await item.files[0]!.open();
    const where = { file: item.path };
    const tally = new IssueTally<TrackFileIssueCode>();
    const issues = [];
    try {
      const hasZ = await anyZ(source, options.signal);
      options.onProgress?.(0.4);
      await readTracks(source, sink, hasZ, tally, options.signal);
      if (!hasZ) tally.note('z-all-zero', {}, 'z');
    } catch (error) {
      if (error instanceof ByteSourceError) throw error;
      if (error instanceof Hdf5Fault) issues.push(issueOfFault(error, item.path));
      else if (error instanceof MatError)
        issues.push(trackFileIssue('track-file-damaged', error.message, { where: { ...where, offset: error.offset } }));
      else throw error;
    }
    tally.note('pixel-units-only', {}, 'u-track counts pixels');
    issues.push(
      ...tally.issues(trackFileIssue, item.path, {
        'z-all-zero': () => 'every z is 0',
        'pixel-units-only': () => 'positions are in pixels',
        'track-parent-unknown': (n) => `${n} ${n === 1 ? 'split or merge' : 'splits or merges'} without an edge`,
        'track-left-out': (n) => `${n} compound ${n === 1 ? 'track was' : 'tracks were'} left out`,
      }),
      unseen(item.path, 'u-track'),
    );
    return { issues };
  },
};

async function anyZ(source: ByteSource, signal?: AbortSignal): Promise<boolean> {
  for await (const track of storedTracks(source, signal)) {
    if ('skipped' in track) continue;
    for (const { z } of objectsOf(track)) if (z !== 0 && !Number.isNaN(z)) return true;
  }
  return false;
}

async function readTracks(
  source: ByteSource,
  sink: TrackSink,
  hasZ: boolean,
  tally: IssueTally<TrackFileIssueCode>,
  signal?: AbortSignal,
): Promise<void> {
  const int = (name: string, description: string) => ({ name, type: 'int' as const, description });
  const float = (name: string, description: string, unit?: string) => ({
    name,
    type: 'float' as const,
    description,
    ...(unit === undefined ? {} : { unit }),
  });
  const stream = await RowStream.begin(
    sink,
    pointHeader(stemOf(source.name), {
      spaceUnit: 'pixel',
      sourceFrameBase: 1,
      hasZ,
      objectColumns: [
        int('source_track_id', 'Compound track, from 1'),
        int('segment', 'Segment of the compound track, from 1'),
        { ...int('feature_index', 'Number of the detection in its frame, from 1'), sourceKey: 'tracksFeatIndxCG' },
        float('amplitude', 'Amplitude of the detection'),
        float('x_std', 'Standard deviation of x', 'pixel'),
        float('y_std', 'Standard deviation of y', 'pixel'),
        ...(hasZ ? [float('z_std', 'Standard deviation of z', 'pixel')] : []),
        float('amplitude_std', 'Standard deviation of the amplitude'),
      ],
      provenance: { software: 'u-track' },
    }),
    signal,
  );
  const writing = new TrackWriting(stream, hasZ, tally);
  let number = 0;
  for await (const track of storedTracks(source, signal)) {
    number++;
    if ('skipped' in track) tally.note('track-left-out', {}, `track ${number}: ${track.skipped}`);
    else await writing.take(track, number);
  }
  await stream.end();
}

/** Objects of one segment, by frame. */
interface SegmentObjects {
  frames: number[];
  ids: number[];
}

class TrackWriting {
  private readonly stream: RowStream;
  private readonly hasZ: boolean;
  private readonly tally: IssueTally<TrackFileIssueCode>;
  private next = 0;

  constructor(stream: RowStream, hasZ: boolean, tally: IssueTally<TrackFileIssueCode>) {
    this.stream = stream;
    this.hasZ = hasZ;
    this.tally = tally;
  }

  async take(track: CompoundTrack, number: number): Promise<void> {
    const segments: SegmentObjects[] = Array.from({ length: track.segments }, () => ({ frames: [], ids: [] }));
    const known = new Map<string, number>();
    for (const one of objectsOf(track)) {
      const key = one.feature > 0 ? `${one.frame}/${one.feature}` : '';
      let id = key === '' ? undefined : known.get(key);
      if (id === undefined) {
        id = this.next++;
        if (key !== '') known.set(key, id);
        const { segment, frame, feature, x, y, z, amplitude, deviations } = one;
        const [dx, dy, dz, da] = deviations.map((value) => (Number.isNaN(value) ? undefined : value));
        const full = this.stream.object({
          id,
          frame: frame - 1,
          x,
          y,
          z,
          values: [
            number,
            segment + 1,
            feature > 0 ? feature : undefined,
            Number.isNaN(amplitude) ? undefined : amplitude,
            dx,
            dy,
            ...(this.hasZ ? [dz] : []),
            da,
          ],
        });
        if (full) await full;
      }
      segments[one.segment]!.frames.push(one.frame);
      segments[one.segment]!.ids.push(id);
    }
    await this.edges(track, segments, number);
  }

  private async edges(track: CompoundTrack, segments: readonly SegmentObjects[], number: number): Promise<void> {
    const written = new Set<string>();
    const write = async (source: number, target: number) => {
      const key = `${source}>${target}`;
      if (source === target || written.has(key)) return;
      written.add(key);
      const full = this.stream.edge(source, target);
      if (full) await full;
    };
    for (const { ids } of segments) for (let i = 1; i < ids.length; i++) await write(ids[i - 1]!, ids[i]!);
    for (const { kind, segment, other, frame } of eventsOf(track)) {
      const edge = eventEdge(kind, segments[segment], segments[other], frame);
      if (edge) await write(...edge);
      else this.tally.note('track-parent-unknown', {}, `track ${number}, ${kind} of segment ${segment + 1}`);
    }
  }
}

/**
 * A segment that starts by a split comes from the other's last object before it; one that ends by a merge goes into the
 * other's first object from the frame of the event on. `undefined` where there is none.
 */
function eventEdge(
  kind: 'split' | 'merge',
  segment: SegmentObjects | undefined,
  other: SegmentObjects | undefined,
  frame: number,
): [number, number] | undefined {
  if (!segment || !other || segment.ids.length === 0) return undefined;
  if (kind === 'split') {
    const at = other.frames.findLastIndex((one) => one < segment.frames[0]!);
    // The split may be told by a feature that both share, and then needs no edge.
    if (other.ids.includes(segment.ids[0]!)) return [segment.ids[0]!, segment.ids[0]!];
    return at < 0 ? undefined : [other.ids[at]!, segment.ids[0]!];
  }
  const last = segment.ids.length - 1;
  if (other.ids.includes(segment.ids[last]!)) return [segment.ids[last]!, segment.ids[last]!];
  const at = other.frames.findIndex((one) => one >= frame && one > segment.frames[last]!);
  return at < 0 ? undefined : [segment.ids[last]!, other.ids[at]!];
}
