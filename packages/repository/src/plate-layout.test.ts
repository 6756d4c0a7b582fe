import { expect, test } from 'vitest';
import { plateLayout } from './plate-layout.ts';

const plate = { plate: 'P1', rows: ['A', 'B'], columns: ['1', '2', '3'] };

test('lays out wells by row and column, fields in their order', () => {
  const layout = plateLayout([
    { place: { ...plate, row: 'B', column: '3', field: '0', acquisition: 7 } },
    { place: { ...plate, row: 'A', column: '2', field: '0' } },
    {},
    { place: { ...plate, row: 'B', column: '3', field: '1' } },
  ]);
  expect(layout).toEqual({
    name: 'P1',
    rows: ['A', 'B'],
    columns: ['1', '2', '3'],
    wells: [
      { row: 0, column: 1, fields: [{ image: 1, name: '0' }] },
      {
        row: 1,
        column: 2,
        fields: [
          { image: 0, name: '0', acquisition: 7 },
          { image: 3, name: '1' },
        ],
      },
    ],
  });
});

test('is none for images of no plate, and leaves out wells that the plate does not have', () => {
  expect(plateLayout([{}, {}])).toBeUndefined();
  expect(plateLayout([{ place: { ...plate, row: 'Z', column: '1', field: '0' } }])).toBeUndefined();
});
