import type { EntityKind } from '@micrarium/model';
import { type WritableColumn, type WritableSet, numericColumn } from './writable-set.ts';

/** Says what of a set is lost, and what is changed. */
export interface Reporter {
  loss(set: WritableSet, message: string): void;
  change(set: WritableSet, message: string): void;
}

/**
 * The entity a set is written as, where BD5 and BDML agree: outlines need vertices, circles and spheres a radius, and
 * there are no spheres in the plane.
 * @param format the name of the format, for what is said
 */
export function entityOf(set: WritableSet, planar: boolean, format: string, { loss, change }: Reporter): EntityKind {
  const { entity, shapes } = set.objects;
  const isDrawn = shapes !== undefined && shapes.vertexOffsets.length > 1;
  if (entity === 'line' || entity === 'face') {
    if (isDrawn) return entity;
    change(set, `"${set.name}" has no outlines; its objects are written as points`);
    return 'point';
  }
  if (isDrawn && !isMultiPoint(set))
    loss(set, `outlines of "${set.name}" are not written: a ${format} ${entity} has no outline`);
  if (entity === 'point') return 'point';
  if (!numericColumn(set, 'radius')) {
    change(set, `"${set.name}" has no radius; its objects are written as points`);
    return 'point';
  }
  if (entity !== 'sphere' || !planar) return entity;
  change(set, `spheres of the planar set "${set.name}" are written as circles`);
  return 'circle';
}

/** Are the shapes of a set of points nothing but points, several an object? */
export function isMultiPoint({ objects: { entity, shapes } }: WritableSet): boolean {
  return (
    entity === 'point' &&
    shapes !== undefined &&
    shapes.vertexOffsets.length > 1 &&
    shapes.vertexOffsets.every((offset, part) => offset === part)
  );
}

/** What both formats have no place for: features of edges and tracks. */
export function tableLosses(set: WritableSet, { loss }: Reporter): void {
  const list = (columns: readonly { name: string }[]) => columns.map(({ name }) => name).join(', ');
  if (set.edges.columns.length > 0) loss(set, `features of edges are not written: ${list(set.edges.columns)}`);
  if (set.sourceTracks && set.sourceTracks.columns.length > 0)
    loss(set, `features of whole tracks are not written: ${list(set.sourceTracks.columns)}`);
}

/** The columns of a set that have places of their own: radius of round objects, label. */
export function namedColumns(
  set: WritableSet,
  entity: EntityKind,
): { radius: WritableColumn | undefined; label: WritableColumn | undefined } {
  const isRound = entity === 'circle' || entity === 'sphere';
  return {
    radius: isRound ? numericColumn(set, 'radius') : undefined,
    label: set.objects.columns.find(({ name, type }) => type === 'string' && (name === 'label' || name === 'name')),
  };
}

/** The columns that become features: numbers without a place of their own. Texts are lost. */
export function featureColumns(
  set: WritableSet,
  taken: readonly (WritableColumn | undefined)[],
  { loss }: Reporter,
): WritableColumn[] {
  return set.objects.columns.filter((column) => {
    if (taken.includes(column) || column.sourceKey === 'ID') return false;
    if (column.type === 'string') loss(set, `the text column "${column.name}" is not written: features are numbers`);
    return column.type !== 'string';
  });
}
