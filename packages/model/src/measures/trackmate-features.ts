import { buildTrackGraph } from '../track-graph.ts';
import type { TrackSet } from '../track-set.ts';
import { angleBetween } from './hull.ts';

/**
 * Features of whole tracks as TrackMate computes them (motility-measures, section 2): over **all edges** of a track, branches and
 * gaps included. For comparing with TrackMate; our own numbers are per path. NaN where TrackMate has none.
 */
export interface TrackMateFeatures {
  NUMBER_SPOTS: number;
  NUMBER_GAPS: number;
  LONGEST_GAP: number;
  NUMBER_SPLITS: number;
  NUMBER_MERGES: number;
  NUMBER_COMPLEX: number;
  TRACK_DURATION: number;
  TRACK_START: number;
  TRACK_STOP: number;
  TRACK_DISPLACEMENT: number;
  TRACK_X_LOCATION: number;
  TRACK_Y_LOCATION: number;
  TRACK_Z_LOCATION: number;
  TRACK_MEAN_SPEED: number;
  TRACK_MAX_SPEED: number;
  TRACK_MIN_SPEED: number;
  /** The upper of the two middle ones where they are even in number. */
  TRACK_MEDIAN_SPEED: number;
  TRACK_STD_SPEED: number;
  TOTAL_DISTANCE_TRAVELED: number;
  MAX_DISTANCE_TRAVELED: number;
  CONFINEMENT_RATIO: number;
  MEAN_STRAIGHT_LINE_SPEED: number;
  LINEARITY_OF_FORWARD_PROGRESSION: number;
  MEAN_DIRECTIONAL_CHANGE_RATE: number;
}

/** TrackMate's features of every track, by the track numbers of `buildTrackGraph`. Times are those of the set, frames where it has none. */
export function trackMateFeatures(set: TrackSet): TrackMateFeatures[] {
  return trackMateTracks(set, set.objects.time ?? set.objects.frame).map(({ features }) => features);
}

/** Every track with its features and its earliest object. @param time of each object */
export function trackMateTracks(
  set: TrackSet,
  time: ArrayLike<number>,
): { firstRow: number; features: TrackMateFeatures }[] {
  const { objects, edges } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const incoming = new Int32Array(objects.count).fill(-1);
  for (let edge = 0; edge < edges.count; edge++) incoming[edges.target[edge]!] = edge;
  const z = objects.z ?? new Float64Array(objects.count);
  const step = (edge: number): [number, number, number] => {
    const [a, b] = [edges.source[edge]!, edges.target[edge]!];
    return [objects.x[b]! - objects.x[a]!, objects.y[b]! - objects.y[a]!, z[b]! - z[a]!];
  };
  const tracks = Array.from({ length: graph.trackCount }, () => new TrackSums());
  for (let row = 0; row < objects.count; row++)
    tracks[graph.trackOfObject[row]!]?.addSpot(row, time[row]!, graph.inDegree[row]!, graph.outDegree[row]!);
  const place = (row: number): [number, number, number] => [objects.x[row]!, objects.y[row]!, z[row]!];
  for (const track of tracks) track.place = place;
  for (let edge = 0; edge < edges.count; edge++) {
    const [a, b] = [edges.source[edge]!, edges.target[edge]!];
    const track = tracks[graph.trackOfObject[a]!]!;
    const frames = objects.frame[b]! - objects.frame[a]!;
    track.addEdge(step(edge), time[b]! - time[a]!, frames, b);
    if (graph.inDegree[a] === 1)
      track.addTurn(angleBetween(...step(incoming[a]!), ...step(edge)) / (time[b]! - time[a]!));
  }
  return tracks.map((track) => ({ firstRow: track.first, features: track.features() }));
}

class TrackSums {
  place: (row: number) => [number, number, number] = () => [0, 0, 0];
  first = -1;
  private spots = 0;
  private last = -1;
  private firstTime = Infinity;
  private lastTime = -Infinity;
  private readonly degrees = { splits: 0, merges: 0, complex: 0 };
  private readonly edgeSums = { count: 0, length: 0, gaps: 0, longest: 0, turns: 0, turnRate: 0 };
  private readonly targets: number[] = [];
  private readonly rows: number[] = [];
  private readonly speeds: number[] = [];

  addSpot(row: number, time: number, inDegree: number, outDegree: number): void {
    this.spots++;
    this.rows.push(row);
    if (time < this.firstTime) [this.firstTime, this.first] = [time, row];
    if (time > this.lastTime) [this.lastTime, this.last] = [time, row];
    if (inDegree > 1 && outDegree > 1) this.degrees.complex++;
    else if (outDegree > 1) this.degrees.splits++;
    else if (inDegree > 1) this.degrees.merges++;
  }

  addEdge([dx, dy, dz]: [number, number, number], duration: number, frames: number, target: number): void {
    const length = Math.hypot(dx, dy, dz);
    this.edgeSums.count++;
    this.edgeSums.length += length;
    this.speeds.push(length / duration);
    if (frames > 1) this.edgeSums.gaps++;
    this.edgeSums.longest = Math.max(this.edgeSums.longest, frames - 1);
    this.targets.push(target);
  }

  addTurn(rate: number): void {
    this.edgeSums.turns++;
    this.edgeSums.turnRate += rate;
  }

  features(): TrackMateFeatures {
    const origin = this.place(this.first);
    const from = (row: number) => Math.hypot(...this.place(row).map((value, axis) => value - origin[axis]!));
    const duration = this.lastTime - this.firstTime;
    const displacement = from(this.last);
    const { length, gaps, longest, turns, turnRate } = this.edgeSums;
    const { mean, ...speeds } = speedsOf(this.speeds);
    const [x, y, z] = this.middle();
    return {
      NUMBER_SPOTS: this.spots,
      NUMBER_GAPS: gaps,
      LONGEST_GAP: longest,
      NUMBER_SPLITS: this.degrees.splits,
      NUMBER_MERGES: this.degrees.merges,
      NUMBER_COMPLEX: this.degrees.complex,
      TRACK_DURATION: duration,
      TRACK_START: this.firstTime,
      TRACK_STOP: this.lastTime,
      TRACK_DISPLACEMENT: displacement,
      TRACK_X_LOCATION: x,
      TRACK_Y_LOCATION: y,
      TRACK_Z_LOCATION: z,
      TRACK_MEAN_SPEED: mean,
      TRACK_MAX_SPEED: speeds.most,
      TRACK_MIN_SPEED: speeds.least,
      TRACK_MEDIAN_SPEED: speeds.upperMiddle,
      TRACK_STD_SPEED: speeds.deviation,
      TOTAL_DISTANCE_TRAVELED: length,
      MAX_DISTANCE_TRAVELED: this.targets.reduce((largest, row) => Math.max(largest, from(row)), 0),
      CONFINEMENT_RATIO: displacement / length,
      MEAN_STRAIGHT_LINE_SPEED: displacement / duration,
      LINEARITY_OF_FORWARD_PROGRESSION: displacement / duration / mean,
      MEAN_DIRECTIONAL_CHANGE_RATE: turns === 0 ? Number.NaN : turnRate / turns,
    };
  }

  /** Mean position of the spots. */
  private middle(): [number, number, number] {
    const sum: [number, number, number] = [0, 0, 0];
    for (const row of this.rows) for (const [axis, at] of this.place(row).entries()) sum[axis]! += at;
    return [sum[0] / this.spots, sum[1] / this.spots, sum[2] / this.spots];
  }
}

/** Statistics of the speeds of edges; the deviation has N - 1 below it. */
function speedsOf(speeds: readonly number[]) {
  const sorted = Float64Array.from(speeds).sort();
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  const squares = speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0);
  return {
    mean,
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    upperMiddle: sorted[sorted.length >> 1] ?? Number.NaN,
    deviation: Math.sqrt(squares / (speeds.length - 1)),
  };
}
