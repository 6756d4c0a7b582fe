/** A row of a text table and the one-based line it starts on. */
export interface TextRow {
  cells: string[];
  line: number;
}

/**
 * Splits a text table into rows. A cell that begins with a quote runs to its closing quote, line ends included; a quote
 * is doubled within. A quote that never closes is taken as it stands, so that one stray mark does not swallow the file.
 */
export function splitTable(text: string, separator: '\t' | ','): TextRow[] {
  const rows: TextRow[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row: TextRow = { cells: [], line };
    for (;;) {
      const cell = cellAt(text, at, separator);
      row.cells.push(cell.value);
      line += cell.lines;
      at = cell.end;
      if (text[at] !== separator) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    rows.push(row);
  }
  return rows;
}

function cellAt(text: string, at: number, separator: string): { value: string; end: number; lines: number } {
  if (text[at] === '"') {
    const closed = /"((?:[^"]|"")*)"(?=[\t,\r\n]|$)/y;
    closed.lastIndex = at;
    const match = closed.exec(text);
    const end = at + (match?.[0].length ?? 0);
    const next = text[end];
    if (match && (next === undefined || next === separator || next === '\r' || next === '\n'))
      return { value: match[1]!.replaceAll('""', '"'), end, lines: match[0].split('\n').length - 1 };
  }
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end++;
  const value = text.slice(at, end);
  return value.endsWith('\r') ? { value: value.slice(0, -1), end: end - 1, lines: 0 } : { value, end, lines: 0 };
}

/** A cell as written: quoted where it holds the separator, a quote or a line end. */
export function writeCell(value: string, separator: '\t' | ','): string {
  return value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows as text, line feeds between them. */
export function writeTable(rows: readonly (readonly string[])[], separator: '\t' | ','): string {
  return rows.map((cells) => `${cells.map((cell) => writeCell(cell, separator)).join(separator)}\n`).join('');
}
