import type { Column, ColumnDescription, TrackSet } from '@micrarium/model';
import { sameNumber } from '../tracks/loss/differences.ts';
import type { Surviving } from '../tracks/loss/surviving.ts';
import type { Texts } from './texts.ts';
import { type WritableColumn, type WritableSet, isText, textsOf } from './writable-set.ts';

/**
 * A set as the loss report compares it. Texts that are packed are made strings only where somebody looks at them, which
 * nobody does where they come back as they are.
 */
export function comparableSet(set: WritableSet): TrackSet {
  return { ...set, objects: { ...set.objects, columns: set.objects.columns.map(comparableColumn) } };
}

function comparableColumn({ values, ...column }: WritableColumn): Column {
  if (!isText(values)) return { ...column, values };
  let strings: string[] | undefined;
  return {
    ...column,
    get values() {
      return (strings ??= Array.from({ length: values.length }, (_, row) => values.at(row)));
    },
  };
}

/**
 * Survivors as the loss report compares them: the numbers of objects are not lost where they come back as the texts that
 * the format calls objects by, or where they are only ours beside such texts.
 */
export function withNumbersKept(
  before: readonly TrackSet[],
  survivors: readonly (Surviving | undefined)[],
): (Surviving | undefined)[] {
  return survivors.map((one, i) => {
    if (!one) return undefined;
    const { objects } = one.set;
    const { id } = before[i]!.objects;
    const { rows } = one;
    return {
      ...one,
      set: { ...one.set, objects: { ...objects, id: rows ? Float64Array.from(rows, (row) => id[row]!) : id } },
    };
  });
}

/** In which order the objects of a set come back, and by which numbers. */
export interface ReturnOrder {
  count: number;
  /** Row in the set of each object that comes back; left out where the order stays. */
  rows?: Uint32Array;
  /** Number of an object, by its place among those that come back. */
  idAt(at: number): number;
}

/** Numbers of the objects that come back; those of the set where none differs in more than the noise of scaling. */
export function numbersBack(
  own: Float64Array | undefined,
  { count, rows }: Pick<ReturnOrder, 'count' | 'rows'>,
  of: (row: number, at: number) => number,
): Float64Array {
  let made = own && !rows ? undefined : new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const value = of(rows ? rows[at]! : at, at);
    if (!made && sameNumber(own![at]!, value)) continue;
    made ??= own!.slice(0, count);
    made[at] = value;
  }
  return made ?? own!;
}

/** Frames of the objects that come back; those of the set where none differs. */
export function framesBack(
  own: Int32Array,
  { count, rows }: Pick<ReturnOrder, 'count' | 'rows'>,
  of: (row: number) => number,
): Int32Array {
  let at = 0;
  if (!rows) while (at < count && of(at) === own[at]) at++;
  if (at === count) return own;
  const frames = new Int32Array(count);
  for (at = 0; at < count; at++) frames[at] = of(rows ? rows[at]! : at);
  return frames;
}

/** Edges of a set by the places of the objects that come back. */
export function edgesBack({ edges }: WritableSet, { count, rows }: ReturnOrder): TrackSet['edges'] {
  const bare = { count: edges.count, columns: [] };
  if (!rows) return { ...bare, source: edges.source, target: edges.target };
  const placeOf = new Uint32Array(count);
  for (let at = 0; at < count; at++) placeOf[rows[at]!] = at;
  const places = (ends: Uint32Array) => ends.map((row) => placeOf[row]!);
  return { ...bare, source: places(edges.source), target: places(edges.target) };
}

/** A column as it comes back; the column itself where nothing of it changes, its values where only the description does. */
export function numberColumnBack(
  column: Column,
  { count, rows }: Pick<ReturnOrder, 'count' | 'rows'>,
  description: ColumnDescription,
  of: (row: number) => number,
  isAbsent: (row: number) => boolean,
): Column {
  if (!rows && isNumbersBack(column, count, of, isAbsent)) {
    const { values: own, missing: absent } = column;
    const isAlike =
      column.name === description.name &&
      column.type === description.type &&
      column.unit === description.unit &&
      column.description === undefined;
    return isAlike ? column : { ...description, values: own, ...(absent ? { missing: absent } : {}) };
  }
  const [values, missing] = [new Float64Array(count), new Uint8Array(count)];
  for (let at = 0; at < count; at++) {
    const row = rows ? rows[at]! : at;
    values[at] = of(row);
    missing[at] = isAbsent(row) ? 1 : 0;
  }
  return { ...description, values, ...(missing.includes(1) ? { missing } : {}) };
}

/** Do the numbers of a column come back as they are? */
function isNumbersBack(
  { values, missing }: Column,
  count: number,
  of: (row: number) => number,
  isAbsent: (row: number) => boolean,
): boolean {
  if (Array.isArray(values)) return false;
  for (let row = 0; row < count; row++) {
    const absent = missing?.[row] === 1;
    if (absent !== isAbsent(row) || (!absent && !sameNumber(values[row]!, of(row)))) return false;
  }
  return true;
}

/** A column of texts as it comes back; the column itself where nothing of it changes. */
export function textColumnBack(
  column: Column,
  own: WritableColumn,
  { count, rows }: Pick<ReturnOrder, 'count' | 'rows'>,
  description: ColumnDescription,
  of: (row: number) => string | undefined,
): Column {
  const texts = textsOf(own)!;
  const isAlike =
    !rows && column.name === description.name && column.unit === undefined && column.description === undefined;
  let isSame = isAlike;
  for (let row = 0; isSame && row < count; row++)
    isSame = of(row) === (own.missing?.[row] === 1 ? undefined : texts.at(row));
  if (isSame) return column;
  const found = Array.from({ length: count }, (_, at) => of(rows ? rows[at]! : at));
  const missing = Uint8Array.from(found, (text) => (text === undefined ? 1 : 0));
  return {
    ...description,
    values: found.map((text) => text ?? ''),
    ...(missing.includes(1) ? { missing } : {}),
  };
}

/** The column that holds the texts by which the source calls its objects, and what stands in it when it comes back. */
export function idColumnBack(
  columns: readonly Column[],
  set: WritableSet,
  order: ReturnOrder,
  ids: Texts,
): { at: number; column: Column } | undefined {
  const at = set.objects.columns.findIndex(({ sourceKey, type }) => sourceKey === 'ID' && type === 'string');
  if (at < 0) return undefined;
  const description: ColumnDescription = { name: 'source_id', type: 'string', sourceKey: 'ID' };
  const own = set.objects.columns[at]!;
  const { name, unit, description: words } = own;
  const isAlike = !order.rows && name === description.name && unit === undefined && words === undefined;
  // The writers call objects by these very texts where they can.
  if (isAlike && textsOf(own) === ids && !own.missing?.includes(1)) return { at, column: columns[at]! };
  return {
    at,
    column: textColumnBack(columns[at]!, own, order, description, (row) => ids.at(row)),
  };
}

/** Outlines of objects, from the parts of each: x, y, z of the vertices, interleaved. */
export function shapesOf(all: readonly (readonly (readonly number[])[])[]): NonNullable<TrackSet['objects']['shapes']> {
  const [partOffsets, vertexOffsets, xyz]: [number[], number[], number[]] = [[0], [0], []];
  for (const parts of all) {
    for (const part of parts) {
      for (const value of part) xyz.push(value);
      vertexOffsets.push(xyz.length / 3);
    }
    partOffsets.push(vertexOffsets.length - 1);
  }
  return {
    partOffsets: Uint32Array.from(partOffsets),
    vertexOffsets: Uint32Array.from(vertexOffsets),
    xyz: Float64Array.from(xyz),
  };
}
