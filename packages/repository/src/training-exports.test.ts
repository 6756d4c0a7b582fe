import type { TrackSet } from '@micrarium/model';
import { expect, test } from 'vitest';
import { croissantOf } from './training-croissant.ts';
import { cocoPieces, trainingDatasets } from './training-exports.ts';

const mapping = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 2, y: 2, z: 1 },
  offset: { x: 10, y: 0, z: 0 },
  firstFrame: 1,
  firstSlice: 0,
} as const;
const coco = (objects: Partial<TrackSet['objects']>) => {
  const request = {
    set: { name: 'cells', objects: { columns: [], entity: 'point', ...objects } as TrackSet['objects'] },
    image: { name: 'film', sizes: { t: 3, c: 1, z: 1, y: 40, x: 50 } },
    mapping,
    film: 'http://here/film.zip',
    page: 'http://here',
    licence: { name: 'CC0-1.0', url: 'http://licence' },
    task: 'tracking',
  };
  return JSON.parse([...cocoPieces(request)].join(''));
};

test('an outline becomes a polygon in pixels of the film, counted from its corner', () => {
  const found = coco({
    count: 1,
    entity: 'line',
    id: Float64Array.of(7),
    frame: Int32Array.of(0),
    x: Float64Array.of(13),
    y: Float64Array.of(3),
    shapes: {
      partOffsets: Uint32Array.of(0, 1),
      vertexOffsets: Uint32Array.of(0, 4),
      // A square of 2 by 2 from (12, 2), in the unit of the positions: 4 by 4 pixels from (4, 4).
      xyz: Float64Array.of(12, 2, 0, 14, 2, 0, 14, 4, 0, 12, 4, 0),
    },
  });
  expect(found.images).toHaveLength(3);
  expect(found.annotations).toEqual([
    {
      id: 1,
      image_id: 2,
      category_id: 1,
      iscrowd: 0,
      object_id: 7,
      bbox: [4.5, 4.5, 4, 4],
      area: 16,
      segmentation: [[4.5, 4.5, 8.5, 4.5, 8.5, 8.5, 4.5, 8.5]],
    },
  ]);
});

test('objects outside the film, after its end or without a position are left out; points are one pixel', () => {
  const found = coco({
    count: 4,
    id: Float64Array.of(0, 1, 2, 3),
    frame: Int32Array.of(0, 0, 2, 0),
    x: Float64Array.of(10, 100, 10, Number.NaN),
    y: Float64Array.of(0, 0, 0, 0),
  });
  expect(found.annotations).toMatchObject([{ object_id: 0, bbox: [0, 0, 1, 1], area: 1 }]);
  expect(coco({ count: 0 }).annotations).toEqual([]);
});

test('classes of a column are the categories of COCO; objects without one come last', () => {
  const names = ['10', '9', '', '9'];
  const column = { name: 'phenotype', type: 'string' as const, values: names, missing: Uint8Array.of(0, 0, 1, 0) };
  const found = coco({
    count: 4,
    id: Float64Array.of(0, 1, 2, 3),
    frame: Int32Array.of(0, 0, 0, 0),
    x: Float64Array.of(10, 11, 12, 13),
    y: Float64Array.of(0, 0, 0, 0),
    columns: [column],
  });
  expect(found.categories).toEqual([
    { id: 1, name: '9', supercategory: 'phenotype' },
    { id: 2, name: '10', supercategory: 'phenotype' },
    { id: 3, name: 'object', supercategory: 'phenotype' },
  ]);
  expect(found.annotations.map(({ category_id }: { category_id: number }) => category_id)).toEqual([2, 1, 3, 1]);
});

test('a Croissant names films and tables with digests, and the data sets with their part of the split', () => {
  const sha256 = 'a'.repeat(64);
  const version = {
    accession: 'MIC-000001',
    version: 2,
    publishedAt: '2026-11-20T00:00:00Z',
    metadata: {
      values: {
        title: 'T',
        licence: 'CC0-1.0',
        contactFirstName: 'Hanako',
        contactLastName: 'Yamada',
        organism: [{ label: 'Danio rerio', id: 'NCBITaxon:7955' }],
        trainingTask: 'tracking',
        'split@d-1': 'test',
      },
      origins: {},
    },
    datasets: [{ id: 'd-1', title: 'One', imageItems: [], quantitativeItems: ['i'] }],
    items: [
      {
        id: 'i',
        counts: { objects: 5 },
        images: [],
        trackSets: [{ part: 0, hasZ: false, columns: [{ name: 'label', type: 'string' }] }],
        conversions: [
          {
            outputs: ['tracks-0/objects.parquet', 'tracks-0/edges.parquet'].map((path) => ({ path, size: 9, sha256 })),
          },
        ],
      },
    ],
  } as unknown as Parameters<typeof croissantOf>[0];
  expect(trainingDatasets(version)).toMatchObject([{ part: 'test', objects: 5, task: 'tracking' }]);
  const found = croissantOf(version, {
    page: 'http://here',
    content: (item, path) => `http://here/${item}/${path}`,
    citation: 'C',
  });
  const file = (path: string) => ({ '@id': `i/${path}`, sha256, encodingFormat: 'application/x-parquet' });
  expect(found).toMatchObject({
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    // What the specification requires and recommends.
    name: 'MIC-000001',
    url: 'http://here',
    creator: [{ '@type': 'sc:Person', name: 'Hanako Yamada' }],
    publisher: { '@type': 'sc:Organization', name: 'Micrarium' },
    datePublished: '2026-11-20',
    keywords: ['http://purl.obolibrary.org/obo/NCBITaxon_7955'],
    citeAs: 'C',
    distribution: [file('tracks-0/objects.parquet'), file('tracks-0/edges.parquet')],
    recordSet: [
      {
        data: [{ 'datasets/split': 'test', 'datasets/files': 'i/tracks-0/objects.parquet i/tracks-0/edges.parquet' }],
      },
      { dataType: 'cr:Split', data: [{ 'splits/url': 'cr:TrainingSplit' }, {}, { 'splits/name': 'test' }] },
      { field: [{}, {}, {}, {}, { name: 'track_id' }, { name: 'label', source: { extract: { column: 'label' } } }] },
      { field: [{ name: 'source_object_id' }, { name: 'target_object_id' }] },
    ],
  });
  const { '@context': context } = found as { '@context': Record<string, unknown> };
  const terms = [
    'citeAs',
    'column',
    'data',
    'dataType',
    'extract',
    'field',
    'key',
    'recordSet',
    'references',
    'source',
  ];
  for (const term of terms) expect(context).toHaveProperty(term);
});
