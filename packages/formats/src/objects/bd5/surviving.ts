import {
  type Column,
  type ColumnDescription,
  type EntityKind,
  type TrackSet,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import type { Surviving } from '../../tracks/loss/surviving.ts';
import { thoseThere } from '../../tracks/loss/surviving.ts';
import { centreOf } from '../bdml/set-rows.ts';
import {
  type ReturnOrder,
  edgesBack,
  framesBack,
  idColumnBack,
  numberColumnBack,
  numbersBack,
  shapesOf,
  textColumnBack,
} from '../foretold.ts';
import { numberAt, textsOf } from '../writable-set.ts';
import type { WrittenBd5, WrittenKind } from './from-model.ts';
import { rounded } from '../../containers/hdf5/written-types.ts';
import type { KindTables } from './kind-tables.ts';
import { type Bd5Layout, type NumberColumn, writtenNumber } from './layout.ts';
import { plannedKinds } from './number-types.ts';
import { featureNames } from './read-bd5.ts';

/** What a text of fixed width is when it is read: nothing of it stands behind a NUL. */
function held(text: string): string {
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).toWellFormed();
}

/** A number of a row, or of one of its vertices, as it is stored. */
type StoredNumber = (row: number, vertex?: number, part?: number) => number;

/** Numbers of a column of a kind as they are stored; NaN where there is no such column. */
type Stored = (name: NumberColumn) => StoredNumber;

/** What all kinds of a file share when they are read. */
interface Shared {
  bd5: WrittenBd5;
  scale: Record<'x' | 'y' | 'z' | 't', number>;
  features: { name: string; unit: string }[];
  isTimed: boolean;
  spaceUnit: string;
  timeUnit: string;
}

/**
 * What comes back of sets from a BD5 file, as the reader reads what the writer writes.
 * @param before the sets as the loss report compares them
 */
export function survivingBd5(
  bd5: WrittenBd5,
  layout: Bd5Layout,
  before: readonly TrackSet[],
): (Surviving | undefined)[] {
  const kinds = plannedKinds(bd5, layout);
  const first = kinds[0]?.types ?? {};
  const scaleOf = (axis: 'x' | 'y' | 'z' | 't') => {
    const name = `scaleUnit.${axis}Scale` as const;
    return rounded(writtenNumber(name, { layout, kinds: first }), bd5.scale[axis]);
  };
  const isTimed = bd5.dimension.endsWith('+T');
  const shared: Shared = {
    bd5,
    isTimed,
    scale: { x: scaleOf('x'), y: scaleOf('y'), z: scaleOf('z'), t: isTimed ? scaleOf('t') : 1 },
    features: bd5.features.map(({ fid, name, unit }) => ({ name: held(name) || `feature ${fid}`, unit: held(unit) })),
    spaceUnit: bd5.axes > 0 ? held(bd5.spaceUnit) : '',
    timeUnit: isTimed ? held(bd5.timeUnit) : '',
  };
  let read = 0;
  return kinds.map(({ tables, types }, oID) => {
    const { set } = tables.kind;
    if (set.objects.count === 0) return undefined;
    const typeOf = (name: NumberColumn) => writtenNumber(name, { layout, kinds: types });
    const numbers = new Map(tables.numbers().map(({ name, of }) => [name, { of, type: typeOf(name) }]));
    const valueType = typeOf('feature.value');
    const stored: Stored = (name) => {
      const column = numbers.get(name);
      if (!column) return () => Number.NaN;
      const { of, type } = column;
      if (type === 'float64') return (row, vertex = -1, part = 0) => of(row, vertex, part);
      return (row, vertex = -1, part = 0) => rounded(type, of(row, vertex, part));
    };
    const firstId = read;
    read += set.objects.count;
    const rows = tables.rowsWritten;
    const order: ReturnOrder = { count: set.objects.count, idAt: (at) => firstId + at, ...(rows ? { rows } : {}) };
    const value = (number: number) => rounded(valueType, number);
    return survivingKind(
      shared,
      tables,
      { name: held(set.name) || `object ${oID}`, order, stored, value },
      before[oID]!,
    );
  });
}

interface KindBack {
  name: string;
  order: ReturnOrder;
  stored: Stored;
  /** A value of a feature as it is stored. */
  value(number: number): number;
}

function survivingKind(shared: Shared, tables: KindTables, back: KindBack, before: TrackSet): Surviving {
  const { name, order, stored } = back;
  const { scale, spaceUnit, timeUnit } = shared;
  const { set } = tables.kind;
  const { objects } = set;
  const columns = objectColumns(shared, tables.kind, back, before.objects.columns);
  const read = { space: parseSpaceUnit(spaceUnit), time: parseTimeUnit(timeUnit) };
  const hasTime = tables.hasTime && read.time !== 'frame';
  const storedTime = stored('object.t');
  const { rows } = order;
  return {
    ...(rows ? { rows } : {}),
    columns: {
      objects: columns,
      edges: before.edges.columns.map(() => undefined),
      tracks: before.sourceTracks?.columns.map(() => undefined) ?? [],
    },
    set: {
      name,
      ...(read.space ? { spaceUnit: read.space } : {}),
      ...(read.time ? { timeUnit: read.time } : {}),
      ...(spaceUnit ? { sourceSpaceUnit: spaceUnit } : {}),
      ...(timeUnit ? { sourceTimeUnit: timeUnit } : {}),
      objects: {
        count: order.count,
        id: numbersBack(objects.id, order, (_row, at) => order.idAt(at)),
        frame: framesBack(objects.frame, order, (row) => shared.bd5.groupOfFrame(objects.frame[row]!)),
        ...(hasTime ? { time: numbersBack(objects.time, order, (row) => storedTime(row) * scale.t) } : {}),
        ...placesBack(shared, tables, back),
        columns: thoseThere(columns),
        entity: entityBack(shared, tables.kind),
      },
      edges: edgesBack(set, order),
      provenance: provenanceBack(shared),
    },
  };
}

/** Without axes there is no column that names the entity. */
function entityBack({ bd5 }: Shared, { entity, radius }: WrittenKind): EntityKind {
  if (bd5.axes > 0) return entity;
  return radius ? 'circle' : 'point';
}

function provenanceBack({ bd5, scale, isTimed }: Shared): TrackSet['provenance'] {
  const sizes = (['x', 'y', 'z'] as const).slice(0, bd5.axes).map((axis) => [axis, scale[axis]]);
  return {
    ...(sizes.length > 0 ? { pixelSize: Object.fromEntries(sizes) } : {}),
    ...(isTimed ? { frameInterval: scale.t } : {}),
  };
}

type Places = Pick<TrackSet['objects'], 'x' | 'y' | 'z' | 'shapes'>;

/** Positions and outlines: with vertices the positions are their centres. */
function placesBack({ bd5, scale }: Shared, tables: KindTables, { order, stored }: KindBack): Places {
  const { objects } = tables.kind.set;
  const axes = (['x', 'y', 'z'] as const).slice(0, bd5.axes);
  const placeOn = (axis: 'x' | 'y' | 'z'): StoredNumber => {
    const [number, by] = [stored(`object.${axis}`), scale[axis]];
    if (bd5.axes <= 'xyz'.indexOf(axis)) return () => Number.NaN;
    return (row, vertex = -1) => number(row, vertex) * by;
  };
  const place = { x: placeOn('x'), y: placeOn('y'), z: placeOn('z') };
  if (!tables.hasVertices || bd5.axes === 0) {
    const back = (axis: 'x' | 'y' | 'z') => numbersBack(objects[axis], order, (row) => place[axis](row));
    return { x: back('x'), y: back('y'), ...(axes.length > 2 ? { z: back('z') } : {}) };
  }
  const [centres, outlines]: [number[][], number[][][]] = [[], []];
  for (let at = 0; at < order.count; at++) {
    const parts: number[][] = [];
    let [last, vertices, records] = [-1, 0, 0];
    let only: number[] = [];
    tables.eachRecord(Uint32Array.of(order.rows ? order.rows[at]! : at), (row, vertex, part) => {
      const [x, y, z] = [place.x(row, vertex), place.y(row, vertex), place.z(row, vertex)];
      if (records++ === 0) only = [x, y, z];
      if (Number.isNaN(x) && Number.isNaN(y)) return;
      // Each point of several is a part.
      if (part !== last || tables.kind.entity === 'point') parts.push([]);
      last = part;
      vertices++;
      parts.at(-1)!.push(x, y, bd5.axes > 2 ? z : 0);
    });
    centres.push(records === 1 ? only : centreOf(parts, tables.kind.entity === 'line'));
    // One vertex is the place, and no outline.
    outlines.push(vertices === 1 ? [] : parts);
  }
  const centre = (axis: number) => Float64Array.from(centres, (one) => one[axis]!);
  return {
    x: centre(0),
    y: centre(1),
    ...(axes.length > 2 ? { z: centre(2) } : {}),
    shapes: shapesOf(outlines),
  };
}

/** What becomes of each column of the objects. */
function objectColumns(
  { features, spaceUnit }: Shared,
  kind: WrittenKind,
  { order, stored, value }: KindBack,
  columns: readonly Column[],
): (Column | undefined)[] {
  const { set, ids, label, radius } = kind;
  const named = idColumnBack(columns, set, order, ids);
  const names = featureNames(features, new Set([...(label ? ['label'] : []), ...(radius ? ['radius'] : [])]));
  const unit = parseSpaceUnit(spaceUnit);
  const never = () => false;
  return columns.map((column, at) => {
    const own = set.objects.columns[at]!;
    if (at === named?.at) return named.column;
    if (own === label) {
      const texts = textsOf(label)!;
      const text = (row: number) => (label.missing?.[row] === 1 ? '' : held(texts.at(row)));
      return textColumnBack(column, own, order, { name: 'label', type: 'string' }, text);
    }
    if (own === radius) {
      const description: ColumnDescription = { name: 'radius', type: 'float', ...(unit ? { unit } : {}) };
      return numberColumnBack(column, order, description, stored('object.radius'), never);
    }
    const feature = kind.features.find((one) => one.column === own);
    if (!feature) return undefined;
    const declared = features[feature.fid]!;
    const description: ColumnDescription = {
      name: names[feature.fid]!,
      type: 'float',
      ...(declared.unit ? { unit: declared.unit } : {}),
    };
    const isAbsent = (row: number) => own.missing?.[row] === 1;
    return numberColumnBack(column, order, description, (row) => value(numberAt(own, row)), isAbsent);
  });
}
