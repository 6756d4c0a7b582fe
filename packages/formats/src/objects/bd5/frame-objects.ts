import { type Column, ColumnBuilder, type ColumnDescription, type EntityKind } from '@micrarium/model';
import type { ObjectBatch } from '../../tracks/track-reader.ts';
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
  features: readonly Bd5Feature[];
  columns: ColumnDescription[];
}

type Member = Hdf5Member | undefined;

/** Reads the objects of one kind in one frame. */
export class FrameObjects {
  private readonly file: Hdf5File;
  private readonly structure: Bd5Structure;
  private readonly plan: KindPlan;
  private readonly scale: { x: number; y: number; z: number; t: number };

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
  read(frame: Bd5Frame, firstId: number): { batch: ObjectBatch; names: string[] } | undefined {
    const table = kindTable(this.file, frame, 'object', this.plan.id, this.structure.tally);
    if (!table) return undefined;
    const objects = new ObjectList(this.plan);
    for (const slab of this.file.slabs(table))
      this.takeSlab(table, new SlabCells(this.file, table, slab.bytes), slab.rows, objects);
    const made = objects.finish(frame, this.structure);
    const features = this.features(frame, objects.names);
    const { count } = made;
    const batch: ObjectBatch = {
      ...made,
      id: Float64Array.from({ length: count }, (_, i) => firstId + i),
      frame: new Int32Array(count).fill(frame.frame),
      columns: [...made.columns, ...features],
    };
    return { batch, names: objects.names };
  }

  private takeSlab(table: Hdf5Table, cells: SlabCells, rows: number, objects: ObjectList): void {
    const member = (...names: string[]) => memberNamed(table, ...names);
    const columns = {
      id: member('ID')!,
      t: member('t'),
      entity: member('entity'),
      part: member('sID', 'seqID'),
      x: member('x'),
      y: member('y'),
      z: member('z'),
      radius: member('radius'),
      label: member('label'),
    };
    const number = (at: Member, row: number, factor: number) => (at ? cells.number(at, row) * factor : Number.NaN);
    for (let row = 0; row < rows; row++) {
      if (columns.entity) this.checkEntity(cells.text(columns.entity, row), table.path);
      const { scale } = this;
      objects.add(
        cells.text(columns.id, row),
        columns.part ? cells.number(columns.part, row) : undefined,
        [number(columns.x, row, scale.x), number(columns.y, row, scale.y), number(columns.z, row, scale.z)],
        number(columns.t, row, scale.t),
        number(columns.radius, row, 1),
        columns.label ? cells.text(columns.label, row) : undefined,
      );
    }
  }

  private checkEntity(text: string, path: string): void {
    if (text !== this.plan.entity && (entityKinds as readonly string[]).includes(text))
      this.structure.tally.note('bd5-mixed-entity', { field: path, column: 'entity' }, `${path}: ${text}`);
  }

  private features(frame: Bd5Frame, names: readonly string[]): Column[] {
    const { features } = this.plan;
    if (features.length === 0) return [];
    const columns = features.map((feature) => ({
      name: feature.name,
      type: 'float' as const,
      ...(feature.unit ? { unit: feature.unit } : {}),
      values: new Float64Array(names.length).fill(Number.NaN),
      missing: new Uint8Array(names.length).fill(1),
    }));
    const table = kindTable(this.file, frame, 'feature', this.plan.id, this.structure.tally);
    const id = table && memberNamed(table, 'ID');
    const fid = table && memberNamed(table, 'fID');
    const value = table && memberNamed(table, 'value');
    if (!table || !id || !fid || !value) return columns;
    const rowOf = new Map<string, number>();
    for (const [row, name] of names.entries()) if (!rowOf.has(name)) rowOf.set(name, row);
    const columnOf = new Map(features.map((feature, i) => [feature.id, i]));
    for (const slab of this.file.slabs(table)) {
      const cells = new SlabCells(this.file, table, slab.bytes);
      for (let i = 0; i < slab.rows; i++) {
        const row = rowOf.get(cells.text(id, i));
        const column = columnOf.get(cells.number(fid, i));
        if (row === undefined || column === undefined) {
          const what = `ID ${cells.text(id, i)}, fID ${cells.text(fid, i)}`;
          this.structure.tally.note('bd5-feature-unjoined', { field: table.path, row: slab.first + i + 1 }, what);
          continue;
        }
        columns[column]!.values[row] = cells.number(value, i);
        columns[column]!.missing[row] = 0;
      }
    }
    return columns;
  }
}

/** Collects the rows of one frame into objects: consecutive rows with one ID are one object, rows with one sID one part. */
class ObjectList {
  readonly names: string[] = [];
  private readonly plan: KindPlan;
  private readonly xyz: number[] = [];
  private readonly vertexOffsets: number[] = [0];
  private readonly partOffsets: number[] = [0];
  private readonly times: number[] = [];
  private readonly radii: number[] = [];
  private readonly labels: (string | undefined)[] = [];
  private lastPart: number | undefined;
  private vertices = 0;

  constructor(plan: KindPlan) {
    this.plan = plan;
  }

  add(
    name: string,
    part: number | undefined,
    position: readonly [number, number, number],
    time: number,
    radius: number,
    label: string | undefined,
  ): void {
    const single = this.plan.entity === 'circle' || this.plan.entity === 'sphere';
    const goesOn = !single && this.names.length > 0 && this.names.at(-1) === name;
    if (!goesOn) {
      this.names.push(name);
      this.times.push(time);
      this.radii.push(radius);
      this.labels.push(label);
      this.partOffsets.push(this.vertexOffsets.length - 1);
    }
    const inPart = this.vertices - this.vertexOffsets.at(-1)!;
    // Without sID a mesh is cut into threes, a multi-point into its points.
    const full = (this.plan.entity === 'face' && part === undefined && inPart === 3) || this.plan.entity === 'point';
    if (goesOn && (part !== this.lastPart || full)) this.closePart();
    else if (!goesOn && this.names.length > 1) {
      this.closePart();
      this.partOffsets[this.names.length - 1] = this.vertexOffsets.length - 1;
    }
    this.xyz.push(...position);
    this.vertices++;
    this.lastPart = part;
  }

  private closePart(): void {
    this.vertexOffsets.push(this.vertices);
  }

  finish(frame: Bd5Frame, structure: Bd5Structure): Omit<ObjectBatch, 'id' | 'frame'> {
    const { plan } = this;
    const count = this.names.length;
    if (count > 0) this.closePart();
    this.partOffsets[count] = this.vertexOffsets.length - 1;
    const x = new Float64Array(count);
    const y = new Float64Array(count);
    const z = new Float64Array(count);
    for (let row = 0; row < count; row++) [x[row], y[row], z[row]] = this.centre(row);
    if (plan.entity === 'face') this.checkTriangles(frame, structure);
    const builder = (description: ColumnDescription) => new ColumnBuilder(description, count);
    const columns: Column[] = plan.columns.slice(0, plan.columns.length - plan.features.length).map((description) => {
      const built = builder(description);
      for (let row = 0; row < count; row++)
        built.set(
          row,
          description.name === 'source_id'
            ? this.names[row]
            : description.name === 'label'
              ? this.labels[row]
              : this.radii[row],
        );
      return built.finish(count);
    });
    return {
      count,
      x,
      y,
      ...(plan.hasZ ? { z } : {}),
      ...(plan.hasTime ? { time: Float64Array.from(this.times) } : {}),
      columns,
      // A point of several rows is several points.
      ...(plan.hasShapes || (plan.entity === 'point' && this.vertices > count)
        ? {
            shapes: {
              partOffsets: Uint32Array.from(this.partOffsets),
              vertexOffsets: Uint32Array.from(this.vertexOffsets),
              xyz: Float64Array.from(this.xyz, (value, i) => (i % 3 === 2 && !plan.hasZ ? 0 : value)),
            },
          }
        : {}),
    };
  }

  /** Mean of the vertices; the last vertex of a closed outline repeats the first and counts once. */
  private centre(row: number): [number, number, number] {
    const sum: [number, number, number] = [0, 0, 0];
    let counted = 0;
    for (let part = this.partOffsets[row]!; part < this.partOffsets[row + 1]!; part++) {
      const start = this.vertexOffsets[part]!;
      let end = this.vertexOffsets[part + 1]!;
      const same = (axis: number) => this.xyz[start * 3 + axis] === this.xyz[(end - 1) * 3 + axis];
      if (this.plan.entity === 'line' && end - start > 2 && same(0) && same(1)) end--;
      for (let vertex = start; vertex < end; vertex++, counted++)
        for (let axis = 0; axis < 3; axis++) sum[axis]! += this.xyz[vertex * 3 + axis]!;
    }
    return [sum[0] / counted, sum[1] / counted, sum[2] / counted];
  }

  private checkTriangles(frame: Bd5Frame, structure: Bd5Structure): void {
    for (let part = 1; part < this.vertexOffsets.length; part++)
      if (this.vertexOffsets[part]! - this.vertexOffsets[part - 1]! !== 3)
        structure.tally.note('bd5-face-incomplete', { field: frame.path }, `${frame.path}: part ${part}`);
  }
}
