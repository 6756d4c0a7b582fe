import { type Column, ColumnBuilder, type ColumnDescription, type Shapes } from '@micrarium/model';
import { NumberList } from '../tables/delimited/id-index.ts';
import { type ChainEdges, edgesAlongChains } from '../tables/delimited/chain-edges.ts';
import type { SetHeader, TrackSink } from './track-reader.ts';

/** One object as a reader meets it. */
export interface ObjectRow {
  id: number;
  frame: number;
  x: number;
  y: number;
  /** Left out where the set has none. */
  z?: number;
  time?: number;
  /** Values of the header's `objectColumns`, in order; further ones may be left out and are then absent. */
  values?: readonly (number | string | boolean | undefined)[];
  /** Outline or mesh: x, y, z of the vertices of each part, interleaved. */
  parts?: readonly (readonly number[])[];
}

const batchRows = 16_384;
/** A batch with so many numbers of outlines is handed on before it is full. */
const batchNumbers = 1 << 21;

/** Gathers objects and edges given one by one into batches of bounded size, for one set. */
export class RowStream {
  private readonly sink: TrackSink;
  private readonly header: SetHeader;
  private readonly signal: AbortSignal | undefined;
  private count = 0;
  private id = new Float64Array(batchRows);
  private frame = new Int32Array(batchRows);
  private x = new Float64Array(batchRows);
  private y = new Float64Array(batchRows);
  private z = new Float64Array(0);
  private time = new Float64Array(0);
  private builders: ColumnBuilder[] = [];
  private sourceId: number[] = [];
  private targetId: number[] = [];
  private edgeBuilders: ColumnBuilder[] = [];
  private shapes = new ShapeList();

  /** Announces the set to the sink. */
  static async begin(sink: TrackSink, header: SetHeader, signal?: AbortSignal): Promise<RowStream> {
    await sink.header(header);
    return new RowStream(sink, header, signal);
  }

  private constructor(sink: TrackSink, header: SetHeader, signal?: AbortSignal) {
    this.sink = sink;
    this.header = header;
    this.signal = signal;
    if (header.hasZ) this.z = new Float64Array(batchRows);
    if (header.hasTime) this.time = new Float64Array(batchRows);
    this.builders = builders(header.objectColumns);
    this.startEdges();
  }

  /** Takes an object; a promise to wait for where a batch became full. */
  object(row: ObjectRow): Promise<void> | undefined {
    const at = this.count++;
    this.id[at] = row.id;
    this.frame[at] = row.frame;
    this.x[at] = row.x;
    this.y[at] = row.y;
    if (this.header.hasZ) this.z[at] = row.z ?? Number.NaN;
    if (this.header.hasTime) this.time[at] = row.time ?? Number.NaN;
    if (row.values) for (let i = 0; i < this.builders.length; i++) this.builders[i]!.set(at, row.values[i]);
    if (row.parts) this.shapes.add(at, row.parts);
    return this.count < batchRows && this.shapes.numbers < batchNumbers ? undefined : this.flushObjects();
  }

  /** Takes an edge; a promise to wait for where a batch became full. */
  edge(
    source: number,
    target: number,
    values?: readonly (number | string | boolean | undefined)[],
  ): Promise<void> | undefined {
    const at = this.sourceId.length;
    this.sourceId.push(source);
    this.targetId.push(target);
    if (values) for (let i = 0; i < this.edgeBuilders.length; i++) this.edgeBuilders[i]!.set(at, values[i]);
    return this.sourceId.length < batchRows ? undefined : this.flushEdges();
  }

  /** Takes the edges along chains whose members were noted while the objects went by. */
  async chains(chains: ChainList): Promise<ChainEdges> {
    const found = chains.edges();
    for (let i = 0; i < found.count; i++) {
      const full = this.edge(chains.id(found.source[i]!), chains.id(found.target[i]!));
      if (full) await full;
    }
    return found;
  }

  /** Hands on what is left and ends the set. */
  async end(): Promise<void> {
    await this.finishRows();
    await this.sink.end();
  }

  /** Hands on what is left, for who has a table of source tracks to give before the end of the set. */
  async finishRows(): Promise<void> {
    if (this.count > 0) await this.flushObjects();
    if (this.sourceId.length > 0) await this.flushEdges();
  }

  private startObjects(inSameMemory: boolean): void {
    const { header } = this;
    this.count = 0;
    this.shapes = new ShapeList();
    if (inSameMemory) {
      for (const builder of this.builders) builder.restart();
      return;
    }
    this.id = new Float64Array(batchRows);
    this.frame = new Int32Array(batchRows);
    this.x = new Float64Array(batchRows);
    this.y = new Float64Array(batchRows);
    if (header.hasZ) this.z = new Float64Array(batchRows);
    if (header.hasTime) this.time = new Float64Array(batchRows);
    this.builders = builders(header.objectColumns);
  }

  private startEdges(): void {
    this.sourceId = [];
    this.targetId = [];
    this.edgeBuilders = builders(this.header.edgeColumns);
  }

  private async flushObjects(): Promise<void> {
    this.signal?.throwIfAborted();
    const { count, header } = this;
    const { keepsNoBatch } = this.sink;
    const batch = {
      count,
      id: this.id.subarray(0, count),
      frame: this.frame.subarray(0, count),
      ...(header.hasTime ? { time: this.time.subarray(0, count) } : {}),
      x: this.x.subarray(0, count),
      y: this.y.subarray(0, count),
      ...(header.hasZ ? { z: this.z.subarray(0, count) } : {}),
      columns: this.builders.map((builder) => (keepsNoBatch ? builder.lend(count) : builder.finish(count))),
      ...(this.shapes.numbers > 0 ? { shapes: this.shapes.finish(count) } : {}),
    };
    const answer = this.sink.objects(batch);
    // Rows may come before somebody waits for the answer: only what is done with already is used again.
    this.startObjects(keepsNoBatch === true && answer === undefined);
    await answer;
  }

  private async flushEdges(): Promise<void> {
    this.signal?.throwIfAborted();
    const count = this.sourceId.length;
    const batch = {
      count,
      sourceId: Float64Array.from(this.sourceId),
      targetId: Float64Array.from(this.targetId),
      columns: finish(this.edgeBuilders, count),
    };
    this.startEdges();
    await this.sink.edges(batch);
  }
}

function builders(columns: readonly ColumnDescription[]): ColumnBuilder[] {
  return columns.map((column) => new ColumnBuilder(column, 1024));
}

function finish(all: readonly ColumnBuilder[], count: number): Column[] {
  return all.map((builder) => builder.finish(count));
}

/** Outlines of the objects of a batch. */
class ShapeList {
  /** Coordinates so far. */
  numbers = 0;
  private readonly partOffsets: number[] = [0];
  private readonly vertexOffsets: number[] = [0];
  private readonly xyz: number[] = [];

  add(row: number, parts: readonly (readonly number[])[]): void {
    while (this.partOffsets.length <= row) this.partOffsets.push(this.vertexOffsets.length - 1);
    for (const part of parts) {
      for (const value of part) this.xyz.push(value);
      this.numbers += part.length;
      this.vertexOffsets.push(this.numbers / 3);
    }
    this.partOffsets.push(this.vertexOffsets.length - 1);
  }

  finish(count: number): Shapes {
    while (this.partOffsets.length <= count) this.partOffsets.push(this.vertexOffsets.length - 1);
    return {
      partOffsets: Uint32Array.from(this.partOffsets),
      vertexOffsets: Uint32Array.from(this.vertexOffsets),
      xyz: Float64Array.from(this.xyz),
    };
  }
}

/** Which object belongs to which chain of time-ordered objects, noted as rows go by: 24 bytes an object. */
export class ChainList {
  private readonly ids = new NumberList();
  private readonly frames = new NumberList();
  private readonly chainOf = new NumberList();

  /** Notes an object of a chain (-1: of none). */
  note(chain: number, id: number, frame: number): void {
    this.chainOf.push(chain);
    this.ids.push(id);
    this.frames.push(frame);
  }

  /** Id of the object noted at a position. */
  id(position: number): number {
    return this.ids.at(position);
  }

  /** Edges between following objects of each chain, by position; ambiguous frames are not linked. */
  edges(): ChainEdges {
    const count = this.ids.length;
    const row = new Uint32Array(count);
    for (let i = 0; i < count; i++) row[i] = i;
    return edgesAlongChains({ count, chain: this.chainOf.toInt32(), row, frame: this.frames.toInt32() });
  }
}

/** Header of a set of points with nothing known but its name; the rest is given. */
export function pointHeader(name: string, known: Partial<SetHeader> = {}): SetHeader {
  return {
    name,
    entity: 'point',
    hasZ: false,
    hasTime: false,
    objectColumns: [],
    edgeColumns: [],
    provenance: {},
    ...known,
  };
}
