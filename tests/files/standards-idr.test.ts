import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkIdrAnnotation,
  checkIdrStudy,
  emptyGraph,
  exportIdr,
  idrDocument,
  importIdr,
  readIdrAnnotation,
  writeIdrAnnotation,
} from '@micrarium/standards';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/idr');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/idr is not there: real studies are not read');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const studies = there ? readdirSync(folder).filter((name) => name.endsWith('-study.txt')) : [];

test.runIf(there)('ten real studies are in order and come back with every key and value', () => {
  expect(studies).toHaveLength(10);
  for (const name of studies) {
    const text = read(name);
    expect([name, checkIdrStudy(text).filter(({ severity }) => severity === 'error')]).toEqual([name, []]);
    const { document } = exportIdr(importIdr(text).graph);
    expect([name, idrDocument(document).parts]).toEqual([name, idrDocument(text).parts]);
  }
  const { graph } = importIdr(read('idr0026-study.txt'));
  expect(graph.study).toMatchObject({ identifier: 'idr0026', licence: 'CC-BY-4.0', releaseDate: '2017-04-17' });
  expect(graph.biosamples[0]?.organisms).toEqual([{ label: 'Mus musculus', id: 'NCBITaxon:10090' }]);
  expect(graph.acquisitions[0]?.methods).toEqual([{ label: 'multi-photon microscopy', id: 'FBbi:00000255' }]);
});

test.runIf(there)('annotation tables are read, terms and phenotypes with them', () => {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('-annotation.csv')))
    expect([name, checkIdrAnnotation(read(name)).filter(({ severity }) => severity === 'error')]).toEqual([name, []]);
  const rows = readIdrAnnotation(read('idr0026-experimentA-annotation.csv'));
  expect(rows.length).toBeGreaterThan(200);
  expect(rows[0]!.characteristics[0]).toEqual({
    name: 'Organism',
    term: { label: 'Mus musculus', id: 'NCBITaxon:10090' },
  });
  expect(rows.some(({ phenotypes }) => phenotypes.some(({ id }) => id?.startsWith('CMPO')))).toBe(true);
});

test('a study of ours is taken by the rules of IDR', () => {
  const graph = {
    ...emptyGraph(),
    study: {
      identifier: 'idr0999',
      title: 'T',
      description: 'D',
      types: [{ label: 'time lapse' }],
      releaseDate: '2026-11-21',
      licence: 'CC-BY-4.0',
    },
    contributors: [{ key: 'c', firstName: 'H', lastName: 'Y' }],
    biosamples: [
      { key: 'b', title: 'B', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }], biologicalEntity: 'cell' },
    ],
    acquisitions: [{ key: 'a', title: 'A', methods: [{ label: 'fluorescence microscopy', id: 'FBbi:00000246' }] }],
    datasets: [
      {
        key: 'd',
        title: 'idr0999-yamada-cells/experimentA',
        description: 'cells',
        tuples: [{ biosample: 'b', acquisition: 'a' }],
      },
    ],
    images: [{ key: 'i', name: 'a.tif', dataset: 'd' }],
  };
  const { document } = exportIdr(graph);
  expect(checkIdrStudy(document)).toEqual([]);
  expect(checkIdrAnnotation(writeIdrAnnotation(graph, 'd'))).toEqual([]);
  expect(
    checkIdrStudy(document.replace('Study Title', 'Study Titel')).map(({ code, where }) => [code, where.line]),
  ).toEqual([
    ['idr-key-unknown', 3],
    ['idr-key-missing', undefined],
  ]);
});
