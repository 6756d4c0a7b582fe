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

test('btrack: tracks as for napari, with graph; the table of objects beside them stays apart', async () => {
  const files = {
    'graph.json': '{"2": [1], "3": [1]}',
    'objects.csv': table('t,x,y,z,states,label', '0,1,2,0,5,0', '1,1,2,0,5,0', '2,3,4,0,5,0'),
    'tracks.csv': table('ID,t,y,x', '1.0,0.0,2,1', '1.0,1.0,2,1', '2.0,2.0,4,3', '3.0,3.0,9,8'),
  };
  for (const asked of ['graph.json', 'tracks.csv']) {
    const { format, counts, sets } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['napari', [[4, 3, 3, 1, 4, 1, 0, 1]]]);
    expect([...sets[0]!.objects.y]).toEqual([2, 2, 4, 9]);
  }
  const objects = await readFiles(files, 'objects.csv');
  expect([objects.format, objects.counts, objects.codes.includes('track-parent-unknown')]).toEqual([
    'btrack',
    [[3, 0, 0, 0, 3, 0, 0, 0]],
    false,
  ]);
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
  expect(sets[0]).toMatchObject({ spaceUnit: 'pixel', provenance: { software: 'Manual Tracking' } });
  expect(codes).not.toContain('tracking-method-missing');
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

test('Imaris: statistics beside the positions are columns of the objects, those of tracks a table', async () => {
  const statistic = (title: string, header: string, ...rows: string[]) =>
    table('', title, ' ==================== ', header, ...rows);
  const files = {
    'a_Position.csv': statistic(
      'Position',
      'Position X,Position Y,Position Z,Unit,Category,Collection,Time,TrackID,ID,',
      '1.5,2.5,3.5,um,Spot,Position,1,1000000000,12,',
      '2.5,2.5,4.5,um,Spot,Position,2,1000000000,13,',
    ),
    'a_Speed.csv': statistic('Speed', 'Speed,Unit,Category,Time,TrackID,ID,', '0.5,um/s,Spot,2,1000000000,13,'),
    'a_Intensity_Mean_Ch=3_Img=1.csv': statistic(
      'Intensity Mean Ch=3 Img=1',
      'Intensity Mean,Unit,Category,Channel,Image,Time,TrackID,ID,',
      '16.5,,Spot,3,Image 1,1,1000000000,12,',
      '17.5,,Spot,3,Image 1,2,1000000000,13,',
    ),
    'a_Contact.csv': statistic('Contact', 'Contact,Unit,Category,ID,', '1,,Spot,12,', '2,,Spot,12,'),
    'a_Track_Length.csv': statistic('Track Length', 'Track Length,Unit,Category,ID,', '1.25,um,Track,1000000000,'),
    'a_Overall.csv': statistic('Overall', 'Variable,Value,Unit,Category,', 'Total Number of Spots,2,,Overall,'),
    'a_notes.csv': 'well,drug\nA1,DMSO\n',
    'a_b_Position.csv': statistic(
      'Position',
      'Position X,Position Y,Position Z,Unit,Category,Collection,Time,TrackID,ID,',
      '9,9,9,um,Spot,Position,1,1000000000,1,',
      '8,9,9,um,Spot,Position,2,1000000000,2,',
    ),
  };
  for (const asked of ['a_Position.csv', 'a_Speed.csv', 'a_Overall.csv']) {
    const { format, sets, counts, issues } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['imaris-csv', [[2, 1, 1, 1, 2, 0, 0, 0]]]);
    const { objects, sourceTracks, provenance } = sets[0]!;
    const column = (name: string) => objects.columns.find((one) => one.name === name);
    expect(column('Speed')).toMatchObject({ unit: 'um/s', missing: Uint8Array.of(1, 0) });
    expect([...column('Intensity Mean Ch=3 Img=1')!.values]).toEqual([16.5, 17.5]);
    expect(column('Contact')).toBeUndefined();
    expect(sourceTracks!.columns.map(({ name, values }) => [name, values[0]])).toEqual([
      ['source_track_id', 1_000_000_000],
      ['Track Length', 1.25],
    ]);
    expect(provenance.software).toBe('Imaris');
    expect(issues.filter(({ code }) => code === 'statistic-not-joined').map(({ where }) => where?.file)).toEqual([
      'a_Contact.csv',
    ]);
  }
  const other = await readFiles(files, 'a_b_Position.csv');
  expect([...other.sets[0]!.objects.x]).toEqual([9, 8]);
});

const spots = table(
  'LABEL,ID,TRACK_ID,QUALITY,POSITION_X,POSITION_Y,POSITION_Z,POSITION_T,FRAME,RADIUS',
  'Label,Spot ID,Track ID,Quality,X,Y,Z,T,Frame,Radius',
  'Label,Spot ID,Track ID,Quality,X,Y,Z,T,Frame,R',
  ',,,(quality),(µm),(µm),(µm),(sec),,(µm)',
  'ID1,1,0,5.5,1,2,0,0,0,2.5',
  'ID2,2,0,5.5,2,2,0,2,1,2.5',
  'ID3,3,0,ø,3,2,0,2,1,2.5',
  'ID4,4,1,5.5,9,9,0,0,0,2.5',
  'ID5,5,1,5.5,8,9,0,4,2,2.5',
  'ID6,6,ø,5.5,7,7,0,4,2,2.5',
);

test('TrackMate tables: spots alone tell the edges of tracks that do not branch', async () => {
  const { format, sets, counts, codes } = await readFiles({ 'export.csv': spots });
  expect([format, counts]).toEqual(['trackmate-csv', [[6, 1, 1, 1, 3, 0, 0, 1]]]);
  const { objects, spaceUnit, timeUnit } = sets[0]!;
  expect([spaceUnit, timeUnit, [...objects.time!]]).toEqual(['micrometer', 'second', [0, 2, 2, 0, 4, 4]]);
  const quality = objects.columns.find(({ name }) => name === 'quality')!;
  expect([quality.sourceKey, [...quality.missing!]]).toEqual(['QUALITY', [0, 0, 1, 0, 0, 0]]);
  expect(codes).toEqual(expect.arrayContaining(['branching-lost', 'links-inferred']));
});

test('TrackMate tables: an export without a spot has no rows, and its units', async () => {
  const { sets, counts, codes } = await readFiles({ 'export.csv': spots.split('\n').slice(0, 4).join('\n') });
  expect([counts, sets[0]!.spaceUnit]).toEqual([[[0, 0, 0, 0, 0, 0, 0, 0]], 'micrometer']);
  expect(codes).not.toContain('row-without-frame');
});

test('TrackMate tables: edges and tracks beside the spots are one item with them', async () => {
  const files = {
    'a_spots.csv': spots,
    'a_edges.csv': table(
      'LABEL,TRACK_ID,SPOT_SOURCE_ID,SPOT_TARGET_ID,LINK_COST',
      'Label,Track ID,Source spot ID,Target spot ID,Cost',
      ',,,,(cost)',
      'ID1 → ID2,0,1,2,0.5',
      'ID1 → ID3,0,1,3,1.5',
      'ID4 → ID5,1,4,5,ø',
    ),
    'a_tracks.csv': table(
      'LABEL,TRACK_INDEX,TRACK_ID,NUMBER_SPOTS',
      'Label,Index,ID,Number',
      'Track_0,0,0,3',
      'Track_1,1,1,2',
    ),
  };
  for (const asked of Object.keys(files)) {
    const { format, sets, counts, codes } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['trackmate-csv', [[6, 3, 3, 2, 3, 1, 0, 1]]]);
    expect(sets[0]!.edges.columns.map(({ name }) => name)).toEqual(['name', 'source_track_id', 'link_cost']);
    expect(sets[0]!.sourceTracks!.columns.map(({ name, values }) => [name, values[1]])).toEqual([
      ['name', 'Track_1'],
      ['track_index', 1],
      ['source_track_id', 1],
      ['number_spots', 2],
    ]);
    expect(codes).not.toContain('links-inferred');
  }
});

test('TrackMate tables of older versions: one item by the titles of the result tables', async () => {
  const files = {
    'Spots in tracks statistics.txt': table(
      ' \tLabel\tID\tTRACK_ID\tQUALITY\tPOSITION_X\tPOSITION_Y\tPOSITION_T\tFRAME',
      '1\tID4\t4\t0\t3.6\t1\t2\t0\t0',
      '2\tID5\t5\t0\t3.6\t2\t2\t1\t1',
    ),
    'Links in tracks statistics.txt': table(
      ' \tLabel\tTRACK_ID\tSPOT_SOURCE_ID\tSPOT_TARGET_ID\tVELOCITY',
      '1\t(ID4 : ID5)\t0\t4\t5\t0.2',
    ),
    'Track_statistics.txt': table(' \tLabel\tNUMBER_SPOTS\tTRACK_ID', '1\tTrack_0\t2\t0'),
    'All Spots statistics.txt': table(
      'Label,ID,TRACK_ID,QUALITY,POSITION_X,POSITION_Y,FRAME',
      'ID4,4,0,3.6,1,2,0',
      'ID9,9,None,3.6,1,2,0',
    ),
  };
  for (const asked of Object.keys(files).slice(0, 3)) {
    const { format, counts, sets } = await readFiles(files, asked);
    expect([format, counts]).toEqual(['trackmate-csv', [[2, 1, 1, 1, 2, 0, 0, 0]]]);
    expect(sets[0]!.sourceTracks!.count).toBe(1);
  }
  const all = await readFiles(files, 'All Spots statistics.txt');
  expect(all.counts[0]![0]).toBe(2);
});

test('tables that took over names of TrackMate or ParticleTracker are not said to be theirs', async () => {
  const derived = await readFiles({
    'a.csv': table(
      'TRACK_ID,FRAME,POSITION_Y,POSITION_X,generation,root,parent,ID',
      ...[0, 1, 2, 3].map((frame) => `1,${frame},${100 + frame},95,0,1,1,${frame}`),
    ),
  });
  // The parent is that of the track: read as one of the object it would make edges backwards.
  expect([derived.format, derived.counts]).toEqual(['delimited', [[4, 3, 1, 1, 4, 0, 0, 0]]]);
  const quot = await readFiles({
    'b.csv': table('y,x,I0,bg,y_err,x_err,snr,frame,trajectory', '1,2,9,1,0,0,5,0,1', '2,2,9,1,0,0,5,1,1'),
  });
  expect([quot.format, quot.sets[0]?.provenance.software]).toEqual(['delimited', undefined]);
  const mosaic = await readFiles({ 'c.csv': table('Trajectory,Frame,x,y,z,m0', '1,0,1,2,0,9', '1,1,2,2,0,9') });
  expect([mosaic.format, mosaic.sets[0]?.provenance.software]).toEqual(['mosaic', 'MOSAIC ParticleTracker']);
});

test.each<[string, (text: string) => string | Uint8Array]>([
  ['semicolons and decimal commas', (text) => text.replaceAll(',', ';').replaceAll('.', ',')],
  ['line ends of old Macintosh programs', (text) => text.replaceAll('\n', '\r')],
  [
    'UTF-16 with a byte order mark',
    (text) => new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (c) => c.charCodeAt(0)).buffer),
  ],
  ['a byte order mark', (text) => `\uFEFF${text}`],
])('tables of programs are known in %s', async (_, written) => {
  const manual = table(
    ' ,Track n°,Slice n°,X,Y,Distance,Velocity,Pixel Value',
    ...[1, 2, 3, 4].map((slice) => `${slice},1,${slice},1${slice},20,0.25,0.125,87`),
  );
  const napari = table('ID,t,y,x', ...[0, 1, 2, 3, 4, 5].map((t) => `${t < 3 ? '1.0' : '2.0'},${t}.0,9.5,517.25`));
  const imaris = table(
    '',
    'Position',
    ' ==================== ',
    'Position X,Position Y,Position Z,Unit,Category,Collection,Time,TrackID,ID,',
    ...[1, 2, 3].map((time) => `${time}.5,2.5,3.5,um,Spot,Position,${time},1000000000,${time},`),
  );
  const read = async (text: string) => {
    const { format, counts } = await readFiles({ 'a.csv': written(text) });
    return [format, counts[0]?.slice(0, 2)];
  };
  expect(await read(manual)).toEqual(['manual-tracking', [4, 3]]);
  expect(await read(napari)).toEqual(['napari', [6, 4]]);
  expect(await read(imaris)).toEqual(['imaris-csv', [3, 2]]);
});
