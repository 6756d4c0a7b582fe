import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { OpenedImages } from '../image-reader.ts';

const wide = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));
const numbers = (write: (view: DataView) => void, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
};

const element = (memory: string): string =>
  `<Element Name="Cells 1"><Data><Image><ImageDescription><Channels><ChannelDescription Resolution="16" LUTName="Green" BytesInc="0"/></Channels><Dimensions><DimensionDescription DimID="1" NumberOfElements="4" Length="3e-6" Unit="m" BytesInc="2"/><DimensionDescription DimID="2" NumberOfElements="3" Length="2e-6" Unit="m" BytesInc="8"/></Dimensions></ImageDescription></Image></Data>${memory}<Children/></Element>`;
const container = (inner: string): string => `<LMSDataContainerHeader Version="2">${inner}</LMSDataContainerHeader>`;

/** A block behind 0x70 and 0x2A: its text in UTF-16, as at the front of a LIF. */
function textBlock(text: string): Uint8Array {
  const head = numbers((view) => {
    view.setInt32(0, 0x70, true);
    view.setInt32(4, 5 + 2 * text.length, true);
    view.setUint8(8, 0x2a);
    view.setInt32(9, text.length, true);
  }, 13);
  return new Uint8Array(Buffer.concat([head, wide(text)]));
}

/** A LOF with axes x and `second`, by the published description of its layout. */
function lof(pixels: Uint16Array, second = 2): Uint8Array {
  const middle = numbers((view) => {
    for (const [at, version] of [
      [0, 2],
      [5, 0],
    ] as const) {
      view.setUint8(at, 0x2a);
      view.setInt32(at + 1, version, true);
    }
    view.setUint8(10, 0x2a);
    view.setBigUint64(11, BigInt(pixels.byteLength), true);
  }, 19);
  const inner = element('<Memory Size="24" MemoryBlockID="MemBlock_7"/>');
  const xml = container(inner.replace('DimID="2"', `DimID="${second}"`));
  const memory = new Uint8Array(pixels.buffer);
  return new Uint8Array(Buffer.concat([textBlock('LMS_Object_File'), middle, memory, textBlock(xml)]));
}

async function open(
  files: Record<string, Uint8Array>,
): Promise<(OpenedImages & { format: string; files: string[] })[]> {
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const found = [];
  for (const item of await findItems(fileTree('', entries))) {
    const opened = await (await item.descriptor!.images!.reader()).open(item);
    found.push({ ...opened, format: item.format, files: item.files.map(({ path }) => path) });
  }
  return found;
}

const pixels = Uint16Array.from({ length: 12 }, (_, n) => 1000 + n);
const plane = { t: 0, c: 0, z: 0 };

test('an object file (LOF) is read by itself', async () => {
  const [opened] = await open({ 'cells.lof': lof(pixels) });
  expect(opened).toMatchObject({ format: 'lif', formatVersion: 'LOF 2.0', issues: [] });
  expect(opened!.images[0]!.description).toMatchObject({
    name: 'Cells 1',
    sizes: { x: 4, y: 3 },
    type: 'uint16',
    voxelSize: { x: { value: 1, unit: 'micrometer' } },
    channels: [{ color: '00FF00' }],
  });
  expect([...(await opened!.images[0]!.readRegion(plane)).data]).toEqual([...pixels]);
});

test('a scan over x and z has one row, and lacks no pixel size', async () => {
  const [opened] = await open({ 'cells.lof': lof(pixels, 3) });
  expect(opened!.images[0]!.description).toMatchObject({
    sizes: { x: 4, y: 1, z: 3 },
    voxelSize: { x: { value: 1, unit: 'micrometer' }, z: { value: 1, unit: 'micrometer' } },
  });
  expect(opened!.issues).toEqual([]);
  expect([...(await opened!.images[0]!.readRegion({ ...plane, z: 2 })).data]).toEqual([...pixels.subarray(8)]);
});

test('an XLIF takes the object file it names; without it, it says where the pixels lie', async () => {
  const xlif = Buffer.from(
    container(element('<Memory Size="24"><Block File="..\\Cells%201.lof" UUID="u" Size="24"/></Memory>')),
  );
  const both = await open({ 'p/Cells 1.lof': lof(pixels), 'p/Metadata/cells.xlif': new Uint8Array(xlif) });
  // Whichever is met first, every file is in one item, and the image is there once.
  expect(both.flatMap(({ files }) => files).sort()).toEqual(['p/Cells 1.lof', 'p/Metadata/cells.xlif']);
  expect(both.flatMap(({ images }) => images)).toHaveLength(1);
  const [set] = await open({ 'p/a.xlif': new Uint8Array(xlif), 'p/cells 1.lof': lof(pixels) });
  expect(set).toMatchObject({ format: 'xlif', files: ['p/a.xlif', 'p/cells 1.lof'] });
  expect([...(await set!.images[0]!.readRegion(plane)).data]).toEqual([...pixels]);
  const [alone] = await open({ 'cells.xlif': new Uint8Array(xlif) });
  expect(alone!.issues.map(({ code }) => code)).toEqual(['image-in-other-file']);
  expect(alone!.issues[0]!.message).toContain('../Cells 1.lof');
});

test('random damage of an object file is never a fault', async () => {
  const whole = lof(pixels);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(damage, fc.option(fc.nat(whole.length), { nil: undefined }), async (flips, cut) => {
      const bytes = whole.slice(0, cut);
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
      const item = { path: 'a.lof', size: bytes.length, open: async () => memorySource('a.lof', bytes) };
      const { lifReader } = await import('./reader.ts');
      const recognition = { score: 1, reason: 'test' };
      const { images } = await lifReader.open({
        path: 'a.lof',
        files: [item],
        tree: fileTree('', [item]),
        format: 'lif',
        recognition,
      });
      for (const image of images)
        await image
          .readRegion(plane)
          .catch((error: unknown) => expect(error).toHaveProperty('name', 'PixelsUnreadable'));
    }),
    { numRuns: 200 },
  );
});
