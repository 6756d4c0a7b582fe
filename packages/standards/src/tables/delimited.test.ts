import fc from 'fast-check';
import { expect, test } from 'vitest';
import { separatorOf, splitTable, tableRows, writeTable } from './delimited.ts';

test('tables come back as they were', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\t', '\n', 'é') });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      fc.constantFrom(',' as const, '\t' as const),
      (rows, separator) => {
        expect(splitTable(writeTable(rows, separator), separator).map(({ cells }) => cells)).toEqual(rows);
      },
    ),
  );
});

test('line ends of both kinds, lines of rows, and quotes that never close', () => {
  expect(splitTable('a\tb\r\n"x\ny"\tz\nc', '\t')).toEqual([
    { cells: ['a', 'b'], line: 1 },
    { cells: ['x\ny', 'z'], line: 2 },
    { cells: ['c'], line: 4 },
  ]);
  expect(splitTable('"open\tb\nc', '\t').map(({ cells }) => cells)).toEqual([['"open', 'b'], ['c']]);
});

test('line ends of old Macintosh programs, blanks behind a closing quote', () => {
  expect(splitTable('a\tb\r"x"  \t"y"\rc\r', '\t')).toEqual([
    { cells: ['a', 'b'], line: 1 },
    { cells: ['x', 'y'], line: 2 },
    { cells: ['c'], line: 3 },
  ]);
  // A mixed file, as two programs leave it; a return within a text where lines end otherwise.
  expect(splitTable('a\r\rb\n\rc', '\t').map(({ cells }) => cells[0])).toEqual(['a', '', 'b', '', 'c']);
  expect(splitTable('a\tb\rc\nd\te\n', '\t').map(({ cells }) => cells)).toEqual([
    ['a', 'b\rc'],
    ['d', 'e'],
  ]);
  expect(splitTable('"a" b\tc', '\t')[0]!.cells).toEqual(['"a" b', 'c']);
});

test('huge and hostile cells cost no more than their length', () => {
  const long = 'x'.repeat(5_000_000);
  expect(splitTable(`"${long}"\tb\n`, '\t')[0]!.cells[0]).toHaveLength(5_000_000);
  expect(splitTable(`"${long}\tb\n`, '\t')[0]!.cells).toHaveLength(2);
  expect(splitTable('"a\tb\n'.repeat(100_000), '\t')).toHaveLength(100_000);
});

test.each([
  ['Title;Release date;Scale\nA;20.11.2026;0,105 µm\n', ';'],
  ['Title,Organism\nA,"Mus musculus; Homo sapiens"\n', ','],
  ['Title;My films, and what came of them\nLicence;CC0\nOrganism;Mus musculus\n', ';'],
  ['Title\tOrganism\nA, b\tc; d\n', '\t'],
  ['\ufeffsep=;\r\nTitle;Licence\r\nA;CC0\r\n', ';'],
  ['only one column\n', ','],
] as const)('the separator of %j is %j', (text, separator) => {
  expect(separatorOf(text)).toBe(separator);
});

test('a line that only names the separator is no row; lines are counted with it', () => {
  expect(tableRows('sep=;\r\nTitle;Licence\r\nA;CC0\r\n')).toEqual([
    { cells: ['Title', 'Licence'], line: 2 },
    { cells: ['A', 'CC0'], line: 3 },
  ]);
});
