import type { ByteSource } from '@micrarium/formats';
import { lineagesOf, type Life, type Lineages } from '@micrarium/model';
import type { ObjectSlabs } from './space-frame.ts';
import { RangeTable } from './range-table.ts';
import { idsAreRows } from './slab-plan.ts';

/** Most edges held in the browser: four hundred megabytes. Sets with more are drawn without trails and tree. */
export const mostEdges = 20_000_000;

/** The edges of a set by rows of its objects, in the order of the frame they end in. */
export interface SpaceGraph {
  /** Frame of every object. */
  frame: Int32Array;
  count: number;
  source: Uint32Array;
  target: Uint32Array;
  /** Edges that end in frame `first + i`: `offsets[i] .. offsets[i + 1] - 1`. */
  first: number;
  offsets: Uint32Array;
  /** Longest step in frames: how far back an edge may begin. */
  longestStep: number;
}

/** The edges of a set and what lies between. Ids without an object are left out, as at ingest. */
export function spaceGraph(
  frame: Int32Array,
  edges: { count: number; source: ArrayLike<number>; target: ArrayLike<number> },
): SpaceGraph {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const one of frame) {
    if (one < first) first = one;
    if (one > last) last = one;
  }
  if (first > last) [first, last] = [0, 0];
  const offsets = new Uint32Array(last - first + 2);
  for (let edge = 0; edge < edges.count; edge++) offsets[frame[edges.target[edge]!]! - first + 1]!++;
  for (let at = 1; at < offsets.length; at++) offsets[at]! += offsets[at - 1]!;
  const next = offsets.slice();
  const source = new Uint32Array(edges.count);
  const target = new Uint32Array(edges.count);
  let longestStep = 1;
  for (let edge = 0; edge < edges.count; edge++) {
    const [from, to] = [edges.source[edge]!, edges.target[edge]!];
    const at = next[frame[to]! - first]!++;
    source[at] = from;
    target[at] = to;
    longestStep = Math.max(longestStep, frame[to]! - frame[from]!);
  }
  return { frame, count: edges.count, source, target, first, offsets, longestStep };
}

/** Edges that end in frames `from` to `to`, both included, as a range of the graph. */
export function edgesEndingIn(graph: SpaceGraph, from: number, to: number): { start: number; end: number } {
  const last = graph.offsets.length - 2;
  const a = Math.max(0, from - graph.first);
  const b = Math.min(last, to - graph.first);
  return a > b ? { start: 0, end: 0 } : { start: graph.offsets[a]!, end: graph.offsets[b + 1]! };
}

/**
 * Reads frames and edges of a set: a few bytes an object, without positions and features. Ids are read only where they are not
 * the rows themselves.
 * @returns `undefined` where the set has more edges than a browser holds
 */
export async function readGraph(
  slabs: ObjectSlabs,
  edgesSource: ByteSource,
  onProgress?: (done: number) => void,
  signal?: AbortSignal,
): Promise<(SpaceGraph & { rowOf(id: number): number }) | undefined> {
  const { table } = slabs;
  const edges = await RangeTable.open(edgesSource);
  if (edges.rows > mostEdges) return undefined;
  const frame = new Int32Array(table.rows);
  for await (const { start, values } of table.column('frame', signal)) frame.set(values as ArrayLike<number>, start);
  const rowOf = await rowsById(slabs, signal);
  if (!rowOf) return undefined;
  const source = new Uint32Array(edges.rows);
  const target = new Uint32Array(edges.rows);
  let count = 0;
  const ends = ['source_object_id', 'target_object_id'];
  for await (const { group, columns } of edges.each([...edges.groups.keys()], ends, signal)) {
    const { start, end } = edges.groups[group]!;
    const [from, to] = columns;
    for (let row = 0; row < end - start; row++) {
      const [a, b] = [rowOf(from!.values[row] as number), rowOf(to!.values[row] as number)];
      if (a < 0 || b < 0) continue;
      source[count] = a;
      target[count] = b;
      count++;
    }
    onProgress?.(end / Math.max(1, edges.rows));
  }
  return { ...spaceGraph(frame, { count, source, target }), rowOf };
}

/** Most objects whose ids are looked up where they are in no order: a map holds no more. */
const mostMapped = 16_000_000;

/** Finds the row of an object by its id, -1 for none; `undefined` where there are too many ids in no order. */
async function rowsById(
  { table }: ObjectSlabs,
  signal: AbortSignal | undefined,
): Promise<((id: number) => number) | undefined> {
  if (idsAreRows(table.groups)) return (id) => (Number.isInteger(id) && id >= 0 && id < table.rows ? id : -1);
  const ids = new Float64Array(table.rows);
  for await (const { start, values } of table.column('object_id', signal)) ids.set(values as ArrayLike<number>, start);
  if (ids.every((id, row) => row === 0 || id > ids[row - 1]!)) return (id) => rowOfSorted(ids, id);
  if (ids.length > mostMapped) return undefined;
  const rows = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) rows.set(ids[row]!, row);
  return (id) => rows.get(id) ?? -1;
}

function rowOfSorted(ids: Float64Array, id: number): number {
  let [low, high] = [0, ids.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] === id) return middle;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Lives of cells, with frames as times. */
export function livesOf(graph: SpaceGraph): Lineages {
  const { frame, count, source, target } = graph;
  return lineagesOf({ count: frame.length, frame, time: frame, frameInterval: 1, edges: { count, source, target } });
}

/** A part of all lineages that has a colour of its own. */
export interface LineageGroup {
  /** Its first life. */
  life: number;
  /** Objects in it, over all time. */
  objects: number;
}

/**
 * Divides the lineages into at most `most` parts: the largest part that divides is taken apart at its first division until there
 * are enough, as founder cells are named by the first divisions of an embryo. Lives before the parts belong to none.
 * @returns the parts, largest first, and of each life the part it belongs to, -1 for none
 */
export function lineageGroups(
  { lives }: Pick<Lineages, 'lives'>,
  most = 7,
): { groups: LineageGroup[]; groupOfLife: Int32Array } {
  const sizes = subtreeSizes(lives);
  const bySize = (a: number, b: number) => sizes[b]! - sizes[a]! || a - b;
  // What lives merged into belongs to the tree of one of them.
  const parts = lives.flatMap(({ mother, begins, daughters }, index) =>
    mother < 0 && begins !== 'merge' && daughters.length > 0 ? [index] : [],
  );
  parts.sort(bySize);
  // Where there are more trees than colours, the largest have one each.
  while (parts.length < most) {
    const at = parts.findIndex((part) => {
      const { daughters } = lives[part]!;
      return daughters.length > 1 && parts.length - 1 + daughters.length <= most;
    });
    if (at < 0) break;
    const [part] = parts.splice(at, 1);
    for (const daughter of lives[part!]!.daughters) if (!parts.includes(daughter)) parts.push(daughter);
    parts.sort(bySize);
  }
  const chosen = parts.slice(0, most);
  const groupOfLife = new Int32Array(lives.length).fill(-1);
  for (const [group, root] of chosen.entries()) for (const life of descendants(lives, root)) groupOfLife[life] = group;
  const objects = new Float64Array(chosen.length);
  for (const [life, group] of groupOfLife.entries()) if (group >= 0) objects[group]! += lives[life]!.objects;
  return { groups: chosen.map((life, group) => ({ life, objects: objects[group]! })), groupOfLife };
}

/** A life and all that descend from it, nearest first. What several mothers merged into is there once: it would be there for each way that leads to it. */
export function descendants(lives: readonly Life[], root: number): number[] {
  const found = new Set([root]);
  for (const life of found) for (const daughter of lives[life]!.daughters) found.add(daughter);
  return [...found];
}

/** Lives before, in and after a life: at any time, what became of it or what it came from. */
export function lineageOf(lives: readonly Life[], life: number): Set<number> {
  const found = new Set(descendants(lives, life));
  for (let at = lives[life]!.mother; at >= 0 && !found.has(at); at = lives[at]!.mother) found.add(at);
  return found;
}

/** The first mother of a life. */
export function rootOf(lives: readonly Life[], life: number): number {
  let at = life;
  // A loop in the data would have no root; lives are no more than their number apart.
  for (let steps = 0; lives[at]!.mother >= 0 && steps < lives.length; steps++) at = lives[at]!.mother;
  return at;
}

/** Objects of each life and all its descendants. */
function subtreeSizes(lives: readonly Life[]): Float64Array {
  const sizes = Float64Array.from(lives, ({ objects }) => objects);
  // Daughters begin after their mother ends, so the latest come first.
  const byStart = lives.map((_, index) => index).sort((a, b) => lives[b]!.firstFrame - lives[a]!.firstFrame);
  for (const life of byStart) {
    const { mother } = lives[life]!;
    if (mother >= 0) sizes[mother]! += sizes[life]!;
  }
  return sizes;
}
