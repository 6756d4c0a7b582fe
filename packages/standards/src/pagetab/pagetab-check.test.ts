import { expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import { withOffer } from './mend-value.ts';
import { checkPageTab } from './pagetab-check.ts';

const attributes = (pairs: Record<string, string | string[]>) =>
  Object.entries(pairs).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })));
const section = (type: string, pairs: Record<string, string | string[]>, subsections: Json[] = [], accno = '') => ({
  type,
  ...(accno ? { accno } : {}),
  attributes: attributes(pairs),
  subsections,
});

const good = {
  Title: 'A study of cells',
  Description: 'Of cells',
  Keywords: ['cells'],
  License: 'CC BY 4.0',
};
const samples = [
  section('Biosample', { Title: 'B', Organism: 'Homo sapiens (human)', 'Biological entity': 'HeLa cells' }),
  section('Specimen', { Title: 'S', 'Sample preparation protocol': 'fixed' }),
  section('Image acquisition', {
    Title: 'A',
    'Imaging instrument': 'I',
    'Image acquisition parameters': 'P',
    'Imaging method': 'confocal microscopy',
  }),
];
const component = (pairs: Record<string, string>, inner: Json[] = []) =>
  section('Study Component', { Name: 'C', Description: 'D', 'File List': 'c.tsv' }, [
    section('Associations', pairs),
    ...inner,
  ]);
const whole = { Biosample: 'B', Specimen: 'S', 'Image acquisition': 'A' };

function codes(more: Json[], study: Record<string, string | string[]> = good, links: Json[] = []): string[] {
  const document = {
    type: 'submission',
    attributes: attributes({ Template: 'BioImages.v4', ReleaseDate: '2024-01-31' }),
    section: { ...section('Study', study, [...samples, ...more]), links },
  };
  return checkPageTab(document as unknown as Json)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

test('a submission in order has no errors', () => {
  expect(codes([component(whole), section('Publication', { DOI: 'doi: 10.1234/a' })])).toEqual([]);
});

test.each<[string, Json[], string]>([
  [
    'the address of an article',
    [section('Publication', { Title: 'T', DOI: 'https://journal.example/a1' })],
    'doi-malformed',
  ],
  ['a DOI cut off at the start', [section('Publication', { Title: 'T', DOI: '0.1234/a' })], 'doi-malformed'],
  ['a status for a DOI', [section('Publication', { Title: 'T', DOI: 'TBD' })], 'doi-malformed'],
  [
    'a status for a PubMed number',
    [section('Publication', { Title: 'T', 'Pubmed ID': 'in press' })],
    'pubmed-id-malformed',
  ],
  ['a publication without name', [section('Publication', { Year: '2024' })], 'publication-unidentified'],
  ['half an address', [section('author', { Name: 'N', 'E-mail': 'n@uni' })], 'email-malformed'],
  ['an address twice', [section('author', { Name: 'N', 'E-mail': 'n@uni.exn@uni.ex' })], 'email-malformed'],
  ['an address with its name', [section('author', { Name: 'N', 'E-mail': 'N <n@uni.ex>' })], 'email-malformed'],
  ['a title that is not there', [component({ ...whole, Specimen: 'S2' })], 'association-dangling'],
  ['a protocol within a component', [component(whole, [section('Image analysis', {})])], 'section-misplaced'],
  [
    'a component without associations',
    [section('Study Component', { Name: 'C', 'File List': 'c.tsv' })],
    'association-missing',
  ],
  [
    'a text cut at its commas',
    [section('Biosample', { Title: 'B2', Organism: 'o', 'Experimental variable': ['three (a', 'b', 'c) of d'] })],
    'value-split',
  ],
  [
    'a sign that nobody sees in an address',
    [section('author', { Name: 'N', 'E-mail': '\u202bn@uni.ex', affiliation: 'o1' })],
    'email-malformed',
  ],
  ['two dots in an address', [section('author', { Name: 'N', 'E-mail': 'n@uni..ex' })], 'email-malformed'],
  ['two signs @ in an address', [section('author', { Name: 'N', 'E-mail': 'n@n@uni.ex' })], 'email-malformed'],
  [
    'a sign that nobody sees in a DOI',
    [section('Publication', { Title: 'T', DOI: '10.1234/a\u200bb' })],
    'doi-malformed',
  ],
  [
    'an affiliation that is no reference',
    [
      section('author', { Name: 'o1 N', affiliation: 'o1' }),
      section('organisation', { Name: 'Example University' }, [], 'o1'),
    ],
    'reference-unmarked',
  ],
  ['an author of nowhere', [section('author', { Name: 'N' })], 'submission-field-missing'],
  [
    'an acquisition without its instrument',
    [
      section('Image acquisition', {
        Title: 'A2',
        'Image acquisition parameters': 'P',
        'Imaging method': 'confocal microscopy',
      }),
    ],
    'submission-field-missing',
  ],
  ['an organism left out', [section('Biosample', { Title: 'B2' })], 'submission-field-missing'],
])('%s is found', (_, sections, code) => {
  expect(codes(sections)).toContain(code);
});

test('a licence spelled otherwise is found, with its spelling', () => {
  expect(codes([], { ...good, License: 'CC-BY 4.0' })).toEqual(['licence-unlisted']);
});

test('a reference to an organisation that is not there is found', () => {
  const author = {
    type: 'author',
    attributes: [
      { name: 'Name', value: 'N' },
      { name: 'affiliation', value: 'o9', reference: true },
    ],
  };
  expect(codes([author])).toEqual(['reference-dangling']);
});

test('several organisations in one reference are each looked for', () => {
  const organisations = ['o1', 'o2'].map((accno) => section('organisation', { Name: accno }, [], accno));
  const author = (value: string) => ({
    type: 'author',
    attributes: [
      { name: 'Name', value: 'N' },
      { name: 'affiliation', value, reference: true },
    ],
  });
  expect(codes([author('o1, o2'), ...organisations])).toEqual([]);
  expect(codes([author('o1, o3'), ...organisations])).toEqual(['reference-dangling']);
});

test('an affiliation is marked as a reference by its offer, whatever else the author is called', () => {
  const author = section('author', { Name: 'o1 N', affiliation: 'o1' });
  const document = {
    section: section('Study', good, [
      author,
      section('author', { Name: 'M', affiliation: 'o1' }),
      section('organisation', { Name: 'Example University' }, [], 'o1'),
    ]),
  } as unknown as Json;
  const issue = checkPageTab(document).find(({ code }) => code === 'reference-unmarked')!;
  const mended = withOffer(document, issue)!;
  expect(mended).toMatchObject({
    section: { subsections: [{ attributes: [{ value: 'o1 N' }, { value: 'o1', reference: true }] }, {}, {}] },
  });
  expect(checkPageTab(mended).map(({ code }) => code)).not.toContain('reference-unmarked');
});

test('templates of before the present one are not asked for a description', () => {
  const document = { section: section('Study', { Title: 'T' }) };
  expect(checkPageTab(document as unknown as Json).map(({ code }) => code)).toEqual([]);
});

test('a link of words leads nowhere, one that lacks its beginning is mended', () => {
  expect(codes([], good, [{ url: 'figure 3 and 4' }])).toEqual(['link-malformed']);
  expect(codes([], good, [{ url: 'www.uni.example/lab' }])).toEqual([]);
});

test('a bare DOI as a link needs its type, an address does not', () => {
  expect(codes([], good, [{ url: '10.1234/a' }])).toEqual(['link-untyped']);
  expect(codes([], good, [{ url: 'doi.org/10.1234/a' }])).toEqual(['link-untyped']);
  expect(
    codes([], good, [
      { url: 'https://doi.org/10.1234/a' },
      { url: '10.1234/a', attributes: attributes({ Type: 'doi' }) },
    ]),
  ).toEqual([]);
});

/** The offer of the issue with this code. */
function offerOf(code: string, more: Json[], study = good as Record<string, string | string[]>, links: Json[] = []) {
  const document = {
    type: 'submission',
    attributes: attributes({ Template: 'BioImages.v4', ReleaseDate: '2024-01-31' }),
    section: { ...section('Study', study, [...samples, ...more]), links },
  };
  const issue = checkPageTab(document as unknown as Json).find((one) => one.code === code);
  expect(issue?.hint).toBeTruthy();
  return issue?.offer;
}

test('every mistake of submitters is found with a fix offered, or with what to choose from', () => {
  const paper = (pairs: Record<string, string>) => [section('Publication', { Title: 'T', ...pairs })];
  const author = (mail: string) => [section('author', { Name: 'N', 'E-mail': mail })];
  // 1 to 3 and 5: DOI, status, e-mail, licence.
  expect(offerOf('doi-malformed', paper({ DOI: '0.1234/a' }))).toBe('10.1234/a');
  expect(offerOf('doi-malformed', paper({ DOI: 'https://journal.example/doi/10.1234/a/full' }))).toBe('10.1234/a');
  expect(offerOf('doi-malformed', paper({ DOI: 'TBD' }))).toBeUndefined();
  expect(offerOf('email-malformed', author('N <n@uni.ex>'))).toBe('n@uni.ex');
  expect(offerOf('email-malformed', author('n@uni.exn@uni.ex'))).toBe('n@uni.ex');
  expect(offerOf('licence-unlisted', [], { ...good, License: 'CC-BY 4.0' })).toBe('CC BY 4.0');
  // 4: a title that no section has; of two specimens the nearer one, of one the only one.
  expect(offerOf('association-dangling', [component({ ...whole, Specimen: 'Renamed' })])).toBe('S');
  const second = section('Specimen', { Title: 'Fixed cells on glass' });
  expect(offerOf('association-dangling', [second, component({ ...whole, Specimen: 'fixed cells on glas' })])).toBe(
    'Fixed cells on glass',
  );
  expect(offerOf('association-dangling', [second, component({ ...whole, Specimen: 'Embryos' })])).toBeUndefined();
  // 6: a link without type, by the form of the accession number or the host.
  const link = (code: string, url: string) => offerOf(code, [], good, [{ url }]);
  expect(link('link-untyped', 'doi.org/10.1234/a')).toBe('10.1234/a, Type: doi');
  expect(link('link-malformed', 'EMPIAR-10310')).toBe('https://www.ebi.ac.uk/empiar/EMPIAR-10310/, Type: EMPIAR');
  expect(link('link-malformed', 'www.uni.example/lab')).toBe('https://www.uni.example/lab');
  expect(link('link-type-missing', 'https://github.com/a/b')).toBe('https://github.com/a/b, Type: code');
  // 7: one text cut at its commas.
  expect(
    offerOf('value-split', [
      section('Biosample', { Title: 'B2', Organism: 'o', 'Experimental variable': ['three (a', 'b', 'c) of d'] }),
    ]),
  ).toBe('three (a, b, c) of d');
  // 8: what an old template did not ask for.
  expect(offerOf('association-missing', [section('Study Component', { Name: 'C', 'File List': 'c.tsv' })])).toBe(
    'Associations with Biosample: B; Specimen: S; Image acquisition: A',
  );
  const bare = {
    type: 'submission',
    section: section('Study', good, [section('Study Component', { Name: 'C' }), samples[0]!]),
  };
  expect(
    checkPageTab(bare as unknown as Json)
      .filter(({ code }) => code === 'sections-missing')
      .map(({ severity, offer }) => [severity, offer]),
  ).toEqual([
    ['warning', 'a section “Specimen” with Title, Sample preparation'],
    [
      'warning',
      'a section “Image acquisition” with Title, Imaging method, Imaging instrument, Image acquisition parameters',
    ],
  ]);
});

test('documents of any other shape give an issue and nothing else', () => {
  for (const document of [
    null,
    [],
    'x',
    { section: [] },
    { section: { subsections: [null, [1], { attributes: 'x' }] } },
  ])
    expect(checkPageTab(document as Json).length).toBeGreaterThan(0);
});
