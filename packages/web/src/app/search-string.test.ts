import { describe, expect, it } from 'vitest';
import { parseSearch, writeSearch } from './search-string.ts';

describe('the query of an address', () => {
  it('keeps repeated names, Japanese and signs through a round trip', () => {
    const values = { q: '核 分裂 & 100%', organism: ['Homo sapiens', 'Mus musculus'], year: '2026' };
    expect(parseSearch(writeSearch(values))).toEqual(values);
  });

  it('leaves out what is empty, and is empty itself then', () => {
    expect(writeSearch({ q: '', organism: [], sort: undefined })).toBe('');
    expect(writeSearch({ a: ['', 'x'] })).toBe('?a=x');
  });
});
