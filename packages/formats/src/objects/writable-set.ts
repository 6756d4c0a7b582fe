import type { Column, ColumnDescription, EdgeTable, ObjectTable, TrackSet } from '@micrarium/model';
import { PackedTexts, StringTexts, type Texts } from './texts.ts';

/** Values of a column, texts in whatever way they are kept. */
export type WritableValues = Exclude<Column['values'], string[]> | Texts;

/** A column as the writers take it. */
export interface WritableColumn extends ColumnDescription {
  values: WritableValues;
  missing?: Uint8Array;
}

/** Objects as the writers take them. */
export interface WritableObjects extends Omit<ObjectTable, 'columns'> {
  columns: WritableColumn[];
}

/** A set as the writers take it: a `TrackSet`, or the same in less room. */
export interface WritableSet extends Omit<TrackSet, 'objects' | 'edges'> {
  objects: WritableObjects;
  edges: EdgeTable;
}

/** A set in memory as the writers take it; nothing is copied. */
export function writableSet(set: TrackSet): WritableSet {
  const columns = set.objects.columns.map(
    (column): WritableColumn => ({
      ...column,
      values: Array.isArray(column.values) ? new StringTexts(column.values) : column.values,
    }),
  );
  return { ...set, objects: { ...set.objects, columns } };
}

/** Are the values texts? */
export function isText(values: WritableValues): values is Texts {
  return values instanceof PackedTexts || values instanceof StringTexts;
}

/** Texts of a column; `undefined` where it holds numbers. */
export function textsOf(column: WritableColumn | undefined): Texts | undefined {
  return column && isText(column.values) ? column.values : undefined;
}

/** Number of a row; NaN where it is absent or text. */
export function numberAt({ values, missing }: WritableColumn, row: number): number {
  return missing?.[row] === 1 || isText(values) ? Number.NaN : Number(values[row]);
}

/** The column of numbers of a name. */
export function numericColumn({ objects }: WritableSet, name: string): WritableColumn | undefined {
  return objects.columns.find((column) => column.name === name && (column.type === 'float' || column.type === 'int'));
}
