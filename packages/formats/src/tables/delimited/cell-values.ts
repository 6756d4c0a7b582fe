/** What a cell says: a number, a truth value, text, or nothing. */
export type CellKind = 'missing' | 'int' | 'float' | 'bool' | 'text';

/** Kind of the number a text is: a hand-written scan, since this runs for every cell of tables of millions of rows. */
function numberKind(text: string): 'int' | 'float' | undefined {
  const { length } = text;
  let at = 0;
  const first = text.charCodeAt(0);
  if (first === 43 || first === 45) at = 1;
  const start = at;
  while (at < length && isDigit(text.charCodeAt(at))) at++;
  if (at === length) return at > start ? 'int' : undefined;
  let digits = at - start;
  if (text.charCodeAt(at) === 46) {
    const fraction = ++at;
    while (at < length && isDigit(text.charCodeAt(at))) at++;
    digits += at - fraction;
  }
  if (digits === 0) return undefined;
  if (at === length) return 'float';
  if ((text.charCodeAt(at) | 32) !== 101) return undefined;
  at++;
  if (text.charCodeAt(at) === 43 || text.charCodeAt(at) === 45) at++;
  const exponent = at;
  while (at < length && isDigit(text.charCodeAt(at))) at++;
  return at === length && at > exponent ? 'float' : undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

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
  if (numberKind(text) !== undefined) return Number(text);
  return text.length <= 9 ? notNumbers[text.toLowerCase()] : undefined;
}

/** Kind of a cell. Whole numbers that a float64 cannot hold are text, so that ids stay what they are. */
export function cellKind(cell: string, decimalComma = false): CellKind {
  const text = cell.trim();
  const kind = numberKind(text);
  if (kind === 'float') return 'float';
  if (kind === 'int') return text.length < 16 || Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER ? 'int' : 'text';
  if (isMissingCell(text)) return 'missing';
  if (parseNumber(text, decimalComma) !== undefined) return 'float';
  return /^(true|false)$/i.test(text) ? 'bool' : 'text';
}
