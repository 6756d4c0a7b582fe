import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JpegUnreadable, decodeJpeg } from './decode.ts';
import { extendedJpeg, losslessJpeg } from './encode.test-data.ts';
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
    const ramp = (length: number) => Uint16Array.from({ length }, (_, n) => (n * 91) % 4096);
    const all = [
      ...Object.values(jpegSamples).map(({ jpeg }) => bytesOf(jpeg)),
      losslessJpeg({ width: 9, height: 7, samples: 3, bits: 12, data: ramp(189) }, 6, 9),
      extendedJpeg(16, 16, ramp(256)),
    ];
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

  test.each([1, 2, 3, 4, 5, 6, 7])(
    'lossless, predictor %i: every value comes back, of 2 to 16 bits, with restarts and colours',
    (predictor) => {
      fc.assert(
        fc.property(
          fc.record({
            width: fc.integer({ min: 1, max: 12 }),
            height: fc.integer({ min: 1, max: 12 }),
            samples: fc.constantFrom(1, 3),
            bits: fc.integer({ min: 2, max: 16 }),
            restart: fc.boolean(),
            seed: fc.integer({ min: 1, max: 1 << 30 }),
          }),
          ({ width, height, samples, bits, restart, seed }) => {
            let state = seed;
            const data = Uint16Array.from({ length: width * height * samples }, () => {
              state = (state * 48_271) % 2_147_483_647;
              return state % 2 ** bits;
            });
            const packed = losslessJpeg({ width, height, samples, bits, data }, predictor, restart ? width : 0);
            const picture = decodeJpeg(packed);
            expect(picture).toMatchObject({ width, height, samples, bits });
            expect([...picture.data]).toEqual([...data]);
          },
        ),
      );
    },
  );

  test('12 bits: values come back but for the rounding of the transform', () => {
    const [width, height] = [21, 18];
    const data = Uint16Array.from({ length: width * height }, (_, n) => Math.abs(((n * 37) % 8190) - 4095));
    const picture = decodeJpeg(extendedJpeg(width, height, data));
    expect(picture).toMatchObject({ width, height, samples: 1, bits: 12 });
    expect(Math.max(...picture.data.map((value, n) => Math.abs(value - data[n]!)))).toBeLessThanOrEqual(1);
  });

  test('a size that the bytes cannot hold is refused before memory is taken', () => {
    const bytes = bytesOf(jpegSamples.baseline420.jpeg);
    const at = bytes.findIndex((byte, n) => byte === 0xff && bytes[n + 1] === 0xc0);
    bytes.set([0x3f, 0xff, 0x3f, 0xff], at + 5);
    expect(() => decodeJpeg(bytes)).toThrow(/cannot hold/);
  });
});
