import { describe, expect, it } from 'vitest';
import { parseSearch, writeSearch } from '../app/search-string.ts';
import { addressOf, feedOf, queryOf, searchOf, toggled, unfiltered } from './search-state.ts';

describe('a search in its address', () => {
  it('comes back exactly from the address it was written to', () => {
    let state = searchOf(parseSearch('?q=%E6%A0%B8%E5%88%86%E8%A3%82&sort=newest&view=wall&shown=60'));
    state = { ...toggled(toggled(state, 'organism', 'Mus musculus'), 'year', '2026'), shown: 60 };
    expect(searchOf(parseSearch(writeSearch(addressOf(state))))).toEqual(state);
    expect(state.q).toBe('核分裂');
  });

  it('takes nonsense as the default', () => {
    expect(searchOf({ sort: 'price', view: 'globe', shown: '-3' })).toEqual(searchOf({}));
    expect(searchOf({ shown: '1e9' }).shown).toBe(1000);
  });

  it('switches filters on and off, and starts from the first page then', () => {
    const on = toggled({ ...searchOf({}), shown: 100 }, 'kind', 'tracks');
    expect([on.filters.kind, on.shown]).toEqual([['tracks'], 20]);
    expect(toggled(on, 'kind', 'tracks').filters.kind).toEqual([]);
    expect(unfiltered({ ...on, q: 'x' })).toEqual({ ...searchOf({ q: 'x' }) });
  });

  it('is followed by a feed of its words and filters, whatever the page shows of it', () => {
    const state = toggled(searchOf({ q: '核', sort: 'newest', view: 'wall' }), 'organism', 'Mus musculus');
    expect(feedOf(state, 'atom')).toBe('/feed.atom?q=%E6%A0%B8&organism=Mus+musculus');
    expect(feedOf(searchOf({}), 'json')).toBe('/feed.json');
  });

  it('asks the server without what only the page needs', () => {
    expect(queryOf(searchOf({ q: 'a', view: 'wall', shown: '40' }), 40)).toEqual({ q: 'a', limit: 40 });
  });
});

it('answers with images where words ask for them, unless another view is chosen', () => {
  const q = 'images with decreased cell movement speed';
  expect(searchOf({ q })).toMatchObject({ q: 'decreased cell movement speed', view: 'images' });
  expect(searchOf({ q: '細胞分裂が見られる画像' })).toMatchObject({ q: '細胞分裂', view: 'images' });
  expect(searchOf({ q, view: 'table' })).toMatchObject({ q, view: 'table' });
  expect(searchOf({ q: 'image analysis' })).toMatchObject({ q: 'image analysis', view: 'list' });
});
