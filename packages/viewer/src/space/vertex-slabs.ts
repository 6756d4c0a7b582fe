import type { ByteSource } from '@micrarium/formats';
import { RangeTable } from './range-table.ts';
import type { SpaceFrame } from './space-frame.ts';

/** Outlines and meshes of the objects of a frame, as ragged arrays. */
export interface FrameShapes {
  /** Object each part belongs to, by its place in the frame. */
  owner: Uint32Array;
  /** Vertices of part `p`: `offsets[p] .. offsets[p + 1] - 1`. */
  offsets: Uint32Array;
  /** x, y, z of each vertex, interleaved, in the unit of the set. */
  xyz: Float64Array;
}

/** The outlines of a set, read for single frames. */
export class VertexSlabs {
  readonly table: RangeTable;

  private constructor(table: RangeTable) {
    this.table = table;
  }

  /** Opens the vertex table of a set. */
  static async open(source: ByteSource): Promise<VertexSlabs> {
    return new VertexSlabs(await RangeTable.open(source));
  }

  /** Shapes of the objects of a frame. */
  async shapesOf(frame: SpaceFrame, signal?: AbortSignal): Promise<FrameShapes> {
    const indexOf = new Map<number, number>();
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < frame.count; at++) {
      const id = frame.id[at]!;
      indexOf.set(id, at);
      if (id < low) low = id;
      if (id > high) high = id;
    }
    const owner: number[] = [];
    const offsets: number[] = [];
    const xyz: number[] = [];
    let last = { id: Number.NaN, part: -1 };
    const groups = [...this.table.groups.keys()].filter((index) => {
      const bounds = this.table.groups[index]!.columns.get('object_id')?.bounds;
      return !bounds || (bounds[0] <= high && bounds[1] >= low);
    });
    for await (const { group, columns } of this.table.each(groups, ['object_id', 'part', 'x', 'y', 'z'], signal)) {
      const { start, end } = this.table.groups[group]!;
      const [ids, parts, x, y, z] = columns;
      for (let row = 0; row < end - start; row++) {
        const id = ids!.values[row] as number;
        const object = indexOf.get(id);
        if (object === undefined || x!.missing?.[row] === 1) continue;
        const part = parts!.values[row] as number;
        if (id !== last.id || part !== last.part) {
          owner.push(object);
          offsets.push(xyz.length / 3);
          last = { id, part };
        }
        xyz.push(x!.values[row] as number, y!.values[row] as number, z!.values[row] as number);
      }
    }
    offsets.push(xyz.length / 3);
    return { owner: Uint32Array.from(owner), offsets: Uint32Array.from(offsets), xyz: Float64Array.from(xyz) };
  }
}

/** Triangles of parts with three vertices and more, fanned out from the first: three places in `xyz` each, and their owner. */
export function trianglesOf(shapes: FrameShapes): { vertices: Uint32Array; owner: Uint32Array } {
  const vertices: number[] = [];
  const owner: number[] = [];
  for (let part = 0; part < shapes.owner.length; part++) {
    const [from, to] = [shapes.offsets[part]!, shapes.offsets[part + 1]!];
    // A closed outline names its first vertex again at its end.
    const isClosed = [0, 1, 2].every((axis) => shapes.xyz[from * 3 + axis] === shapes.xyz[(to - 1) * 3 + axis]);
    const last = isClosed && to - from > 3 ? to - 1 : to;
    for (let at = from + 2; at < last; at++) {
      vertices.push(from, at - 1, at);
      owner.push(shapes.owner[part]!);
    }
  }
  return { vertices: Uint32Array.from(vertices), owner: Uint32Array.from(owner) };
}
