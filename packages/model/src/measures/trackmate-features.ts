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
  TRACK_DISPLACEMENT: number;
  TRACK_MEAN_SPEED: number;
  TOTAL_DISTANCE_TRAVELED: number;
  MAX_DISTANCE_TRAVELED: number;
  CONFINEMENT_RATIO: number;
  MEAN_STRAIGHT_LINE_SPEED: number;
  LINEARITY_OF_FORWARD_PROGRESSION: number;
  MEAN_DIRECTIONAL_CHANGE_RATE: number;
}

/** TrackMate's features of every track, by the track numbers of `buildTrackGraph`. Times are those of the set, frames where it has none. */
export function trackMateFeatures(set: TrackSet): TrackMateFeatures[] {
  const { objects, edges } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const time = objects.time ?? Float64Array.from(objects.frame);
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
  for (const track of tracks) track.place = (row) => [objects.x[row]!, objects.y[row]!, z[row]!];
  for (let edge = 0; edge < edges.count; edge++) {
    const [a, b] = [edges.source[edge]!, edges.target[edge]!];
    const track = tracks[graph.trackOfObject[a]!]!;
    const frames = objects.frame[b]! - objects.frame[a]!;
    track.addEdge(step(edge), time[b]! - time[a]!, frames, b);
    if (graph.inDegree[a] === 1)
      track.addTurn(angleBetween(...step(incoming[a]!), ...step(edge)) / (time[b]! - time[a]!));
  }
  return tracks.map((track) => track.features());
}

class TrackSums {
  place: (row: number) => [number, number, number] = () => [0, 0, 0];
  private spots = 0;
  private first = -1;
  private last = -1;
  private firstTime = Infinity;
  private lastTime = -Infinity;
  private readonly degrees = { splits: 0, merges: 0, complex: 0 };
  private readonly edgeSums = { count: 0, length: 0, speed: 0, gaps: 0, longest: 0, turns: 0, turnRate: 0 };
  private readonly targets: number[] = [];

  addSpot(row: number, time: number, inDegree: number, outDegree: number): void {
    this.spots++;
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
    this.edgeSums.speed += length / duration;
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
    const { count, length, speed, gaps, longest, turns, turnRate } = this.edgeSums;
    const mean = speed / count;
    return {
      NUMBER_SPOTS: this.spots,
      NUMBER_GAPS: gaps,
      LONGEST_GAP: longest,
      NUMBER_SPLITS: this.degrees.splits,
      NUMBER_MERGES: this.degrees.merges,
      NUMBER_COMPLEX: this.degrees.complex,
      TRACK_DURATION: duration,
      TRACK_DISPLACEMENT: displacement,
      TRACK_MEAN_SPEED: mean,
      TOTAL_DISTANCE_TRAVELED: length,
      MAX_DISTANCE_TRAVELED: this.targets.reduce((largest, row) => Math.max(largest, from(row)), 0),
      CONFINEMENT_RATIO: displacement / length,
      MEAN_STRAIGHT_LINE_SPEED: displacement / duration,
      LINEARITY_OF_FORWARD_PROGRESSION: displacement / duration / mean,
      MEAN_DIRECTIONAL_CHANGE_RATE: turns === 0 ? Number.NaN : turnRate / turns,
    };
  }
}
