import { expect, test } from 'vitest';
import { comparePlan, declarationOfPlan, type DepositedStudy, plannedDatasets, updatedPlan } from './plan.ts';

const document = {
  dmp: {
    title: 'Plan',
    custom: 'kept',
    modified: '2026-01-01T00:00:00Z',
    dataset: [
      {
        title: 'Images',
        dataset_id: { identifier: '1', type: 'other' },
        distribution: [
          {
            title: 'Images',
            data_access: 'open',
            byte_size: 1000,
            format: ['TIFF'],
            license: [{ license_ref: 'https://creativecommons.org/licenses/by/4.0/', start_date: '2026-06-01' }],
            host: { title: 'Elsewhere', url: 'https://elsewhere.example.org', availability: '99' },
          },
        ],
      },
      { title: 'Tracks', dataset_id: { identifier: '2', type: 'other' }, issued: '2026-02-01T00:00:00Z' },
    ],
  },
};
const study: DepositedStudy = {
  accession: 'MIC1',
  title: 'Study',
  version: 1,
  url: 'https://here.example.org/studies/MIC1',
  doi: '10.5072/mic1',
  releasedOn: '2026-07-01',
  licence: 'CC0-1.0',
  access: 'open',
  bytes: 1700,
  datasets: [
    { id: 'a', title: 'images', bytes: 1500, formats: ['OME-TIFF'], files: ['a.tif'] },
    { id: 'b', title: 'Something', bytes: 200, formats: [], files: [] },
  ],
};

test('a plan is read data set by data set', () => {
  expect(plannedDatasets(document)).toMatchObject([
    { title: 'Images', bytes: 1000, date: '2026-06-01', licence: 'CC-BY-4.0', access: 'open', formats: ['TIFF'] },
    { title: 'Tracks', date: '2026-02-01', formats: [] },
  ]);
  expect(plannedDatasets('nonsense')).toEqual([]);
});

test('planned is held against deposited: volume, day and licence', () => {
  const rows = comparePlan(document, [study], '2026-08-01');
  expect(rows[0]).toMatchObject({ deposited: { bytes: 1500 }, differences: ['volume', 'date', 'licence'] });
  // The only ones left on both sides belong together.
  expect(rows[1]).toMatchObject({ deposited: { title: 'Something', bytes: 200 }, differences: ['date'] });
  // Nothing deposited: late only after the day.
  expect(comparePlan(document, [], '2026-01-15').map(({ differences }) => differences)).toEqual([[], []]);
  expect(comparePlan(document, [], '2026-03-01').map(({ differences }) => differences)).toEqual([[], ['date']]);
  // A study that was started for one data set of the plan counts with all it has.
  const forSecond = { ...study, dataset: 1 };
  expect(comparePlan(document, [forSecond], '2026-01-01')[1]).toMatchObject({ deposited: { bytes: 1700 } });
});

test('the updated plan keeps what it said and tells what was published; a draft changes nothing', () => {
  const { version: _version, ...draft } = study;
  const about = { now: '2026-08-01T10:00:00Z', host: { title: 'Here', url: 'https://here.example.org' } };
  expect(updatedPlan(document, [draft], about)).toBe(document);
  expect(updatedPlan(document, [study], about)).toMatchObject({
    dmp: {
      custom: 'kept',
      modified: '2026-08-01T10:00:00Z',
      dataset: [
        {
          dataset_id: { identifier: 'https://doi.org/10.5072/mic1', type: 'doi' },
          issued: '2026-07-01',
          distribution: [
            {
              byte_size: 1500,
              format: ['OME-TIFF'],
              host: { title: 'Here', availability: '99' },
              license: [
                { license_ref: 'https://creativecommons.org/publicdomain/zero/1.0/', start_date: '2026-07-01' },
              ],
            },
          ],
        },
        { title: 'Tracks', distribution: [{ byte_size: 200, data_access: 'open' }] },
      ],
    },
  });
});

test('answers about people fill the declaration with where they stand; “no” and “unknown” fill nothing', () => {
  const dataset = [
    { title: 'Cells', personal_data: 'no', sensitive_data: 'unknown' },
    { title: 'Faces', personal_data: 'yes', sensitive_data: 'no', distribution: [{ data_access: 'shared' }] },
  ];
  const asked = {
    dmp: { dataset, ethical_issues_description: 'Board 7, 2026-1', ethical_issues_report: 'https://e.org' },
  };
  expect(declarationOfPlan(asked)).toEqual([
    { field: 'human', value: 'yes', member: 'personal_data', dataset: 'Faces' },
    { field: 'identifiable', value: 'yes', member: 'personal_data', dataset: 'Faces' },
    { field: 'access', value: 'controlled', member: 'data_access', dataset: 'Faces' },
    { field: 'ethics', value: 'Board 7, 2026-1 https://e.org', member: 'ethical_issues_description' },
  ]);
  expect(declarationOfPlan(asked, 1)).toHaveLength(4);
  expect(declarationOfPlan(asked, 0)).toEqual([]);
  expect(declarationOfPlan('nonsense')).toEqual([]);
});
