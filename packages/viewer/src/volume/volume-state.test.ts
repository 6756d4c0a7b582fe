import { expect, it } from 'vitest';
import { usualVolumeView, type VolumeView, volumeFromParams, volumeToParams } from './volume-state.ts';

const sizes = { x: 100, y: 80, z: 10 };

it('is the same after a way through the address', () => {
  const view: VolumeView = {
    mode: 'blend',
    isPerspective: true,
    camera: { x: 1.5, y: -2, z: 3, zoom: 4, turn: -24, tilt: 38 },
    clip: { x: [3, 90], y: [0, 79], z: [2, 2] },
    density: 0.5,
    threshold: 0.2,
    megabytes: 32,
  };
  for (const one of [view, usualVolumeView]) {
    const params = new URLSearchParams();
    volumeToParams(one, params);
    expect(volumeFromParams(new URLSearchParams(params.toString()), sizes)).toEqual(one);
  }
});

it('is as usual where the address is damaged', () => {
  const read = (text: string, of = sizes) => volumeFromParams(new URLSearchParams(text), of);
  expect(read('')).toBeUndefined();
  expect(read('volume=loud')).toBeUndefined();
  expect(read('volume=max', { ...sizes, z: 1 })).toBeUndefined();
  expect(read('volume=max,x,1e99,-1,NaN&eye=1,2,3,0,5,6&clip=1,2,3')).toEqual(usualVolumeView);
  expect(read('volume=max&clip=-5,500,70,3,4,8')!.clip).toEqual({ x: [0, 99], y: [70, 70], z: [4, 8] });
  expect(read('volume=max&eye=0,0,0,1,720,400')!.camera).toMatchObject({ turn: 720, tilt: 90 });
});
