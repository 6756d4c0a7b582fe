import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import type { Json } from '../json/json.ts';
import { checkBiaCrate } from './bia-crate-check.ts';
import { exportBiaCrate, importBiaCrate } from './bia-crate.ts';

test('crates we write break no rule of the profile but for what the study does not say', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const files = exportBiaCrate(graph).document;
      const document = JSON.parse(files.get('ro-crate-metadata.json')!) as Json;
      const lists = new Map([['file_list.tsv', files.get('file_list.tsv')!]]);
      expect(checkBiaCrate(document, lists).filter(({ severity }) => severity === 'error')).toEqual([]);
      const back = importBiaCrate(document, files.get('file_list.tsv')).graph;
      expect(back.datasets.map(({ title }) => title)).toEqual(graph.datasets.map(({ title }) => title));
      expect(back.biosamples.map(({ title, organisms }) => [title, organisms?.length])).toEqual(
        graph.biosamples.map(({ title, organisms }) => [title, organisms?.length]),
      );
      expect(back.files.map(({ path }) => path)).toEqual(graph.files.map(({ path }) => path));
    }),
    { numRuns: 60 },
  );
});

test('what a crate cannot say of a study is named', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      for (const { code, where } of exportBiaCrate(graph).losses)
        expect([code, where.field]).toEqual(['not-expressed', expect.any(String)]);
    }),
    { numRuns: 20 },
  );
});
