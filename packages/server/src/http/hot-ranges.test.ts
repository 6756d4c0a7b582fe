import { expect, test } from 'vitest';
import { HotRanges } from './hot-ranges.ts';

const bytes = (value: number, length = 100) => Buffer.alloc(length, value);

test('ranges are told apart by file, place and length', () => {
  const hot = new HotRanges(10_000);
  expect(hot.keep('a', 0, bytes(1))).toBe(true);
  expect(hot.get('a', 0, 100)?.[0]).toBe(1);
  expect([hot.get('b', 0, 100), hot.get('a', 1, 100), hot.get('a', 0, 99)]).toEqual([undefined, undefined, undefined]);
  hot.forget();
  expect(hot.get('a', 0, 100)).toBeUndefined();
});

test('what was asked for longest ago goes first, and nothing is larger than its share', () => {
  const hot = new HotRanges(1000);
  for (let at = 0; at < 10; at++) hot.keep('a', at, bytes(at));
  hot.get('a', 0, 100);
  hot.keep('a', 10, bytes(10));
  expect(hot.get('a', 0, 100)?.[0]).toBe(0);
  expect(hot.get('a', 1, 100)).toBeUndefined();
  expect(hot.keep('a', 11, bytes(11, 500))).toBe(false);
  hot.forget();
});
