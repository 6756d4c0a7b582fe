import { isMultiPoint } from '../entity-of-set.ts';
import { type Texts, textBytes } from '../texts.ts';
import { numberAt, textsOf } from '../writable-set.ts';
import type { WrittenBd5, WrittenKind } from './from-model.ts';
import type { Hdf5TableNode } from '../../containers/hdf5/write-hdf5.ts';
import type { Bd5Records, NumberColumn } from './layout.ts';
import { type CellSource, type FilledColumn, filledTable } from './records.ts';

/** The numbers of a column of one kind of object: of a row of the set, or of a vertex where it has some. */
export interface NumberValues {
  name: NumberColumn;
  of(row: number, vertex: number, part: number): number;
}

/** Tables of one kind of object, by time group. */
export class KindTables {
  readonly kind: WrittenKind;
  /** Has an object several rows, one a vertex? */
  readonly hasVertices: boolean;
  private readonly bd5: WrittenBd5;
  private readonly order: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly values: Map<string, NumberValues['of']>;

  constructor(bd5: WrittenBd5, kind: WrittenKind) {
    this.bd5 = bd5;
    this.kind = kind;
    const { entity, set } = kind;
    this.hasVertices = entity === 'line' || entity === 'face' || (entity === 'point' && isMultiPoint(set));
    ({ order: this.order, starts: this.starts } = rowsByGroup(kind, bd5));
    this.values = new Map(this.numbers().map(({ name, of }) => [name.slice(name.indexOf('.') + 1), of]));
  }

  get hasTime(): boolean {
    return this.bd5.dimension.endsWith('+T') || this.kind.set.objects.time !== undefined;
  }

  /** Rows of the set in the order they are written; nothing where that is their own. */
  get rowsWritten(): Uint32Array | undefined {
    return this.order.every((row, at) => row === at) ? undefined : this.order;
  }

  /** Rows of the set in a time group. */
  rowsOf(group: number): Uint32Array {
    return this.order.subarray(this.starts[group], this.starts[group + 1]);
  }

  /** The numbers of the object table as they are stored, by column. */
  numbers(): NumberValues[] {
    const { bd5, kind } = this;
    const { scale, axes } = bd5;
    const { set, factor, radius } = kind;
    const { objects } = set;
    const { time, frame } = objects;
    const axis = (name: 'x' | 'y' | 'z', at: number): NumberValues => {
      const [own, xyz] = [objects[name], objects.shapes?.xyz];
      const by = scale[name] / factor.space;
      return {
        name: `object.${name}`,
        of: (row, vertex) => (vertex < 0 ? (own ? own[row]! : 0) : xyz![vertex * 3 + at]!) / by,
      };
    };
    return [
      ...(this.hasTime
        ? [
            {
              name: 'object.t',
              // A frame is a time in units of the interval.
              of: (row: number) => (time ? (time[row]! * factor.time) / scale.t : frame[row]!),
            } as const,
          ]
        : []),
      ...(this.isDrawn ? [{ name: 'object.sID', of: (_r: number, _v: number, part: number) => part } as const] : []),
      ...(['x', 'y', 'z'] as const).slice(0, axes).map(axis),
      ...(radius
        ? [{ name: 'object.radius', of: (row: number) => numberAt(radius, row) * factor.space } as const]
        : []),
    ];
  }

  private get isDrawn(): boolean {
    return this.kind.entity === 'line' || this.kind.entity === 'face';
  }

  /** Calls for every record of the object table of some rows. */
  eachRecord(rows: Uint32Array, take: (row: number, vertex: number, part: number) => void): void {
    const { shapes } = this.kind.set.objects;
    for (const row of rows) {
      const from = shapes && this.hasVertices ? shapes.partOffsets[row]! : 0;
      const to = shapes && this.hasVertices ? shapes.partOffsets[row + 1]! : 0;
      let isBare = true;
      for (let part = from; part < to; part++)
        for (let vertex = shapes!.vertexOffsets[part]!; vertex < shapes!.vertexOffsets[part + 1]!; vertex++) {
          take(row, vertex, part - from);
          isBare = false;
        }
      if (isBare) take(row, -1, 0);
    }
  }

  /** Object table of a time group; `onDone` is called when it is written. */
  objects(rows: Uint32Array, records: Bd5Records, onDone: () => void): Hdf5TableNode {
    const { kind } = this;
    const { rowOf, vertexOf, partOf, count } = this.recordsOf(rows);
    const { columns, size } = records.object({
      entity: kind.entity,
      time: this.hasTime,
      axes: this.bd5.axes,
      label: kind.label !== undefined,
    });
    const label = textsOf(kind.label);
    const row = (record: number) => rowOf[record]!;
    const filled = columns.map((column): FilledColumn => {
      const of = this.values.get(column.name);
      const from: CellSource =
        column.name === 'ID'
          ? { kind: 'text', texts: kind.ids, row }
          : column.name === 'label'
            ? { kind: 'text', texts: present(label!, kind.label?.missing), row }
            : column.name === 'entity'
              ? { kind: 'constant', text: kind.entity }
              : vertexOf
                ? { kind: 'number', of: (record) => of!(rowOf[record]!, vertexOf[record]!, partOf![record]!) }
                : { kind: 'number', of: (record) => of!(rowOf[record]!, -1, 0) };
      return { ...column, from };
    });
    const table = filledTable(filled, count, size);
    return {
      ...table,
      async *records() {
        yield* table.records();
        onDone();
      },
    };
  }

  private recordsOf(rows: Uint32Array): {
    rowOf: Uint32Array;
    vertexOf?: Int32Array;
    partOf?: Int32Array;
    count: number;
  } {
    if (!this.hasVertices) return { rowOf: rows, count: rows.length };
    let count = 0;
    this.eachRecord(rows, () => count++);
    const [rowOf, vertexOf, partOf] = [new Uint32Array(count), new Int32Array(count), new Int32Array(count)];
    let at = 0;
    this.eachRecord(rows, (row, vertex, part) => {
      rowOf[at] = row;
      vertexOf[at] = vertex;
      partOf[at++] = part;
    });
    return { rowOf, vertexOf, partOf, count };
  }

  /** Feature table of a time group: one record for each value that is there, object by object. */
  features(rows: Uint32Array, records: Bd5Records): Hdf5TableNode {
    const { features, ids } = this.kind;
    const isThere = (column: { missing?: Uint8Array }, row: number) => column.missing?.[row] !== 1;
    let count = 0;
    for (const { column } of features) for (const row of rows) if (isThere(column, row)) count++;
    const [rowOf, featureOf] = [new Uint32Array(count), new Uint32Array(count)];
    let at = 0;
    for (const row of rows)
      for (const [i, { column }] of features.entries())
        if (isThere(column, row)) {
          rowOf[at] = row;
          featureOf[at++] = i;
        }
    const from: CellSource[] = [
      { kind: 'text', texts: ids, row: (record) => rowOf[record]! },
      { kind: 'number', of: (record) => features[featureOf[record]!]!.fid },
      { kind: 'number', of: (record) => numberAt(features[featureOf[record]!]!.column, rowOf[record]!) },
    ];
    const columns = records.feature().map((column, i): FilledColumn => ({ ...column, from: from[i]! }));
    return filledTable(columns, count);
  }
}

/** Texts that are empty where they are absent. */
function present(texts: Texts, missing: Uint8Array | undefined): Texts {
  if (!missing) return texts;
  const at = (row: number) => (missing[row] === 1 ? '' : texts.at(row));
  return {
    length: texts.length,
    at,
    bytesAt: (row) => textBytes(at(row)),
    write: (row, target, start) => {
      if (missing[row] !== 1) texts.write(row, target, start);
    },
  };
}

/** Rows of a set sorted by time group, keeping their order in each. */
function rowsByGroup({ set }: WrittenKind, bd5: WrittenBd5): { order: Uint32Array; starts: Uint32Array } {
  const { frame, count } = set.objects;
  const starts = new Uint32Array(bd5.groups + 1);
  for (let row = 0; row < count; row++) starts[bd5.groupOfFrame(frame[row]!) + 1]!++;
  for (let group = 0; group < bd5.groups; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[next[bd5.groupOfFrame(frame[row]!)]!++] = row;
  return { order, starts };
}
