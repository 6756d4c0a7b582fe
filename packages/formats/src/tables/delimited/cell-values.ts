/** What a cell says: a number, a truth value, text, or nothing. */
export type CellKind = 'missing' | 'int' | 'float' | 'bool' | 'text';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const integerPattern = /^[+-]?\d+$/;
const missingWords = new Set(['', 'na', 'n/a', 'null', 'none', 'nil', 'ø', '-', '#n/a']);
const notNumbers: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  '-nan': Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

/** Does the cell hold no value? Empty, or one of the words tables use for it; NaN is a value. */
export function isMissingCell(cell: string): boolean {
  return cell.length <= 4 && missingWords.has(cell.trim().toLowerCase());
}

/** The number in a cell, `undefined` where there is none. `NaN` and `Inf` in any spelling are numbers. */
export function parseNumber(cell: string, decimalComma = false): number | undefined {
  const text = decimalComma ? cell.trim().replace(',', '.') : cell.trim();
  if (numberPattern.test(text)) return Number(text);
  return text.length <= 9 ? notNumbers[text.toLowerCase()] : undefined;
}

/** Kind of a cell. Whole numbers that a float64 cannot hold are text, so that ids stay what they are. */
export function cellKind(cell: string, decimalComma = false): CellKind {
  if (isMissingCell(cell)) return 'missing';
  const text = cell.trim();
  if (integerPattern.test(text)) return Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER ? 'int' : 'text';
  if (parseNumber(text, decimalComma) !== undefined) return 'float';
  return /^(true|false)$/i.test(text) ? 'bool' : 'text';
}
