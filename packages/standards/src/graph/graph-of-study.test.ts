import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { writeDataCite } from '../datacite/write-datacite.ts';
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

test('grants that the funding field names are grants of the graph, and of DataCite', () => {
  const values = {
    title: 'Cells',
    fundingStatement: 'Dutch Research Council (https://ror.org/04jsz6e67), grant 016.Vidi.189; our institute',
  };
  const graph = graphOfStudy({ metadata: { values, origins: {} }, files: [], items: [], datasets: [] });
  expect(graph.grants).toEqual([
    { key: 'g-1', funder: 'Dutch Research Council', funderId: 'https://ror.org/04jsz6e67', identifier: '016.Vidi.189' },
  ]);
  expect((writeDataCite(graph) as { fundingReferences?: unknown }).fundingReferences).toEqual([
    {
      funderName: 'Dutch Research Council',
      funderIdentifier: 'https://ror.org/04jsz6e67',
      funderIdentifierType: 'ROR',
      awardNumber: '016.Vidi.189',
    },
  ]);
});
