import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { Item } from '../../recognition/item.ts';
import type { OpenedImages } from '../image-reader.ts';
import { buildTiff } from '../tiff/tiff-for-tests.ts';
import { cellVoyagerPlates } from './cellvoyager-names.ts';
import { readRecords } from './cellvoyager-settings.ts';
import { parseHtd } from './htd.ts';
import { imageXpressPlates } from './imagexpress-names.ts';
import { readOperettaIndex } from './operetta-index.ts';
import { operettaPlates } from './operetta-names.ts';
import { rowsAndColumns } from './plate-plane.ts';

type Files = Record<string, Uint8Array | string>;

function treeOf(files: Files): FileTree {
  const entries = Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
  });
  return fileTree('', entries);
}

const open = async (item: Item | undefined): Promise<OpenedImages> =>
  (await item!.descriptor!.images!.reader()).open(item!);

/** One plane of 2 x 1 pixels. */
const plane = (value: number, description?: string): Uint8Array =>
  buildTiff({
    pages: [{ width: 2, height: 1, bits: 16, values: [value, 7], ...(description ? { description } : {}) }],
  });

const valueOf = async ({ images }: OpenedImages, image: number, t: number, c: number, z: number): Promise<number> =>
  Number((await images[image]!.readRegion({ t, c, z })).data[0]);

const summary = (items: readonly Item[]): unknown[] =>
  items.map(({ path, format, files }) => [path, format, files.length]);

describe('MetaXpress', () => {
  const id = (n: number): string => `0A1B2C3D-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const htd = [
    '"HTSInfoFile", Version 1.0',
    '"Description", "first line\u201a\u0081second"',
    '"TimePoints", 3',
    '"ZSeries", TRUE',
    '"ZSteps", 2',
    '"XWells", 6',
    '"YWells", 4',
    '"WellsSelection2", FALSE, TRUE, TRUE, TRUE, FALSE, FALSE',
    '"Sites", TRUE',
    '"XSites", 2',
    '"YSites", 1',
    '"SiteSelection1", TRUE, TRUE',
    '"Waves", TRUE',
    '"NWavelengths", 3',
    '"WaveName1", "DAPI"',
    '"WaveName2", "Cy5, far"',
    '"WaveName3", "TRITC"',
    '"EndFile"',
  ].join('\r\n');

  /** Values tell well, site, wavelength, time and slice. */
  function plate(root: string): Files {
    const files: Files = { [`${root}Plate.HTD`]: htd };
    let n = 0;
    for (const [w, well] of ['B02', 'B03'].entries())
      for (const s of [1, 2])
        for (const c of [1, 2])
          for (const t of [1, 2])
            for (const z of [0, 1, 2]) {
              const folder = `${root}TimePoint_${t}/${z === 0 ? '' : `ZStep_${z}/`}`;
              const place = `<MetaData><prop id="z-position" type="float" value="${100 + 2.5 * z}"/><prop id="acquisition-time-local" type="time" value="20240102 10:00:${10 * t}.000"/></MetaData>`;
              files[`${folder}Plate_${well}_s${s}_w${c}${id(n++)}.tif`] = plane(
                10000 * (w + 1) + 1000 * s + 100 * c + 10 * t + z,
                place,
              );
              if (z === 1) files[`${folder}Plate_${well}_s${s}_w${c}_thumb${id(n++)}.tif`] = plane(1);
            }
    return files;
  }

  test('folders of times and slices are one plate of wells, fields, channels', async () => {
    const files = { ...plate('run/77/'), 'run/notes.txt': 'of the run\n' };
    const items = await findItems(treeOf(files));
    expect(summary(items)).toEqual([
      ['run/77', 'imagexpress', 65],
      ['run/notes.txt', 'text', 1],
    ]);
    const opened = await open(items[0]);
    expect(opened.images.map(({ description }) => description.name).slice(0, 3)).toEqual([
      'Plate B02 field 1',
      'Plate B02 field 1 (2D)',
      'Plate B02 field 2',
    ]);
    const { description, place } = opened.images[4]!;
    expect(description).toMatchObject({
      name: 'Plate B03 field 1',
      sizes: { t: 2, c: 2, z: 2, y: 1, x: 2 },
      voxelSize: { z: { value: 2.5, unit: 'micrometer' } },
      timeStep: { value: 10, unit: 'second' },
      channels: [{ name: 'DAPI' }, { name: 'Cy5, far' }],
      acquiredAt: '2024-01-02T10:00:10.000',
      description: 'first line\nsecond',
    });
    expect(place).toMatchObject({ plate: 'Plate', row: 'B', column: '03', field: '1' });
    expect([place!.rows.length, place!.columns.length]).toEqual([4, 6]);
    expect(await valueOf(opened, 4, 1, 1, 1)).toBe(21222);
    expect(opened.images[5]!.place).toMatchObject({ field: '1flat' });
    expect(await valueOf(opened, 5, 1, 0, 0)).toBe(21120);
    expect(opened.issues.filter(({ code }) => code === 'plate-images-missing').map(({ message }) => message)).toEqual([
      'Plate.HTD speaks of the wells B04, which are not there; of the channels TRITC, which are not there; of 3 times, of which 2 are there.',
    ]);
  });

  test('it is the same plate where one points at a file of it, and where it lies at the root', async () => {
    const tree = treeOf(plate(''));
    expect(summary(await findItems(tree))).toEqual([['', 'imagexpress', 65]]);
    const asked = 'TimePoint_1/Plate.HTD';
    const [one] = await findItems(treeOf({ ...plate(''), [asked]: htd }), { asked });
    expect([one!.path, one!.format, one!.files.length]).toEqual([asked, 'imagexpress', 66]);
    expect((await open(one)).images).toHaveLength(8);
  });

  test('several plates of one folder, files without numbers, and a plane that is not there', async () => {
    const files: Files = {};
    for (const name of ['Week1_', 'Week2_', ''])
      for (const well of ['a01', 'P24']) for (const c of [1, 2]) files[`d/${name}${well}_w${c}.tif`] = plane(c);
    delete files['d/Week2_P24_w2.tif'];
    const items = await findItems(treeOf(files));
    expect(summary(items)).toEqual([
      ['d/P24_w1.tif', 'imagexpress', 4],
      ['d/Week1_P24_w1.tif', 'imagexpress', 4],
      ['d/Week2_P24_w1.tif', 'imagexpress', 3],
    ]);
    const opened = await open(items[2]);
    expect(opened.images.map(({ description }) => description.name)).toEqual(['Week2 A01', 'Week2 P24']);
    expect(opened.issues.find(({ code }) => code === 'plate-images-missing')!.message).toBe(
      '1 of 4 planes of the plate are not there: P24 field 1 (1).',
    );
    expect(await valueOf(opened, 1, 0, 1, 0)).toBe(0);
    expect(await valueOf(opened, 0, 0, 1, 0)).toBe(2);
  });

  test.each([
    ['a well alone, without settings', ['x_B02.tif', 'x_B03.tif', 'x_B04.tif']],
    ['one file', ['x_B02_s1_w1.tif']],
    ['OME-TIFF', ['x_B02_w1.ome.tif', 'x_B02_w2.ome.tif']],
    ['no well', ['x_Z02_w1.tif', 'x_Z02_w2.tif']],
    ['thumbnails', ['x_B02_s1_w1_thumb.tif', 'x_B02_s1_w2_thumb.tif']],
  ])('%s: no plate', (_, paths) => {
    expect(imageXpressPlates(paths)).toEqual([]);
  });

  test('planes of several sizes are no plate, and damaged settings are no more than missing ones', async () => {
    const odd = buildTiff({ pages: [{ width: 1, height: 1, bits: 8, values: [1] }] });
    const mixed = await findItems(treeOf({ 'd/x_B02_w1.tif': plane(1), 'd/x_B02_w2.tif': odd }));
    expect(mixed.map(({ format }) => format)).not.toContain('imagexpress');
    expect(parseHtd('"Something", 1')).toBeUndefined();
    expect(
      parseHtd('"HTSInfoFile"\n"XWells", 9e99\n"YWells", -3\n"TimePoints", many\n"NWavelengths", 1e9'),
    ).toMatchObject({
      size: { rows: 1, columns: 1 },
      times: 1,
      wells: [],
    });
  });
});

describe('Yokogawa CellVoyager', () => {
  const record = (name: string, x: number, z: number, second: number): string =>
    `<bts:MeasurementRecord bts:Type="IMG" bts:Time="2024-01-02T10:00:${second}.000+01:00" bts:X="${x}" bts:Y="2" bts:Z="${z}" bts:Ch="1">${name}</bts:MeasurementRecord>`;
  const detail =
    '\uFEFF<?xml version="1.0" encoding="utf-8"?><bts:MeasurementDetail bts:RowCount="16" bts:ColumnCount="24" bts:TargetSystem="CV8000" xmlns:bts="u"><bts:MeasurementSamplePlate bts:Name="Screen 1"/><bts:MeasurementChannel bts:Ch="1" bts:HorizontalPixelDimension="0.325" bts:VerticalPixelDimension="0.325"/></bts:MeasurementDetail>';
  const setting =
    '<bts:MeasurementSetting xmlns:bts="u"><bts:LightSourceList><bts:LightSource bts:Name="405nm" bts:WaveLength="405"/></bts:LightSourceList><bts:ChannelList><bts:Channel bts:Ch="1" bts:Objective="20x v2" bts:Magnification="20" bts:Acquisition="BP445/45" bts:ExposureTime="100" bts:Color="#FF002FFF" bts:Fluorophore=""><bts:LightSourceName>405nm</bts:LightSourceName></bts:Channel><bts:Channel bts:Ch="2" bts:Fluorophore="GFP"/></bts:ChannelList></bts:MeasurementSetting>';

  function plate(): Files {
    const files: Files = { 'p/MeasurementDetail.mrf': detail, 'p/a.mes': setting, 'p/DC_sCMOS #1.tif': plane(0) };
    const records: string[] = [record('gone_D08_T0009F001L01A01Z01C01.tif', 0, 0, 59)];
    for (const well of ['D08', 'E03'])
      for (const f of [1, 2])
        for (const [a, c] of [
          [1, 1],
          [2, 2],
          [3, 1],
        ] as const)
          for (const t of [1, 2])
            for (const z of [1, 2]) {
              const name = `Screen_${well}_T000${t}F00${f}L01A0${a}Z0${z}C0${c}.tif`;
              files[`p/${name}`] = plane((well === 'D08' ? 10000 : 20000) + 1000 * f + 100 * a + 10 * t + z);
              records.push(record(name, 100 * f, 3 * z, 10 * t));
            }
    files['p/MeasurementData.mlf'] = `<bts:MeasurementData>${records.join('\n')}</bts:MeasurementData>`;
    return files;
  }

  test('a folder is one plate, with what its settings say', async () => {
    const items = await findItems(treeOf({ ...plate(), 'TRACE.log': 'started\n' }));
    expect(summary(items)).toEqual([
      ['TRACE.log', 'text', 1],
      ['p', 'cellvoyager', 52],
    ]);
    const opened = await open(items[1]);
    expect(opened.images).toHaveLength(4);
    expect(opened.images[3]!.description).toMatchObject({
      name: 'Screen 1 E03 field 2',
      sizes: { t: 2, c: 3, z: 2, y: 1, x: 2 },
      voxelSize: { z: { value: 3, unit: 'micrometer' }, x: { value: 0.325, unit: 'micrometer' } },
      timeStep: { value: 10, unit: 'second' },
      origin: { x: { value: 200, unit: 'micrometer' } },
      channels: [
        {
          name: '405nm BP445/45',
          color: '002FFF',
          excitationNanometers: 405,
          emissionNanometers: 445,
          exposureSeconds: 0.1,
        },
        { name: 'GFP', fluorophore: 'GFP' },
        { name: '405nm BP445/45 (action 3)' },
      ],
      instrument: { manufacturer: 'Yokogawa', model: 'CV8000', objective: { model: '20x v2', magnification: 20 } },
    });
    expect(opened.images[3]!.place).toMatchObject({ plate: 'Screen 1', row: 'E', column: '03', field: '2' });
    expect(opened.images[3]!.place!.rows).toHaveLength(16);
    expect(await valueOf(opened, 3, 1, 2, 1)).toBe(22322);
    expect(opened.issues.map(({ message }) => message)).toEqual([
      'MeasurementData.mlf names 49 images, 1 of them are not there, such as gone_D08_T0009F001L01A01Z01C01.tif.',
    ]);
  });

  test('names of older systems, without settings', async () => {
    const files: Files = {};
    for (const t of [1, 2]) for (const c of [1, 2]) files[`q/W_A01F001T000${t}Z01C${c}.tif`] = plane(10 * t + c);
    const [item] = await findItems(treeOf(files));
    expect(item).toMatchObject({ path: 'q', format: 'cellvoyager' });
    const opened = await open(item);
    expect(opened.images[0]!.description).toMatchObject({ name: 'q A01', sizes: { t: 2, c: 2, z: 1 } });
    expect(await valueOf(opened, 0, 1, 1, 0)).toBe(22);
  });

  test('damaged settings are said to be, and what is no record is none', async () => {
    const files = plate();
    const [item] = await findItems(
      treeOf({ ...files, 'p/a.mes': setting.slice(0, 200), 'p/MeasurementData.mlf': '<a' }),
    );
    const opened = await open(item);
    expect(opened.issues.map(({ code }) => code)).toContain('microscope-metadata-broken');
    expect(opened.images).toHaveLength(4);
    expect(readRecords('<MeasurementRecord Type="ERR" Time="x">lamp off</MeasurementRecord>').size).toBe(0);
    expect(cellVoyagerPlates(['W_A01F001T0001Z01C1.tif', 'x_t0001.tif'])).toEqual([]);
  });
});

test('a plate of unknown size is the smallest usual one that holds its wells', () => {
  expect(rowsAndColumns(['B02']).columns.length).toBe(12);
  expect(rowsAndColumns(['B02', 'P24']).rows.at(-1)).toBe('P');
  expect(rowsAndColumns(['AF48']).rows.at(-1)).toBe('AF');
  expect(rowsAndColumns(['H12'], { rows: 2, columns: 3 }).rows).toHaveLength(8);
  expect(rowsAndColumns(['B02'], { rows: 2, columns: 3 }).columns).toEqual(['01', '02', '03']);
});

describe('names with time and slice', () => {
  test.each([
    [
      'behind the wavelength',
      (t: number, s: number, c: number, z: number) => `a/exp_C03_s${s}_w${c}_z${z}_t${t}.tif`,
      1,
    ],
    [
      'before the well',
      (t: number, s: number, c: number, z: number) => `a/timepoint${t}/Scan_488_t${t}_C03_s${s}_w${c}_z${z}.tif`,
      0,
    ],
  ])('%s are one plate', async (_how, nameOf, first) => {
    const files: Files = {};
    const numbers = [first, first + 1];
    for (const t of numbers)
      for (const s of numbers)
        for (const c of numbers)
          for (const z of numbers) files[nameOf(t, s, c, z)] = plane(1000 * t + 100 * s + 10 * c + z);
    const items = await findItems(treeOf(files));
    expect(summary(items)).toEqual([['a', 'imagexpress', 16]]);
    const opened = await open(items[0]);
    expect(opened.images.map(({ description }) => description.sizes)).toEqual(
      Array.from({ length: 2 }, () => ({ t: 2, c: 2, z: 2, y: 1, x: 2 })),
    );
    expect(opened.images[1]!.place).toMatchObject({ row: 'C', column: '03', field: String(first + 1) });
    expect(await valueOf(opened, 1, 1, 0, 1)).toBe(1000 * (first + 1) + 100 * (first + 1) + 10 * first + first + 1);
  });
});

describe('Operetta', () => {
  const meta = (c: number): string =>
    `<ChannelName>${['', 'DAPI &amp; co', 'GFP'][c]}</ChannelName><AcquisitionType>NipkowConfocal</AcquisitionType>` +
    '<ImageResolutionX Unit="m">2.9E-07</ImageResolutionX><ImageResolutionY Unit="m">2.9E-07</ImageResolutionY>' +
    `<MainExcitationWavelength Unit="nm">${[0, 375, 488][c]}</MainExcitationWavelength><MainEmissionWavelength Unit="nm">${[0, 456, 522][c]}</MainEmissionWavelength>` +
    '<CameraType>AndorZylaCam</CameraType><ObjectiveMagnification Unit="">20</ObjectiveMagnification><ObjectiveNA Unit="">1</ObjectiveNA><ExposureTime Unit="s">0.06</ExposureTime>';

  /** @param isMapped channels told once, as later versions do */
  function plate(isMapped: boolean): Files {
    const files: Files = {};
    const records: string[] = [];
    for (const [row, column] of [
      [2, 3],
      [27, 4],
    ])
      for (const f of [1, 2])
        for (const c of [1, 2])
          for (const t of [1, 2])
            for (const z of [1, 2]) {
              const two = (n: number): string => String(n).padStart(2, '0');
              const name = `r${two(row!)}c${two(column!)}f${two(f)}p${two(z)}-ch${c}sk${t}fk1fl1.tiff`;
              files[`P7/Images/${name}`] = plane(10_000 * (row === 2 ? 1 : 2) + 1000 * f + 100 * c + 10 * t + z);
              records.push(
                `<Image Version="1"><id>x</id><URL>${name}</URL><ChannelID>${c}</ChannelID>${isMapped ? '' : meta(c)}` +
                  `<PositionX Unit="m">1E-04</PositionX><PositionY Unit="m">-2E-04</PositionY><PositionZ Unit="m">${z}.5E-06</PositionZ>` +
                  `<AbsTime>2021-05-04T10:0${t}:00.0+02:00</AbsTime></Image>`,
              );
            }
    const map = isMapped
      ? `<Map>${[1, 2].map((c) => `<Entry ChannelID="${c}">${meta(c)}</Entry>`).join('')}</Map>`
      : '';
    records.push('<Image Version="1"><URL>r02c03f03p01-ch1sk1fk1fl1.tiff</URL><ChannelID>1</ChannelID></Image>');
    files['P7/Images/Index.idx.xml'] =
      '\ufeff<?xml version="1.0" encoding="utf-8"?><EvaluationInputData xmlns="http://www.perkinelmer.com/PEHH/HarmonyV5"><User>Hanako Yamada</User>' +
      '<InstrumentType>Phenix</InstrumentType><Plates><Plate><PlateID>P7</PlateID><Name>Plate 7</Name><PlateRows>32</PlateRows><PlateColumns>48</PlateColumns></Plate></Plates>' +
      `<Images>${map}${records.join('')}</Images></EvaluationInputData>`;
    return files;
  }

  test.each([false, true])('planes and their index are one plate (channels told once: %s)', async (isMapped) => {
    const items = await findItems(treeOf(plate(isMapped)));
    expect(summary(items)).toEqual([['P7/Images', 'operetta', 33]]);
    const opened = await open(items[0]);
    expect(opened.images).toHaveLength(4);
    const { description, place } = opened.images.find((one) => one.place!.row === 'AA' && one.place!.field === '2')!;
    expect(description).toMatchObject({
      name: 'Plate 7 AA04 field 2',
      sizes: { t: 2, c: 2, z: 2, y: 1, x: 2 },
      voxelSize: { x: { value: 0.29, unit: 'micrometer' }, z: { value: 1, unit: 'micrometer' } },
      timeStep: { value: 60, unit: 'second' },
      origin: { x: { value: 100, unit: 'micrometer' }, y: { value: -200 }, z: { value: 1.5 } },
      acquiredAt: '2021-05-04T10:01:00.0+02:00',
      channels: [
        { name: 'DAPI & co', excitationNanometers: 375, emissionNanometers: 456, exposureSeconds: 0.06 },
        { name: 'GFP', excitationNanometers: 488, emissionNanometers: 522 },
      ],
      instrument: { model: 'Phenix', objective: { magnification: 20, numericalAperture: 1 }, detector: 'AndorZylaCam' },
    });
    expect([place!.rows.length, place!.columns.length, place!.column]).toEqual([32, 48, '04']);
    const at = opened.images.findIndex((one) => one.place!.row === 'AA' && one.place!.field === '2');
    expect(await valueOf(opened, at, 1, 0, 1)).toBe(22_122);
    expect(opened.issues.map(({ code, message }) => [code, message])).toEqual([
      [
        'plate-images-missing',
        'The index names 33 images, 1 of them are not there, such as r02c03f03p01-ch1sk1fk1fl1.tiff.',
      ],
    ]);
    // Who took it stands in what is kept, and none of the records of planes does.
    expect(opened.rawMetadata!.text).toContain('<User>Hanako Yamada</User>');
    expect(opened.rawMetadata!.text).not.toContain('<URL>');
  });

  test('two channels of one plane are one image, with an index that is none', async () => {
    const files = {
      'q/r01c01f01p01-ch1sk1fk1fl1.tiff': plane(1),
      'q/r01c01f01p01-ch2sk1fk1fl1.tiff': plane(2),
      'q/Index.idx.xml': '<other/>',
    };
    const items = await findItems(treeOf(files));
    expect(summary(items)).toEqual([['q', 'operetta', 3]]);
    const opened = await open(items[0]);
    expect(opened.images.map(({ description }) => [description.name, description.sizes.c])).toEqual([['q A01', 2]]);
    expect(await valueOf(opened, 0, 0, 1, 0)).toBe(2);
    expect(opened.issues.map(({ code }) => code)).toContain('microscope-metadata-broken');
    expect(opened.rawMetadata).toBeUndefined();
  });

  test('names out of any plate, and damaged indexes, are no plate and no fault', () => {
    expect(operettaPlates(['r99c01f01p01-ch1sk1fk1fl1.tiff', 'r00c01f01p01-ch1sk1fk1fl1.tiff'])).toEqual([]);
    expect(readOperettaIndex('<EvaluationInputData><Images><Image Version="1"><URL>a')).toMatchObject({
      planes: new Map(),
    });
    expect(readOperettaIndex(`<EvaluationInputData>${'<Image Version'.repeat(20_000)}`)!.planes.size).toBe(0);
  });
});
