import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { Item } from '../../recognition/item.ts';
import { lensOfNumber } from './lenses.ts';
import { dvReader } from './reader.ts';

function itemOf(bytes: Uint8Array): Item {
  const entry = { path: 'a.dv', size: bytes.length, open: async () => memorySource('a.dv', bytes) };
  const recognition = { score: 1, reason: 'test' };
  return { path: 'a.dv', files: [entry], tree: { name: '', entries: [entry] }, format: 'dv', recognition };
}

/** A film of one pixel, two wavelengths by turns (sequence 1), with a record of 8 integers and 32 floats for each section. */
function film(times: number, big: boolean): Uint8Array {
  const [sections, record] = [times * 2, 4 * (8 + 32)];
  const bytes = new Uint8Array(1024 + sections * record + sections * 2);
  const view = new DataView(bytes.buffer);
  [1, 1, sections, 6].forEach((value, n) => view.setInt32(4 * n, value, !big));
  [0.1, 0.1, 0.3].forEach((value, n) => view.setFloat32(40 + 4 * n, value, !big));
  view.setInt32(92, sections * record, !big);
  const shorts = { 96: -16_224, 128: 8, 130: 32, 162: 10_612, 180: times, 182: 1, 196: 2, 198: 525, 200: 632 };
  for (const [at, value] of Object.entries(shorts)) view.setInt16(Number(at), value, !big);
  for (let section = 0; section < sections; section++) {
    const floats = [
      0,
      0.25 + 2.5 * (section >> 1),
      10,
      20,
      30,
      0,
      0,
      0,
      section % 2 ? 0.2 : 0.1,
      0,
      section % 2 ? 555 : 488,
    ];
    floats.forEach((value, n) => view.setFloat32(1024 + section * record + 32 + 4 * n, value, !big));
    view.setUint16(1024 + sections * record + 2 * section, section, !big);
  }
  return bytes;
}

test.each([false, true])('records of the sections say times, light and place (big endian: %s)', async (big) => {
  const { images, issues } = await dvReader.open(itemOf(film(150, big)));
  expect(issues.map(({ code }) => code)).toEqual(['channels-unnamed']);
  const { description, readRegion } = images[0]!;
  expect(description).toMatchObject({
    sizes: { t: 150, c: 2, z: 1, y: 1, x: 1 },
    timeStep: { value: 2.5, unit: 'second' },
    timeOffset: { value: 0.25, unit: 'second' },
    origin: { z: { value: 30 }, y: { value: 20 }, x: { value: 10 } },
    channels: [
      { emissionNanometers: 525, excitationNanometers: 488, exposureSeconds: 0.1 },
      { emissionNanometers: 632, excitationNanometers: 555, exposureSeconds: 0.2 },
    ],
    instrument: {
      objective: { model: 'Olympus PlanApo 60x/1.42 (lens 10612)', numericalAperture: 1.42, immersion: 'Oil' },
    },
  });
  expect(description.planeTimes?.at(-1)).toBeCloseTo(149 * 2.5, 3);
  expect([...(await readRegion({ t: 149, c: 1, z: 0 })).data]).toEqual([299]);
});

test('the log beside an image names filters, camera, lens and day; the lens number alone tells what it can', async () => {
  const log = [
    'Created Fri Apr  9 12:13:14 2010',
    'Objective: Olympus 60X/1.42, Plan Apo, UIS2, 1-U2B933',
    'Binning: 2x2',
    'Type: CoolSnap HQ2',
    'Gain: 4.00X',
    'EM filter: FITC',
    'EM filter: TRITC',
    'EM filter: FITC',
  ].join('\r\n');
  const image = film(2, false);
  const files = { 'run/a_R3D.dv': image, 'run/a_R3D.dv.log': new TextEncoder().encode(log), 'run/b.dv': image };
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const items = await findItems(fileTree('', entries));
  expect(items.map(({ files: members }) => members.length)).toEqual([2, 1]);
  const { images, rawMetadata } = await dvReader.open(items[0]!);
  expect(images[0]!.description).toMatchObject({
    acquiredAt: '2010-04-09T12:13:14',
    channels: [{ name: 'FITC' }, { name: 'TRITC' }],
    instrument: {
      detector: 'CoolSnap HQ2',
      detectorSettings: 'binning 2x2, gain 4.00X',
      objective: { magnification: 60, numericalAperture: 1.42, immersion: 'Oil', workingDistanceMicrometers: 150 },
    },
  });
  expect(rawMetadata?.text).toContain('CoolSnap');
  expect(lensOfNumber(14_999)).toEqual({ model: 'Zeiss 90x (lens 14999)', magnification: 90 });
  expect(lensOfNumber(77)).toEqual({ model: 'lens 77' });
});
