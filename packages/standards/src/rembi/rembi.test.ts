import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { graphStatements } from '../exchange/leaves.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import type { Json } from '../json/json.ts';
import { checkRembi } from './rembi-check.ts';
import { readRembi, rembi, writeRembi } from './rembi.ts';

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

test('an organism without a taxon has an empty one, as the schema requires the member', () => {
  const written = rembi.write({
    ...emptyGraph(),
    biosamples: [{ key: 'b', title: 'B', organisms: [{ label: 'Mus musculus' }], biologicalEntity: 'cell' }],
  });
  expect(checkRembi(written).filter(({ message }) => message.includes('has no ncbi_taxon'))).toEqual([]);
  expect(rembi.read(written).graph.biosamples[0]!.organisms).toEqual([{ label: 'Mus musculus' }]);
});
