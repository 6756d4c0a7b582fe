import { type Column, type TrackSet, countTracks } from '@micrarium/model';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { checkPair, writtenAndRead } from '../loss/pair-check.test-data.ts';
import { btrackStoreWriter } from './writer.ts';

/** A cell that divides in three after frame 1, one with a dummy in frame 1, one whose gap nothing fills, one alone. */
function cells(changes: { columns?: Column[]; tracks?: TrackSet['sourceTracks'] } = {}): TrackSet {
  const rows = [
    [0, 10, 20],
    [0, 50, 60],
    [0, 90, 90],
    [1, 11, 21],
    [1, 52, 62],
    [2, 8, 20],
    [2, 14, 22],
    [2, 54, 64.1],
    [2, 16, 24],
    [0, 70, 70],
    [2, 71, 70],
  ];
  const edges = [
    [0, 3],
    [3, 5],
    [3, 6],
    [3, 8],
    [1, 4],
    [4, 7],
    [9, 10],
  ];
  return {
    name: 'cells',
    spaceUnit: 'micrometer',
    provenance: { software: 'btrack', softwareVersion: '0.6.5' },
    objects: {
      count: rows.length,
      id: Float64Array.from(rows, (_, row) => 100 + row),
      frame: Int32Array.from(rows, ([t]) => t!),
      x: Float64Array.from(rows, ([, x]) => x!),
      y: Float64Array.from(rows, ([, , y]) => y!),
      columns: changes.columns ?? [
        { name: 'dummy', type: 'bool', values: Uint8Array.from(rows, (_, row) => (row === 4 ? 1 : 0)) },
        { name: 'label', type: 'int', values: Int32Array.from(rows, (_, row) => row % 3) },
        { name: 'label_score_1', type: 'float', values: Float64Array.from(rows, (_, row) => row / 8) },
        { name: 'area', type: 'int', values: Int32Array.from(rows, (_, row) => 2 ** 24 + row) },
        { name: 'x', type: 'float', values: Float64Array.from(rows, (_, row) => row + 0.1) },
        { name: 'a/b', type: 'bool', values: Uint8Array.from(rows, (_, row) => row % 2) },
        { name: 'note', type: 'string', values: rows.map(() => 'seen') },
      ],
      entity: 'point',
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ([from]) => from!),
      target: Uint32Array.from(edges, ([, to]) => to!),
      columns: [],
    },
    ...(changes.tracks ? { sourceTracks: changes.tracks } : {}),
  };
}

const ints = (name: string, values: number[], missing?: number[]): Column => ({
  name,
  type: 'int',
  values: Int32Array.from(values),
  ...(missing ? { missing: Uint8Array.from(missing) } : {}),
});

test('objects, dummies, states and properties come back; what does not is said', async () => {
  expect(await checkPair(btrackStoreWriter, [cells()], 'out.h5')).toEqual([]);
  const { sets, formats } = await writtenAndRead(btrackStoreWriter, [cells()], 'out.h5');
  expect(formats).toEqual(['btrack']);
  const set = sets[0]!;
  expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 11, edges: 6, splits: 1, gaps: 1 });
  expect(set.objects.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'source_track_id int',
    'dummy bool',
    'label int',
    'label_score_1 float',
    'a_b int',
    'area int',
    'feature_x float',
  ]);
  expect([...set.objects.frame]).toEqual([0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 1]);
  expect(set.provenance).toEqual({ software: 'btrack', softwareVersion: '0.6.5' });
  const said = btrackStoreWriter.losses([cells()]).map(({ code, message }) => `${code}: ${message}`);
  expect(said.join('\n')).toMatch(/loss-of-edges: 1 edge/);
  expect(said.join('\n')).toMatch(/1 object feature: note/);
  expect(said.join('\n')).toMatch(/loss-of-units: the unit of positions: micrometer/);
});

test('labels, order and fates of tracks are those of the set', async () => {
  const own = [9, 4, 0, 9, 4, 1, 2, 4, 3, 8, 8];
  const missing = own.map((label) => (label === 0 ? 1 : 0));
  const tracks = {
    count: 6,
    columns: [
      ints('source_track_id', [4, 9, 8, 3, 2, 1]),
      ints('parent', [4, 9, 8, 3, 9, 9]),
      ints('generation', [0, 0, 0, 0, 1, 1]),
      ints('fate', [5, 4, 1, 2, 2, 12_345]),
    ],
  };
  const set = cells({ columns: [ints('source_track_id', own, missing)], tracks });
  expect(await checkPair(btrackStoreWriter, [set], 'out.h5')).toEqual([]);
  const { sets } = await writtenAndRead(btrackStoreWriter, [set], 'out.h5');
  const back = Object.fromEntries(sets[0]!.sourceTracks!.columns.map(({ name, values }) => [name, [...values]]));
  expect(back).toMatchObject({
    source_track_id: [4, 9, 8, 3, 2, 1],
    parent: [4, 9, 8, 3, 9, 9],
    generation: [0, 0, 0, 0, 1, 1],
    // btrack knows no fate 12345 and would not open the file.
    fate: [5, 4, 1, 2, 2, 999],
  });
  // A label of a whole tree names no track without branches: it is kept beside them.
  const ofTrees = cells({ columns: [ints('source_track_id', [1, 2, 3, 1, 2, 1, 1, 2, 1, 4, 4])] });
  expect(await checkPair(btrackStoreWriter, [ofTrees], 'out.h5')).toEqual([]);
  const again = await writtenAndRead(btrackStoreWriter, [ofTrees], 'out.h5');
  expect(again.sets[0]!.objects.columns.map(({ name }) => name)).toEqual([
    'source_track_id',
    'feature_source_track_id',
  ]);
});

test('single precision where it is enough, and no map of a film without end', async () => {
  const kindOf = async (set: TrackSet, path: string) => {
    const { files } = await writtenAndRead(btrackStoreWriter, [set], 'out.h5');
    const file = await openHdf5(memorySource('out.h5', files.get('out.h5')!));
    return (await (await file.node(path))?.dataset())?.type.size;
  };
  const set = cells();
  expect(await kindOf(set, '/objects/obj_type_1/coords')).toBe(8);
  expect(await kindOf(set, '/tracks/obj_type_1/dummies')).toBe(4);
  expect(await kindOf(set, '/objects/obj_type_1/map')).toBe(4);
  set.objects.frame[10] = 2 ** 31 - 1;
  expect(await kindOf(set, '/objects/obj_type_1/map')).toBeUndefined();
  expect(await checkPair(btrackStoreWriter, [set], 'out.h5')).toEqual([]);
});

test('whole numbers of 64 bits, negative ones too', async () => {
  const wide = Float64Array.from({ length: 11 }, (_, row) => (row % 2 ? 1 : -1) * (2 ** 31 + row));
  const set = cells({ columns: [{ name: 'code', type: 'int', values: wide }] });
  expect(await checkPair(btrackStoreWriter, [set], 'out.h5')).toEqual([]);
  expect(btrackStoreWriter.losses([set]).some(({ message }) => message.includes('value'))).toBe(false);
});

test('more kinds than nine stay in their order', async () => {
  const sets = Array.from({ length: 11 }, (_, i) =>
    cells({
      columns: [
        ints(
          'area',
          Array.from({ length: 11 }, () => i),
        ),
      ],
    }),
  );
  expect(await checkPair(btrackStoreWriter, sets, 'out.h5')).toEqual([]);
});
