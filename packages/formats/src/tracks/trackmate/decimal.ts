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
 * @param view over the text: four digits are read at a time
 * @param limit position after the last byte that may be read
 * @returns the value; `decimalScan.end` is the position after it, -1 where the bytes are no decimal number
 */
export function parseDecimal(view: DataView, start: number, limit: number): number {
  let at = start;
  const negative = at < limit && view.getUint8(at) === 45;
  if (negative) at++;
  const first = at;
  while (at < limit && view.getUint8(at) === 48) at++;
  // `from` is where the significant digits begin; the point among them does not count.
  let from = at;
  let head = 0;
  let tail = 0;
  let left = 15;
  let byte = at < limit ? view.getUint8(at) : 0;
  while (byte >= 48 && byte <= 57) {
    if (left-- > 0) head = head * 10 + (byte - 48);
    else tail = tail * 10 + (byte - 48);
    byte = ++at < limit ? view.getUint8(at) : 0;
  }
  let digits = at - from;
  let seen = at - first;
  let scale = 0;
  if (byte === 46) {
    const point = ++at;
    if (digits === 0) while (at < limit && view.getUint8(at) === 48) at++;
    from = at;
    for (; at + 4 <= limit; at += 4) {
      const four = fourDigits(view.getInt32(at, true));
      if (four < 0) break;
      if (left >= 4) head = head * 10_000 + four;
      else if (left <= 0) tail = tail * 10_000 + four;
      else {
        const power = powersOfTen[4 - left]!;
        const upper = Math.floor(four / power);
        head = head * powersOfTen[left]! + upper;
        tail = four - upper * power;
      }
      left -= 4;
    }
    byte = at < limit ? view.getUint8(at) : 0;
    while (byte >= 48 && byte <= 57) {
      if (left-- > 0) head = head * 10 + (byte - 48);
      else tail = tail * 10 + (byte - 48);
      byte = ++at < limit ? view.getUint8(at) : 0;
    }
    digits += at - from;
    scale = at - point;
    seen += scale;
  }
  if (seen === 0) return noNumber();
  if (byte === 69 || byte === 101) {
    const exponent = parseExponent(view, at + 1, limit);
    if (decimalScan.end < 0) return Number.NaN;
    at = decimalScan.end;
    scale -= exponent;
  }
  decimalScan.end = at;
  const value = scaled(head, tail, digits, scale);
  if (value < 0) return Number(asciiText(view, start, at));
  return negative ? -value : value;
}

/** The number of four digits in a word, the first in its lowest byte; -1 where a byte is no digit. */
function fourDigits(word: number): number {
  // `0` to `9` are 0x30 to 0x39: the upper half is 3, also after adding 6.
  if (((word & 0xf0f0f0f0) | 0) !== 0x30303030 || (((word + 0x06060606) & 0xf0f0f0f0) | 0) !== 0x30303030) return -1;
  const digits = word & 0x0f0f0f0f;
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 255) * 100 + ((pairs >>> 16) & 255);
}

function noNumber(): number {
  decimalScan.end = -1;
  return Number.NaN;
}

function parseExponent(view: DataView, start: number, limit: number): number {
  let at = start;
  let byte = at < limit ? view.getUint8(at) : 0;
  const negative = byte === 45;
  if (byte === 45 || byte === 43) byte = ++at < limit ? view.getUint8(at) : 0;
  let exponent = 0;
  const first = at;
  while (byte >= 48 && byte <= 57) {
    if (exponent < 100_000) exponent = exponent * 10 + (byte - 48);
    byte = ++at < limit ? view.getUint8(at) : 0;
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
export function asciiText(view: DataView, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 4 <= end; at += 4)
    text += String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
  for (; at < end; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}

/** A view over the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
