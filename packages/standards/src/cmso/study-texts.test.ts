import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { checkIsaTab } from '../isa/isa-tab-check.ts';
import { cmsoStudyTexts, unresolvedNames } from './study-texts.ts';

test('every file that the assays name is a file of the study, and the tables are in order', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { texts } = cmsoStudyTexts(graph);
      expect(unresolvedNames(texts, new Set(graph.files.map(({ path }) => path)))).toEqual([]);
      expect(
        checkIsaTab(texts).filter(({ severity, message }) => severity === 'error' && !message.includes('date')),
      ).toEqual([]);
      expect(texts.has('metadata.companion.ome')).toBe(graph.images.length > 0);
    }),
    { numRuns: 40 },
  );
});

test('a name without a file is found', () => {
  const texts = new Map([['a_x.txt', '"Sample Name"\t"Image File"\n"s"\t"gone.tif"\n']]);
  expect(unresolvedNames(texts, new Set())).toEqual(['gone.tif']);
});
