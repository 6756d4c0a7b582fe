import { type Column, columnValue, type TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { readFiles } from '../item-for-tests.test-data.ts';
import { randomSet } from '../random-set.test-data.ts';
import { geffWriter } from './writer.ts';
import { type Kind, ZarrV2Writer, numberBytes, textBytes } from './zarr-v2.ts';

function plain(column: Column, rows: readonly number[]): unknown {
  const { values: _v, missing: _m, ...description } = column;
  return { description, values: rows.map((row) => columnValue(column, row)) };
}

function plainSet({ objects, edges, sourceTracks, ...about }: TrackSet): unknown {
  const rows = Array.from({ length: objects.count }, (_, row) => row);
  const edgeRows = Array.from({ length: edges.count }, (_, row) => row);
  const trackRows = Array.from({ length: sourceTracks?.count ?? 0 }, (_, row) => row);
  return {
    about,
    entity: objects.entity,
    own: [objects.id, objects.frame, objects.time, objects.x, objects.y, objects.z].map((all) => all && [...all]),
    columns: objects.columns.map((column) => plain(column, rows)),
    shapes: (objects.shapes?.partOffsets.at(-1) ?? 0) > 0 ? objects.shapes : undefined,
    edges: edgeRows.map((edge) => [objects.id[edges.source[edge]!], objects.id[edges.target[edge]!]]),
    edgeColumns: edges.columns.map((column) => plain(column, edgeRows)),
    sourceTracks: sourceTracks?.columns.map((column) => plain(column, trackRows)),
  };
}

test('what is written is read again, and nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(randomSet, async (set) => {
      const sink = memorySink();
      expect(geffWriter.losses([set])).toEqual([]);
      await geffWriter.write([set], sink);
      const { format, sets, issues } = await readFiles(Object.fromEntries(sink.files), '');
      expect(format).toBe('geff');
      expect(issues.filter(({ code }) => code !== 'nan-coordinate')).toEqual([]);
      expect(sets.map(plainSet)).toEqual([plainSet(set)]);
    }),
    { numRuns: 50 },
  );
});

interface Property {
  kind: Exclude<Kind, 'str'>;
  values: number[];
  width?: number;
  missing?: number[];
  data?: number[];
}

/** A GEFF from an independent statement of its layout. */
async function geff(
  metadata: object,
  ids: bigint[],
  edges: bigint[],
  properties: Record<string, Property | string[]>,
  props = 'props',
): Promise<Record<string, Uint8Array>> {
  const sink = memorySink();
  const zarr = new ZarrV2Writer(sink);
  const big = (values: bigint[]) => new Uint8Array(BigUint64Array.from(values).buffer);
  await zarr.group('', { geff: metadata });
  await zarr.array('nodes/ids', 'uint64', ids.length, undefined, (a, b) => big(ids.slice(a, b)));
  await zarr.array('edges/ids', 'uint64', edges.length / 2, 2, (a, b) => big(edges.slice(a * 2, b * 2)));
  for (const [name, property] of Object.entries(properties)) {
    const path = `nodes/${props}/${name}`;
    if (Array.isArray(property)) {
      await zarr.array(`${path}/values`, 'str', ids.length, undefined, (a, b) => textBytes(property.slice(a, b)));
      continue;
    }
    const { kind, values, width, missing, data } = property;
    await zarr.array(`${path}/values`, kind, ids.length, width, () => numberBytes(kind, values));
    if (missing) await zarr.array(`${path}/missing`, 'bool', ids.length, undefined, () => Uint8Array.from(missing));
    if (data) await zarr.array(`${path}/data`, 'float64', data.length, undefined, () => numberBytes('float64', data));
  }
  return Object.fromEntries(sink.files);
}

const axes = [
  { name: 't', type: 'time', unit: 'second', scale: null },
  { name: 'yy', type: 'space', unit: 'pixel', scale: 0.5, scaled_unit: 'micrometer', offset: 1 },
  { name: 'xx', type: 'space', unit: 'pixel', scale: 0.25, scaled_unit: 'micrometer', offset: null },
];

test('axes, scales, missing values, several values a node, varying lengths, big ids, no direction', async () => {
  const big = 2n ** 63n;
  const files = await geff(
    {
      geff_version: '1.1',
      directed: false,
      axes,
      node_props_metadata: Object.fromEntries(
        ['t', 'yy', 'xx', 'cov', 'score', 'poly', 'note', 'lineage'].map((name) => [
          name,
          { varlength: name === 'poly' },
        ]),
      ),
      edge_props_metadata: {},
      track_node_props: { lineage: 'lineage' },
    },
    [big, big + 1n, big + 2n],
    [big + 1n, big, big + 1n, big + 2n],
    {
      t: { kind: 'float64', values: [0, 2.5, 5] },
      yy: { kind: 'float32', values: [2, 4, 6] },
      xx: { kind: 'uint16', values: [4, 8, 12] },
      cov: { kind: 'float64', values: [1, 2, 3, 4, 5, 6], width: 2 },
      score: { kind: 'int32', values: [7, 8, 9], missing: [0, 1, 0] },
      poly: { kind: 'uint64', values: [0, 2, 2, 4, 0, 2, 4, 1, 2], width: 3, data: [1, 2, 3, 4, 5, 6] },
      note: ['a', 'é', 'long enough to be longer than sixteen bytes a value'],
      lineage: { kind: 'int64', values: [1, 2, 1] },
    },
  );
  const { sets, codes, counts, version } = await readFiles(files, '');
  expect(version).toBe('1.1');
  const { objects, edges, spaceUnit, timeUnit, provenance } = sets[0]!;
  expect([...objects.frame]).toEqual([0, 1, 2]);
  expect([...objects.time!]).toEqual([0, 2.5, 5]);
  expect([...objects.x]).toEqual([1, 2, 3]);
  expect([...objects.y]).toEqual([2, 3, 4]);
  expect([spaceUnit, timeUnit]).toEqual(['micrometer', 'second']);
  expect(provenance.pixelSize).toEqual({ y: 0.5, x: 0.25 });
  expect([...edges.source].map((from, i) => [from, edges.target[i]])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(counts[0]!.slice(0, 4)).toEqual([3, 2, 1, 1]);
  const values = Object.fromEntries(
    objects.columns.map((column) => [column.name, [0, 1, 2].map((row) => columnValue(column, row))]),
  );
  expect(values).toEqual({
    cov_0: [1, 3, 5],
    cov_1: [2, 4, 6],
    score: [7, undefined, 9],
    poly: ['[[1,2],[3,4]]', '[]', '[[5,6]]'],
    note: ['a', 'é', 'long enough to be longer than sixteen bytes a value'],
    lineage: [1, 2, 1],
    source_id: [String(big), String(big + 1n), String(big + 2n)],
  });
  expect([...codes].sort()).toEqual([
    'frames-from-time',
    'geff-varlength-as-text',
    'ids-renumbered',
    'track-id-disagrees-with-graph',
    'undirected-edges',
  ]);
});

test('old versions: one position property, properties called attrs', async () => {
  const files = await geff(
    { geff_version: '0.1.0', directed: true, position_attr: 'position', axis_names: ['t', 'y', 'x'] },
    [5n, 6n],
    [5n, 6n],
    { position: { kind: 'float64', values: [0, 1, 2, 1, 3, 4], width: 3 }, score: { kind: 'float64', values: [1, 2] } },
    'attrs',
  );
  const { sets, counts } = await readFiles(files, '');
  expect(counts[0]!.slice(0, 2)).toEqual([2, 1]);
  expect([[...sets[0]!.objects.x], [...sets[0]!.objects.y]]).toEqual([
    [2, 4],
    [1, 3],
  ]);
});

test('without axes the names are taken; what is declared and what is there are compared', async () => {
  const files = await geff(
    { geff_version: '0.5', directed: true, node_props_metadata: { x: {}, y: {}, t: {}, gone: {} } },
    [0n, 1n],
    [0n, 1n, 1n, 9n],
    {
      x: { kind: 'float64', values: [0, 1] },
      y: { kind: 'float64', values: [0, 1] },
      t: { kind: 'int64', values: [0, 1] },
    },
  );
  const { codes } = await readFiles(files, '');
  expect(codes).toEqual(
    expect.arrayContaining(['geff-axes-missing', 'no-units', 'geff-not-conforming', 'dangling-link']),
  );
});

test('Zarr v3', async () => {
  const files: Record<string, string | Uint8Array> = {
    'a.geff/zarr.json': JSON.stringify({
      zarr_format: 3,
      node_type: 'group',
      attributes: {
        geff: {
          geff_version: '1.2.0',
          directed: true,
          axes: [
            { name: 't', type: 'time', unit: null, scale: 5, scaled_unit: 'minute' },
            { name: 'y', type: 'space', unit: 'micrometer' },
            { name: 'x', type: 'space', unit: 'micrometer' },
          ],
        },
      },
    }),
  };
  const array = (path: string, type: string, shape: number[], bytes: ArrayBuffer) => {
    files[`a.geff/${path}/zarr.json`] = JSON.stringify({
      zarr_format: 3,
      node_type: 'array',
      shape,
      data_type: type,
      chunk_grid: { name: 'regular', configuration: { chunk_shape: shape } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value: 0,
      codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
      attributes: {},
    });
    files[`a.geff/${path}/c/${shape.map(() => 0).join('/')}`] = new Uint8Array(bytes);
  };
  array('nodes/ids', 'uint32', [3], Uint32Array.of(7, 8, 9).buffer);
  array('edges/ids', 'uint32', [2, 2], Uint32Array.of(7, 8, 7, 9).buffer);
  array('nodes/props/t/values', 'int16', [3], Int16Array.of(4, 5, 7).buffer);
  array('nodes/props/x/values', 'float32', [3], Float32Array.of(1, 2, 3).buffer);
  array('nodes/props/y/values', 'float64', [3], Float64Array.of(4, 5, 6).buffer);
  const { sets, counts, version } = await readFiles(files, 'a.geff');
  expect(version).toBe('1.2.0');
  expect(counts).toEqual([[3, 2, 2, 1, 3, 1, 0, 1]]);
  const { objects, timeUnit, provenance } = sets[0]!;
  expect([[...objects.frame], [...objects.time!], timeUnit]).toEqual([[4, 5, 7], [20, 25, 35], 'minute']);
  expect(provenance.frameInterval).toBe(5);
});

test('cut, changed and missing files give findings', async () => {
  const sink = memorySink();
  const [set] = fc.sample(randomSet, { numRuns: 40, seed: 5 }).sort((a, b) => b.objects.count - a.objects.count);
  await geffWriter.write([set!], sink);
  const names = [...sink.files.keys()];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.nat(),
      fc.nat({ max: 255 }),
      fc.boolean(),
      async (name, at, byte, cut) => {
        const files = Object.fromEntries(sink.files);
        const bytes = files[name]!.slice();
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        files[name] = cut ? bytes.slice(0, at % (bytes.length + 1)) : bytes;
        const { format } = await readFiles(files, '');
        expect(['geff', 'zarr', 'text', 'unknown']).toContain(format);
      },
    ),
    { numRuns: 150 },
  );
});

test('reads what other programs note of the method, and names the label image', async () => {
  const { sets, codes } = await readFiles(
    await geff(
      {
        geff_version: '1.2',
        directed: true,
        axes: [
          { name: 't', type: 'time', unit: 'frame' },
          { name: 'y', type: 'space', unit: 'pixel' },
          { name: 'x', type: 'space', unit: 'pixel' },
        ],
        related_objects: [
          { type: 'labels', path: '../labels.zarr', label_prop: 'seg_id' },
          { type: 'image', path: '../film.zarr' },
        ],
        extra: {
          tracker: { software: 'laptrack', detector: 'cellpose', linker: { name: 'LAP', parameters: { d: 15 } } },
        },
      },
      [1n, 2n],
      [1n, 2n],
      {
        t: { kind: 'int32', values: [0, 1] },
        y: { kind: 'float64', values: [0, 1] },
        x: { kind: 'float64', values: [0, 1] },
      },
    ),

    '',
  );
  expect(codes).toContain('geff-labels-related');
  expect(sets[0]!.provenance).toMatchObject({
    software: 'laptrack',
    imageName: '../film.zarr',
    tracking: { detector: { name: 'cellpose' }, linker: { name: 'LAP', parameters: { d: 15 } } },
  });
});
