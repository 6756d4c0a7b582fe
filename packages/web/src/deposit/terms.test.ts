import { expect, it } from 'vitest';
import { termOf, withTerm } from './terms.ts';

it('reads terms from words, synonyms and identifiers', () => {
  const worm = { id: 'NCBITaxon:6239', label: 'Caenorhabditis elegans' };
  expect(termOf(' caenorhabditis  elegans ', 'NCBITaxon')).toEqual(worm);
  expect(termOf('線虫', 'NCBITaxon')).toEqual(worm);
  expect(termOf('NCBITaxon:6239', 'NCBITaxon')).toEqual(worm);
  expect(termOf('kinetochore (GO:0000776)', 'GO')).toEqual({ id: 'GO:0000776', label: 'kinetochore' });
  expect(termOf('N2')).toEqual({ label: 'N2' });
  expect(termOf('  ')).toBeUndefined();
});

it('lists a term once', () => {
  const worm = { id: 'NCBITaxon:6239', label: 'Caenorhabditis elegans' };
  expect(withTerm([worm], { id: worm.id, label: 'worm' })).toEqual([worm]);
  expect(withTerm([worm], { label: 'NA' })).toHaveLength(2);
});
