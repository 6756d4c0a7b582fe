import { expect, test } from 'vitest';
import { parseSearch, writeSearch } from '../app/search-string.ts';
import { addressOf, galleryOf, tileBeside, withPick } from './gallery-state.ts';

test('stands in the address, defaults left out', () => {
  const full = galleryOf(parseSearch('?dataset=d-1&q=cells&view=list&page=3&pick=a.0&pick=b.2'));
  expect(full).toEqual({ dataset: 'd-1', q: 'cells', view: 'list', page: 3, picked: ['a.0', 'b.2'] });
  expect(galleryOf(parseSearch(writeSearch(addressOf(full))))).toEqual(full);
  expect(addressOf(galleryOf({}))).toEqual({});
});

test('takes what nobody offers as the default', () => {
  const odd = galleryOf(
    parseSearch('?view=cube&page=-2&pick=../x&pick=a.0&pick=a.0&pick=b.1&pick=c.1&pick=d.1&pick=e.1'),
  );
  expect(odd).toMatchObject({ view: 'wall', page: 1, picked: ['a.0', 'b.1', 'c.1', 'd.1'] });
});

test('chooses at most four images, and lets go of them', () => {
  const four = ['a.0', 'b.0', 'c.0', 'd.0'].reduce(withPick, galleryOf({}));
  expect(withPick(four, 'e.0')).toBe(four);
  expect(withPick(four, 'b.0').picked).toEqual(['a.0', 'c.0', 'd.0']);
});

test('walks among tiles by arrow keys and stops at the borders', () => {
  expect(tileBeside(4, 'ArrowRight', 3, 8)).toBe(5);
  expect(tileBeside(4, 'ArrowUp', 3, 8)).toBe(1);
  expect(tileBeside(6, 'ArrowDown', 3, 8)).toBeUndefined();
  expect(tileBeside(0, 'ArrowLeft', 3, 8)).toBeUndefined();
  expect(tileBeside(2, 'End', 3, 8)).toBe(7);
  expect(tileBeside(2, 'a', 3, 8)).toBeUndefined();
});
