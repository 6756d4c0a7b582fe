import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../bytes/byte-source.ts';
import { openXls } from './xls/open-xls.ts';
import { openXlsx } from './xlsx/open-xlsx.ts';
import { workbookIssue } from './xlsx/workbook-issues.ts';

/** What a cell holds. Dates come as ISO 8601 text without a zone (`2024-03-01`, `2024-03-01T08:30:00`, `08:30:00`). */
export type SheetCell = string | number | boolean;

/** A row of a sheet that has at least one value; blank rows are left out. */
export interface SheetRow<Cell = SheetCell> {
  /** One-based row of the sheet, as the program shows it. */
  row: number;
  /** Cells from column A on; `undefined` where there is no value. */
  cells: (Cell | undefined)[];
}

/** How rows are asked for. */
export interface SheetOptions {
  signal?: AbortSignal;
  /** Gives every cell of a merged range the value of its first; otherwise only the first has it. One more pass. */
  fillMerged?: boolean;
  /** Fraction of the sheet read, now and then. */
  onProgress?(fraction: number): void;
  /** Takes what was found wrong while reading; each code once, with its count. */
  onIssue?(issue: Issue): void;
}

/** A sheet with cells. Each call reads it anew, in batches of rows; memory is one batch and the shared texts. */
export interface WorkbookSheet {
  /** Name on the tab. */
  name: string;
  /** Not shown by the program until asked for. */
  hidden: boolean;
  /** Rows with typed values. */
  rows(options?: SheetOptions): AsyncGenerator<SheetRow[]>;
  /** Rows with every value as text, numbers as the shortest that reads back the same; quicker for tables. */
  textRows(options?: SheetOptions): AsyncGenerator<SheetRow<string>[]>;
}

/** An open workbook; nothing of a sheet is read before its rows are asked for. */
export interface Workbook {
  /** `xlsx` (Office Open XML), `xls` (BIFF8) or `ods` (OpenDocument). */
  kind: 'xlsx' | 'xls' | 'ods';
  sheets: readonly WorkbookSheet[];
  /** Dates count from 1904 instead of 1900. */
  date1904: boolean;
}

/** A workbook, or why there is none. */
export interface OpenedWorkbook {
  workbook?: Workbook;
  issues: Issue[];
}

/** How much of a workbook is accepted. */
export interface WorkbookLimits {
  /** Characters of all shared texts together; 128 million unless said. They are the only part held in memory. */
  maxSharedCharacters?: number;
  /** Only the first rows are wanted: shared texts beyond the limit are left out instead of refusing the workbook. */
  firstRowsOnly?: boolean;
  signal?: AbortSignal;
}

/**
 * Opens a workbook, `.xlsx`, `.xls` or `.ods`, by its content. Never throws for what the file says: damaged, encrypted
 * or hostile ones give issues.
 */
export async function openWorkbook(source: ByteSource, limits: WorkbookLimits = {}): Promise<OpenedWorkbook> {
  const head = await source.read(0, 8, limits.signal);
  if (head[0] === 0x50 && head[1] === 0x4b) return openXlsx(source, limits);
  if (head[0] === 0xd0 && head[1] === 0xcf) return openXls(source, limits.signal);
  const where = { where: { file: source.name } };
  // Excel 2 to 4 wrote records without a container; the first is the beginning of a sheet.
  if (head[0] === 9 && [0, 2, 4].includes(head[1]!) && [4, 6, 8].includes(head[2]!) && head[3] === 0)
    return { issues: [workbookIssue('workbook-binary', 'a workbook of a version before Excel 5', where)] };
  return { issues: [workbookIssue('workbook-damaged', 'the file begins as no workbook does', where)] };
}
