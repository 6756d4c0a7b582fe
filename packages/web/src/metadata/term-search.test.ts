import { expect, it } from 'vitest';
import { isUnverified, pastedEntries } from './term-search.ts';

it('cuts pasted lines and columns, and leaves a single value alone', () => {
  expect(pastedEntries('Homo sapiens\nMus musculus;  Danio rerio\t')).toEqual([
    'Homo sapiens',
    'Mus musculus',
    'Danio rerio',
  ]);
  expect(pastedEntries('actin, beta')).toEqual(['actin, beta']);
});

it('marks what no vocabulary has, and MeSH always', () => {
  expect(isUnverified({ label: 'x' }, 'CL')).toBe(true);
  expect(isUnverified({ label: 'epithelial cell', id: 'CL:0000066' }, 'CL')).toBe(false);
  expect(isUnverified({ label: 'Time-Lapse Imaging', id: 'MeSH:D1' }, 'MeSH')).toBe(true);
  expect(isUnverified({ label: 'NA' }, 'NCBITaxon')).toBe(false);
  expect(isUnverified({ label: 'HeLa' }, undefined)).toBe(false);
});
