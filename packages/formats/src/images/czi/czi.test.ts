import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { extendedJpeg, losslessJpeg } from '../jpeg/encode.test-data.ts';
import { jpegSamples } from '../jpeg/samples.test-data.ts';
import { encodeLzw } from '../tiff/tiff-for-tests.ts';
import { type WrittenBlock, cziFile } from './czi-for-tests.ts';
import { cziReader } from './reader.ts';

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.czi', size: bytes.length, open: async () => memorySource('a.czi', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.czi', files: [entry], tree: fileTree('', [entry]), format: 'czi', recognition };
}

const open = (blocks: readonly WrittenBlock[], xml = '<ImageDocument/>', times: number[] = []) =>
  cziReader.open(itemOf(cziFile(blocks, xml, times)));

/** Grey tile of 8 bits at a place; every pixel is `value`. */
function tile(places: Record<string, number>, [x, y, width, height]: number[], value: number): WrittenBlock {
  const dimensions = [
    { name: 'X', start: x!, size: width! },
    { name: 'Y', start: y!, size: height! },
    ...Object.entries(places).map(([name, start]) => ({ name, start, size: 1 })),
  ];
  return { dimensions, pixelType: 0, data: new Uint8Array(width! * height!).fill(value) };
}

const plane = { t: 0, c: 0, z: 0 };

describe('Zeiss CZI', () => {
  test('a mosaic is laid together, later tiles on top; scenes are images; blocks of the pyramid are passed over', async () => {
    const reduced = tile({ S: 0, M: 9 }, [-4, -2, 8, 4], 99);
    reduced.dimensions[0]!.stored = 4;
    reduced.dimensions[1]!.stored = 2;
    const { images, issues } = await open([
      tile({ S: 0, M: 1 }, [-1, -2, 3, 2], 2),
      tile({ S: 0, M: 0 }, [-4, -2, 4, 2], 1),
      tile({ S: 1, M: 0 }, [100, 50, 2, 1], 7),
      reduced,
    ]);
    expect(images.map(({ description }) => description.sizes)).toMatchObject([
      { x: 6, y: 2 },
      { x: 2, y: 1 },
    ]);
    const { data } = await images[0]!.readRegion(plane);
    expect([...data]).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
    expect([...(await images[1]!.readRegion(plane)).data]).toEqual([7, 7]);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('phases of Airyscan, illuminations, views and rotations are axes of their own', async () => {
    const blocks = [0, 1, 2].flatMap((H) => [0, 1].map((V) => tile({ C: 0, H, V }, [0, 0, 1, 1], 10 * H + V)));
    const [image] = (await open(blocks)).images;
    expect(image!.description.sizes).toMatchObject({ phase: 3, view: 2, c: 1 });
    const { data } = await image!.readRegion({ ...plane, other: { phase: 2, view: 1 } });
    expect([...data]).toEqual([21]);
  });

  test('channels without phases of their own lack nothing; a channel that lacks one of its phases is said to', async () => {
    const blocks = [0, 1, 2].map((H) => tile({ C: 0, H }, [0, 0, 1, 1], H));
    const whole = await open([...blocks, tile({ C: 1, H: 0 }, [0, 0, 1, 1], 9)]);
    expect(whole.images[0]!.description.sizes).toMatchObject({ phase: 3, c: 2 });
    expect(whole.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    const lacking = await open([...blocks, ...[0, 2].map((H) => tile({ C: 1, H }, [0, 0, 1, 1], 9))]);
    expect(lacking.issues.map(({ message }) => message).join()).toContain('1 planes');
  });

  test('channels are named as they are shown, where the file names them nowhere else', async () => {
    const channels = '<Channel Id="Channel:0"/><Channel Id="Channel:1" Name="own"/>';
    const shown = '<Channel Id="a" Name="DAPI"/><Channel Id="b" Name="GFP"/>';
    const xml = `<ImageDocument><Metadata><Information><Image><Dimensions><Channels>${channels}</Channels></Dimensions></Image></Information><DisplaySetting><Channels>${shown}</Channels></DisplaySetting></Metadata></ImageDocument>`;
    const { images } = await open(
      [0, 1].map((C) => tile({ C }, [0, 0, 1, 1], C)),
      xml,
    );
    expect(images[0]!.description.channels).toMatchObject([{ name: 'DAPI' }, { name: 'own' }]);
  });

  test('pixels in JPEG (8, 12 and lossless bits, colours) and LZW', async () => {
    const block = (width: number, height: number, pixelType: number, compression: number, data: Uint8Array) => ({
      ...tile({ C: 0 }, [0, 0, width, height], 0),
      pixelType,
      compression,
      data,
    });
    const sample = jpegSamples.baseline420;
    const bytes = Uint8Array.from(Buffer.from(sample.jpeg, 'base64'));
    const [colours] = (await open([block(sample.width, sample.height, 3, 1, bytes)])).images;
    expect(
      Buffer.from(await colours!.readRegion(plane).then(({ data }) => data as Uint8Array)).toString('base64'),
    ).toBe(sample.pixels);
    const data = Uint16Array.from({ length: 35 }, (_, n) => (n * 1237) % 16_384);
    const packed = losslessJpeg({ width: 7, height: 5, samples: 1, bits: 14, data }, 1, 0);
    const [lossless] = (await open([block(7, 5, 1, 1, packed)])).images;
    expect([...(await lossless!.readRegion(plane)).data]).toEqual([...data]);
    const flat = new Uint16Array(64).fill(3000);
    const [extended] = (await open([block(8, 8, 1, 1, extendedJpeg(8, 8, flat))])).images;
    expect([...(await extended!.readRegion(plane)).data]).toEqual([...flat]);
    const grey = Uint8Array.from({ length: 300 }, (_, n) => n % 7);
    const [lzw] = (await open([block(30, 10, 0, 2, encodeLzw(grey))])).images;
    expect([...(await lzw!.readRegion(plane)).data]).toEqual([...grey]);
    const { issues } = await open([block(8, 8, 0, 4, new Uint8Array(20))]);
    expect(issues.map(({ code }) => code)).toContain('compression-not-read');
  });

  test('zstd with low and high bytes apart is the same read whole, in parts, and by several at once', async () => {
    // Large enough for memory to be given back.
    const [width, height] = [300, 260];
    const pixels = Uint16Array.from({ length: width * height }, (_, n) => (n * 7919) % 65_536);
    const halves = new Uint8Array(2 * pixels.length);
    for (const [n, value] of pixels.entries()) {
      halves[n] = value & 255;
      halves[pixels.length + n] = value >> 8;
    }
    const data = Uint8Array.from([3, 1, 1, ...zstdCompressSync(halves)]);
    const block = { ...tile({ C: 0 }, [0, 0, width, height], 0), pixelType: 1, compression: 6, data };
    const image = (await open([block])).images[0]!;
    const part = (y: number, rows: number) => image.readRegion(plane, { x: 0, y, width, height: rows });
    const all = await Promise.all([
      image.readRegion(plane),
      part(0, 100),
      part(100, 160),
      image.readRegion(plane),
      part(0, 100),
    ]);
    const wanted = [pixels, pixels.slice(0, 100 * width), pixels.slice(100 * width)];
    for (const [n, which] of [0, 1, 2, 0, 1].entries())
      expect(Buffer.from(all[n]!.data.buffer).equals(Buffer.from(wanted[which]!.buffer))).toBe(true);
    for (const [y, rows, which] of [
      [0, 100, 1],
      [100, 160, 2],
      [0, height, 0],
    ] as const)
      expect(Buffer.from((await part(y, rows)).data.buffer).equals(Buffer.from(wanted[which]!.buffer))).toBe(true);
  });

  test('times come from the attachment, the stage position from the metadata of the first block', async () => {
    const first = tile({ T: 0 }, [0, 0, 1, 1], 1);
    first.metadata =
      '<METADATA><Tags><StageXPosition>+000000016977.1530</StageXPosition><StageYPosition>-20.5</StageYPosition><FocusPosition>0.0</FocusPosition></Tags></METADATA>';
    const { images } = await open([first, tile({ T: 1 }, [0, 0, 1, 1], 2)], '<ImageDocument/>', [120.5, 180.75]);
    expect(images[0]!.description).toMatchObject({
      planeTimes: [0, 60.25],
      timeStep: { value: 60.25, unit: 'second' },
      origin: {
        x: { value: 16_977.153, unit: 'micrometer' },
        y: { value: -20.5, unit: 'micrometer' },
        z: { value: 0, unit: 'micrometer' },
      },
    });
  });

  test('random damage is never a fault', async () => {
    const packed = losslessJpeg({ width: 4, height: 4, samples: 1, bits: 8, data: new Uint16Array(16) }, 1, 0);
    const whole = cziFile(
      [
        { ...tile({ T: 0, H: 0 }, [0, 0, 4, 4], 3), metadata: '<METADATA/>' },
        { ...tile({ T: 1, H: 0 }, [0, 0, 4, 4], 3), compression: 1, data: packed },
      ],
      '<ImageDocument><Metadata/></ImageDocument>',
      [1, 2],
    );
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (flips, cut) => {
        const bytes = whole.slice(0, cut < 400 ? whole.length : cut);
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        const { images } = await cziReader.open(itemOf(bytes));
        for (const image of images)
          if (image.description.sizes.x * image.description.sizes.y < 1e6)
            await image
              .readRegion(plane)
              .catch((error: unknown) => expect(error).toHaveProperty('name', 'PixelsUnreadable'));
      }),
      { numRuns: 300 },
    );
  });
});
