import type { Column, Issue, TrackSet } from '@micrarium/model';
import type { Item } from '../recognition/item.ts';
import type { EdgeBatch, ObjectBatch, ReadOptions, SetHeader, TrackReader, TrackSink } from './track-reader.ts';
import { concatColumns, concatFloat64, concatInt32, concatShapes } from './concat.ts';
import { checkEdges, positionIssue, renumberRepeated, RowsById } from './graph-check.ts';

export { graphIssue } from './graph-check.ts';

/** Sets of an item with everything found wrong on the way. */
export interface ReadTrackSets {
  sets: TrackSet[];
  issues: Issue[];
  formatVersion?: string;
}

/** Reads all sets of an item into memory: the same stream the converter takes, collected and checked. */
export async function readTrackSets(
  reader: TrackReader,
  item: Item,
  options: ReadOptions = {},
): Promise<ReadTrackSets> {
  const collector = new TrackSetCollector(item.path);
  const { issues, formatVersion } = await reader.stream(item, collector, options);
  return {
    sets: collector.sets,
    issues: [...issues, ...collector.issues],
    ...(formatVersion === undefined ? {} : { formatVersion }),
  };
}

/** Collects a stream into track sets; ids become rows, edges are oriented forward and checked. */
export class TrackSetCollector implements TrackSink {
  readonly sets: TrackSet[] = [];
  readonly issues: Issue[] = [];
  private readonly file: string;
  private current: SetHeader | undefined;
  private objectBatches: ObjectBatch[] = [];
  private edgeBatches: EdgeBatch[] = [];
  private trackRows: { columns: Column[]; count: number } | undefined;

  constructor(file: string) {
    this.file = file;
  }

  header(header: SetHeader): void {
    this.current = header;
    this.objectBatches = [];
    this.edgeBatches = [];
    this.trackRows = undefined;
  }

  objects(batch: ObjectBatch): void {
    this.objectBatches.push(batch);
  }

  edges(batch: EdgeBatch): void {
    this.edgeBatches.push(batch);
  }

  sourceTracks(columns: Column[], count: number): void {
    this.trackRows = { columns, count };
  }

  end(): void {
    const header = this.current;
    if (!header) return;
    const objects = this.joinObjects(header);
    const rows = new RowsById(objects.id.slice());
    this.say(renumberRepeated(objects.id, rows, this.file));
    const edges = this.joinEdges(header, rows, objects.frame);
    this.reportPositions(objects);
    const { objectColumns: _o, edgeColumns: _e, hasZ: _z, hasTime: _t, entity: _k, expected: _x, ...about } = header;
    this.sets.push({ ...about, objects, edges, ...(this.trackRows ? { sourceTracks: this.trackRows } : {}) });
    this.current = undefined;
    this.objectBatches = [];
    this.edgeBatches = [];
  }

  private joinObjects(header: SetHeader): TrackSet['objects'] {
    const batches = this.objectBatches;
    const count = batches.reduce((sum, batch) => sum + batch.count, 0);
    const shapes = concatShapes(batches.map((b) => ({ count: b.count, shapes: b.shapes })));
    return {
      count,
      id: concatFloat64(
        batches.map((b) => b.id.subarray(0, b.count)),
        count,
      ),
      frame: concatInt32(
        batches.map((b) => b.frame.subarray(0, b.count)),
        count,
      ),
      ...(header.hasTime
        ? {
            time: concatFloat64(
              batches.map((b) => b.time!.subarray(0, b.count)),
              count,
            ),
          }
        : {}),
      x: concatFloat64(
        batches.map((b) => b.x.subarray(0, b.count)),
        count,
      ),
      y: concatFloat64(
        batches.map((b) => b.y.subarray(0, b.count)),
        count,
      ),
      ...(header.hasZ
        ? {
            z: concatFloat64(
              batches.map((b) => b.z!.subarray(0, b.count)),
              count,
            ),
          }
        : {}),
      columns: concatColumns(header.objectColumns, batches),
      ...(shapes ? { shapes } : {}),
      entity: header.entity,
    };
  }

  private joinEdges(header: SetHeader, rows: RowsById, frame: Int32Array): TrackSet['edges'] {
    const total = this.edgeBatches.reduce((sum, batch) => sum + batch.count, 0);
    const source = new Uint32Array(total);
    const target = new Uint32Array(total);
    const kept = new Uint32Array(total);
    let count = 0;
    const faults = checkEdges(this.edgeBatches, rows, frame, this.file, (position, from, to) => {
      source[count] = from;
      target[count] = to;
      kept[count++] = position;
    });
    this.issues.push(...faults);
    const columns = concatColumns(
      header.edgeColumns,
      this.edgeBatches,
      count === total ? undefined : kept.subarray(0, count),
    );
    return { count, source: source.slice(0, count), target: target.slice(0, count), columns };
  }

  private reportPositions(objects: TrackSet['objects']): void {
    let bad = 0;
    let first = -1;
    for (let row = 0; row < objects.count; row++)
      if (!Number.isFinite(objects.x[row]!) || !Number.isFinite(objects.y[row]!)) {
        bad++;
        if (first < 0) first = row;
      }
    this.say(positionIssue(bad, objects.count, first, this.file));
  }

  private say(issue: Issue | undefined): void {
    if (issue) this.issues.push(issue);
  }
}
