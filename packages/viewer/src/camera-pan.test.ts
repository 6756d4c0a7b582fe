import { expect, it } from 'vitest';
import { pannedCamera } from './camera-pan.ts';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * Where deck.gl's OrbitView draws a place, in screen pixels from the middle of the stage: the world has y up and z towards
 * the reader; it is turned about its upright axis, then about the level one.
 */
function drawn(camera: { x: number; y: number; z: number; zoom: number; turn: number; tilt: number }): number[] {
  const [x, y, z] = [3 - camera.x, camera.y + 4, camera.z + 5];
  const [turn, tilt] = [radians(camera.turn), radians(camera.tilt)];
  const aside = x * Math.cos(turn) + z * Math.sin(turn);
  const near = z * Math.cos(turn) - x * Math.sin(turn);
  const up = y * Math.cos(tilt) - near * Math.sin(tilt);
  return [aside * camera.zoom, -up * camera.zoom];
}

it('moves what is seen by the stated pixels, whichever way one looks', () => {
  for (const [turn, tilt] of [
    [0, 0],
    [-28, 24],
    [90, 0],
    [135, -60],
    [0, 90],
    [200, 75],
  ] as const) {
    const camera = { x: 1, y: 2, z: -3, zoom: 12, turn, tilt };
    const [before, after] = [drawn(camera), drawn(pannedCamera(camera, 60, 25))];
    expect(after[0]! - before[0]!, `${turn} ${tilt}`).toBeCloseTo(-60, 9);
    expect(after[1]! - before[1]!, `${turn} ${tilt}`).toBeCloseTo(-25, 9);
  }
});
