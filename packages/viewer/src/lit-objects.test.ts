import type { TrackSet } from '@micrarium/model';
import { expect, test } from 'vitest';
import { litObjects } from './lit-objects.ts';

/** Rows 0 and 1 are a mother, 2 and 3 her daughters, 4 has no track. */
const set = {
  objects: { count: 5, id: Float64Array.of(10, 11, 12, 13, 14), frame: Int32Array.of(0, 1, 2, 2, 2) },
  edges: { count: 3, source: Uint32Array.of(0, 1, 1), target: Uint32Array.of(1, 2, 3) },
} as unknown as TrackSet;

test('a cell lights up through its life, with what it came from and what became of it', () => {
  const lit = (id: number) => litObjects(set, id)?.join('');
  expect([lit(10), lit(11)]).toEqual(['11110', '11110']);
  expect([lit(12), lit(13)]).toEqual(['11100', '11010']);
  expect([lit(14), lit(99)]).toEqual([undefined, undefined]);
});
