import { expect, test } from 'vitest';
import { checkTraining } from './training-check.ts';

const set = (id: string, ...items: string[]) => ({ id, title: id.toUpperCase(), imageItems: items });
const full = { trainingTask: 'tracking', annotationType: 'tracks', annotators: ['two'], annotationMethod: 'by hand' };
const codes = (values: Parameters<typeof checkTraining>[0], ...sets: ReturnType<typeof set>[]) =>
  checkTraining(values, sets).map(({ code, where }) => `${code} ${where.field}`);

test('nothing is asked where nothing is declared', () => {
  expect(codes({ licence: 'CC-BY-NC-4.0' }, set('a'), set('b'))).toEqual([]);
});

test('a whole split of described samples has no findings', () => {
  const values = { ...full, 'split@a': 'train', 'split@b': 'test', 'sampleId@a': '1', 'sampleId@b': '2' };
  expect(codes({ ...values, licence: 'CC0-1.0' }, set('a', 'x'), set('b', 'y'))).toEqual([]);
});

test('a sample or a file in two parts leaks, whatever the data are for', () => {
  const values = { 'split@a': 'train', 'split@b': 'test', 'split@c': 'train', sampleId: 'Embryo 3' };
  expect(codes(values, set('a'), set('b'), set('c'))).toEqual(['training-leak split@b']);
  expect(codes({ 'split@a': 'train', 'split@b': 'test' }, set('a', 'x'), set('b', 'x'))).toEqual([
    'training-leak split@b',
  ]);
});

test('what is missing is said of the data set that lacks it', () => {
  const values = { trainingTask: 'tracking', 'split@a': 'train', licence: 'CC-BY-NC-ND-4.0', 'challengeGate@b': 'far' };
  expect(codes(values, set('a'), set('b'))).toEqual([
    'challenge-gate challengeGate@b',
    'training-undescribed annotationType@a',
    'training-no-sample sampleId@a',
    'training-undescribed annotationType@b',
    'training-no-split split@b',
    'training-no-test split@a',
    'training-licence licence',
  ]);
});
