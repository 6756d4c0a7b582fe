import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JpegUnreadable, decodeJpeg } from './decode.ts';
import { jpegSamples } from './samples.test-data.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

describe('decodeJpeg', () => {
  test.each(Object.entries(jpegSamples))('%s gives the very values of libjpeg', (_, sample) => {
    const picture = decodeJpeg(bytesOf(sample.jpeg));
    expect([picture.width, picture.height, picture.samples]).toEqual([sample.width, sample.height, sample.samples]);
    expect([...picture.data]).toEqual([...bytesOf(sample.pixels)]);
  });

  test('tables may stand apart, as TIFF keeps them', () => {
    const whole = bytesOf(jpegSamples.baseline420.jpeg);
    const tables: number[] = [0xff, 0xd8];
    const rest: number[] = [0xff, 0xd8];
    let at = 2;
    while (whole[at + 1] !== 0xda) {
      const end = at + 2 + ((whole[at + 2]! << 8) | whole[at + 3]!);
      (whole[at + 1] === 0xdb || whole[at + 1] === 0xc4 ? tables : rest).push(...whole.subarray(at, end));
      at = end;
    }
    rest.push(...whole.subarray(at));
    tables.push(0xff, 0xd9);
    expect(() => decodeJpeg(Uint8Array.from(rest))).toThrow(JpegUnreadable);
    const picture = decodeJpeg(Uint8Array.from(rest), { tables: Uint8Array.from(tables), colour: 'ycbcr' });
    expect([...picture.data]).toEqual([...bytesOf(jpegSamples.baseline420.pixels)]);
  });

  test('cuts and flipped bytes are refused or give a picture, and nothing else', () => {
    const all = Object.values(jpegSamples).map(({ jpeg }) => bytesOf(jpeg));
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.record({ at: fc.nat(900), value: fc.nat(255) }), { maxLength: 6 }),
        fc.option(fc.nat(900), { nil: undefined }),
        (whole, flips, cut) => {
          const bytes = whole.slice(0, cut);
          for (const { at, value } of flips) if (at < bytes.length) bytes[at] = value;
          try {
            const { width, height, samples, data } = decodeJpeg(bytes, { maxPixels: 1 << 20 });
            expect(data.length).toBe(width * height * samples);
          } catch (error) {
            expect(error).toBeInstanceOf(JpegUnreadable);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a size that the bytes cannot hold is refused before memory is taken', () => {
    const bytes = bytesOf(jpegSamples.baseline420.jpeg);
    const at = bytes.findIndex((byte, n) => byte === 0xff && bytes[n + 1] === 0xc0);
    bytes.set([0x3f, 0xff, 0x3f, 0xff], at + 5);
    expect(() => decodeJpeg(bytes)).toThrow(/cannot hold/);
  });
});
