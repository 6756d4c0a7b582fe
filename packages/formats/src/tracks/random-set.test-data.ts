import type { Column, ColumnType, TrackSet } from '@micrarium/model';
import fc from 'fast-check';

const names = fc.constantFrom('radius', 'x', 'frame', 'Link_id', 'mean intensity', 'label', 'gap', 'é', 'object_id');
const unit = fc.constantFrom('micrometer', 'second', 'micrometer/second', undefined);
const number = fc.oneof(fc.double(), fc.constantFrom(0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -0.1));

function values(type: ColumnType, count: number): fc.Arbitrary<Column['values']> {
  const size = { minLength: count, maxLength: count };
  switch (type) {
    case 'float':
      return fc.array(number, size).map((all) => Float64Array.from(all));
    case 'int':
      return fc.oneof(
        fc.array(fc.integer(), size).map((all) => Int32Array.from(all)),
        fc.array(fc.maxSafeInteger(), size).map((all) => Float64Array.from(all)),
      );
    case 'bool':
      return fc.array(fc.nat({ max: 1 }), size).map((all) => Uint8Array.from(all));
    case 'string':
      return fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('=1+1', 'a,"b"', '\n')), size);
  }
}

const column = (count: number): fc.Arbitrary<Column> =>
  fc
    .record({ type: fc.constantFrom<ColumnType>('float', 'int', 'bool', 'string'), gaps: fc.boolean() })
    .chain(({ type, gaps }) =>
      fc
        .record({
          name: names,
          unit,
          values: values(type, count),
          missing: fc.array(fc.nat({ max: 1 }), { minLength: count, maxLength: count }),
        })
        .map(({ name, unit, values, missing }) => ({
          name,
          type,
          ...(unit === undefined ? {} : { unit }),
          sourceKey: name.toUpperCase(),
          values,
          ...(gaps ? { missing: Uint8Array.from(missing) } : {}),
        })),
    );

const columns = (count: number) =>
  fc.uniqueArray(column(count), { maxLength: 4, selector: ({ name }) => name.toLowerCase() });

const shapes = (count: number) =>
  fc
    .array(
      fc.array(fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), { maxLength: 4 }), {
        maxLength: 3,
      }),
      {
        minLength: count,
        maxLength: count,
      },
    )
    .map((objects) => {
      const partOffsets = [0];
      const vertexOffsets = [0];
      const xyz: number[] = [];
      for (const parts of objects) {
        for (const part of parts) {
          for (const [x, y] of part) xyz.push(x, y, 0);
          vertexOffsets.push(xyz.length / 3);
        }
        partOffsets.push(vertexOffsets.length - 1);
      }
      return {
        partOffsets: Uint32Array.from(partOffsets),
        vertexOffsets: Uint32Array.from(vertexOffsets),
        xyz: Float64Array.from(xyz),
      };
    });

/** Random sets, for tests that write and read: any graph that runs forward, any columns, gaps, NaN, outlines. */
export const randomSet: fc.Arbitrary<TrackSet> = fc
  .record({
    ids: fc.uniqueArray(fc.integer({ min: -5, max: 2 ** 40 }), { maxLength: 12 }),
    hasZ: fc.boolean(),
    hasTime: fc.boolean(),
    withShapes: fc.boolean(),
    withTracks: fc.boolean(),
    joins: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 14 }),
    name: fc.string(),
  })
  .chain(({ ids, hasZ, hasTime, withShapes, withTracks, joins, name }) => {
    const count = ids.length;
    const frame = Int32Array.from(ids, (_, row) => row >> 1);
    const pairs = new Map<string, [number, number]>();
    for (const [a, b] of count === 0 ? [] : joins) {
      const [from, to] = [Math.min(a % count, b % count), Math.max(a % count, b % count)];
      if (frame[from] !== frame[to]) pairs.set(`${from} ${to}`, [from, to]);
    }
    const edges = [...pairs.values()];
    const axis = fc.array(number, { minLength: count, maxLength: count }).map((all) => Float64Array.from(all));
    return fc
      .record({
        x: axis,
        y: axis,
        z: axis,
        time: axis,
        columns: columns(count),
        edgeColumns: columns(edges.length),
        trackColumns: columns(3),
        shapes: shapes(count),
      })
      .map(
        (made): TrackSet => ({
          name,
          spaceUnit: 'micrometer',
          sourceSpaceUnit: 'micron',
          provenance: { software: 'test', imageSizes: { x: 3 } },
          objects: {
            count,
            id: Float64Array.from(ids),
            frame,
            ...(hasTime ? { time: made.time } : {}),
            x: made.x,
            y: made.y,
            ...(hasZ ? { z: made.z } : {}),
            columns: made.columns,
            ...(withShapes ? { shapes: made.shapes } : {}),
            entity: 'point',
          },
          edges: {
            count: edges.length,
            source: Uint32Array.from(edges, ([from]) => from),
            target: Uint32Array.from(edges, ([, to]) => to),
            columns: made.edgeColumns,
          },
          ...(withTracks ? { sourceTracks: { count: 3, columns: made.trackColumns } } : {}),
        }),
      );
  });
