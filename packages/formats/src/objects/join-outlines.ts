import type { Column, Shapes } from '@micrarium/model';
import type { EdgeBatch, ObjectBatch, SetHeader, TrackReader, TrackSink } from '../tracks/track-reader.ts';
import { shapesOf } from './foretold.ts';
import { openParts, outlineSuffix } from './outlines-apart.ts';

/** Outlines that wait for the objects they belong to. */
interface Waiting {
  header: SetHeader;
  batches: ObjectBatch[];
  edges: EdgeBatch[];
  /** Batch and row of each id that is nothing but an outline. */
  places: Map<string, { batch: number; row: number }>;
  /** 1 for each row of each batch that an object took. */
  taken: Uint8Array[];
}

/**
 * Makes a reader give the outlines that `outlinesApart` wrote as a kind of their own to the objects they belong to:
 * those of a kind that is called as the next one with "outline" behind, object by object by their ids. Outlines without
 * an object stay a set of their own.
 */
export function joiningOutlines(reader: TrackReader): TrackReader {
  return {
    async stream(item, sink, options) {
      const joining = new OutlineSink(sink);
      const read = await reader.stream(item, joining, options);
      await joining.finish();
      return read;
    },
  };
}

class OutlineSink implements TrackSink {
  private readonly sink: TrackSink;
  /** Outlines read, and those that belong to the set that goes by. */
  private waiting: Waiting | undefined;
  private joined: Waiting | undefined;
  private isWaiting = false;
  declare readonly keepsNoBatch?: true;

  constructor(sink: TrackSink) {
    this.sink = sink;
    if (sink.keepsNoBatch) this.keepsNoBatch = true;
  }

  async header(header: SetHeader): Promise<void> {
    const { waiting } = this;
    if (waiting && belongs(waiting.header, header)) {
      this.joined = waiting;
      this.waiting = undefined;
    } else await this.finish();
    this.isWaiting = isOutlines(header);
    if (this.isWaiting) this.waiting = { header, batches: [], edges: [], places: new Map(), taken: [] };
    else await this.sink.header(header);
  }

  objects(batch: ObjectBatch): void | Promise<void> {
    if (this.isWaiting) return this.keep(batch);
    return this.sink.objects(this.joined && !batch.shapes ? this.withOutlines(batch, this.joined) : batch);
  }

  edges(batch: EdgeBatch): void | Promise<void> {
    if (!this.isWaiting) return this.sink.edges(batch);
    const ends = (values: Float64Array) => values.slice(0, batch.count);
    this.waiting!.edges.push({ ...batch, sourceId: ends(batch.sourceId), targetId: ends(batch.targetId) });
  }

  async sourceTracks(columns: Column[], count: number): Promise<void> {
    if (!this.isWaiting) await this.sink.sourceTracks?.(columns, count);
  }

  async end(): Promise<void> {
    if (this.isWaiting) {
      this.isWaiting = false;
      return;
    }
    await this.sink.end();
    const { joined } = this;
    this.joined = undefined;
    if (joined?.taken.some((rows) => rows.includes(0))) await this.give(joined);
  }

  /** Gives outlines that nothing came for. */
  async finish(): Promise<void> {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) await this.give(waiting);
  }

  private keep(batch: ObjectBatch): void {
    const waiting = this.waiting!;
    const kept = copied(batch);
    const [ids, ...others] = kept.columns;
    // The name of a component of BDML stands with all that is measured of it.
    const features = others.filter(({ sourceKey }) => sourceKey !== 'componentName');
    for (let row = 0; row < kept.count; row++)
      if (features.every(({ missing }) => missing?.[row] === 1))
        waiting.places.set(String(ids!.values[row]), { batch: waiting.batches.length, row });
    waiting.batches.push(kept);
    waiting.taken.push(new Uint8Array(kept.count));
  }

  private withOutlines(batch: ObjectBatch, { batches, places, taken }: Waiting): ObjectBatch {
    const ids = batch.columns[0]!.values;
    const all: number[][][] = [];
    for (let row = 0; row < batch.count; row++) {
      const id = String(ids[row]);
      const place = places.get(id);
      const found = place && batches[place.batch]!;
      const isSame = found?.frame[place!.row] === batch.frame[row];
      if (isSame) {
        places.delete(id);
        taken[place!.batch]![place!.row] = 1;
      }
      all.push(isSame ? openParts(found!.shapes, place!.row) : []);
    }
    return { ...batch, shapes: shapesOf(all) };
  }

  /** A set of the outlines that are left. */
  private async give({ header, batches, edges, taken }: Waiting): Promise<void> {
    await this.sink.header(header);
    const left = new Set<number>();
    for (const [at, batch] of batches.entries()) {
      const rows = Array.from({ length: batch.count }, (_, row) => row).filter((row) => taken[at]![row] === 0);
      for (const row of rows) left.add(batch.id[row]!);
      if (rows.length > 0) await this.sink.objects(rows.length === batch.count ? batch : rowsOf(batch, rows));
    }
    for (const { sourceId, targetId, count, ...batch } of edges) {
      const kept = Array.from({ length: count }, (_, at) => at).filter(
        (at) => left.has(sourceId[at]!) && left.has(targetId[at]!),
      );
      const ends = (values: Float64Array) => Float64Array.from(kept, (at) => values[at]!);
      if (kept.length > 0)
        await this.sink.edges({ ...batch, count: kept.length, sourceId: ends(sourceId), targetId: ends(targetId) });
    }
    await this.sink.end();
  }
}

const isId = ({ objectColumns }: SetHeader) => objectColumns[0]?.sourceKey === 'ID';

/** May these be outlines of objects of another kind? */
function isOutlines(header: SetHeader): boolean {
  return header.entity === 'line' && header.name.endsWith(outlineSuffix) && isId(header);
}

function belongs(outlines: SetHeader, { name, entity, ...header }: SetHeader): boolean {
  const isBody = entity === 'point' || entity === 'circle' || entity === 'sphere';
  return isBody && outlines.name === `${name}${outlineSuffix}` && isId({ name, entity, ...header });
}

function rowsOf(batch: ObjectBatch, rows: readonly number[]): ObjectBatch {
  const numbers = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  const { time, z, shapes, frame, columns } = batch;
  return {
    count: rows.length,
    id: numbers(batch.id),
    frame: Int32Array.from(rows, (row) => frame[row]!),
    x: numbers(batch.x),
    y: numbers(batch.y),
    ...(z ? { z: numbers(z) } : {}),
    ...(time ? { time: numbers(time) } : {}),
    columns: columns.map((column): Column => {
      const { missing } = column;
      const absent = missing ? { missing: Uint8Array.from(rows, (row) => missing[row]!) } : {};
      const values = Array.isArray(column.values)
        ? rows.map((row) => String(column.values[row]))
        : Float64Array.from(rows, (row) => Number(column.values[row]));
      return { ...column, ...absent, values };
    }),
    ...(shapes ? { shapes: shapesOf(rows.map((row) => partsOf(shapes, row))) } : {}),
  };
}

function partsOf(shapes: Shapes, row: number): number[][] {
  const parts: number[][] = [];
  for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++)
    parts.push(Array.from(shapes.xyz.subarray(shapes.vertexOffsets[part]! * 3, shapes.vertexOffsets[part + 1]! * 3)));
  return parts;
}

/** A batch whose arrays the reader may use again. */
function copied(batch: ObjectBatch): ObjectBatch {
  return rowsOf(
    batch,
    Array.from({ length: batch.count }, (_, row) => row),
  );
}
