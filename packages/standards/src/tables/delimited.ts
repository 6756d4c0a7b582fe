/** A row of a text table and the one-based line it starts on. */
export interface TextRow {
  cells: string[];
  line: number;
}

/** What parts the cells of a text table. */
export type Separator = '\t' | ',' | ';';

/** Lines looked at to find the separator. */
const headLines = 20;

/**
 * The separator of a text table: a tab where there is one, else what parts more of the first lines into more cells. Programs
 * of languages with a decimal comma write semicolons.
 */
export function separatorOf(text: string): Separator {
  const head = text.slice(0, 10_000);
  if (head.includes('\t')) return '\t';
  const said = /^\ufeff?sep=([,;])\r?$/m.exec(head.slice(0, 20))?.[1];
  if (said !== undefined) return said as Separator;
  const score = (separator: Separator) => {
    const widths = splitTable(head, separator)
      .slice(0, headLines)
      .map(({ cells }) => cells.length)
      .filter((width) => width > 1);
    return widths.length === 0 ? 0 : widths.length + Math.min(...widths);
  };
  return score(';') > score(',') ? ';' : ',';
}

/** Rows of a text table, whatever parts its cells; a first line that only names the separator is left out. */
export function tableRows(text: string): TextRow[] {
  const rows = splitTable(text, separatorOf(text));
  return /^\ufeff?sep=[,;\t]\r?\n/.test(text) ? rows.slice(1) : rows;
}

/**
 * Splits a text table into rows. A cell that begins with a quote runs to its closing quote, line ends included; a quote
 * is doubled within, blanks may stand behind the closing one. A quote that never closes is taken as it stands, so that one
 * stray mark does not swallow the file. Lines end as on any system, those of old Macintosh programs included.
 */
export function splitTable(text: string, separator: Separator): TextRow[] {
  const rows: TextRow[] = [];
  const isOld = endsByReturns(text);
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row: TextRow = { cells: [], line };
    for (;;) {
      const cell = cellAt(text, at, separator, isOld);
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

/** Do most lines end with a carriage return alone? In other files one within a cell is part of its text. */
function endsByReturns(text: string): boolean {
  let returns = 0;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) returns += text[at + 1] === '\n' ? -1 : 1;
  if (returns <= 0) return false;
  for (let at = text.indexOf('\n'); at >= 0 && returns > 0; at = text.indexOf('\n', at + 1))
    if (text[at - 1] !== '\r') returns--;
  return returns > 0;
}

function cellAt(
  text: string,
  at: number,
  separator: string,
  isOld: boolean,
): { value: string; end: number; lines: number } {
  const close = text[at] === '"' ? closingQuote(text, at, separator) : -1;
  if (close >= 0) {
    const raw = text.slice(at + 1, close);
    let lines = 0;
    for (let next = raw.indexOf('\n'); next >= 0; next = raw.indexOf('\n', next + 1)) lines++;
    let end = close + 1;
    while (text[end] === ' ') end++;
    return { value: raw.replaceAll('""', '"'), end, lines };
  }
  let end = at;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && !(isOld && text[end] === '\r')) end++;
  const value = text.slice(at, end);
  return value.endsWith('\r') ? { value: value.slice(0, -1), end: end - 1, lines: 0 } : { value, end, lines: 0 };
}

/** Where the quoted cell that begins at `at` closes; -1 where nothing but the end of a cell follows its quote. */
function closingQuote(text: string, at: number, separator: string): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    if (text[quote + 1] === '"') continue;
    let behind = quote + 1;
    while (text[behind] === ' ') behind++;
    const next = text[behind];
    return next === undefined || next === separator || next === '\r' || next === '\n' ? quote : -1;
  }
  return -1;
}

/** A cell as written: quoted where it holds the separator, a quote or a line end. */
export function writeCell(value: string, separator: '\t' | ','): string {
  return value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows as text, line feeds between them. */
export function writeTable(rows: readonly (readonly string[])[], separator: '\t' | ','): string {
  return rows.map((cells) => `${cells.map((cell) => writeCell(cell, separator)).join(separator)}\n`).join('');
}
