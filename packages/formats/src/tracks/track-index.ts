import type { Column, Issue, TrackCounts } from '@micrarium/model';
import { DisjointRows } from '@micrarium/model';
import { TrackFindings } from './findings.ts';
import { checkEdges, type EdgeIds, positionIssue, renumberRepeated, RowsById } from './graph-check.ts';
import type { EdgeBatch, ObjectBatch, SetHeader, TrackSink } from './track-reader.ts';

/** Smallest and largest finite coordinates and frames of a set; a range without any finite value is [Infinity, -Infinity]. */
export interface TrackExtent {
  x: [min: number, max: number];
  y: [min: number, max: number];
  /** Left out for planar sets. */
  z?: [min: number, max: number];
  frame: [min: number, max: number];
  time?: [min: number, max: number];
}

/** Computed tracks, one entry each; all arrays have `count` entries. */
export interface TrackSummaries {
  count: number;
  firstFrame: Int32Array;
  lastFrame: Int32Array;
  objects: Uint32Array;
  edges: Uint32Array;
  splits: Uint32Array;
  merges: Uint32Array;
}

const blockEdges = 1 << 15;
const dropped = 0xffffffff;

/** Edges of a block: ids at first, later rows and links in the same memory. */
interface EdgeBlock extends EdgeIds {
  source: Uint32Array;
  target: Uint32Array;
  /** Shares memory with `sourceId`, behind `source`. */
  link: Uint32Array;
}

/**
 * What must be known of a whole set to name the link and track of every object, without keeping rows: at most 48 bytes
 * an object and 16 an edge at any time.
 */
export class TrackIndex {
  readonly header: SetHeader;
  /** Rows given, in order of the stream. */
  objectCount = 0;
  /** Edges given, in order of the stream; `counts.edges` of them are kept. */
  edgeCount = 0;
  readonly counts: TrackCounts = {
    objects: 0,
    edges: 0,
    links: 0,
    tracks: 0,
    frames: 0,
    splits: 0,
    merges: 0,
    gaps: 0,
  };
  /** `undefined` for a set without objects. */
  extent: TrackExtent | undefined;
  /** The table of source tracks, where the stream had one. */
  sourceTracks: { columns: Column[]; count: number } | undefined;
  /** Objects whose id an earlier one had, with the first of that id; the first thousand of them. */
  repeated: readonly { row: number; first: number }[] = [];
  /** Most memory the arrays took together, in bytes. */
  peakBytes = 0;
  private id = new Float64Array(0);
  private frame = new Int32Array(0);
  /** Outgoing edges in bits 0 and 1, incoming ones in bits 2 and 3; 2 stands for "more than one". */
  private degree = new Uint8Array(0);
  private link = new Int32Array(0);
  private track = new Int32Array(0);
  private readonly blocks: EdgeBlock[] = [];
  private badPositions = 0;
  private firstBad = -1;

  constructor(header: SetHeader) {
    this.header = header;
  }

  /** Object id, new where the source repeated one. */
  idOf(row: number): number {
    return this.id[row]!;
  }

  frameOf(row: number): number {
    return this.frame[row]!;
  }

  /** Link of an object as in `TrackGraph.linkOfObject`; -1 for none. */
  linkOf(row: number): number {
    return this.link[row]!;
  }

  /** Track of an object as in `TrackGraph.trackOfObject`; -1 for none. */
  trackOf(row: number): number {
    return this.track[row]!;
  }

  /** Has the object more than one outgoing edge? */
  splitsAt(row: number): boolean {
    return (this.degree[row]! & 3) === 2;
  }

  /** Has the object more than one incoming edge? */
  mergesAt(row: number): boolean {
    return this.degree[row]! >> 2 === 2;
  }

  /** Earlier object of the edge at a position of the stream, as row; -1 where the edge was left out. */
  sourceOf(position: number): number {
    const source = this.blocks[position >> 15]!.source[position & (blockEdges - 1)]!;
    return source === dropped ? -1 : source;
  }

  /** Later object of a kept edge, as row. */
  targetOf(position: number): number {
    return this.blocks[position >> 15]!.target[position & (blockEdges - 1)]!;
  }

  /** Link of a kept edge. */
  linkOfEdge(position: number): number {
    return this.blocks[position >> 15]!.link[position & (blockEdges - 1)]!;
  }

  /** Objects without any edge. */
  untracked(): number {
    let count = 0;
    for (const degree of this.degree) if (degree === 0) count++;
    return count;
  }

  /** One entry for every computed track. */
  trackSummaries(): TrackSummaries {
    const { tracks: count } = this.counts;
    const summaries: TrackSummaries = {
      count,
      firstFrame: new Int32Array(count).fill(2 ** 31 - 1),
      lastFrame: new Int32Array(count).fill(-(2 ** 31)),
      objects: new Uint32Array(count),
      edges: new Uint32Array(count),
      splits: new Uint32Array(count),
      merges: new Uint32Array(count),
    };
    for (let row = 0; row < this.objectCount; row++) {
      const track = this.track[row]!;
      if (track < 0) continue;
      const frame = this.frame[row]!;
      if (frame < summaries.firstFrame[track]!) summaries.firstFrame[track] = frame;
      if (frame > summaries.lastFrame[track]!) summaries.lastFrame[track] = frame;
      summaries.objects[track]!++;
      if (this.splitsAt(row)) summaries.splits[track]!++;
      if (this.mergesAt(row)) summaries.merges[track]!++;
    }
    this.eachKeptEdge((_, source) => summaries.edges[this.track[source]!]!++);
    return summaries;
  }

  /** Takes a batch of objects. */
  addObjects(batch: ObjectBatch): void {
    const { count } = batch;
    this.reserve(this.objectCount + count);
    this.id.set(batch.id.subarray(0, count), this.objectCount);
    this.frame.set(batch.frame.subarray(0, count), this.objectCount);
    for (let row = 0; row < count; row++)
      if (!Number.isFinite(batch.x[row]!) || !Number.isFinite(batch.y[row]!)) {
        if (this.badPositions++ === 0) this.firstBad = this.objectCount + row;
      }
    this.extent = widen(this.extent, batch);
    this.objectCount += count;
    this.notePeak(0);
  }

  /** Takes a batch of edges. */
  addEdges({ count, sourceId, targetId }: EdgeBatch): void {
    for (let taken = 0; taken < count; ) {
      const block = this.openBlock();
      const part = Math.min(count - taken, blockEdges - block.count);
      block.sourceId.set(sourceId.subarray(taken, taken + part), block.count);
      block.targetId.set(targetId.subarray(taken, taken + part), block.count);
      block.count += part;
      taken += part;
    }
    this.edgeCount += count;
    this.notePeak(0);
  }

  /** Computes everything, once all batches were given. Answers what is wrong with the graph. */
  finish(file: string): Issue[] {
    this.id = this.id.slice(0, this.objectCount);
    this.frame = this.frame.slice(0, this.objectCount);
    const issues: (Issue | undefined)[] = [...this.resolve(file)];
    this.followLinks();
    this.joinTracks();
    this.countRest();
    issues.push(positionIssue(this.badPositions, this.objectCount, this.firstBad, file));
    return issues.filter((issue) => issue !== undefined);
  }

  /** Ids become rows, in place: an edge's two rows take the room of its two ids. */
  private resolve(file: string): Issue[] {
    const rows = new RowsById(this.id);
    // One byte an object more is taken by the search for equal edges.
    this.notePeak(rows.bytes + this.objectCount);
    this.degree = new Uint8Array(this.objectCount);
    let settled = 0;
    const dropUpTo = (position: number) => {
      for (; settled < position; settled++) this.settle(settled, dropped, 0);
    };
    const issues = checkEdges(this.blocks, rows, this.frame, file, (position, source, target) => {
      dropUpTo(position);
      settled++;
      this.settle(position, source, target);
      const out = this.degree[source]!;
      if ((out & 3) < 2) this.degree[source] = out + 1;
      const into = this.degree[target]!;
      if (into >> 2 < 2) this.degree[target] = into + 4;
      this.counts.edges++;
      if (this.frame[target]! - this.frame[source]! > 1) this.counts.gaps++;
    });
    dropUpTo(this.edgeCount);
    this.repeated = rows.repeated.slice(0, 1000).map((row) => ({ row, first: rows.row(this.id[row]!) }));
    const repeated = renumberRepeated(this.id, rows, file);
    return repeated ? [repeated, ...issues] : issues;
  }

  private settle(position: number, source: number, target: number): void {
    const block = this.blocks[position >> 15]!;
    block.source[position & (blockEdges - 1)] = source;
    block.target[position & (blockEdges - 1)] = target;
  }

  /** Numbers the unbranched chains exactly as `buildTrackGraph` in the model does. */
  private followLinks(): void {
    const onlyOut = new Int32Array(this.objectCount).fill(-1);
    this.link = new Int32Array(this.objectCount).fill(-1);
    this.notePeak(onlyOut.byteLength);
    this.eachKeptEdge((position, source) => {
      onlyOut[source] = position;
    });
    // One edge in and one out.
    const inner = 5;
    this.eachKeptEdge((position, source) => {
      if (this.degree[source] === inner) return;
      const link = this.counts.links++;
      if ((this.degree[source]! & 3) === 1) this.link[source] = link;
      for (let at = position; ; ) {
        this.blocks[at >> 15]!.link[at & (blockEdges - 1)] = link;
        const target = this.targetOf(at);
        if (this.degree[target]! >> 2 === 1) this.link[target] = link;
        if (this.degree[target] !== inner) break;
        at = onlyOut[target]!;
      }
    });
  }

  /** Numbers the components in order of their first object. */
  private joinTracks(): void {
    const components = new DisjointRows(this.objectCount);
    this.track = new Int32Array(this.objectCount).fill(-1);
    this.notePeak(this.objectCount * 4);
    this.eachKeptEdge((position, source) => components.join(source, this.targetOf(position)));
    for (let row = 0; row < this.objectCount; row++) {
      if (this.degree[row] === 0) continue;
      // The representative is the component's first row, so it was numbered before any other of its rows.
      const root = components.find(row);
      this.track[row] = root === row ? this.counts.tracks++ : this.track[root]!;
    }
  }

  private countRest(): void {
    this.counts.objects = this.objectCount;
    for (let row = 0; row < this.objectCount; row++) {
      if (this.splitsAt(row)) this.counts.splits++;
      if (this.mergesAt(row)) this.counts.merges++;
    }
    const sorted = this.frame.slice().sort();
    for (let row = 0; row < sorted.length; row++)
      if (row === 0 || sorted[row] !== sorted[row - 1]) this.counts.frames++;
  }

  private eachKeptEdge(visit: (position: number, source: number) => void): void {
    let position = 0;
    for (const block of this.blocks)
      for (let i = 0; i < block.count; i++, position++)
        if (block.source[i] !== dropped) visit(position, block.source[i]!);
  }

  private reserve(objects: number): void {
    if (objects <= this.id.length) return;
    const capacity = Math.max(objects, Math.ceil(this.id.length * 1.25), 4096);
    const id = new Float64Array(capacity);
    id.set(this.id);
    const frame = new Int32Array(capacity);
    frame.set(this.frame);
    this.notePeak(capacity * 12);
    this.id = id;
    this.frame = frame;
  }

  private openBlock(): EdgeBlock {
    const last = this.blocks.at(-1);
    if (last && last.count < blockEdges) return last;
    const sourceId = new Float64Array(blockEdges);
    const targetId = new Float64Array(blockEdges);
    const block: EdgeBlock = {
      count: 0,
      sourceId,
      targetId,
      source: new Uint32Array(sourceId.buffer, 0, blockEdges),
      target: new Uint32Array(targetId.buffer, 0, blockEdges),
      link: new Uint32Array(sourceId.buffer, blockEdges * 4, blockEdges),
    };
    this.blocks.push(block);
    return block;
  }

  private notePeak(passing: number): void {
    const held =
      this.id.byteLength +
      this.frame.byteLength +
      this.degree.byteLength +
      this.link.byteLength +
      this.track.byteLength +
      this.blocks.length * blockEdges * 16;
    this.peakBytes = Math.max(this.peakBytes, held + passing);
  }
}

function widen(extent: TrackExtent | undefined, batch: ObjectBatch): TrackExtent | undefined {
  if (batch.count === 0) return extent;
  const none = (): [number, number] => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const wider: TrackExtent = extent ?? {
    x: none(),
    y: none(),
    frame: none(),
    ...(batch.z ? { z: none() } : {}),
    ...(batch.time ? { time: none() } : {}),
  };
  stretch(wider.x, batch.x, batch.count);
  stretch(wider.y, batch.y, batch.count);
  stretch(wider.frame, batch.frame, batch.count);
  if (wider.z && batch.z) stretch(wider.z, batch.z, batch.count);
  if (wider.time && batch.time) stretch(wider.time, batch.time, batch.count);
  return wider;
}

function stretch(range: [number, number], values: Float64Array | Int32Array, count: number): void {
  for (let row = 0; row < count; row++) {
    const value = values[row]!;
    if (value < range[0] && value !== Number.NEGATIVE_INFINITY) range[0] = value;
    if (value > range[1] && value !== Number.POSITIVE_INFINITY) range[1] = value;
  }
}

/** Builds the index of every set of a stream: the first of two passes of whoever writes link and track ids. */
export class TrackIndexer implements TrackSink {
  readonly indexes: TrackIndex[] = [];
  readonly issues: Issue[] = [];
  private readonly file: string;
  private current: TrackIndex | undefined;

  constructor(file: string) {
    this.file = file;
  }

  header(header: SetHeader): void {
    this.current = new TrackIndex(header);
  }

  objects(batch: ObjectBatch): void {
    this.current?.addObjects(batch);
  }

  edges(batch: EdgeBatch): void {
    this.current?.addEdges(batch);
  }

  sourceTracks(columns: Column[], count: number): void {
    if (this.current) this.current.sourceTracks = { columns, count };
  }

  end(): void {
    const { current } = this;
    if (!current) return;
    this.issues.push(...current.finish(this.file));
    this.indexes.push(current);
    this.current = undefined;
  }
}

/** Builds the indexes, and looks at the rows on the way for what anybody who uses the data should know. */
export class ObservingIndexer extends TrackIndexer {
  /** What was found in the data of all sets, beside faults of the graph. */
  readonly findings: Issue[] = [];
  private readonly path: string;
  private seen: TrackFindings | undefined;

  constructor(file: string) {
    super(file);
    this.path = file;
  }

  override header(header: SetHeader): void {
    super.header(header);
    this.seen = new TrackFindings(header);
  }

  override objects(batch: ObjectBatch): void {
    super.objects(batch);
    this.seen?.objects(batch);
  }

  override edges(batch: EdgeBatch): void {
    super.edges(batch);
    this.seen?.edges(batch);
  }

  override sourceTracks(columns: Column[], count: number): void {
    super.sourceTracks(columns, count);
    this.seen?.sourceTracks(columns, count);
  }

  override end(): void {
    const { seen } = this;
    super.end();
    const index = this.indexes.at(-1);
    if (!seen || !index) return;
    this.seen = undefined;
    const facts = {
      counts: index.counts,
      untracked: index.untracked(),
      frames: index.extent?.frame ?? ([0, -1] as const),
      repeated: index.repeated,
      frameOf: (row: number) => index.frameOf(row),
    };
    this.findings.push(...seen.finish(facts, this.path));
  }
}

/** Extent of the objects of a set in memory. */
export function trackExtent(objects: Omit<ObjectBatch, 'columns'>): TrackExtent | undefined {
  return widen(undefined, { ...objects, columns: [] });
}
