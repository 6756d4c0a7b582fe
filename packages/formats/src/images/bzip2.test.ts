import { expect, test } from 'vitest';
import { bunzip2 } from './bzip2.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** Written by Python's bz2. */
const samples: [name: string, packed: string, bytes: Uint8Array][] = [
  [
    'text that repeats',
    'QlpoOTFBWSZTWbownd8AADuRgEAACgaJACAAUIYEBSqep6mTBOCYJ0TRNE+E0TgmCdE/F3JFOFCQujCd3w==',
    new TextEncoder().encode('cells move '.repeat(40)),
  ],
  [
    'long runs',
    'QlpoOTFBWSZTWTuKsl0AAAFBCOAABgEAEAAIIAAxDACSZGlI0FmouXk/F3JFOFCQO4qyXQ==',
    Uint8Array.from([...Array<number>(700).fill(0), ...Array<number>(258).fill(1), 101, 110, 100]),
  ],
  [
    'two streams',
    'QlpoOTFBWSZTWV1sZXQAAACRgEAACgQIACAAIYNBmgJcLi7kinChILrYyuhCWmg5MUFZJlNZM4H7NgAAAIGAAgKBACAAIZpoM00T' +
      'PF3JFOFCQM4H7Ng=',
    new TextEncoder().encode('cells move'),
  ],
  ['nothing', 'QlpoORdyRThQkAAAAAA=', new Uint8Array(0)],
];

test.each(samples)('%s', (_, packed, bytes) => {
  expect(bunzip2(bytesOf(packed), 10_000)).toEqual(bytes);
});

test('more than expected, damage and early ends are refused, never a hang', () => {
  const packed = bytesOf(samples[0]![1]);
  expect(() => bunzip2(packed, 439)).toThrow('more than 439');
  for (let at = 0; at < packed.length; at++) {
    const damaged = packed.slice();
    damaged[at]! ^= 1 << (at % 8);
    let out: Uint8Array | undefined;
    try {
      out = bunzip2(damaged, 10_000);
    } catch (error) {
      expect((error as Error).name).toBe('Bzip2Error');
    }
    // The sum of a whole stream is not compared, those of its blocks are.
    if (out) expect(out).toEqual(samples[0]![2]);
  }
  for (let end = 0; end < packed.length - 1; end++) expect(() => bunzip2(packed.subarray(0, end), 10_000)).toThrow();
});
