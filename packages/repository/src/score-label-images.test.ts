import { expect, test } from 'vitest';
import type { ImageDescription, StudyItem } from '@micrarium/model';
import { isLabelItem, labelImageName } from './score-label-images.ts';

const item = (path: string, ...types: ImageDescription['type'][]): StudyItem =>
  ({
    path,
    images: types.map((type) => ({ name: '', sizes: { t: 1, c: 1, z: 1, y: 8, x: 8 }, type, channels: [] })),
  }) as unknown as StudyItem;

test('names of images are one but for endings and what says that they are labels', () => {
  for (const name of ['A1_mask.png', 'a1.tif', 'IMG a1'.slice(4), 'pred_a1.ome.tif'])
    expect(labelImageName(name)).toBe('a1');
  expect(labelImageName('mask.tif')).toBe('mask');
});

test('a plate of masks is label images, a plate of images is none', () => {
  expect(isLabelItem(item('masks', 'uint16', 'uint16'))).toBe(true);
  expect(isLabelItem(item('images', 'uint16', 'uint16'))).toBe(false);
  expect(isLabelItem(item('masks', 'uint16', 'float32'))).toBe(false);
});
