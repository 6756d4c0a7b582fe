/**
 * Decimal text to double, straight from bytes. Correctly rounded for up to 22 digits and small exponents: the digits
 * are kept as an exact pair of doubles, divided once, and the answer is taken only where the remainder proves which
 * double is nearest (Dekker, "A floating-point technique for extending the available precision", 1971). Anything else
 * is left to `Number`.
 */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const splitter = 2 ** 27 + 1;

/** What `parseDecimal` found besides the value: the position after the number, or -1 where the text is no plain number. */
export const decimalScan = { end: 0 };

/**
 * Reads a decimal number (`-12.5`, `1.0E-4`) that starts at `start`.
 * @param limit position after the last byte that may be read
 * @returns the value; `decimalScan.end` is the position after it, -1 where the bytes are no decimal number
 */
export function parseDecimal(bytes: Uint8Array, start: number, limit: number): number {
  let at = start;
  const negative = at < limit && bytes[at] === 45;
  if (negative) at++;
  const first = at;
  while (at < limit && bytes[at] === 48) at++;
  // `from` is where the significant digits begin; the point among them does not count.
  let from = at;
  let head = 0;
  let tail = 0;
  let left = 15;
  let byte = at < limit ? bytes[at]! : 0;
  while (byte >= 48 && byte <= 57) {
    if (left-- > 0) head = head * 10 + (byte - 48);
    else tail = tail * 10 + (byte - 48);
    byte = ++at < limit ? bytes[at]! : 0;
  }
  let digits = at - from;
  let seen = at - first;
  let scale = 0;
  if (byte === 46) {
    const point = ++at;
    if (digits === 0) while (at < limit && bytes[at] === 48) at++;
    from = at;
    byte = at < limit ? bytes[at]! : 0;
    while (byte >= 48 && byte <= 57) {
      if (left-- > 0) head = head * 10 + (byte - 48);
      else tail = tail * 10 + (byte - 48);
      byte = ++at < limit ? bytes[at]! : 0;
    }
    digits += at - from;
    scale = at - point;
    seen += scale;
  }
  if (seen === 0) return noNumber();
  if (byte === 69 || byte === 101) {
    const exponent = parseExponent(bytes, at + 1, limit);
    if (decimalScan.end < 0) return Number.NaN;
    at = decimalScan.end;
    scale -= exponent;
  }
  decimalScan.end = at;
  const value = scaled(head, tail, digits, scale);
  if (value < 0) return Number(asciiText(bytes, start, at));
  return negative ? -value : value;
}

function noNumber(): number {
  decimalScan.end = -1;
  return Number.NaN;
}

function parseExponent(bytes: Uint8Array, start: number, limit: number): number {
  let at = start;
  let byte = at < limit ? bytes[at]! : 0;
  const negative = byte === 45;
  if (byte === 45 || byte === 43) byte = ++at < limit ? bytes[at]! : 0;
  let exponent = 0;
  const first = at;
  while (byte >= 48 && byte <= 57) {
    if (exponent < 100_000) exponent = exponent * 10 + (byte - 48);
    byte = ++at < limit ? bytes[at]! : 0;
  }
  if (at === first) return noNumber();
  decimalScan.end = at;
  return negative ? -exponent : exponent;
}

/** (head, tail) digits divided by 10^scale, correctly rounded; -1 where that is not certain. */
function scaled(head: number, tail: number, digits: number, scale: number): number {
  if (digits <= 15) {
    if (scale >= 0 && scale <= 22) return head / powersOfTen[scale]!;
    if (scale < 0 && scale >= -22) return head * powersOfTen[-scale]!;
    return head === 0 ? 0 : -1;
  }
  if (digits > 22 || scale < 0 || scale > 22) return -1;
  const shift = powersOfTen[digits - 15]!;
  const product = head * shift;
  const rest = productError(head, shift, product) + tail;
  const whole = product + rest;
  const low = rest - (whole - product);
  const divisor = powersOfTen[scale]!;
  const first = whole / divisor;
  const back = first * divisor;
  const second = (whole - back - productError(first, divisor, back) + low) / divisor;
  const sum = first + second;
  const error = second - (sum - first);
  const doubt = sum * 2 ** -98;
  return sum + (error + doubt) === sum && sum + (error - doubt) === sum ? sum : -1;
}

/** a * b - product, exactly, where product is their rounded product. */
function productError(a: number, b: number, product: number): number {
  const aLarge = splitter * a;
  const aHigh = aLarge - (aLarge - a);
  const aLow = a - aHigh;
  const bLarge = splitter * b;
  const bHigh = bLarge - (bLarge - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** ASCII bytes as text. Four at a time: every joining makes a new string. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 4 <= end; at += 4)
    text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
  for (; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
