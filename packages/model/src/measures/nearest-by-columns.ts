import { lengthOf } from './hull.ts';
import type { Positions } from './nearest-neighbours.ts';

/** Objects of one frame whose x lies close, in order of y. */
interface Column {
  rows: number[];
  /** Of the rows. */
  y: Float64Array;
  /** Of x. */
  least: number;
  most: number;
}

/**
 * Writes the distance of each of the rows to the nearest other one into `found`, in no order that means anything. Cuts a
 * frame into columns of about as many objects as there are columns, however unevenly they lie, so that few objects are
 * looked at for each.
 * @param rows objects of one frame, at least two, with finite positions
 */
export function nearestByColumns(positions: Positions, rows: Uint32Array, found: Float64Array): void {
  const { x, y } = positions;
  const sorted = Float64Array.from(rows, (row) => x[row]!).sort();
  const each = Math.ceil(Math.sqrt(rows.length));
  const borders = Float64Array.from({ length: Math.ceil(rows.length / each) }, (_, n) => sorted[n * each]!);
  const columns = Array.from(borders, (): Column => ({ rows: [], y: borders, least: Infinity, most: -Infinity }));
  for (const row of rows) {
    const column = columns[Math.max(0, firstAbove(borders, x[row]!) - 1)]!;
    column.rows.push(row);
    column.least = Math.min(column.least, x[row]!);
    column.most = Math.max(column.most, x[row]!);
  }
  for (const column of columns) {
    column.rows.sort((a, b) => y[a]! - y[b]!);
    column.y = Float64Array.from(column.rows, (row) => y[row]!);
  }
  let next = 0;
  for (const [n, column] of columns.entries())
    for (const row of column.rows) {
      let best = nearestInColumn(positions, column, row, Infinity);
      for (let left = n - 1; left >= 0 && !(x[row]! - columns[left]!.most >= best); left--)
        best = nearestInColumn(positions, columns[left]!, row, best);
      for (let right = n + 1; right < columns.length && !(columns[right]!.least - x[row]! >= best); right++)
        best = nearestInColumn(positions, columns[right]!, row, best);
      found[next++] = best;
    }
}

/** The smaller of `best` and the distance to the nearest other object of the column. */
function nearestInColumn({ x, y, z }: Positions, column: Column, row: number, best: number): number {
  const { rows, y: ordered } = column;
  const [px, py, pz] = [x[row]!, y[row]!, z[row]!];
  const from = firstAbove(ordered, py);
  let least = best;
  for (let n = from; n < rows.length && ordered[n]! - py < least; n++) {
    const other = rows[n]!;
    const distance = lengthOf(x[other]! - px, y[other]! - py, z[other]! - pz);
    if (distance < least) least = distance;
  }
  for (let n = from - 1; n >= 0 && py - ordered[n]! < least; n--) {
    const other = rows[n]!;
    if (other === row) continue;
    const distance = lengthOf(x[other]! - px, y[other]! - py, z[other]! - pz);
    if (distance < least) least = distance;
  }
  return least;
}

/** Place of the first value above another; the number of values where none is. */
function firstAbove(ordered: Float64Array, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
