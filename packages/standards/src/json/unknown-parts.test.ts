import { expect, test } from 'vitest';
import { unknownParts } from './unknown-parts.ts';

test('members that our writing does not know are told with their place', () => {
  const written = {
    title: 'A',
    people: [{ lastName: 'X' }, { lastName: 'Y' }],
    attributes: [{ name: 'Title', value: 'A' }],
  };
  expect(
    unknownParts(
      {
        title: 'B',
        colour: 'red',
        empty: [],
        people: [{ lastName: 'Y', shoe: 42, phone: '123' }, { lastName: 'X' }],
        attributes: [
          { name: 'Title', value: 'B' },
          { name: 'Mood', value: 'good' },
          { name: 'Reply', value: 'to a@example.org' },
        ],
      },
      written,
    ),
  ).toEqual([
    { path: ['colour'], now: 'red' },
    { path: ['people', { member: 'lastName', is: 'Y' }, 'shoe'], now: 42 },
    { path: ['attributes', { member: 'name', is: 'Mood' }], now: { name: 'Mood', value: 'good' } },
  ]);
});

test('what stands in a list whose elements nothing tells apart is left, so that it never moves to another', () => {
  expect(unknownParts({ list: [{ a: 1 }, { a: 2, b: 3 }] }, { list: [{ a: 1 }, { a: 2 }] })).toEqual([]);
  expect(unknownParts({ list: [{ a: 1, b: 3 }] }, { list: [{ a: 2 }] })).toEqual([{ path: ['list', 0, 'b'], now: 3 }]);
});
