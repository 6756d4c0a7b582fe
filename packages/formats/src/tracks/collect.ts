import { type Column, type Issue, type TrackSet, defineIssues } from '@micrarium/model';
import type { Item } from '../recognition/item.ts';
import type { EdgeBatch, ObjectBatch, ReadOptions, SetHeader, TrackReader, TrackSink } from './track-reader.ts';
import { concatColumns, concatFloat64, concatInt32, concatShapes } from './concat.ts';

/** Issues any track reader may meet in the graph, found here once for all formats. */
export const graphIssue = defineIssues({
  'duplicate-object-id': {
    severity: 'error',
    meaning:
      'Two objects carry the same id, so edges that name it are ambiguous. Both objects are kept, the later ones renumbered; edges go to the first.',
    hint: 'Give every object its own id in the tracking program and export again.',
  },
  'dangling-edge': {
    severity: 'error',
    meaning: 'An edge names an object that is not in the file. The edge is left out.',
    hint: 'Export again with all objects, or remove the edge.',
  },
  'backward-edge': {
    severity: 'info',
    meaning:
      'An edge was written from a later object to an earlier one. It is read turned around, because edges run forward in time.',
  },
  'same-frame-edge': {
    severity: 'warning',
    meaning: 'An edge joins two objects of one frame, which no movement explains. The edge is left out.',
    hint: 'Check the frames of the two objects.',
  },
  'duplicate-edge': {
    severity: 'warning',
    meaning: 'The same edge occurs more than once. It is kept once.',
  },
  'position-not-a-number': {
    severity: 'warning',
    meaning: 'An object has no finite position. It is kept, but cannot be drawn.',
    hint: 'Correct the coordinates in the source if the object should be seen.',
  },
});

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
    const rows = this.rowsById(objects.id);
    const edges = this.joinEdges(header, rows, objects.frame);
    this.reportPositions(objects);
    const { objectColumns: _o, edgeColumns: _e, hasZ: _z, hasTime: _t, entity: _k, ...about } = header;
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

  private rowsById(ids: Float64Array): Map<number, number> {
    const rows = new Map<number, number>();
    const repeated: number[] = [];
    let next = 0;
    for (let row = 0; row < ids.length; row++) {
      next = Math.max(next, ids[row]! + 1);
      if (rows.has(ids[row]!)) repeated.push(row);
      else rows.set(ids[row]!, row);
    }
    for (const row of repeated) {
      rows.set(next, row);
      this.noteFirst('duplicate-object-id', repeated.length, `object id ${ids[row]} occurs more than once`, row);
      ids[row] = next++;
    }
    return rows;
  }

  private joinEdges(header: SetHeader, rows: Map<number, number>, frame: Int32Array): TrackSet['edges'] {
    const total = this.edgeBatches.reduce((sum, batch) => sum + batch.count, 0);
    const source = new Uint32Array(total);
    const target = new Uint32Array(total);
    const kept = new Uint32Array(total);
    const seen = new Set<number>();
    const counts = { 'dangling-edge': 0, 'backward-edge': 0, 'same-frame-edge': 0, 'duplicate-edge': 0 };
    const first: Partial<Record<keyof typeof counts, string>> = {};
    const note = (code: keyof typeof counts, from: number, to: number) => {
      counts[code]++;
      first[code] ??= `${from} → ${to}`;
    };
    let count = 0;
    let position = 0;
    for (const batch of this.edgeBatches)
      for (let i = 0; i < batch.count; i++, position++) {
        const from = batch.sourceId[i]!;
        const to = batch.targetId[i]!;
        let a = rows.get(from);
        let b = rows.get(to);
        if (a === undefined || b === undefined) {
          note('dangling-edge', from, to);
          continue;
        }
        if (frame[a] === frame[b]) {
          note('same-frame-edge', from, to);
          continue;
        }
        if (frame[a]! > frame[b]!) {
          note('backward-edge', from, to);
          [a, b] = [b, a];
        }
        const key = a * 2 ** 26 + b;
        if (frame.length < 2 ** 26) {
          if (seen.has(key)) {
            note('duplicate-edge', from, to);
            continue;
          }
          seen.add(key);
        }
        source[count] = a;
        target[count] = b;
        kept[count++] = position;
      }
    for (const code of Object.keys(counts) as (keyof typeof counts)[])
      if (counts[code] > 0)
        this.issues.push(
          graphIssue(code, `${counts[code]} ${counts[code] === 1 ? 'edge' : 'edges'}, first: objects ${first[code]}`, {
            where: { file: this.file },
          }),
        );
    const columns = concatColumns(
      header.edgeColumns,
      this.edgeBatches,
      count === total ? undefined : kept.subarray(0, count),
    );
    return { count, source: source.slice(0, count), target: target.slice(0, count), columns };
  }

  private reportPositions(objects: TrackSet['objects']): void {
    let bad = 0;
    let at = -1;
    for (let row = 0; row < objects.count; row++)
      if (!Number.isFinite(objects.x[row]!) || !Number.isFinite(objects.y[row]!)) {
        bad++;
        if (at < 0) at = row;
      }
    if (bad > 0)
      this.issues.push(
        graphIssue('position-not-a-number', `${bad} of ${objects.count} objects have no finite position`, {
          where: { file: this.file, row: at + 1 },
        }),
      );
  }

  private noteFirst(code: 'duplicate-object-id', total: number, message: string, row: number): void {
    if (this.issues.some((issue) => issue.code === code)) return;
    this.issues.push(
      graphIssue(code, `${message} (${total} repeated in all)`, { where: { file: this.file, row: row + 1 } }),
    );
  }
}
