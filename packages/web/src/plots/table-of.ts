/** The first rows of a CSV as cells; numbers are shortened to five digits, for people. */
export function tableOf(csv: string, most: number): { head: string[]; rows: string[][]; count: number } {
  const lines = csv
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/);
  const [head = '', ...rest] = lines;
  return {
    head: cellsOf(head),
    rows: rest.slice(0, most).map((line) => cellsOf(line).map(shortened)),
    count: rest.length,
  };
}

/** Cells of a line: quotes hold commas, two of them stand for one. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  return cells;
}

function shortened(cell: string): string {
  return /^-?\d+\.\d{5,}(?:e[+-]?\d+)?$/i.test(cell) ? String(Number(Number(cell).toPrecision(5))) : cell;
}
