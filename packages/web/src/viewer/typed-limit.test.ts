import { expect, test } from 'vitest';
import { typedWindow, writtenLimit } from './typed-limit.ts';

test('what is typed is taken while it makes a window', () => {
  expect(typedWindow([100, 4000], 'high', '1', 1, false)).toBeUndefined();
  expect(typedWindow([100, 4000], 'high', '1200', 1, false)).toEqual([100, 1200]);
  expect(typedWindow([100, 4000], 'low', '-5.5', 1, false)).toEqual([-5.5, 4000]);
  expect(typedWindow([100, 4000], 'low', '1e2', 1, true)).toBeUndefined();
});

test('past the other end, that one gives way once one has done', () => {
  expect(typedWindow([100, 4000], 'low', '5000', 1, false)).toBeUndefined();
  expect(typedWindow([100, 4000], 'low', '5000', 1, true)).toEqual([5000, 5001]);
  expect(typedWindow([100, 4000], 'high', '50', 1, true)).toEqual([49, 50]);
  const [low, high] = typedWindow([0, 1], 'low', '1e20', 0.001, true)!;
  expect(high).toBeGreaterThan(low);
});

test('what is no number changes nothing', () => {
  for (const typed of ['', ' ', 'dark', 'Infinity', 'NaN', '--1'])
    expect(typedWindow([0, 1], 'low', typed, 0.01, true)).toBeUndefined();
});

test('a limit is written as it is typed', () => {
  expect([4_294_967_295, 0.123456789, 2.5, -3].map(writtenLimit)).toEqual(['4294967295', '0.123457', '2.5', '-3']);
});
