import type { ImageDescription, StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { cocoOfMasks, labelImageOf, labelShapes } from './training-masks.ts';

const image = (path: string, x = 8): StudyItem =>
  ({
    id: path,
    path,
    images: [{ name: path, sizes: { t: 1, c: 1, z: 1, y: 8, x }, type: 'uint8', channels: [] } as ImageDescription],
  }) as unknown as StudyItem;
const found = (paths: readonly (string | StudyItem)[], of: string) => {
  const items = paths.map((path) => (typeof path === 'string' ? image(path) : path));
  return labelImageOf({ items }, items.find(({ path }) => path === of)!, 0)?.path;
};

test('an image has the label image that is called like it', () => {
  expect(found(['a_1.tif', 'a_1_mask.tif', 'a_2.tif', 'a_2_mask.tif'], 'a_2.tif')).toBe('a_2_mask.tif');
  expect(found(['set/images/001.tif', 'set/masks/001.png'], 'set/images/001.tif')).toBe('set/masks/001.png');
  expect(found(['raw-z16/w1.tif', 'v1 labels/w1.tif'], 'raw-z16/w1.tif')).toBe('v1 labels/w1.tif');
  // Of another size, without a name of its own, or where two images or two masks may be meant: none.
  expect(found(['a.tif', image('a_mask.tif', 9)], 'a.tif')).toBeUndefined();
  expect(found(['a.tif', 'b.tif'], 'a.tif')).toBeUndefined();
  expect(found(['u/a.tif', 'v/a.tif', 'masks/a.tif'], 'u/a.tif')).toBeUndefined();
  expect(found(['a.tif', 'a_mask.tif', 'a_labels.tif'], 'a.tif')).toBeUndefined();
  expect(found(['a.tif', 'a_mask.tif'], 'a_mask.tif')).toBeUndefined();
});

test('labels become boxes, areas and run lengths that draw them again', async () => {
  const plane = [0, 5, 5, 0, 0, 5, 0, 2, 0, 0, 0, 2];
  const [two, five] = labelShapes(plane, 4, 3);
  expect(five).toEqual({
    label: 5,
    bbox: [1, 0, 2, 2],
    area: 3,
    segmentation: { size: [3, 4], counts: [3, 2, 1, 1, 5] },
  });
  expect(two).toMatchObject({ label: 2, bbox: [3, 1, 1, 2], area: 2, segmentation: { counts: [10, 2] } });
  const pieces: string[] = [];
  const one = {
    path: 'a.tif',
    description: { sizes: { t: 1, c: 1, z: 1, y: 3, x: 4 } },
    labels: () => Promise.resolve(plane),
  };
  const about = { page: 'p', licence: { name: 'CC0-1.0', url: 'l' }, task: 'instance segmentation' };
  for await (const piece of cocoOfMasks([one, one], about)) pieces.push(piece);
  const coco = JSON.parse(pieces.join(''));
  expect(coco.images.map((of: { id: number }) => of.id)).toEqual([1, 2]);
  expect(coco.annotations.map((of: { image_id: number; area: number }) => [of.image_id, of.area])).toEqual([
    [1, 2],
    [1, 3],
    [2, 2],
    [2, 3],
  ]);
});
