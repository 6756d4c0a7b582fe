import { expect, it } from 'vitest';
import { copiedDataset, copiedFromDataset, copiedFromStudy, describedBy } from './description-kinds.ts';

const values = {
  tier: 'database',
  title: 'A',
  microscope: 'FV10i',
  'microscope@d-2': 'LSM 880',
  'organism@d-1': [{ label: 'Homo sapiens' }],
  'localId@d-1': 'one',
  'strain@d-2': ['N2'],
  contactFirstName: 'Hanako',
};

it('keeps what a kind is of, of the study or of one data set', () => {
  expect(describedBy('microscope', values)).toEqual({ microscope: 'FV10i' });
  expect(describedBy('microscope', values, 'd-2')).toEqual({ microscope: 'LSM 880' });
  const given = { 'microscope@d-1': 'Zeiss; objective: 63x' };
  expect(describedBy('microscope', {}, undefined, given)).toEqual({ microscope: 'Zeiss; objective: 63x' });
  expect(describedBy('microscope', {}, 'd-2', given)).toEqual({});
  expect(describedBy('sample', values, 'd-1')).toEqual({ organism: values['organism@d-1'] });
});

it('copies a study without what is its own, and a data set as it is', () => {
  expect(copiedFromStudy(values)).toEqual({ microscope: 'FV10i', contactFirstName: 'Hanako' });
  expect(copiedDataset(values, 'd-1', 'd-2')).toEqual({
    'organism@d-2': values['organism@d-1'],
    'microscope@d-2': undefined,
    'strain@d-2': undefined,
  });
});

it('copies of another study neither its figures nor its file sizes, and of one of its data sets what is said of it or of all', () => {
  const earlier = { ...values, figures: '[]', kept: '{}', relations: '[]', naming: '{}', dataFormats: ['CZI'] };
  expect(copiedFromStudy(earlier)).toEqual({ microscope: 'FV10i', contactFirstName: 'Hanako' });
  expect(copiedFromDataset(earlier, 'd-1', 'here')).toEqual({
    'organism@here': values['organism@d-1'],
    'microscope@here': 'FV10i',
  });
  expect(copiedFromDataset(earlier, 'd-2')).toEqual({ microscope: 'LSM 880', strain: ['N2'] });
});
