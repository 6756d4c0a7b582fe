import { expect, test } from 'vitest';
import { pathsPlan } from './paths-plan.ts';

test('paths are fetched at once, when asked for, or not at all, by how many objects they have', () => {
  const plan = (objects: number, edges = objects - 1) => pathsPlan({ objects, edges });
  expect([20, 500_000].map((count) => plan(count))).toEqual(['at-once', 'at-once']);
  expect([500_001, 3_000_000].map((count) => plan(count))).toEqual(['when-asked', 'when-asked']);
  expect(plan(3_000_001)).toBe('too-many');
  expect(plan(10_000_000, 0)).toBe('none');
});
