/**
 * Pairs rows with columns at the smallest total cost, each column at most once; a row may stay alone at its own cost.
 * Kuhn's Hungarian method with potentials (Jonker and Volgenant's shortest paths), O(rows² × columns); equal totals are
 * broken by the order of the rows.
 * @param cost of a pair; `Infinity` where it is not allowed
 * @param alone cost of a row without a column
 * @param most steps to take at most
 * @returns per row its column, -1 for alone; `undefined` where it would take more steps
 */
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
  alone: (row: number) => number,
): Int32Array;
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
  alone: (row: number) => number,
  most: number,
): Int32Array | undefined;
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
  alone: (row: number) => number,
  most = Number.POSITIVE_INFINITY,
): Int32Array | undefined {
  // A private column for each row stands for "alone".
  const width = columns + rows;
  const priceOf = (row: number, column: number): number =>
    column < columns ? cost(row, column) : column - columns === row ? alone(row) : Number.POSITIVE_INFINITY;
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(width + 1);
  const rowOf = new Int32Array(width + 1);
  let steps = 0;
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    const best = new Float64Array(width + 1).fill(Number.POSITIVE_INFINITY);
    const way = new Int32Array(width + 1);
    const isUsed = new Uint8Array(width + 1);
    let at = 0;
    do {
      if ((steps += width) > most) return undefined;
      isUsed[at] = 1;
      const current = rowOf[at]!;
      let [smallest, next] = [Number.POSITIVE_INFINITY, -1];
      for (let column = 1; column <= width; column++) {
        if (isUsed[column] === 1) continue;
        const reduced = priceOf(current - 1, column - 1) - rowPotential[current]! - columnPotential[column]!;
        if (reduced < best[column]!) {
          best[column] = reduced;
          way[column] = at;
        }
        if (best[column]! < smallest) {
          smallest = best[column]!;
          next = column;
        }
      }
      for (let column = 0; column <= width; column++) {
        if (isUsed[column] === 1) {
          rowPotential[rowOf[column]!]! += smallest;
          columnPotential[column]! -= smallest;
        } else best[column]! -= smallest;
      }
      at = next;
    } while (rowOf[at] !== 0);
    for (; at !== 0; at = way[at]!) rowOf[at] = rowOf[way[at]!]!;
  }
  const columnOf = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++) if (rowOf[column]! > 0) columnOf[rowOf[column]! - 1] = column - 1;
  return columnOf;
}
