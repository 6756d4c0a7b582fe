import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskOutlines } from './mask-outlines.ts';

const maskOf = (...rows: string[]) => Uint8Array.from(rows.join(''), (one) => (one === '#' ? 1 : 0));

test('an outline follows the pixels, and a hole is a hole', () => {
  const ring = maskOf('.....', '.###.', '.#.#.', '.###.', '.....');
  expect(maskOutlines(ring, 5, 5, 100)).toEqual([
    { path: [4, 1, 4, 4, 1, 4, 1, 1], holes: [[3, 3, 3, 2, 2, 2, 2, 3]] },
  ]);
  // Pixels that touch at a corner only are two pieces.
  expect(maskOutlines(maskOf('#.', '.#'), 2, 2, 100)).toHaveLength(2);
  expect(maskOutlines(ring, 5, 5, 7)).toBeUndefined();
  expect(maskOutlines(new Uint8Array(6), 3, 2, 9)).toEqual([]);
});

/** Is a point inside, by crossings of the even-odd rule over all outlines? */
function isInside(paths: readonly number[][], x: number, y: number): boolean {
  let crossings = 0;
  for (const path of paths)
    for (let at = 0; at < path.length; at += 2) {
      const [x1, y1] = [path[at]!, path[at + 1]!];
      const [x2, y2] = [path[(at + 2) % path.length]!, path[(at + 3) % path.length]!];
      if (x1 === x2 && x1 > x && y > Math.min(y1, y2) && y < Math.max(y1, y2)) crossings++;
    }
  return crossings % 2 === 1;
}

test('what lies inside the outlines is the mask, pixel for pixel', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 81 }),
      (width, bits) => {
        const height = Math.ceil(bits.length / width);
        const mask = new Uint8Array(width * height);
        for (const [at, bit] of bits.entries()) mask[at] = bit ? 1 : 0;
        const paths = maskOutlines(mask, width, height, 1000)!.flatMap(({ path, holes }) => [path, ...holes]);
        const seen = mask.map((_, at) => (isInside(paths, (at % width) + 0.5, Math.floor(at / width) + 0.5) ? 1 : 0));
        expect([...seen]).toEqual([...mask]);
      },
    ),
  );
});
