import type { StudyItem, StudyVersion } from '@micrarium/model';
import { expect, test } from 'vitest';
import { imageIndex } from './image-index.ts';

const sizes = { t: 2, c: 1, z: 1, y: 8, x: 8 };
const made = (image: number, ...outputs: string[]): StudyItem['conversions'][number] => ({
  recipe: 'image-to-ozx',
  tool: 'micrarium',
  toolVersion: '0',
  parameters: { image, previewFrames: 2 },
  madeAt: '2026-01-01T00:00:00Z',
  outputs: outputs.map((path) => ({ path, size: 10, sha256: '' })),
});
const item = (id: string, count: number, more: Partial<StudyItem> = {}): StudyItem => ({
  id,
  path: `folder/${id}.tif`,
  files: [],
  format: 'tiff',
  kind: 'image',
  trackSets: [],
  images: Array.from({ length: count }, (_, n) => ({
    name: n === 0 ? '' : `Field ${n}`,
    sizes,
    type: 'uint8',
    channels: [],
  })),
  issues: [],
  conversions: [],
  ...more,
});

const version: Pick<StudyVersion, 'items' | 'datasets' | 'pairs'> = {
  items: [
    item('alone', 1),
    item('film', 1, { conversions: [made(0, 'image-0.ozx', 'image-0.thumbnail.png', 'image-0.preview.png')] }),
    item('plate', 2, {
      conversions: [made(0, 'image-0.ozx', 'image-0.thumbnail.png')],
      plate: {
        name: '',
        rows: ['A'],
        columns: ['1', '2'],
        wells: [{ row: 0, column: 1, fields: [{ image: 1, name: '0' }] }],
      },
    }),
    item('table', 0),
  ],
  datasets: [
    { id: 'd-plate', title: 'Plate', imageItems: ['plate'], quantitativeItems: ['table'] },
    { id: 'd-film', title: 'Film', imageItems: ['film'], quantitativeItems: [] },
  ],
  pairs: [
    {
      imageItem: 'film',
      image: 0,
      trackItem: 'table',
      part: 0,
      reason: 'same name',
      confirmed: true,
    } as StudyVersion['pairs'][number],
    {
      imageItem: 'film',
      image: 0,
      trackItem: 'table',
      part: 1,
      reason: 'same name',
      confirmed: false,
    } as StudyVersion['pairs'][number],
  ],
};

test('lists every image in the order of the data sets, those of none last', () => {
  expect(
    imageIndex(version).map(({ item: id, image, name, dataset, well }) => [id, image, name, dataset, well]),
  ).toEqual([
    ['plate', 0, 'plate.tif', 'd-plate', undefined],
    ['plate', 1, 'Field 1', 'd-plate', 'A2'],
    ['film', 0, 'film.tif', 'd-film', undefined],
    ['alone', 0, 'alone.tif', undefined, undefined],
  ]);
});

test('says what there is of each', () => {
  const [first, second, film] = imageIndex(version);
  expect(film).toMatchObject({ bytes: 10, trackSets: 1, isViewable: true, hasThumbnail: true, previewFrames: 2 });
  expect(first).toMatchObject({ isViewable: true, hasThumbnail: true, previewFrames: 0 });
  expect(second).toMatchObject({ bytes: 0, isViewable: false, hasThumbnail: false, previewFrames: 0 });
});

test('takes a data set, and words in a name, a path or a well', () => {
  expect(imageIndex(version, { dataset: 'd-film' }).map(({ item: id }) => id)).toEqual(['film']);
  expect(imageIndex(version, { words: ' field ' })).toHaveLength(1);
  expect(imageIndex(version, { words: 'a2' })).toHaveLength(1);
  expect(imageIndex(version, { words: 'FOLDER/alone' })).toHaveLength(1);
  expect(imageIndex(version, { dataset: 'd-film', words: 'plate' })).toEqual([]);
});
