import { groupDatasets, type StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { challengeReferences } from './challenge.ts';

const image = (path: string): StudyItem =>
  ({
    id: path,
    path,
    kind: 'image',
    format: 'tiff',
    files: [path],
    images: [{ name: path, sizes: { t: 1, c: 1, z: 1, y: 8, x: 8 }, type: 'uint8', channels: [] }],
    trackSets: [],
  }) as unknown as StudyItem;

/** Titles of the ground truth of a study of these images. */
function truthOf(paths: readonly string[], values: Readonly<Record<string, string>>) {
  const items = paths.map(image);
  const { scored, training } = challengeReferences({
    metadata: { values, origins: {} },
    items,
    datasets: groupDatasets(items, []),
  });
  return [scored.map(({ title }) => title), training.map(({ title }) => title)];
}

const paths = ['images/a.tif', 'images/b.tif', 'masks/a.tif', 'masks/b.tif'];

test('said once of a whole set of images and masks, the masks are the ground truth', () => {
  const values = { challengeMetric: 'instance segmentation' };
  expect(truthOf(paths, values)).toEqual([['a.tif', 'b.tif'], []]);
  expect(truthOf(paths, { ...values, 'split@d-masks/b.tif': 'train' })).toEqual([['a.tif'], ['b.tif']]);
});

test('said of a data set it holds, and where nothing is called a mask it holds for all', () => {
  expect(truthOf(paths, { 'challengeMetric@d-images/a.tif': 'instance segmentation' })).toEqual([['a.tif'], []]);
  expect(truthOf(['a.tif', 'b.tif'], { challengeMetric: 'instance segmentation' })).toEqual([['a.tif', 'b.tif'], []]);
});
