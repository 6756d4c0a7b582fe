import { expect, it } from 'vitest';
import { readImport } from './read-import.ts';

it('fills the paper from a reference, with its form as origin', () => {
  const ris =
    'TY  - JOUR\nAU  - Kyoda, K\nAU  - Onami, S\nTI  - WDDD\nJO  - Nucleic Acids Res\nPY  - 2013\nVL  - 41\nSP  - D732\nEP  - D737\nDO  - 10.1093/nar/gks1269\nER  - \n';
  const read = readImport(new Map([['paper.ris', ris]]), []);
  const values = Object.fromEntries(read.offers.map(({ key, value }) => [key, value]));
  expect(values).toEqual({
    paperShort: 'Kyoda, K, et al. (2013) Nucleic Acids Res',
    paperLong: 'Kyoda, K; Onami, S (2013). WDDD. Nucleic Acids Res, 41:D732-D737',
    paperDoi: '10.1093/nar/gks1269',
    paperUrl: 'https://doi.org/10.1093/nar/gks1269',
  });
  expect(read.offers[0]?.origin).toEqual({ kind: 'file', file: 'paper.ris', place: 'RIS' });
});

it('says what is wrong with a text that is none of the forms', () => {
  const read = readImport(new Map([['x', 'hello']]), []);
  expect(read.offers).toEqual([]);
  expect(read.issues[0]?.severity).toBe('error');
});
