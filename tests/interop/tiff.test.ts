import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageDescription, PixelBlock, PixelType } from '@micrarium/model';
import {
  type FileSinkWriter,
  type ImagePixels,
  findItems,
  writeImageJHyperstack,
  writeOmeTiff,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const python = '/usr/bin/python3';
const present = hasTifffile();
if (!present) console.warn('tests/interop/tiff: Python with tifffile is absent, nothing is tested');

function hasTifffile(): boolean {
  try {
    execFileSync(python, ['-c', 'import tifffile'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiff-interop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string): unknown {
  return JSON.parse(execFileSync(python, ['-c', script], { cwd: folder, encoding: 'utf8' }));
}

/** A file of this test's folder opened as the program does. */
async function openImages(name: string): Promise<{ images: ImagePixels[]; close(): Promise<void> }> {
  const tree = await openFolder(folder);
  const [item] = await findItems(tree, { asked: name });
  const reader = await item!.descriptor!.images!.reader();
  const { images } = await reader.open(item!);
  return {
    images,
    close: async () => {
      for (const entry of tree.entries) await entry.close?.();
    },
  };
}

/** Bytes of all planes in the order t, c, z, as numpy lays them. */
async function allBytes(image: ImagePixels): Promise<Buffer> {
  const { t, c, z } = image.description.sizes;
  const parts: Buffer[] = [];
  for (let frame = 0; frame < t; frame++)
    for (let channel = 0; channel < c; channel++)
      for (let slice = 0; slice < z; slice++) {
        const { data } = await image.readRegion({ t: frame, c: channel, z: slice });
        parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      }
  return Buffer.concat(parts);
}

function collect(): { writer: FileSinkWriter; bytes(): Buffer } {
  const parts: Uint8Array[] = [];
  const write = async (bytes: Uint8Array): Promise<void> => {
    parts.push(bytes.slice());
  };
  return { writer: { write, close: async () => undefined }, bytes: () => Buffer.concat(parts) };
}

async function* planes({ sizes, type }: ImageDescription): AsyncGenerator<PixelBlock> {
  for (let t = 0; t < sizes.t; t++)
    for (let z = 0; z < sizes.z; z++)
      for (let c = 0; c < sizes.c; c++) {
        const values = Array.from(
          { length: sizes.x * sizes.y },
          (_, index) => t * 1000 + c * 100 + z * 10 + (index % 7),
        );
        const data = type === 'float32' ? Float32Array.from(values) : Uint16Array.from(values);
        yield { width: sizes.x, height: sizes.y, samples: 1, type, data };
      }
}

const description = (type: PixelType): ImageDescription => ({
  name: 'film',
  sizes: { t: 3, c: 2, z: 4, y: 5, x: 6 },
  type,
  voxelSize: {
    z: { value: 0.5, unit: 'micrometer' },
    y: { value: 0.2, unit: 'micrometer' },
    x: { value: 0.1, unit: 'micrometer' },
  },
  timeStep: { value: 2.5, unit: 'second' },
  channels: [
    { name: 'A', color: '00FF00', window: { start: 0, end: 900 } },
    { name: 'B', color: 'FF0000', window: { start: 5, end: 700 } },
  ],
});

const expectedPixels = `import numpy as n
t, z, c, y, x = n.meshgrid(range(3), range(4), range(2), range(5), range(6), indexing='ij')
want = t * 1000 + c * 100 + z * 10 + (y * 6 + x) % 7
`;

describe.runIf(present)('tifffile', () => {
  test.each(['uint16', 'float32'] as const)('opens our ImageJ hyperstack of %s', async (type) => {
    const { writer, bytes } = collect();
    await writeImageJHyperstack(writer, description(type), planes(description(type)));
    writeFileSync(join(folder, 'ij.tif'), bytes());
    const answer = run(`${expectedPixels}
import json, tifffile
with tifffile.TiffFile('ij.tif') as f:
    s = f.series[0]; m = f.imagej_metadata; a = s.asarray()
    print(json.dumps({'axes': s.axes, 'shape': a.shape, 'dtype': str(a.dtype), 'same': bool((a == want).all()), 'pages': len(f.pages),
      'unit': m['unit'], 'spacing': m['spacing'], 'finterval': m['finterval'], 'ranges': [float(r) for r in m['Ranges']], 'luts': [int(l[1][255]) for l in m['LUTs']]}))`);
    expect(answer).toEqual({
      axes: 'TZCYX',
      shape: [3, 4, 2, 5, 6],
      dtype: type,
      same: true,
      pages: 24,
      unit: 'um',
      spacing: 0.5,
      finterval: 2.5,
      ranges: [0, 900, 5, 700],
      luts: [255, 0],
    });
  });

  test.each([false, true])('opens our OME-TIFF (big: %s)', async (big) => {
    const { writer, bytes } = collect();
    await writeOmeTiff(writer, [{ description: description('uint16'), planes: planes(description('uint16')) }], {
      big,
    });
    writeFileSync(join(folder, 'o.ome.tif'), bytes());
    const answer = run(`${expectedPixels}
import json, tifffile
with tifffile.TiffFile('o.ome.tif') as f:
    s = f.series[0]; a = s.asarray(); p = tifffile.xml2dict(f.ome_metadata)['OME']['Image']['Pixels']
    print(json.dumps({'axes': s.axes, 'same': bool((a == want).all()), 'big': f.is_bigtiff, 'x': p['PhysicalSizeX'], 't': p['TimeIncrement'], 'names': [c['Name'] for c in p['Channel']]}))`);
    expect(answer).toEqual({ axes: 'TZCYX', same: true, big, x: 0.1, t: 2.5, names: ['A', 'B'] });
  });

  test('files of tifffile are read equal: types, byte orders, tiles, deflate, predictors, BigTIFF, planar', async () => {
    const files = run(`import json, random, numpy as n, tifffile
try:
    import imagecodecs; more = ['lzw', 'packbits']
except ImportError:
    more = []
random.seed(20261120); n.random.seed(1120); out = []
for i in range(60):
    dtype = random.choice(['u1','i1','u2','i2','u4','i4','f4','f8','u8'])
    shape = (random.choice([1, 3]), random.randint(1, 90), random.randint(1, 90))
    a = (n.random.rand(*shape) * 1e4).astype(dtype)
    kw = dict(byteorder=random.choice('<>'), bigtiff=random.random() < .4, photometric='minisblack', metadata=None)
    kw['compression'] = random.choice([None, 'zlib'] + more)
    if random.random() < .5: kw['tile'] = (random.choice([16, 32]), random.choice([16, 64]))
    else: kw['rowsperstrip'] = random.randint(1, 40)
    # Without imagecodecs, tifffile writes predictor 2 only for whole numbers.
    if kw['compression'] and dtype[0] in 'ui' and random.random() < .6: kw['predictor'] = 2
    kind = random.choice(['pages', 'contig', 'separate'])
    if kind == 'contig': a = n.ascontiguousarray(n.moveaxis(a, 0, -1)); kw['planarconfig'] = 'contig'
    if kind == 'separate': kw['planarconfig'] = 'separate'
    if shape[0] == 1: kind = 'pages'; a = a.reshape(shape); kw.pop('planarconfig', None)
    name = 'f%02d.tif' % i
    tried = {k: str(v) for k, v in kw.items()}
    try:
        tifffile.imwrite(name, a, **kw)
    except Exception:
        kw.pop('predictor', None); tifffile.imwrite(name, a, **kw)
    b = n.moveaxis(a, -1, 0) if kind == 'contig' else a
    n.ascontiguousarray(b).tofile(name + '.raw')
    out.append({'name': name, 'shape': list(shape), 'kind': kind, 'dtype': str(a.dtype), 'how': tried})
print(json.dumps(out))`) as { name: string; shape: number[]; kind: string; dtype: string; how: object }[];
    expect(files).toHaveLength(60);
    for (const file of files) {
      const { images, close } = await openImages(file.name);
      const what = JSON.stringify(file);
      expect(images.length, what).toBe(1);
      const image = images[0]!;
      const [planesCount, height, width] = file.shape;
      expect(image.description.sizes, what).toMatchObject({ x: width, y: height });
      expect(image.description.sizes.t * image.description.sizes.c, what).toBe(planesCount);
      expect(image.description.type, what).toBe(file.dtype);
      const same = (await allBytes(image)).equals(readFileSync(join(folder, `${file.name}.raw`)));
      expect(same, what).toBe(true);
      await close();
    }
  });
});
