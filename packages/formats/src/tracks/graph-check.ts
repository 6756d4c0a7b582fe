import { defineIssues, type Issue } from '@micrarium/model';

/** Issues any track reader may meet in the graph, found here once for all formats. */
export const graphIssue = defineIssues({
  'duplicate-object-id': {
    severity: 'error',
    meaning:
      'Two objects carry the same id, so edges that name it are ambiguous. Both objects are kept, the later ones renumbered; edges go to the first.',
    hint: 'Give every object its own id in the tracking program and export again.',
    example:
      'Spot 2018 stands twice in a TrackMate file, in frames 3 and 4; the second becomes 5001, and the edge 2018 → 2019 starts at the first.',
  },
  'dangling-link': {
    severity: 'error',
    meaning: 'An edge names an object that is not in the file. The edge is left out.',
    hint: 'Export again with all objects, or remove the edge.',
    example: 'An edge goes from spot 2018 to spot 2044, and no spot has the id 2044.',
  },
  'backward-link': {
    severity: 'info',
    meaning:
      'An edge was written from a later object to an earlier one. It is read turned around, because edges run forward in time.',
    hint: 'Nothing has to be done; a program that relies on the order of the two ends should be told.',
    example: 'An edge goes from an object of frame 7 to one of frame 6; it is read from frame 6 to frame 7.',
  },
  'same-frame-link': {
    severity: 'warning',
    meaning: 'An edge joins two objects of one frame, which no movement explains. The edge is left out.',
    hint: 'Check the frames of the two objects.',
    example: 'Two nuclei that divide are joined in frame 12, where both are seen; the edge between them is left out.',
  },
  'duplicate-edge': {
    severity: 'warning',
    meaning: 'The same edge occurs more than once. It is kept once.',
  },
  'nan-coordinate': {
    severity: 'warning',
    meaning: 'An object has no finite position. It is kept, but cannot be drawn.',
    hint: 'Correct the coordinates in the source if the object should be seen.',
    example: 'The x of object 17 is “NaN” or empty; its frame and features are kept.',
  },
});

/**
 * Finds the row of an object by its id. Ids that lie close take a plain table, others a hash table with open
 * addressing (salted, so that no file can be made to collide): at most 12 bytes an object.
 */
export class RowsById {
  /** Rows whose id an earlier row has. */
  readonly repeated: readonly number[];
  /** Memory held, in bytes. */
  readonly bytes: number;
  private readonly ids: Float64Array;
  private readonly first: number;
  private readonly dense: boolean;
  private readonly table: Int32Array;
  private readonly salt: number;

  /** @param ids one a row; kept, and asked again for every look-up */
  constructor(ids: Float64Array) {
    this.ids = ids;
    this.salt = Math.trunc(Math.random() * 2 ** 32) | 0;
    const range = idRange(ids);
    this.first = range.min;
    this.dense = range.whole && range.max - range.min < 2.5 * ids.length + 64;
    const size = this.dense ? range.max - range.min + 1 : 2 ** Math.ceil(Math.log2(Math.max(16, ids.length * 1.5)));
    this.table = new Int32Array(ids.length === 0 ? 0 : size).fill(-1);
    this.bytes = this.table.byteLength;
    const repeated: number[] = [];
    for (let row = 0; row < ids.length; row++) {
      const slot = this.slotOf(ids[row]!);
      if (this.table[slot] === -1) this.table[slot] = row;
      else repeated.push(row);
    }
    this.repeated = repeated;
  }

  /** Row of the first object with the id; -1 where there is none. */
  row(id: number): number {
    if (this.table.length === 0) return -1;
    if (this.dense && !(id >= this.first && id - this.first < this.table.length && Number.isInteger(id))) return -1;
    return this.table[this.slotOf(id)]!;
  }

  /** Slot that has the id, or the free one where it belongs. */
  private slotOf(id: number): number {
    if (this.dense) return id - this.first;
    const { table, ids } = this;
    const mask = table.length - 1;
    let hash = Math.imul((id >>> 0) ^ this.salt, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.floor(id / 2 ** 32), 0x85ebca6b);
    for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const row = table[slot]!;
      if (row === -1 || ids[row] === id) return slot;
    }
  }
}

function idRange(ids: Float64Array): { min: number; max: number; whole: boolean } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let whole = ids.length > 0;
  for (const id of ids) {
    if (id < min) min = id;
    if (id > max) max = id;
    if (!Number.isSafeInteger(id)) whole = false;
  }
  return { min, max, whole };
}

/**
 * Gives repeated ids new ones, in place, above all ids that occur.
 * @returns the issue that says so, where there are any
 */
export function renumberRepeated(ids: Float64Array, rows: RowsById, file: string): Issue | undefined {
  const [first] = rows.repeated;
  if (first === undefined) return undefined;
  const id = ids[first]!;
  let next = 0;
  for (const one of ids) next = Math.max(next, one + 1);
  for (const row of rows.repeated) ids[row] = next++;
  const message = `object id ${id} occurs more than once (${rows.repeated.length} repeated in all)`;
  return graphIssue('duplicate-object-id', message, { where: { file, row: first + 1 } });
}

/** Edges by the ids of their objects, as a source wrote them. */
export interface EdgeIds {
  count: number;
  sourceId: Float64Array;
  targetId: Float64Array;
}

type EdgeFault = 'dangling-link' | 'backward-link' | 'same-frame-link' | 'duplicate-edge';

/**
 * Turns edges from ids to rows, forward in time, and drops what is no edge: unknown objects, both in one frame,
 * repeated ones. Equal edges are looked for only among objects with several outgoing ones, so that plain tracks cost
 * no memory: 1 byte an object, 8 an edge that leaves a branching object.
 * @param take gets every edge that stays, in order: its position among all edges given, and its two rows
 */
export function checkEdges(
  batches: readonly EdgeIds[],
  rows: RowsById,
  frame: Int32Array,
  file: string,
  take: (position: number, source: number, target: number) => void,
): Issue[] {
  const faults = new EdgeFaults();
  const repeats = repeatedEdges(batches, rows, frame);
  let position = 0;
  for (const { count, sourceId, targetId } of batches)
    for (let i = 0; i < count; i++, position++) {
      const from = sourceId[i]!;
      const to = targetId[i]!;
      const a = rows.row(from);
      const b = rows.row(to);
      if (a < 0 || b < 0) faults.note('dangling-link', from, to);
      else if (frame[a] === frame[b]) faults.note('same-frame-link', from, to);
      else {
        const backward = frame[a]! > frame[b]!;
        if (backward) faults.note('backward-link', from, to);
        const source = backward ? b : a;
        const target = backward ? a : b;
        if (repeats?.isRepeat(source, target)) faults.note('duplicate-edge', from, to);
        else take(position, source, target);
      }
    }
  return faults.issues(file);
}

class EdgeFaults {
  private readonly found = new Map<EdgeFault, { count: number; first: string }>();

  note(code: EdgeFault, from: number, to: number): void {
    const found = this.found.get(code);
    if (found) found.count++;
    else this.found.set(code, { count: 1, first: `${from} → ${to}` });
  }

  issues(file: string): Issue[] {
    const order: EdgeFault[] = ['dangling-link', 'backward-link', 'same-frame-link', 'duplicate-edge'];
    return order.flatMap((code) => {
      const found = this.found.get(code);
      if (!found) return [];
      const { count, first } = found;
      return [
        graphIssue(code, `${count} ${count === 1 ? 'edge' : 'edges'}, first: objects ${first}`, { where: { file } }),
      ];
    });
  }
}

/** Edges that occur more than once, by a sorted list of them. */
class RepeatedEdges {
  private readonly keys: Float64Array;
  private readonly seen: Uint8Array;
  private readonly objects: number;

  constructor(keys: Float64Array, objects: number) {
    this.keys = keys;
    this.seen = new Uint8Array(keys.length);
    this.objects = objects;
  }

  /** Was this edge asked for before, and occurs it more than once? */
  isRepeat(source: number, target: number): boolean {
    const key = source * this.objects + target;
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    if (this.keys[low] !== key) return false;
    const before = this.seen[low]!;
    this.seen[low] = 1;
    return before === 1;
  }
}

/** Rows beyond which a pair of them is no exact whole number; sets of that size are not searched for equal edges. */
const mostObjects = 94_000_000;

function repeatedEdges(batches: readonly EdgeIds[], rows: RowsById, frame: Int32Array): RepeatedEdges | undefined {
  const objects = frame.length;
  if (objects > mostObjects) return undefined;
  const outgoing = new Uint8Array(objects);
  let several = 0;
  eachEdge(batches, rows, frame, (source) => {
    const before = outgoing[source]!;
    if (before === 1) several += 2;
    else if (before > 1) several++;
    if (before < 2) outgoing[source] = before + 1;
  });
  if (several === 0) return undefined;
  const keys = new Float64Array(several);
  let filled = 0;
  eachEdge(batches, rows, frame, (source, target) => {
    if (outgoing[source] === 2) keys[filled++] = source * objects + target;
  });
  keys.sort();
  let repeated = 0;
  for (let i = 1; i < keys.length; i++)
    if (keys[i] === keys[i - 1] && (repeated === 0 || keys[repeated - 1] !== keys[i])) keys[repeated++] = keys[i]!;
  return repeated === 0 ? undefined : new RepeatedEdges(keys.slice(0, repeated), objects);
}

function eachEdge(
  batches: readonly EdgeIds[],
  rows: RowsById,
  frame: Int32Array,
  visit: (source: number, target: number) => void,
): void {
  for (const { count, sourceId, targetId } of batches)
    for (let i = 0; i < count; i++) {
      const a = rows.row(sourceId[i]!);
      const b = rows.row(targetId[i]!);
      if (a < 0 || b < 0 || frame[a] === frame[b]) continue;
      if (frame[a]! < frame[b]!) visit(a, b);
      else visit(b, a);
    }
}

/** Says how many objects have no finite position. */
export function positionIssue(bad: number, total: number, firstRow: number, file: string): Issue | undefined {
  if (bad === 0) return undefined;
  const message = `${bad} of ${total} objects have no finite position`;
  return graphIssue('nan-coordinate', message, { where: { file, row: firstRow + 1 } });
}
