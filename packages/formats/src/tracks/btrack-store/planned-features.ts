import type { Column, TrackSet } from '@micrarium/model';
import type { NumberKind } from '../../containers/hdf5/written-types.ts';
import { dummyColumn, mostProperties, trackColumn } from './store.ts';

/** A column of the set as the store has it. */
export interface PlannedFeature {
  column: Column;
  name: string;
  kind: NumberKind;
  /** Value of a row; NaN where it is absent. */
  valueOf(row: number): number;
}

/** Columns of the set that the store holds. */
export interface PlannedFeatures {
  /** State, then scores of the states: the columns of `labels`. */
  labels: readonly PlannedFeature[];
  properties: readonly PlannedFeature[];
}

/** Names that btrack, or our reader, takes for something else than a property. */
const reserved: ReadonlySet<string> = new Set([
  'ID',
  't',
  'x',
  'y',
  'z',
  'label',
  'states',
  'features',
  'n_features',
  trackColumn.name,
  dummyColumn.name,
]);
const mostScores = 63;

/**
 * Plans where the columns of objects go: `label` and its scores to `labels`, other numbers to the properties. Dummies
 * have none.
 * @param elsewhere columns that the tracks or the dummies say
 */
export function planFeatures(
  { objects }: TrackSet,
  order: Uint32Array,
  real: number,
  elsewhere: readonly Column[],
): PlannedFeatures {
  const rows = order.subarray(0, real);
  const numbers = objects.columns.filter((column) => column.type !== 'string' && !elsewhere.includes(column));
  const labels = labelColumns(numbers, rows);
  const taken = new Set<string>();
  const properties: PlannedFeature[] = [];
  for (const column of numbers) {
    if (labels.includes(column) || properties.length === mostProperties) continue;
    const name = freeName(column.name, taken);
    taken.add(name);
    const valueOf = valuesOf(column);
    properties.push({ column, name, kind: kindOf(column, rows, valueOf), valueOf });
  }
  const labelKind = narrowestFloat(rows, labels.map(valuesOf));
  return {
    labels: labels.map((column) => ({ column, name: column.name, kind: labelKind, valueOf: valuesOf(column) })),
    properties,
  };
}

/** `label`, where every object has one, and the scores `label_score_1`, `label_score_2`... behind it. */
function labelColumns(numbers: readonly Column[], rows: Uint32Array): Column[] {
  const label = numbers.find(({ name, type }) => name === 'label' && type === 'int');
  if (!label || rows.some((row) => label.missing?.[row] === 1)) return [];
  const found = [label];
  while (found.length <= mostScores) {
    const wanted = `label_score_${found.length}`;
    const score = numbers.find(({ name, type }) => name === wanted && type === 'float');
    if (!score) break;
    found.push(score);
  }
  return found;
}

/** Name of a property: a link in HDF5 has no slash and is not made of points alone. */
function freeName(own: string, taken: ReadonlySet<string>): string {
  const plain = own.toWellFormed().replaceAll('/', '_').replaceAll('\0', '_').replaceAll('\ufeff', '_');
  const isFree = (name: string) => !reserved.has(name) && !/^label_score_\d+$/.test(name) && !/^\.*$/.test(name);
  let name = isFree(plain) ? plain : `feature_${plain}`;
  while (taken.has(name)) name += '_';
  return name;
}

function valuesOf({ values, missing }: Column): (row: number) => number {
  return (row) => (missing?.[row] === 1 ? Number.NaN : Number(values[row]));
}

/** Whole numbers stay whole where every object has one. */
function kindOf({ type }: Column, rows: Uint32Array, valueOf: (row: number) => number): NumberKind {
  const isWhole = type !== 'float' && rows.every((row) => Number.isSafeInteger(valueOf(row)));
  if (!isWhole) return narrowestFloat(rows, [valueOf]);
  if (type === 'bool') return 'uint8';
  return rows.every((row) => valueOf(row) === (valueOf(row) | 0)) ? 'int32' : 'int64';
}

/** Single precision, as btrack writes, where that loses nothing of these values of the rows. */
export function narrowestFloat(rows: Uint32Array, values: readonly ((row: number) => number)[]): 'float32' | 'float64' {
  const isNarrow = (value: number) => Number.isNaN(value) || Math.fround(value) === value;
  return rows.every((row) => values.every((of) => isNarrow(of(row)))) ? 'float32' : 'float64';
}
