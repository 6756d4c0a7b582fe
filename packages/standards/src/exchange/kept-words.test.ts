import { expect, test } from 'vitest';
import { importMetadata } from '../index.ts';
import { dataCite } from '../datacite/write-datacite.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { roCrate } from '../ro-crate/write-crate.ts';
import { dataPackage } from '../frictionless/data-package.ts';
import { idrDocument, idrText } from '../idr/study-file.ts';

const crate = (license: unknown, ...more: object[]) =>
  JSON.stringify({
    '@context': 'https://w3id.org/ro/crate/1.1/context',
    '@graph': [
      { '@id': 'ro-crate-metadata.json', '@type': 'CreativeWork', about: { '@id': './' } },
      { '@id': './', '@type': 'Dataset', name: 'Cells', license, identifier: { '@id': '#n' } },
      { '@id': '#n', '@type': 'PropertyValue', propertyID: 'accession', value: 'XYZ-2024-17' },
      ...more,
    ],
  });

function read(text: string) {
  const found = importMetadata(new Map([['ro-crate-metadata.json', text]]));
  if (!('name' in found)) throw new Error('not read');
  return found;
}

test('terms in words and numbers of unknown repositories are kept, and come back from what is written', () => {
  const terms = read(
    crate({ '@id': '#terms' }, { '@id': '#terms', '@type': 'CreativeWork', name: 'Terms of the Bank' }),
  );
  expect([terms.values.licence, terms.values.links]).toEqual(['Terms of the Bank', ['XYZ-2024-17']]);
  expect(terms.unread).toEqual([]);
  const graph = graphOfStudy({ metadata: { values: terms.values, origins: {} }, files: [], items: [], datasets: [] });
  expect(graph.links.map(({ url }) => url)).toEqual(['XYZ-2024-17']);
  for (const standard of [roCrate, dataPackage]) {
    const again = standard.read(standard.write(graph));
    expect(again.graph.study.licence).toBe('Terms of the Bank');
  }
  expect(dataCite.write(graph)).toMatchObject({ rightsList: [{ rights: 'Terms of the Bank' }] });
});

test('a licence is found by what its entity says, where the id is its own', () => {
  expect(read(crate({ '@id': '#l' }, { '@id': '#l', name: 'CC BY 4.0 International' })).values.licence).toBe(
    'CC-BY-4.0',
  );
  expect(read(crate('https://example.org/terms')).values.licence).toBe('https://example.org/terms');
});

test('cells behind comments of an IDR file, and lines without a key, are given back', () => {
  const text = [
    'Study Title\tCells',
    '# Leave blank\tor say why\t\tand where',
    '\tfurther words',
    '',
    'Study Type\tscreen',
    '#"odd\tcell',
    '',
  ].join('\n');
  expect(idrText(idrDocument(text))).toBe(text);
});
