import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  biaCrate,
  emptyGraph,
  exportJson,
  isRecord,
  type Json,
  roCrate,
  schemaOrgOfGraph,
  type StudyGraph,
  toSchemaOrg,
} from '@micrarium/standards';
import jsonld from 'jsonld';
import { expect, test } from 'vitest';

const contexts = join(import.meta.dirname, '../../../shared/data/metadata/ro-crate');
const there = existsSync(contexts);
if (!there) console.warn('shared/data/metadata/ro-crate is not there: crates are not expanded');

/**
 * Of the context that schema.org serves, what our documents need: the vocabulary, and which members hold addresses. Terms
 * stay those of schema.org; written from its documentation.
 */
const schemaOrgContext = {
  '@context': {
    '@vocab': 'http://schema.org/',
    ...Object.fromEntries(
      ['url', 'sameAs', 'license', 'contentUrl'].map((name) => [
        name,
        { '@id': `http://schema.org/${name}`, '@type': '@id' },
      ]),
    ),
    ...Object.fromEntries(
      ['datePublished', 'dateModified'].map((name) => [
        name,
        { '@id': `http://schema.org/${name}`, '@type': 'http://schema.org/Date' },
      ]),
    ),
  },
};

/** Gives contexts that lie here; any other address is a fault: nothing may be asked of the network. */
const documentLoader = (url: string) => {
  const version = /^https:\/\/w3id\.org\/ro\/crate\/(1\.[12])\/context$/.exec(url)?.[1];
  if (version !== undefined)
    return Promise.resolve({
      documentUrl: url,
      document: JSON.parse(readFileSync(join(contexts, `context-${version}.jsonld`), 'utf8')) as unknown,
    });
  if (/^https?:\/\/schema\.org\/?$/.test(url)) return Promise.resolve({ documentUrl: url, document: schemaOrgContext });
  return Promise.reject(new Error(`the network was asked for ${url}`));
};
const options = { documentLoader };

const graph: StudyGraph = {
  ...emptyGraph(),
  study: {
    identifier: 'MIC-000001',
    doi: '10.5072/abc',
    url: 'https://example.org/studies/MIC-000001',
    title: 'Cells in motion',
    description: 'Films of cells and their tracks.',
    keywords: ['migration'],
    licence: 'CC-BY-4.0',
    releaseDate: '2026-11-21',
    publisher: 'Micrarium',
  },
  contributors: [
    { key: 'c', firstName: 'Hanako', lastName: 'Yamada', orcid: '0000-0002-1825-0097', organisations: ['o'] },
  ],
  organisations: [{ key: 'o', name: 'RIKEN', ror: '01sjwvz98' }],
  publications: [{ key: 'p', title: 'A paper', doi: '10.1234/a' }],
  biosamples: [{ key: 'b', title: 'HeLa', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] }],
  acquisitions: [
    { key: 'a', title: 'confocal', methods: [{ label: 'spinning disk confocal microscopy', id: 'FBbi:00000253' }] },
  ],
  datasets: [{ key: 'd', title: 'films', kind: 'image', tuples: [{ biosample: 'b', acquisition: 'a' }] }],
  files: [{ path: 'a b.tif', size: 5, sha256: 'ff', mediaType: 'image/tiff', dataset: 'd' }],
};

/** Statements of a document, without the numbers of its blank nodes. */
async function statements(document: Json): Promise<string[]> {
  const quads = await jsonld.toRDF(document as object, { ...options, format: 'application/n-quads' });
  return quads
    .trim()
    .split('\n')
    .map((line) => line.replace(/_:\w+/g, '_'))
    .sort();
}

test('schema.org JSON-LD expands to the graph it is meant to say', async () => {
  const found = await statements(schemaOrgOfGraph(graph));
  const page = '<https://example.org/studies/MIC-000001>';
  const s = (name: string) => `<http://schema.org/${name}>`;
  const type = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>';
  const human = '<http://purl.obolibrary.org/obo/NCBITaxon_9606>';
  const method = '<http://purl.obolibrary.org/obo/FBbi_00000253>';
  const person = '<https://orcid.org/0000-0002-1825-0097>';
  const home = '<https://ror.org/01sjwvz98>';
  const paper = '<https://doi.org/10.1234/a>';
  const expected = [
    `${page} ${type} ${s('Dataset')} .`,
    `${page} <http://purl.org/dc/terms/conformsTo> <https://bioschemas.org/profiles/Dataset/1.0-RELEASE> .`,
    `${page} ${s('url')} ${page} .`,
    `${page} ${s('identifier')} "MIC-000001" .`,
    `${page} ${s('identifier')} _ .`,
    `_ ${type} ${s('PropertyValue')} .`,
    `_ ${s('propertyID')} "DOI" .`,
    `_ ${s('value')} "10.5072/abc" .`,
    `_ ${s('url')} <https://doi.org/10.5072/abc> .`,
    `${page} ${s('sameAs')} <https://doi.org/10.5072/abc> .`,
    `${page} ${s('name')} "Cells in motion" .`,
    `${page} ${s('description')} "Films of cells and their tracks." .`,
    `${page} ${s('datePublished')} "2026-11-21"^^${s('Date')} .`,
    `${page} ${s('license')} <https://creativecommons.org/licenses/by/4.0/> .`,
    `${page} ${s('isAccessibleForFree')} "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .`,
    `${page} ${s('keywords')} "migration" .`,
    `${page} ${s('keywords')} ${human} .`,
    `${page} ${s('about')} ${human} .`,
    `${page} ${s('taxonomicRange')} ${human} .`,
    `${human} ${type} ${s('DefinedTerm')} .`,
    `${human} ${type} ${s('Taxon')} .`,
    `${human} ${s('name')} "Homo sapiens" .`,
    `${human} ${s('termCode')} "NCBITaxon:9606" .`,
    `${page} ${s('measurementTechnique')} ${method} .`,
    `${method} ${type} ${s('DefinedTerm')} .`,
    `${method} ${s('name')} "spinning disk confocal microscopy" .`,
    `${method} ${s('termCode')} "FBbi:00000253" .`,
    `${page} ${s('creator')} ${person} .`,
    `${person} ${type} ${s('Person')} .`,
    `${person} ${s('name')} "Hanako Yamada" .`,
    `${person} ${s('givenName')} "Hanako" .`,
    `${person} ${s('familyName')} "Yamada" .`,
    `${person} ${s('affiliation')} ${home} .`,
    `${home} ${type} ${s('Organization')} .`,
    `${home} ${s('name')} "RIKEN" .`,
    `${page} ${s('publisher')} _ .`,
    `_ ${type} ${s('Organization')} .`,
    `_ ${s('name')} "Micrarium" .`,
    `${page} ${s('citation')} ${paper} .`,
    `${paper} ${type} ${s('ScholarlyArticle')} .`,
    `${paper} ${s('name')} "A paper" .`,
    `${page} ${s('hasPart')} _ .`,
    `_ ${type} ${s('Dataset')} .`,
    `_ ${s('name')} "films" .`,
    `_ ${s('license')} <https://creativecommons.org/licenses/by/4.0/> .`,
    `${page} ${s('distribution')} _ .`,
    `_ ${type} ${s('DataDownload')} .`,
    `_ ${s('name')} "a b.tif" .`,
    `_ ${s('contentUrl')} <https://example.org/studies/MIC-000001/files/a%20b.tif> .`,
    `_ ${s('encodingFormat')} "image/tiff" .`,
    `_ ${s('contentSize')} "5" .`,
    `_ ${s('sha256')} "ff" .`,
  ];
  expect(found).toEqual(expected.sort());
});

test('so does what a landing page carries', async () => {
  const document = toSchemaOrg(
    {
      accession: 'MIC-000001',
      version: 1,
      publishedAt: '2026-11-21T00:00:00Z',
      metadata: {
        values: { title: 'Cells', licence: 'CC-BY-4.0', organism: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] },
        origins: {},
      },
      files: [],
      items: [],
      pairs: [],
      datasets: [],
    } as unknown as Parameters<typeof toSchemaOrg>[0],
    { page: 'https://example.org/s/1', file: (path) => path, home: 'https://example.org' },
  );
  const found = await statements(JSON.parse(JSON.stringify(document)) as Json);
  expect(found).toContain('<https://example.org/s/1> <http://schema.org/name> "Cells" .');
  expect(found).toContain(
    '<https://example.org/s/1> <http://schema.org/about> <http://purl.obolibrary.org/obo/NCBITaxon_9606> .',
  );
});

/** Members of entities, keywords aside: each must be a term of the context, or expansion drops it unsaid. */
const membersOf = (value: unknown): number =>
  Array.isArray(value)
    ? value.reduce<number>((sum, one) => sum + membersOf(one), 0)
    : isRecord(value)
      ? Object.entries(value).reduce((sum, [key, one]) => sum + (key.startsWith('@') ? 0 : 1) + membersOf(one), 0)
      : 0;

test.runIf(there).each([
  ['RO-Crate', exportJson(roCrate, graph).document],
  ['the BioImage Archive’s RO-Crate', exportJson(biaCrate, graph).document],
])('%s expands with the context of its version, and no member is dropped', async (_name, document) => {
  const expanded = await jsonld.expand(document as object, options);
  const entities = isRecord(document) ? document['@graph'] : [];
  const types = (value: unknown) => JSON.stringify(value).match(/"@type":/g)!.length;
  expect(membersOf(expanded)).toBe(membersOf(entities));
  expect(types(expanded)).toBeGreaterThanOrEqual((entities as Json[]).length);
  // A type without an address would stand as it is.
  const named = JSON.stringify(expanded)
    .match(/"@type":\[[^\]]*\]/g)!
    .join();
  expect(named.match(/"(?!http|@type)[^",[\]]+"/g)).toBeNull();
  expect(JSON.stringify(expanded)).toContain('Cells in motion');
});
