import type { Shapes, TrackSet } from '@micrarium/model';
import type { Surviving } from '../tracks/loss/surviving.ts';
import { isMultiPoint } from './entity-of-set.ts';
import { comparableSet, shapesOf } from './foretold.ts';
import type { Texts } from './texts.ts';
import type { WritableSet } from './writable-set.ts';

/** How the kind of the outlines of a kind is called: "spots" and "spots outline". */
export const outlineSuffix = ' outline';

/** A set as the formats with one entity a kind of object write it. */
export interface SetApart {
  set: WritableSet;
  /** Place of the set among those given. */
  of: number;
  /** Of outlines: row in the set given of each; left out of the sets themselves. */
  rows?: Uint32Array;
}

/**
 * BD5 and BDML give a kind of object one entity, so a spot with an outline is two things there: a point or a sphere, and
 * a closed line of the same id (section 1.4 of the BDML specification: a component may be measured several times).
 * The outlines come before the set they belong to, so that a reader has them when the objects come by.
 */
export function outlinesApart(sets: readonly WritableSet[]): SetApart[] {
  const names = sets.map(({ name }) => name);
  return sets.flatMap((set, of): SetApart[] => {
    const rows = canBeApart(set, names) ? rowsWithOutlines(set) : undefined;
    if (!rows || rows.length === 0) return [{ set, of }];
    const { shapes, ...objects } = set.objects;
    return [
      { set: outlinesOf(set, shapes!, rows), of, rows },
      { set: { ...set, objects }, of },
    ];
  });
}

/** Ids of all sets by those of the sets themselves: an outline has that of its object. */
export function idsApart(apart: readonly SetApart[], idsOf: (sets: readonly WritableSet[]) => Texts[]): Texts[] {
  const own = apart.filter(({ rows }) => !rows);
  const ids = idsOf(own.map(({ set }) => set));
  const byPlace = new Map(own.map(({ of }, at) => [of, ids[at]!]));
  return apart.map(({ of, rows }) => (rows ? rowsOfTexts(byPlace.get(of)!, rows) : byPlace.get(of)!));
}

/** What comes back of the sets given, from what comes back of those that were written. */
export function survivingTogether(
  sets: readonly WritableSet[],
  apart: readonly SetApart[],
  survivors: readonly (Surviving | undefined)[],
): (Surviving | undefined)[] {
  return sets.map((_, of) => {
    const own = survivors[apart.findIndex((one) => one.of === of && !one.rows)];
    const at = apart.findIndex((one) => one.of === of && one.rows);
    const outlines = at < 0 ? undefined : survivors[at];
    if (!own || !outlines) return own;
    const parts = new Map<number, number[][]>();
    const { count, shapes } = outlines.set.objects;
    for (let place = 0; place < count; place++)
      parts.set(apart[at]!.rows![outlines.rows?.[place] ?? place]!, openParts(shapes, place));
    const { objects } = own.set;
    const all = Array.from({ length: objects.count }, (__, place) => parts.get(own.rows?.[place] ?? place) ?? []);
    return { ...own, set: { ...own.set, objects: { ...objects, shapes: shapesOf(all) } } };
  });
}

/**
 * Comparable sets, with those of the outlines that stand apart. Columns are the very ones of the sets given, by which a
 * loss report knows without a look that nothing of them changed.
 */
export function comparedApart(apart: readonly SetApart[], compared: readonly TrackSet[]): TrackSet[] {
  return apart.map(({ set, of, rows }) => {
    if (rows) return comparableSet(set);
    const whole = compared[of]!;
    if (set.objects.shapes === whole.objects.shapes) return whole;
    const { shapes: _, ...objects } = whole.objects;
    return { ...whole, objects };
  });
}

/** The parts of an outline without the vertex that closes each. */
export function openParts(shapes: Shapes | undefined, row: number): number[][] {
  const parts: number[][] = [];
  if (!shapes) return parts;
  for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
    const [start, end] = [shapes.vertexOffsets[part]! * 3, shapes.vertexOffsets[part + 1]! * 3];
    const isClosed =
      end - start > 9 && [0, 1, 2].every((axis) => shapes.xyz[start + axis] === shapes.xyz[end - 3 + axis]);
    parts.push(Array.from(shapes.xyz.subarray(start, isClosed ? end - 3 : end)));
  }
  return parts;
}

/** May the outlines be a kind of their own that finds back to the set by its name? */
function canBeApart(set: WritableSet, names: readonly string[]): boolean {
  const { name, objects } = set;
  const { entity, shapes } = objects;
  return (
    shapes !== undefined &&
    (entity === 'point' || entity === 'circle' || entity === 'sphere') &&
    !isMultiPoint(set) &&
    // Letters, digits and blanks are kept by every format as they are.
    /^\S(?:[^\p{C}]*\S)?$/u.test(name) &&
    names.filter((one) => one === name || one === `${name}${outlineSuffix}`).length === 1
  );
}

function rowsWithOutlines({ objects: { count, shapes } }: WritableSet): Uint32Array {
  const rows: number[] = [];
  const { partOffsets, vertexOffsets } = shapes!;
  for (let row = 0; row < count; row++)
    if (vertexOffsets[partOffsets[row + 1]!]! > vertexOffsets[partOffsets[row]!]!) rows.push(row);
  return Uint32Array.from(rows);
}

function outlinesOf(set: WritableSet, shapes: Shapes, rows: Uint32Array): WritableSet {
  const { sourceTracks: _tracks, ...rest } = set;
  const { frame, time, x, y, z } = set.objects;
  const numbers = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  return {
    ...rest,
    name: `${set.name}${outlineSuffix}`,
    objects: {
      count: rows.length,
      id: numbers(set.objects.id),
      frame: Int32Array.from(rows, (row) => frame[row]!),
      ...(time ? { time: numbers(time) } : {}),
      x: numbers(x),
      y: numbers(y),
      ...(z ? { z: numbers(z) } : {}),
      shapes: shapesOf(Array.from(rows, (row) => closedParts(shapes, row))),
      columns: [],
      entity: 'line',
    },
    edges: { count: 0, source: new Uint32Array(0), target: new Uint32Array(0), columns: [] },
  };
}

/** The parts of an outline that have vertices, each closed by its first vertex where it has an inside. */
function closedParts({ partOffsets, vertexOffsets, xyz }: Shapes, row: number): number[][] {
  const parts: number[][] = [];
  for (let part = partOffsets[row]!; part < partOffsets[row + 1]!; part++) {
    const vertices = Array.from(xyz.subarray(vertexOffsets[part]! * 3, vertexOffsets[part + 1]! * 3));
    if (vertices.length >= 9) vertices.push(vertices[0]!, vertices[1]!, vertices[2]!);
    if (vertices.length > 0) parts.push(vertices);
  }
  return parts;
}

function rowsOfTexts(texts: Texts, rows: Uint32Array): Texts {
  return {
    length: rows.length,
    at: (row) => texts.at(rows[row]!),
    bytesAt: (row) => texts.bytesAt(rows[row]!),
    write: (row, target, at) => texts.write(rows[row]!, target, at),
  };
}
