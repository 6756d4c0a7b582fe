import type { Dataset, StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { tierCompleteness } from '../completeness/tier-completeness.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { valuesOfDataset } from '../graph/values-of-graph.ts';
import { checkMetadata } from '../ssbd/check.ts';
import { givenValues } from './given-values.ts';
import { datasetFields, givenFields, metadataFieldById, studyFields, valueKey } from './tiers.ts';

const film: StudyItem = {
  id: 'i1',
  path: 'a/wt-1.tif',
  files: ['a/wt-1.tif'],
  format: 'ome-tiff',
  kind: 'image',
  trackSets: [],
  issues: [],
  conversions: [],
  images: [
    {
      name: 'a',
      sizes: { t: 10, c: 1, z: 3, y: 5, x: 5 },
      type: 'uint8',
      channels: [{ name: '' }],
      voxelSize: {
        x: { value: 0.105, unit: 'micrometer' },
        y: { value: 0.105, unit: 'micrometer' },
        z: { value: 0.5, unit: 'micrometer' },
      },
      timeStep: { value: 40, unit: 'second' },
      instrument: { manufacturer: 'Olympus', model: 'FV10i' },
    },
  ],
};
const datasets: Dataset[] = [
  { id: 'd-i1', title: 'wt-1.tif', imageItems: ['i1'], quantitativeItems: [] },
  { id: 'd-i2', title: 'second', imageItems: [], quantitativeItems: ['i2'] },
];

test('the form of the database tier asks all 47 fields, of the study or of each data set', () => {
  const ids = new Set([...studyFields('database'), ...datasetFields()].map(({ id }) => id));
  const all = [...ids, 'contactName', ...givenFields].map((id) => metadataFieldById(id)!);
  expect(new Set(all.filter(({ database }) => database).map(({ id }) => id)).size).toBe(47);
});

test('what the files say is given to its data set', () => {
  const given = givenValues({ metadata: { values: {}, origins: {} }, items: [film], datasets });
  expect(given['spaceScale@d-i1']?.value).toBe('XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice');
  expect(given['timeScale@d-i1']?.value).toBe('40 second for each time interval');
  expect(given['localId@d-i1']?.value).toBe('wt-1');
  expect(given['microscope@d-i1']).toEqual({ value: 'Olympus FV10i', origin: { kind: 'file', file: 'a/wt-1.tif' } });
});

test('the database tier requires its fields of every data set, the archive tier does not', () => {
  const given = givenValues({ metadata: { values: {}, origins: {} }, items: [film], datasets });
  const values = { tier: 'database', datatype: 'nuclear division dynamics', 'basedOn@d-i1': 'Experiment' };
  const missing = checkMetadata({ values, origins: {} }, { datasets, given })
    .filter(({ code }) => code === 'field-missing')
    .map(({ where }) => where.field);
  expect(missing).toContain('basedOn@d-i2');
  expect(missing).toContain('spaceScale@d-i2');
  for (const key of ['basedOn@d-i1', 'spaceScale@d-i1', 'datatype@d-i1', 'projectName'])
    expect(missing).not.toContain(key);
  const archive = checkMetadata({ values: { ...values, tier: 'archive' }, origins: {} }, { datasets, given });
  expect(archive.filter(({ code }) => code === 'field-missing')).toHaveLength(11);
  const wrong = checkMetadata({ values: { 'basedOn@d-i1': 'Guess' }, origins: {} }, { datasets, given });
  expect(wrong.map(({ code, where }) => [code, where.field])).toContainEqual(['field-malformed', 'basedOn@d-i1']);
});

test('what a data set has goes before what holds for all, also where it is empty, and given values come last', () => {
  const required = (values: Record<string, string>, given: Record<string, string> = {}) =>
    checkMetadata(
      { values: { tier: 'database', ...values }, origins: {} },
      {
        datasets,
        given: Object.fromEntries(
          Object.entries(given).map(([key, value]) => [key, { value, origin: { kind: 'account' } as const }]),
        ),
      },
    ).flatMap(({ code, where }) =>
      code === 'field-missing' && where.field?.startsWith('datatype') ? [where.field] : [],
    );
  expect(required({})).toEqual(['datatype@d-i1', 'datatype@d-i2']);
  expect(required({ datatype: 'cell division', 'datatype@d-i2': ' ' })).toEqual(['datatype@d-i2']);
  expect(required({ datatype: '' }, { datatype: 'x' })).toEqual(['datatype@d-i1', 'datatype@d-i2']);
  expect(required({}, { 'datatype@d-i1': 'x' })).toEqual(['datatype@d-i2']);
  expect(required({}, { datatype: 'x' })).toEqual([]);
});

test('completeness counts 33 and 11, and leads to the field of the first data set that lacks it', () => {
  const values = { 'basedOn@d-i1': 'Experiment' };
  const report = tierCompleteness('database', values, datasets, {});
  expect(report.required).toBe(33);
  expect(report.items.find(({ label }) => label === 'Based on')).toMatchObject({
    field: 'basedOn@d-i2',
    lacking: 1,
    asked: 2,
  });
  expect(tierCompleteness('archive', values, datasets, {}).required).toBe(11);
});

test('a data set with values of its own has a biosample of its own, and gives them back', () => {
  const values = {
    organism: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
    [valueKey('organism', 'd-i2')]: [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }],
    [valueKey('treatment', 'd-i2')]: ['heat'],
  };
  const graph = graphOfStudy({ metadata: { values, origins: {} }, files: [], items: [film], datasets });
  expect(graph.biosamples.map(({ organisms }) => organisms?.[0]?.label)).toEqual(['Homo sapiens', 'Mus musculus']);
  expect(valuesOfDataset(graph, graph.datasets[1]!)).toMatchObject({
    organism: values['organism@d-i2'],
    treatment: ['heat'],
  });
});
