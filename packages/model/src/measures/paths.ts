import { buildTrackGraph, type TrackGraph } from '../track-graph.ts';
import type { TrackSet } from '../track-set.ts';
import { rootToLeafChains, type RowChains } from './whole-lines.ts';

/**
 * The paths of a set: its links, each an unbranched chain of detections in time order. Motility is measured on these,
 * never over the branches of a track as if it were one path. Path `p` has the object rows
 * `rows[offsets[p]] .. rows[offsets[p + 1] - 1]`; a branching object ends one path and begins others.
 */
export interface Paths {
  count: number;
  offsets: Uint32Array;
  rows: Uint32Array;
  /** Per path: the track it lies in. */
  track: Int32Array;
  /** Per object row. */
  frame: Int32Array;
  x: Float64Array;
  y: Float64Array;
  /** Zeros where `dimensions` is 2. */
  z: Float64Array;
  /** Per object row, in `timeUnit`; frames where no physical time is known. */
  time: Float64Array;
  /** 3 where z is there and not constant, unless asked otherwise. */
  dimensions: 2 | 3;
  /** Declared, else the median duration of a step over one frame; 1 where times are frames. */
  frameInterval: number;
  lengthUnit: string;
  timeUnit: string;
}

/** What to take from a set. */
export interface PathOptions {
  dimensions?: 2 | 3;
  /** Time between frames in the set's time unit, where neither the set nor its provenance says it. */
  frameInterval?: number;
  /**
   * What a path is: a link (unless said), or the whole line from a root to each of its last descendants. Lines of one tree share their
   * beginnings.
   */
  along?: 'links' | 'root-to-leaf';
}

/**
 * Lays out the paths of a set. Objects without a finite position are left out of their paths; so are objects without edges.
 * @throws RangeError where lines from roots to ends are asked for and have more than 50 million detections together
 */
export function pathsOf(set: TrackSet, options: PathOptions = {}): Paths {
  const { objects, edges } = set;
  const dimensions = options.dimensions ?? (varies(objects.z) ? 3 : 2);
  const z = dimensions === 3 && objects.z ? objects.z : new Float64Array(objects.count);
  const { time, interval, unit } = timesOf(set, options.frameInterval);
  const graph = buildTrackGraph(objects.count, edges);
  const has = (row: number) => isPlace(objects.x[row]!) && isPlace(objects.y[row]!) && isPlace(z[row]!);
  const chains = options.along === 'root-to-leaf' ? rootToLeafChains(edges, graph, has) : linkChains(set, graph, has);
  const count = chains.offsets.length - 1;
  return {
    count,
    ...chains,
    track: Int32Array.from({ length: count }, (_, path) => graph.trackOfObject[chains.rows[chains.offsets[path]!]!]!),
    frame: objects.frame,
    x: objects.x,
    y: objects.y,
    z,
    time,
    dimensions,
    frameInterval: interval,
    lengthUnit: set.spaceUnit ?? 'unknown',
    timeUnit: unit,
  };
}

/** The rows of each link that has any. */
function linkChains(set: TrackSet, { linkOfEdge, linkCount }: TrackGraph, has: (row: number) => boolean): RowChains {
  const lengths = new Uint32Array(linkCount);
  for (let edge = 0; edge < set.edges.count; edge++) lengths[linkOfEdge[edge]!]!++;
  const starts = new Uint32Array(linkCount + 1);
  for (let link = 0; link < linkCount; link++) starts[link + 1] = starts[link]! + lengths[link]! + 1;
  const rows = new Uint32Array(starts[linkCount]!);
  const ends = starts.slice(0, linkCount);
  layOut(set, linkOfEdge, linkCount, has, rows, ends);
  return pack(rows, starts, ends);
}

/** A coordinate whose square is a number: NaN and infinity are none, and of larger ones no length could be said. */
const isPlace = (value: number): boolean => Math.abs(value) < 1e150;

function varies(values: Float64Array | undefined): boolean {
  if (!values) return false;
  let first = Number.NaN;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (Number.isNaN(first)) first = value;
    else if (value !== first) return true;
  }
  return false;
}

/** Writes the rows of each link in time order behind its start; `ends` runs along. */
function layOut(
  { objects, edges }: TrackSet,
  linkOfEdge: Uint32Array,
  linkCount: number,
  has: (row: number) => boolean,
  rows: Uint32Array,
  ends: Uint32Array,
): void {
  // Most files list the edges of each link in time order already: then nothing needs sorting.
  const order = areInTime(objects.frame, edges, linkOfEdge, linkCount) ? undefined : edgesInTime(objects.frame, edges);
  const isOpen = new Uint8Array(linkCount);
  for (let n = 0; n < edges.count; n++) {
    const edge = order ? order[n]! : n;
    const link = linkOfEdge[edge]!;
    const source = edges.source[edge]!;
    if (isOpen[link] === 0) {
      isOpen[link] = 1;
      if (has(source)) rows[ends[link]!++] = source;
    }
    const target = edges.target[edge]!;
    if (has(target)) rows[ends[link]!++] = target;
  }
}

/** Does each link's edges stand in the order of their sources' frames, whatever stands between them? */
function areInTime(
  frame: Int32Array,
  { count, source }: TrackSet['edges'],
  linkOfEdge: Uint32Array,
  linkCount: number,
): boolean {
  const last = new Int32Array(linkCount).fill(-(2 ** 31));
  for (let edge = 0; edge < count; edge++) {
    const at = frame[source[edge]!]!;
    if (at < last[linkOfEdge[edge]!]!) return false;
    last[linkOfEdge[edge]!] = at;
  }
  return true;
}

/** Edges by the frame of their source, sorted once for all links by counting. */
function edgesInTime(frame: Int32Array, { count, source }: TrackSet['edges']): Uint32Array {
  let [low, high] = [Infinity, -Infinity];
  for (let edge = 0; edge < count; edge++) {
    const at = frame[source[edge]!]!;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  const order = new Uint32Array(count);
  for (let edge = 0; edge < count; edge++) order[edge] = edge;
  // Frame numbers far apart would make the counters larger than the edges.
  if (high - low > 4 * count + 1024) return order.sort((a, b) => frame[source[a]!]! - frame[source[b]!]! || a - b);
  const next = new Uint32Array(count === 0 ? 1 : high - low + 2);
  for (let edge = 0; edge < count; edge++) next[frame[source[edge]!]! - low + 1]!++;
  for (let at = 1; at < next.length; at++) next[at]! += next[at - 1]!;
  for (let edge = 0; edge < count; edge++) order[next[frame[source[edge]!]! - low]!++] = edge;
  return order;
}

function pack(rows: Uint32Array, starts: Uint32Array, ends: Uint32Array): RowChains {
  let [kept, most] = [0, 0];
  for (let link = 0; link < ends.length; link++) {
    if (ends[link]! > starts[link]!) kept++;
    most += ends[link]! - starts[link]!;
  }
  const offsets = new Uint32Array(kept + 1);
  const packed = new Uint32Array(most);
  let path = 0;
  for (let link = 0; link < ends.length; link++) {
    const [from, to] = [starts[link]!, ends[link]!];
    if (to === from) continue;
    packed.set(rows.subarray(from, to), offsets[path]!);
    offsets[path + 1] = offsets[path]! + to - from;
    path++;
  }
  return { offsets, rows: packed };
}

function timesOf(set: TrackSet, asked: number | undefined): { time: Float64Array; interval: number; unit: string } {
  const { objects } = set;
  const declared = asked ?? set.provenance.frameInterval;
  const isDeclared = declared !== undefined && declared > 0 && Number.isFinite(declared);
  const known = set.timeUnit;
  if (objects.time && objects.time.some(Number.isFinite)) {
    return { time: objects.time, interval: isDeclared ? declared : medianInterval(set), unit: known ?? 'unknown' };
  }
  if (isDeclared && known !== undefined && known !== 'frame')
    return { time: scaled(objects.frame, declared), interval: declared, unit: known };
  return { time: scaled(objects.frame, 1), interval: 1, unit: 'frame' };
}

function scaled(frame: Int32Array, interval: number): Float64Array {
  const time = new Float64Array(frame.length);
  for (let row = 0; row < frame.length; row++) time[row] = frame[row]! * interval;
  return time;
}

/** Median over the edges of duration by frames spanned. */
function medianInterval({ objects, edges }: TrackSet): number {
  const durations: number[] = [];
  // A few thousand steps tell the interval of a film as well as all do.
  const stride = Math.max(1, Math.floor(edges.count / 10_000));
  for (let edge = 0; edge < edges.count; edge += stride) {
    const [a, b] = [edges.source[edge]!, edges.target[edge]!];
    const frames = objects.frame[b]! - objects.frame[a]!;
    const duration = (objects.time![b]! - objects.time![a]!) / frames;
    if (frames > 0 && duration > 0 && Number.isFinite(duration)) durations.push(duration);
  }
  durations.sort((a, b) => a - b);
  return durations[durations.length >> 1] ?? 1;
}
