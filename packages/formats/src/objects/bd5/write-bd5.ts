import { type TrackSet, columnValue } from '@micrarium/model';
import type { TrackWriter } from '../../tracks/track-reader.ts';
import { type WrittenBd5, type WrittenKind, isMultiPoint, toBd5 } from './from-model.ts';
import { type Hdf5Column, type Hdf5GroupNode, type Hdf5TableNode, writeHdf5 } from './hdf5-writer.ts';
import { RecordPacker, smallTableNode, textColumn } from './records.ts';

/**
 * Writes BD5: one kind of object for each set, time groups from 0, trackInfo from the edges, features where present.
 * Numbers are float64 and int32, texts UTF-8 as wide as the longest, tables contiguous, superblock 0.
 */
export const bd5Writer: TrackWriter = {
  layout: 'file',
  extension: '.bd5.h5',
  losses: (sets) => toBd5(sets).issues,
  async write(sets, sink, { signal, onProgress } = {}) {
    const bd5 = toBd5(sets);
    const writer = await sink.create('');
    const total = sets.reduce((sum, set) => sum + set.objects.count, 0);
    let done = 0;
    await writeHdf5(
      rootOf(bd5, (rows) => onProgress?.((done += rows) / Math.max(1, total))),
      async (bytes) => {
        signal?.throwIfAborted();
        await writer.write(bytes);
      },
    );
    await writer.close();
  },
};

const float = { kind: 'float64' } as const;
const int = { kind: 'int32' } as const;

function rootOf(bd5: WrittenBd5, onRows: (rows: number) => void): Hdf5GroupNode {
  const data = new Map<string, Hdf5GroupNode | Hdf5TableNode>();
  data.set('scaleUnit', scaleTable(bd5));
  data.set(
    'objectDef',
    smallTableNode(
      [
        { name: 'oID', type: int },
        { name: 'name', type: textColumn(bd5.kinds.map(({ set }) => set.name)) },
      ],
      bd5.kinds.map(({ set }, oID) => [oID, set.name]),
    ),
  );
  if (bd5.features.length > 0)
    data.set(
      'featureDef',
      smallTableNode(
        [
          { name: 'fID', type: int },
          { name: 'name', type: textColumn(bd5.features.map(({ name }) => name)) },
          { name: 'fUnit', type: textColumn(bd5.features.map(({ unit }) => unit)) },
        ],
        bd5.features.map(({ fid, name, unit }) => [fid, name, unit]),
      ),
    );
  if (bd5.kinds.some(({ set }) => set.edges.count > 0)) data.set('trackInfo', trackTable(bd5.kinds));
  const tables = bd5.kinds.map((kind) => new KindTables(bd5, kind));
  for (let group = 0; group < bd5.groups; group++) {
    const object = new Map<string, Hdf5TableNode>();
    const feature = new Map<string, Hdf5TableNode>();
    for (const [oID, table] of tables.entries()) {
      const rows = table.rowsOf(group);
      if (rows.length === 0) continue;
      object.set(
        String(oID),
        table.objects(rows, () => onRows(rows.length)),
      );
      if (table.kind.features.length > 0) feature.set(String(oID), table.features(rows));
    }
    const members = new Map<string, Hdf5GroupNode>([['object', { members: object }]]);
    if (bd5.features.length > 0) members.set('feature', { members: feature });
    data.set(String(group), { members });
  }
  return { members: new Map([['data', { members: data }]]) };
}

function scaleTable({ dimension, scale, planar, spaceUnit, timeUnit }: WrittenBd5): Hdf5TableNode {
  const columns: Hdf5Column[] = [
    { name: 'dimension', type: textColumn([dimension]) },
    { name: 'xScale', type: float },
    { name: 'yScale', type: float },
    ...(planar ? [] : [{ name: 'zScale', type: float }]),
    { name: 'sUnit', type: textColumn([spaceUnit]) },
  ];
  const row: (string | number)[] = [dimension, scale.x, scale.y, ...(planar ? [] : [scale.z]), spaceUnit];
  if (dimension.endsWith('+T')) {
    columns.push({ name: 'tScale', type: float }, { name: 'tUnit', type: textColumn([timeUnit]) });
    row.push(scale.t, timeUnit);
  }
  return smallTableNode(columns, [row]);
}

function trackTable(kinds: readonly WrittenKind[]): Hdf5TableNode {
  const type = textColumn(ends(kinds));
  const columns = [
    { name: 'from', type },
    { name: 'to', type },
  ];
  const rows = kinds.reduce((sum, { set }) => sum + set.edges.count, 0);
  return { columns, rows, records: () => new RecordPacker(columns).pack(pairs(kinds), rows) };
}

function* pairs(kinds: readonly WrittenKind[]): Generator<[string, string]> {
  for (const { set, ids } of kinds)
    for (let edge = 0; edge < set.edges.count; edge++)
      yield [ids[set.edges.source[edge]!]!, ids[set.edges.target[edge]!]!];
}

function* ends(kinds: readonly WrittenKind[]): Generator<string> {
  for (const pair of pairs(kinds)) yield* pair;
}

/** Tables of one kind of object, by time group. */
class KindTables {
  readonly kind: WrittenKind;
  private readonly bd5: WrittenBd5;
  private readonly order: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly objectColumns: Hdf5Column[];
  private readonly featureColumns: Hdf5Column[];

  constructor(bd5: WrittenBd5, kind: WrittenKind) {
    this.bd5 = bd5;
    this.kind = kind;
    ({ order: this.order, starts: this.starts } = rowsByGroup(kind.set, bd5));
    const id = textColumn(kind.ids);
    this.objectColumns = [
      { name: 'ID', type: id },
      ...(this.hasTime ? [{ name: 't', type: float }] : []),
      { name: 'entity', type: { kind: 'string', bytes: 8 } },
      ...(this.isDrawn ? [{ name: 'sID', type: int }] : []),
      { name: 'x', type: float },
      { name: 'y', type: float },
      ...(bd5.planar ? [] : [{ name: 'z', type: float }]),
      ...(kind.radius ? [{ name: 'radius', type: float }] : []),
      ...(kind.label ? [{ name: 'label', type: textColumn(kind.label.values as string[]) }] : []),
    ];
    this.featureColumns = [
      { name: 'ID', type: id },
      { name: 'fID', type: int },
      { name: 'value', type: float },
    ];
  }

  private get hasTime(): boolean {
    return this.bd5.dimension.endsWith('+T') || this.kind.set.objects.time !== undefined;
  }

  private get isDrawn(): boolean {
    return this.kind.entity === 'line' || this.kind.entity === 'face';
  }

  /** Has an object several rows, one a vertex? */
  private get hasVertices(): boolean {
    return this.isDrawn || (this.kind.entity === 'point' && isMultiPoint(this.kind.set));
  }

  /** Rows of the set in a time group. */
  rowsOf(group: number): Uint32Array {
    return this.order.subarray(this.starts[group], this.starts[group + 1]);
  }

  objects(rows: Uint32Array, onDone: () => void): Hdf5TableNode {
    let count = rows.length;
    if (this.hasVertices) count = rows.reduce((sum, row) => sum + Math.max(1, this.vertexCount(row)), 0);
    const all = this.allRecords(rows);
    const packer = new RecordPacker(this.objectColumns);
    return {
      columns: this.objectColumns,
      rows: count,
      *records() {
        yield* packer.pack(all, count);
        onDone();
      },
    };
  }

  features(rows: Uint32Array): Hdf5TableNode {
    let count = 0;
    for (const { column } of this.kind.features) for (const row of rows) if (column.missing?.[row] !== 1) count++;
    const records = () => new RecordPacker(this.featureColumns).pack(this.featureRecords(rows), count);
    return { columns: this.featureColumns, rows: count, records };
  }

  private *featureRecords(rows: Uint32Array): Generator<(string | number)[]> {
    for (const row of rows)
      for (const { fid, column } of this.kind.features) {
        const value = columnValue(column, row);
        if (value !== undefined) yield [this.kind.ids[row]!, fid, Number(value)];
      }
  }

  private vertexCount(row: number): number {
    const shapes = this.kind.set.objects.shapes;
    if (!shapes) return 0;
    return shapes.vertexOffsets[shapes.partOffsets[row + 1]!]! - shapes.vertexOffsets[shapes.partOffsets[row]!]!;
  }

  private *allRecords(rows: Uint32Array): Generator<(string | number)[]> {
    const { objects } = this.kind.set;
    const { hasVertices } = this;
    for (const row of rows) {
      if (!hasVertices || this.vertexCount(row) === 0) {
        yield this.record(row, 0, objects.x[row]!, objects.y[row]!, objects.z?.[row] ?? 0);
        continue;
      }
      const { partOffsets, vertexOffsets, xyz } = objects.shapes!;
      const first = partOffsets[row]!;
      for (let part = first; part < partOffsets[row + 1]!; part++)
        for (let vertex = vertexOffsets[part]!; vertex < vertexOffsets[part + 1]!; vertex++)
          yield this.record(row, part - first, xyz[vertex * 3]!, xyz[vertex * 3 + 1]!, xyz[vertex * 3 + 2]!);
    }
  }

  private record(row: number, part: number, x: number, y: number, z: number): (string | number)[] {
    const { factor, ids, entity, radius, label, set } = this.kind;
    const cells: (string | number)[] = [ids[row]!];
    if (this.hasTime) cells.push((set.objects.time ? set.objects.time[row]! : set.objects.frame[row]!) * factor.t);
    cells.push(entity);
    if (this.isDrawn) cells.push(part);
    cells.push(x * factor.x, y * factor.y);
    if (!this.bd5.planar) cells.push(z * factor.z);
    if (radius) cells.push(Number(columnValue(radius, row) ?? Number.NaN) * factor.x * this.bd5.scale.x);
    if (label) cells.push(String(columnValue(label, row) ?? ''));
    return cells;
  }
}

/** Rows of a set sorted by time group, keeping their order in each. */
function rowsByGroup(set: TrackSet, bd5: WrittenBd5): { order: Uint32Array; starts: Uint32Array } {
  const { frame, count } = set.objects;
  const starts = new Uint32Array(bd5.groups + 1);
  for (let row = 0; row < count; row++) starts[bd5.groupOfFrame(frame[row]!) + 1]!++;
  for (let group = 0; group < bd5.groups; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[next[bd5.groupOfFrame(frame[row]!)]!++] = row;
  return { order, starts };
}
