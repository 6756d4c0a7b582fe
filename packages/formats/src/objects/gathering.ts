import type { Column, Issue, Shapes, TrackSet } from '@micrarium/model';
import { concatColumns, concatShapes } from '../tracks/concat.ts';
import { RowsById, checkEdges, positionIssue, renumberRepeated } from '../tracks/graph-check.ts';
import type {
  EdgeBatch,
  FileSink,
  Gathered,
  Gathering,
  ObjectBatch,
  SetHeader,
  TrackSink,
  WriteOptions,
} from '../tracks/track-reader.ts';
import { PackedTexts, larger } from './texts.ts';
import { type WritableColumn, type WritableSet, isText } from './writable-set.ts';

/** What a writer makes of sets. */
export interface PreparedSets {
  losses(): Issue[];
  write(sink: FileSink, options?: WriteOptions): Promise<void>;
}

/** Gathers a stream into sets of typed arrays and packed texts, checked as `readTrackSets` does: about 80 bytes an object. */
export class SetGathering implements Gathering, TrackSink {
  readonly keepsNoBatch = true;
  private readonly file: string;
  private readonly prepare: (sets: readonly WritableSet[]) => PreparedSets;
  private readonly sets: WritableSet[] = [];
  private readonly issues: Issue[] = [];
  private current: OneSet | undefined;

  constructor(file: string, prepare: (sets: readonly WritableSet[]) => PreparedSets) {
    this.file = file;
    this.prepare = prepare;
  }

  get sink(): TrackSink {
    return this;
  }

  header(header: SetHeader): void {
    this.current = new OneSet(header);
  }

  objects(batch: ObjectBatch): void {
    this.current?.addObjects(batch);
  }

  edges(batch: EdgeBatch): void {
    this.current?.addEdges(batch);
  }

  sourceTracks(columns: Column[], count: number): void {
    if (this.current) this.current.tracks = { columns, count };
  }

  end(): void {
    if (this.current) this.sets.push(this.current.finish(this.file, this.issues));
    this.current = undefined;
  }

  finish(): Gathered {
    const objects = this.sets.reduce((sum, set) => sum + set.objects.count, 0);
    return { issues: this.issues, objects, sets: this.sets.map(withoutTexts), ...this.prepare(this.sets) };
  }
}

function withoutTexts({ objects, ...rest }: WritableSet): TrackSet {
  const columns = objects.columns.flatMap(({ values, ...column }) => (isText(values) ? [] : [{ ...column, values }]));
  return { ...rest, objects: { ...objects, columns } };
}

type Numbers = Float64Array | Int32Array;

/** Values of a column as they come. */
class GrowingColumn {
  private readonly column: WritableColumn;
  private missing: Uint8Array | undefined;

  constructor(description: Omit<WritableColumn, 'values'>, room: number) {
    const values = description.type === 'string' ? new PackedTexts(room) : new Float64Array(room);
    this.column = { ...description, values };
  }

  add(column: Column, from: number, count: number): void {
    const { values } = this.column;
    if (isText(values)) for (let row = 0; row < count; row++) (values as PackedTexts).push(String(column.values[row]));
    else {
      if (Array.isArray(column.values)) return;
      const numbers = roomFor(values as Float64Array, from + count);
      numbers.set(column.values.subarray(0, count), from);
      this.column.values = numbers;
    }
    if (!column.missing && !this.missing) return;
    this.missing = roomFor(this.missing ?? new Uint8Array(from + count), from + count);
    if (column.missing) this.missing.set(column.missing.subarray(0, count), from);
  }

  finish(count: number): WritableColumn {
    const { values } = this.column;
    return {
      ...this.column,
      values: isText(values) ? values : values.subarray(0, count),
      ...(this.missing ? { missing: roomFor(this.missing, count).subarray(0, count) } : {}),
    };
  }
}

function roomFor<Kind extends Numbers | Uint8Array>(array: Kind, count: number): Kind {
  return count > array.length ? larger(array, count) : array;
}

/** One set as it grows. */
class OneSet {
  tracks: { columns: Column[]; count: number } | undefined;
  private readonly header: SetHeader;
  private count = 0;
  private id: Float64Array;
  private frame: Int32Array;
  private time: Float64Array;
  private x: Float64Array;
  private y: Float64Array;
  private z: Float64Array;
  private readonly columns: GrowingColumn[];
  private readonly shapes: { count: number; shapes: Shapes | undefined }[] = [];
  private readonly edgeBatches: EdgeBatch[] = [];

  constructor(header: SetHeader) {
    this.header = header;
    // Never more room at once than a file of a gigabyte could fill.
    const room = Math.min(header.expected?.objects ?? 1024, 1 << 23);
    this.id = new Float64Array(room);
    this.frame = new Int32Array(room);
    this.x = new Float64Array(room);
    this.y = new Float64Array(room);
    this.z = new Float64Array(header.hasZ ? room : 0);
    this.time = new Float64Array(header.hasTime ? room : 0);
    this.columns = header.objectColumns.map((column) => new GrowingColumn(column, room));
  }

  addObjects(batch: ObjectBatch): void {
    const { count: from, header } = this;
    const { count } = batch;
    const add = <Kind extends Numbers>(all: Kind, part: Kind): Kind => {
      const room = roomFor(all, from + count);
      room.set(part.subarray(0, count), from);
      return room;
    };
    this.id = add(this.id, batch.id);
    this.frame = add(this.frame, batch.frame);
    this.x = add(this.x, batch.x);
    this.y = add(this.y, batch.y);
    if (header.hasZ) this.z = add(this.z, batch.z!);
    if (header.hasTime) this.time = add(this.time, batch.time!);
    for (const [i, column] of this.columns.entries()) column.add(batch.columns[i]!, from, count);
    this.shapes.push({ count, shapes: batch.shapes });
    this.count += count;
  }

  addEdges(batch: EdgeBatch): void {
    this.edgeBatches.push({
      ...batch,
      sourceId: batch.sourceId.slice(0, batch.count),
      targetId: batch.targetId.slice(0, batch.count),
    });
  }

  finish(file: string, issues: Issue[]): WritableSet {
    const { header, count } = this;
    const { objectColumns: _o, edgeColumns: _e, hasZ, hasTime, entity, expected: _x, ...about } = header;
    const id = this.id.subarray(0, count);
    const frame = this.frame.subarray(0, count);
    let rows = new RowsById(id);
    // Look-ups ask the ids, which are about to change where some repeat.
    if (rows.repeated.length > 0) rows = new RowsById(id.slice());
    const say = (issue: Issue | undefined) => {
      if (issue) issues.push(issue);
    };
    say(renumberRepeated(id, rows, file));
    const edges = this.joinEdges(rows, frame, file, issues);
    const objects: WritableSet['objects'] = {
      count,
      id,
      frame,
      ...(hasTime ? { time: this.time.subarray(0, count) } : {}),
      x: this.x.subarray(0, count),
      y: this.y.subarray(0, count),
      ...(hasZ ? { z: this.z.subarray(0, count) } : {}),
      columns: this.columns.map((column) => column.finish(count)),
      entity,
    };
    const shapes = concatShapes(this.shapes);
    if (shapes) objects.shapes = shapes;
    say(badPositions(objects, file));
    return { ...about, objects, edges, ...(this.tracks ? { sourceTracks: this.tracks } : {}) };
  }

  private joinEdges(rows: RowsById, frame: Int32Array, file: string, issues: Issue[]): WritableSet['edges'] {
    const total = this.edgeBatches.reduce((sum, batch) => sum + batch.count, 0);
    const source = new Uint32Array(total);
    const target = new Uint32Array(total);
    const hasColumns = this.header.edgeColumns.length > 0;
    const kept = new Uint32Array(hasColumns ? total : 0);
    let count = 0;
    const faults = checkEdges(this.edgeBatches, rows, frame, file, (position, from, to) => {
      source[count] = from;
      target[count] = to;
      if (hasColumns) kept[count] = position;
      count++;
    });
    issues.push(...faults);
    const columns = concatColumns(
      this.header.edgeColumns,
      this.edgeBatches,
      count === total ? undefined : kept.subarray(0, count),
    );
    return { count, source: source.subarray(0, count), target: target.subarray(0, count), columns };
  }
}

function badPositions({ count, x, y }: WritableSet['objects'], file: string): Issue | undefined {
  let bad = 0;
  let first = -1;
  for (let row = 0; row < count; row++)
    if (!Number.isFinite(x[row]!) || !Number.isFinite(y[row]!)) {
      if (bad++ === 0) first = row;
    }
  return positionIssue(bad, count, first, file);
}
