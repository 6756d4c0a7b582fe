import { translator } from '@micrarium/api';
import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { LandingData } from './landing-data.ts';
import { figuresSection } from './landing-figures.ts';
import { openSection } from './landing-losses.ts';
import { datasetsSection } from './landing-sections.ts';

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
  losses: new Map(),
  sentOn: [],
  origin: 'http://here',
  version: {
    accession: 'MIC1',
    metadata: { values: {}, origins: {} },
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

test('a study of thousands of images shows its data sets a page at a time, each with what it holds', () => {
  const image = { name: 'one', type: 'uint8', sizes: { x: 4, y: 4, z: 1, c: 1, t: 1 }, channels: [] };
  const items = Array.from({ length: 1_200 }, (_, at) => ({
    ...item,
    id: `item-${at}`,
    path: `well-${at}.png`,
    images: [image],
  }));
  const datasets = items.map(({ id, path }) => ({
    id: `d-${id}`,
    title: path,
    imageItems: [id],
    quantitativeItems: [],
  }));
  const many = { ...data, version: { ...data.version, items, datasets } } as unknown as LandingData;
  const shown = (page: string) => [...page.matchAll(/<tr id="d-item-(\d+)"/g)].map(([, at]) => Number(at));
  const pages = [0, 500, 1_000].map((datasetsFrom) => String(datasetsSection({ ...many, datasetsFrom })));
  expect(pages.flatMap(shown)).toEqual(items.map((_, at) => at));
  expect(pages.map((page) => shown(page).length)).toEqual([500, 500, 200]);
  expect(pages.map((page) => /datasets=(\d+)#data/.exec(page)?.[1])).toEqual(['500', '1000', undefined]);
  expect(pages.map((page) => page.includes('Back to the first data sets'))).toEqual([false, true, true]);
  expect(pages[2]).toContain('d-item-1199/notebook.ipynb');
  expect(String(datasetsSection(data))).not.toContain('datasets=');
});

test('it can be taken away with its data dictionary', () => {
  const page = String(openSection(data));
  for (const path of ['table-0.parquet', 'table-0.schema.json']) expect(page).toContain(`${item.id}/content/${path}`);
});

const tracks = {
  ...item,
  id: 'mnopqrstuvwx',
  path: 'cells.xml',
  kind: 'tracks',
  tables: undefined,
  trackSets: [{ part: 0, name: 'cells', counts: {}, columns: [], hasZ: false, entity: 'point' }],
  conversions: [
    {
      ...item.conversions[0]!,
      recipe: 'tracks-to-parquet',
      outputs: [{ path: 'tracks-0/objects.parquet', size: 1, sha256: '' }],
    },
  ],
} as unknown as StudyItem;
const withTracks = (losses: LandingData['losses'], language: 'en' | 'ja' = 'en') =>
  ({
    ...data,
    language,
    text: translator(language),
    losses,
    version: { ...data.version, items: [tracks] },
  }) as LandingData;
const counted: LandingData['losses'] = new Map([
  [
    tracks.id,
    [
      {
        part: 0,
        forms: [
          { form: 'geff.zip', losses: [] },
          {
            form: 'objects.csv',
            losses: [
              { code: 'csv-without-track-features', severity: 'warning', message: '3 track features: <a>, b, c' },
            ],
          },
          { form: 'bd5.h5', losses: [{ code: 'bd5-loss', severity: 'error', message: 'no object has a position' }] },
        ],
      },
    ],
  ],
]);

test('every form of a set stands with what it will not hold, in numbers, before anybody downloads it', () => {
  const page = String(openSection(withTracks(counted)));
  expect(page).toMatch(/export\/geff\.zip\?part=0.*?Lossless/s);
  expect(page).toContain('<li>3 track features: &lt;a&gt;, b, c</li>');
  expect(page).toContain('Cannot be written in this form:');
  expect(page).toContain('content/tracks-0/objects.parquet');
});

test('the numbers are told in Japanese; what is not counted yet is said to be so', () => {
  expect(String(openSection(withTracks(counted, 'ja')))).toContain('トラックの特徴量 3 個: &lt;a&gt;, b, c');
  expect(String(openSection(withTracks(new Map())))).toContain('Not counted yet');
  expect(String(openSection(withTracks(new Map([[tracks.id, [{ part: 0 }]]]))))).toContain('Too large to count');
});

test('a figure leads to the view that it shows, with its picture; without figures nothing stands there', () => {
  const film = {
    ...item,
    id: 'filmfilmfilm',
    path: 'film/cells.tif',
    files: ['film/cells.tif'],
    images: [{}, {}],
    tables: undefined,
    conversions: [
      {
        ...item.conversions[0]!,
        parameters: { image: 1 },
        outputs: [{ path: 'image-1.thumbnail.png', size: 1, sha256: '' }],
      },
    ],
  };
  const figure = {
    label: 'Figure\u202E 1\u2066',
    caption: '<i>Turn</i>',
    image: film.path,
    imageIndex: 1,
    view: 't=4&c=1,ff0000',
  };
  const version = {
    ...data.version,
    items: [item, film],
    metadata: { values: { figures: JSON.stringify([figure, { label: '' }]) }, origins: {} },
  };
  const page = String(figuresSection({ ...data, version } as unknown as LandingData));
  expect(page).toContain('href="/viewer/MIC1/1/filmfilmfilm?image=1&amp;t=4&amp;c=1%2Cff0000"');
  expect(page).toContain('image-1.thumbnail.png');
  expect(page).toContain('&lt;i&gt;Turn&lt;/i&gt;');
  // A mark that nothing ends would turn the DOI around that stands after it.
  expect(page).toContain('<b>Figure 1</b>');
  expect(page).not.toContain('figure-2');
  expect(String(figuresSection(data))).toBe('');
});
