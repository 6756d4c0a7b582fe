import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { OpenedImages } from '../image-reader.ts';
import { type PageToBuild, buildTiff } from './tiff-for-tests.ts';

/** Opens files of one folder as the program does; the first is the one asked for. */
async function open(
  files: Readonly<Record<string, Uint8Array>>,
  asked: string,
): Promise<OpenedImages & { format: string }> {
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const [item] = await findItems(fileTree('', entries), { asked });
  const reader = await item!.descriptor!.images!.reader();
  return { ...(await reader.open(item!)), format: item!.format };
}

const um = (value: number) => ({ value: expect.closeTo(value, 9), unit: 'micrometer' });
const pictureOf = (value: number, more: Partial<PageToBuild> = {}): PageToBuild => ({
  width: 3,
  height: 2,
  bits: 16,
  values: Array.from({ length: 6 }, (_, n) => value + n),
  ...more,
});
const prop = (id: string, value: string | number): string => `<prop id="${id}" type="string" value="${value}"/>\n`;

const metaSeries = (light: string, time: string): string =>
  `<MetaData>\n${prop('Description', 'Exposure: 100 ms&#13;&#10;Acquired from AndorSdk3 Camera&#13;&#10;')}${prop('ApplicationName', 'MetaMorph')}${prop('ApplicationVersion', '6.7')}<PlaneInfo>\n${prop('spatial-calibration-state', 'on')}${prop('spatial-calibration-x', 1.3672)}${prop('spatial-calibration-y', 1.3672)}${prop('spatial-calibration-units', 'um')}${prop('image-name', 'x')}${prop('acquisition-time-local', time)}${prop('stage-position-x', -5)}${prop('z-position', 9994.76)}${prop('wavelength', 452)}${prop('camera-binning-x', 8)}${prop('camera-binning-y', 8)}${prop('_IllumSetting_', light)}${prop('_MagNA_', 0.95)}${prop('_MagRI_', 1)}${prop('_MagSetting_', '40X Plan Apo')}</PlaneInfo></MetaData>`;

test('MetaXpress writes pixel size, time, channel, lens and camera as XML', async () => {
  const description = metaSeries('DAPI &#38; TL', '20240709 13:15:50.916');
  const { images, issues } = await open({ 'a.tif': buildTiff({ pages: [pictureOf(1, { description })] }) }, 'a.tif');
  expect(images[0]!.description).toMatchObject({
    voxelSize: { y: um(1.3672), x: um(1.3672) },
    origin: { z: um(9994.76), x: um(-5) },
    acquiredAt: '2024-07-09T13:15:50.916',
    channels: [{ name: 'DAPI & TL', emissionNanometers: 452, exposureSeconds: 0.1 }],
    instrument: {
      objective: { model: '40X Plan Apo', magnification: 40, numericalAperture: 0.95 },
      detector: 'AndorSdk3 Camera',
      detectorSettings: 'binning 8x8',
      software: 'MetaMorph 6.7',
    },
  });
  expect(issues).toEqual([]);
});

test('wells of a plate are images of their own; channels and times of a series are those of its files', async () => {
  const files: Record<string, Uint8Array> = {};
  for (const column of ['02', '03'])
    for (const [c, light] of ['DAPI', 'FITC'].entries())
      for (const t of [1, 2])
        files[`p_C${column}_s1_w${c + 1}_t${t}.tif`] = buildTiff({
          pages: [
            pictureOf(Number(column) * 100 + c * 10 + t, {
              description: metaSeries(light, `20240709 13:15:${10 * t}.5`),
            }),
          ],
        });
  const { images, format } = await open(files, 'p_C03_s1_w1_t1.tif');
  expect(format).toBe('imagexpress');
  expect(images.map(({ description }) => description.name)).toEqual(['p C02', 'p C03']);
  const well = images[1]!;
  expect(well.description).toMatchObject({
    sizes: { t: 2, c: 2, z: 1, y: 2, x: 3 },
    channels: [{ name: 'DAPI' }, { name: 'FITC' }],
    timeStep: { value: 10, unit: 'second' },
  });
  expect((await well.readRegion({ t: 1, c: 1, z: 0 })).data[0]).toBe(312);
});

test('a slide of Aperio has its levels, and its label and macro are pictures of their own', async () => {
  const tile = { width: 16, height: 16 };
  const page = (width: number, height: number, words: string, more: Partial<PageToBuild> = {}): PageToBuild => ({
    width,
    height,
    bits: 8,
    values: Array.from({ length: width * height }, (_, n) => n % 251),
    description: `Aperio Image Library v11.2.1 \r\n${words}`,
    ...more,
  });
  const pairs = '|AppMag = 20|Date = 12/29/09|Time = 09:59:15|MPP = 0.4990';
  const pages = [
    page(64, 48, `64x48 (16x16) JPEG/RGB${pairs}`, { tile }),
    page(20, 15, `64x48 -> 20x15 - ${pairs}`),
    page(16, 12, `64x48 -> 16x12 ${pairs}`, { tile }),
    page(9, 10, 'label 9x10', { extra: [{ tag: 254, type: 4, values: [1] }] }),
    page(30, 10, 'macro 30x10', { extra: [{ tag: 254, type: 4, values: [9] }] }),
  ];
  const { images } = await open({ 'a.svs': buildTiff({ pages }) }, 'a.svs');
  expect(images.map(({ description }) => description.name)).toEqual([
    'a (1)',
    'a (thumbnail)',
    'a (label)',
    'a (macro)',
  ]);
  expect(images[0]!.levels.map(({ width, height }) => [width, height])).toEqual([
    [64, 48],
    [16, 12],
  ]);
  expect(images[0]!.description).toMatchObject({
    voxelSize: { y: um(0.499), x: um(0.499) },
    acquiredAt: '2009-12-29T09:59:15',
    instrument: { manufacturer: 'Aperio', objective: { magnification: 20 } },
  });
  expect(images[2]!.description.voxelSize).toBeUndefined();
});

test('SCIFIO lists the axes of its pages and their scales', async () => {
  const description =
    'SCIFIO=0.43.3\naxes=X,Y,Channel,Z\nlengths=3,2,2,4\nscales=0.15,0.15,1.0,0.235\nunits=micrometer,micrometer,null,micrometer\nimages=8\n';
  const pages = Array.from({ length: 8 }, (_, n) => pictureOf(n * 10, n === 0 ? { description } : {}));
  const { images, issues } = await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
  expect(images[0]!.description).toMatchObject({
    sizes: { t: 1, c: 2, z: 4, y: 2, x: 3 },
    voxelSize: { z: um(0.235), y: um(0.15), x: um(0.15) },
  });
  expect((await images[0]!.readRegion({ t: 0, c: 1, z: 2 })).data[0]).toBe(50);
  expect(issues.map(({ code }) => code)).toEqual(['channels-unnamed']);
});

test('Gatan writes units and sizes of x and y in tags', async () => {
  const extra = [
    { tag: 65003, type: 2, values: [0xb5, 0x6d, 0] },
    { tag: 65004, type: 2, values: [0x6e, 0x6d, 0] },
    { tag: 65009, type: 12, values: [0.25] },
    { tag: 65010, type: 12, values: [50] },
  ];
  const { images } = await open({ 'a.tif': buildTiff({ pages: [pictureOf(1, { extra })] }) }, 'a.tif');
  expect(images[0]!.description.voxelSize).toEqual({ y: um(0.05), x: um(0.25) });
});

test('Olympus SIS keeps the size of a pixel in a record behind the picture', async () => {
  const build = (at: number): Uint8Array =>
    buildTiff({ pages: [pictureOf(1, { extra: [{ tag: 33560, type: 4, values: [at] }] })] });
  const at = build(0).length;
  const record = new DataView(new ArrayBuffer(68 + 112));
  for (const [n, char] of [...'SIS0'].entries()) record.setUint8(n, char.charCodeAt(0));
  for (const [place, value] of [42, 19, 15, 10, 118].entries()) record.setInt16(10 + 2 * place, value, true);
  record.setInt16(58, 1, true);
  record.setInt16(60, 1, true);
  record.setUint32(64, at + 68, true);
  record.setInt16(68 + 10, -9, true);
  record.setFloat64(68 + 12, 2.5, true);
  record.setFloat64(68 + 20, 3.5, true);
  record.setFloat64(68 + 36, 600, true);
  const bytes = new Uint8Array([...build(at), ...new Uint8Array(record.buffer)]);
  const { images } = await open({ 'a.tif': bytes }, 'a.tif');
  expect(images[0]!.description).toMatchObject({
    voxelSize: { y: um(0.0035), x: um(0.0025) },
    acquiredAt: '2018-11-15T19:42:00',
    instrument: { objective: { magnification: 600 } },
  });
  expect((await open({ 'a.tif': build(at) }, 'a.tif')).images).toHaveLength(1);
});

test('MetaMorph marks a single picture by tag 33628 alone; texts have their length in one byte', async () => {
  const property = (name: string, value: number[]): number[] => [
    0,
    0,
    0,
    0,
    name.length,
    ...Buffer.from(name),
    2,
    0,
    0,
    0,
    ...value,
  ];
  const text = (value: string): number[] => [2, value.length, ...Buffer.from(value)];
  const parts = [
    property('_IllumSetting_', text('Cy5')),
    property('_MagNA_', [1, 45, 0, 0, 0, 100, 0, 0, 0]),
    property('_MagSetting_', text('20x Plan Fluor')),
    [5, 0, 0, 0, 1, 0, 0, 0],
    [2, 0, 0, 0, ...Buffer.from('um')],
  ];
  const build = (places: readonly number[]): Uint8Array => {
    const [light = 0, aperture = 0, lens = 0, size = 0, unit = 0] = places;
    const values = [3, 1, 4, size, 5, size, 6, unit, 49, light, 49, aperture, 49, lens];
    return buildTiff({
      pages: [pictureOf(7, { extra: [{ tag: 33628, type: 4, values: values.concat(Array<number>(14).fill(0)) }] })],
    });
  };
  const start = build([]).length;
  const places = parts.map((_, n) => start + parts.slice(0, n).flat().length);
  const { images, format } = await open({ 'a.tif': new Uint8Array([...build(places), ...parts.flat()]) }, 'a.tif');
  expect(format).toBe('stk');
  expect(images[0]!.description).toMatchObject({
    sizes: { t: 1, c: 1, z: 1, y: 2, x: 3 },
    voxelSize: { y: um(5), x: um(5) },
    channels: [{ illumination: 'Cy5' }],
    instrument: { objective: { model: '20x Plan Fluor', magnification: 20, numericalAperture: 0.45 } },
  });
  expect([...(await images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([7, 8, 9, 10, 11, 12]);
});

test('the only picture of a file is shown, though it is marked as a smaller copy', async () => {
  const reduced = pictureOf(3, { extra: [{ tag: 254, type: 4, values: [1] }] });
  const { images } = await open({ 'a.tif': buildTiff({ pages: [reduced] }) }, 'a.tif');
  expect(images.map(({ description }) => description.sizes)).toEqual([{ t: 1, c: 1, z: 1, y: 2, x: 3 }]);
});

describe('ScanImage', () => {
  const settings = (lines: readonly string[]): number[] => [
    ...Buffer.from(`${["SI.VERSION_MAJOR = '2020'", 'SI.VERSION_MINOR = 1', ...lines].join('\n')}\n\0`),
  ];
  const film = (count: number, lines: readonly string[]) => {
    const extra = [{ tag: 305, type: 2, values: settings(lines) }];
    const pages = Array.from({ length: count }, (_, n) => pictureOf(n * 10, n === 0 ? { extra } : {}));
    return open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
  };

  test('channels come fastest, then the slices of each volume', async () => {
    const { images, issues } = await film(12, [
      'SI.hChannels.channelSave = [1;3]',
      'SI.hFastZ.enable = true',
      'SI.hFastZ.discardFlybackFrames = true',
      'SI.hFastZ.numFramesPerVolume = 3',
      'SI.hRoiManager.scanFrameRate = 30',
    ]);
    expect(images[0]!.description).toMatchObject({
      sizes: { t: 2, c: 2, z: 3 },
      timeStep: { value: expect.closeTo(0.1, 9), unit: 'second' },
      channels: [{ name: 'Channel 1' }, { name: 'Channel 3' }],
      instrument: { software: 'ScanImage 2020.1' },
    });
    expect((await images[0]!.readRegion({ t: 1, c: 1, z: 2 })).data[0]).toBe(110);
    expect((await images[0]!.readRegion({ t: 0, c: 1, z: 1 })).data[0]).toBe(30);
    expect(issues.map(({ code }) => code)).toEqual(['no-pixel-size']);
  });

  test('all frames of a slice come before the next slice', async () => {
    const { images } = await film(6, [
      'SI.hChannels.channelSave = 1',
      'SI.hFastZ.enable = false',
      'SI.hStackManager.framesPerSlice = 2',
      'SI.hStackManager.numSlices = 3',
    ]);
    expect(images[0]!.description.sizes).toMatchObject({ t: 2, c: 1, z: 3 });
    expect((await images[0]!.readRegion({ t: 1, c: 0, z: 2 })).data[0]).toBe(50);
  });

  test('pages that do not divide so are times', async () => {
    const { images } = await film(5, ['SI.hChannels.channelSave = [1;2]']);
    expect(images[0]!.description.sizes).toMatchObject({ t: 5, c: 1, z: 1 });
  });
});
