import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageDescription, PixelBlock, PixelType } from '@micrarium/model';
import {
  type FileSinkWriter,
  type ImagePixels,
  findItems,
  omeTiffWriter,
  writeImageJHyperstack,
  writeOmeTiff,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { buildLsm } from '../../packages/formats/src/images/lsm/lsm-for-tests.ts';
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

  test('finds the axis of wavelengths of our OME-TIFF by its modulo annotation', async () => {
    const { writer, bytes } = collect();
    const sweep: ImageDescription = {
      name: 'sweep',
      sizes: { t: 2, c: 1, z: 3, y: 2, x: 4, emission: 5 },
      type: 'uint8',
      furtherAxes: { emission: { start: 550, step: 10, unit: 'nanometer' } },
      channels: [{ name: 'GFP' }],
    };
    const image: ImagePixels = {
      description: sweep,
      levels: [{ width: 4, height: 2, depth: 3, tileWidth: 4, tileHeight: 2 }],
      readRegion: async ({ t, z, other = {} }) => {
        const data = new Uint8Array(8).fill(100 * t + 10 * z + (other['emission'] ?? 0));
        return { width: 4, height: 2, samples: 1, type: 'uint8', data };
      },
    };
    await omeTiffWriter.write([image], { create: async () => writer });
    writeFileSync(join(folder, 'm.ome.tif'), bytes());
    const answer = run(`
import json, numpy, tifffile
with tifffile.TiffFile('m.ome.tif') as f:
    s = f.series[0]; a = s.asarray(); n = dict(zip(s.axes, a.shape))
    want = numpy.fromfunction(lambda *i: sum(i[s.axes.index(k)] * v for k, v in {'T': 100, 'Z': 10, 'E': 1}.items()), a.shape)
    c = tifffile.xml2dict(f.ome_metadata)['OME']['Image']['Pixels']['Channel']
    print(json.dumps({'sizes': n, 'same': bool((a == want).all()), 'names': [one['Name'] for one in c]}))`);
    const names = ['GFP 550 nm', 'GFP 560 nm', 'GFP 570 nm', 'GFP 580 nm', 'GFP 590 nm'];
    expect(answer).toEqual({ sizes: { T: 2, Z: 3, E: 5, Y: 2, X: 4 }, same: true, names });
  });

  test.each([
    { big: false, deflate: false, samples: 1 },
    { big: true, deflate: true, samples: 1 },
    { big: false, deflate: true, samples: 3 },
  ])('opens our OME-TIFF with a pyramid (%o), and its XML is valid', async ({ big, deflate, samples }) => {
    const made: ImageDescription = {
      ...description(samples === 1 ? 'uint16' : 'uint8'),
      sizes: { t: 2, c: samples === 1 ? 2 : 1, z: 1, y: 1100, x: 1531 },
      ...(samples === 1 ? {} : { samples, channels: [{ name: 'colour' }] }),
      planeTimes: [0, 2.5],
      acquiredAt: '2024-05-06T07:08:09+02:00',
      description: 'made <here> & now',
      origin: { x: { value: -12.5, unit: 'micrometer' }, y: { value: 3, unit: 'micrometer' } },
      instrument: {
        manufacturer: 'Maker',
        model: 'M',
        detector: 'Camera',
        lightSources: ['laser 488 nm'],
        objective: {
          model: '63x',
          magnification: 63,
          numericalAperture: 1.4,
          immersion: 'Oil',
          correction: 'PlanApo',
          workingDistanceMicrometers: 190,
          refractiveIndex: 1.515,
        },
      },
    };
    if (samples === 1)
      Object.assign(made.channels[0]!, {
        fluorophore: 'GFP',
        excitationNanometers: 488,
        emissionNanometers: 509,
        exposureSeconds: 0.05,
        contrastMethod: 'Fluorescence',
        acquisitionMode: 'SpinningDiskConfocal',
        illumination: 'Epifluorescence',
        pinholeMicrometers: 50,
      });
    const { x, y } = made.sizes;
    async function* large(): AsyncGenerator<PixelBlock> {
      for (let n = 0; n < made.sizes.t * made.sizes.c; n++) {
        const data = samples === 1 ? new Uint16Array(x * y) : new Uint8Array(x * y * samples);
        for (let at = 0; at < data.length; at++) data[at] = (at * 7 + n * 31) % 251;
        yield { width: x, height: y, samples, type: made.type, data };
      }
    }
    const { writer, bytes } = collect();
    await writeOmeTiff(writer, [{ description: made, planes: large() }], { big, deflate });
    writeFileSync(join(folder, 'p.ome.tif'), bytes());
    const answer = run(`import json, numpy as n, tifffile
with tifffile.TiffFile('p.ome.tif') as f:
    open('p.xml', 'w').write(f.ome_metadata)
    s = f.series[0]; a = s.asarray(); k = n.arange(${x * y * samples})
    want = n.stack([(k * 7 + i * 31) % 251 for i in range(${made.sizes.t * made.sizes.c})]).reshape(a.shape)
    half = s.levels[1].asarray().reshape(-1, ${Math.ceil(y / 2)}, ${Math.ceil(x / 2)}, ${samples}).astype('i8')
    b = n.pad(want.reshape(-1, ${y}, ${x}, ${samples}), ((0,0),(0,0),(0,${x % 2}),(0,0)), mode='edge')
    mean = (b[:, ::2, ::2] + b[:, 1::2, ::2] + b[:, ::2, 1::2] + b[:, 1::2, 1::2] + 2) >> 2
    print(json.dumps({'levels': [list(l.shape)[-3 if ${samples} == 3 else -2:] for l in s.levels], 'same': bool((a == want).all()), 'half': bool((half == mean).all()), 'big': f.is_bigtiff, 'pages': len(f.pages)}))`);
    const shape = (level: number): number[] =>
      [Math.ceil(y / 2 ** level), Math.ceil(x / 2 ** level), samples].slice(0, samples === 1 ? 2 : 3);
    expect(answer).toMatchObject({
      levels: [0, 1, 2].map(shape),
      same: true,
      half: true,
      big,
      pages: made.sizes.t * made.sizes.c,
    });
    const schema = new URL('../../../shared/data/schemas/ome/ome-2016-06.xsd', import.meta.url);
    if (existsSync(schema))
      execFileSync('xmllint', ['--noout', '--nonet', '--schema', fileURLToPath(schema), 'p.xml'], {
        cwd: folder,
        stdio: 'pipe',
      });
    else console.warn('the OME schema is not here: the XML is not validated');
    const { images, close } = await openImages('p.ome.tif');
    expect(images[0]!.description).toMatchObject({
      ...made,
      channels: made.channels.map(({ window: _window, ...rest }) => rest),
    });
    expect(images[0]!.levels.map(({ width }) => width)).toEqual([0, 1, 2].map((level) => Math.ceil(x / 2 ** level)));
    await close();
  });

  test('pictures that libtiff and libjpeg pack are read equal', async () => {
    const names = run(`import io, json, numpy as n
try:
    from PIL import Image
except ImportError:
    print('[]'); raise SystemExit
n.random.seed(7); y, x = n.mgrid[0:83, 0:131]
rgb = n.stack([(x * 3) % 256, (y * 5 + x) % 256, n.random.randint(60, 190, x.shape)], -1).astype('u1')
grey = rgb[..., 0]; out = []
def keep(name, image, **how):
    try:
        image.save(name, **how)
    except Exception:
        return
    n.asarray(Image.open(name)).tofile(name + '.raw'); out.append(name)
for packing in ['jpeg', 'zstd', 'packbits', 'tiff_lzw', 'tiff_adobe_deflate']:
    for what, a in [('rgb', rgb), ('grey', grey)]:
        keep('pil_%s_%s.tif' % (packing, what), Image.fromarray(a), compression=packing)
for sub in [0, 1, 2]:
    for progressive in [False, True]:
        keep('pil_%d%d.jpg' % (sub, progressive), Image.fromarray(rgb), subsampling=sub, progressive=progressive, quality=70)
keep('pil_grey.jpg', Image.fromarray(grey), quality=60)
print(json.dumps(out))`) as string[];
    if (names.length === 0) console.warn('Pillow is absent: JPEG and zstd are not cross-read');
    for (const name of names) {
      const { images, close } = await openImages(name);
      const { data } = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
      expect(
        Buffer.from(data.buffer, data.byteOffset, data.byteLength).equals(readFileSync(join(folder, `${name}.raw`))),
        name,
      ).toBe(true);
      await close();
    }
    if (names.length > 0)
      expect(names).toEqual(expect.arrayContaining(['pil_jpeg_rgb.tif', 'pil_21.jpg', 'pil_grey.jpg']));
  });

  test('reads the LSM files that our tests make as we do', async () => {
    const pixel = (t: number, z: number, c: number, at: number): number => t * 10_000 + z * 1000 + c * 100 + at;
    writeFileSync(
      join(folder, 'a.lsm'),
      buildLsm({ width: 9, height: 7, z: 3, t: 2, c: 3, bits: 16, lzw: false, pixel }),
    );
    const answer = run(`import json, numpy as n, tifffile
with tifffile.TiffFile('a.lsm') as f:
    m = f.lsm_metadata; s = f.series[0]
    t, z, c, y, x = n.meshgrid(range(2), range(3), range(3), range(7), range(9), indexing='ij')
    a = n.moveaxis(s.asarray(), s.axes.index('C'), 2)
    same = bool((a == t * 10000 + z * 1000 + c * 100 + y * 9 + x).all())
    print(json.dumps({'lsm': f.is_lsm, 'same': same, 'voxel': m['VoxelSizeX'], 'times': list(m['TimeStamps']), 'names': m['ChannelColors']['ColorNames'], 'lens': m['ScanInformation']['Objective']}))`);
    expect(answer).toEqual({
      lsm: true,
      same: true,
      voxel: 2e-7,
      times: [100, 102.5],
      names: ['Ch1-1', 'Ch2-1'],
      lens: 'Plan-Apochromat 63x/1.40 Oil DIC M27',
    });
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
# Slices in one page (ImageDepth), in strips and in tiles of several slices.
for i in range(8):
    shape = (random.randint(2, 7), random.randint(1, 70), random.randint(17, 70))
    a = (n.random.rand(*shape) * 1e4).astype(random.choice(['u1', 'u2', 'f4']))
    kw = dict(byteorder=random.choice('<>'), photometric='minisblack', volumetric=True, metadata=random.choice([None, {}]))
    kw['compression'] = random.choice([None, 'zlib'])
    if i % 2: kw['tile'] = (random.choice([1, 2, 4]), 16, 32)
    elif kw['compression']: kw['rowsperstrip'] = random.randint(1, 40)
    name = 'v%02d.tif' % i
    tifffile.imwrite(name, a, **kw)
    a.tofile(name + '.raw')
    out.append({'name': name, 'shape': list(shape), 'kind': 'slices', 'dtype': str(a.dtype), 'how': {k: str(v) for k, v in kw.items()}})
print(json.dumps(out))`) as { name: string; shape: number[]; kind: string; dtype: string; how: object }[];
    expect(files).toHaveLength(68);
    for (const file of files) {
      const { images, close } = await openImages(file.name);
      const what = JSON.stringify(file);
      expect(images.length, what).toBe(1);
      const image = images[0]!;
      const [planesCount, height, width] = file.shape;
      expect(image.description.sizes, what).toMatchObject({ x: width, y: height });
      const { t, c, z } = image.description.sizes;
      expect(file.kind === 'slices' ? z : t * c, what).toBe(planesCount);
      expect(image.description.type, what).toBe(file.dtype);
      const same = (await allBytes(image)).equals(readFileSync(join(folder, `${file.name}.raw`)));
      expect(same, what).toBe(true);
      await close();
    }
  });
});

describe.runIf(present)('axes in any order', () => {
  test('arrays whose last axes are not y and x, or whose samples are slices, are as they were written', async () => {
    const files = run(`import tifffile, numpy as n, json
n.random.seed(1121); out = []
plain = dict(photometric='minisblack')
for i, (axes, kw) in enumerate([('YXC', {}), ('YXS', {}), ('TYXC', {}), ('YXZ', dict(compression='zlib')), ('XZY', {}),
        ('ZYX', dict(photometric='rgb')), ('TZYX', dict(photometric='rgb')), ('YXT', dict(planarconfig='contig', **plain)),
        ('ZYX', dict(planarconfig='separate', **plain))]):
    lengths = {'T': 2, 'C': 5, 'S': 5, 'Z': 3 if kw.get('photometric') == 'rgb' else 4, 'Y': 20, 'X': 31}
    a = n.random.randint(0, 255, [lengths[k] for k in axes]).astype('u1')
    name = 'axes%d.tif' % i
    tifffile.imwrite(name, a, metadata={'axes': axes}, **kw)
    n.ascontiguousarray(a.transpose([axes.index(k) for k in 'TCSZYX' if k in axes])).tofile(name + '.raw')
    out.append({'name': name, 'axes': axes, 'lengths': {k: lengths[k] for k in axes}})
print(json.dumps(out))`) as { name: string; axes: string; lengths: Record<string, number> }[];
    for (const { name, axes, lengths } of files) {
      const { images, close } = await openImages(name);
      const { T = 1, C = lengths['S'] ?? 1, Z = 1, Y, X } = lengths;
      expect(
        images.map((image) => image.description.sizes),
        axes,
      ).toEqual([{ t: T, c: C, z: Z, y: Y, x: X }]);
      expect((await allBytes(images[0]!)).equals(readFileSync(join(folder, `${name}.raw`))), axes).toBe(true);
      await close();
    }
  });
});
