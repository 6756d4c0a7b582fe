import type { ViewState } from '@micrarium/viewer';
import { expect, test } from 'vitest';
import {
  afterChange,
  cameraIn,
  chosenOf,
  imagesOf,
  linksOf,
  type ShownImage,
  withPlayingOn,
  writeLinks,
} from './linked-views.ts';

const image = (x: number, t: number, micrometers?: number): ShownImage => ({
  sizes: { t, c: 1, z: 3, y: x, x },
  ...(micrometers === undefined ? {} : { voxelSize: { x: { value: micrometers, unit: 'micrometer' } } }),
});
const view = (t: number): ViewState => ({
  t,
  z: 1,
  channels: [{ isVisible: true, colour: [255, 0, 0], window: [0, 9] }],
  overlay: { isVisible: false, tailFrames: 0, colourBy: 'track', onlyNearSlice: false },
});

test('shows the same place as large, by micrometers where both say them', () => {
  const camera = { x: 100, y: 50, zoom: 2 };
  expect(cameraIn(camera, image(500, 1, 0.5), image(900, 1, 0.25))).toEqual({ x: 200, y: 100, zoom: 1 });
  expect(cameraIn(camera, image(500, 1), image(1000, 1, 0.25))).toEqual({ x: 200, y: 100, zoom: 1 });
  const there = cameraIn(camera, image(512, 1, 0.65), image(300, 1, 0.2));
  const back = cameraIn(there, image(300, 1, 0.2), image(512, 1, 0.65));
  for (const key of ['x', 'y', 'zoom'] as const) expect(back[key]).toBeCloseTo(camera[key], 9);
});

const images = [image(100, 10), image(100, 4), image(200, 10)];
const views = [view(0), view(0), view(0)];

test('takes linked images along, as far as they go', () => {
  const all = afterChange(views, images, 0, { t: 7, camera: { x: 10, y: 10, zoom: 1 } }, linksOf(null));
  expect(all.map(({ t }) => t)).toEqual([7, 3, 7]);
  expect(all[2]!.camera).toEqual({ x: 20, y: 20, zoom: 0.5 });
  const channels = [{ isVisible: false, colour: [0, 255, 0] as const, window: [1, 2] as const }];
  expect(afterChange(views, images, 1, { channels }, linksOf(null))[0]!.channels).toEqual(channels);
});

test('takes further axes and projections along where the other image has them', () => {
  const deep = { ...image(100, 10), sizes: { ...image(100, 10).sizes, angle: 4 } };
  const both = [deep, { ...deep, sizes: { ...deep.sizes, z: 2, angle: 2 } }, image(100, 10)];
  const turned = afterChange(views, both, 0, { other: { angle: 3 } }, linksOf(null));
  expect(turned.map(({ other }) => other)).toEqual([{ angle: 3 }, { angle: 1 }, {}]);
  const summed = { projection: { kind: 'sum' as const, from: 0, to: 2 } };
  const [, second] = afterChange(views, both, 0, summed, linksOf('axes'));
  expect(second!.projection).toEqual({ kind: 'sum', from: 0, to: 1 });
  expect(second!.channels[0]!.window).toEqual([0, 18]);
});

test('leaves those alone that are not linked', () => {
  const none = { axes: false, position: false, contrast: false };
  const changed = afterChange(views, images, 2, { t: 5, camera: { x: 1, y: 1, zoom: 1 } }, none);
  expect(changed.slice(0, 2)).toEqual(views.slice(0, 2));
  expect(changed[2]!.t).toBe(5);
  expect(afterChange(views, images, 0, { t: 5 }, linksOf('position'))[2]!.t).toBe(0);
});

test('links and images stand in the address', () => {
  expect(writeLinks(linksOf(null))).toBeUndefined();
  for (const text of ['axes,contrast', 'none']) expect(writeLinks(linksOf(text))).toBe(text);
  expect(imagesOf(['MIC-000001.2.abc.3', 'wrong', 'MIC-000001.2.abc', '../x.1.a.0'])).toEqual([
    { accession: 'MIC-000001', version: 2, item: 'abc', image: 3 },
  ]);
  expect(imagesOf(Array.from({ length: 9 }, () => 'A.1.b.0'))).toHaveLength(4);
});

test('the chosen image is in the address, and what is played goes on with it', () => {
  expect([chosenOf(null, 2), chosenOf('2', 2), chosenOf('3', 2), chosenOf('0', 2), chosenOf('x', 2)]).toEqual([
    0, 1, 0, 0, 0,
  ]);
  const moved = withPlayingOn([{ ...view(1), playing: ['t'] }, view(2)], 1);
  expect(moved).toEqual([view(1), { ...view(2), playing: ['t'] }]);
});
