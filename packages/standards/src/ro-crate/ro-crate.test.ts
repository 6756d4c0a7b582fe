import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { exportJson } from '../exchange/exchange.ts';
import { graphStatements } from '../exchange/leaves.ts';
import type { Json } from '../json/json.ts';
import { checkCrate } from './crate-check.ts';
import { readCrate } from './read-crate.ts';
import { roCrate, writeCrate } from './write-crate.ts';

test('a study comes back from a crate as it was', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const document = writeCrate(graph);
      expect(graphStatements(readCrate(document).graph)).toEqual(graphStatements(graph));
      expect(exportJson(roCrate, graph).losses).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a crate has no errors but for what the study does not say', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const told = {
        ...graph,
        study: { ...graph.study, title: 't', description: 'd', releaseDate: '2026-11-21', licence: 'CC-BY-4.0' },
      };
      const paths = new Set(graph.files.map(({ path }) => path));
      expect(checkCrate(writeCrate(told), { paths }).filter(({ severity }) => severity === 'error')).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('documents of any shape are read without harm', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      readCrate(value as Json);
      readCrate({
        '@graph': [
          { '@id': './', '@type': 'Dataset', hasPart: value, author: value, about: value, license: value } as Json,
        ],
      });
      checkCrate({ '@graph': [value as Json, { '@id': './', hasPart: value as Json }] });
    }),
  );
});
