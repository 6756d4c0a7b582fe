import type { ImageDescription, StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { graphOfStudy } from './graph-of-study.ts';

const um = (value: number) => ({ value, unit: 'micrometer' as const });

const image = (more: Partial<ImageDescription>): ImageDescription => ({
  name: '',
  type: 'uint8',
  sizes: { x: 8, y: 8, z: 1, c: 1, t: 5 },
  channels: [],
  ...more,
});

const item = (id: string, ...images: ImageDescription[]) =>
  ({ id, path: `${id}.tif`, files: [`${id}.tif`], format: 'tiff', images, trackSets: [] }) as unknown as StudyItem;

function imagesOf(values: Record<string, string>, ...items: StudyItem[]) {
  const datasets = items.map(({ id }) => ({ id: `d-${id}`, title: id, imageItems: [id], quantitativeItems: [] }));
  const { images } = graphOfStudy({ metadata: { values, origins: {} }, files: [], items, datasets });
  return images.map(({ pixelSize, timeStep }) => ({ pixelSize, timeStep }));
}

test('scales that were typed stand where files tell none, and of one data set before what its file says', () => {
  const silent = item('a', image({}));
  const telling = item('b', image({ voxelSize: { x: um(1), y: um(1) }, timeStep: { value: 1, unit: 'second' } }));
  const values = { spaceScale: 'XY: 0.1 µm, Z: 2 µm', timeScale: '5 min for each time interval' };
  const minutes = { value: 5, unit: 'minute' };
  expect(imagesOf(values, silent, telling)).toEqual([
    // One plane has no distance of slices.
    { pixelSize: { x: um(0.1), y: um(0.1) }, timeStep: minutes },
    { pixelSize: { x: um(1), y: um(1) }, timeStep: { value: 1, unit: 'second' } },
  ]);
  expect(imagesOf({ ...values, 'spaceScale@d-b': '0.2 x 0.3 µm', 'timeScale@d-b': 'NA' }, silent, telling)[1]).toEqual({
    pixelSize: { x: um(0.2), y: um(0.3) },
    timeStep: { value: 1, unit: 'second' },
  });
  expect(imagesOf({ spaceScale: '0.1', timeScale: 'NA' }, silent)).toEqual([{}]);
});
