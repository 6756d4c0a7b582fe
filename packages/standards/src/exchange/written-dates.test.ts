import { expect, test } from 'vitest';
import { dayOf, firstDay, wholeDay } from './written-dates.ts';

test('a day is taken of what says one, and of nothing else', () => {
  for (const [text, day] of [
    ['2024-01-31T10:00:00Z', '2024-01-31'],
    ['2024-01-31', '2024-01-31'],
    ['2024', '2024'],
    ['2024-05', '2024-05'],
    ['15/08/2008', '15/08/2008'],
    ['UNPUBLISHED', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)
    expect([text, dayOf(text)]).toEqual([text, day]);
  expect([wholeDay('2024'), wholeDay('2024-01-31'), wholeDay('15/08/2008')]).toEqual([
    undefined,
    '2024-01-31',
    undefined,
  ]);
  expect([firstDay('2024'), firstDay('2024-05'), firstDay('2024-05-06'), firstDay('soon')]).toEqual([
    '2024-01-01',
    '2024-05-01',
    '2024-05-06',
    undefined,
  ]);
});
