import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importMetadata, type JsonRecord, writeRembi } from '@micrarium/standards';
import { expect, test } from 'vitest';
import { schemaFaults, within } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../../shared/data/metadata');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata is not there: REMBI and MIFA are not checked by their schemas');
const schema = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as { [key: string]: unknown };
const faults = (values: unknown, path: string) =>
  (Array.isArray(values) ? values : [values]).flatMap((value) =>
    schemaFaults(value, schema(path), within(schema(path))),
  );

const graph = {
  study: {
    title: 'A study of dividing cells',
    description: 'd',
    keywords: ['k'],
    releaseDate: '2026-11-21',
    fundingStatement: 'f',
  },
  contributors: [{ key: 'c', firstName: 'H', lastName: 'Y', organisations: ['o'] }],
  organisations: [{ key: 'o', name: 'U' }],
  publications: [{ key: 'p', title: 'T', authors: ['Y H'] }],
  grants: [{ key: 'g', identifier: '1', funder: 'F' }],
  links: [{ key: 'l', url: 'https://example.org' }],
  biosamples: [
    { key: 'b', title: 'B', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }], biologicalEntity: 'cell' },
  ],
  specimens: [{ key: 's', title: 'S', preparation: 'p' }],
  acquisitions: [
    {
      key: 'a',
      title: 'A',
      methods: [{ label: 'confocal microscopy', id: 'FBbi:00000251' }],
      instrument: 'i',
      parameters: 'p',
    },
  ],
  correlations: [{ key: 'r', title: 'R', alignment: 'a', fiducials: 'f', transformation: 't' }],
  analyses: [
    { key: 'n', title: 'N', overview: 'o' },
    { key: 'm', title: 'M', overview: 'o', annotationType: 'tracks', annotationMethod: 'by hand' },
  ],
  datasets: [{ key: 'd', title: 'D', tuples: [{ biosample: 'b', analysis: 'm' }] }],
  images: [{ key: 'i', name: 'i.tif', dataset: 'd' }],
  files: [],
};

test.runIf(there)('every module is taken by its schema', () => {
  const document = writeRembi(graph) as JsonRecord;
  expect(faults(document.study, 'rembi/schemas/Study.json').filter((fault) => !fault.includes('license'))).toEqual([]);
  expect(faults(document.biosamples, 'rembi/schemas/Biosample.json')).toEqual([]);
  expect(faults(document.specimens, 'rembi/schemas/Specimen.json')).toEqual([]);
  expect(faults(document.image_acquisitions, 'rembi/schemas/ImageAcquisition.json')).toEqual([]);
  expect(faults(document.image_correlations, 'rembi/schemas/ImageCorrelation.json')).toEqual([]);
  expect(faults(document.image_analyses, 'rembi/schemas/ImageAnalysis.json')).toEqual([]);
  const mifa = schema('mifa/bia_mifa_models.schema.json');
  const annotations = (mifa.$defs as { Annotations: { [key: string]: unknown } }).Annotations;
  for (const one of document.annotations as { mifa: unknown }[])
    expect(schemaFaults(one.mifa, annotations, within(mifa))).toEqual([]);
  expect((document.annotations as { mifa: { file_metadata: unknown[] } }[])[0]!.mifa.file_metadata).toHaveLength(1);
});

test.runIf(there)('study, annotations and version of MIFA in YAML, a file each, are one import', () => {
  const at = join(folder, 'mifa/examples');
  const texts = new Map(
    ['Annotations', 'Study', 'Version'].map((part) => {
      const name = `${part}_S-BIAD634.yaml`;
      return [name, readFileSync(join(at, name), 'utf8')] as const;
    }),
  );
  const read = importMetadata(texts);
  if (!('name' in read)) throw new Error(read.issues[0]!.message);
  expect([read.name, read.graph.study.version, read.values.licence]).toEqual(['REMBI', '1.1', 'CC0-1.0']);
  expect(read.graph.contributors).toHaveLength(12);
  expect(read.graph.publications).toMatchObject([{ doi: '10.1038/s41597-020-00608-w' }]);
  expect(read.graph.analyses).toMatchObject([{ annotationType: 'segmentation_mask' }]);
  expect(read.graph.links).toMatchObject([{ url: 'https://www.ebi.ac.uk/biostudies/bioimages/studies/S-BSST265' }]);
});
