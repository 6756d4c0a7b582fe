import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { NumberList } from '../../tables/delimited/id-index.ts';
import type { TableRow } from '../../tables/delimited/table-scan.ts';
import { RowsById } from '../graph-check.ts';
import type { CellprofilerColumns } from './table-columns.ts';

/** Object numbers above this are none; with image numbers below 2^32 a pair stays an exact whole number. */
const mostObjects = 2 ** 20;

/** One number for an image and an object in it; NaN where either is none. */
function keyOf(image: number, object: number): number {
  return image > 0 && object > 0 && object < mostObjects && image < 2 ** 32
    ? Math.round(image) * mostObjects + Math.round(object)
    : Number.NaN;
}

/** What must be known of all rows before the first is handed on. */
export interface CellprofilerSurvey {
  /** Row of the parent of each row, -1 where there is none. */
  parent: Int32Array;
  /** Rows whose parent is named and not there. */
  orphans: number[];
  /** Rows with an image and object number that an earlier row has. */
  repeated: readonly number[];
  /** Positions rebuilt from displacements; left out where the table has positions. */
  relative?: { x: Float64Array; y: Float64Array };
  /** First frame as the table counts: smallest image number of each group. */
  firstImage: ReadonlyMap<number, number>;
  /** Smallest frame of the group column. */
  firstGroupFrame: number;
  /** Do all rows of each group follow each other? */
  groupsContiguous: boolean;
  /** Distinct z values, up to two. */
  depths: number;
}

/** Reads what the parents, groups and displacements of all rows say: 16 bytes a row, 32 where there are no positions. */
export class CellprofilerSurveyor {
  private readonly columns: CellprofilerColumns;
  private readonly keys = new NumberList();
  private readonly parents = new NumberList();
  private readonly moves: { x: NumberList; y: NumberList } | undefined;
  private readonly firstImage = new Map<number, number>();
  private readonly depths = new Set<number>();
  private firstGroupFrame = Number.POSITIVE_INFINITY;
  private group = Number.NaN;
  private contiguous = true;

  constructor(columns: CellprofilerColumns) {
    this.columns = columns;
    const isRelative = columns.x < 0 && columns.moveX >= 0 && columns.moveY >= 0;
    this.moves = isRelative ? { x: new NumberList(), y: new NumberList() } : undefined;
  }

  see(row: TableRow): void {
    const { columns } = this;
    const image = cellNumber(row, columns.image);
    this.keys.push(keyOf(image, cellNumber(row, columns.object)));
    this.parents.push(keyOf(cellNumber(row, columns.parentImage), cellNumber(row, columns.parentObject)));
    this.moves?.x.push(cellNumber(row, columns.moveX));
    this.moves?.y.push(cellNumber(row, columns.moveY));
    const group = groupOf(row, columns);
    const first = this.firstImage.get(group);
    if (group !== this.group && first !== undefined) this.contiguous = false;
    this.group = group;
    if (Number.isFinite(image) && !(first !== undefined && first <= image)) this.firstImage.set(group, image);
    const frame = cellNumber(row, columns.groupFrame);
    if (frame < this.firstGroupFrame) this.firstGroupFrame = frame;
    if (columns.z >= 0 && this.depths.size < 2) this.depths.add(cellNumber(row, columns.z));
  }

  finish(): CellprofilerSurvey {
    const { moves } = this;
    const keys = this.keys.toArray();
    // Rows without a key must not be found: each gets a number of its own that no parent names.
    for (let row = 0; row < keys.length; row++) if (Number.isNaN(keys[row]!)) keys[row] = -1 - row;
    const rows = new RowsById(keys);
    const parent = new Int32Array(keys.length).fill(-1);
    const orphans: number[] = [];
    for (let row = 0; row < keys.length; row++) {
      const wanted = this.parents.at(row);
      if (Number.isNaN(wanted)) continue;
      const found = rows.row(wanted);
      if (found >= 0 && found !== row) parent[row] = found;
      else orphans.push(row);
    }
    return {
      parent,
      orphans,
      repeated: rows.repeated,
      ...(moves ? { relative: addUp(parent, moves.x.toArray(), moves.y.toArray()) } : {}),
      firstImage: this.firstImage,
      firstGroupFrame: this.firstGroupFrame,
      groupsContiguous: this.contiguous,
      depths: this.depths.size,
    };
  }
}

/** Number in a cell; NaN where there is none. */
export function cellNumber(row: TableRow, at: number): number {
  return at < 0 ? Number.NaN : (parseNumber(row.cells[at] ?? '') ?? Number.NaN);
}

/** Group of a row; 0 where the table has none. */
export function groupOf(row: TableRow, columns: CellprofilerColumns): number {
  const group = cellNumber(row, columns.group);
  return Number.isFinite(group) ? group : 0;
}

/** Adds displacements up along parents, from 0 at each first object. Parents that run in a circle start at 0 too. */
function addUp(parent: Int32Array, moveX: Float64Array, moveY: Float64Array): { x: Float64Array; y: Float64Array } {
  const count = parent.length;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const state = new Uint8Array(count);
  const way: number[] = [];
  for (let start = 0; start < count; start++) {
    let at = start;
    while (at >= 0 && state[at] === 0) {
      state[at] = 1;
      way.push(at);
      at = parent[at]!;
    }
    for (let row = way.pop(); row !== undefined; row = way.pop()) {
      const from = parent[row]!;
      if (from >= 0 && state[from] === 2) {
        x[row] = x[from]! + (moveX[row]! || 0);
        y[row] = y[from]! + (moveY[row]! || 0);
      }
      state[row] = 2;
    }
  }
  return { x, y };
}
