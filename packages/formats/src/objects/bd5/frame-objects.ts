import { type Column, ColumnBuilder, type ColumnDescription, type EntityKind } from '@micrarium/model';
import type { ObjectBatch } from '../../tracks/track-reader.ts';
import { IdTable } from '../id-table.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import type { Hdf5File, Hdf5Member, Hdf5Table } from './hdf5-reader.ts';
import { type Bd5Feature, type Bd5Frame, type Bd5Structure, entityKinds, kindTable } from './structure.ts';

/** What is known of a kind of object over all frames. */
export interface KindPlan {
  id: string;
  name: string;
  entity: EntityKind;
  hasZ: boolean;
  hasTime: boolean;
  hasLabel: boolean;
  hasRadius: boolean;
  hasShapes: boolean;
  /** Rows of all object tables. */
  rows: number;
  features: readonly Bd5Feature[];
  columns: ColumnDescription[];
  /** Types of numbers that are not the usual ones, as `TrackProvenance.storedTypes` has them. */
  storedTypes: Readonly<Record<string, string>>;
}

type Scales = Readonly<Record<'x' | 'y' | 'z' | 't', number>>;

/** Reads the objects of one kind in one frame. */
export class FrameObjects {
  private readonly file: Hdf5File;
  private readonly structure: Bd5Structure;
  private readonly plan: KindPlan;
  private readonly scale: Scales;

  constructor(file: Hdf5File, structure: Bd5Structure, plan: KindPlan) {
    this.file = file;
    this.structure = structure;
    this.plan = plan;
    const { scale } = structure;
    // A scale of 0 says that the dimension does not exist; what is stored there all the same is kept as it is.
    const factor = (value: number | undefined) =>
      value === undefined || Number.isNaN(value) || value === 0 ? 1 : value;
    this.scale = { x: factor(scale?.x), y: factor(scale?.y), z: factor(scale?.z), t: factor(scale?.t) };
  }

  /** Objects of a frame with their IDs; `firstId` is the row number the first gets as id. */
  async read(frame: Bd5Frame, firstId: number): Promise<{ batch: ObjectBatch; names: string[] } | undefined> {
    const table = await kindTable(this.file, frame, 'object', this.plan.id, this.structure.tally);
    if (!table) return undefined;
    const objects = new ObjectList(this.plan, table.rows);
    for await (const slab of this.file.slabs(table))
      this.takeSlab(table, new SlabCells(table, slab), slab.rows, objects);
    const made = objects.finish(frame, this.structure);
    const features = await this.features(frame, objects.names);
    const { count } = made;
    const id = new Float64Array(count);
    for (let row = 0; row < count; row++) id[row] = firstId + row;
    const batch: ObjectBatch = {
      ...made,
      id,
      frame: new Int32Array(count).fill(frame.frame),
      columns: [...made.columns, ...features],
    };
    return { batch, names: objects.names };
  }

  private takeSlab(table: Hdf5Table, cells: SlabCells, rows: number, objects: ObjectList): void {
    const member = (...names: string[]) => memberNamed(table, ...names);
    const entity = member('entity');
    const part = member('sID', 'seqID');
    const label = member('label');
    if (entity) this.checkEntity(cells.texts(entity), table.path);
    const names = cells.texts(member('ID')!);
    const labels = label && cells.texts(label);
    const parts = part && cells.numbers(part);
    const [x, y, z] = [cells.numbers(member('x')), cells.numbers(member('y')), cells.numbers(member('z'))];
    const [t, radius] = [cells.numbers(member('t')), cells.numbers(member('radius'))];
    const { scale } = this;
    for (let row = 0; row < rows; row++)
      objects.add(
        names[row]!,
        parts?.[row],
        x[row]! * scale.x,
        y[row]! * scale.y,
        z[row]! * scale.z,
        t[row]! * scale.t,
        radius[row]!,
        labels?.[row],
      );
  }

  private checkEntity(texts: readonly string[], path: string): void {
    for (const text of texts)
      if (text !== this.plan.entity && (entityKinds as readonly string[]).includes(text))
        this.structure.tally.note('bd5-mixed-entity', { field: path, column: 'entity' }, `${path}: ${text}`);
  }

  private async features(frame: Bd5Frame, names: readonly string[]): Promise<Column[]> {
    const { features } = this.plan;
    if (features.length === 0) return [];
    const columns = this.plan.columns.slice(-features.length).map((description) => ({
      ...description,
      values: new Float64Array(names.length).fill(Number.NaN),
      missing: new Uint8Array(names.length).fill(1),
    }));
    const table = await kindTable(this.file, frame, 'feature', this.plan.id, this.structure.tally);
    const id = table && memberNamed(table, 'ID');
    const fid = table && memberNamed(table, 'fID');
    const value = table && memberNamed(table, 'value');
    if (!table || !id || !fid || !value) return columns;
    const rows = new RowsOfNames(names);
    const columnOf = new Map(features.map((feature, i) => [feature.id, i]));
    for await (const slab of this.file.slabs(table)) {
      const cells = new SlabCells(table, slab);
      const [fids, values] = [cells.numbers(fid), cells.numbers(value)];
      const owners = cells.texts(id);
      for (let i = 0; i < slab.rows; i++) {
        const row = rows.of(owners[i]!);
        const column = columnOf.get(fids[i]!);
        if (row < 0 || column === undefined) {
          const what = `ID ${owners[i]}, fID ${cells.text(fid, i)}`;
          this.structure.tally.note('bd5-feature-unjoined', { field: table.path, row: slab.first + i + 1 }, what);
          continue;
        }
        columns[column]!.values[row] = values[i]!;
        columns[column]!.missing[row] = 0;
      }
    }
    return columns;
  }
}

/** First row of each name of a frame. Rows of features mostly come in the order of the objects, which is tried first. */
class RowsOfNames {
  private readonly names: readonly string[];
  private table: IdTable | undefined;
  private readonly rows: number[] = [];
  private next = 0;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  of(name: string): number {
    if (!this.table) {
      if (this.names[this.next] === name) return this.next++;
      if (this.next > 0 && this.names[this.next - 1] === name) return this.next - 1;
      this.table = new IdTable();
      for (const [row, known] of this.names.entries())
        if (this.table.add(known) === this.rows.length) this.rows.push(row);
    }
    const found = this.table.find(name);
    return found < 0 ? -1 : this.rows[found]!;
  }
}

/** Collects the rows of one frame into objects: consecutive rows with one ID are one object, rows with one sID one part. */
class ObjectList {
  readonly names: string[] = [];
  private readonly plan: KindPlan;
  private readonly xyz: Float64Array;
  private readonly vertexOffsets: number[] = [0];
  private readonly partOffsets: number[] = [0];
  private readonly times: number[] = [];
  private readonly radii: number[] = [];
  private readonly labels: (string | undefined)[] = [];
  private lastPart: number | undefined;
  private vertices = 0;

  constructor(plan: KindPlan, rows: number) {
    this.plan = plan;
    this.xyz = new Float64Array(rows * 3);
  }

  add(
    name: string,
    part: number | undefined,
    x: number,
    y: number,
    z: number,
    time: number,
    radius: number,
    label: string | undefined,
  ): void {
    const { entity } = this.plan;
    const { names, vertices } = this;
    const goesOn = entity !== 'circle' && entity !== 'sphere' && vertices > 0 && names[names.length - 1] === name;
    if (goesOn) {
      const inPart = vertices - this.vertexOffsets[this.vertexOffsets.length - 1]!;
      // Without sID a mesh is cut into threes, a multi-point into its points.
      const isFull = (entity === 'face' && part === undefined && inPart === 3) || entity === 'point';
      if (part !== this.lastPart || isFull) this.vertexOffsets.push(vertices);
    } else {
      if (vertices > 0) {
        this.vertexOffsets.push(vertices);
        this.partOffsets.push(this.vertexOffsets.length - 1);
      }
      names.push(name);
      this.times.push(time);
      this.radii.push(radius);
      this.labels.push(label);
    }
    const at = vertices * 3;
    this.xyz[at] = x;
    this.xyz[at + 1] = y;
    this.xyz[at + 2] = z;
    this.vertices++;
    this.lastPart = part;
  }

  finish(frame: Bd5Frame, structure: Bd5Structure): Omit<ObjectBatch, 'id' | 'frame'> {
    const { plan } = this;
    const count = this.names.length;
    if (count > 0) {
      this.vertexOffsets.push(this.vertices);
      this.partOffsets.push(this.vertexOffsets.length - 1);
    }
    const [x, y, z] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
    const isSingle = this.vertices === count;
    for (let row = 0; row < count; row++)
      if (isSingle) [x[row], y[row], z[row]] = [this.xyz[row * 3]!, this.xyz[row * 3 + 1]!, this.xyz[row * 3 + 2]!];
      else [x[row], y[row], z[row]] = this.centre(row);
    if (plan.entity === 'face') this.checkTriangles(frame, structure);
    // A row of a line without a place (a component with features only) is an object without an outline.
    const hasShapes = plan.hasShapes || (plan.entity === 'point' && !isSingle);
    return {
      count,
      x,
      y,
      ...(plan.hasZ ? { z } : {}),
      ...(plan.hasTime ? { time: Float64Array.from(this.times) } : {}),
      columns: this.columns(count),
      ...(hasShapes ? { shapes: this.shapes() } : {}),
    };
  }

  private columns(count: number): Column[] {
    const { columns, features } = this.plan;
    return columns.slice(0, columns.length - features.length).map((description) => {
      const { name } = description;
      if (name === 'source_id') return { ...description, values: this.names };
      if (name === 'radius') return { ...description, values: Float64Array.from(this.radii) };
      const built = new ColumnBuilder(description, count);
      for (let row = 0; row < count; row++) built.set(row, this.labels[row]);
      return built.finish(count);
    });
  }

  /** Outlines of all objects. A row without a place is no vertex, and one vertex alone is no outline but the place. */
  private shapes(): NonNullable<ObjectBatch['shapes']> {
    const { plan, xyz, vertices } = this;
    const [partOffsets, vertexOffsets, kept]: [number[], number[], number[]] = [[0], [0], []];
    for (let row = 0; row < this.names.length; row++) {
      const first = kept.length;
      for (let part = this.partOffsets[row]!; part < this.partOffsets[row + 1]!; part++) {
        const before = kept.length;
        for (let vertex = this.vertexOffsets[part]!; vertex < this.vertexOffsets[part + 1]!; vertex++)
          if (this.isThere(vertex)) kept.push(vertex);
        if (kept.length > before) vertexOffsets.push(kept.length);
      }
      if (kept.length === first + 1) {
        kept.pop();
        vertexOffsets.pop();
      }
      partOffsets.push(vertexOffsets.length - 1);
    }
    const used = kept.length === vertices ? xyz.subarray(0, vertices * 3) : new Float64Array(kept.length * 3);
    if (kept.length < vertices)
      for (const [at, vertex] of kept.entries()) used.set(xyz.subarray(vertex * 3, vertex * 3 + 3), at * 3);
    if (!plan.hasZ) for (let at = 2; at < used.length; at += 3) used[at] = 0;
    return { partOffsets: Uint32Array.from(partOffsets), vertexOffsets: Uint32Array.from(vertexOffsets), xyz: used };
  }

  private isThere(vertex: number): boolean {
    return !Number.isNaN(this.xyz[vertex * 3]!) || !Number.isNaN(this.xyz[vertex * 3 + 1]!);
  }

  /** Mean of the vertices; the last vertex of a closed outline repeats the first and counts once. */
  private centre(row: number): [number, number, number] {
    const only = this.vertexOffsets[this.partOffsets[row]!]!;
    if (this.vertexOffsets[this.partOffsets[row + 1]!]! === only + 1) {
      const [x, y, z] = this.xyz.subarray(only * 3, only * 3 + 3);
      return [x!, y!, z!];
    }
    const sum: [number, number, number] = [0, 0, 0];
    let counted = 0;
    for (let part = this.partOffsets[row]!; part < this.partOffsets[row + 1]!; part++) {
      const start = this.vertexOffsets[part]!;
      let end = this.vertexOffsets[part + 1]!;
      const same = (axis: number) => this.xyz[start * 3 + axis] === this.xyz[(end - 1) * 3 + axis];
      if (this.plan.entity === 'line' && end - start > 2 && same(0) && same(1)) end--;
      for (let vertex = start; vertex < end; vertex++) {
        if (!this.isThere(vertex)) continue;
        counted++;
        for (let axis = 0; axis < 3; axis++) sum[axis]! += this.xyz[vertex * 3 + axis]!;
      }
    }
    return [sum[0] / counted, sum[1] / counted, sum[2] / counted];
  }

  private checkTriangles(frame: Bd5Frame, structure: Bd5Structure): void {
    for (let part = 1; part < this.vertexOffsets.length; part++)
      if (this.vertexOffsets[part]! - this.vertexOffsets[part - 1]! !== 3)
        structure.tally.note('bd5-face-incomplete', { field: frame.path }, `${frame.path}: part ${part}`);
  }
}

/** Name of a number type as it is stored; `undefined` for text and what is no plain number. */
export function storedType({ kind, size, type }: Hdf5Member): string | undefined {
  const isPlain = type.class === 'integer' ? type.precision === size * 8 : type.class === 'float' && type.isStandard;
  if (!isPlain || kind === 'other' || kind === 'string' || kind === 'varstring') return undefined;
  return `${kind}${size * 8}`;
}
