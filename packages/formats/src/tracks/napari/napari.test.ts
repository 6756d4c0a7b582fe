import { type TrackSet, countTracks } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { countList, readFiles } from '../item-for-tests.test-data.ts';
import { randomSet } from '../random-set.test-data.ts';
import { napariWriter } from './writer.ts';

const edgesOf = ({ objects, edges }: TrackSet, row: (row: number) => number) =>
  Array.from(edges.source, (from, i) => `${row(from)} ${row(edges.target[i]!)} ${objects.frame[from]}`).sort();

test('splits, merges, gaps and single objects come back from table and graph', async () => {
  await fc.assert(
    fc.asyncProperty(randomSet, async (made) => {
      fc.pre(made.objects.count > 0);
      // Places that are numbers: text of anything else is the business of the table reader.
      const place = (axis: Float64Array) => axis.map((value, row) => (Number.isFinite(value) ? value + 0 : row));
      const { z, ...flat } = made.objects;
      const objects = { ...flat, columns: [], x: place(flat.x), y: place(flat.y), ...(z ? { z: place(z) } : {}) };
      const set: TrackSet = { ...made, objects };
      const sink = memorySink();
      await napariWriter.write([set], sink);
      const { format, sets, counts } = await readFiles(Object.fromEntries(sink.files), 'tracks.csv');
      expect(format).toBe('napari');
      expect(counts).toEqual([countList(countTracks(set.objects, set.edges))]);
      const [back] = sets;
      expect([...back!.objects.x]).toEqual([...set.objects.x]);
      expect(edgesOf(back!, (row) => row)).toEqual(edgesOf(set, (row) => row));
    }),
    { numRuns: 80 },
  );
});

test('features are columns, and what is left out is said', async () => {
  const set: TrackSet = {
    name: 'a',
    spaceUnit: 'micrometer',
    provenance: { software: 'x' },
    objects: {
      count: 2,
      entity: 'point',
      id: Float64Array.of(4, 5),
      frame: Int32Array.of(0, 2),
      x: Float64Array.of(1.5, 2.5),
      y: Float64Array.of(3, 4),
      columns: [{ name: 'mean', type: 'float', unit: 'photon', values: Float64Array.of(0.1, 7.5) }],
    },
    edges: { count: 1, source: Uint32Array.of(0), target: Uint32Array.of(1), columns: [] },
  };
  const sink = memorySink();
  await napariWriter.write([set], sink);
  expect(new TextDecoder().decode(sink.files.get('tracks.csv'))).toBe(
    'track_id,t,y,x,mean\n1,0,3,1.5,0.1\n1,2,4,2.5,7.5\n',
  );
  expect([...sink.files.keys()]).toEqual(['tracks.csv']);
  expect(napariWriter.losses([set]).map(({ code }) => code)).toEqual([
    'napari-ids-lost',
    'napari-column-meanings-lost',
    'napari-scale-lost',
    'napari-provenance-lost',
  ]);
});
