import { ColumnBuilder, type Column } from '@micrarium/model';
import { expect, test } from 'vitest';
import { colourOf, coloursOf, nameOfWell, noColour, valueAt, valuesByWell } from './well-values.ts';

function column(name: string, type: Column['type'], values: (string | number | undefined)[]): Column {
  const builder = new ColumnBuilder({ name, type });
  for (const [row, value] of values.entries()) builder.set(row, value);
  return builder.finish(values.length);
}
const wells = column('well', 'string', ['A01', 'a1', 'B-12', 'B12', 'C3']);

test('averages numbers of a well however its name is spelled, and leaves out what is absent', () => {
  const values = valuesByWell(wells, column('count', 'float', [1, 3, 5, undefined, Number.NaN]), undefined, '');
  expect([...values]).toEqual([
    ['A1', 2],
    ['B12', 5],
  ]);
  expect(valueAt(values, nameOfWell({ rows: ['A', 'B'], columns: ['01', '12'] }, 1, 1))).toBe(5);
  expect(valueAt(values, 'H9')).toBeUndefined();
});

test('joins words that differ, and keeps to the rows of the plate where the table names it', () => {
  const words = column('drug', 'string', ['DMSO', 'taxol', 'taxol', 'taxol', 'DMSO']);
  expect(valuesByWell(wells, words, undefined, 'P').get('A1')).toBe('DMSO, taxol');
  const plates = column('plate', 'string', ['P', 'Q', 'Q', 'P', 'Q']);
  expect([...valuesByWell(wells, words, plates, 'P')]).toEqual([
    ['A1', 'DMSO'],
    ['B12', 'taxol'],
  ]);
  // A plate that the table does not know by this name: all rows count.
  expect(valuesByWell(wells, words, plates, 'other').size).toBe(3);
});

test('gives groups a colour each, and many numbers a range', () => {
  const few = coloursOf(
    new Map<string, string | number>([
      ['A1', 10],
      ['A2', 0.5],
      ['A3', 10],
    ]),
  );
  expect(few).toEqual({
    kind: 'groups',
    groups: [
      { value: 0.5, wells: 1, colour: 'var(--d1)' },
      { value: 10, wells: 2, colour: 'var(--d2)' },
    ],
  });
  const many = coloursOf(new Map(Array.from({ length: 9 }, (_, n) => [`A${n}`, n])));
  expect(many).toEqual({ kind: 'range', low: 0, high: 8 });
  expect(colourOf(many, 0)).toBe('color-mix(in srgb, #443983 0%, #440154)');
  expect(colourOf(many, 8)).toBe('color-mix(in srgb, #fde725 100%, #90d743)');
  expect([colourOf(many, undefined), colourOf(few, 'else')]).toEqual([noColour, noColour]);
});
