import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { findPrivateDetails } from '../../metadata/private-details.ts';
import type { OpenedImages } from '../image-reader.ts';
import type { Item } from '../../recognition/item.ts';
import { buildLsm } from './lsm-for-tests.ts';
import { lsmReader } from './reader.ts';

async function open(bytes: Uint8Array): Promise<OpenedImages> {
  const entry = { path: 'a.lsm', size: bytes.length, open: async () => memorySource('a.lsm', bytes) };
  const [item] = await findItems(fileTree('', [entry]));
  expect(item!.format).toBe('lsm');
  return (await item!.descriptor!.images!.reader()).open(item!);
}

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.lsm', size: bytes.length, open: async () => memorySource('a.lsm', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.lsm', files: [entry], tree: fileTree('', [entry]), format: 'lsm', recognition };
}

const plan = { width: 9, height: 7, z: 3, t: 2, c: 2, bits: 16 as const };
const pixel = (t: number, z: number, c: number, at: number): number => t * 10_000 + z * 1000 + c * 100 + at;

/** One laser line, and the middle of the band of the detector. */
const light = { excitationNanometers: 488, emissionNanometers: 521.365484, pinholeMicrometers: 112 };

describe('Zeiss LSM', () => {
  test.each([false, true])('planes, channels and what is known of them (LZW: %s)', async (lzw) => {
    const { images, issues, rawMetadata } = await open(buildLsm({ ...plan, lzw, pixel }));
    expect(issues).toEqual([]);
    expect(images).toHaveLength(1);
    const { description, readRegion } = images[0]!;
    expect(description).toEqual({
      name: 'embryo 3',
      sizes: { t: 2, c: 2, z: 3, y: 7, x: 9 },
      type: 'uint16',
      voxelSize: {
        x: { value: 0.2, unit: 'micrometer' },
        y: { value: 0.2, unit: 'micrometer' },
        z: { value: 0.5, unit: 'micrometer' },
      },
      timeStep: { value: 2.5, unit: 'second' },
      planeTimes: [0, 2.5],
      channels: [
        { name: 'Ch1-1', color: '00FF00', fluorophore: 'GFP', ...light },
        { name: 'Ch2-1', color: 'FF0000', fluorophore: 'mCherry', ...light },
      ],
      acquiredAt: '2023-03-15T06:00:00',
      instrument: {
        manufacturer: 'Zeiss',
        objective: {
          model: 'Plan-Apochromat 63x/1.40 Oil DIC M27',
          magnification: 63,
          numericalAperture: 1.4,
          immersion: 'Oil',
        },
        detector: 'PMT1',
        lightSources: ['Argon 488'],
      },
    });
    for (let t = 0; t < 2; t++)
      for (let z = 0; z < 3; z++)
        for (let c = 0; c < 2; c++) {
          const { data } = await readRegion({ t, c, z });
          expect([...data]).toEqual(Array.from({ length: 63 }, (_, at) => pixel(t, z, c, at)));
        }
    expect(rawMetadata?.text).toContain('Plan-Apochromat');
    // Who took it is found among the raw metadata before they are published.
    const found = findPrivateDetails(rawMetadata!.text, { place: 'raw text', file: 'a.lsm' });
    expect(found).toMatchObject([{ kind: 'user name', value: 'LSMuser2' }]);
  });

  test('a file that was cut off says how many planes are there', async () => {
    const whole = buildLsm({ ...plan, lzw: false, pixel });
    const cut = await open(whole.subarray(0, Math.floor(whole.length / 2)));
    expect(cut.issues.some(({ severity }) => severity === 'error')).toBe(true);
  });

  test('positions of the stage are images of their own', async () => {
    const places: [number, number, number][] = [
      [0.001, -0.002, 0],
      [0.0015, -0.002, 0.00001],
    ];
    const bytes = buildLsm({
      ...plan,
      lzw: true,
      places,
      pixel: (t, z, c, at, place) => pixel(t, z, c, at) + 30_000 * place,
    });
    const { images, issues } = await open(bytes);
    expect(issues).toEqual([]);
    expect(images.map(({ description }) => description.name)).toEqual([
      'embryo 3 (position 1)',
      'embryo 3 (position 2)',
    ]);
    expect(images[1]!.description.origin).toEqual({
      z: { value: 10, unit: 'micrometer' },
      y: { value: -2000, unit: 'micrometer' },
      x: { value: 1500, unit: 'micrometer' },
    });
    for (const [place, image] of images.entries())
      for (const t of [0, 1])
        for (const z of [0, 2]) {
          const { data } = await image.readRegion({ t, c: 1, z }, { x: 2, y: 1, width: 1, height: 1 });
          expect([...data]).toEqual([pixel(t, z, 1, 11) + 30_000 * place]);
        }
  });

  test('absurd counts are not believed', async () => {
    const bytes = buildLsm({ ...plan, lzw: false, pixel });
    const at = Buffer.from(bytes).indexOf(Buffer.from([0x4c, 0x49, 0x00, 0x04]));
    new DataView(bytes.buffer).setInt32(at + 16, 2 ** 30, true);
    const { images } = await open(bytes);
    expect(images[0]!.description.sizes.z * images[0]!.description.sizes.t).toBe(6);
  });

  test('flipped bytes and cuts give issues or refused pixels, nothing else', async () => {
    const whole = buildLsm({ ...plan, lzw: true, pixel });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) }), { maxLength: 8 }),
        fc.option(fc.nat(whole.length), { nil: undefined }),
        async (flips, cut) => {
          const bytes = whole.slice(0, cut);
          for (const { at, value } of flips) if (at < bytes.length) bytes[at] = value;
          const { images } = await lsmReader.open(itemOf(bytes));
          for (const image of images)
            await image.readRegion({ t: 0, c: 0, z: 0 }).catch((error: unknown) => {
              expect((error as Error).name).toMatch(/PixelsUnreadable|RangeError/);
            });
        },
      ),
      { numRuns: 400 },
    );
  });
});
