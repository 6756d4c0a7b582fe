import { translator } from '@micrarium/api';
import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { LandingData } from './landing-data.ts';
import { datasetsSection, openSection } from './landing-sections.ts';

const item: StudyItem = {
  id: 'abcdefghijkl',
  path: 'assay.csv',
  files: ['assay.csv'],
  format: 'delimited',
  kind: 'table',
  trackSets: [],
  tables: [
    {
      part: 0,
      name: 'assay',
      rows: 96,
      columns: [
        { name: 'Well', type: 'string', keyedTo: 'well' },
        {
          name: '<b>Count</b>',
          type: 'int',
          unit: '1',
          meaning: 'Nuclei',
          term: { label: 'cell count', id: 'EFO:0004842' },
        },
      ],
    },
  ],
  images: [],
  issues: [],
  conversions: [
    {
      recipe: 'table-to-parquet',
      tool: 'micrarium',
      toolVersion: '0.1.0',
      parameters: {},
      madeAt: '2026-01-01T00:00:00Z',
      outputs: ['table-0.parquet', 'table-0.schema.json'].map((path) => ({ path, size: 1, sha256: '' })),
    },
  ],
};

const data = {
  language: 'en',
  text: translator('en'),
  origin: 'http://here',
  version: {
    accession: 'MIC1',
    version: 1,
    items: [item],
    datasets: [{ id: 'd-1', title: 'Assay', imageItems: [], quantitativeItems: [item.id] }],
  },
} as unknown as LandingData;

test('a feature table is shown with what its rows are about, and every column with unit, meaning and term', () => {
  const page = String(datasetsSection(data));
  expect(page).toContain('assay: 96 rows, 2 columns; a row for each Well');
  expect(page).toContain('&lt;b&gt;Count&lt;/b&gt; <span class="m3">(1)</span></dt><dd>Nuclei');
  expect(page).toContain('cell count EFO:0004842');
});

test('it can be taken away with its data dictionary', () => {
  const page = String(openSection(data));
  for (const path of ['table-0.parquet', 'table-0.schema.json']) expect(page).toContain(`${item.id}/content/${path}`);
});
