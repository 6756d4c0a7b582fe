import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMaDmp, emptyGraph, exportJson, importJson, type Json, maDmp } from '@micrarium/standards';
import { expect, test } from 'vitest';
import { schemaFaults, within } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/madmp');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/madmp is not there: official plans are not read');
const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json;
const faults = (document: Json, version: string) => {
  const schema = read(`maDMP-schema-${version}.json`) as { [key: string]: unknown };
  return schemaFaults(document, schema, within(schema));
};

test.runIf(there)('official plans are in order, come back whole, and fill a draft', () => {
  const names = readdirSync(join(folder, 'examples'));
  expect(names).toHaveLength(8);
  for (const name of names) {
    const document = read(`examples/${name}`);
    expect([name, checkMaDmp(document)]).toEqual([name, []]);
    const { graph, issues } = importJson(maDmp, document);
    expect([name, issues, graph.study.title !== undefined]).toEqual([name, [], true]);
    expect([name, exportJson(maDmp, graph).document]).toEqual([name, document]);
  }
  const { graph } = importJson(maDmp, read('examples/ex9-dmp-long.json'));
  expect(graph.contributors.map(({ lastName, isContact }) => [lastName, isContact])[0]).toEqual(['Smith', true]);
  expect(graph.grants.length).toBeGreaterThan(0);
});

test.runIf(there)('plans we write are taken by both schemas', () => {
  const graph = {
    ...emptyGraph(),
    study: {
      title: 'T',
      description: 'D',
      licence: 'CC-BY-4.0',
      releaseDate: '2026-11-21',
      doi: '10.5072/a',
      url: 'https://example.org/1',
    },
    contributors: [
      {
        key: 'c',
        firstName: 'H',
        lastName: 'Y',
        email: 'h@example.org',
        orcid: '0000-0002-1825-0097',
        isContact: true,
        organisations: ['o'],
      },
    ],
    organisations: [{ key: 'o', name: 'U', ror: '01sjwvz98' }],
    grants: [{ key: 'g', funder: 'JSPS', identifier: 'JP1' }],
    datasets: [{ key: 'd', title: 'Films', formats: ['image/tiff'] }],
    files: [{ path: 'a', size: 5, dataset: 'd' }],
  };
  const { document } = exportJson(maDmp, graph);
  expect(faults(document, '1.2')).toEqual([]);
  expect(faults(document, '1.1')).toEqual([]);
  expect(checkMaDmp(document)).toEqual([]);
  expect(checkMaDmp({ dmp: { dataset: [{ title: 'x', personal_data: true }] } }).map(({ code }) => code)).toContain(
    'madmp-not-listed',
  );
});
