import { expect, test } from 'vitest';
import { readLimit, writtenLimit } from './quota-input.ts';

test('gigabytes, no limit and the default are read as they are written', () => {
  for (const limit of [0, 5e9, 1.5e9, 9e15, 'none', 'default'] as const)
    expect(readLimit(writtenLimit(limit))).toBe(limit);
  expect(readLimit(' 2,5 ')).toBe(2.5e9);
  for (const wrong of ['ten', '-5', '1e3', '1 TB', '99999999']) expect(readLimit(wrong)).toBeUndefined();
});
