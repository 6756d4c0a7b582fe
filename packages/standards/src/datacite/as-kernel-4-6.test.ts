import { expect, test } from 'vitest';
import { importJson } from '../exchange/exchange.ts';
import type { JsonRecord } from '../json/json.ts';
import { asKernel46 } from './as-kernel-4-6.ts';
import { dataCite, exportDataCiteJson, exportDataCiteXml } from './write-datacite.ts';

const record: JsonRecord = {
  doi: '10.5072/abc',
  types: { resourceTypeGeneral: 'Poster' },
  titles: [{ title: 'T' }],
  creators: [{ name: 'N' }],
  publisher: { name: 'P' },
  publicationYear: '2026',
  relatedIdentifiers: [
    { relatedIdentifier: 'swh:1:cnt:94a9', relatedIdentifierType: 'SWHID', relationType: 'Other' },
    {
      relatedIdentifier: 'https://raid.org/10.1/x',
      relatedIdentifierType: 'RAiD',
      relationType: 'IsPartOf',
      resourceTypeGeneral: 'Presentation',
      relationTypeInformation: 'shown at',
    },
    { relatedIdentifier: '10.1234/a', relatedIdentifierType: 'DOI', relationType: 'Cites' },
  ],
  relatedItems: [{ relatedItemType: 'Poster', relationType: 'Cites', titles: [{ title: 'x' }] }],
  schemaVersion: 'http://datacite.org/schema/kernel-4.7',
};

test('what only 4.7 has is written as 4.6 has it, and each loss is told with its place', () => {
  const { document, losses } = asKernel46(record);
  expect(document.types).toEqual({ resourceTypeGeneral: 'Other', resourceType: 'Poster' });
  expect(document.relatedIdentifiers).toEqual([
    {
      relatedIdentifier: 'https://archive.softwareheritage.org/swh:1:cnt:94a9',
      relatedIdentifierType: 'URL',
      relationType: 'References',
    },
    {
      relatedIdentifier: 'https://raid.org/10.1/x',
      relatedIdentifierType: 'URL',
      relationType: 'IsPartOf',
      resourceTypeGeneral: 'Other',
    },
    { relatedIdentifier: '10.1234/a', relatedIdentifierType: 'DOI', relationType: 'Cites' },
  ]);
  expect(document.relatedItems).toMatchObject([{ relatedItemType: 'Other', relationType: 'Cites' }]);
  expect(document.schemaVersion).toBe('http://datacite.org/schema/kernel-4');
  expect(losses.map(({ code, where }) => [code, where.field])).toEqual([
    ['not-expressed', 'types.resourceTypeGeneral'],
    ['not-expressed', 'relatedIdentifiers[0].relationType'],
    ['not-expressed', 'relatedIdentifiers[0].relatedIdentifierType'],
    ['not-expressed', 'relatedIdentifiers[1].resourceTypeGeneral'],
    ['not-expressed', 'relatedIdentifiers[1].relationTypeInformation'],
    ['not-expressed', 'relatedIdentifiers[1].relatedIdentifierType'],
    ['not-expressed', 'relatedItems[0].relatedItemType'],
  ]);
  // A record of 4.6 is the same afterwards.
  expect(asKernel46(document)).toEqual({ document, losses: [] });
});

test('a study that was imported of 4.7 leaves as 4.6 in both forms, and keeps what it was', () => {
  const { graph } = importJson(dataCite, record);
  const { document, losses } = exportDataCiteJson(graph);
  expect(JSON.stringify(document)).not.toMatch(/SWHID|RAiD|relationTypeInformation|kernel-4\.7/);
  expect(losses.map(({ where }) => where.field)).toContain('types.resourceTypeGeneral');
  const xml = exportDataCiteXml(graph);
  expect(xml.document).not.toMatch(/SWHID|RAiD|relationTypeInformation|resourceTypeGeneral="(Poster|Presentation)"/);
  expect(xml.losses).toEqual(losses);
  expect(JSON.stringify(graph.kept)).toContain('SWHID');
});
