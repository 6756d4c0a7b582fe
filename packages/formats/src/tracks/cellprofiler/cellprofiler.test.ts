import { expect, test } from 'vitest';
import { readFiles } from '../item-for-tests.test-data.ts';

const tracked = (rows: readonly (readonly (number | string)[])[]) =>
  [
    'ImageNumber,ObjectNumber,Location_Center_X,Location_Center_Y,TrackObjects_Label_20,TrackObjects_ParentImageNumber_20,TrackObjects_ParentObjectNumber_20,TrackObjects_TrajectoryX_20,TrackObjects_TrajectoryY_20',
    ...rows.map((row) => row.join(',')),
  ].join('\n');

test('edges follow the parent image and object, positions the centre', async () => {
  const text = tracked([
    [1, 1, 10, 20, 1, 0, 0, 0, 0],
    [1, 2, 50, 60, 2, 0, 0, 0, 0],
    [2, 1, 51, 61, 2, 1, 2, 1, 1],
    [2, 2, 11, 21, 1, 1, 1, 1, 1],
    [4, 1, 12, 22, 1, 2, 2, 1, 1],
    [4, 2, 13, 23, 1, 2, 2, 2, 2],
    [4, 3, 99, 99, 'nan', 'nan', 'nan', 0, 0],
  ]);
  const { format, sets, codes, counts } = await readFiles({ 'Nuclei.csv': text });
  expect(format).toBe('cellprofiler');
  expect(counts).toEqual([[7, 4, 4, 2, 3, 1, 0, 2]]);
  const { objects, edges, spaceUnit } = sets[0]!;
  expect([...objects.x]).toEqual([10, 50, 51, 11, 12, 13, 99]);
  expect([...objects.frame]).toEqual([0, 0, 1, 1, 3, 3, 3]);
  expect([...edges.source].map((from, i) => [from, edges.target[i]])).toEqual([
    [1, 2],
    [0, 3],
    [3, 4],
    [3, 5],
  ]);
  expect(spaceUnit).toBe('pixel');
  expect(codes).toContain('filtered-objects');
  expect(codes).not.toContain('no-absolute-position');
  expect(objects.columns.map(({ name }) => name)).toContain('TrackObjects_TrajectoryX_20');
});

test('without positions each track is rebuilt from its displacements and said to be relative', async () => {
  const text = [
    'ImageNumber,ObjectNumber,Cells_TrackObjects_Label,Cells_TrackObjects_ParentImageNumber,Cells_TrackObjects_ParentObjectNumber,Cells_TrackObjects_TrajectoryX,Cells_TrackObjects_TrajectoryY',
    '3,1,1,2,1,5,-1',
    '1,1,1,0,0,0,0',
    '2,1,1,1,1,2,3',
    '2,2,9,1,7,4,4',
  ].join('\n');
  const { sets, codes } = await readFiles({ 'a.csv': text });
  expect([...sets[0]!.objects.x]).toEqual([7, 0, 2, 0]);
  expect([...sets[0]!.objects.y]).toEqual([2, 0, 3, 0]);
  expect(codes).toEqual(expect.arrayContaining(['no-absolute-position', 'parent-not-found']));
});

test('each image group is a set, and its frames start anew', async () => {
  const text = [
    'ImageNumber,ObjectNumber,Group_Number,Group_Index,Location_Center_X,Location_Center_Y,TrackObjects_Label_9,TrackObjects_ParentImageNumber_9,TrackObjects_ParentObjectNumber_9',
    '1,1,1,1,1,1,1,0,0',
    '2,1,1,2,2,2,1,1,1',
    '3,1,2,1,3,3,1,0,0',
    '4,1,2,2,4,4,1,3,1',
    '5,1,2,3,5,5,1,4,1',
  ].join('\n');
  const { sets, counts, codes } = await readFiles({ 'a.csv': text });
  expect(sets.map(({ name }) => name)).toEqual(['a group 1', 'a group 2']);
  expect(counts).toEqual([
    [2, 1, 1, 1, 2, 0, 0, 0],
    [3, 2, 1, 1, 3, 0, 0, 0],
  ]);
  expect([...sets[1]!.objects.frame]).toEqual([0, 1, 2]);
  expect(codes).not.toContain('frames-from-image-numbers');
});

test('parents in a circle, doubled keys and odd numbers give findings, not a hang', async () => {
  const text = [
    'ImageNumber,ObjectNumber,TrackObjects_Label_9,TrackObjects_ParentImageNumber_9,TrackObjects_ParentObjectNumber_9,TrackObjects_TrajectoryX_9,TrackObjects_TrajectoryY_9',
    '1,1,1,2,1,1,1',
    '2,1,1,1,1,1,1',
    '2,1,1,1,1,1,1',
    'x,1,1,1,1,1,1',
    '1e99,-4,1,1e30,1,nan,1',
  ].join('\n');
  const { codes, sets } = await readFiles({ 'a.csv': text });
  expect(codes).toEqual(expect.arrayContaining(['object-key-not-unique', 'row-without-image']));
  expect(sets[0]!.objects.count).toBe(3);
});

test('a table of Cell Painting, whose header alone fills the first 64 KiB, is read', async () => {
  const features = Array.from({ length: 400 }, (_, at) => `Texture_${'InfoMeas1_Mitochondria_'.repeat(8)}${at}`);
  const row = (object: number) => ['1', object, 10 * object, 20, ...features.map((_, at) => at / 7)].join(',');
  const rows = [1, 2, 3].map(row);
  const cells = ['ImageNumber,ObjectNumber,AreaShape_Center_X,AreaShape_Center_Y', ...features].join(',');
  const { format, sets } = await readFiles({ 'Cells.csv': `${cells}\n${rows.join('\n')}\n` });
  expect(format).toBe('cellprofiler');
  expect([...sets[0]!.objects.x]).toEqual([10, 20, 30]);
  expect(sets[0]!.objects.columns).toHaveLength(402);
  const image = ['Count_Cells,URL_DNA,Metadata_Well,Metadata_Site', ...features].join(',');
  expect((await readFiles({ 'Image.csv': `${image}\n${rows.join('\n')}\n` })).format).toBe('delimited');
});
