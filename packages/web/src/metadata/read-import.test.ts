import { pageTabToTsv } from '@micrarium/standards';
import { expect, it } from 'vitest';
import { readImport, withOpen } from './read-import.ts';

it('fills the paper from a reference, with its form as origin', () => {
  const ris =
    'TY  - JOUR\nAU  - Kyoda, K\nAU  - Onami, S\nTI  - WDDD\nJO  - Nucleic Acids Res\nPY  - 2013\nVL  - 41\nSP  - D732\nEP  - D737\nDO  - 10.1093/nar/gks1269\nER  - \n';
  const read = readImport(new Map([['paper.ris', ris]]), []);
  const values = Object.fromEntries(read.offers.map(({ key, value }) => [key, value]));
  expect(values).toEqual({
    paperShort: 'Kyoda K, et al. (2013) Nucleic Acids Res',
    paperLong: 'Kyoda, K; Onami, S (2013). WDDD. Nucleic Acids Res, 41:D732-D737',
    paperDoi: '10.1093/nar/gks1269',
    paperUrl: 'https://doi.org/10.1093/nar/gks1269',
    papers: ['WDDD | Kyoda, K; Onami, S | Nucleic Acids Res | 2013 | doi:10.1093/nar/gks1269'],
  });
  expect(read.offers[0]?.origin).toEqual({ kind: 'file', file: 'paper.ris', place: 'RIS' });
});

it('says what is wrong with a text that is none of the forms', () => {
  const read = readImport(new Map([['x', 'hello']]), []);
  expect(read.offers).toEqual([]);
  expect(read.issues[0]?.severity).toBe('error');
});

it('offers the nearest title for a data set that none of ours is called', () => {
  const said = {
    values: {
      'datasetTitle@a': 'Wild type embryos',
      'datasetDescription@a': 'Kept at 22 degrees',
      'datasetTitle@b': 'Simulated',
      'datasetDescription@b': 'By the model of 2012',
    },
  };
  const own = [
    { id: 'd-1', title: 'wild-type embryo', files: [] },
    { id: 'd-2', title: 'Mutant larvae', files: [] },
    { id: 'd-3', title: 'Fixed tissue', files: [] },
  ];
  const read = readImport(new Map([['study.json', JSON.stringify(said)]]), own);
  expect(read.unmatched).toEqual(['Wild type embryos', 'Simulated']);
  expect(read.open?.map(({ nearest }) => nearest)).toEqual(['d-1', undefined]);
  expect(read.open?.[1]?.choices.map(({ id }) => id)).toEqual(['d-1', 'd-2', 'd-3']);
  const joined = withOpen(read, 0, 'd-1');
  expect(joined.offers.find(({ key }) => key === 'datasetDescription@d-1')?.value).toBe('Kept at 22 degrees');
  expect(joined.unmatched).toEqual(['Simulated']);
  expect(joined.open?.map(({ choices }) => choices.map(({ id }) => id))).toEqual([['d-2', 'd-3']]);
  expect(withOpen(joined, 5, 'd-2')).toBe(joined);
});

it('shows the repairs of a submission that is dropped, title by title', () => {
  const titled = (type: string, title: string) => ({ type, attributes: [{ name: 'Title', value: title }] });
  const submission = {
    type: 'submission',
    section: {
      type: 'Study',
      attributes: [{ name: 'Title', value: 'Cells' }],
      subsections: [
        titled('Specimen', 'Cells on glass'),
        titled('Specimen', 'Whole embryos'),
        {
          type: 'Study Component',
          attributes: [{ name: 'Name', value: 'Films' }],
          subsections: [{ type: 'Associations', attributes: [{ name: 'Specimen', value: 'Cells on glas' }] }],
        },
      ],
    },
  };
  const read = readImport(new Map([['s.json', JSON.stringify(submission)]]), []);
  expect(read.issues.filter(({ code }) => code === 'association-dangling').map(({ offer }) => offer)).toEqual([
    'Cells on glass',
  ]);
  // One press writes it in, in both forms of a submission; what was read anew has no such fault left.
  for (const text of [JSON.stringify(submission), pageTabToTsv(submission)]) {
    const before = readImport(new Map([['s', text]]), []);
    const mended = before.mend?.(before.issues.find(({ code }) => code === 'association-dangling')!);
    expect(mended?.name).toBe('PageTab');
    expect(mended?.issues.filter(({ code }) => code === 'association-dangling')).toEqual([]);
  }
});
