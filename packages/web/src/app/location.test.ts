import { describe, expect, it } from 'vitest';
import { locate, matchPath, ownAddress, pageAddress } from './location.ts';

describe('addresses of pages', () => {
  it('fits paths to patterns and decodes their values', () => {
    expect(matchPath('/deposit/$draft', '/deposit/a%2Fb%20c')).toEqual({ draft: 'a/b c' });
    expect(matchPath('/viewer/$a/$v/$i', '/viewer/MIC-1/2/x')).toEqual({ a: 'MIC-1', v: '2', i: 'x' });
    expect(matchPath('/search', '/search')).toEqual({});
    for (const path of ['/deposit', '/deposit/', '/deposit/a/b', '/other/a', '/deposit/%zz'])
      expect(matchPath('/deposit/$draft', path), path).toBeUndefined();
  });

  it('knows its own site, and takes a slash at the end away', () => {
    const site = 'http://127.0.0.1:8080';
    expect(ownAddress('/search/?q=a#b', site)).toEqual({ path: '/search', query: '?q=a', hash: '#b' });
    expect(ownAddress('/', site)).toEqual({ path: '/', query: '', hash: '' });
    for (const elsewhere of ['https://example.org/', '//example.org/search', 'javascript:alert(1)', 'http://'])
      expect(ownAddress(elsewhere, site), elsewhere).toBeUndefined();
  });

  it('finds the page of an address with its query', () => {
    const patterns = ['/', '/search', '/deposit/$draft'];
    expect(locate(patterns, '/search', '?q=a&kind=x&kind=y')).toEqual({
      at: 1,
      location: { path: '/search', search: { q: 'a', kind: ['x', 'y'] }, params: {} },
    });
    expect(locate(patterns, '/nowhere', '').at).toBe(-1);
    expect(pageAddress('/search', { q: 'a b', kind: ['x', 'y'], sort: undefined })).toBe('/search?q=a+b&kind=x&kind=y');
    expect(pageAddress('/')).toBe('/');
  });
});
