import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { exportJson } from '../exchange/exchange.ts';
import { graphStatements } from '../exchange/leaves.ts';
import type { Json } from '../json/json.ts';
import { readPageTab } from './read-pagetab.ts';
import { pageTab, writePageTab } from './write-pagetab.ts';

test('a study comes back from PageTab as it was', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const back = readPageTab(writePageTab(graph)).graph;
      expect(graphStatements(back)).toEqual(graphStatements(graph));
      expect(exportJson(pageTab, graph).losses).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('documents of any shape are read without harm', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (section, other) => {
      readPageTab({ section, accno: other } as Json);
      readPageTab({ section: { attributes: other, subsections: section } } as Json);
    }),
  );
  expect(readPageTab(null).issues.map(({ code }) => code)).toEqual(['metadata-other-standard']);
});
