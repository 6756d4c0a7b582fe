import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { openOldNd2 } from './old-file.ts';

/** A box of a JPEG 2000 container (ITU-T T.800, annex I): its length, four letters, its content. */
function box(kind: string, content: readonly number[]): number[] {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, 8 + content.length);
  return [...new Uint8Array(head.buffer.slice(0, 4)), ...[...kind].map((letter) => letter.charCodeAt(0)), ...content];
}

const header = [0, 0, 0, 90, 0, 0, 0, 120, 0, 2, 11, 7, 0, 0];
const xml = [
  ...new TextEncoder().encode(
    '<variant><no_name><dCalibration runtype="double" value="0.25"/><wsObjectiveName runtype="CLxStringW" value="Plan Apo 40x"/></no_name></variant>',
  ),
];
const file = Uint8Array.from([
  ...box('jP  ', [0x0d, 0x0a, 0x87, 0x0a]),
  ...box('ftyp', [0x6a, 0x70, 0x32, 0x20, 0, 0, 0, 0]),
  ...box('jp2h', box('ihdr', header)),
  ...box('jp2c', Array<number>(50).fill(1)),
  ...box('jp2c', Array<number>(50).fill(2)),
  ...box('VCAL', xml),
]);

test('an ND2 of before 2009 is described; its pixels are left to a converter', async () => {
  const { images, issues, rawMetadata } = await openOldNd2(memorySource('old.nd2', file), 'd/old.nd2');
  expect(issues.map(({ code }) => code)).toEqual(['needs-converter', 'no-time-step', 'channels-unnamed']);
  expect(images[0]!.description).toMatchObject({
    name: 'old',
    sizes: { t: 2, c: 2, z: 1, y: 90, x: 120 },
    type: 'uint16',
    significantBits: 12,
    voxelSize: { x: { value: 0.25, unit: 'micrometer' } },
    instrument: { manufacturer: 'Nikon', objective: { model: 'Plan Apo 40x', magnification: 40 } },
  });
  expect(rawMetadata!.text).toContain('dCalibration');
  await expect(images[0]!.readRegion({ t: 0, c: 0, z: 0 })).rejects.toThrow(PixelsUnreadable);
});

test('boxes that are cut or say nothing end', async () => {
  for (let length = 0; length < file.length; length += 5) {
    const { issues } = await openOldNd2(memorySource('old.nd2', file.slice(0, length)), 'old.nd2');
    expect(issues[0]!.code).toBe('needs-converter');
  }
});
