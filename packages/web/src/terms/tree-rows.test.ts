import { expect, it } from 'vitest';
import { type Branch, rowsOf, withTerms } from './tree-rows.ts';

const term = (id: string, hasBelow = false) => ({ id, label: id.toLowerCase(), hasBelow });

it('shows what is open, below each term it stands under, and where there is more', () => {
  let branches: ReadonlyMap<string, Branch> = new Map();
  branches = withTerms(branches, '', { terms: [term('A', true), term('B', true)], next: null });
  branches = withTerms(branches, 'A', { terms: [term('C', true)], next: 'on' });
  branches = withTerms(branches, 'B', { terms: [term('C', true)], next: null });
  const open = new Set(['/A', '/B']);
  expect(rowsOf(branches, open).map(({ key, level }) => `${level} ${key}`)).toEqual([
    '1 /A',
    '2 /A/C',
    '2 /A/',
    '1 /B',
    '2 /B/C',
  ]);
  branches = withTerms(branches, 'A', { terms: [term('C'), term('D')], next: null });
  expect(rowsOf(branches, new Set(['/A'])).map(({ key }) => key)).toEqual(['/A', '/A/C', '/A/D', '/B']);
});

it('comes to an end where a term is above itself', () => {
  const circle: ReadonlyMap<string, Branch> = new Map([
    ['', { terms: [term('A', true)], next: null }],
    ['A', { terms: [term('B', true)], next: null }],
    ['B', { terms: [term('A', true)], next: null }],
  ]);
  const open = new Set(['/A', '/A/B', '/A/B/A', '/A/B/A/B']);
  expect(rowsOf(circle, open).map(({ key }) => key)).toEqual(['/A', '/A/B', '/A/B/A']);
});
