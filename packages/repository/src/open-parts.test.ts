import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { leadsToOpenPart, openItems } from './open-parts.ts';

const [tracks, raw, both, alone, zarr] = [
  'aaaaaaaaaaaa',
  'bbbbbbbbbbbb',
  'cccccccccccc',
  'dddddddddddd',
  'eeeeeeeeeeee',
] as const;
const item = (id: string, files: string[], conversions: StudyItem['conversions'] = []): StudyItem => ({
  id,
  files,
  conversions,
  path: files[0]!,
  format: 'x',
  kind: 'unknown',
  trackSets: [],
  images: [],
  issues: [],
});
/** A Zarr that was deposited at the very top: its folder is that of the study. */
const asDeposited = {
  recipe: 'zarr-as-deposited',
  tool: 'x',
  toolVersion: '1',
  parameters: { image: 0, root: '' },
  madeAt: '2026-01-01T00:00:00Z',
  outputs: [],
};
const items = [
  item(tracks, ['tracks.csv']),
  item(raw, ['raw.tif', 'shared.xml']),
  item(both, ['shared.xml', 'more.tif']),
  item(alone, ['a b/100%.tif', 'more.tif']),
  item(zarr, ['zarr.json', '0/c/0'], [asDeposited]),
];
const paths = new Set(items.flatMap(({ files }) => files));
const isFile = (path: string) => Promise.resolve(paths.has(path));
const opened = (ids: string[], access: 'open' | 'controlled' = 'controlled') =>
  openItems({ access, openItems: ids }, items);
const ids = (...told: Parameters<typeof opened>) => opened(...told).map(({ id }) => id);

test('open is what was declared so, and shares no file with what is not, nor with what shares one', () => {
  expect(openItems(undefined, items)).toEqual([]);
  expect(ids([])).toEqual([]);
  expect(ids([tracks])).toEqual([tracks]);
  expect(ids([tracks], 'open')).toEqual([]);
  expect(ids([tracks, both, alone])).toEqual([tracks]);
  expect(ids([tracks, raw, both, alone])).toEqual([tracks, raw, both, alone]);
  expect(ids(['zzzzzzzzzzzz'])).toEqual([]);
});

test('an address leads to an open part only where it leads to nothing else', async () => {
  const one = opened([tracks]);
  for (const way of [
    '',
    '/content/x',
    '/content/tracks-0/objects.parquet',
    '/export/geff.zip',
    '/rows/edges',
    '/objects',
  ]) {
    expect(await leadsToOpenPart(`/items/${tracks}${way}`, one, isFile), way).toBe(true);
    expect(await leadsToOpenPart(`/items/${raw}${way}`, one, isFile), way).toBe(false);
  }
  expect(await leadsToOpenPart('/files/tracks.csv', one, isFile)).toBe(true);
  expect(await leadsToOpenPart('/files/a%20b/100%25.tif', opened([raw, both, alone]), isFile)).toBe(true);
  for (const below of [
    '/files/raw.tif',
    '/files/shared.xml',
    '/files/%',
    '/files/tracks.csv%2F..%2Fraw.tif',
    '/files/',
    '/export.zip',
    '/export.bag.zip',
    '/images',
    '/references',
    '/croissant.json',
    `/datasets/d-${tracks}/notebook.ipynb`,
    `/items/${tracks}/anything-new`,
    `/items/${tracks}/images/0/annotations`,
    `/items/${tracks}/../${raw}`,
    `/items/${tracks}/content/%`,
    '/items/%61aaaaaaaaaaa',
  ])
    expect(await leadsToOpenPart(below, one, isFile), below).toBe(false);
});

test('through an open Zarr at the top of the study nothing is read but its own files', async () => {
  const open = opened([zarr]);
  const through = (path: string) => leadsToOpenPart(`/items/${zarr}/content/image-0.zarr/${path}`, open, isFile);
  expect(await through('zarr.json')).toBe(true);
  expect(await through('0/c/0')).toBe(true);
  // A chunk that is not there: a reader of Zarr is to hear that, for it is background.
  expect(await through('0/c/1')).toBe(true);
  expect(await through('raw.tif')).toBe(false);
  expect(await through('a%20b/100%25.tif')).toBe(false);
});
