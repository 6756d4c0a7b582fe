import { expect, test } from 'vitest';
import { readFiles } from '../item-for-tests.test-data.ts';

const table = (...lines: string[]) => `${lines.join('\n')}\n`;

test('btrack: rows of tracks and parents of tracks lie beside the table', async () => {
  const files = {
    'd/objects.csv': table(
      't,x,y,z,states,label',
      '0,1,1,0,5,0',
      '1,2,2,0,5,0',
      '2,3,3,0,5,0',
      '2,9,9,0,5,0',
      '3,9,9,0,5,0',
    ),
    'd/graph.json': '{"2": [1], "3": [1]}',
    'd/rows.json': '{"1": [1, 0], "2": [2], "3": [3, 4]}',
  };
  for (const asked of ['d/objects.csv', 'd/graph.json', 'd/rows.json']) {
    const { format, counts } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['btrack', [[5, 4, 3, 1, 4, 1, 0, 0]]]);
  }
  const alone = await readFiles({ 'objects.csv': files['d/objects.csv'] });
  expect(alone.counts).toEqual([[5, 0, 0, 0, 4, 0, 0, 0]]);
});

test('btrack: a table with track, parent and generation; a parent that is itself is none', async () => {
  const { counts, codes } = await readFiles({
    'tracks.csv': table(
      'ID,t,x,y,z,parent,root,generation',
      '1,0,1,1,0,1,1,0',
      '1,1,1,1,0,1,1,0',
      '2,2,1,1,0,1,1,1',
      '3,2,2,2,0,1,1,1',
      '3,4,2,2,0,1,1,1',
      '4,0,2,2,0,3,1,1',
    ),
  });
  expect(counts).toEqual([[6, 4, 3, 1, 4, 1, 0, 1]]);
  expect(codes).toContain('track-parent-unknown');
});

test('ultrack: edges by the parent object, else by the parent track', async () => {
  const byObject = await readFiles({
    'a.csv': table(
      'track_id,t,y,x,id,parent_track_id,parent_id',
      '1,0,2,1,1000001,-1,-1',
      '2,1,2,1,2000001,1,1000001',
      '3,1,4,3,2000002,1,1000001',
    ),
  });
  expect([byObject.format, byObject.counts]).toEqual(['ultrack', [[3, 2, 2, 1, 2, 1, 0, 0]]]);
  expect(byObject.codes).toContain('not-seen-on-a-real-file');
  expect([...byObject.sets[0]!.objects.x]).toEqual([1, 1, 3]);
  const byTrack = await readFiles({
    'a.csv': table('track_id,t,z,y,x,parent_track_id', '1,0,1,2,1,-1', '1,1,1,2,1,-1', '2,3,5,2,1,1'),
  });
  expect(byTrack.counts).toEqual([[3, 2, 1, 1, 3, 0, 0, 1]]);
});

test('napari: the graph of parents beside the table may merge', async () => {
  const { format, counts } = await readFiles({
    'tracks.csv': table('track_id,t,y,x', '1,0,0,0', '1,1,0,0', '2,0,5,5', '2,1,5,5', '3,2,3,3', '3,3,3,3'),
    'graph.json': '{"3": [1, 2]}',
  });
  expect([format, counts]).toEqual(['napari', [[6, 5, 3, 1, 4, 0, 1, 0]]]);
});

test('Manual Tracking of ImageJ', async () => {
  const { format, sets, counts, codes } = await readFiles({
    'Results.xls': table(
      ' \tTrack n°\tSlice n°\tX\tY\tDistance\tVelocity\tPixel Value',
      '1\t1\t1\t10\t20\t-1.000\t-1.000\t87',
      '2\t1\t2\t11\t21\t0.2\t0.1\t90',
      '3\t2\t1\t50\t60\t-1.000\t-1.000\t87',
      '4\t2\t3\t51\t61\t0.2\t0.1\t90',
    ),
  });
  expect([format, counts]).toEqual(['manual-tracking', [[4, 2, 2, 2, 3, 0, 0, 1]]]);
  expect([...sets[0]!.objects.frame]).toEqual([0, 1, 0, 2]);
  expect([...sets[0]!.objects.x]).toEqual([10, 11, 50, 51]);
  expect(sets[0]!.spaceUnit).toBe('pixel');
  expect(codes).toContain('not-seen-on-a-real-file');
});

test('Imaris: positions with a title above, units in the rows, large ids', async () => {
  const { format, sets, counts } = await readFiles({
    'x_Position.csv': table(
      '',
      'Position',
      '==================== ',
      'Position X,Position Y,Position Z,Unit,Category,Collection,Time,TrackID,ID,',
      '1.5,2.5,3.5,um,Spot,Position,1,1000000000,12,',
      '2.5,2.5,3.5,um,Spot,Position,2,1000000000,13,',
      '9.5,9.5,3.5,um,Spot,Position,2,,14,',
      '3.5,2.5,3.5,um,Spot,Position,4,1000000000,15,',
    ),
  });
  expect([format, counts]).toEqual(['imaris-csv', [[4, 2, 1, 1, 3, 0, 0, 1]]]);
  expect([...sets[0]!.objects.id]).toEqual([12, 13, 14, 15]);
  expect([...sets[0]!.objects.frame]).toEqual([0, 1, 1, 3]);
  expect(sets[0]!.spaceUnit).toBe('micrometer');
  const speed = await readFiles({
    'x_Speed.csv': table(
      '',
      'Speed',
      '====',
      'Speed,Unit,Category,Time,TrackID,ID,',
      '1,um/s,Spot,1,1000000000,12,',
      '1,um/s,Spot,2,1000000000,13,',
    ),
  });
  expect([speed.format, speed.codes.includes('no-position-columns')]).toEqual(['imaris-csv', true]);
});
