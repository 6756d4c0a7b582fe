import { expect, test } from 'vitest';
import { importMetadata } from '../exchange/import-metadata.ts';

function read(file: string, document: unknown) {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const found = importMetadata(new Map([[file, text]]));
  if (!('name' in found)) throw new Error(found.issues.map(({ message }) => message).join());
  return found;
}

const creators = [
  { name: 'Yamada, Hanako', affiliation: 'RIKEN', orcid: '0000-0001-5109-3700' },
  { name: 'Josiah Carberry', affiliation: 'Brown University', orcid: 'https://orcid.org/0000-0002-1825-0097' },
];

test('.zenodo.json fills title, text, people, licence, words, relations and grants', () => {
  const { name, graph, values, unread } = read('data/.zenodo.json', {
    upload_type: 'dataset',
    title: 'Films of cells',
    description: '<p>Cells &amp; <b>wounds</b>.</p><ul><li>one</li><li>two</li></ul>',
    creators,
    contributors: [
      { name: 'Doe, Jane', type: 'DataCurator' },
      { name: 'Yamada, Hanako', type: 'ContactPerson' },
    ],
    license: { id: 'cc-by-4.0' },
    access_right: 'open',
    keywords: ['migration', 'wound healing'],
    related_identifiers: [
      { identifier: '10.1234/paper', relation: 'isSupplementTo', resource_type: 'publication-article', scheme: 'doi' },
      { identifier: 'https://github.com/a/b', relation: 'isCompiledBy', scheme: 'url' },
      { identifier: '2101.00001', relation: 'cites', scheme: 'arxiv' },
    ],
    grants: [{ id: '10.13039/501100000780::283595' }],
    references: ['A book'],
  });
  expect(name).toBe('Zenodo');
  expect(graph.study).toEqual({
    title: 'Films of cells',
    description: 'Cells & wounds.\n- one\n- two',
    keywords: ['migration', 'wound healing'],
    licence: 'CC-BY-4.0',
  });
  expect(
    graph.contributors.map(({ firstName, lastName, orcid, roles, isContact }) => [
      firstName,
      lastName,
      orcid,
      roles,
      isContact,
    ]),
  ).toEqual([
    ['Hanako', 'Yamada', '0000-0001-5109-3700', undefined, true],
    ['Josiah', 'Carberry', '0000-0002-1825-0097', undefined, undefined],
    ['Jane', 'Doe', undefined, ['DataCurator'], undefined],
  ]);
  expect(graph.organisations.map((one) => one.name)).toEqual(['RIKEN', 'Brown University']);
  expect(graph.publications).toEqual([{ key: 'p-1', doi: '10.1234/paper' }]);
  expect(graph.links.map(({ url, relation }) => [url, relation])).toEqual([
    ['https://github.com/a/b', 'IsCompiledBy'],
    ['https://arxiv.org/abs/2101.00001', 'Cites'],
  ]);
  expect(graph.grants).toEqual([
    { key: 'g-1', identifier: '283595', funderId: 'https://doi.org/10.13039/501100000780' },
  ]);
  expect(values).toMatchObject({
    title: 'Films of cells',
    licence: 'CC-BY-4.0',
    keywords: ['migration', 'wound healing'],
  });
  expect(JSON.stringify(values)).toContain('0000-0001-5109-3700');
  expect(unread).toContainEqual({ place: 'zenodo: references', text: '["A book"]' });
});

test('records as Zenodo gives them out are known without their name, of either interface', () => {
  const old = {
    id: 1,
    metadata: { title: 'T', creators, resource_type: { type: 'dataset' }, publication_date: '2026-02-03' },
  };
  expect(read('record.json', old)).toMatchObject({ name: 'Zenodo', graph: { study: { releaseDate: '2026-02-03' } } });
  const now = read('record.json', {
    metadata: {
      title: 'T',
      resource_type: { id: 'dataset' },
      creators: [
        {
          person_or_org: {
            type: 'personal',
            given_name: 'Ada',
            family_name: 'Byron',
            identifiers: [{ scheme: 'orcid', identifier: '0000-0001-5109-3700' }],
          },
          affiliations: [{ name: 'CERN', id: '01ggx4157' }],
        },
      ],
      rights: [{ id: 'cc0-1.0' }],
      subjects: [{ subject: 'cells' }],
      funding: [{ funder: { name: 'EC' }, award: { number: '12', title: { en: 'Cells' } } }],
    },
  });
  expect(now.graph).toMatchObject({
    study: { licence: 'CC0-1.0', keywords: ['cells'] },
    contributors: [{ firstName: 'Ada', lastName: 'Byron', orcid: '0000-0001-5109-3700' }],
    organisations: [{ name: 'CERN', ror: '01ggx4157' }],
    grants: [{ funder: 'EC', identifier: '12', title: 'Cells' }],
  });
});

test('codemeta.json, with what only software has named as unread', () => {
  const { name, graph, unread } = read('codemeta.json', {
    '@context': 'https://w3id.org/codemeta/3.0',
    type: 'SoftwareSourceCode',
    name: 'Tracker',
    description: 'Follows cells',
    author: [
      {
        type: 'Person',
        id: 'https://orcid.org/0000-0001-5109-3700',
        givenName: 'Hanako',
        familyName: 'Yamada',
        email: 'h@example.org',
        affiliation: { type: 'Organization', name: 'RIKEN' },
      },
      { type: 'Role', 'schema:author': '_:author_1', roleName: 'Developer' },
    ],
    maintainer: { type: 'Person', givenName: 'Hanako', familyName: 'Yamada' },
    license: 'https://spdx.org/licenses/MIT',
    keywords: 'tracking, cells',
    identifier: 'https://doi.org/10.5281/zenodo.1',
    codeRepository: 'https://github.com/a/b',
    datePublished: '2026-01-02',
    referencePublication: [{ '@type': 'ScholarlyArticle', '@id': 'https://doi.org/10.1234/x', name: 'On cells' }],
    funder: { type: 'Organization', name: 'JST' },
    funding: 'JPMJ1',
    programmingLanguage: 'Java',
  });
  expect(name).toBe('CodeMeta');
  expect(graph).toMatchObject({
    study: {
      title: 'Tracker',
      keywords: ['tracking', 'cells'],
      licence: 'MIT',
      doi: '10.5281/zenodo.1',
      releaseDate: '2026-01-02',
    },
    contributors: [
      {
        firstName: 'Hanako',
        lastName: 'Yamada',
        orcid: '0000-0001-5109-3700',
        email: 'h@example.org',
        isContact: true,
      },
    ],
    publications: [{ title: 'On cells', doi: '10.1234/x' }],
    links: [{ url: 'https://github.com/a/b', type: 'code' }],
    grants: [{ funder: 'JST', identifier: 'JPMJ1' }],
  });
  expect(unread).toContainEqual({ place: 'codemeta: programmingLanguage', text: 'Java' });
});

test('CITATION.cff, with the paper that it asks to cite', () => {
  const { name, graph } = read(
    'CITATION.cff',
    `# by hand
cff-version: 1.2.0
message: Please cite
title: Films of cells
abstract: Cells move.
authors:
  - family-names: Berg
    name-particle: van der
    given-names: Ada
    orcid: https://orcid.org/0000-0001-5109-3700
    affiliation: RIKEN
  - name: The Cell Team
keywords: [cells, films]
license: CC-BY-4.0
date-released: 2026-03-04
doi: 10.5281/zenodo.2
repository-code: https://github.com/a/b
preferred-citation:
  type: article
  title: On cells
  authors:
    - {family-names: Berg, given-names: Ada}
  doi: 10.1234/x
  journal: Cell
  year: 2025
  start: 1
  end: 9
`,
  );
  expect(name).toBe('CITATION.cff');
  expect(graph).toMatchObject({
    study: { title: 'Films of cells', licence: 'CC-BY-4.0', releaseDate: '2026-03-04', doi: '10.5281/zenodo.2' },
    contributors: [{ firstName: 'Ada', lastName: 'van der Berg' }, { name: 'The Cell Team' }],
    publications: [{ title: 'On cells', authors: ['Berg, Ada'], venue: 'Cell', year: '2025', pages: '1-9' }],
  });
});

test('a bare context of JSON-LD is no ISA-JSON, and nothing is read of it', () => {
  const terms = {
    sdo: 'http://schema.org/',
    identifier: 'sdo:identifier',
    title: 'sdo:headline',
    people: 'sdo:creator',
    studies: { '@id': 'sdo:hasPart' },
    ontologySourceReferences: 'sdo:mentions',
  };
  for (const document of [terms, { '@context': terms }]) {
    const found = importMetadata(new Map([['investigation_context.json', JSON.stringify(document)]]));
    expect(found).not.toHaveProperty('name');
    expect(found.issues[0]!.message).toContain('JSON-LD context');
  }
});

test('what describes a repository is read only where nothing else is the document', () => {
  const found = importMetadata(
    new Map([
      ['.zenodo.json', JSON.stringify({ title: 'Of the repository', creators, upload_type: 'software' })],
      ['z.json', JSON.stringify({ titles: [{ title: 'Of the data' }], creators, publisher: 'X' })],
    ]),
  );
  expect(found).toMatchObject({ name: 'DataCite', values: { title: 'Of the data' } });
});
