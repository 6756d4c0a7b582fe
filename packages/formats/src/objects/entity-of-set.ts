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

/** What is changed of outlines: there is no position beside them, and there are no parts without points. */
export function drawnLosses(set: WritableSet, { change }: Reporter): void {
  const { entity, shapes, x, y, z, count } = set.objects;
  if (!shapes) return;
  let [moved, changed] = [0, 0];
  for (let row = 0; row < count; row++) {
    const sum = [0, 0, 0];
    let counted = 0;
    let isEmpty = shapes.partOffsets[row] === shapes.partOffsets[row + 1];
    for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
      const start = shapes.vertexOffsets[part]!;
      let end = shapes.vertexOffsets[part + 1]!;
      isEmpty ||= start === end;
      const same = (axis: number) => shapes.xyz[start * 3 + axis] === shapes.xyz[(end - 1) * 3 + axis];
      if (entity === 'line' && end - start > 2 && same(0) && same(1)) end--;
      for (let vertex = start; vertex < end; vertex++, counted++)
        for (let axis = 0; axis < 3; axis++) sum[axis]! += shapes.xyz[vertex * 3 + axis]!;
    }
    if (isEmpty) changed++;
    const isThere = (own: number, axis: number) => counted === 0 || sum[axis]! / counted === own;
    if (!isThere(x[row]!, 0) || !isThere(y[row]!, 1) || (z && !isThere(z[row]!, 2))) moved++;
  }
  if (moved > 0) change(set, `the positions of ${moved} objects are read back as the centres of their outlines`);
  if (entity === 'point' && shapes.vertexOffsets.at(-1)! <= count)
    change(set, 'outlines of one vertex an object are read back as the points they are');
  if (changed > 0)
    change(set, `the outlines of ${changed} objects have parts without points, which come back without or with one`);
}

/** A value that was multiplied by a scale and divided again is off by so much of itself at most. */
const noise = 2 ** -50;

/**
 * Numbers that are divided by a scale when written, and multiplied by it when read, may leave what a number can be; the
 * noise of the last digit is no loss.
 * @param by what is divided by, for each axis; times only where given
 */
export function scalingLosses(
  set: WritableSet,
  by: { x: number; y: number; z: number; t?: number },
  axes: number,
  { change }: Reporter,
): void {
  const { objects } = set;
  const { xyz } = objects.shapes ?? {};
  const isMoved = (value: number, scale: number) => {
    const back = (value / scale) * scale;
    return Number.isFinite(value) && !(Math.abs(back - value) <= Math.max(Math.abs(value) * noise, 1e-300));
  };
  let [places, times] = [0, 0];
  for (const [at, axis] of (['x', 'y', 'z'] as const).slice(0, axes).entries()) {
    for (const value of objects[axis] ?? []) if (isMoved(value, by[axis])) places++;
    for (let i = at; xyz && i < xyz.length; i += 3) if (isMoved(xyz[i]!, by[axis])) places++;
  }
  if (by.t !== undefined) for (const time of objects.time ?? []) if (isMoved(time, by.t)) times++;
  if (places > 0)
    change(set, `${places} coordinates of positions or outlines are too large or too small for the scale, and change`);
  if (times > 0) change(set, `${times} times are too large or too small for the scale, and change`);
}

/** What both formats have no place for beside values: what columns mean, units of labels, radii that are not known. */
export function meaningLosses(
  set: WritableSet,
  { radius, label }: { radius: WritableColumn | undefined; label: WritableColumn | undefined },
  { loss, change }: Reporter,
): void {
  const written = set.objects.columns.filter((column) => column.type !== 'string' || column === label);
  const described = written.filter(({ description }) => description !== undefined);
  if (described.length > 0)
    loss(
      set,
      `the descriptions of ${described.length} columns are not written: ${described.map(({ name }) => name).join(', ')}`,
    );
  if (label?.unit !== undefined) loss(set, `the unit of "${label.name}" is not written: a label has none`);
  if (label && label.name !== 'label') change(set, `the column "${label.name}" is written as the name "label"`);
  const unknown = radius?.missing?.reduce((sum, absent) => sum + absent, 0) ?? 0;
  if (unknown > 0) change(set, `${unknown} absent values of "radius" are read back as NaN`);
  if (radius && radius.type !== 'float') change(set, '"radius" is read back as decimal numbers');
  if (radius && radius.unit !== set.spaceUnit) change(set, '"radius" is read back in the unit of the positions');
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
