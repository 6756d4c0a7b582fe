import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { type ImageReader, fileTree, findItems, memorySource } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { expect, test } from 'vitest';

const data = new URL('../../../shared/data/images/', import.meta.url);
const present = existsSync(data);
if (!present) console.warn('tests/files/vendor-images: the folder shared/data is absent, nothing is tested');

type Opened = Awaited<ReturnType<ImageReader['open']>>;
type Image = Opened['images'][number];

/** Opens a file the way the program does, counting the bytes that are read meanwhile. */
async function openFile(path: string): Promise<{ opened: Opened; format: string; read: () => number }> {
  const slash = path.lastIndexOf('/');
  const folder = await openFolder(fileURLToPath(new URL(path.slice(0, slash), data)));
  let read = 0;
  const entries = folder.entries.map((entry) => ({
    path: entry.path,
    size: entry.size,
    close: () => entry.close?.() ?? Promise.resolve(),
    async open() {
      const source = await entry.open();
      const counted: typeof source = {
        name: source.name,
        size: source.size,
        async read(offset, length, signal) {
          const bytes = await source.read(offset, length, signal);
          read += bytes.length;
          return bytes;
        },
      };
      return counted;
    },
  }));
  const [item] = await findItems({ name: folder.name, entries }, { asked: path.slice(slash + 1) });
  if (!item?.descriptor?.images) throw new Error(`${path} has no image reader: ${item?.format ?? 'nothing'}`);
  read = 0;
  const opened = await (await item.descriptor.images.reader()).open(item);
  return { opened, format: item.format, read: () => read };
}

/** Sum of all pixels of all planes, and the smallest and largest value. */
async function sums({ description, readRegion }: Image): Promise<{ sum: number; min: number; max: number }> {
  const out = { sum: 0, min: Infinity, max: -Infinity };
  const { t, c, z, y: _y, x: _x, ...further } = description.sizes;
  const axes = Object.entries({ t, c, z, ...further });
  const planes = axes.reduce((product, [, length]) => product * length, 1);
  for (let plane = 0; plane < planes; plane++) {
    let rest = plane;
    const at: Record<string, number> = {};
    for (const [axis, length] of axes) {
      at[axis] = rest % length;
      rest = Math.floor(rest / length);
    }
    const { t: time = 0, c: channel = 0, z: depth = 0, ...other } = at;
    for (const value of (await readRegion({ t: time, c: channel, z: depth, other })).data) {
      out.sum += Number(value);
      out.min = Math.min(out.min, Number(value));
      out.max = Math.max(out.max, Number(value));
    }
  }
  return out;
}

const um = (value: number) => ({ value, unit: 'micrometer' });
const sizes = (t: number, c: number, z: number, y: number, x: number): object => ({ t, c, z, y, x });

interface Expected {
  file: string;
  format: string;
  /** One for each image. */
  descriptions: object[];
  sums: { sum: unknown; min?: number; max?: number }[];
}

/** What `SOURCES.md` says a reader must find. */
const expected: Expected[] = [
  {
    file: 'czi/CellDivision_T3_Z6_CH1_X300_Y200_DCV_ZSTD.czi',
    format: 'czi',
    descriptions: [
      {
        sizes: sizes(3, 1, 6, 200, 300),
        type: 'uint16',
        significantBits: 14,
        voxelSize: { z: um(0.32), y: um(0.0905766741522103), x: um(0.0905766741522103) },
        channels: [{ name: 'LED555', color: 'FF7E00' }],
        instrument: { objective: { magnification: 50, numericalAperture: 1.2, immersion: 'Water' } },
        acquiredAt: expect.stringMatching(/^2016-02-12T09:41:02/),
        timeStep: { unit: 'second', value: 60.076 },
      },
    ],
    sums: [{ sum: 446_103_475, min: 0, max: 6829 }],
  },
  {
    file: 'czi/LLS7_small.czi',
    format: 'czi',
    descriptions: [
      {
        sizes: sizes(2, 2, 3, 64, 64),
        type: 'uint16',
        voxelSize: { z: um(0.144992), y: um(0.144992), x: um(0.144992) },
        channels: [{ name: 'LatticeLightsheet 1-T1' }, { name: 'LatticeLightsheet 2-T2' }],
        instrument: { objective: { magnification: 13.3, numericalAperture: 0.44 } },
        acquiredAt: expect.stringMatching(/^2019-11-23T13:27:18/),
      },
    ],
    sums: [{ sum: 24_400_789, min: 0, max: 9601 }],
  },
  {
    file: 'czi/WellD6_S1.czi',
    format: 'czi',
    descriptions: [
      {
        sizes: sizes(1, 1, 1, 440, 544),
        type: 'uint16',
        voxelSize: { y: um(0.1), x: um(0.1) },
        channels: [{ name: 'AF488', excitationNanometers: 493, emissionNanometers: 517 }],
        instrument: { objective: { magnification: 5, numericalAperture: 0.35 } },
        acquiredAt: expect.stringMatching(/^2023-01-06T10:41:51/),
      },
    ],
    sums: [{ sum: 2_945_007_207, min: 8273, max: 16_383 }],
  },
  {
    file: 'czi/newCZI_compressed.czi',
    format: 'czi',
    descriptions: [{ sizes: sizes(1, 1, 1, 512, 512), type: 'uint16' }],
    sums: [{ sum: 38_944_539, min: 68, max: 2056 }],
  },
  {
    file: 'czi/nuc_small_new_red.czi',
    format: 'czi',
    descriptions: [
      {
        sizes: sizes(1, 1, 1, 240, 320),
        type: 'uint8',
        voxelSize: { z: um(0.2), y: um(0.1), x: um(0.1) },
        channels: [{ name: 'nuclei' }],
      },
    ],
    sums: [{ sum: 136_608, min: 0, max: 34 }],
  },
  {
    file: 'lif/LeicaLASX_wavelength-sweep_example.lif',
    format: 'lif',
    descriptions: [
      {
        name: 'x_y_lambdaEmi',
        sizes: { ...sizes(1, 1, 1, 64, 64), emission: 20 },
        type: 'uint8',
        voxelSize: { x: { value: expect.closeTo(0.10481, 5), unit: 'micrometer' } },
        acquiredAt: expect.stringMatching(/^2021-01-29T/),
        instrument: {
          model: 'TCS SP8',
          objective: { magnification: 63, numericalAperture: 1.3, immersion: 'GLYC' },
          software: 'LAS X 3.5.7.23225',
        },
      },
      { name: 'x_y_lambdaExc', sizes: { ...sizes(1, 1, 1, 64, 64), excitation: 15 }, type: 'uint8' },
      { name: 'x_y_z_t_lambdaEmi', sizes: { ...sizes(2, 1, 11, 64, 64), emission: 10 }, type: 'uint8' },
    ],
    sums: [{ sum: 547_248 }, { sum: 1_485_476 }, { sum: 4_846_106 }],
  },
  {
    file: 'nd2/cluster.nd2',
    format: 'nd2',
    descriptions: [
      {
        sizes: sizes(3, 2, 10, 31, 38),
        type: 'uint16',
        significantBits: 12,
        voxelSize: { z: um(0.5), y: um(0.167808983232682), x: um(0.167808983232682) },
        channels: [{ name: '5-FAM/pH 9.0', emissionNanometers: 525 }, { name: 'FM 4-64/2% CHAPS' }],
        instrument: { model: 'Nikon Ti', objective: { model: 'Plan Apo λ 60x', magnification: 60 } },
        acquiredAt: expect.stringMatching(/^2014-06-18T/),
      },
    ],
    sums: [{ sum: 4_832_891, min: 0, max: 3033 }],
  },
  {
    file: 'dv/toxo.dv',
    format: 'dv',
    descriptions: [
      {
        sizes: sizes(1, 2, 17, 128, 128),
        type: 'uint16',
        voxelSize: { z: um(0.3), y: um(0.13262), x: um(0.13262) },
        channels: [{ emissionNanometers: 525 }, { emissionNanometers: 632 }],
        instrument: {
          objective: {
            model: 'Olympus PlanApo 100x/1.35 (lens 10003)',
            magnification: 100,
            numericalAperture: 1.35,
            immersion: 'Oil',
            correction: 'PlanApo',
            workingDistanceMicrometers: 100,
          },
        },
      },
    ],
    sums: [{ sum: 150_923_438, max: 7657 }],
  },
  {
    file: 'mrc/EMD-3197.map',
    format: 'mrc',
    descriptions: [
      {
        sizes: sizes(1, 1, 20, 20, 20),
        type: 'float32',
        voxelSize: { z: um(0.00114), y: um(0.00114), x: um(0.00114) },
      },
    ],
    // The mean of the header is 0.783612.
    sums: [{ sum: expect.closeTo(0.783612 * 8000, 1), min: Math.fround(-4.1337457), max: Math.fround(5.5767369) }],
  },
  {
    file: 'tiff/movie.stk',
    format: 'stk',
    descriptions: [
      {
        sizes: sizes(2, 1, 1, 20, 20),
        type: 'uint16',
        // 13:49:34 and 528 ms, then 13:49:35 and 392 ms.
        timeStep: { value: expect.closeTo(0.864, 6), unit: 'second' },
        acquiredAt: '2022-08-18T13:49:34.528',
      },
    ],
    sums: [{ sum: 80_691, min: 93, max: 109 }],
  },
  {
    file: 'oib/test.oib',
    format: 'oib',
    descriptions: [
      {
        sizes: sizes(1, 3, 1, 256, 256),
        type: 'uint16',
        significantBits: 12,
        voxelSize: { y: um(0.177), x: um(0.177) },
        channels: [{ name: 'CH1' }, { name: 'CH2', fluorophore: 'Alexa Fluor 546' }, { name: 'TD1' }],
        instrument: { model: expect.stringContaining('FV1000') },
        acquiredAt: '2012-07-26T15:13:35',
      },
    ],
    sums: [{ sum: 22_899_363, max: 820 }],
  },
  {
    file: 'ims/Minimal_IMS_File.ims',
    format: 'ims',
    descriptions: [
      {
        sizes: sizes(1, 1, 1, 128, 128),
        type: 'uint16',
        voxelSize: { z: um(0.1), y: um(0.0546875), x: um(0.0546875) },
        origin: { y: um(3), x: um(3) },
      },
    ],
    sums: [{ sum: 1_439_095, min: 43, max: 141 }],
  },
];

for (const { file, format, descriptions, sums: figures } of expected)
  test.runIf(present)(`${file}: description and pixels`, async () => {
    const { opened, format: found } = await openFile(file);
    expect(found).toBe(format);
    expect(opened.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(opened.images.map(({ description }) => description)).toMatchObject(descriptions);
    for (const [n, image] of opened.images.entries()) expect(await sums(image)).toMatchObject(figures[n]!);
  });

test.runIf(present)('a region is the same pixels as in the whole plane', async () => {
  for (const { file } of expected) {
    const { opened } = await openFile(file);
    for (const { description, readRegion } of opened.images) {
      const { t, c, z, x, y } = description.sizes;
      const plane = { t: t - 1, c: c - 1, z: z - 1 };
      const whole = await readRegion(plane);
      const region = { x: x >> 2, y: y >> 1, width: x >> 1, height: Math.max(1, y >> 2) };
      const part = await readRegion(plane, region);
      const expectedRows = Array.from({ length: region.height }, (_, row) => {
        const at = (region.y + row) * x + region.x;
        return [...whole.data.subarray(at, at + region.width)];
      });
      expect([file, [...part.data]]).toEqual([file, expectedRows.flat()]);
    }
  }
});

test.runIf(present)('a scaling of 0 is not a pixel size', async () => {
  const { opened } = await openFile('czi/newCZI_compressed.czi');
  expect(opened.images[0]!.description.voxelSize).toBeUndefined();
  expect(opened.issues.map(({ code }) => code)).toContain('no-pixel-size');
});

test.runIf(present)('what the files say of microscope, light and times', async () => {
  const described = async (path: string) => (await openFile(path)).opened.images.at(-1)!.description;
  expect(await described('czi/CellDivision_T3_Z6_CH1_X300_Y200_DCV_ZSTD.czi')).toMatchObject({
    planeTimes: [0, 60.075, 120.151],
    channels: [{ acquisitionMode: 'WideField', illumination: 'Epifluorescence', exposureSeconds: 0.1 }],
    instrument: {
      objective: { immersion: 'Water', workingDistanceMicrometers: 800, refractiveIndex: 1.33 },
      lightSources: ['LED-Module 567nm', 'LED-Module 470nm'],
    },
  });
  expect(await described('lif/LeicaLASX_wavelength-sweep_example.lif')).toMatchObject({
    instrument: {
      objective: { numericalAperture: 1.3, refractiveIndex: 1.46 },
      lightSources: ['WLL'],
      detector: 'HyD 1',
      detectorSettings: 'HyD 1 gain 350.56',
    },
    furtherAxes: { emission: { start: 550, step: 5, unit: 'nanometer' } },
    channels: [{ excitationNanometers: 543, acquisitionMode: 'Confocal' }],
  });
  expect(await described('nd2/cluster.nd2')).toMatchObject({
    planeTimes: [0, expect.closeTo(10.641, 3), expect.closeTo(21.295, 3)],
    timeOffset: { value: expect.closeTo(0.445083, 6), unit: 'second' },
    origin: { x: { value: expect.closeTo(-26_056.951, 3) }, z: { value: expect.closeTo(3914.3375, 4) } },
    channels: [{ pinholeMicrometers: expect.closeTo(38.314, 3) }, {}],
    instrument: {
      detector: 'Nikon A1plus',
      objective: { refractiveIndex: 1 },
      lightSources: ['laser 488 nm', 'laser 561 nm'],
      software: 'NIS-Elements AR 4.20.01 (Build 982)',
    },
  });
  expect(await described('oib/test.oib')).toMatchObject({
    instrument: {
      lightSources: ['laser 488 nm'],
      objective: { model: 'UPLFLN 40X NA:0.75', magnification: 40, numericalAperture: 0.75 },
      detectorSettings: 'CH1 1050 V, CH2 1050 V, TD1 172 V',
    },
    channels: [{ emissionNanometers: 515 }, { emissionNanometers: 572 }, { illumination: 'Transmitted Light' }],
    description: '40xWater 488 0.3% 543 0%',
  });
  expect(await described('czi/LLS7_small.czi')).toMatchObject({
    instrument: { lightSources: ['561 nm', '488 nm'], detectorSettings: 'binning 1 x 1' },
  });
  expect(await described('tiff/movie.stk')).toMatchObject({
    instrument: { software: 'MetaMorph 6.1', detectorSettings: 'binning 1 x 1, gain Gain 2 (2x), digitizer 20 MHz' },
    channels: [{ exposureSeconds: 0.2 }],
    significantBits: 12,
  });
  expect((await described('tiff/movie.stk')).planeTimes).toEqual([0, expect.closeTo(0.864, 6)]);
});

/** The ND2 sample with its images packed with zlib: the chunks one after another as before, and a map of their new places. */
function packedNd2(whole: Buffer): Uint8Array {
  const parts: Buffer[] = [];
  const map: Buffer[] = [];
  let length = 0;
  const put = (name: Buffer, data: Buffer): number => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(0x0abeceda, 0);
    head.writeUInt32LE(name.length, 4);
    head.writeBigUInt64LE(BigInt(data.length), 8);
    parts.push(head, name, data);
    const at = length;
    length += 16 + name.length + data.length;
    return at;
  };
  const note = (name: string, at: number, size: number): void => {
    const place = Buffer.alloc(16);
    place.writeBigUInt64LE(BigInt(at), 0);
    place.writeBigUInt64LE(BigInt(size), 8);
    map.push(Buffer.from(name, 'latin1'), place);
  };
  const mapAt = Number(whole.readBigUInt64LE(whole.length - 8));
  let at = mapAt + 16 + whole.readUInt32LE(mapAt + 4);
  for (let end = whole.indexOf('!', at); end > 0; end = whole.indexOf('!', at)) {
    const name = whole.toString('latin1', at, end + 1);
    if (name.startsWith('ND2 CHUNK MAP')) break;
    const chunk = Number(whole.readBigUInt64LE(end + 1));
    at = end + 17;
    const nameLength = whole.readUInt32LE(chunk + 4);
    const start = chunk + 16 + nameLength;
    let data = Buffer.from(whole.subarray(start, start + Number(whole.readBigUInt64LE(chunk + 8))));
    if (name.startsWith('ImageDataSeq|')) data = Buffer.concat([data.subarray(0, 8), deflateSync(data.subarray(8))]);
    if (name === 'ImageAttributesLV!') {
      const field = Buffer.from('eCompression\0', 'utf16le');
      data.writeInt32LE(0, data.indexOf(field) + field.length);
    }
    note(name, put(whole.subarray(chunk + 16, start), data), data.length);
  }
  const signature = Buffer.from('ND2 CHUNK MAP SIGNATURE 0000001!', 'latin1');
  const mapPlace = put(Buffer.from('ND2 FILEMAP SIGNATURE NAME 0001!', 'latin1'), Buffer.concat([...map, signature]));
  const tail = Buffer.alloc(8);
  tail.writeBigUInt64LE(BigInt(mapPlace));
  return Buffer.concat([...parts, tail]);
}

test.runIf(present)('an ND2 whose images are packed with zlib is read like the one it was made of', async () => {
  const bytes = packedNd2(readFileSync(new URL('nd2/cluster.nd2', data)));
  const entry = { path: 'packed.nd2', size: bytes.length, open: async () => memorySource('packed.nd2', bytes) };
  const [item] = await findItems(fileTree('', [entry]));
  const { images, issues } = await (await item!.descriptor!.images!.reader()).open(item!);
  expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const original = (await openFile('nd2/cluster.nd2')).opened.images[0]!;
  expect(images[0]!.description).toEqual({ ...original.description, name: 'packed' });
  expect(await sums(images[0]!)).toEqual({ sum: 4_832_891, min: 0, max: 3033 });
  const region = { x: 3, y: 4, width: 7, height: 5 };
  const plane = { t: 1, c: 1, z: 2 };
  expect((await images[0]!.readRegion(plane, region)).data).toEqual((await original.readRegion(plane, region)).data);
});
