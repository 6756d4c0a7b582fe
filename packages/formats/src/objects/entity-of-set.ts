import type { EntityKind } from '@micrarium/model';
import { type WritableColumn, type WritableSet, numericColumn } from './writable-set.ts';

/**
 * The entity a set is written as, where BD5 and BDML agree: outlines need vertices, circles and spheres a radius, and
 * there are no spheres in the plane.
 */
export function entityOf(set: WritableSet, planar: boolean): EntityKind {
  const { entity, shapes } = set.objects;
  if (entity === 'line' || entity === 'face')
    return shapes !== undefined && shapes.vertexOffsets.length > 1 ? entity : 'point';
  if (entity === 'point' || !numericColumn(set, 'radius')) return 'point';
  return entity === 'sphere' && planar ? 'circle' : entity;
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

/** The columns of a set that have places of their own: radius of round objects, label. */
export function namedColumns(
  set: WritableSet,
  entity: EntityKind,
): { radius: WritableColumn | undefined; label: WritableColumn | undefined } {
  const isRound = entity === 'circle' || entity === 'sphere';
  return {
    radius: isRound ? numericColumn(set, 'radius') : undefined,
    label: set.objects.columns.find(
      ({ name, type, sourceKey }) => type === 'string' && sourceKey !== 'ID' && (name === 'label' || name === 'name'),
    ),
  };
}

/** The columns that become features: numbers without a place of their own. Texts have none. */
export function featureColumns(set: WritableSet, radius: WritableColumn | undefined): WritableColumn[] {
  return set.objects.columns.filter((column) => column !== radius && column.type !== 'string');
}
