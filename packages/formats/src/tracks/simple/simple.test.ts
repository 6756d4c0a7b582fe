import { zipWriter } from '../../containers/zip/write-zip.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { readFiles } from '../item-for-tests.test-data.ts';

test('MTrackJ: track numbers start anew in each cluster, points go by frame, indices count from 1', async () => {
  const text = [
    'MTrackJ 1.5.1 Data File',
    'Displaying true',
    'Assembly 1 FF0000',
    'Cluster 1 FF0000',
    'Track 1 FF0000 true',
    'Point 3 5.5 6.5 2.0 2.0 1.0 extra',
    'Point 1 4.5 6.5 1.0 1.0 1.0',
    'Point 4 9.0 9.0 1.0 4.0 1.0',
    'Cluster 2 FF0000',
    'Track 1 FF0000 true',
    'Point 1 1.0 1.0 1.0 1.0 1.0',
    'Point 2 1.0 1.0 1.0 1.0 1.0',
    'Point 3 1.0 1.0 1.0 2.0 1.0',
    'Unknown line',
    'End of MTrackJ Data File',
    '',
  ].join('\n');
  const { sets, counts, codes, version } = await readFiles({ 'a.mdf': text });
  expect(version).toBe('1.5.1');
  expect(counts).toEqual([[6, 2, 1, 1, 3, 0, 0, 1]]);
  expect([...sets[0]!.objects.frame]).toEqual([1, 0, 3, 0, 0, 1]);
  expect([...sets[0]!.objects.z!]).toEqual([1, 0, 0, 0, 0, 0]);
  expect(codes).toContain('duplicate-frame-in-track');
  const cut = await readFiles({ 'a.mdf': text.slice(0, 150) });
  expect(cut.codes).toContain('track-file-damaged');
});

test('ImmuneMap: points of each track, features of the tracks', async () => {
  const tracks = [
    { id: 2, label: 'a', cellTypeName: 'T', points: [[0, 1, 2, 3], [2, 3, 4, 5], 'x'] },
    { id: 7, label: 'b', points: [[1, 1, 1, 0]] },
  ];
  const { sets, counts, codes } = await readFiles({ 'a.json': JSON.stringify(tracks) });
  expect(counts).toEqual([[3, 1, 1, 1, 3, 0, 0, 1]]);
  expect(sets[0]!.sourceTracks!.columns.map(({ name, values }) => [name, [...values]])).toEqual([
    ['source_track_id', [2, 7]],
    ['label', ['a', 'b']],
    ['cellTypeName', ['T', '']],
  ]);
  expect(codes).toEqual(expect.arrayContaining(['track-file-damaged', 'no-units']));
  const half = JSON.stringify(tracks).slice(0, -5);
  expect((await readFiles({ 'a.json': half })).codes).toEqual(['track-file-damaged']);
});

/** A Mastodon model: blocks of a Java object stream, cut anywhere. */
function mastodonModel(spots: readonly number[][], links: readonly number[][], blockBytes: number): Uint8Array {
  const payload = new Uint8Array(8 + spots.length * 84 + links.length * 16);
  const view = new DataView(payload.buffer);
  view.setInt32(0, spots.length);
  for (const [i, [x, y, z, t]] of spots.entries()) {
    const at = 4 + i * 84;
    for (const [n, value] of [x, y, z].entries()) view.setFloat64(at + n * 8, value!, true);
    view.setInt32(at + 24, t!, true);
    view.setFloat64(at + 76, 4, true);
  }
  const from = 4 + spots.length * 84;
  view.setInt32(from, links.length);
  for (const [i, link] of links.entries())
    for (const [n, value] of [...link, 0, 0].entries()) view.setInt32(from + 4 + i * 16 + n * 4, value);
  const bytes = [0xac, 0xed, 0, 5];
  for (let at = 0; at < payload.length; at += blockBytes) {
    const block = payload.subarray(at, at + blockBytes);
    bytes.push(
      ...(block.length < 256 ? [0x77, block.length] : [0x7a, 0, 0, block.length >> 8, block.length & 255]),
      ...block,
    );
  }
  return Uint8Array.from([...bytes, 0x75, 1, 2, 3]);
}

const project = '<MamutProject version="0.2"><SpaceUnits>µm</SpaceUnits><TimeUnits>min</TimeUnits></MamutProject>';
const spots = [
  [1, 2, 3, 0],
  [2, 3, 4, 1],
  [3, 4, 5, 1],
  [4, 5, 6, 3],
];
const model = mastodonModel(
  spots,
  [
    [0, 1],
    [0, 2],
    [2, 3],
  ],
  300,
);

test('Mastodon: spots and links of a zip or a folder, with units', async () => {
  const sink = memorySink();
  const out = await sink.create('a.mastodon');
  const zip = zipWriter(out);
  await zip.add('project.xml', [new TextEncoder().encode(project)]);
  await zip.add('model.raw', [model]);
  await zip.finish();
  await out.close();
  for (const files of [Object.fromEntries(sink.files), { 'p/project.xml': project, 'p/model.raw': model }]) {
    const { format, sets, counts } = await readFiles(files);
    expect(format).toBe('mastodon');
    expect(counts).toEqual([[4, 3, 2, 1, 3, 1, 0, 1]]);
    expect([sets[0]!.spaceUnit, sets[0]!.timeUnit]).toEqual(['micrometer', 'minute']);
    expect([...sets[0]!.objects.z!]).toEqual([3, 4, 5, 6]);
    expect(sets[0]!.objects.columns.find(({ name }) => name === 'bounding_radius')!.values[0]).toBe(2);
  }
});

test('damaged Mastodon models give findings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: model.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const bytes = cut ? model.slice(0, at) : model.slice();
      if (!cut) bytes[at] = byte;
      const { codes, sets } = await readFiles({ 'p/project.xml': project, 'p/model.raw': bytes });
      if (cut && at < model.length - 4) expect(codes).toContain('track-file-damaged');
      expect(sets.length).toBeLessThan(2);
    }),
    { numRuns: 200 },
  );
});
