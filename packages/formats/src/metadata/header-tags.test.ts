import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { encodeDirectory } from '../images/tiff/encode-directory.ts';
import { buildTiff, type PageToBuild } from '../images/tiff/tiff-for-tests.ts';
import { findPrivateInFile } from './private-details.ts';

const text = (value: string): number[] => [...new TextEncoder().encode(`${value}\0`)];
const page = (parts: Partial<PageToBuild>): PageToBuild => ({ width: 2, height: 1, bits: 8, values: [1, 2], ...parts });

/** An Exif block: a directory with an artist, the owner's camera, and where the picture was taken. */
function exifBlock(): Uint8Array {
  const head = new Uint8Array(8);
  head.set([0x49, 0x49, 42, 0, 8]);
  const [cameraAt, placeAt] = [256, 512];
  const main = encodeDirectory(
    [
      { tag: 315, type: 2, values: Uint8Array.from(text('Jane Doe')) },
      { tag: 34665, type: 4, values: [cameraAt] },
      { tag: 34853, type: 4, values: [placeAt] },
    ],
    8,
    0,
    false,
  );
  const camera = encodeDirectory(
    [{ tag: 42033, type: 2, values: Uint8Array.from(text('SN-0042')) }],
    cameraAt,
    0,
    false,
  );
  const place = encodeDirectory(
    [
      { tag: 1, type: 2, values: Uint8Array.from(text('S')) },
      { tag: 2, type: 5, values: [35, 1, 41, 1, 2220, 100] },
      { tag: 3, type: 2, values: Uint8Array.from(text('E')) },
      { tag: 4, type: 5, values: [139, 1, 41, 1, 3012, 100] },
    ],
    placeAt,
    0,
    false,
  );
  const block = new Uint8Array(1024);
  block.set(head);
  block.set(main, 8);
  block.set(camera, cameraAt);
  block.set(place, placeAt);
  return block;
}

const ofExif = [
  ['user name', 'Jane Doe', 'Artist'],
  ['serial number', 'SN-0042', 'BodySerialNumber'],
  ['place of recording', '-35.68950, 139.69170', 'GPS'],
];

async function found(name: string, bytes: Uint8Array | readonly number[]): Promise<unknown[]> {
  const details = await findPrivateInFile(memorySource(name, Uint8Array.from(bytes)), `d/${name}`);
  expect(details.every(({ file, place }) => file === `d/${name}` && place === 'original')).toBe(true);
  return details.map(({ kind, value, field }) => [kind, value, field]);
}

const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];
const chunk = (kind: string, body: Uint8Array): number[] => [
  ...new Uint8Array(new Uint32Array([body.length]).buffer).toReversed(),
  ...new TextEncoder().encode(kind),
  ...body,
  0,
  0,
  0,
  0,
];

test('Exif and GPS of a JPEG, a PNG and a TIFF', async () => {
  const exif = exifBlock();
  const app = segment(0xe1, [...new TextEncoder().encode('Exif\0\0'), ...exif]);
  expect(await found('a.jpg', [0xff, 0xd8, ...segment(0xe0, [1, 2, 3, 4, 5, 6, 7, 8]), ...app, 0xff, 0xda])).toEqual(
    ofExif,
  );
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];
  expect(await found('a.png', [...png, ...chunk('IDAT', new Uint8Array(50)), ...chunk('eXIf', exif)])).toEqual(ofExif);
  expect(await found('a.tif', exif)).toEqual(ofExif);
});

test('labels, overviews and the scanner of slides, with their pages', async () => {
  const svs = buildTiff({
    pages: [
      page({ description: 'Aperio Image Library v11\r\n46000x32914 [0,100 46000x32814] (240x240)|AppMag = 20' }),
      page({ description: 'Aperio Image Library v11\r\nlabel 387x463' }),
      page({ description: 'Aperio Image Library v11\r\nmacro 1280x431' }),
    ],
  });
  expect(await found('a.svs', svs)).toEqual([
    ['slide label', 'picture: label', 'page 2'],
    ['slide label', 'picture: macro', 'page 3'],
  ]);
  const ndpi = (lens: number): PageToBuild['extra'] => [
    { tag: 65420, type: 4, values: [1] },
    { tag: 65421, type: 12, values: [lens] },
    { tag: 65427, type: 2, values: text('H24-0815 Doe') },
    { tag: 65442, type: 2, values: text('000198') },
  ];
  expect(await found('a.ndpi', buildTiff({ pages: [page({ extra: ndpi(20)! }), page({ extra: ndpi(-1)! })] }))).toEqual(
    [
      ['slide label', 'H24-0815 Doe', 'SlideLabel'],
      ['serial number', '000198', 'ScannerSerialNumber'],
      ['slide label', 'picture: macro', 'page 2'],
    ],
  );
  const philips = buildTiff({
    big: true,
    pages: [page({}), page({ description: 'Label' }), page({ description: 'Macro' })],
  });
  expect(await found('b.tiff', philips)).toEqual([
    ['slide label', 'picture: label', 'page 2'],
    ['slide label', 'picture: macro', 'page 3'],
  ]);
});

test('masks of objects and tags of other makers are no labels of slides', async () => {
  expect(await found('mask.tif', buildTiff({ pages: [page({ description: 'label' })] }))).toEqual([]);
  const extra = [{ tag: 65442, type: 2, values: text('000198') }];
  expect(await found('c.tif', buildTiff({ pages: [page({ extra })] }))).toEqual([]);
});

test('pictures that are attached to a CZI', async () => {
  const bytes = new Uint8Array(1024);
  const put = (value: string, at: number): void => bytes.set(new TextEncoder().encode(value), at);
  const view = new DataView(bytes.buffer);
  put('ZISRAWFILE', 0);
  view.setBigInt64(104, 256n, true);
  put('ZISRAWATTDIR', 256);
  view.setInt32(256 + 32, 2, true);
  put('TimeStamps', 256 + 288 + 48);
  put('Label', 256 + 288 + 128 + 48);
  expect(await found('a.czi', bytes)).toEqual([['slide label', 'picture: Label', 'attachment']]);
});

/** An element in explicit little endian. */
function element(group: number, number: number, representation: string, value: string): number[] {
  const body = [...new TextEncoder().encode(value.length % 2 === 0 ? value : `${value} `)];
  const tag = [group & 255, group >> 8, number & 255, number >> 8];
  return [...tag, ...new TextEncoder().encode(representation), body.length & 255, body.length >> 8, ...body];
}

test('elements of DICOM, within sequences too, up to the pixels', async () => {
  const start = [...new Uint8Array(128), ...new TextEncoder().encode('DICM')];
  const item = [0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255];
  const sequence = [0x40, 0, 0x60, 5, 0x53, 0x51, 0, 0, 255, 255, 255, 255];
  const endOfItem = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
  const pixels = [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4];
  const bytes = [
    ...start,
    ...element(8, 8, 'CS', 'ORIGINAL\\PRIMARY\\LABEL\\NONE'),
    ...element(0x10, 0x10, 'PN', 'Roe^Richard'),
    ...element(0x10, 0x20, 'LO', '4711'),
    ...element(0x10, 0x30, 'DA', '19700131'),
    ...sequence,
    ...item,
    ...element(0x18, 0x1000, 'LO', 'SCN-9'),
    ...endOfItem,
    ...element(0x40, 0x0512, 'LO', 'H24-0815'),
    ...pixels,
    ...element(0x10, 0x20, 'LO', 'of no element'),
  ];
  expect(await found('a.dcm', bytes)).toEqual([
    ['slide label', 'picture: label', 'ImageType'],
    ['patient', 'Roe^Richard', 'PatientName'],
    ['patient', '4711', 'PatientID'],
    ['date of birth', '19700131', 'PatientBirthDate'],
    ['serial number', 'SCN-9', 'DeviceSerialNumber'],
    ['slide label', 'H24-0815', 'ContainerIdentifier'],
  ]);
  const anonymous = [...start, ...element(0x10, 0x10, 'PN', 'Anonymous'), ...element(0x10, 0x20, 'LO', '')];
  expect(await found('b.dcm', anonymous)).toEqual([]);
});

test('damaged headers are looked through without a fault', async () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  for (const whole of [exifBlock(), new Uint8Array([0xff, 0xd8, ...segment(0xe1, [1, 2, 3, 4, 5, 6])])])
    for (let turn = 0; turn < 200; turn++) {
      const bytes = whole.slice(0, 8 + (random() % whole.length));
      for (let change = 0; change < 4; change++) bytes[8 + (random() % 600)] = random() & 255;
      await findPrivateInFile(memorySource('x', bytes), 'x');
    }
  const dicom = Uint8Array.from({ length: 4000 }, () => random() & 255);
  dicom.set(new TextEncoder().encode('DICM'), 128);
  await expect(findPrivateInFile(memorySource('y', dicom), 'y')).resolves.toBeDefined();
});

test('the barcode and the overview of a Leica SCN', async () => {
  const image = (x: number, y: number): string =>
    `<image name="i"><pixels sizeX="9" sizeY="9"/><view sizeX="${x}" sizeY="${y}" offsetX="0" offsetY="0"/></image>`;
  const scn = (code: string, second: string): string =>
    `<?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01"><collection name="c" sizeX="26564529" sizeY="76734106"><barcode>${code}</barcode>${image(100, 200)}${second}</collection></scn>`;
  expect(
    await found(
      'a.scn',
      buildTiff({ big: true, pages: [page({ description: scn('SDI0LTA4MTU=', image(26564529, 76734106)) })] }),
    ),
  ).toEqual([
    ['slide label', 'SDI0LTA4MTU=', 'barcode'],
    ['slide label', 'picture: macro', 'SCN image'],
  ]);
  expect(await found('b.scn', buildTiff({ pages: [page({ description: scn('', image(5, 6)) })] }))).toEqual([]);
});

test('what the index of a MIRAX slide names', async () => {
  const index =
    '[GENERAL]\r\nSLIDE_VERSION = 01.02\r\nSLIDE_NAME = H24-0815\r\n[HIERARCHICAL]\r\nNONHIER_0_VAL_2 = ScanDataLayer_SlideThumbnail\r\n' +
    'NONHIER_0_VAL_1 = ScanDataLayer_SlideBarcode\r\nNONHIER_0_VAL_3 = ScanDataLayer_ROIHandler\r\nNONHIER_0_VAL_1_SECTION = X_BARCODE\r\n';
  const details = await findPrivateInFile(
    memorySource('Slidedat.ini', new TextEncoder().encode(index)),
    'slide/Slidedat.ini',
  );
  expect(details.map(({ value, field }) => [value, field])).toEqual([
    ['picture: macro', 'ScanDataLayer_SlideThumbnail'],
    ['picture: label', 'ScanDataLayer_SlideBarcode'],
    ['H24-0815', 'SLIDE_NAME'],
  ]);
});
