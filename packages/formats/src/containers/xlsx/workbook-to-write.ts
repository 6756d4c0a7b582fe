/** What a cell may be given. A `Date` is written as Excel's date and time, in UTC; `undefined` and `null` leave it empty. */
export type CellToWrite = string | number | boolean | Date | null | undefined;

/** A column of a sheet that is written. */
export interface ColumnToWrite {
  /** Text of the header cell. */
  header: string;
  /** Width in characters; fitted to the header where left out. */
  width?: number;
  /** Help that opens when the pointer rests on the header. */
  comment?: string;
  /** Is the header shown as one that must be filled in? */
  required?: boolean;
  /** Values offered in a list for every cell of the column. */
  choices?: readonly string[];
  /** Refuses values that are not in the list; otherwise the program only warns. */
  strict?: boolean;
  /** A short help beside a selected cell, at most 255 characters. */
  prompt?: string;
  /** Number format of the column's cells (`0.00`, `yyyy-mm-dd`, `@` for text). */
  format?: string;
}

/** A sheet that is written: header, then rows. */
export interface SheetToWrite {
  /** Name on the tab: 1 to 31 characters without `[]:*?/\`. */
  name: string;
  columns: readonly ColumnToWrite[];
  rows?: Iterable<readonly CellToWrite[]> | AsyncIterable<readonly CellToWrite[]>;
  /** Lines in bold above the header. */
  titles?: readonly string[];
  /** Keeps the header in sight while scrolling; yes unless said. */
  freezeHeader?: boolean;
  hidden?: boolean;
  /** How many rows below the header get the lists of choices; 1,000 unless said. */
  choiceRows?: number;
}

/** The workbook cannot be written as asked: a name or text that Excel refuses. A fault of the program. */
export class WorkbookWriteError extends Error {
  override readonly name = 'WorkbookWriteError';
}
