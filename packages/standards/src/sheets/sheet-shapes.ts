/** A column of a sheet that is to be written, as spreadsheet writers take it. */
export interface StudySheetColumn {
  header: string;
  width?: number;
  comment?: string;
  required?: boolean;
  choices?: readonly string[];
  /** Refuses values outside the list. */
  strict?: boolean;
  prompt?: string;
  format?: string;
}

/** A sheet that is to be written: header, then rows of texts. */
export interface StudySheet {
  name: string;
  columns: StudySheetColumn[];
  rows: string[][];
  titles?: string[];
}

/** A cell as read: dates as ISO text. */
export type ReadCell = string | number | boolean | undefined;

/** A sheet as read; blank rows may be left out. */
export interface ReadSheet {
  name: string;
  rows: { /** One-based, as the program shows it. */ row: number; cells: readonly ReadCell[] }[];
}

/** Letters of a column: A, B … Z, AA. @param index from 0 */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}
