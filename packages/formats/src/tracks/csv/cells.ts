import type { Column } from '@micrarium/model';

/**
 * A text cell that no spreadsheet takes for a formula: text that begins with `=`, `+`, `-`, `@`, tab or carriage
 * return gets an apostrophe in front (OWASP, "CSV Injection"), except plain numbers, which are harmless. Quoted where
 * RFC 4180 asks for it; empty text is `""`, so that it differs from an absent value.
 */
export function textCell(text: string): string {
  const safe = guardedText(text);
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Text with an apostrophe in front where a spreadsheet would compute it. */
export function guardedText(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** Would a spreadsheet compute this text? */
export function isFormula(text: string): boolean {
  return /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(text) && !/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text);
}

/** A number in its shortest exact spelling; `NaN`, `inf` and `-inf` as pandas and R read them. */
export function numberCell(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return String(value);
}

/** One value of a column; absent is empty. */
export function columnCell(column: Column, row: number): string {
  if (column.missing?.[row] === 1) return '';
  const value = column.values[row]!;
  if (typeof value === 'string') return textCell(value);
  if (column.type === 'bool') return value === 1 ? 'true' : 'false';
  return numberCell(value);
}
