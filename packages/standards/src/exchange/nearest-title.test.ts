import { expect, test } from 'vitest';
import { editDistance, nearestTitle } from './nearest-title.ts';

test.each<[string, string[], string | undefined]>([
  ['specimen a', ['Specimen A', 'Specimen B'], 'Specimen A'],
  ['Fixed_cells', ['Fixed cells', 'Live cells'], 'Fixed cells'],
  ['Spinning disc imaging', ['Spinning disk imaging', 'Light sheet imaging'], 'Spinning disk imaging'],
  ['HeLa cells', ['HeLa cells with a reporter', 'Mouse embryo'], 'HeLa cells with a reporter'],
  // As near to one as to the other, and near to none: nobody can know.
  ['Specimen C', ['Specimen A', 'Specimen B'], undefined],
  ['Confocal', ['Electron tomography'], undefined],
  ['S', ['Specimen'], undefined],
  ['', ['Specimen'], undefined],
  ['…', ['Specimen'], undefined],
])('“%s” among %j is taken for “%s”', (wanted, titles, near) => {
  expect(nearestTitle(wanted, titles)).toBe(near);
});

test('letters to change are counted up to a bound', () => {
  expect(editDistance('kitten', 'sitting', 5)).toBe(3);
  expect(editDistance('kitten', 'sitting', 2)).toBe(Number.POSITIVE_INFINITY);
  expect(editDistance('abc', 'abc', 0)).toBe(0);
});

test('a very long title costs no time', () => {
  const long = 'a b '.repeat(100_000);
  expect(nearestTitle(long, [`${long}c`, 'x'])).toBe(`${long}c`);
});
