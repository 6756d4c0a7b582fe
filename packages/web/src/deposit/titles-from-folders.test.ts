import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { titlesFromFolders } from './titles-from-folders.ts';

const item = (id: string, path: string, kind: StudyItem['kind'] = 'image'): StudyItem => ({
  id,
  path,
  files: [path],
  format: 'tiff',
  kind,
  trackSets: [],
  images: [],
  issues: [],
  conversions: [],
});

test('data sets are named after the folders they lie in, where nobody has named them', () => {
  const items = [
    item('a', 's/control/rep1/film.tif'),
    item('b', 's/drug/rep1/film.tif'),
    item('c', 's/notes.txt', 'unknown'),
    item('d', 'loose.tif'),
    item('e', 's/drug/rep2/film.tif'),
  ];
  const levels = ['study', 'condition', 'replicate'] as const;
  expect(titlesFromFolders(levels, items, [], { 'd-e': 'my own' })).toEqual({
    'd-a': 'control, rep1: film.tif',
    'd-b': 'drug, rep1: film.tif',
  });
  expect(titlesFromFolders(['study', 'ignored', 'ignored'], items, [], {})).toEqual({});
});
