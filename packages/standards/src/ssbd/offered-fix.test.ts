import { expect, test } from 'vitest';
import { fieldInTier, metadataFieldById } from '../fields/tiers.ts';
import { checkField } from './check.ts';
import { offeredFix } from './offered-fix.ts';

const field = (id: string) => fieldInTier(metadataFieldById(id)!, 'archive');
const fixOf = (id: string, value: Parameters<typeof offeredFix>[1]) => offeredFix(field(id), value);

/** What submitters get wrong (24 real submissions before and after a curator), and what is offered. */
test.each([
  ['paperDoi', 'https://doi.org/10.1038/S41597-020-00608-W.', '10.1038/s41597-020-00608-w'],
  ['paperDoi', 'DOI: https://doi.org/10.1234/abc', '10.1234/abc'],
  ['paperDoi', 'https://doi.org/10.1234/ abc', '10.1234/abc'],
  ['paperDoi', '0.1038/s41597', '10.1038/s41597'],
  ['paperDoi', '.1038/s41597', '10.1038/s41597'],
  ['paperDoi', '1038/s41597', '10.1038/s41597'],
  ['paperDoi', 'https://onlinelibrary.wiley.com/doi/10.1002/bies.1/full', '10.1002/bies.1'],
  ['paperDoi', 'https://www.biorxiv.org/content/10.1101/2021.05.31.446382v1.full', '10.1101/2021.05.31.446382'],
  ['contactEmail', 'Ada Lovelace <ada@example.org>', 'ada@example.org'],
  ['contactEmail', 'ada@example.orgada@example.org', 'ada@example.org'],
  ['contactEmail', 'ada@example.org; bo@example.org', 'ada@example.org, bo@example.org'],
  ['licence', 'CC BY 4.0 International', 'CC-BY-4.0'],
  ['licence', 'https://creativecommons.org/publicdomain/zero/1.0/', 'CC0-1.0'],
  ['contactOrcid', 'https://orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
  ['paperUrl', 'www.example.org/paper', 'https://www.example.org/paper'],
  ['paperUrl', 'PMID: 26037491', 'https://pubmed.ncbi.nlm.nih.gov/26037491/'],
  ['paperUrl', 'doi:10.1234/abc', 'https://doi.org/10.1234/abc'],
  ['releaseDate', '2026/1/5', '2026-01-05'],
  ['releaseDate', '20260105', '2026-01-05'],
  ['releaseDate', '5 January 2026', '2026-01-05'],
  ['releaseDate', '2026', '2026-01-01'],
  ['releaseDate', '2026-11', '2026-11-01'],
  ['releaseDate', '2026年11月', '2026-11-01'],
  ['contrastMethod', 'fluorescence', 'Fluorescence'],
  ['title', 'A\u0007 title', 'A title'],
])('%s: “%s” is caught, and “%s” is offered', (id, typed, offered) => {
  expect(checkField(field(id), typed).length).toBeGreaterThan(0);
  expect(fixOf(id, typed)).toEqual({ [id]: offered });
  expect(checkField(field(id), offered)).toEqual([]);
});

test('a status where a DOI belongs goes to its own field', () => {
  expect(fixOf('paperDoi', 'in revision')).toEqual({ paperDoi: undefined, paperStatus: 'submitted' });
  expect(fixOf('paperDoi', 'TBD')).toEqual({ paperDoi: undefined, paperStatus: 'in preparation' });
  expect(fixOf('paperUrl', 'in press')).toEqual({ paperUrl: undefined, paperStatus: 'in press' });
  expect(checkField(field('paperStatus'), 'in press')).toEqual([]);
});

test('organisms are written out, people’s ORCIDs brought into form', () => {
  expect(fixOf('organism', [{ label: 'homo sapiens' }])).toEqual({
    organism: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
  });
  expect(fixOf('organism', [{ label: 'C. elegans' }])).toEqual({
    organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }],
  });
  const person = { firstName: 'A', lastName: 'B', organisation: 'C', role: 'image' as const };
  expect(fixOf('contributors', [{ ...person, orcid: 'orcid.org/0000-0002-1825-0097' }])).toEqual({
    contributors: [{ ...person, orcid: '0000-0002-1825-0097' }],
  });
});

test('what is in order, and what nobody can know, gets no offer', () => {
  for (const [id, value] of [
    ['paperDoi', '10.1234/abc'],
    ['paperDoi', 'https://example.org/article'],
    ['contactEmail', 'ada@example'],
    ['licence', 'my own'],
    ['releaseDate', '05/06/2026'],
    ['releaseDate', '2026-02-31'],
    ['releaseDate', '2026-13'],
    ['releaseDate', '202611'],
    ['contactOrcid', '0000-0002-1825-0098'],
    ['title', ''],
  ] as const)
    expect([id, value, fixOf(id, value)]).toEqual([id, value, undefined]);
});

test.each<[string, string[], string[]]>([
  // 6: a link that leads nowhere, by the form of its accession number or the host of its address.
  ['links', ['EMPIAR-10310'], ['https://www.ebi.ac.uk/empiar/EMPIAR-10310/']],
  ['links', ['doi:10.1234/ABC', 'github.com/a/b'], ['https://doi.org/10.1234/abc', 'https://github.com/a/b']],
  ['links', ['gse12345'], ['https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE12345']],
  ['links', ['https://a.example/1; https://b.example/2'], ['https://a.example/1', 'https://b.example/2']],
  // What nobody can know stays as it is beside what is mended.
  [
    'links',
    ['S-BIAD634', 'see the paper'],
    ['https://www.ebi.ac.uk/biostudies/bioimages/studies/S-BIAD634', 'see the paper'],
  ],
  // 7: several values in one entry, and one value in several.
  ['keywords', ['wound healing, migration', 'cells'], ['wound healing', 'migration', 'cells']],
  ['strain', ['N2; AB2'], ['N2', 'AB2']],
  ['treatment', ['three doses (1', '2', '5 µM) of a drug', 'heat'], ['three doses (1, 2, 5 µM) of a drug', 'heat']],
])('entries of %s: %j are caught, and %j are offered', (id, typed, offered) => {
  const found = checkField(field(id), typed);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ severity }) => severity === 'warning')).toBe(true);
  expect(fixOf(id, typed)).toEqual({ [id]: offered });
  expect(checkField(field(id), offered).length).toBeLessThan(found.length);
});

test.each<[string, string[]]>([
  ['links', ['https://example.org/a,b;c', 'NA']],
  ['treatment', ['blebbistatin, 10 µM', 'a drug (1; 2; 5 µM)', 'two (nested (doses))']],
  ['geneticChange', ['Cdc42, dominant negative']],
  ['keywords', ['wound healing']],
])('entries of %s such as %j are in order', (id, typed) => {
  expect(checkField(field(id), typed)).toEqual([]);
  expect(fixOf(id, typed)).toBeUndefined();
});

test('several organisms in one entry are several terms; a label with a comma stays', () => {
  expect(fixOf('organism', [{ label: 'Homo sapiens, Mus musculus' }])).toEqual({
    organism: [
      { label: 'Homo sapiens', id: 'NCBITaxon:9606' },
      { label: 'Mus musculus', id: 'NCBITaxon:10090' },
    ],
  });
  expect(checkField(field('biologicalProcess'), [{ label: 'growth, and more' }])).toEqual([]);
});

test.each([
  ['timeScale', '40', '40 second for each time interval'],
  ['timeScale', '40 for each time interval', '40 second for each time interval'],
  ['spaceScale', '0.105', 'XY: 0.105 micrometer/pixel'],
  ['spaceScale', 'XY: 0.105, Z: 0.5', 'XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice'],
  ['spaceScale', '0.1 x 0.1 x 0.5', 'XY: 0.1 micrometer/pixel, Z: 0.5 micrometer/slice'],
  ['spaceScale', 'X: 0.1/pixel, Y: 0.2/pixel', 'X: 0.1 micrometer/pixel, Y: 0.2 micrometer/pixel'],
])('%s: “%s” has no unit, and “%s” is offered', (id, typed, offered) => {
  expect(checkField(field(id), typed).map(({ code, severity }) => [code, severity])).toEqual([
    ['scale-without-unit', 'warning'],
  ]);
  expect(fixOf(id, typed)).toEqual({ [id]: offered });
  expect(fixOf(id, offered)).toBeUndefined();
});

test('scales with a unit, without numbers, or that may be read two ways', () => {
  for (const typed of [
    'NA',
    '40 s',
    '40 second for each time interval',
    '0.1 x 0.1 x 0.5 µm',
    'XY: 65 nm/pixel',
    '3 min/frame',
  ])
    expect([typed, checkField(field('timeScale'), typed)]).toEqual([typed, []]);
  expect(fixOf('timeScale', '0,5')).toBeUndefined();
  expect(fixOf('timeScale', '0')).toBeUndefined();
  expect(fixOf('spaceScale', '1 2 3 4')).toBeUndefined();
});

test('what is said of one data set is mended like what is said of the study', () => {
  const own = { ...field('organism'), id: 'organism@d-1' };
  expect(offeredFix(own, [{ label: 'homo sapiens' }])).toEqual({
    'organism@d-1': [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
  });
  const scale = { ...field('timeScale'), id: 'timeScale@d-1' };
  expect(offeredFix(scale, '40')).toEqual({ 'timeScale@d-1': '40 second for each time interval' });
});
