import { type Column, type EntityKind, type TrackSet, countTracks } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { cellText } from './column-reader.ts';
import { bd5Format } from './descriptor.ts';
import { Hdf5File } from './hdf5-reader.ts';
import { type Hdf5GroupNode, writeHdf5 } from '../../containers/hdf5/write-hdf5.ts';
import { bd5Reader } from './read-bd5.ts';
import { bd5Writer } from './write-bd5.ts';

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.h5', size: bytes.length, open: async () => memorySource('a.h5', bytes) };
  return {
    path: 'a.h5',
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'bd5',
    recognition: { score: 1, reason: '' },
  };
}

async function read(bytes: Uint8Array) {
  const { sets, issues } = await readTrackSets(bd5Reader, itemOf(bytes));
  return { sets, issues, codes: issues.map(({ code }) => code) };
}

async function write(sets: readonly TrackSet[]): Promise<Uint8Array> {
  const parts: number[] = [];
  await bd5Writer.write(sets, {
    create: async () => ({
      write: async (bytes) => {
        for (const byte of bytes) parts.push(byte);
      },
      close: async () => undefined,
    }),
  });
  return Uint8Array.from(parts);
}

function setOf(
  frames: readonly number[],
  pairs: readonly (readonly [number, number])[],
  more: Partial<TrackSet['objects']> = {},
): TrackSet {
  const count = frames.length;
  return {
    name: 'nucleus',
    objects: {
      count,
      id: Float64Array.from(frames, (_, i) => i * 10),
      frame: Int32Array.from(frames),
      x: Float64Array.from(frames, (_, i) => i / 3),
      y: Float64Array.from(frames, (_, i) => -i * 1e-7),
      columns: [],
      entity: 'point',
      ...more,
    },
    edges: {
      count: pairs.length,
      source: Uint32Array.from(pairs, ([a]) => a),
      target: Uint32Array.from(pairs, ([, b]) => b),
      columns: [],
    },
    spaceUnit: 'micrometer',
    provenance: {},
  };
}

/** Edges by position, since BD5 numbers objects anew. */
function edgePlaces({ objects, edges }: TrackSet): string[] {
  const place = (row: number) => `${objects.frame[row]} ${objects.x[row]}`;
  return Array.from(
    { length: edges.count },
    (_, i) => `${place(edges.source[i]!)} > ${place(edges.target[i]!)}`,
  ).sort();
}

const acyclicSet = fc.array(fc.nat(12), { minLength: 1, maxLength: 30 }).chain((frames) =>
  fc.array(fc.tuple(fc.nat(frames.length - 1), fc.nat(frames.length - 1)), { maxLength: 50 }).map((pairs) => {
    const forward = pairs.filter(([a, b]) => frames[a]! < frames[b]!);
    return setOf(frames, [...new Map(forward.map((pair) => [pair.join(), pair])).values()]);
  }),
);

describe('writing and reading', () => {
  it('keeps objects, frames and edges of any acyclic graph', async () => {
    await fc.assert(
      fc.asyncProperty(acyclicSet, async (set) => {
        const { sets, issues } = await read(await write([set]));
        expect(issues).toEqual([]);
        expect(countTracks(sets[0]!.objects, sets[0]!.edges)).toEqual(countTracks(set.objects, set.edges));
        expect(edgePlaces(sets[0]!)).toEqual(edgePlaces(set));
        expect(sets[0]!.objects.time).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps times, depth, labels, radii and features with absent values', async () => {
    const columns: Column[] = [
      {
        name: 'source_id',
        type: 'string',
        sourceKey: 'ID',
        values: ['a1', 'b2', 'é-long-identifier-of-more-than-sixteen'],
      },
      { name: 'label', type: 'string', values: ['ABal', '', '核'] },
      { name: 'radius', type: 'float', unit: 'micrometer', values: Float64Array.of(1.5, 2, 2.5) },
      {
        name: 'signal',
        type: 'float',
        unit: 'intensity',
        values: Float64Array.of(7, Number.NaN, 0),
        missing: Uint8Array.of(0, 0, 1),
      },
    ];
    const set = setOf(
      [0, 1, 1],
      [
        [0, 1],
        [0, 2],
      ],
      { entity: 'sphere', columns, z: Float64Array.of(1, 2, 3), time: Float64Array.of(0, 30, 30) },
    );
    set.timeUnit = 'second';
    set.provenance = { pixelSize: { x: 0.25, y: 0.5, z: 2 }, frameInterval: 30 };
    expect(bd5Writer.losses([set])).toEqual([]);
    const [back] = (await read(await write([set]))).sets;
    expect(back!.objects).toMatchObject({
      entity: 'sphere',
      x: set.objects.x,
      z: set.objects.z,
      time: set.objects.time,
    });
    expect(back).toMatchObject({ spaceUnit: 'micrometer', timeUnit: 'second', provenance: set.provenance });
    const [id, label, radius, signal] = back!.objects.columns;
    expect(id!.values).toEqual(columns[0]!.values);
    expect(label!.values).toEqual(['ABal', '', '核']);
    expect(radius!.values).toEqual(columns[2]!.values);
    expect(signal).toMatchObject({ unit: 'intensity', missing: Uint8Array.of(0, 0, 1) });
    expect(signal!.values[1]).toBeNaN();
  });

  it.each(['line', 'face'] as const)('keeps the parts of a %s', async (entity: EntityKind) => {
    const shapes = {
      partOffsets: Uint32Array.of(0, 2, 3),
      vertexOffsets: Uint32Array.of(0, 3, 6, 9),
      xyz: Float64Array.from({ length: 27 }, (_, i) => i * i),
    };
    const set = setOf([0, 1], [[0, 1]], { entity, shapes, z: Float64Array.of(0, 0) });
    const { sets, issues } = await read(await write([set]));
    expect(issues).toEqual([]);
    expect(sets[0]!.objects.entity).toBe(entity);
    expect(sets[0]!.objects.shapes).toEqual(shapes);
  });

  it('writes several sets as kinds of object, converting units', async () => {
    const a = setOf([0, 1], [[0, 1]]);
    const b = { ...setOf([0, 2], [[0, 1]]), name: 'cell', spaceUnit: 'nanometer' as const };
    const { sets } = await read(await write([a, b]));
    expect(sets.map((set) => [set.name, set.objects.count, set.edges.count])).toEqual([
      ['nucleus', 2, 1],
      ['cell', 2, 1],
    ]);
    expect(sets[1]!.objects.x[1]).toBeCloseTo(b.objects.x[1]! / 1000, 15);
  });

  it('says what it cannot hold', () => {
    const set = setOf([0, 1], [[0, 1]], { columns: [{ name: 'note', type: 'string', values: ['a', 'b'] }] });
    set.edges.columns = [{ name: 'cost', type: 'float', values: Float64Array.of(1) }];
    set.sourceTracks = { count: 1, columns: [{ name: 'id', type: 'int', values: Int32Array.of(1) }] };
    const messages = bd5Writer
      .losses([set])
      .filter(({ code }) => code === 'bd5-loss')
      .map(({ message }) => message);
    expect(messages).toEqual(['1 object feature: note; 1 edge feature: cost; 1 track feature: id']);
  });
});

describe('writeHdf5', () => {
  it('makes groups of many members that can be listed and found', async () => {
    const table = { columns: [{ name: 'v', type: { kind: 'int32' as const } }], rows: 0, records: () => [] };
    const names = Array.from({ length: 3000 }, (_, i) => String(i));
    const root: Hdf5GroupNode = {
      members: new Map([['data', { members: new Map(names.map((name) => [name, table])) }]]),
    };
    const parts: number[] = [];
    await writeHdf5(root, async (bytes) => {
      for (const byte of bytes) parts.push(byte);
    });
    const source = memorySource('a.h5', Uint8Array.from(parts));
    const file = await Hdf5File.open(source);
    expect((await file.names('/data'))!.sort()).toEqual([...names].sort());
    for (const name of ['0', '7', '1000', '2999', '999'])
      expect(await file.table(`/data/${name}`)).toMatchObject({ rows: 0 });
    expect(await file.table('/data/3000')).toBeUndefined();
  });
});

describe('bad files', () => {
  it('gives an issue for what is no HDF5 or cut off', async () => {
    expect((await read(new TextEncoder().encode('nothing here'))).codes).toEqual(['hdf5-unreadable']);
    const whole = await write([setOf([0, 1, 2], [[0, 1]])]);
    for (const part of [0.1, 0.5, 0.9]) {
      const { issues } = await read(whole.slice(0, Math.floor(whole.length * part)));
      expect(issues.some(({ severity }) => severity === 'error')).toBe(true);
    }
  });

  it('survives changed bytes', async () => {
    const whole = await write([
      setOf(
        [0, 1, 2, 2],
        [
          [0, 1],
          [1, 2],
          [1, 3],
        ],
        { columns: [{ name: 'f', type: 'float', values: Float64Array.of(1, 2, 3, 4) }] },
      ),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          await read(bytes);
          const entry = itemOf(bytes).files[0]!;
          await bd5Format.recognise!({
            entry,
            head: bytes.slice(0, 65_536),
            text: undefined,
            source: memorySource('a', bytes),
            tree: { name: '', entries: [entry] },
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('cellText', () => {
  it('ends at NUL, at the width, or before blanks', () => {
    const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(cellText(bytes('ab\0c'), false)).toBe('ab');
    expect(cellText(bytes('abcd'), false)).toBe('abcd');
    expect(cellText(bytes('ab  '), true)).toBe('ab');
    expect(cellText(Uint8Array.of(0xc3, 0xa9), false)).toBe('é');
    expect(cellText(Uint8Array.of(0xe9), false)).toBe('é');
  });
});
