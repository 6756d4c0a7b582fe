import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImagePixels, omeZarrWriter } from '@micrarium/formats';
import { writeCompletely } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import zarr, numcodecs']).status === 0;
if (!there) console.warn('python zarr is not here: tests/interop/zarr.test.ts checks nothing');

const sizes = { t: 2, c: 2, z: 3, y: 300, x: 530 };
const value = (t: number, c: number, z: number, y: number, x: number): number =>
  (t * 7919 + c * 4001 + z * 977 + y * 31 + x * 17 + ((y * x) % 13)) % 60_000;

const image: ImagePixels = {
  description: { name: 'made', sizes, type: 'uint16', channels: [{ name: 'a' }, { name: 'b' }] },
  levels: [{ width: sizes.x, height: sizes.y, depth: sizes.z, tileWidth: sizes.x, tileHeight: sizes.y }],
  async readRegion({ t, c, z }, region = { x: 0, y: 0, width: sizes.x, height: sizes.y }) {
    const data = new Uint16Array(region.width * region.height);
    for (let y = 0; y < region.height; y++)
      for (let x = 0; x < region.width; x++) data[y * region.width + x] = value(t, c, z, y + region.y, x + region.x);
    return { width: region.width, height: region.height, samples: 1, type: 'uint16', data };
  },
};

const script = `
import json, sys, numpy, zarr
path = sys.argv[1]
store = zarr.ZipStore(path, mode='r') if path.endswith('.zip') else zarr.DirectoryStore(path)
group = zarr.open_group(store, mode='r')
levels = [group[d['path']][...] for d in group.attrs['multiscales'][0]['datasets']]
t, c, z, y, x = numpy.indices(levels[0].shape)
expected = (t * 7919 + c * 4001 + z * 977 + y * 31 + x * 17 + ((y * x) % 13)) % 60000
full = levels[0].astype(numpy.uint32)
half = (full[..., 0::2, 0::2] + full[..., 1::2, 0::2] + full[..., 0::2, 1::2] + full[..., 1::2, 1::2] + 2) >> 2
print(json.dumps({
    'shapes': [list(level.shape) for level in levels],
    'same': bool((full == expected).all()),
    'half': bool((levels[1] == half).all()),
    'codec': group['0'].compressor.codec_id,
    'channels': len(group.attrs['omero']['channels']),
}))
`;

describe.runIf(there)('zarr-python reads our OME-Zarr 0.4', () => {
  it.each(['folder', 'zip'] as const)('as %s', async (container) => {
    const folder = mkdtempSync(join(tmpdir(), 'zarr-interop-'));
    try {
      const target = join(folder, container === 'zip' ? 'made.ome.zarr.zip' : 'made.ome.zarr');
      await writeCompletely(target, (sink) => omeZarrWriter({ version: '0.4', container }).write([image], sink));
      const found: unknown = JSON.parse(execFileSync(python, ['-c', script, target], { encoding: 'utf8' }));
      expect(found).toEqual({
        shapes: [
          [2, 2, 3, 300, 530],
          [2, 2, 3, 150, 265],
          [2, 2, 3, 75, 133],
        ],
        same: true,
        half: true,
        codec: 'blosc',
        channels: 2,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('as a plate with labels', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zarr-interop-'));
    const place = { plate: 'screen', rows: ['A', 'B'], columns: ['1', '2', '3'] };
    const label: ImagePixels = {
      ...image,
      description: { ...image.description, sizes: { ...sizes, c: 1 }, channels: [{ name: '' }] },
    };
    const labels = async () => ({
      labels: [{ name: 'cells', image: label, colors: [{ value: 1 }], properties: [{ value: 1, track: 4 }] }],
      issues: [],
    });
    const images: ImagePixels[] = [
      { ...image, place: { ...place, row: 'A', column: '3', field: '0' }, labels },
      { ...image, place: { ...place, row: 'B', column: '1', field: '0' } },
    ];
    try {
      const target = join(folder, 'plate.ome.zarr');
      await writeCompletely(target, (sink) => omeZarrWriter({ version: '0.4' }).write(images, sink));
      const found: unknown = JSON.parse(execFileSync(python, ['-c', plateScript, target], { encoding: 'utf8' }));
      expect(found).toEqual({
        wells: [
          { path: 'A/3', rowIndex: 0, columnIndex: 2 },
          { path: 'B/1', rowIndex: 1, columnIndex: 0 },
        ],
        fields: [['0'], ['0']],
        same: [true, true],
        labels: ['cells'],
        levels: 3,
        names: true,
        half: true,
        property: { 'label-value': 1, track: 4 },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const plateScript = `
import json, sys, numpy, zarr
root = zarr.open_group(zarr.DirectoryStore(sys.argv[1]), mode='r')
wells = root.attrs['plate']['wells']
def same(array, c):
    t, _, z, y, x = numpy.indices(array.shape)
    c = numpy.indices(array.shape)[1] if c is None else c
    return bool((array[...].astype('u4') == (t * 7919 + c * 4001 + z * 977 + y * 31 + x * 17 + ((y * x) % 13)) % 60000).all())
fields = [[i['path'] for i in root[w['path']].attrs['well']['images']] for w in wells]
labels = root['A/3/0/labels'].attrs['labels']
cells = root['A/3/0/labels/cells']
levels = [cells[d['path']][...] for d in cells.attrs['multiscales'][0]['datasets']]
print(json.dumps({'wells': wells, 'fields': fields,
  'same': [same(root[w['path']][f[0]]['0'], None) for w, f in zip(wells, fields)],
  'labels': labels, 'levels': len(levels), 'names': same(cells['0'], 0),
  'half': bool((levels[1] == levels[0][..., ::2, ::2]).all()),
  'property': cells.attrs['image-label']['properties'][0]}))
`;
