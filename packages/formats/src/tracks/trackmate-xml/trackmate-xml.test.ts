import { type Column, type TrackSet, columnValue, countTracks } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { countList, readFiles } from '../item-for-tests.test-data.ts';
import { randomSet } from '../random-set.test-data.ts';
import { attributeText } from './features.ts';
import { trackmateWriter } from './writer.ts';

async function written(set: TrackSet): Promise<Uint8Array> {
  const sink = memorySink();
  await trackmateWriter.write([set], sink);
  return sink.files.get('')!;
}

async function roundTrip(set: TrackSet): Promise<TrackSet> {
  const { sets, issues } = await readFiles({ 'a.xml': await written(set) });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return sets[0]!;
}

const codes = (set: TrackSet) => trackmateWriter.losses([set]).map(({ code }) => code);

/** Values of a column by the id of its object. */
function byId(set: TrackSet, values: (row: number) => unknown): Map<number, unknown> {
  return new Map(Array.from(set.objects.id, (id, row) => [id, values(row)]));
}

const named = (columns: readonly Column[], name: string) => columns.find((column) => column.name === name);

test('a set without any loss but notes comes back: graph, positions, values, gaps, outlines', async () => {
  await fc.assert(
    fc.asyncProperty(randomSet, async (made) => {
      const ids = Float64Array.from(made.objects.id, (_, row) => row * 7);
      const set: TrackSet = { ...made, objects: { ...made.objects, id: ids } };
      fc.pre(set.objects.count > 0);
      const back = await roundTrip(set);
      expect(countList(countTracks(back.objects, back.edges))).toEqual(countList(countTracks(set.objects, set.edges)));
      const pairs = ({ objects, edges }: TrackSet) =>
        Array.from(edges.source, (from, i) => `${objects.id[from]} ${objects.id[edges.target[i]!]}`).sort();
      expect(pairs(back)).toEqual(pairs(set));
      expect(byId(back, (row) => [back.objects.frame[row], back.objects.x[row], back.objects.y[row]])).toEqual(
        byId(set, (row) => [set.objects.frame[row], plainZero(set.objects.x[row]!), plainZero(set.objects.y[row]!)]),
      );
      if (set.objects.time)
        expect(byId(back, (row) => back.objects.time![row])).toEqual(
          byId(set, (row) => plainZero(set.objects.time![row]!)),
        );
      if (codes(set).some((code) => code === 'trackmate-names-changed' || code === 'trackmate-characters-lost')) return;
      for (const column of set.objects.columns) {
        const again = named(back.objects.columns, column.name);
        const isEmpty = column.missing?.every((one) => one === 1) ?? false;
        if (!isEmpty) expect([column.name, again !== undefined]).toEqual([column.name, true]);
        if (!again) continue;
        expect(byId(back, (row) => columnValue(again, row))).toEqual(
          byId(set, (row) => {
            const value = columnValue(column, row);
            return typeof value === 'boolean' && again.type !== 'bool'
              ? Number(value)
              : typeof value === 'number'
                ? plainZero(value)
                : value;
          }),
        );
      }
    }),
    { numRuns: 60 },
  );
});

/** Text has no negative zero. */
const plainZero = (value: number) => (Object.is(value, -0) ? 0 : value);

test('units, outlines, track names, features and visibility survive', async () => {
  const set: TrackSet = {
    name: 'a',
    spaceUnit: 'micrometer',
    sourceSpaceUnit: 'micron',
    timeUnit: 'second',
    sourceTimeUnit: 'sec',
    sourceFrameBase: 0,
    provenance: {
      software: 'TrackMate',
      softwareVersion: '7.9.2',
      imageName: 'f.tif',
      settings: '<Settings><ImageData filename="f.tif" /><Detector a="1 &lt; 2"/></Settings>',
    },
    objects: {
      count: 3,
      entity: 'point',
      id: Float64Array.of(5, 9, 12),
      frame: Int32Array.of(0, 1, 1),
      time: Float64Array.of(0, 2.5, 2.5),
      x: Float64Array.of(1.5, 2.5, 3.5),
      y: Float64Array.of(4, 5, 6),
      columns: [
        {
          name: 'radius',
          type: 'float',
          unit: 'micrometer',
          description: 'Radius',
          sourceKey: 'RADIUS',
          values: Float64Array.of(1, 2, 3),
        },
        {
          name: 'quality',
          type: 'float',
          description: 'Quality',
          sourceKey: 'QUALITY',
          values: Float64Array.of(1, Number.NaN, 3),
          missing: Uint8Array.of(0, 0, 1),
        },
        {
          name: 'visible',
          type: 'bool',
          description: 'Not hidden by a filter',
          sourceKey: 'VISIBILITY',
          values: Uint8Array.of(1, 0, 1),
        },
        { name: 'name', type: 'string', sourceKey: 'name', values: ['12', '13 <&"\n>', ''] },
        {
          name: 'area',
          type: 'float',
          unit: 'micrometer^2',
          description: 'Area',
          sourceKey: 'AREA',
          values: Float64Array.of(1, 2, 3),
        },
      ],
      shapes: {
        partOffsets: Uint32Array.of(0, 1, 1, 2),
        vertexOffsets: Uint32Array.of(0, 3, 6),
        xyz: Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 3, 3, 0, 4, 3, 0, 4, 4, 0),
      },
    },
    edges: {
      count: 2,
      source: Uint32Array.of(0, 0),
      target: Uint32Array.of(1, 2),
      columns: [
        {
          name: 'source_track_id',
          type: 'int',
          description: 'Track of the source file',
          sourceKey: 'TRACK_ID',
          values: Int32Array.of(3, 3),
        },
        {
          name: 'speed',
          type: 'float',
          unit: 'micrometer/second',
          description: 'Speed',
          sourceKey: 'SPEED',
          values: Float64Array.of(1, 2),
        },
      ],
    },
    sourceTracks: {
      count: 2,
      columns: [
        { name: 'source_track_id', type: 'int', sourceKey: 'TRACK_ID', values: Int32Array.of(3, 4) },
        { name: 'name', type: 'string', sourceKey: 'name', values: ['Mother', '細胞'] },
        {
          name: 'track_duration',
          type: 'float',
          unit: 'second',
          description: 'Duration',
          sourceKey: 'TRACK_DURATION',
          values: Float64Array.of(2.5, 0),
        },
        { name: 'visible', type: 'bool', description: 'Not hidden by a filter', values: Uint8Array.of(1, 0) },
      ],
    },
  };
  expect(trackmateWriter.losses([set])).toEqual([]);
  const back = await roundTrip(set);
  expect([back.spaceUnit, back.sourceSpaceUnit, back.timeUnit, back.sourceTimeUnit]).toEqual([
    'micrometer',
    'micron',
    'second',
    'sec',
  ]);
  expect(back.provenance.settings).toBe(set.provenance.settings);
  expect(back.provenance.softwareVersion).toBe('7.9.2');
  const shown = (column: Column) => ({
    unit: column.unit,
    type: column.type,
    values: Array.from({ length: column.values.length }, (_, row) => columnValue(column, row)),
  });
  for (const [before, after] of [
    [set.objects.columns, back.objects.columns],
    [set.edges.columns, back.edges.columns],
    [set.sourceTracks!.columns, back.sourceTracks!.columns],
  ] as const)
    for (const column of before)
      expect([column.name, shown(named(after, column.name)!)]).toEqual([column.name, shown(column)]);
  expect(back.objects.shapes!.partOffsets).toEqual(set.objects.shapes!.partOffsets);
  for (const [i, value] of set.objects.shapes!.xyz.entries())
    expect(back.objects.shapes!.xyz[i]).toBeCloseTo(value, 12);
});

test('what cannot be held is said', () => {
  const objects: TrackSet['objects'] = {
    count: 1,
    entity: 'sphere',
    id: Float64Array.of(2 ** 40),
    frame: Int32Array.of(0),
    x: Float64Array.of(0),
    y: Float64Array.of(0),
    z: Float64Array.of(0),
    columns: [
      { name: 'mean intensity', type: 'float', unit: 'photon', values: Float64Array.of(1) },
      { name: 'dividing', type: 'bool', values: Uint8Array.of(1) },
      { name: 'note', type: 'string', values: ['a\u0001'] },
    ],
    shapes: { partOffsets: Uint32Array.of(0, 2), vertexOffsets: Uint32Array.of(0, 1, 2), xyz: new Float64Array(6) },
  };
  const set: TrackSet = {
    name: 'a',
    provenance: { software: 'other', settings: '{}' },
    objects,
    edges: { count: 0, source: new Uint32Array(0), target: new Uint32Array(0), columns: [] },
    sourceTracks: { count: 1, columns: [{ name: 'mood', type: 'string', values: ['good'] }] },
  };
  expect(
    trackmateWriter
      .losses([set, set])
      .map(({ code }) => code)
      .sort(),
  ).toEqual([
    'trackmate-characters-lost',
    'trackmate-flat-z',
    'trackmate-ids-renumbered',
    'trackmate-names-changed',
    'trackmate-one-set-only',
    'trackmate-outlines-lost',
    'trackmate-provenance-lost',
    'trackmate-track-features-lost',
    'trackmate-types-changed',
    'trackmate-units-lost',
  ]);
  expect(attributeText('a\u0001<\ud800é😀')).toBe('a\ufffd&lt;\ufffdé😀');
});
