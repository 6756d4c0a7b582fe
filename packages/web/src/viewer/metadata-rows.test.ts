import type { ImageDescription } from '@micrarium/model';
import { expect, test } from 'vitest';
import { acquisitionRows, channelRows, conversionsOf, imageRows, instrumentRows } from './metadata-rows.ts';

const image: ImageDescription = {
  name: 'film',
  sizes: { t: 3, c: 2, z: 17, y: 128, x: 256, lambda: 5 },
  type: 'uint16',
  significantBits: 12,
  voxelSize: { x: { value: 0.13262, unit: 'micrometer' }, y: { value: 0.13262, unit: 'micrometer' } },
  planeTimes: [0, 0.5, 1.25],
  origin: { x: { value: 120, unit: 'micrometer' }, y: { value: -4.5, unit: 'micrometer' } },
  channels: [
    { name: 'GFP', fluorophore: 'EGFP', excitationNanometers: 488, emissionNanometers: 509.5, exposureSeconds: 0.05 },
    { name: 'TD', acquisitionMode: 'LaserScanningConfocalMicroscopy', exposureSeconds: 2, pinholeMicrometers: 80 },
  ],
  acquiredAt: 'Tuesday, somewhere',
  instrument: { objective: { magnification: 60, numericalAperture: 1.4, immersion: 'Oil' }, lightSources: ['488 nm'] },
};

test('says sizes of every axis, and what the file leaves open', () => {
  expect(imageRows(image)).toEqual([
    ['viewer.size', '256 × 128, 17 z, 2 c, 3 t, 5 lambda'],
    ['viewer.type', 'uint16'],
    ['viewer.pixel', '0.1326 × 0.1326 µm'],
    ['viewer.interval', undefined],
    ['meta.bits', '12'],
  ]);
});

test('keeps a date that is none as the file writes it', () => {
  expect(acquisitionRows(image)).toEqual([
    ['viewer.acquired', 'Tuesday, somewhere'],
    ['meta.mode', 'LaserScanningConfocalMicroscopy'],
    ['meta.stage', 'x 120 µm, y -4.5 µm'],
    ['meta.lasted', '1.25 s'],
  ]);
});

test('names the parts of the microscope, and says where it is not named', () => {
  expect(instrumentRows(image)).toEqual([
    ['meta.microscope', undefined],
    ['viewer.objective', '60×'],
    ['meta.aperture', '1.4'],
    ['meta.immersion', 'Oil'],
    ['meta.detector', undefined],
    ['meta.lights', '488 nm'],
    ['meta.software', undefined],
  ]);
});

test('writes short exposures in milliseconds', () => {
  expect(channelRows(image.channels[0]!)).toEqual([
    ['meta.fluorophore', 'EGFP'],
    ['meta.excitation', '488 nm'],
    ['meta.emission', '509.5 nm'],
    ['meta.exposure', '50 ms'],
  ]);
  expect(channelRows(image.channels[1]!)).toContainEqual(['meta.exposure', '2 s']);
  expect(channelRows({ name: 'only a name' })).toEqual([]);
});

test('tells of the conversions of this image, not of others or of tables', () => {
  const one = (recipe: string, parameters: Record<string, string | number>) => ({
    recipe,
    tool: 'micrarium',
    toolVersion: '0.1.0',
    parameters,
    madeAt: '2026-11-21T05:00:00Z',
    outputs: [{ path: 'image-1.ozx', size: 9, sha256: '0123456789abcdef' }],
  });
  const told = conversionsOf(
    [
      one('image-to-ozx', { image: 0 }),
      one('image-to-ozx', { image: 1 }),
      one('tracks-to-parquet', {}),
      one('new', { image: 1 }),
    ],
    1,
  );
  expect(told.map(({ name, recipe }) => [name, recipe])).toEqual([
    ['image-to-ozx', 'meta.recipeOzx'],
    ['new', undefined],
  ]);
  expect(told[0]!.rows).toContainEqual(['meta.tool', 'micrarium 0.1.0']);
  expect(told[0]!.rows).toContainEqual(['meta.outputs', 'image-1.ozx (SHA-256 0123456789ab…)']);
});
