/** Product of two matrices of 4 x 4, column by column as graphics cards have them. */
export function multiplied(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from({ length: 16 }, (_, at) => {
    const [column, row] = [at >> 2, at & 3];
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += a[k * 4 + row]! * b[column * 4 + k]!;
    return sum;
  });
}

/** A matrix times x, y, z and 1. */
export function transformed(
  matrix: ArrayLike<number>,
  [x, y, z]: readonly [number, number, number],
): [number, number, number, number] {
  const part = (row: number) => matrix[row]! * x + matrix[4 + row]! * y + matrix[8 + row]! * z + matrix[12 + row]!;
  return [part(0), part(1), part(2), part(3)];
}

/** The matrix that undoes another, by elimination with the largest pivot; `undefined` where there is none. */
export function inverted(matrix: ArrayLike<number>): number[] | undefined {
  const rows = Array.from({ length: 4 }, (_, row) =>
    Array.from({ length: 8 }, (_, at) => (at < 4 ? matrix[at * 4 + row]! : at - 4 === row ? 1 : 0)),
  );
  for (let column = 0; column < 4; column++) {
    let pivot = column;
    for (let row = column + 1; row < 4; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    const chosen = rows[pivot]!;
    const divisor = chosen[column]!;
    if (!(Math.abs(divisor) > 0) || !Number.isFinite(divisor)) return undefined;
    rows[pivot] = rows[column]!;
    rows[column] = chosen.map((value) => value / divisor);
    for (let row = 0; row < 4; row++) {
      const factor = rows[row]![column]!;
      if (row !== column) rows[row] = rows[row]!.map((value, at) => value - factor * rows[column]![at]!);
    }
  }
  return Array.from({ length: 16 }, (_, at) => rows[at & 3]![4 + (at >> 2)]!);
}
