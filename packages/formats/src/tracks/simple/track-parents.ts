import type { Column } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { NumberList } from '../../tables/delimited/id-index.ts';
import type { EdgeBatch, ObjectBatch, SetHeader, TrackSink } from '../track-reader.ts';

/** Maps of whole numbers to whole numbers larger than this are not read. */
const largestMap = 64 << 20;

/** Reads a JSON map of numbers to lists of numbers; a text says what is wrong. */
export async function readNumberMap(entry: FileEntry): Promise<Map<number, number[]> | string> {
  if (entry.size > largestMap) return `${entry.path} has ${entry.size} bytes`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(await (await entry.open()).read(0, entry.size)));
  } catch (error) {
    return `${entry.path}: ${(error as Error).message}`;
  }
  const map = new Map<number, number[]>();
  for (const [key, value] of Object.entries(parsed as object)) {
    const numbers = Array.isArray(value) ? value : [value];
    if (!Number.isSafeInteger(Number(key)) || !numbers.every((one) => Number.isSafeInteger(one)))
      return `${entry.path} is not a map of whole numbers`;
    map.set(Number(key), numbers as number[]);
  }
  return map;
}

/** Where the tracks of rows and the parents of tracks are said. */
export interface TrackParentSource {
  /** Column with the track of each object. */
  track?: string;
  /** Column with the parent track of each object's track. */
  parent?: string;
  /** Maps found beside the table: parents by track, or rows by track. */
  maps?: readonly Map<number, number[]>[];
}

interface End {
  id: number;
  frame: number;
}

/**
 * Stands before a sink while a table streams by, and adds the edges from the last object of a parent track to the first
 * of its daughters. A map whose lists name every row once says which rows are a track; its edges are added too.
 */
export class TrackParentSink implements TrackSink {
  /** What could not be joined, in words; the first hundred. */
  readonly unknown: string[] = [];
  /** Edges added between tracks. */
  joined = 0;
  private readonly sink: TrackSink;
  private readonly from: TrackParentSource;
  private trackAt = -1;
  private parentAt = -1;
  private edgeColumns: SetHeader['edgeColumns'] = [];
  private readonly first = new Map<number, End>();
  private readonly last = new Map<number, End>();
  private readonly parents = new Map<number, Set<number>>();
  private readonly ids = new NumberList();
  private readonly frames = new NumberList();

  constructor(sink: TrackSink, from: TrackParentSource) {
    this.sink = sink;
    this.from = from;
  }

  async header(header: SetHeader): Promise<void> {
    this.trackAt = header.objectColumns.findIndex(({ name }) => name === this.from.track);
    this.parentAt = header.objectColumns.findIndex(({ name }) => name === this.from.parent);
    this.edgeColumns = header.edgeColumns;
    await this.sink.header(header);
  }

  async objects(batch: ObjectBatch): Promise<void> {
    const track = batch.columns[this.trackAt];
    const parent = batch.columns[this.parentAt];
    for (let row = 0; row < batch.count; row++) {
      const end = { id: batch.id[row]!, frame: batch.frame[row]! };
      if (this.from.maps) {
        this.ids.push(end.id);
        this.frames.push(end.frame);
      }
      const own = track && numberAt(track, row);
      if (own === undefined) continue;
      this.noteEnd(own, end);
      const above = parent && numberAt(parent, row);
      if (above !== undefined && above !== own && above !== -1) this.noteParent(own, above);
    }
    await this.sink.objects(batch);
  }

  async edges(batch: EdgeBatch): Promise<void> {
    await this.sink.edges(batch);
  }

  async sourceTracks(columns: Column[], count: number): Promise<void> {
    await this.sink.sourceTracks?.(columns, count);
  }

  async end(): Promise<void> {
    for (const map of this.from.maps ?? [])
      if (this.namesEveryRow(map)) await this.addRowTracks(map);
      else for (const [child, above] of map) for (const one of above) this.noteParent(child, one);
    const sources: number[] = [];
    const targets: number[] = [];
    for (const [child, parents] of this.parents)
      for (const parent of parents) {
        const from = this.last.get(parent);
        const to = this.first.get(child);
        // 0 is no track in many programs, and then says that there is no parent.
        if (!from && parent === 0) continue;
        if (from && to && from.frame < to.frame) {
          sources.push(from.id);
          targets.push(to.id);
        } else if (this.unknown.length < 100) this.unknown.push(`track ${child}, parent ${parent}`);
      }
    this.joined = sources.length;
    await this.addEdges(sources, targets);
    await this.sink.end();
  }

  private noteEnd(track: number, end: End): void {
    const first = this.first.get(track);
    const last = this.last.get(track);
    if (!first || end.frame < first.frame) this.first.set(track, end);
    if (!last || end.frame > last.frame) this.last.set(track, end);
  }

  private noteParent(child: number, parent: number): void {
    const known = this.parents.get(child);
    if (known) known.add(parent);
    else this.parents.set(child, new Set([parent]));
  }

  /** Do the lists of the map hold every row of the table once? */
  private namesEveryRow(map: ReadonlyMap<number, number[]>): boolean {
    const seen = new Uint8Array(this.ids.length);
    let named = 0;
    for (const rows of map.values())
      for (const row of rows) {
        if (row < 0 || row >= seen.length || seen[row] === 1) return false;
        seen[row] = 1;
        named++;
      }
    return named === seen.length && named > 0;
  }

  private async addRowTracks(map: ReadonlyMap<number, number[]>): Promise<void> {
    const sources: number[] = [];
    const targets: number[] = [];
    for (const [track, rows] of map) {
      const ordered = [...rows].sort((a, b) => this.frames.at(a) - this.frames.at(b));
      for (const [i, row] of ordered.entries()) {
        const end = { id: this.ids.at(row), frame: this.frames.at(row) };
        this.noteEnd(track, end);
        const next = ordered[i + 1];
        if (next === undefined || this.frames.at(next) === end.frame) continue;
        sources.push(end.id);
        targets.push(this.ids.at(next));
      }
    }
    await this.addEdges(sources, targets);
  }

  private async addEdges(sources: number[], targets: number[]): Promise<void> {
    const count = sources.length;
    if (count === 0) return;
    const columns: Column[] = this.edgeColumns.map((column) => ({
      ...column,
      values: column.type === 'string' ? Array.from({ length: count }, () => '') : new Float64Array(count),
      missing: new Uint8Array(count).fill(1),
    }));
    await this.sink.edges({
      count,
      sourceId: Float64Array.from(sources),
      targetId: Float64Array.from(targets),
      columns,
    });
  }
}

function numberAt(column: Column, row: number): number | undefined {
  if (column.missing?.[row] === 1) return undefined;
  const value = Number(column.values[row]);
  return Number.isNaN(value) ? undefined : value;
}
