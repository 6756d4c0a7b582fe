import type { Page } from 'playwright-core';
import { stagePixels } from './stage-pixels.ts';

/** Voxels of a small volume; all slices lie in one chunk. */
export const volumeSize = { x: 32, y: 24, z: 12 } as const;
/** Screen pixels per voxel. */
const zoom = 12;
const shown = { low: 200, high: 3500, gamma: 0.7 };
const address = 'http://volumes.example/small.zarr';

const valueAt = (x: number, y: number, z: number) => (x * x * 31 + y * y * 17 + z * z * z * 7 + x * y * z * 3) % 4000;

/** Answers a page that asks for a small OME-Zarr of another site: 16 bit, not packed, one chunk. */
export async function serveVolume(page: Page): Promise<void> {
  const { x, y, z } = volumeSize;
  const values = Uint16Array.from({ length: x * y * z }, (_, at) =>
    valueAt(at % x, Math.floor(at / x) % y, Math.floor(at / (x * y))),
  );
  const axes = ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'micrometer' }));
  const coordinateTransformations = [{ type: 'scale', scale: [2, 1, 1] }];
  const files: Record<string, unknown> = {
    '.zgroup': { zarr_format: 2 },
    '.zattrs': { multiscales: [{ version: '0.4', axes, datasets: [{ path: '0', coordinateTransformations }] }] },
    '0/.zarray': {
      zarr_format: 2,
      shape: [z, y, x],
      chunks: [z, y, x],
      dtype: '<u2',
      compressor: null,
      fill_value: 0,
      order: 'C',
      filters: null,
      dimension_separator: '/',
    },
  };
  await page.route(`${address}/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/small.zarr/', '');
    const body = path === '0/0/0/0' ? Buffer.from(values.buffer) : JSON.stringify(files[path] ?? null);
    const headers = { 'access-control-allow-origin': '*' };
    const isThere = path === '0/0/0/0' || path in files;
    return route.fulfill({ status: isThere ? 200 : 404, headers, body });
  });
}

/** The address of a page that looks at the volume from the front, with voxel centres in the middle of pixels of an even stage. */
export function frontView(server: string): string {
  const view = {
    v: '1',
    url: address,
    c: `1,ffffff,${shown.low},${shown.high},${shown.gamma},grey`,
    volume: 'max,0,128,0.3,0.1',
    eye: `${volumeSize.x / 2 - 0.5 / zoom},${volumeSize.y / 2 - 0.5 / zoom},11,${zoom},0,0`,
  };
  return `${server}/open?${new URLSearchParams(view)}`;
}

/** By how many grey values the stage differs at most from the largest values of slices, as window and gamma make them. */
export async function worstOfVolume(page: Page, [from, to]: readonly [number, number]): Promise<number> {
  const { width, height, brightness } = await stagePixels(page);
  if (width % 2 || height % 2) throw new Error(`The stage of ${width} x ${height} pixels has a pixel in its middle.`);
  let worst = 0;
  for (let y = 0; y < volumeSize.y; y++)
    for (let x = 0; x < volumeSize.x; x++) {
      // The length of the y axis is written there.
      if (x < 5 && y > volumeSize.y - 4) continue;
      let largest = 0;
      for (let z = from; z <= to; z++) largest = Math.max(largest, valueAt(x, y, z));
      const share = Math.min(1, Math.max(0, (largest - shown.low) / (shown.high - shown.low)));
      const column = width / 2 + (x - volumeSize.x / 2) * zoom;
      const row = height / 2 + (y - volumeSize.y / 2) * zoom;
      worst = Math.max(worst, Math.abs(brightness[row * width + column]! - 255 * share ** shown.gamma));
    }
  return worst;
}
