import { type Column, type TrackSet, countTracks } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../../bytes/file-tree.ts';
import { sha256Hex } from '../../bytes/sha256.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../collect.ts';
import { readFiles } from '../item-for-tests.test-data.ts';
import type { FileSink } from '../track-reader.ts';
import { cmsoFormat } from './descriptor.ts';
import { cmsoReader } from './read-cmso.ts';
import { createCmsoWriter } from './write-cmso.ts';

function treeOf(files: Record<string, string | Uint8Array>): FileTree {
  const entries = Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
  });
  return fileTree('package', entries);
}

async function read(files: Record<string, string | Uint8Array>) {
  const tree = treeOf(files);
  const item: Item = {
    path: 'package',
    files: tree.entries,
    tree,
    format: 'cmso',
    recognition: { score: 1, reason: '' },
  };
  const { sets, issues } = await readTrackSets(cmsoReader, item);
  return { set: sets[0]!, issues, codes: issues.map(({ code }) => code) };
}

function memorySink(): { sink: FileSink; files: Record<string, Uint8Array> } {
  const files: Record<string, Uint8Array> = {};
  const sink: FileSink = {
    async create(path) {
      const parts: number[] = [];
      return {
        async write(bytes) {
          for (const byte of bytes) parts.push(byte);
        },
        async close() {
          files[path] = Uint8Array.from(parts);
        },
      };
    },
  };
  return { sink, files };
}

async function written(set: TrackSet, strict = false) {
  const { sink, files } = memorySink();
  await createCmsoWriter({ strict }).write([set], sink, { title: 'A set' });
  return files;
}

function edgeRows({ objects, edges }: TrackSet): string[] {
  return Array.from(
    { length: edges.count },
    (_, i) => `${objects.id[edges.source[i]!]} ${objects.id[edges.target[i]!]}`,
  );
}

function edgeNames(set: TrackSet): string[] {
  return edgeRows(set).sort();
}

function setOf(
  frames: readonly number[],
  pairs: readonly (readonly [number, number])[],
  columns: Column[] = [],
): TrackSet {
  const count = frames.length;
  return {
    name: 'set',
    objects: {
      count,
      id: Float64Array.from(frames, (_, i) => 1000 - i),
      frame: Int32Array.from(frames),
      x: Float64Array.from(frames, (_, i) => i / 3),
      y: Float64Array.from(frames, (_, i) => -i * 1e-7),
      columns,
      entity: 'point',
    },
    edges: {
      count: pairs.length,
      source: Uint32Array.from(pairs, ([a]) => a),
      target: Uint32Array.from(pairs, ([, b]) => b),
      columns: [],
    },
    spaceUnit: 'micrometer',
    provenance: { software: 'TrackMate', frameInterval: 0.5, pixelSize: { x: 0.3 } },
  };
}

/** Any graph whose edges run forward in time: splits, merges, gaps, objects alone. */
const acyclicSet = fc.array(fc.nat(6), { minLength: 1, maxLength: 25 }).chain((frames) =>
  fc.array(fc.tuple(fc.nat(frames.length - 1), fc.nat(frames.length - 1)), { maxLength: 50 }).map((pairs) => {
    const forward = pairs.filter(([a, b]) => frames[a]! < frames[b]!);
    const unique = [...new Map(forward.map((pair) => [pair.join(), pair])).values()];
    return setOf(frames, unique);
  }),
);

const objectsCsv = 'cmso_object_id,cmso_frame_id,cmso_x_coord,cmso_y_coord\n0,0,1,2\n1,1,1.5,2\n2,2,2,2\n';
const descriptor = (change: (value: Descriptor) => void = () => undefined) => {
  const value: Descriptor = {
    name: 'cmso_tracks',
    resources: [
      {
        name: 'cmso_objects_table',
        path: 'objects.csv',
        schema: {
          fields: ['cmso_object_id', 'cmso_frame_id', 'cmso_x_coord', 'cmso_y_coord'].map((name) => ({
            name,
            type: 'number',
          })),
          primaryKey: 'cmso_object_id',
        },
      },
      {
        name: 'cmso_links_table',
        path: 'links.csv',
        schema: {
          fields: [{ name: 'cmso_link_id' }, { name: 'cmso_object_id' }],
          foreignKeys: [
            { fields: 'cmso_object_id', reference: { resource: 'cmso_objects_table', fields: 'cmso_object_id' } },
          ],
        },
      },
    ],
  };
  change(value);
  return JSON.stringify(value);
};
type Descriptor = { name?: string; resources: Record<string, unknown>[] };

describe('writing and reading', () => {
  it('keeps exactly the edges of any acyclic graph, plain and strict', async () => {
    await fc.assert(
      fc.asyncProperty(acyclicSet, fc.boolean(), async (set, strict) => {
        const { set: back, issues } = await read(await written(set, strict));
        expect(edgeNames(back)).toEqual(edgeNames(set));
        expect(countTracks(back.objects, back.edges)).toEqual(countTracks(set.objects, set.edges));
        expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps positions, times, features with types and units, absent values and provenance', async () => {
    const columns: Column[] = [
      {
        name: 'area',
        type: 'float',
        unit: 'µm^2',
        values: Float64Array.of(0.1, Number.NaN, 0),
        missing: Uint8Array.of(0, 0, 1),
      },
      { name: 'kind', type: 'string', values: ['a,b', 'say "no"', ''], missing: Uint8Array.of(0, 0, 1) },
      { name: 'visible', type: 'bool', values: Uint8Array.of(1, 0, 1) },
      { name: 'cmso_x_coord', type: 'int', values: Int32Array.of(7, 8, 9) },
    ];
    const set = setOf(
      [0, 1, 3],
      [
        [0, 1],
        [1, 2],
      ],
      columns,
    );
    set.objects.time = Float64Array.of(0, 0.5, 1.5);
    set.timeUnit = 'second';
    const { set: back } = await read(await written(set));
    expect(back.objects.x).toEqual(set.objects.x);
    expect(back.objects.time).toEqual(set.objects.time);
    expect(back.objects.id).toEqual(set.objects.id);
    expect(back).toMatchObject({ spaceUnit: 'micrometer', timeUnit: 'second', provenance: set.provenance });
    const [area, kind, visible, odd] = back.objects.columns;
    expect(area).toMatchObject({ type: 'float', unit: 'µm^2', missing: Uint8Array.of(0, 0, 1) });
    expect(area!.values[1]).toBeNaN();
    expect(kind).toMatchObject({ values: ['a,b', 'say "no"', ''], missing: Uint8Array.of(0, 0, 1) });
    expect(visible).toMatchObject({ type: 'bool', values: Uint8Array.of(1, 0, 1) });
    expect(odd).toMatchObject({ name: 'cmso_x_coord', values: Int32Array.of(7, 8, 9) });
  });

  it('keeps features of edges and of whole tracks', async () => {
    const set = setOf(
      [0, 1, 3],
      [
        [1, 2],
        [0, 1],
      ],
    );
    set.edges.columns = [
      { name: 'cost', type: 'float', unit: 'µm', values: Float64Array.of(0.5, 7), missing: Uint8Array.of(0, 0) },
      { name: 'kind', type: 'string', values: ['gap', ''], missing: Uint8Array.of(0, 1) },
    ];
    set.sourceTracks = { count: 1, columns: [{ name: 'TRACK_ID', type: 'int', values: Int32Array.of(4) }] };
    const { set: back, issues } = await read(await written(set));
    const costs = Object.fromEntries(edgeRows(back).map((name, edge) => [name, back.edges.columns[0]!.values[edge]]));
    expect(costs).toEqual({ '999 998': 0.5, '1000 999': 7 });
    expect(back.edges.columns[1]!.missing).toBeDefined();
    expect(back.sourceTracks).toEqual(set.sourceTracks);
    expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('declares sizes and digests that hold', async () => {
    const files = await written(setOf([0, 1], [[0, 1]]));
    const v2 = JSON.parse(new TextDecoder().decode(files['datapackage.json'])) as {
      resources: { path: string; bytes: number; hash: string }[];
    };
    for (const { path, bytes, hash } of v2.resources) {
      expect(bytes).toBe(files[path]!.length);
      expect(hash).toBe(`sha256:${sha256Hex(files[path]!)}`);
    }
    expect(v2.resources.map(({ path }) => path)).toEqual(['objects.csv', 'links.csv', 'tracks.csv']);
  });

  it('names what it cannot hold', () => {
    const set = setOf([0, 1], [[0, 1]]);
    expect(createCmsoWriter().losses([set])).toEqual([]);
    set.objects.shapes = {
      partOffsets: Uint32Array.of(0, 1, 1),
      vertexOffsets: Uint32Array.of(0, 1),
      xyz: Float64Array.of(1, 2, 3),
    };
    set.edges.columns = [{ name: 'cost', type: 'float', values: Float64Array.of(1) }];
    expect(
      createCmsoWriter()
        .losses([set])
        .map(({ code }) => code),
    ).toEqual(['cmso-no-shapes']);
  });
});

describe('packages of others', () => {
  it('reads any descriptor name and any column order, below a folder too', async () => {
    const { set } = await read({
      'a/CMSO_1.json': descriptor(),
      'a/objects.csv': objectsCsv,
      'a/links.csv': 'cmso_object_id,cmso_link_id\n2,0\n0,0\n1,0\n',
    });
    expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 3, edges: 2, tracks: 1 });
  });

  it.each([
    ['A', '0,1\n0,2\n1,2\n1,3\n'],
    ['B', '0,0\n0,1\n1,1\n1,3\n'],
    ['C', '0,0\n0,1\n2,1\n2,3\n1,3\n'],
  ])('reads a shared object as one chain (form %s)', async (_, rows) => {
    const objects = `${objectsCsv}3,4,3,2\n`;
    const { set } = await read({
      'dp.json': descriptor(),
      'objects.csv': objects,
      'links.csv': `cmso_link_id,cmso_object_id\n${rows}`,
    });
    expect(countTracks(set.objects, set.edges)).toMatchObject({ edges: 2, tracks: 1, splits: 0 });
  });

  it('tells what does not conform, with a JSON pointer', async () => {
    const odd = descriptor((value) => {
      const schema = value.resources[1]!['schema'] as { foreignKeys: unknown };
      schema.foreignKeys = (schema.foreignKeys as unknown[])[0];
      delete value.name;
    });
    const { set, issues } = await read({
      'dp.json': odd,
      'objects.csv': objectsCsv,
      'links.csv': 'cmso_link_id,cmso_object_id\n0,0\n0,1\n',
    });
    const fields = issues.filter(({ code }) => code === 'descriptor-nonconforming').map(({ where }) => where.field);
    expect(fields).toEqual(['/name', '/resources/1/schema/foreignKeys']);
    expect(set.edges.count).toBe(1);
  });

  it('leaves out rows without a place, keeps the chain across them, and reports strange entries', async () => {
    const { set, codes, issues } = await read({
      'dp.json': descriptor(),
      'objects.csv': objectsCsv.replace('1.5,2', 'NaN,NaN'),
      'links.csv': 'cmso_link_id,cmso_object_id\n0,0\n0,1\n0,2\n0,77\n',
      'tracks_1.csv': 'cmso_track_id,cmso_link_id\n0,0\n',
    });
    expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 2, edges: 1, gaps: 1 });
    expect(codes).toEqual(
      expect.arrayContaining(['nan-coordinate', 'dangling-link', 'undeclared-tracks-table', 'no-units']),
    );
    expect(issues.filter(({ code }) => code === 'dangling-link')).toHaveLength(1);
  });

  it('tells objects with one id apart by the frame in the links table', async () => {
    const { set } = await read({
      'dp.json': descriptor(),
      'objects.csv': 'cmso_object_id,cmso_frame_id,cmso_x_coord,cmso_y_coord\n1,0,1,2\n1,1,1.5,2\n2,0,2,2\n2,1,5,5\n',
      'links.csv': 'cmso_link_id,cmso_object_id,cmso_frame_id\n0,1,0\n0,1,1\n1,2,0\n1,2,1\n',
    });
    expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 4, edges: 2, tracks: 2 });
    expect(set.objects.columns[0]).toMatchObject({ name: 'source_id', values: Int32Array.of(1, 1, 2, 2) });
  });

  it('does not follow paths out of the folder, and survives missing tables', async () => {
    const away = descriptor((value) => (value.resources[0]!['path'] = '../objects.csv'));
    expect((await read({ 'dp.json': away })).codes).toContain('resource-path-unsafe');
    const alone = await read({ 'dp.json': descriptor(), 'objects.csv': objectsCsv });
    expect(alone.codes).toContain('resource-missing');
    expect(alone.set.objects.count).toBe(3);
    expect((await read({ 'dp.json': '{"resources": 3' })).codes).toContain('descriptor-unreadable');
  });

  it('notices tracks that group other links than the edges do', async () => {
    const { codes } = await read({
      'dp.json': descriptor(),
      'objects.csv': objectsCsv,
      'links.csv': 'cmso_link_id,cmso_object_id\n0,0\n0,1\n1,1\n1,2\n',
      'tracks.csv': 'cmso_track_id,cmso_link_id\n0,0\n1,1\n',
    });
    expect(codes).toContain('track-id-disagrees-with-graph');
  });
});

describe('recognition', () => {
  it('knows the folder by its tables and names its members', async () => {
    const tree = treeOf({
      'x/other.json': '{}',
      'x/p.json': descriptor(),
      'x/objects.csv': objectsCsv,
      'x/links.csv': '',
      'x/film.tif': '',
    });
    const found = await cmsoFormat.recogniseFolder!(tree, 'x');
    expect(found).toMatchObject({ score: 1, version: '1.0', members: ['x/links.csv', 'x/objects.csv', 'x/p.json'] });
    expect(await cmsoFormat.recogniseFolder!(tree, '')).toBeUndefined();
  });
});

it('tables of objects and links without a descriptor are read as if one named them', async () => {
  const objects = 'cmso_object_id,cmso_frame_id,cmso_x_coord,cmso_y_coord,note\n1,1,2.5,3,a\n2,2,2,4,b\n3,2,9,NaN,c\n';
  const links = 'cmso_link_id,cmso_object_id\n1,1\n1,2\n';
  const bare = await readFiles({ 'run/my_objects.csv': objects, 'run/my_links.csv': links });
  expect([bare.format, bare.version]).toEqual(['cmso', undefined]);
  expect(bare.counts).toEqual([[2, 1, 1, 1, 2, 0, 0, 0]]);
  expect(bare.codes).toContain('descriptor-nonconforming');
  expect(bare.codes).toContain('nan-coordinate');
  expect(bare.sets[0]!.objects.columns.find(({ name }) => name === 'note')).toMatchObject({ values: ['a', 'b'] });
  const alone = await readFiles({ 'run/my_objects.csv': objects });
  expect(alone.format).toBe('delimited');
});
