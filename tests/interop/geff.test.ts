import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatById } from '@micrarium/formats';
import { writeCompletely } from '@micrarium/formats/node';
import type { TrackSet } from '@micrarium/model';
import { describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import zarr, numcodecs']).status === 0;
if (!there) console.warn('python zarr is not here: tests/interop/geff.test.ts checks nothing');

const count = 70_000;
const set: TrackSet = {
  name: 'made',
  spaceUnit: 'micrometer',
  timeUnit: 'second',
  provenance: { software: 'test' },
  objects: {
    count,
    entity: 'point',
    id: Float64Array.from({ length: count }, (_, row) => row * 3),
    frame: Int32Array.from({ length: count }, (_, row) => row % 1000),
    time: Float64Array.from({ length: count }, (_, row) => (row % 1000) * 2.5),
    x: Float64Array.from({ length: count }, (_, row) => row / 7),
    y: Float64Array.from({ length: count }, (_, row) => row / 3),
    columns: [
      { name: 'label', type: 'string', values: Array.from({ length: count }, (_, row) => `細胞 ${row}`) },
      {
        name: 'size',
        type: 'int',
        unit: 'pixel',
        values: Int32Array.from({ length: count }, (_, row) => -row),
        missing: Uint8Array.from({ length: count }, (_, row) => row % 2),
      },
    ],
    shapes: {
      partOffsets: Uint32Array.from({ length: count + 1 }, (_, row) => row),
      vertexOffsets: Uint32Array.from({ length: count + 1 }, (_, row) => row * 2),
      xyz: Float64Array.from({ length: count * 6 }, (_, i) => i / 2),
    },
  },
  edges: {
    count: 999,
    source: Uint32Array.from({ length: 999 }, (_, row) => row),
    target: Uint32Array.from({ length: 999 }, (_, row) => row + 1),
    columns: [{ name: 'cost', type: 'float', values: new Float64Array(999).fill(0.5) }],
  },
};

const script = `
import json, sys, zarr
group = zarr.open_group(zarr.DirectoryStore(sys.argv[1]), mode='r')
about = group.attrs['geff']
nodes = group['nodes/props']
outline = nodes['outline/values'][1]
print(json.dumps({
    'version': about['geff_version'],
    'axes': [[axis['name'], axis['type'], axis['unit'], axis['min'], axis['max']] for axis in about['axes']],
    'declared': sorted(about['node_props_metadata']) == sorted(nodes.group_keys()),
    'dtypes': {name: str(nodes[name + '/values'].dtype) for name in ['t', 'x', 'size', 'label', 'time']},
    'ids': [str(group['nodes/ids'].dtype), int(group['nodes/ids'][-1]), len(group['nodes/ids'])],
    'edges': [list(group['edges/ids'].shape), group['edges/ids'][-1].tolist()],
    'label': nodes['label/values'][69999],
    'size': int(nodes['size/values'][2]), 'missing': nodes['size/missing'][:3].tolist(),
    'x': float(nodes['x/values'][69999]),
    'cost': float(group['edges/props/cost/values'][:].sum()),
    'outline': [outline.tolist(), nodes['outline/data'][int(outline[0]):int(outline[0] + outline[1] * outline[2])].tolist()],
}))
`;

describe.runIf(there)('zarr-python reads our GEFF', () => {
  it('with ids, axes, features, missing values, texts and outlines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'geff-interop-'));
    try {
      const target = join(folder, 'made.geff');
      const writer = await formatById('geff')!.tracks!.writer!();
      await writeCompletely(target, (sink) => writer.write([set], sink));
      const found: unknown = JSON.parse(execFileSync(python, ['-c', script, target], { encoding: 'utf8' }));
      expect(found).toEqual({
        version: '1.2',
        axes: [
          ['t', 'time', 'frame', 0, 999],
          ['y', 'space', 'micrometer', 0, 69_999 / 3],
          ['x', 'space', 'micrometer', 0, 69_999 / 7],
        ],
        declared: true,
        dtypes: { t: 'int32', x: 'float64', size: 'int32', label: 'object', time: 'float64' },
        ids: ['uint64', 69_999 * 3, count],
        edges: [
          [999, 2],
          [998 * 3, 999 * 3],
        ],
        label: '細胞 69999',
        size: -2,
        missing: [false, true, false],
        x: 69_999 / 7,
        cost: 499.5,
        outline: [
          [6, 2, 3],
          [3, 3.5, 4, 4.5, 5, 5.5],
        ],
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
