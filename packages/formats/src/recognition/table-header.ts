/** The first lines of a delimited text. */
export interface TableHeader {
  delimiter: string;
  /** Cells of the first line that has any, unquoted and trimmed. */
  cells: readonly string[];
  /** The same in lower case, for comparing. */
  names: readonly string[];
  /** The line after it. */
  next: readonly string[];
}

const delimiters = ['\t', ',', ';', '|'] as const;

/**
 * Splits the first line of a text at the delimiter that splits the first 50 lines most evenly. `undefined` for a text
 * without lines; one cell where nothing splits it.
 */
export function tableHeader(text: string): TableHeader | undefined {
  const lines = text
    .slice(0, 65_536)
    .split(/\r\n|\n|\r/, 60)
    .filter((line) => line.trim() !== '');
  if (lines[0] === undefined) return undefined;
  const first = unquotedHeader(lines[0], lines[1]);
  lines[0] = first;
  let delimiter = ',';
  let best = 0;
  for (const candidate of delimiters) {
    const counts = lines.slice(0, 50).map((line) => splitCells(line, candidate).length);
    const columns = counts[0]!;
    const even = counts.filter((count) => count === columns).length / counts.length;
    const score = columns > 1 ? even * Math.log2(columns) : 0;
    if (score > best) [best, delimiter] = [score, candidate];
  }
  const cells = splitCells(first, delimiter);
  return {
    delimiter,
    cells,
    names: cells.map((cell) => cell.toLowerCase()),
    next: splitCells(lines[1] ?? '', delimiter),
  };
}

/** A first line that a program took for one text, in quotes: the columns within, where they are as many as below it. */
function unquotedHeader(line: string, next: string | undefined): string {
  if (next === undefined || !line.includes('""') || !line.startsWith('"') || !/^"(?:[^"]|"")*"\s*$/.test(line))
    return line;
  const within = line.trim().slice(1, -1).replaceAll('""', '"');
  const isHeader = delimiters.some((delimiter) => {
    const columns = splitCells(within, delimiter).length;
    return columns > 1 && columns === splitCells(next, delimiter).length;
  });
  return isHeader ? within : line;
}

/** Splits a line into cells; quotes hold delimiters, doubled quotes stand for one. */
export function splitCells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (char === '"') {
      if (quoted && line[i + 1] === '"') cell += line[++i]!;
      else quoted = !quoted;
    } else if (char === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}
