import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalScan, parseDecimal, viewOf } from './decimal.ts';

const encoder = new TextEncoder();

function parse(text: string): number {
  const bytes = encoder.encode(`${text}"`);
  const value = parseDecimal(viewOf(bytes), 0, bytes.length);
  expect(decimalScan.end).toBe(text.length);
  return value;
}

test('reads every shortest double exactly as Number does', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parse(String(value))).toBe(Number(String(value)));
    }),
    { numRuns: 20_000 },
  );
});

test('reads long decimals exactly as Number does', () => {
  const digits = fc.stringMatching(/^[0-9]{1,12}\.[0-9]{1,16}$/);
  fc.assert(
    fc.property(digits, (text) => {
      expect(parse(text)).toBe(Number(text));
      expect(parse(`-${text}E-3`)).toBe(Number(`-${text}E-3`));
    }),
    { numRuns: 20_000 },
  );
});

test('halfway cases are rounded to even', () => {
  for (const text of ['9007199254740993', '9007199254740993.0', '4503599627370497.5', '0.500000000000000166533453694'])
    expect(parse(text)).toBe(Number(text));
});

test('what is no number is said so', () => {
  for (const text of ['NaN', '', '-', '.', '1e', 'Infinity']) {
    const bytes = encoder.encode(`${text}"`);
    parseDecimal(viewOf(bytes), 0, bytes.length);
    expect(decimalScan.end).toBe(-1);
  }
});
