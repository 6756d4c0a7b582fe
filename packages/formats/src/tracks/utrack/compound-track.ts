/** One compound track of u-track: segments that split from and merge with each other. Arrays lie column by column. */
export interface CompoundTrack {
  segments: number;
  frames: number;
  /** Segments x frames: number of the feature in its frame from 1, 0 where there is none. Left out where not stored. */
  features?: Float64Array;
  /** Segments x (8 x frames): x, y, z, amplitude and their standard deviations; NaN where there is none. */
  coordinates: Float64Array;
  /** Events x 4: frame from 1, 1 for a start and 2 for an end, segment, and the segment split from or merged into (NaN: none). */
  events: Float64Array;
  eventCount: number;
}

/** One detection of a compound track. */
export interface CompoundObject {
  segment: number;
  /** From 1, as u-track counts. */
  frame: number;
  /** Number in its frame, 0 where not stored. */
  feature: number;
  x: number;
  y: number;
  z: number;
  amplitude: number;
  /** Standard deviations of x, y, z and amplitude. */
  deviations: readonly [number, number, number, number];
}

/** Frame of the first column: the earliest that an event names. */
export function firstFrame({ events, eventCount }: CompoundTrack): number {
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < eventCount; row++) first = Math.min(first, events[row]!);
  return Number.isFinite(first) ? Math.round(first) : 1;
}

/** Detections in the order of segments, in each by frame; a column without a position is a gap. */
export function* objectsOf(track: CompoundTrack): Generator<CompoundObject> {
  const { segments, frames, features, coordinates } = track;
  const start = firstFrame(track);
  for (let segment = 0; segment < segments; segment++)
    for (let column = 0; column < frames; column++) {
      const value = (k: number) => coordinates[segment + segments * (8 * column + k)]!;
      const x = value(0);
      const y = value(1);
      if (Number.isNaN(x) || Number.isNaN(y)) continue;
      yield {
        segment,
        frame: start + column,
        feature: features?.[segment + segments * column] ?? 0,
        x,
        y,
        z: value(2),
        amplitude: value(3),
        deviations: [value(4), value(5), value(6), value(7)],
      };
    }
}

/** A split or merge that the events tell, segments from 0. */
export interface SegmentEvent {
  kind: 'split' | 'merge';
  /** The segment that begins or ends. */
  segment: number;
  /** The one it comes from or goes into. */
  other: number;
  frame: number;
}

/** Splits and merges; starts and ends without another segment are none. */
export function* eventsOf({ events, eventCount }: CompoundTrack): Generator<SegmentEvent> {
  for (let row = 0; row < eventCount; row++) {
    const [frame, type, segment, other] = [0, 1, 2, 3].map((column) => events[row + eventCount * column]!);
    if (!Number.isFinite(other!) || !Number.isFinite(segment!)) continue;
    if (type !== 1 && type !== 2) continue;
    yield { kind: type === 1 ? 'split' : 'merge', segment: segment! - 1, other: other! - 1, frame: Math.round(frame!) };
  }
}
