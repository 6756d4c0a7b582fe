import { expect, it } from 'vitest';
import { readTyped } from './typed-words.ts';

it('takes what stands behind the name of a filter, and leaves other colons alone', () => {
  expect(readTyped('wound organism:mammal strain:"C57BL/6J mice" GFP')).toEqual({
    words: ['wound', 'gfp'],
    fielded: [
      { facet: 'organism', words: ['mammal'] },
      { facet: 'strain', words: ['c57bl/6j', 'mice'] },
    ],
  });
  expect(readTyped('GO:0008104 species:mouse author:“Jane Doe”')).toEqual({
    words: ['go:0008104'],
    fielded: [
      { facet: 'organism', words: ['mouse'] },
      { facet: 'person', words: ['jane', 'doe'] },
    ],
  });
  for (const odd of ['organism:', 'organism:""', ':', 'a:b:c', 'organism:***'])
    expect(readTyped(odd).fielded, odd).toEqual([]);
});

it('takes a DOI in whatever spelling, and words without the marks around them', () => {
  for (const typed of ['10.1234/Mouse.1', 'https://doi.org/10.1234/mouse.1', 'http://dx.doi.org/10.1234/mouse.1'])
    expect(readTyped(typed)).toEqual({ words: ['10.1234/mouse.1'], fielded: [] });
  expect(readTyped('doi:10.1234/mouse.1').fielded).toEqual([{ facet: 'paper', words: ['10.1234/mouse.1'] }]);
  expect(readTyped('*decreased cell speed* “wound”').words).toEqual(['decreased', 'cell', 'speed', 'wound']);
  expect(readTyped('"cell migration" *').words).toEqual(['cell', 'migration']);
});
