import { expect, test } from 'vitest';
import { findLicence } from '../licences/licences.ts';
import { isDoiField, isEmail, linkTypeOf, readCurie, readDoi, readOrcid, readRor, termAddress } from './identifiers.ts';

test.each([
  ['10.1234/ABC', '10.1234/abc'],
  [' doi: 10.1234/a ', '10.1234/a'],
  ['DOI: https://doi.org/10.7554/eLife.1.', '10.7554/elife.1'],
  ['http://dx.doi.org/10.1/x', undefined],
  ['https:// dx.doi.org/10.1234/a/b', '10.1234/a/b'],
  ['0.1101/2025.03', undefined],
  ['TBD', undefined],
  ['https://www.nature.com/articles/s1', undefined],
])('DOI %s', (text, doi) => {
  const read = readDoi(text);
  expect('doi' in read ? read.doi : undefined).toBe(doi);
  if (!('doi' in read)) expect(read.reason).toMatch(/./);
});

test('fields take a DOI or its address and nothing around it', () => {
  expect(['10.1234/a', 'doi: 10.1234/a', 'https://dx.doi.org/10.1234/a'].every(isDoiField)).toBe(true);
  expect(
    ['10.1234/a.', 'https:// doi.org/10.1234/a', 'DOI: https://doi.org/10.1234/a', '1234/a'].some(isDoiField),
  ).toBe(false);
});

test('e-mail addresses stand alone and are complete', () => {
  expect(['a@b.org', 'a.b-c@d.ac.jp'].every(isEmail)).toBe(true);
  expect(['a@b', 'A B <a@b.org>', 'a@b.orga@b.org', 'a@b.', 'a b@c.org'].some(isEmail)).toBe(false);
});

test('ROR, ORCID and term identifiers in their spellings', () => {
  expect(readRor('https://ror.org/01sjwvz98')).toBe('01sjwvz98');
  expect(readRor('https://ror.org/01sjwvz97')).toBeUndefined();
  expect(readOrcid('https://orcid.org/0000-0002-1825-0097')).toBe('0000-0002-1825-0097');
  expect(
    ['NCBITaxon_10090', 'http://purl.obolibrary.org/obo/NCBITaxon_10090', 'ncbitaxon:10090'].map(readCurie),
  ).toEqual(Array(3).fill('NCBITaxon:10090'));
  expect(termAddress('EFO:0007550')).toBe('http://www.ebi.ac.uk/efo/EFO_0007550');
  expect(readCurie('time lapse')).toBeUndefined();
});

test.each([
  ['CC-BY 4.0', 'CC-BY-4.0'],
  ['CC BY 4.0', 'CC-BY-4.0'],
  ['cc-by', 'CC-BY-4.0'],
  ['CC0', 'CC0-1.0'],
  ['https://creativecommons.org/licenses/by/4.0/legalcode', 'CC-BY-4.0'],
  ['http://creativecommons.org/licenses/by-nc-sa/4.0', 'CC-BY-NC-SA-4.0'],
  ['https://spdx.org/licenses/CC-BY-4.0.html', 'CC-BY-4.0'],
  ['Creative Commons Attribution 4.0 International', 'CC-BY-4.0'],
  ['Creative Commons Attribution 4.0 International (CC BY 4.0)', 'CC-BY-4.0'],
  ['CC BY 3.0', 'CC-BY-3.0'],
  ['odc-by-1.0', 'ODC-By-1.0'],
  ['all rights reserved', undefined],
])('licence %s', (text, spdx) => {
  expect(findLicence(text)?.spdx).toBe(spdx);
});

test.each([
  ['https://doi.org/10.1234/abc', 'doi'],
  ['10.1234/abc', 'doi'],
  ['https://github.com/a/b', 'code'],
  ['https://pubmed.ncbi.nlm.nih.gov/26037491/', 'publication'],
  ['https://www.ebi.ac.uk/empiar/EMPIAR-10326/', 'EMPIAR'],
  ['https://www.ebi.ac.uk/biostudies/bioimages/studies/S-BIAD1494', 'BioImage Archive'],
  ['https://www.protocols.io/view/a', 'protocol'],
  ['https://example.org/github.html', undefined],
])('the type of the link %s is %s', (url, type) => {
  expect(linkTypeOf(url)).toBe(type);
});
