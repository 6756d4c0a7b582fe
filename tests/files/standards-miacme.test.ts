import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkMiacme,
  emptyGraph,
  exportJson,
  type Json,
  miacme,
  readMiacme,
  type StudyGraph,
} from '@micrarium/standards';
import { expect, test } from 'vitest';
import { schemaFaults } from './json-schema.ts';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/miacme/schemas');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/miacme is not there: MIACME is not checked by its schemas');
const lookup = (reference: string) =>
  JSON.parse(readFileSync(join(folder, reference.replace(/#.*$/, '').replace(/^.*\//, '')), 'utf8')) as {
    [key: string]: unknown;
  };

const graph: StudyGraph = {
  ...emptyGraph(),
  study: {
    identifier: 'mic-1',
    title: 'T',
    description: 'D',
    types: [{ label: 'wound healing' }],
    licence: 'CC-BY-4.0',
    releaseDate: '2026-11-21',
  },
  contributors: [{ key: 'c', firstName: 'H', lastName: 'Y', orcid: '0000-0002-1825-0097', email: 'h@example.org' }],
  biosamples: [
    {
      key: 'b',
      title: 'B',
      organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
      cellType: [{ label: 'fibroblast', id: 'CL:0000057' }],
      cellLine: [{ label: 'HT1080' }],
      extrinsicVariables: ['EGF'],
    },
  ],
  specimens: [{ key: 's', title: 'S', preparation: 'collagen', growth: 'DMEM' }],
  acquisitions: [{ key: 'a', title: 'A', methods: [{ label: 'phase contrast microscopy', id: 'FBbi:00000247' }] }],
  images: [
    {
      key: 'i',
      name: 'film',
      pixelType: 'uint16',
      sizes: { x: 512, y: 512, t: 10 },
      pixelSize: { x: { value: 0.65, unit: 'micrometer' } },
      timeStep: { value: 5, unit: 'minute' },
      channels: [{ name: 'phase' }],
    },
  ],
};

test.runIf(there)('what we write is taken by the schemas and by the checklist', () => {
  const { document } = exportJson(miacme, graph);
  // The schema of imaging conditions requires three names that neither it nor the checklist defines any more.
  const stale = /imagingModality|temporalInformation|channelReadout|cellInput/;
  expect(
    schemaFaults(document, lookup('investigation_schema.json'), lookup).filter((fault) => !stale.test(fault)),
  ).toEqual([]);
  // How the cells stood at the start is the one thing a study of ours does not ask.
  const missing = checkMiacme(document)
    .filter(({ severity }) => severity === 'error')
    .map(({ where }) => where.field);
  expect(missing).toEqual(['studies[0].experimental_setup.assay.cellInput']);
});

test('it is read again with its terms and pixels', () => {
  const { graph: back } = readMiacme(exportJson(miacme, graph).document);
  expect(back.study).toMatchObject({
    identifier: 'mic-1',
    title: 'T',
    licence: 'CC-BY-4.0',
    releaseDate: '2026-11-21',
  });
  expect(back.biosamples[0]).toMatchObject({
    organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
    cellType: [{ label: 'fibroblast', id: 'CL:0000057' }],
  });
  expect(back.images[0]).toMatchObject({
    pixelType: 'uint16',
    sizes: { x: 512, t: 10 },
    pixelSize: { x: { value: 0.65, unit: 'micrometer' } },
    timeStep: { value: 5, unit: 'minute' },
  });
  expect(checkMiacme({} as Json).length).toBeGreaterThan(3);
});
