import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { graphStatements } from '../exchange/leaves.ts';
import type { Json } from '../json/json.ts';
import { readRembi, writeRembi } from './rembi.ts';

test('a study comes back from REMBI as it was', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      expect(graphStatements(readRembi(writeRembi(graph)).graph)).toEqual(graphStatements(graph));
    }),
    { numRuns: 100 },
  );
});

test('documents of any shape are read without harm', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      (value) =>
        void [value, { study: value, biosamples: value, annotations: value }].map((one) => readRembi(one as Json)),
    ),
  );
});
