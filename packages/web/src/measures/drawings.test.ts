import { expect, test } from 'vitest';
import { roundLength } from './drawings.ts';

test('a scale bar has a round length that fits', () => {
  expect([0.034, 0.99, 1, 4.99, 5, 730, 1e6].map(roundLength)).toEqual([0.02, 0.5, 1, 2, 5, 500, 1e6]);
});
