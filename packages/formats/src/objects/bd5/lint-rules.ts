import type { EntityKind } from '@micrarium/model';
import { timeUnitKinds, unitKinds } from '../bdml/vocabulary.ts';

/** A `dimension` of BD5 taken apart. */
export interface Dimension {
  axes: number;
  timed: boolean;
}

/** Reads a label such as `2D+T`; `undefined` for any other text. */
export function dimensionOf(label: string): Dimension | undefined {
  const found = /^([0-3])D(\+T)?$/.exec(label);
  return found ? { axes: Number(found[1]), timed: found[2] !== undefined } : undefined;
}

/** The label of a dimension. */
export function dimensionLabel({ axes, timed }: Dimension): string {
  return `${axes}D${timed ? '+T' : ''}`;
}

const axisNames = ['x', 'y', 'z'] as const;

/** Columns that scaleUnit has in a dimension, without `dimension` itself. */
export function scaleColumns({ axes, timed }: Dimension): string[] {
  return [
    ...axisNames.slice(0, axes).map((axis) => `${axis}Scale`),
    ...(axes > 0 ? ['sUnit'] : []),
    ...(timed ? ['tScale', 'tUnit'] : []),
  ];
}

/** Entities that a dimension may have. */
export function allowedEntities({ axes }: Dimension): readonly EntityKind[] {
  const all = [[], ['point', 'line'], ['point', 'line', 'face', 'circle']] as const;
  return all[axes] ?? ['point', 'line', 'face', 'circle', 'sphere'];
}

/** Columns that an object table must have. */
export function requiredColumns({ axes, timed }: Dimension, entity: EntityKind | undefined): string[] {
  return [
    'ID',
    ...(timed ? ['t'] : []),
    ...(axes > 0 ? ['entity'] : []),
    ...axisNames.slice(0, axes),
    ...(entity === 'circle' || entity === 'sphere' ? ['radius'] : []),
  ];
}

/** Columns an object table may have besides. */
export const optionalColumns: readonly string[] = ['t', 'sID', 'seqID', 'label'];

/** Is a unit one that both versions of BDML, or one of them, knows? Empty units are none. */
export function isKnownUnit(unit: string, isTime: boolean): boolean {
  if (unit === '') return true;
  if (isTime) return timeUnitKinds.has(unit) || unit === 'frame';
  return unitKinds['0.18'].has(unit) || unitKinds['3.0'].has(unit);
}

/** What the values of a column must be. */
export function valueKindOf(column: string): 'text' | 'whole' | 'number' | undefined {
  if (['ID', 'entity', 'label', 'name', 'dimension', 'sUnit', 'tUnit', 'fUnit', 'from', 'to'].includes(column))
    return 'text';
  if (['oID', 'fID', 'sID', 'seqID'].includes(column)) return 'whole';
  return ['t', 'x', 'y', 'z', 'radius', 'value', 'xScale', 'yScale', 'zScale', 'tScale'].includes(column)
    ? 'number'
    : undefined;
}
