import type { TrackSet } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { checkPair, writtenAndRead } from '../tracks/loss/pair-check.test-data.ts';
import { bd5Writer } from './bd5/write-bd5.ts';
import { bdmlWriterFor } from './bdml/write-bdml.ts';

/** Three spots, of which the second has no outline and the third two parts, one of them closed already. */
const spots: TrackSet = {
  name: 'spots',
  spaceUnit: 'micrometer',
  sourceSpaceUnit: 'micrometer',
  timeUnit: 'second',
  sourceTimeUnit: 'second',
  sourceFrameBase: 0,
  objects: {
    count: 3,
    id: Float64Array.of(7, 8, 9),
    frame: Int32Array.of(0, 0, 1),
    time: Float64Array.of(0, 0, 2),
    x: Float64Array.of(1, 5, 9),
    y: Float64Array.of(1, 5, 9),
    z: Float64Array.of(0, 1, 2),
    entity: 'sphere',
    columns: [
      { name: 'source_id', type: 'string', sourceKey: 'ID', values: ['a', 'b', 'c'] },
      { name: 'label', type: 'string', sourceKey: 'componentName', values: ['one', 'two', 'three'] },
      { name: 'radius', type: 'float', unit: 'micrometer', values: Float64Array.of(1, 2, 3) },
      { name: 'signal', type: 'float', values: Float64Array.of(4, 5, 6) },
    ],
    shapes: {
      partOffsets: Uint32Array.of(0, 1, 1, 3),
      vertexOffsets: Uint32Array.of(0, 3, 7, 10),
      xyz: Float64Array.of(0, 0, 0, 2, 0, 0, 1, 2, 0, 8, 8, 2, 9, 8, 2, 9, 9, 2, 8, 8, 2, 8, 9, 2, 9, 10, 2, 10, 9, 2),
    },
  },
  edges: { count: 1, source: Uint32Array.of(0), target: Uint32Array.of(2), columns: [] },
  provenance: { pixelSize: { x: 1, y: 1, z: 1 }, frameInterval: 2 },
};
const forms = [
  { title: 'BD5', writer: bd5Writer, path: 'out.bd5.h5' },
  { title: 'BDML', writer: bdmlWriterFor('0.18'), path: 'out.bdml.xml' },
];

describe.each(forms)('outlines of spots in $title', ({ writer, path }) => {
  it('come back with the spots they belong to, vertex by vertex', async () => {
    expect(writer.losses([spots]).map(({ message }) => message)).not.toContainEqual(expect.stringContaining('utline'));
    expect(await checkPair(writer, [spots], path)).toEqual([]);
    const { sets } = await writtenAndRead(writer, [spots], path);
    expect(sets).toHaveLength(1);
    const { objects } = sets[0]!;
    const ids = objects.columns[0]!.values as string[];
    const outlines = new Map(
      ids.map((id, row) => {
        const { partOffsets, vertexOffsets, xyz } = objects.shapes!;
        const [first, end] = [vertexOffsets[partOffsets[row]!]!, vertexOffsets[partOffsets[row + 1]!]!];
        return [id, Array.from(xyz.subarray(first * 3, end * 3))];
      }),
    );
    expect(outlines.get('a')).toEqual([0, 0, 0, 2, 0, 0, 1, 2, 0]);
    expect(outlines.get('b')).toEqual([]);
    expect(outlines.get('c')).toEqual(Array.from(spots.objects.shapes!.xyz.subarray(9)));
    expect(objects.entity).toBe('sphere');
  });

  it('stand in the file as closed lines of the same ids, and alone where their spot is missing', async () => {
    const lines: TrackSet = {
      ...spots,
      name: 'spots outline',
      objects: {
        ...spots.objects,
        entity: 'line',
        columns: spots.objects.columns.slice(0, 1),
        shapes: { ...spots.objects.shapes!, partOffsets: Uint32Array.of(0, 1, 2, 3) },
      },
    };
    const { shapes: _, ...bare } = spots.objects;
    const first: TrackSet = {
      ...spots,
      objects: {
        ...bare,
        count: 1,
        columns: bare.columns.map((column) => ({ ...column, values: column.values.slice(0, 1) })),
      },
      edges: { count: 0, source: new Uint32Array(0), target: new Uint32Array(0), columns: [] },
    };
    const { sets } = await writtenAndRead(writer, [lines, first], path);
    expect(sets.map(({ name, objects }) => [name, objects.count, objects.shapes !== undefined])).toEqual([
      ['spots', 1, true],
      ['spots outline', 2, true],
    ]);
  });
});
