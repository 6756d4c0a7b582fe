import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { graphOfStudy } from './graph-of-study.ts';

const item = (id: string, format: string, kind: StudyItem['kind']) =>
  ({ id, path: id, files: [id], format, kind, trackSets: [], images: [] }) as unknown as StudyItem;

test('each data set has the formats of its own items; what no item is in holds for all', () => {
  const study = {
    metadata: {
      values: { dataFormats: ['OME-TIFF', 'ImageJ TIFF', 'Delimited table', 'lab notebook'] },
      origins: {},
    },
    files: [],
    items: [item('a', 'ome-tiff', 'image'), item('b', 'imagej-tiff', 'image'), item('c', 'delimited', 'tracks')],
    datasets: [
      { id: 'd-1', title: 'films', imageItems: ['a'], quantitativeItems: ['c'] },
      { id: 'd-2', title: 'stacks', imageItems: ['b'], quantitativeItems: [] },
    ],
  };
  expect(graphOfStudy(study).datasets.map(({ formats }) => formats)).toEqual([
    ['OME-TIFF', 'Delimited table', 'lab notebook'],
    ['ImageJ TIFF', 'lab notebook'],
  ]);
  const values = { ...study.metadata.values, 'dataFormats@d-2': ['TIFF'] };
  expect(graphOfStudy({ ...study, metadata: { values, origins: {} } }).datasets[1]!.formats).toEqual(['TIFF']);
});
