import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyGraph } from '../exchange/any-graph.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import type { Json, JsonRecord } from '../json/json.ts';
import { checkBiaCrate } from './bia-crate-check.ts';
import { exportBiaCrate, importBiaCrate } from './bia-crate.ts';

/** What is found in the crate of a study, as it would be sent. */
function findings(graph: StudyGraph, change: (entities: JsonRecord[]) => void = () => undefined, list?: string) {
  const files = exportBiaCrate(graph).document;
  const document = JSON.parse(files.get('ro-crate-metadata.json')!) as { '@graph': JsonRecord[] };
  change(document['@graph']);
  return checkBiaCrate(document as Json, new Map([['file_list.tsv', list ?? files.get('file_list.tsv')!]]));
}

/** Rules by what the study itself has to say; all others are about how it is written. */
const ofContent = /^(root-study|rembi\/[a-z-]+):/;

test('crates we write break no rule of the profile but for what the study does not say', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const errors = findings(graph).filter(({ severity }) => severity === 'error');
      expect(errors.map(({ message }) => message).filter((message) => !ofContent.test(message))).toEqual([]);
      const files = exportBiaCrate(graph).document;
      const document = JSON.parse(files.get('ro-crate-metadata.json')!) as Json;
      const back = importBiaCrate(document, files.get('file_list.tsv')).graph;
      expect(back.files.map(({ path }) => path)).toEqual(graph.files.map(({ path }) => path));
    }),
    { numRuns: 60 },
  );
});

test('a crate loses nothing of a study', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      expect(exportBiaCrate(graph).losses.map(({ message }) => message)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

const complete: StudyGraph = {
  ...emptyGraph(),
  study: {
    identifier: 'MIC-000001',
    title: 'Cells in motion',
    description: 'Films of cells and their tracks.',
    licence: 'CC-BY-4.0',
    releaseDate: '2026-11-21',
  },
  contributors: [{ key: 'c', firstName: 'Hanako', lastName: 'Yamada', organisations: ['o'] }],
  organisations: [{ key: 'o', name: 'Example University' }],
  publications: [{ key: 'p', title: 'A paper', doi: '10.1234/a', authors: ['Yamada, H'], year: '2025' }],
  biosamples: [{ key: 'b', title: 'HeLa', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] }],
  specimens: [{ key: 's', title: 'dish', preparation: 'grown on glass' }],
  acquisitions: [{ key: 'a', title: 'confocal', methods: [{ label: 'confocal microscopy' }], instrument: 'LSM 880' }],
  analyses: [{ key: 'n', title: 'tracks', annotationType: 'tracks', annotationMethod: 'TrackMate' }],
  datasets: [
    { key: 'd', title: 'films', tuples: [{ biosample: 'b', specimen: 's', acquisition: 'a' }] },
    { key: 'e', title: 'tracks', tuples: [{ analysis: 'n' }] },
  ],
  images: [{ key: 'i', name: 'a.czi', dataset: 'd', file: 'a.czi' }],
  files: [
    { path: 'a.czi', dataset: 'd', mediaType: 'application/octet-stream' },
    { path: 'tracks.csv', dataset: 'e', mediaType: 'text/csv', type: 'tracks' },
  ],
};

test('the crate of a complete study follows REMBI and MIFA by the profile', () => {
  expect(findings(complete)).toEqual([]);
  const { document } = exportBiaCrate(complete);
  const crate = JSON.parse(document.get('ro-crate-metadata.json')!) as { '@graph': JsonRecord[] };
  const typed = (type: string) => crate['@graph'].filter((one) => (one['@type'] as string[]).includes(type));
  expect(typed('bia:RembiDataset')).toMatchObject([{ name: 'films', associatedSpecimen: { '@id': '#specimen-of-d' } }]);
  expect(typed('bia:MifaDataset')).toMatchObject([{ name: 'tracks', associatedAnnotationMethod: [{ '@id': '#n' }] }]);
  expect(typed('bia:Study')).toMatchObject([
    { author: [{ '@id': '#c' }], relatedPublication: [{ '@id': 'https://doi.org/10.1234/a' }] },
  ]);
  expect(document.get('file_list.tsv')).toContain('a.czi\t\t#d\thttp://bia/Image');
});

const of = (type: string) => (one: JsonRecord) => (one['@type'] as string[]).includes(type);
const without = (type: string, member: string) => (entities: JsonRecord[]) => {
  for (const one of entities.filter(of(type))) delete one[member];
};
const removed = (type: string) => (entities: JsonRecord[]) => {
  const at = entities.findIndex(of(type));
  entities.splice(at, 1);
};

test.each<[rule: string, change: (entities: JsonRecord[]) => void, list?: string]>([
  ['root-study', without('bia:Study', 'author')],
  ['root-study', (entities) => void (entities.find(of('bia:Study'))!.license = '')],
  ['rembi/biosample-present', without('bia:BioSample', 'organismClassification')],
  [
    'rembi/biosample-present',
    (entities) =>
      Object.assign(entities.find(of('bia:Taxon'))!, { '@type': ['bia:Protocol'], name: 'x', description: 'y' }),
  ],
  ['rembi/taxon-required-properties', without('bia:Taxon', 'scientificName')],
  ['rembi/specimen-imaging-preparation-present', without('bia:SpecimenImagingPreparationProtocol', 'description')],
  ['rembi/image-acquisition-present', without('bia:ImageAcquisitionProtocol', 'imagingMethodName')],
  ['rembi/dataset-with-required-associations', without('bia:RembiDataset', 'associatedSpecimen')],
  ['mifa/annotation-method-present', without('bia:AnnotationMethod', 'methodType')],
  ['mifa/annotation-dataset-present', without('bia:MifaDataset', 'associatedAnnotationMethod')],
  ['file-list-present', removed('bia:FileList')],
  [
    'file-list-file-path-column',
    (entities) => void (entities.find(({ columnName }) => columnName === 'file_path')!.columnName = 'path'),
  ],
  [
    'file-list-dataset-column',
    (entities) => void (entities.find(({ columnName }) => columnName === 'dataset')!.columnName = 'dataset_id'),
  ],
  [
    'rembi/file-list-image-row-present',
    () => undefined,
    'file_path\tsize_in_bytes\tdataset\ttype\tmedia_type\tcontent_type\na.czi\t\t#d\t\t\t\n',
  ],
  ['generic/type', (entities) => void entities.push({ '@id': '#x', '@type': ['PropertyValue'] })],
])('%s fires on a crate that breaks it', (rule, change, list) => {
  const rules = findings(complete, change, list)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message.slice(0, message.indexOf(':')));
  expect(rules).toContain(rule);
});

test('without a data set of a model that is advised, as crates of before the profile have none', () => {
  const plain = { ...complete, datasets: complete.datasets.map(({ key, title }) => ({ key, title })) };
  expect(findings(plain)).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('at-least-one') as string },
  ]);
});
