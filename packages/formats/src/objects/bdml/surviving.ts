import {
  type Column,
  type ColumnDescription,
  type EntityKind,
  type Issue,
  type TrackSet,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import { heldText } from '../../tracks/trackmate-xml/features.ts';
import { lossNames, lossReport } from '../../tracks/loss/report.ts';
import { type Surviving, thoseThere } from '../../tracks/loss/surviving.ts';
import { uniqueName } from '../../tracks/trackmate/columns.ts';
import {
  type ReturnOrder,
  edgesBack,
  framesBack,
  idColumnBack,
  numberColumnBack,
  numbersBack,
  shapesOf,
  textColumnBack,
  withNumbersKept,
} from '../foretold.ts';
import { type WritableSet, numberAt, textsOf } from '../writable-set.ts';
import { documentHeader, keptHeader } from './document-header.ts';
import { parseHeader } from './header-fields.ts';
import { bdmlIssue } from './issues.ts';
import { centreOf } from './set-rows.ts';
import { SharedComponents } from './shared-components.ts';
import { mostFeatures, mostSets } from './survey.ts';
import type { WrittenBdml, WrittenKind } from './to-bdml.ts';

/** Losses that BDML has codes of its own for. */
const ownNames = lossNames(bdmlIssue, {
  sets: 'bdml-loss',
  objects: 'bdml-loss',
  edges: 'bdml-loss',
  outlines: 'bdml-loss',
  depth: 'bdml-loss',
  'object-features': 'bdml-loss',
  'edge-features': 'bdml-loss',
  'track-features': 'bdml-loss',
  provenance: 'bdml-loss',
  entity: 'bdml-value-changed',
  'feature-names': 'bdml-value-changed',
  'feature-types': 'bdml-value-changed',
});

/** The loss report of a document: what of each set does not come back, and what of the header is made up or left out. */
export function bdmlLosses(
  bdml: WrittenBdml,
  sets: readonly WritableSet[],
  before: readonly TrackSet[],
  surviving: (headerText: string) => (Surviving | undefined)[],
): Issue[] {
  const header = documentHeader(bdml.version, sets);
  const [first] = before;
  const parsed = parseHeader(first?.provenance.settings);
  const isOtherVersion = parsed !== undefined && parsed.version !== bdml.version;
  const survivors = withNumbersKept(before, surviving(header.text)).map((one, i) => {
    const { settings } = before[i]!.provenance;
    // In the other version the header is said in other words; what is left out of it is named below.
    if (!one || !isOtherVersion || settings === undefined || settings !== first?.provenance.settings) return one;
    return { ...one, set: { ...one.set, provenance: { ...one.set.provenance, settings } } };
  });
  const issues = lossReport(before, survivors, ownNames);
  if (bdml.kinds.length === 0) return issues;
  const where = { field: 'info' };
  const { invented, lost } = header;
  if (invented.length > 0) {
    const what = `${invented.length} required fields are not known: ${invented.join(', ')}`;
    issues.push(bdmlIssue('bdml-header-invented', what, { where }));
  }
  if (lost.length > 0) issues.push(bdmlIssue('bdml-loss', `of the header, ${lost.join(', ')}`, { where }));
  return issues;
}

/** The components of a kind in the order of the document. */
interface KindOrder {
  rows: number[];
  /** Number of the component of each. */
  ordinals: number[];
  /** Name of the component of each, which stands with whatever kind has one. */
  labels: (string | undefined)[];
}

/** What all kinds of a document share when they are read. */
interface Shared {
  bdml: WrittenBdml;
  rankOf: ReadonlyMap<number, number>;
  isTimed: boolean;
  /** Header as it is kept. */
  settings: string | undefined;
}

/**
 * What comes back of sets from a BDML document, as the reader reads what the writer writes.
 * @param before the sets as the loss report compares them
 * @param headerText the header as it is written
 */
export function survivingBdml(
  bdml: WrittenBdml,
  sets: readonly WritableSet[],
  before: readonly TrackSet[],
  headerText: string,
): (Surviving | undefined)[] {
  const times = new Set<number>();
  for (const kind of bdml.kinds)
    for (let row = 0; row < kind.set.objects.count; row++) times.add(storedTime(kind.timeOf(row)));
  const ranked = Float64Array.from(times).sort();
  const rankOf = new Map(Array.from(ranked, (time, rank) => [time, rank]));
  const settings = keptHeader(headerText, bdml.version);
  const isTimed = bdml.scale.t !== 0 || ranked.some((time, rank) => time !== rank);
  const shared: Shared = { bdml, rankOf, isTimed, settings };
  const orders = bdml.kinds.length > 1 ? componentOrders(bdml.kinds) : undefined;
  return sets.map((set, at) => {
    const index = bdml.kinds.findIndex((kind) => kind.set === set);
    if (index < 0 || index >= mostSets) return undefined;
    const kind = bdml.kinds[index]!;
    return survivingKind(shared, kind, orders?.[index] ?? ownOrder(kind), before[at]!);
  });
}

/** As it is written and read: a number has no negative zero. */
const storedTime = (time: number) => time + 0;

function ownOrder({ set, label }: WrittenKind): KindBack {
  const texts = textsOf(label);
  const labelAt = (row: number) => (label && label.missing?.[row] !== 1 ? heldText(texts!.at(row)) : undefined);
  return { order: { count: set.objects.count, idAt: (at) => at }, labelAt };
}

/** Objects of several kinds may be one component, which is written with the first. */
function componentOrders(kinds: readonly WrittenKind[]): KindBack[] {
  const shared = new SharedComponents(kinds);
  const orders = new Map(kinds.map((kind): [WrittenKind, KindOrder] => [kind, { rows: [], ordinals: [], labels: [] }]));
  let ordinal = 0;
  for (const kind of kinds)
    for (let row = 0; row < kind.set.objects.count; row++) {
      const all = shared.of(kind, row);
      if (!all) continue;
      const named = all.find((one) => one.kind.label && one.kind.label.missing?.[one.row] !== 1);
      const label = named && heldText(textsOf(named.kind.label)!.at(named.row));
      for (const one of all) {
        const order = orders.get(one.kind)!;
        order.rows.push(one.row);
        order.ordinals.push(ordinal);
        order.labels.push(label);
      }
      ordinal++;
    }
  return kinds.map((kind) => {
    const { rows, ordinals, labels } = orders.get(kind)!;
    const labelOf: (string | undefined)[] = [];
    for (const [at, row] of rows.entries()) labelOf[row] = labels[at];
    const isOwn = rows.every((row, at) => row === at);
    return {
      order: {
        count: rows.length,
        idAt: (at) => ordinals[at]!,
        ...(isOwn ? {} : { rows: Uint32Array.from(rows) }),
      },
      labelAt: (row) => labelOf[row],
    };
  });
}

interface KindBack {
  order: ReturnOrder;
  /** Name of the component of a row of the set. */
  labelAt(row: number): string | undefined;
}

function survivingKind(shared: Shared, kind: WrittenKind, back: KindBack, before: TrackSet): Surviving {
  const { bdml, rankOf, isTimed, settings } = shared;
  const { order } = back;
  const { scale } = bdml;
  const { objects } = kind.set;
  const [space, time] = [parseSpaceUnit(bdml.spaceUnit), parseTimeUnit(bdml.timeUnit)];
  const timeUnit = scale.t !== 0 && isTimed ? time : undefined;
  const places = placesBack(bdml, kind, order);
  // Outlines of which none is written leave nothing that tells the kind.
  const entity = places.isBare && kind.entity !== 'circle' && kind.entity !== 'sphere' ? 'point' : kind.entity;
  const columns = objectColumns(bdml, kind, back, before.objects.columns);
  const timeAt = (row: number) => storedTime(kind.timeOf(row));
  return {
    ...(order.rows ? { rows: order.rows } : {}),
    columns: {
      objects: columns,
      edges: before.edges.columns.map(() => undefined),
      tracks: before.sourceTracks?.columns.map(() => undefined) ?? [],
    },
    set: {
      name: kind.name,
      ...(space ? { spaceUnit: space } : {}),
      ...(timeUnit ? { timeUnit } : {}),
      sourceSpaceUnit: bdml.spaceUnit,
      sourceTimeUnit: bdml.timeUnit,
      objects: {
        count: order.count,
        id: numbersBack(objects.id, order, (_, at) => order.idAt(at)),
        frame: framesBack(objects.frame, order, (row) => rankOf.get(timeAt(row))!),
        ...(isTimed ? { time: numbersBack(objects.time, order, (row) => timeAt(row) * (scale.t || 1)) } : {}),
        ...places.places,
        columns: thoseThere(columns),
        entity,
      },
      edges: edgesBack(kind.set, order),
      provenance: {
        pixelSize: { x: scale.x, y: scale.y, ...(scale.z === 0 ? {} : { z: scale.z }) },
        ...(scale.t === 0 ? {} : { frameInterval: scale.t }),
        ...(settings === undefined ? {} : { settings }),
      },
    },
  };
}

type Axis = 'x' | 'y' | 'z';

/** Positions and outlines: with vertices the positions are their centres. */
function placesBack(
  { scale, planar }: WrittenBdml,
  { set, entity, factor, isMultiPoint }: WrittenKind,
  order: ReturnOrder,
): { places: Pick<TrackSet['objects'], Axis | 'shapes'>; isBare: boolean } {
  const { objects } = set;
  const { shapes } = objects;
  const back = (value: number, axis: Axis) => ((value * factor) / scale[axis]) * scale[axis];
  const hasVertices = shapes !== undefined && (entity === 'line' || entity === 'face' || isMultiPoint);
  const own = (axis: Axis, row: number) => back(objects[axis]?.[row] ?? 0, axis);
  if (!hasVertices) {
    const numbers = (axis: Axis) => numbersBack(objects[axis], order, (row) => own(axis, row));
    const [x, y] = [numbers('x'), numbers('y')];
    const isRound = entity === 'circle' || entity === 'sphere';
    const isNowhere = (row: number) => !isRound && Number.isNaN(objects.x[row]!) && Number.isNaN(objects.y[row]!);
    const z = planar
      ? undefined
      : numbersBack(objects.z, order, (row) => (isNowhere(row) ? Number.NaN : own('z', row)));
    return { places: { x, y, ...(z ? { z } : {}) }, isBare: false };
  }
  const [centres, outlines]: [number[][], number[][][]] = [[], []];
  let isBare = true;
  for (let at = 0; at < order.count; at++) {
    const row = order.rows ? order.rows[at]! : at;
    const parts: number[][] = [];
    for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
      const vertices: number[] = [];
      for (let vertex = shapes.vertexOffsets[part]!; vertex < shapes.vertexOffsets[part + 1]!; vertex++) {
        const [x, y, z] = [shapes.xyz[vertex * 3]!, shapes.xyz[vertex * 3 + 1]!, shapes.xyz[vertex * 3 + 2]!];
        vertices.push(back(x, 'x'), back(y, 'y'), planar ? 0 : back(z, 'z'));
      }
      // A face of the schema has three vertices, and nothing else is one.
      if (vertices.length > 0 && (entity !== 'face' || vertices.length === 9)) parts.push(vertices);
    }
    const isNowhere = Number.isNaN(objects.x[row]!) && Number.isNaN(objects.y[row]!);
    if (parts.length > 0 || (entity === 'point' && !isNowhere)) isBare = false;
    centres.push(
      parts.length > 0 || entity !== 'point' || isNowhere
        ? centreOf(parts, entity === 'line')
        : [own('x', row), own('y', row), own('z', row)],
    );
    // One vertex is the place, and no outline.
    outlines.push(parts.length === 1 && parts[0]!.length === 3 ? [] : parts);
  }
  const centre = (axis: number) => Float64Array.from(centres, (one) => one[axis]!);
  const places = { x: centre(0), y: centre(1), ...(planar ? {} : { z: centre(2) }), shapes: shapesOf(outlines) };
  return { places, isBare };
}

/** What becomes of each column of the objects. */
function objectColumns(
  bdml: WrittenBdml,
  kind: WrittenKind,
  { order, labelAt }: KindBack,
  columns: readonly Column[],
): (Column | undefined)[] {
  const { set, ids, label, radius, entity, factor } = kind;
  const named = idColumnBack(columns, set, order, ids);
  let hasLabel = false;
  for (let row = 0; label && !hasLabel && row < order.count; row++) hasLabel = labelAt(row) !== undefined;
  const featureName = featureNames(bdml, entity, hasLabel);
  const unit = parseSpaceUnit(bdml.spaceUnit);
  return columns.map((column, at) => {
    const own = set.objects.columns[at]!;
    if (at === named?.at) return named.column;
    if (own === label)
      return hasLabel
        ? textColumnBack(column, own, order, { name: 'label', type: 'string', sourceKey: 'componentName' }, labelAt)
        : undefined;
    if (own === radius) {
      const description: ColumnDescription = { name: 'radius', type: 'float', ...(unit ? { unit } : {}) };
      return numberColumnBack(
        column,
        order,
        description,
        (row) => numberAt(own, row) * factor,
        () => false,
      );
    }
    const feature = kind.features.find((one) => one.column === own);
    const name = feature && featureName.get(feature.name);
    if (name === undefined) return undefined;
    const declared = bdml.features.find((one) => one.name === feature!.name)!;
    const description: ColumnDescription = {
      name,
      type: 'float',
      ...(declared.unit === 'dimensionless' ? {} : { unit: declared.unit }),
    };
    const isAbsent = (row: number) => own.missing?.[row] === 1;
    return numberColumnBack(column, order, description, (row) => numberAt(own, row), isAbsent);
  });
}

/** Names of the columns of features, by the names of the features. */
function featureNames({ features }: WrittenBdml, entity: EntityKind, hasLabel: boolean): Map<string, string> {
  const isRound = entity === 'circle' || entity === 'sphere';
  const names = new Set(['source_id', ...(hasLabel ? ['label'] : []), ...(isRound ? ['radius'] : [])]);
  return new Map(features.slice(0, mostFeatures).map(({ name }) => [name, uniqueName(name, names)]));
}
