import { expect, test } from 'vitest';
import { letters, marksOf } from './pixel-marks.ts';

/** Rows of a drawing in the upper left of a plane, `#` = 255, with noise-free ground of 10. */
function planeOf(rows: readonly string[]) {
  const [width, height] = [200, 150];
  const values = new Float32Array(width * height).fill(10);
  for (const [y, row] of rows.entries())
    for (const [x, letter] of [...row].entries()) if (letter === '#') values[(y + 8) * width + x + 8] = 255;
  return { width, height, values };
}

// 00:15 in a small letter, the 1 and the 5 touching by a corner.
const time = [
  '.###...###.......##.#####',
  '#...#.#...#.......#.#....',
  '#...#.#...#..##...#.#....',
  '#...#.#...#.......#.####.',
  '#...#.#...#.......#.....#',
  '#...#.#...#..##...#.#...#',
  '.###...###......###.####.',
];

test('a time whose digits touch is known by its colon; three marks without one are not letters', () => {
  const touching = time.map((row, y) => (y === 6 ? row.replace('###.####.', '########.') : row));
  const plane = planeOf(touching);
  expect(letters(marksOf(plane)!, plane)).toHaveLength(3);
  const bare = planeOf(touching.map((row) => `${row.slice(0, 13)}..${row.slice(15)}`));
  expect(letters(marksOf(bare)!, bare)).toBeUndefined();
});
