import type { Shapes } from '@micrarium/model';
import type { ParquetTable } from './open-table.ts';

interface VertexRun {
  id: ArrayLike<number>;
  part: ArrayLike<number>;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  z: ArrayLike<number>;
  /** 1 where a part has no vertices. */
  missing: Uint8Array | undefined;
  count: number;
}

/** Walks the vertex table beside the object table: both are in the order of the objects. */
export class VertexCursor {
  private readonly table: ParquetTable;
  private run: VertexRun | undefined;
  private runNumber = 0;
  private at = 0;
  private passed = 0;

  private constructor(table: ParquetTable) {
    this.table = table;
  }

  static async open(table: ParquetTable): Promise<VertexCursor> {
    const cursor = new VertexCursor(table);
    await cursor.advance();
    return cursor;
  }

  /** Shapes of the next objects. */
  async take(ids: Float64Array): Promise<Shapes> {
    const partOffsets = new Uint32Array(ids.length + 1);
    const vertexOffsets: number[] = [0];
    const xyz: number[] = [];
    for (let row = 0; row < ids.length; row++) {
      let part = -1;
      while (this.run && this.run.id[this.at] === ids[row]) {
        const { run, at } = this;
        if (run.part[at] !== part) {
          part = run.part[at]!;
          vertexOffsets.push(xyz.length / 3);
        }
        if (run.missing?.[at] !== 1) {
          xyz.push(run.x[at]!, run.y[at]!, run.z[at]!);
          vertexOffsets[vertexOffsets.length - 1] = xyz.length / 3;
        }
        const next = this.step();
        if (next) await next;
      }
      partOffsets[row + 1] = vertexOffsets.length - 1;
    }
    return { partOffsets, vertexOffsets: Uint32Array.from(vertexOffsets), xyz: Float64Array.from(xyz) };
  }

  /** Vertices that no object took. */
  left(): number {
    return this.table.rows - this.passed;
  }

  private step(): Promise<void> | undefined {
    this.passed++;
    this.at++;
    return this.run && this.at >= this.run.count ? this.advance() : undefined;
  }

  private async advance(): Promise<void> {
    const range = this.table.runs[this.runNumber++];
    this.at = 0;
    if (!range) {
      this.run = undefined;
      return;
    }
    const read = (name: string) => this.table.read(name, range.start, range.end);
    const [id, part, x, y, z] = [
      await read('object_id'),
      await read('part'),
      await read('x'),
      await read('y'),
      await read('z'),
    ];
    this.run = {
      id: id.values as Float64Array,
      part: part.values as Float64Array,
      x: x.values as Float64Array,
      y: y.values as Float64Array,
      z: z.values as Float64Array,
      missing: x.missing,
      count: range.end - range.start,
    };
  }
}
