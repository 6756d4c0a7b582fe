import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberTexts } from './texts.ts';

test('numbers that are made texts only when asked for are the same texts, byte for byte', () => {
  const number = fc.oneof(fc.double(), fc.maxSafeNat(), fc.maxSafeInteger(), fc.integer({ min: 0, max: 11 }));
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), fc.constantFrom('', '12_'), (values, before) => {
      const texts = new NumberTexts(Float64Array.from(values), before);
      for (const [row, value] of values.entries()) {
        const text = `${before}${value}`;
        expect([texts.at(row), texts.bytesAt(row)]).toEqual([text, text.length]);
        const bytes = new Uint8Array(text.length + 2);
        texts.write(row, bytes, 1);
        expect(new TextDecoder().decode(bytes)).toBe(`\0${text}\0`);
      }
    }),
  );
});
