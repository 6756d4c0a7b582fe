import { expect, test } from 'vitest';
import { figuresKey } from '../figures/figures.ts';
import { keptKey } from '../exchange/kept-parts.ts';
import { relationsKey } from '../relations/relations.ts';
import { labelOfKey } from './key-labels.ts';
import { tierKey } from './tiers.ts';

test('every value of a study has a name for people, those beside the fields too', () => {
  expect(labelOfKey('title')).toEqual({ en: 'Title', ja: 'タイトル' });
  expect(labelOfKey('datasetTitle@films-1').en).toMatch(/^.+ \(films-1\)$/);
  for (const key of [tierKey, figuresKey, relationsKey, keptKey, 'naming', 'note'])
    for (const words of Object.values(labelOfKey(key))) expect(words).not.toBe(key);
  expect(labelOfKey('nothing')).toEqual({ en: 'nothing', ja: 'nothing' });
});
