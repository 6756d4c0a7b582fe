import { type Column, type Shapes, type TrackProvenance, type TrackSet, countTracks } from '@micrarium/model';
import type { Surviving } from './surviving.ts';

/** Everything a set can lose on its way through a format. */
export type LossKind =
  | 'sets'
  | 'set-name'
  | 'objects'
  | 'ids'
  | 'frames'
  | 'times'
  | 'positions'
  | 'depth'
  | 'entity'
  | 'outlines'
  | 'edges'
  | 'object-features'
  | 'edge-features'
  | 'track-features'
  | 'feature-names'
  | 'feature-types'
  | 'feature-units'
  | 'feature-descriptions'
  | 'feature-values'
  | 'space-unit'
  | 'time-unit'
  | 'provenance';

/** One thing that is lost or changed, in numbers. */
export interface Loss {
  kind: LossKind;
  /** How many: objects, edges, features, values, as the kind has it. */
  count: number;
  /** Names of features or fields, where the kind has such. */
  names?: string[];
  /** Of lost edges: those whose loss makes a merge, split or gap go. */
  merges?: number;
  splits?: number;
  gaps?: number;
}

/**
 * What a set loses, compared with what comes back of it; nothing where it comes back whole. Not counted, because
 * they are no data but remarks on how a source wrote them: its names of columns, spellings of units we know, and whether
 * it counted frames from 0 or 1.
 */
export function differences(before: TrackSet, after: Surviving | undefined): Loss[] {
  if (!after) return [{ kind: 'sets', count: 1, names: [before.name] }];
  const losses: Loss[] = [];
  const say = (loss: Loss) => {
    if (loss.count > 0) losses.push(loss);
  };
  if (after.set.name !== before.name) say({ kind: 'set-name', count: 1, names: [before.name] });
  compareObjects(before, after, say);
  compareOutlines(before, after, say);
  const places = edgePlaces(before, after);
  compareEdges(before, after, places, say);
  compareColumns(before, after, places, say);
  compareUnits(before, after.set, say);
  const lost = provenanceFields.filter((field) => !sameValue(before.provenance[field], after.set.provenance[field]));
  say({ kind: 'provenance', count: lost.length, names: lost });
  return losses;
}

type Say = (loss: Loss) => void;

/** Fields of the provenance, each of which can be lost by itself. */
export const provenanceFields: readonly (keyof TrackProvenance)[] = [
  'software',
  'softwareVersion',
  'imageName',
  'imageSizes',
  'pixelSize',
  'frameInterval',
  'settings',
  'tracking',
];

const rowOf = ({ rows }: Surviving, at: number) => (rows ? rows[at]! : at);

function compareObjects({ objects }: TrackSet, after: Surviving, say: Say): void {
  const back = after.set.objects;
  say({ kind: 'objects', count: objects.count - back.count });
  const changed = (from: ArrayLike<number>, to: ArrayLike<number>) => {
    if (from === to && !after.rows) return 0;
    let count = 0;
    for (let at = 0; at < back.count; at++) if (!sameNumber(from[rowOf(after, at)]!, to[at]!)) count++;
    return count;
  };
  say({ kind: 'ids', count: changed(objects.id, back.id) });
  say({ kind: 'frames', count: changed(objects.frame, back.frame) });
  if (objects.time) say({ kind: 'times', count: back.time ? changed(objects.time, back.time) : back.count });
  say({ kind: 'positions', count: movedObjects(objects, after) });
  if (objects.z && !back.z) say({ kind: 'depth', count: back.count });
  if (objects.entity !== back.entity) say({ kind: 'entity', count: back.count, names: [objects.entity] });
}

function movedObjects(objects: TrackSet['objects'], after: Surviving): number {
  const back = after.set.objects;
  const [z, zBack] = objects.z && back.z ? [objects.z, back.z] : [undefined, undefined];
  if (!after.rows && objects.x === back.x && objects.y === back.y && z === zBack) return 0;
  let moved = 0;
  for (let at = 0; at < back.count; at++) {
    const row = rowOf(after, at);
    const isThere = sameNumber(objects.x[row]!, back.x[at]!) && sameNumber(objects.y[row]!, back.y[at]!);
    if (!isThere || (z && !sameNumber(z[row]!, zBack![at]!))) moved++;
  }
  return moved;
}

function compareOutlines({ objects }: TrackSet, after: Surviving, say: Say): void {
  const { shapes } = objects;
  const back = after.set.objects.shapes;
  if (!shapes || (shapes === back && !after.rows)) return;
  let count = 0;
  for (let at = 0; at < after.set.objects.count; at++) {
    const row = rowOf(after, at);
    if (partsOf(shapes, row) === 0) continue;
    if (!back || !sameOutline(shapes, row, back, at)) count++;
  }
  say({ kind: 'outlines', count });
}

const partsOf = (shapes: Shapes, row: number) => shapes.partOffsets[row + 1]! - shapes.partOffsets[row]!;

function sameOutline(a: Shapes, rowA: number, b: Shapes, rowB: number): boolean {
  const parts = partsOf(a, rowA);
  if (partsOf(b, rowB) !== parts) return false;
  for (let part = 0; part < parts; part++) {
    const [atA, atB] = [a.partOffsets[rowA]! + part, b.partOffsets[rowB]! + part];
    const [firstA, firstB] = [a.vertexOffsets[atA]!, b.vertexOffsets[atB]!];
    const vertices = a.vertexOffsets[atA + 1]! - firstA;
    if (b.vertexOffsets[atB + 1]! - firstB !== vertices) return false;
    for (let i = 0; i < vertices * 3; i++)
      if (!sameNumber(a.xyz[firstA * 3 + i]!, b.xyz[firstB * 3 + i]!)) return false;
  }
  return true;
}

/** Places of the edges of the original in what came back, -1 for those that did not; nothing where all are where they were. */
function edgePlaces({ edges, objects }: TrackSet, after: Surviving): Int32Array | undefined {
  const back = after.set.edges;
  const areThere = (ends: Uint32Array, ofBack: Uint32Array) => {
    if (ends === ofBack && !after.rows) return true;
    for (let edge = 0; edge < edges.count; edge++) if (ends[edge] !== rowOf(after, ofBack[edge]!)) return false;
    return true;
  };
  const isAlike = back.count === edges.count;
  if (isAlike && areThere(edges.source, back.source) && areThere(edges.target, back.target)) return undefined;
  const places = new Int32Array(edges.count).fill(-1);
  const byEnds = new Map<number, number>();
  const key = (source: number, target: number) => source * objects.count + target;
  for (let at = 0; at < back.count; at++)
    byEnds.set(key(rowOf(after, back.source[at]!), rowOf(after, back.target[at]!)), at);
  for (let edge = 0; edge < edges.count; edge++)
    places[edge] = byEnds.get(key(edges.source[edge]!, edges.target[edge]!)) ?? -1;
  return places;
}

function compareEdges(before: TrackSet, after: Surviving, places: Int32Array | undefined, say: Say): void {
  let lost = 0;
  for (const place of places ?? []) if (place < 0) lost++;
  if (lost === 0) return;
  const [had, has] = [countTracks(before.objects, before.edges), countTracks(after.set.objects, after.set.edges)];
  say({
    kind: 'edges',
    count: lost,
    merges: Math.max(0, had.merges - has.merges),
    splits: Math.max(0, had.splits - has.splits),
    gaps: Math.max(0, had.gaps - has.gaps),
  });
}

interface Pair {
  before: Column;
  after: Column;
  /** Row of the original and row in what came back. */
  rows: (visit: (before: number, after: number) => void) => void;
}

function compareColumns(before: TrackSet, after: Surviving, places: Int32Array | undefined, say: Say): void {
  const pairs: Pair[] = [];
  const tables = [
    [
      'object-features',
      before.objects.columns,
      after.columns.objects,
      (visit: (a: number, b: number) => void) => {
        for (let at = 0; at < after.set.objects.count; at++) visit(rowOf(after, at), at);
      },
    ],
    [
      'edge-features',
      before.edges.columns,
      after.columns.edges,
      (visit: (a: number, b: number) => void) => {
        for (let edge = 0; edge < before.edges.count; edge++) {
          const place = places ? places[edge]! : edge;
          if (place >= 0) visit(edge, place);
        }
      },
    ],
    [
      'track-features',
      before.sourceTracks?.columns ?? [],
      after.columns.tracks,
      (visit: (a: number, b: number) => void) => {
        for (let row = 0; row < (after.set.sourceTracks?.count ?? 0); row++) visit(row, row);
      },
    ],
  ] as const;
  for (const [kind, columns, back, rows] of tables) {
    const lost = columns.filter((_, i) => back[i] === undefined);
    say({ kind, count: lost.length, names: lost.map(({ name }) => name) });
    for (const [i, column] of columns.entries()) {
      const now = back[i];
      if (now && now !== column) pairs.push({ before: column, after: now, rows });
    }
  }
  const changed = (kind: LossKind, differs: (pair: Pair) => boolean) => {
    const found = pairs.filter(differs);
    say({ kind, count: found.length, names: found.map((pair) => pair.before.name) });
  };
  changed('feature-names', (pair) => pair.before.name !== pair.after.name);
  changed('feature-types', (pair) => pair.before.type !== pair.after.type);
  changed('feature-units', (pair) => pair.before.unit !== undefined && pair.before.unit !== pair.after.unit);
  changed(
    'feature-descriptions',
    ({ before: a, after: b }) => a.description !== undefined && a.description !== b.description,
  );
  compareValues(pairs, say);
}

function compareValues(pairs: readonly Pair[], say: Say): void {
  let count = 0;
  const names: string[] = [];
  for (const { before, after, rows } of pairs) {
    const [own, back] = [before.values, after.values];
    const [absentBefore, absentAfter] = [before.missing, after.missing];
    if (own === back && absentBefore === absentAfter) continue;
    let changed = 0;
    rows((a, b) => {
      const absent = absentBefore?.[a] === 1;
      if (absent !== (absentAfter?.[b] === 1)) changed++;
      else if (!absent && !sameCell(own[a]!, back[b]!)) changed++;
    });
    if (changed > 0) names.push(before.name);
    count += changed;
  }
  say({ kind: 'feature-values', count, names });
}

/** Are two stored values the same, whatever type they are stored as? */
function sameCell(a: string | number, b: string | number): boolean {
  if (typeof a === typeof b) return typeof a === 'number' ? sameNumber(a, b as number) : a === b;
  return String(a) === String(b);
}

/** A unit counts by what it means; how it was spelled counts only where we do not know the unit. */
function compareUnits(before: TrackSet, after: TrackSet, say: Say): void {
  const space = before.spaceUnit ?? before.sourceSpaceUnit;
  if (space !== undefined && space !== (after.spaceUnit ?? after.sourceSpaceUnit))
    say({ kind: 'space-unit', count: 1, names: [space] });
  const time = before.timeUnit ?? before.sourceTimeUnit;
  // Every format has frames, and a unit of no time says nothing.
  const isUsed =
    before.objects.time !== undefined || (before.provenance.frameInterval !== undefined && before.timeUnit !== 'frame');
  if (time !== undefined && isUsed && time !== (after.timeUnit ?? after.sourceTimeUnit))
    say({ kind: 'time-unit', count: 1, names: [time] });
}

/** A number that was divided by a scale and multiplied again may be off in its last digit; that is no loss. */
const noise = 2 ** -50;
/** Beside 0 nobody measures this. */
const nothing = 1e-300;

/** Are two numbers the same, but for what dividing by a scale and multiplying again does to the last digit? */
export function sameNumber(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= Math.max(Math.abs(a) * noise, nothing);
}

/** Is what was said of a field still said? More may be said beside it. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === undefined || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Object.entries(a).every(([key, value]) => sameValue(value, (b as Record<string, unknown>)[key]));
}
