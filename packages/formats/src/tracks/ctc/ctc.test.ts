import fc from 'fast-check';
import { countTracks } from '@micrarium/model';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { countList, readFiles } from '../item-for-tests.test-data.ts';
import { randomSet } from '../random-set.test-data.ts';
import { labelChains } from './label-chains.ts';
import { writeLabelTiff } from './label-tiff.ts';
import { ctcWriter } from './writer.ts';

async function mask(rows: readonly string[]): Promise<Uint8Array> {
  const sink = memorySink();
  const file = await sink.create('a');
  const width = rows[0]!.length;
  await writeLabelTiff(file, width, rows.length, Uint16Array.from(rows.join(''), Number));
  await file.close();
  return sink.files.get('a')!;
}

const film = async () => ({
  'RES/res_track.txt': '1 0 1 0\n2 2 2 1\n3 2 2 1\n4 0 2 0\n',
  'RES/mask000.tif': await mask(['1100', '1100', '0004']),
  'RES/mask001.tif': await mask(['0110', '0110', '0400']),
  'RES/mask002.tif': await mask(['2003', '2003', '5000']),
});

test('objects are labels in frames, edges follow labels and parents, misfits are found', async () => {
  const files = await film();
  for (const asked of ['RES', 'RES/res_track.txt', 'RES/mask001.tif']) {
    const { format, sets, codes, counts } = await readFiles(files, asked);
    expect(format).toBe('ctc');
    expect(counts).toEqual([[7, 4, 4, 2, 3, 1, 0, 0]]);
    const { x, y, columns } = sets[0]!.objects;
    expect([...x]).toEqual([0.5, 3, 1.5, 1, 0, 3, 0]);
    expect([...y]).toEqual([0.5, 2, 0.5, 2, 0.5, 0.5, 2]);
    expect([...(columns.find(({ name }) => name === 'area')!.values as Int32Array)]).toEqual([4, 1, 4, 1, 2, 2, 1]);
    expect(sets[0]!.name).toBe('RES');
    expect(codes.sort()).toEqual(['label-without-mask', 'mask-without-label', 'pixel-units-only']);
  }
});

test('a table alone gives lineages; absurd spans and broken lines are findings', async () => {
  const { counts, codes } = await readFiles({
    'res_track.txt': '1 0 3 0\n2 5 6 1\n3 4 4 2\n4 0 999999999 0\n5 0 1 9\n',
  });
  expect(counts).toEqual([[9, 6, 2, 2, 7, 0, 0, 1]]);
  expect(codes).toEqual(expect.arrayContaining(['label-images-missing', 'parent-not-before', 'track-table-too-long']));
});

test('a damaged label image leaves its frame empty', async () => {
  const files = await film();
  files['RES/mask001.tif'] = files['RES/mask001.tif'].slice(0, 40);
  const { codes, counts } = await readFiles(files, 'RES');
  expect(codes).toContain('label-image-unreadable');
  expect(counts[0]!.slice(0, 2)).toEqual([5, 2]);
});

test('what is written comes back: every object, every edge but those into merges', async () => {
  await fc.assert(
    fc.asyncProperty(randomSet, async (made) => {
      const objects = { ...made.objects };
      for (const axis of ['x', 'y', 'z'] as const)
        if (objects[axis]) objects[axis] = objects[axis]!.map((value, row) => (Math.abs(value) < 50 ? value : row % 3));
      const set = { ...made, objects };
      fc.pre(set.objects.count > 0);
      const sink = memorySink();
      const losses = ctcWriter.losses([set]);
      await ctcWriter.write([set], sink);
      const { counts } = await readFiles(Object.fromEntries(sink.files), '');
      const { lostEdges } = labelChains(set);
      expect(losses.some(({ code }) => code === 'ctc-merges-lost')).toBe(lostEdges > 0);
      expect(counts[0]!.slice(0, 2)).toEqual([set.objects.count, set.edges.count - lostEdges]);
      if (lostEdges === 0) expect(counts[0]).toEqual(countList(countTracks(set.objects, set.edges)));
    }),
    { numRuns: 60 },
  );
});
