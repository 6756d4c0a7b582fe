import { expect, it } from 'vitest';
import { datasetsInError, partNodes } from './tree-nodes.ts';

const values = {
  organism: [{ label: 'Mus musculus' }],
  'organism@d-1': [{ label: 'Homo sapiens' }],
  'samplePreparation@d-1': 'fixed',
};

it('tells each part of a study and of a data set, and leads to the field that is missing', () => {
  const [biosample, specimen, acquisition] = partNodes(values, {}, 'database', 'd-1');
  expect(biosample).toMatchObject({ part: 'biosamples', told: ['Homo sapiens'] });
  expect(specimen).toMatchObject({ part: 'specimens', told: ['fixed'], field: 'samplePreparation@d-1' });
  expect(acquisition).toMatchObject({ part: 'acquisitions', told: [] });
  expect(acquisition!.field).toMatch(/@d-1$/);
  expect(partNodes(values, {}, 'database', 'd-2')[0]!.told).toEqual(['Mus musculus']);
  const study = partNodes({}, {}, 'archive');
  expect(study.map(({ field }) => field)).toEqual(['organism', 'samplePreparation', 'imagingMethods']);
});

it('knows the data sets an error is of', () => {
  const issue = (severity: 'error' | 'info', field: string) => ({ code: 'x', severity, message: '', where: { field } });
  expect([...datasetsInError([issue('error', 'a@d-1'), issue('info', 'a@d-2'), issue('error', 'title')])]).toEqual([
    'd-1',
  ]);
});
