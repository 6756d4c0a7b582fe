import { expect, test } from 'vitest';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { writeDataCite } from '../datacite/write-datacite.ts';
import { readRelations, relationsKey, relationsText, relationUrl } from './relations.ts';

test('relations are read one way, and what names no study is left out', () => {
  const told = [
    { kind: 're-analyses', target: 'MIC-000001', version: 2, note: ' Tracked anew\u0000 ' },
    { kind: 'annotates', target: 'https://doi.org/10.5072/ABC' },
    { kind: 'derived', target: 'javascript:alert(1)' },
    { kind: 'owns', target: 'MIC-000001' },
    { kind: 'derived', target: 'https://example.org/data', version: 3 },
    'nothing',
  ];
  const read = readRelations(JSON.stringify(told));
  expect(read).toEqual([
    { kind: 're-analyses', target: 'MIC-000001', version: 2, note: 'Tracked anew' },
    { kind: 'annotates', target: '10.5072/abc' },
    { kind: 'derived', target: 'https://example.org/data' },
  ]);
  expect(readRelations(relationsText(read))).toEqual(read);
  for (const value of ['', '{}', '[', 'x'.repeat(50_000), undefined]) expect(readRelations(value)).toEqual([]);
  expect(relationUrl(read[0]!, 'https://m.example/studies/MIC-000002/v/1')).toBe(
    'https://m.example/studies/MIC-000001/v/2',
  );
});

test('a study tells DataCite what it is to another', () => {
  const values = { title: 'Tracks', [relationsKey]: relationsText([{ kind: 're-analyses', target: 'MIC-000001' }]) };
  const study = {
    accession: 'MIC-000002',
    version: 1,
    metadata: { values, origins: {} },
    files: [],
    items: [],
    datasets: [],
  };
  const record = writeDataCite(graphOfStudy(study, { url: 'https://m.example/studies/MIC-000002/v/1' }));
  expect(record).toMatchObject({
    relatedIdentifiers: [
      {
        relatedIdentifier: 'https://m.example/studies/MIC-000001',
        relatedIdentifierType: 'URL',
        relationType: 'IsDerivedFrom',
      },
    ],
  });
});
