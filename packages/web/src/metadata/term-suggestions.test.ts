import { expect, it } from 'vitest';
import { withSuggestions } from './term-suggestions.ts';

it('puts terms in the place of the texts they were suggested for, each once', () => {
  const [mouse, human, mice] = [{ label: 'mouse' }, { label: 'human' }, { label: 'mice' }];
  const term = { id: 'NCBITaxon:10090', label: 'Mus musculus' };
  const taken = [
    { entry: mouse, term },
    { entry: mice, term },
  ];
  expect(withSuggestions([mouse, human, mice], taken)).toEqual([term, human]);
  expect(withSuggestions([mouse, human], [])).toEqual([mouse, human]);
});
