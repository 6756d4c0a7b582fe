import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-cff';
import '@citation-js/plugin-ris';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  citationBibtex,
  citationCff,
  citationCsl,
  citationRis,
  citedGraph,
  dataPackageOf,
  emptyGraph,
  readPublications,
  schemaOrgOfGraph,
} from '@micrarium/standards';
import { expect, test } from 'vitest';
import { schemaFaults, within } from './json-schema.ts';

const schemas = join(import.meta.dirname, '../../../shared/data/schemas/datapackage-2.0/datapackage.json');
const there = existsSync(schemas);
if (!there) console.warn('shared/data/schemas is not there: data packages are not checked by their schema');
const hasYaml = spawnSync('/usr/bin/python3', ['-c', 'import yaml']).status === 0;
if (!hasYaml) console.warn('python3 with yaml is not there: CITATION.cff is not read by it');

const graph = {
  ...emptyGraph(),
  study: {
    identifier: 'mic-1',
    title: 'Cells: "moving" & dividing',
    description: 'Line\ntwo # no comment',
    doi: '10.5072/a',
    url: 'https://example.org/mic-1',
    releaseDate: '2026-11-21',
    licence: 'CC-BY-4.0',
    publisher: 'Micrarium',
    version: '2',
    keywords: ['yes', '1.0'],
  },
  contributors: [
    {
      key: 'c',
      firstName: 'Hanako',
      lastName: 'Yamada',
      orcid: '0000-0002-1825-0097',
      organisations: ['o'],
      email: 'h@example.org',
    },
  ],
  organisations: [{ key: 'o', name: 'Example University', ror: '01sjwvz98' }],
  publications: [{ key: 'p', title: 'A paper', doi: '10.1234/b', authors: ['Yamada, H'] }],
  biosamples: [{ key: 'b', title: 'B', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] }],
  files: [{ path: 'a b.tif', size: 12, mediaType: 'image/tiff', sha256: '00' }],
};

test.runIf(there)('data packages are taken by the schema of version 2', () => {
  const schema = JSON.parse(readFileSync(schemas, 'utf8')) as { [key: string]: unknown };
  expect(schemaFaults(dataPackageOf(graph), schema, within(schema))).toEqual([]);
});

test.runIf(hasYaml)('CITATION.cff is YAML that says what the study says', () => {
  const json = execFileSync(
    '/usr/bin/python3',
    ['-c', 'import yaml,json,sys; print(json.dumps(yaml.safe_load(sys.stdin.read())))'],
    { input: citationCff(graph), encoding: 'utf8' },
  );
  expect(JSON.parse(json)).toMatchObject({
    'cff-version': '1.2.0',
    type: 'dataset',
    title: 'Cells: "moving" & dividing',
    abstract: 'Line\ntwo # no comment',
    keywords: ['yes', '1.0'],
    authors: [{ 'family-names': 'Yamada', 'given-names': 'Hanako', orcid: 'https://orcid.org/0000-0002-1825-0097' }],
    references: [{ type: 'article', doi: '10.1234/b' }],
  });
});

test('citations in all forms are read again as the same', () => {
  const cited = citedGraph(graph);
  for (const text of [citationBibtex(cited), citationRis(cited), JSON.stringify(citationCsl(graph))])
    expect(readPublications(text).publications[0]).toMatchObject({
      title: graph.study.title,
      authors: ['Yamada, Hanako'],
      doi: '10.5072/a',
      year: '2026',
    });
});

test('schema.org names the study, its people and terms, and no e-mail address', () => {
  const dataset = schemaOrgOfGraph(graph);
  expect(dataset).toMatchObject({
    '@type': 'Dataset',
    license: 'https://creativecommons.org/licenses/by/4.0/',
    creator: [
      { '@id': 'https://orcid.org/0000-0002-1825-0097', affiliation: [{ '@id': 'https://ror.org/01sjwvz98' }] },
    ],
    taxonomicRange: [{ '@id': 'http://purl.obolibrary.org/obo/NCBITaxon_9606' }],
    distribution: [{ contentUrl: 'https://example.org/mic-1/files/a%20b.tif' }],
  });
  expect(JSON.stringify(dataset)).not.toContain('h@example.org');
  expect(JSON.stringify(dataset)).not.toMatch(/:(""|\[\]|null)/);
});

test.each([
  ['BibTeX', citationBibtex(citedGraph(graph))],
  ['RIS', citationRis(citedGraph(graph))],
  ['CSL-JSON', JSON.stringify([citationCsl(graph)])],
  ['CITATION.cff', citationCff(graph)],
])('citation-js reads our %s as the same', (_name, text) => {
  const [cited] = new Cite(text).data;
  expect(cited).toMatchObject({
    title: graph.study.title,
    author: [{ family: 'Yamada', given: 'Hanako' }],
    DOI: '10.5072/a',
    version: '2',
    URL: graph.study.url,
  });
  expect(cited?.issued['date-parts'][0]?.[0]).toBe(2026);
});
