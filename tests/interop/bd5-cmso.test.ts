import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FileSink, bd5Writer, createCmsoWriter } from '@micrarium/formats';
import type { TrackSet } from '@micrarium/model';

const python = '/usr/bin/python3';
const has = (module: string) => spawnSync(python, ['-c', `import ${module}`]).status === 0;
const [hasH5py, hasPandas] = [has('h5py'), has('pandas')];
if (!hasH5py) console.warn(`skipped: ${python} has no h5py, so nobody else reads our BD5 here`);
if (!hasPandas) console.warn(`skipped: ${python} has no pandas, so nobody else reads our CMSO tables here`);

const folder = mkdtempSync(join(tmpdir(), 'micrarium-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const diskSink: FileSink = {
  async create(path) {
    const parts: Uint8Array[] = [];
    const full = join(folder, path === '' ? 'out.h5' : path);
    return {
      write: async (bytes) => void parts.push(bytes.slice()),
      async close() {
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, Buffer.concat(parts));
      },
    };
  },
};

function run(script: string): unknown {
  const done = spawnSync(python, ['-c', script, folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

const set: TrackSet = {
  name: 'nucleus',
  objects: {
    count: 4,
    id: Float64Array.of(5, 6, 7, 9),
    frame: Int32Array.of(0, 1, 1, 12),
    time: Float64Array.of(0, 0.5, 0.5, 6),
    x: Float64Array.of(0.1, 1 / 3, 1e-300, 12_345.678),
    y: Float64Array.of(1, 2, 3, 4),
    z: Float64Array.of(0, 0.5, 1, 1.5),
    entity: 'sphere',
    columns: [
      { name: 'label', type: 'string', values: ['ABal', 'a,b', 'é核', 'say "x"'] },
      { name: 'radius', type: 'float', values: Float64Array.of(1, 2, 3, 4) },
      {
        name: 'signal',
        type: 'float',
        unit: 'intensity',
        values: Float64Array.of(10, 20, 0, Number.NaN),
        missing: Uint8Array.of(0, 0, 1, 0),
      },
    ],
  },
  edges: { count: 3, source: Uint32Array.of(0, 0, 1), target: Uint32Array.of(1, 2, 3), columns: [] },
  spaceUnit: 'micrometer',
  timeUnit: 'minute',
  provenance: { pixelSize: { x: 0.25, y: 0.25, z: 0.5 }, frameInterval: 0.5 },
};

describe.skipIf(!hasH5py)('h5py reads our BD5', () => {
  it('finds the same values, types and paddings', async () => {
    await bd5Writer.write([set], diskSink);
    const seen = run(`
import h5py, json, sys
f = h5py.File(sys.argv[1] + '/out.h5', 'r')
text = lambda b: b.decode('utf-8')
d = f['data']
o = d['1/object/0']
kind = o.id.get_type()
print(json.dumps({
  'groups': sorted((k for k in d if k.isdigit()), key=int),
  'scale': [text(v) if isinstance(v, bytes) else float(v) for v in d['scaleUnit'][0]],
  'columns': list(o.dtype.names),
  'rows': [[text(v) if isinstance(v, bytes) else float(v) for v in row] for row in o[:]],
  'last': float(d['12/object/0']['x'][0]),
  'empty': list(d['5/object']),
  'links': [[text(a), text(b)] for a, b in d['trackInfo'][:]],
  'features': [[text(i), int(n), float(v)] for i, n, v in d['1/feature/0'][:]],
  'definitions': [[int(d['featureDef'][0][0])] + [text(v) for v in list(d['featureDef'][0])[1:]]],
  'padding': kind.get_member_type(0).get_strpad(), 'charset': kind.get_member_type(0).get_cset(),
  'superblock': f.id.get_create_plist().get_version()[0],
}))`);
    expect(seen).toEqual({
      groups: Array.from({ length: 13 }, (_, i) => String(i)),
      scale: ['3D+T', 0.25, 0.25, 0.5, 'micrometer', 0.5, 'minute'],
      columns: ['ID', 't', 'entity', 'x', 'y', 'z', 'radius', 'label'],
      rows: [
        ['6', 1, 'sphere', (1 / 3) * 4, 8, 1, 2, 'a,b'],
        ['7', 1, 'sphere', 4e-300, 12, 2, 3, 'é核'],
      ],
      last: 12_345.678 * 4,
      empty: [],
      links: [
        ['5', '6'],
        ['5', '7'],
        ['6', '9'],
      ],
      features: [['6', 0, 20]],
      definitions: [[0, 'signal', 'intensity']],
      padding: 1,
      charset: 1,
      superblock: 0,
    });
  });

  it('opens a file of hundreds of time groups', async () => {
    const count = 600;
    const numbers = Float64Array.from({ length: count }, (_, i) => i);
    const long: TrackSet = {
      name: 'spot',
      objects: {
        count,
        id: numbers,
        frame: Int32Array.from(numbers),
        x: numbers,
        y: numbers,
        columns: [],
        entity: 'point',
      },
      edges: {
        count: count - 1,
        source: Uint32Array.from(numbers).slice(0, count - 1),
        target: Uint32Array.from(numbers).slice(1),
        columns: [],
      },
      provenance: {},
    };
    await bd5Writer.write([long], diskSink);
    const seen = run(`
import h5py, json, sys
d = h5py.File(sys.argv[1] + '/out.h5', 'r')['data']
print(json.dumps([sum(float(d[str(i)]['object/0']['x'][0]) for i in range(600)), d['trackInfo'].shape[0]]))`);
    expect(seen).toEqual([(600 * 599) / 2, 599]);
  });
});

describe.skipIf(!hasPandas)('pandas reads our CMSO package', () => {
  it('finds the same objects, links and features', async () => {
    await createCmsoWriter().write([set], { create: (path) => diskSink.create(`dp/${path}`) });
    const seen = run(`
import json, pandas, sys
read = lambda name: pandas.read_csv(sys.argv[1] + '/dp/' + name)
o, l, t = read('objects.csv'), read('links.csv'), read('tracks.csv')
package = json.load(open(sys.argv[1] + '/dp/datapackage.json'))
print(json.dumps({
  'columns': list(o.columns), 'types': [str(k) for k in o.dtypes],
  'x': list(o.cmso_x_coord), 'labels': list(o.label), 'absent': [bool(v) for v in o.signal.isna()],
  'links': [list(map(int, g)) for _, g in l.groupby('cmso_link_id').cmso_object_id],
  'tracks': len(t), 'fields': [f['name'] for f in package['resources'][0]['schema']['fields']],
}))`) as Record<string, unknown>;
    const columns = [
      'cmso_object_id',
      'cmso_frame_id',
      'cmso_x_coord',
      'cmso_y_coord',
      'cmso_z_coord',
      'cmso_time_min',
      'label',
      'radius',
      'signal',
    ];
    expect(seen).toEqual({
      columns,
      types: ['int64', 'int64', 'float64', 'int64', 'float64', 'float64', 'object', 'int64', 'float64'],
      x: [0.1, 1 / 3, 1e-300, 12_345.678],
      labels: ['ABal', 'a,b', 'é核', 'say "x"'],
      absent: [false, false, true, true],
      links: [
        [5, 6, 9],
        [5, 7],
      ].sort(),
      tracks: 2,
      fields: columns,
    });
  });
});
