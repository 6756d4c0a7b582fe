import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { encodeDirectory } from '../../images/tiff/encode-directory.ts';
import { buildTiff, type PageToBuild } from '../../images/tiff/tiff-for-tests.ts';
import { TiffFile } from '../../images/tiff/directory.ts';
import { crc32 } from '../../containers/zip/crc32.ts';
import { findPrivateInFile } from '../private-details.ts';
import { strippedPieces } from './patches.ts';
import { mayBeStripped, stripPrivate } from './strip-private.ts';

const text = (value: string): number[] => [...new TextEncoder().encode(`${value}\0`)];
const page = (parts: Partial<PageToBuild>): PageToBuild => ({ width: 2, height: 1, bits: 8, values: [1, 2], ...parts });
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A file as it is once it is stripped, with how many things were taken out; as it was where nothing can be. */
async function strip(
  name: string,
  given: Uint8Array | readonly number[],
): Promise<{ bytes: Uint8Array; count: number }> {
  const bytes = Uint8Array.from(given);
  const stripping = await stripPrivate(memorySource(name, bytes));
  if (!stripping) return { bytes, count: 0 };
  const out = new Uint8Array(bytes.length);
  let at = 0;
  for await (const piece of strippedPieces(memorySource(name, bytes), stripping)) {
    out.set(piece, at);
    at += piece.length;
  }
  expect(at).toBe(bytes.length);
  return { bytes: out, count: stripping.count };
}

const found = async (name: string, bytes: Uint8Array) =>
  (await findPrivateInFile(memorySource(name, bytes), name)).map(({ kind, value }) => `${kind}: ${value}`);

/** Pixels of each page of a TIFF. */
async function pixels(bytes: Uint8Array): Promise<number[][]> {
  const file = (await TiffFile.open(memorySource('x', bytes)))!;
  const pages: number[][] = [];
  for (let at = 0; ; at++) {
    const directory = await file.directory(at);
    if (!directory) return pages;
    const [from = 0] = await file.numbers(directory.fields.get(273));
    const [length = 0] = await file.numbers(directory.fields.get(279));
    pages.push([...bytes.subarray(from, from + length)]);
  }
}

test('an OME-TIFF keeps pixels, sizes and a description of the same length, without names, addresses and paths', async () => {
  const ome =
    '<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Experimenter ID="Experimenter:0" FirstName="Jane" LastName="Light" Email="jane@example.org"/>' +
    '<Instrument ID="Instrument:0"><LightSourceSettings ID="Light:0"/></Instrument><StructuredAnnotations>C:\\Users\\jlight\\run 7\\a.lif</StructuredAnnotations></OME>';
  const before = buildTiff({
    pages: [
      page({ description: ome, extra: [{ tag: 315, type: 2, values: text('Jane Light') }] }),
      page({ values: [3, 4] }),
    ],
  });
  expect(await found('a.ome.tif', before)).toContain('user name: Light');
  const { bytes, count } = await strip('a.ome.tif', before);
  expect(count).toBeGreaterThanOrEqual(5);
  expect(await found('a.ome.tif', bytes)).toEqual([]);
  expect(await pixels(bytes)).toEqual(await pixels(before));
  const after = new TextDecoder('latin1').decode(bytes);
  // The same words elsewhere are names of elements and of other things.
  expect(after).toContain('<LightSourceSettings ID="Light:0"/>');
  expect(after).toContain(`FirstName="    " LastName="     " Email="${' '.repeat(16)}"/>`);
  // Once more there is nothing to do.
  expect((await strip('a.ome.tif', bytes)).count).toBe(0);
});

test.each([false, true])(
  'labels and overviews of a slide leave the chain and are put to zero (BigTIFF: %s)',
  async (big) => {
    const slide = 'Aperio Image Library v11\r\n';
    const before = buildTiff({
      big,
      pages: [
        page({ description: `${slide}2x1|AppMag = 20`, values: [11, 12] }),
        page({ description: `${slide}label 387x463`, values: [201, 202] }),
        page({ description: `${slide}2x1 thumbnail`, values: [13, 14] }),
        page({ description: `${slide}macro 1280x431`, values: [203, 204] }),
      ],
    });
    const { bytes } = await strip('a.svs', before);
    expect(await pixels(bytes)).toEqual([
      [11, 12],
      [13, 14],
    ]);
    expect(await found('a.svs', bytes)).toEqual([]);
    expect(new TextDecoder('latin1').decode(bytes)).not.toMatch(/label 387|macro 1280/);
    const runOf = (value: number) => bytes.findIndex((byte, at) => byte === value && bytes[at + 1] === value + 1);
    expect([201, 203].map(runOf)).toEqual([-1, -1]);
    // The first page may be the label as well.
    const turned = buildTiff({
      big,
      pages: [page({ description: `${slide}macro 1x1`, values: [203, 204] }), page({ values: [11, 12] })],
    });
    expect(await pixels((await strip('b.svs', turned)).bytes)).toEqual([[11, 12]]);
  },
);

test('pages that OME-XML counts, masks that are called labels, and the only page stay', async () => {
  const counted = [
    page({ description: '<OME><Image Name="label"/><Image Name="macro image"/></OME>' }),
    page({ description: 'Label' }),
    page({ description: 'Macro' }),
  ];
  const masks = [page({ description: 'label' }), page({})];
  for (const pages of [counted, masks, [page({ description: 'Macro' })]]) {
    const before = buildTiff({ pages });
    expect(await pixels((await strip('a.tif', before)).bytes)).toEqual(await pixels(before));
  }
});

/** An Exif block: an artist, how the picture is turned, the owner's camera, and where it was taken. */
function exifBlock(): Uint8Array {
  const [cameraAt, placeAt] = [256, 512];
  const directory = (fields: Parameters<typeof encodeDirectory>[0], at: number) =>
    encodeDirectory(fields, at, 0, false);
  const block = new Uint8Array(1024);
  block.set([0x49, 0x49, 42, 0, 8]);
  block.set(
    directory(
      [
        { tag: 274, type: 3, values: [6] },
        { tag: 315, type: 2, values: Uint8Array.from(text('Jane Doe')) },
        { tag: 34665, type: 4, values: [cameraAt] },
        { tag: 34853, type: 4, values: [placeAt] },
      ],
      8,
    ),
    8,
  );
  block.set(directory([{ tag: 42033, type: 2, values: Uint8Array.from(text('SN-0042')) }], cameraAt), cameraAt);
  const place: Parameters<typeof encodeDirectory>[0] = [
    { tag: 1, type: 2, values: Uint8Array.from(text('S')) },
    { tag: 2, type: 5, values: [35, 1, 41, 1, 2220, 100] },
    { tag: 3, type: 2, values: Uint8Array.from(text('E')) },
    { tag: 4, type: 5, values: [139, 1, 41, 1, 3012, 100] },
  ];
  block.set(directory(place, placeAt), placeAt);
  return block;
}

test('a JPEG keeps its pixels and how it is turned; Exif, XMP and comments say nothing of persons', async () => {
  const segment = (marker: number, body: Uint8Array | readonly number[]) => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ];
  const packed = [0xff, 0xda, 0, 2, 1, 2, 3, 4, 0xff, 0xd9];
  const before = [
    0xff,
    0xd8,
    ...segment(0xe1, [...bytesOf('Exif\0\0'), ...exifBlock()]),
    ...segment(
      0xe1,
      bytesOf('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>jane@example.org</dc:creator></x:xmpmeta>'),
    ),
    ...segment(0xfe, bytesOf('UserName=Jane Doe')),
    ...packed,
  ];
  expect(await found('a.jpg', Uint8Array.from(before))).toHaveLength(5);
  const { bytes } = await strip('a.jpg', before);
  expect(await found('a.jpg', bytes)).toEqual([]);
  expect([...bytes.subarray(-packed.length)]).toEqual(packed);
  const exif = (await TiffFile.open(memorySource('x', bytes.slice(12, 12 + 1024))))!;
  expect(await exif.number((await exif.directory(0))!, 274)).toBe(6);
});

test('a PNG keeps its pixels; checksums are right', async () => {
  const chunk = (kind: string, body: Uint8Array): number[] => {
    const inner = Uint8Array.from([...bytesOf(kind), ...body]);
    const size = new DataView(new ArrayBuffer(8));
    size.setUint32(0, body.length);
    size.setUint32(4, crc32(inner));
    const bytes = new Uint8Array(size.buffer);
    return [...bytes.subarray(0, 4), ...inner, ...bytes.subarray(4)];
  };
  const data = Uint8Array.from({ length: 50 }, (_value, at) => at);
  const before = [
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...chunk('tEXt', bytesOf('Author\0jane@example.org')),
    ...chunk('zTXt', bytesOf('Author\0\0packed away')),
    ...chunk('IDAT', data),
    ...chunk('eXIf', exifBlock()),
  ];
  const { bytes, count } = await strip('a.png', before);
  expect(count).toBeGreaterThanOrEqual(4);
  expect(await found('a.png', bytes)).toEqual([]);
  const kinds: string[] = [];
  for (let at = 8; at < bytes.length; ) {
    const view = new DataView(bytes.buffer, at);
    const length = view.getUint32(0);
    kinds.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 8)));
    expect(view.getUint32(8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    if (kinds.at(-1) === 'IDAT') expect(bytes.subarray(at + 8, at + 8 + length)).toEqual(data);
    at += 12 + length;
  }
  expect(kinds).toEqual(['tEXt', 'voId', 'IDAT', 'eXIf']);
});

test('pictures attached to a CZI are zeros in deleted segments, and no longer named; its metadata name nobody', async () => {
  const bytes = new Uint8Array(4096);
  const put = (value: string, at: number): void => bytes.set(bytesOf(value), at);
  const view = new DataView(bytes.buffer);
  const xml = '<ImageDocument><UserName>Jane Doe</UserName></ImageDocument>';
  put('ZISRAWFILE', 0);
  view.setBigInt64(92, 2048n, true);
  view.setBigInt64(104, 256n, true);
  put('ZISRAWATTDIR', 256);
  view.setInt32(256 + 32, 3, true);
  const names = ['Label', 'TimeStamps', 'SlidePreview'];
  for (const [n, name] of names.entries()) {
    const at = 256 + 288 + n * 128;
    put('A1', at);
    view.setBigInt64(at + 12, BigInt(3000 + n * 200), true);
    put(name, at + 48);
    put('ZISRAWATTACH', 3000 + n * 200);
    view.setBigInt64(3000 + n * 200 + 16, 100n, true);
    bytes.fill(77 + n, 3000 + n * 200 + 32, 3000 + n * 200 + 132);
  }
  put('ZISRAWMETADATA', 2048);
  view.setUint32(2048 + 32, xml.length, true);
  put(xml, 2048 + 288);
  const after = (await strip('a.czi', bytes)).bytes;
  expect(await found('a.czi', after)).toEqual([]);
  expect([77, 78, 79].map((value) => after.filter((one) => one === value).length > 90)).toEqual([false, true, false]);
  expect(new DataView(after.buffer).getInt32(256 + 32, true)).toBe(1);
  const latin1 = new TextDecoder('latin1').decode(after);
  expect(latin1.slice(256 + 288 + 48, 256 + 288 + 58)).toBe('TimeStamps');
  expect(latin1.slice(3000, 3007)).toBe('DELETED');
  expect(latin1).toContain('<UserName>        </UserName>');
});

test('a DICOM file names no patient; plain text is blanked; other formats are left as they are', async () => {
  const element = (group: number, number: number, kind: string, value: string): number[] => {
    const body = bytesOf(value.length % 2 === 0 ? value : `${value} `);
    return [
      group & 255,
      group >> 8,
      number & 255,
      number >> 8,
      ...bytesOf(kind),
      body.length & 255,
      body.length >> 8,
      ...body,
    ];
  };
  const dicom = [
    ...new Uint8Array(128),
    ...bytesOf('DICM'),
    ...element(0x10, 0x10, 'PN', 'Doe^Jane'),
    ...element(0x10, 0x30, 'DA', '19700131'),
    ...element(0x28, 0x10, 'US', 'xy'),
  ];
  const after = await strip('a.dcm', dicom);
  expect(after.count).toBe(2);
  expect(await found('a.dcm', after.bytes)).toEqual([]);
  const written = await strip('notes.txt', bytesOf('Mail: jane@example.org\nscale: 0.1\n'));
  expect(new TextDecoder().decode(written.bytes)).toBe(`Mail: ${' '.repeat(16)}\nscale: 0.1\n`);
  expect(await strip('a.lif', [112, 0, 0, 0, 1, 2, 0, ...bytesOf('jane@example.org')])).toMatchObject({ count: 0 });
  expect(['a.ome.tiff', 'b.SVS', 'c.czi', 'd.lif', 'e.vsi', 'f.mrxs'].map(mayBeStripped)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('damaged and hostile files are neither a hang nor a fault', async () => {
  const good = buildTiff({ pages: [page({ description: 'Aperio Image Library\r\nlabel 1x1' }), page({})] });
  for (let cut = 0; cut < good.length; cut += 7) await strip('a.tif', good.subarray(0, cut));
  for (let at = 0; at < good.length; at++)
    await strip(
      'a.tif',
      Uint8Array.from(good, (byte, n) => (n === at ? 255 - byte : byte)),
    );
});
