import type { Issue } from '@micrarium/model';
import type { SheetRow, WorkbookSheet } from '../../containers/workbook.ts';
import { type TableDialect, describeRecords, maxColumns } from '../delimited/dialect.ts';
import type { MappableTable } from '../delimited/mapped-table.ts';
import type { TableRow } from '../delimited/table-scan.ts';

/** A table found on a sheet. */
export interface SheetTable extends MappableTable {
  dialect: TableDialect;
  /** One-based row of the header (of the first data row where there is none). */
  headerRow: number;
  /** What the last walk over its rows found wrong with the cells. */
  issues: Issue[];
}

/** Rows looked at to find the header. */
const headRows = 300;
/** A header stands within so many rows that have values. */
const mostTitles = 20;

/**
 * Finds the table of a sheet: its header is the first row that is about as wide as the rows after it; titles above,
 * empty columns beside and a row of units below do not count. `undefined` for a sheet without two rows and columns.
 */
export async function findSheetTable(sheet: WorkbookSheet, signal?: AbortSignal): Promise<SheetTable | undefined> {
  const head: SheetRow<string>[] = [];
  for await (const batch of sheet.textRows(signal ? { signal } : {})) {
    head.push(...batch.slice(0, headRows - head.length));
    if (head.length >= headRows) break;
  }
  const first = headerIndex(head);
  if (first === undefined) return undefined;
  const rows = head.slice(first);
  const left = Math.min(...rows.map(({ cells }) => cells.findIndex((cell) => cell !== undefined)));
  const width = Math.min(maxColumns, Math.max(...rows.map(({ cells }) => lastFilled(cells) + 1)) - left);
  if (width < 2 || rows.length < 2) return undefined;
  const records = rows.map(({ cells }) => cellTexts(cells, left, width));
  const dialect = describeRecords(
    { records, lines: rows.map(({ row }) => row), blocks: blocksOf(rows), columns: width, consistency: 1 },
    { delimiter: ',', encoding: 'utf-8' },
  );
  const issues: Issue[] = [];
  return {
    name: sheet.name,
    issues,
    dialect,
    headerRow: rows[0]!.row,
    async *rows(_tally, { signal: stop, onFraction }) {
      let at: Position = { row: 0, line: 0, block: 0 };
      issues.length = 0;
      const options = {
        ...(stop ? { signal: stop } : {}),
        ...(onFraction ? { onProgress: onFraction } : {}),
        onIssue: (issue: Issue) => void issues.push(issue),
      };
      for await (const batch of sheet.textRows(options)) {
        const taken = tableRowsOf(batch, dialect.firstDataLine, left, width, at);
        at = taken.at;
        yield taken.rows;
      }
    },
  };
}

interface Position {
  /** Data rows so far. */
  row: number;
  /** Row of the sheet that was taken last, 0 before the first. */
  line: number;
  block: number;
}

function tableRowsOf(batch: readonly SheetRow<string>[], from: number, left: number, width: number, start: Position) {
  let { row, line, block } = start;
  const rows: TableRow[] = [];
  for (const { row: sheetRow, cells } of batch) {
    if (sheetRow < from) continue;
    // Blank rows separate groups, as blank lines of a text do.
    if (line > 0 && sheetRow > line + 1) block++;
    line = sheetRow;
    rows.push({ cells: cellTexts(cells, left, width), row: row++, line, block });
  }
  return { rows, at: { row, line, block } };
}

function headerIndex(head: readonly SheetRow<string>[]): number | undefined {
  const filled = head.map(({ cells }) => cells.reduce((sum, cell) => sum + (cell === undefined ? 0 : 1), 0));
  for (let i = 0; i < Math.min(mostTitles, filled.length - 1); i++) {
    const after = filled.slice(i + 1, i + 51).sort((a, b) => a - b);
    const usual = after[after.length >> 1]!;
    if (filled[i]! >= 2 && filled[i]! >= 0.6 * usual) return i;
  }
  return undefined;
}

function lastFilled(cells: readonly (string | undefined)[]): number {
  let last = cells.length - 1;
  while (last >= 0 && cells[last] === undefined) last--;
  return last;
}

function cellTexts(cells: readonly (string | undefined)[], left: number, width: number): string[] {
  const texts: string[] = [];
  for (let i = 0; i < width; i++) texts.push(cells[left + i] ?? '');
  return texts;
}

function blocksOf(rows: readonly SheetRow<string>[]): number[] {
  let block = 0;
  return rows.map(({ row }, i) => (i > 0 && row > rows[i - 1]!.row + 1 ? ++block : block));
}
