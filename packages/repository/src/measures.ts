import type { ParquetTable } from '@micrarium/formats';
import type { StudyItem, TrackSetSummary } from '@micrarium/model';
import { type FormPorts, openTable } from './open-forms.ts';

/** What happens to steps over more than one frame in speeds: left out (`drop`, the default) or taken as one long step (`keep`). */
export type GapPolicy = 'drop' | 'keep';

/** One path: an unbranched chain of detections (a link). Motility is measured per path, never over the branches of a track as if it were one. */
export interface PathMeasures {
  /** The computed track the path lies in. */
  track: number;
  /** The computed link that the path is. */
  link: number;
  /** Detections on the path. */
  objects: number;
  firstFrame: number;
  lastFrame: number;
  /** Time from the first to the last detection, in frames where no physical time is known; `null` where a time is missing. */
  duration: number | null;
  /** Sum of the lengths of all steps, gaps as one step. */
  pathLength: number;
  /** From the first position to the last. */
  netDisplacement: number;
  /** Mean over the steps of length by time; `null` where no step counts. */
  meanSpeed: number | null;
}

/** What the plots draw. */
export interface Measures {
  frames: { frame: number; time: number | null; objects: number }[];
  tracks: PathMeasures[];
  units: { length: string; time: string; speed: string };
  /** How gaps count in `meanSpeed`. */
  gapPolicy: GapPolicy;
  /** 3 where z was used: it is there and not the same everywhere. */
  dimensions: 2 | 3;
}

/** Some rows of the object table. */
export interface MeasuredObjects {
  id: ArrayLike<number>;
  frame: ArrayLike<number>;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  z?: ArrayLike<number> | undefined;
  time?: ArrayLike<number> | undefined;
  /** -1 for none. */
  track: ArrayLike<number>;
}

/** Some rows of the edge table. */
export interface MeasuredEdges {
  source: ArrayLike<number>;
  target: ArrayLike<number>;
  link: ArrayLike<number>;
}

/**
 * Computes the measures of a set from its rows, in any batches: all objects first, then the edges. 52 bytes an object.
 * Formulas: motility-measures, sections 0 and 1 (`duration`, `path_length`, `net_displacement`, `mean_speed`).
 */
export class MeasureBuilder {
  private readonly set: Pick<TrackSetSummary, 'spaceUnit' | 'timeUnit' | 'frameInterval' | 'extent'>;
  private readonly gapPolicy: GapPolicy;
  private readonly count: number;
  private readonly id: Float64Array;
  private readonly frame: Int32Array;
  private readonly position: Float64Array;
  private readonly time: Float64Array;
  private readonly track: Int32Array;
  private readonly frames = new Map<number, { time: number | null; objects: number }>();
  private readonly paths = new Map<number, Path>();
  private rows = 0;
  private order: Uint32Array | undefined;
  private hasTime = false;

  constructor(
    set: Pick<TrackSetSummary, 'spaceUnit' | 'timeUnit' | 'frameInterval' | 'extent'>,
    objectCount: number,
    gapPolicy: GapPolicy = 'drop',
  ) {
    this.set = set;
    this.gapPolicy = gapPolicy;
    this.count = objectCount;
    this.id = new Float64Array(objectCount);
    this.frame = new Int32Array(objectCount);
    this.position = new Float64Array(objectCount * 3);
    this.time = new Float64Array(objectCount).fill(Number.NaN);
    this.track = new Int32Array(objectCount).fill(-1);
  }

  /** Takes rows of the object table. */
  addObjects({ id, frame, x, y, z, time, track }: MeasuredObjects): void {
    const flat = this.dimensions === 2;
    this.hasTime ||= time !== undefined;
    for (let i = 0; i < id.length && this.rows < this.count; i++) {
      const row = this.rows++;
      this.id[row] = id[i]!;
      this.frame[row] = frame[i]!;
      this.position[row * 3] = x[i]!;
      this.position[row * 3 + 1] = y[i]!;
      this.position[row * 3 + 2] = flat || !z ? 0 : z[i]!;
      this.time[row] = this.timeOf(frame[i]!, time?.[i]);
      this.track[row] = track[i]!;
      this.countFrame(row);
    }
  }

  /** Takes rows of the edge table, after all objects. */
  addEdges({ source, target, link }: MeasuredEdges): void {
    for (let i = 0; i < link.length; i++) {
      const [from, to] = [this.rowOf(source[i]!), this.rowOf(target[i]!)];
      if (from < 0 || to < 0) continue;
      const path = this.paths.get(link[i]!) ?? newPath(from, to);
      this.paths.set(link[i]!, path);
      if (this.frame[from]! < this.frame[path.first]!) path.first = from;
      if (this.frame[to]! > this.frame[path.last]!) path.last = to;
      this.addStep(path, from, to);
    }
  }

  /** The measures of everything that was added. */
  finish(): Measures {
    const tracks = [...this.paths]
      .sort(([a], [b]) => a - b)
      .map(
        ([link, path]): PathMeasures => ({
          track: this.track[path.first]!,
          link,
          objects: path.steps + 1,
          firstFrame: this.frame[path.first]!,
          lastFrame: this.frame[path.last]!,
          duration: finiteOrNull(this.time[path.last]! - this.time[path.first]!),
          pathLength: path.length,
          netDisplacement: this.distance(path.first, path.last),
          meanSpeed: path.speeds === 0 ? null : path.speedSum / path.speeds,
        }),
      );
    const frames = [...this.frames].sort(([a], [b]) => a - b).map(([frame, about]) => ({ frame, ...about }));
    const { gapPolicy, dimensions } = this;
    return { frames, tracks, units: this.units(), gapPolicy, dimensions };
  }

  private get dimensions(): 2 | 3 {
    const z = this.set.extent?.z;
    return z && z[0] !== z[1] ? 3 : 2;
  }

  /** Physical time where it is known; else frames, so that speeds are in pixel per frame and labelled so. */
  private timeOf(frame: number, time: number | undefined): number {
    if (time !== undefined && Number.isFinite(time)) return time;
    const { frameInterval, timeUnit } = this.set;
    return frameInterval !== undefined && timeUnit !== undefined ? frame * frameInterval : frame;
  }

  private countFrame(row: number): void {
    const frame = this.frame[row]!;
    const entry = this.frames.get(frame) ?? { time: this.isTimed() ? finiteOrNull(this.time[row]!) : null, objects: 0 };
    entry.objects++;
    this.frames.set(frame, entry);
  }

  private isTimed(): boolean {
    const { timeUnit, frameInterval } = this.set;
    return timeUnit !== undefined && timeUnit !== 'frame' && (this.hasTime || frameInterval !== undefined);
  }

  private addStep(path: Path, from: number, to: number): void {
    const length = this.distance(from, to);
    const duration = this.time[to]! - this.time[from]!;
    path.steps++;
    // A detection without a position has no steps; the others of its path still count.
    if (!Number.isFinite(length)) return;
    path.length += length;
    if (this.gapPolicy === 'drop' && this.frame[to]! - this.frame[from]! > 1) return;
    if (!(duration > 0)) return;
    path.speedSum += length / duration;
    path.speeds++;
  }

  private distance(a: number, b: number): number {
    const p = this.position;
    return Math.hypot(p[b * 3]! - p[a * 3]!, p[b * 3 + 1]! - p[a * 3 + 1]!, p[b * 3 + 2]! - p[a * 3 + 2]!);
  }

  private rowOf(id: number): number {
    this.order ??= Uint32Array.from({ length: this.rows }, (_, row) => row).sort((a, b) => this.id[a]! - this.id[b]!);
    let [low, high] = [0, this.rows - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.id[this.order[middle]!]!;
      if (found === id) return this.order[middle]!;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private units(): Measures['units'] {
    const length = this.set.spaceUnit ?? 'unknown';
    const { timeUnit, frameInterval } = this.set;
    const isKnown = timeUnit !== undefined && (this.hasTime || frameInterval !== undefined);
    const time = isKnown ? timeUnit : this.hasTime ? 'unknown' : 'frame';
    return { length, time, speed: `${length}/${time}` };
  }
}

interface Path {
  first: number;
  last: number;
  steps: number;
  length: number;
  speedSum: number;
  speeds: number;
}

function newPath(first: number, last: number): Path {
  return { first, last, steps: 0, length: 0, speedSum: 0, speeds: 0 };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Measures of a set, streamed from its stored tables. @throws NotThere, FormNotMade */
export async function measureItem(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  part = 0,
  gapPolicy: GapPolicy = 'drop',
): Promise<Measures> {
  const objects = await openTable(ports, item, part, 'objects');
  try {
    const edges = await openTable(ports, item, part, 'edges');
    try {
      const set = item.trackSets.find((one) => one.part === part)!;
      const builder = new MeasureBuilder(set, objects.table.rows, gapPolicy);
      await addObjects(builder, objects.table);
      await addEdges(builder, edges.table);
      return builder.finish();
    } finally {
      await edges.source.close();
    }
  } finally {
    await objects.source.close();
  }
}

async function addObjects(builder: MeasureBuilder, table: ParquetTable): Promise<void> {
  const has = (name: string) => table.columns.some((column) => column.name === name);
  for (const { start, end } of table.runs) {
    const numbers = async (name: string) => (await table.read(name, start, end)).values as Float64Array;
    const optional = async (name: string) => (has(name) ? await numbers(name) : undefined);
    const { values, missing } = await table.read('track_id', start, end);
    const track = Int32Array.from(values as Int32Array, (value, row) => (missing?.[row] === 1 ? -1 : value));
    builder.addObjects({
      id: await numbers('object_id'),
      frame: await numbers('frame'),
      x: await numbers('x'),
      y: await numbers('y'),
      z: await optional('z'),
      time: await optional('time'),
      track,
    });
  }
}

async function addEdges(builder: MeasureBuilder, table: ParquetTable): Promise<void> {
  for (const { start, end } of table.runs) {
    const numbers = async (name: string) => (await table.read(name, start, end)).values as Float64Array;
    const [source, target] = [await numbers('source_object_id'), await numbers('target_object_id')];
    builder.addEdges({ source, target, link: await numbers('link_id') });
  }
}
