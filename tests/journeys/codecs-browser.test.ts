import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Blosc from 'numcodecs/blosc';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAvi } from '../../packages/formats/src/images/film/avi-for-tests.ts';
import { launchBrowser, newPage } from './browser.ts';
import {
  drop,
  fillForm,
  keepShot,
  makeOwnerAccount,
  publish,
  sendAndPrepare,
  startDeposit,
  untilRead,
  untilSaved,
} from './deposit-steps.ts';
import { hasSamples, newFolder, samples } from './depositor.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';
import { brightnessAround, onStage, stageColours, stagePixels } from './stage-pixels.ts';
import { declared, secondChannel, storeElsewhere } from './store-elsewhere.ts';

const side = 64;

/** An OME-Zarr 0.4 of one plane with a bright disc, its chunk packed by c-blosc. */
async function writeDisc(path: string, cname: string, shuffle: 0 | 1 | 2): Promise<void> {
  const pixels = new Uint16Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels[y * side + x] = (y - 32) ** 2 + (x - 32) ** 2 < 300 ? 4000 : 100;
  const chunk = await Blosc.fromConfig({ cname, clevel: 5, shuffle, blocksize: 0 }).encode(
    new Uint8Array(pixels.buffer),
  );
  mkdirSync(join(path, '0/0/0/0/0'), { recursive: true });
  writeFileSync(join(path, '0/0/0/0/0/0'), chunk);
  const array = {
    zarr_format: 2,
    shape: [1, 1, 1, side, side],
    chunks: [1, 1, 1, side, side],
    dtype: '<u2',
    compressor: { id: 'blosc', cname, clevel: 5, shuffle, blocksize: 0 },
    fill_value: 0,
    filters: null,
    order: 'C',
    dimension_separator: '/',
  };
  const axes = ['t', 'c', 'z', 'y', 'x'].map((name) => ({
    name,
    type: name === 't' ? 'time' : name === 'c' ? 'channel' : 'space',
  }));
  const scale = { type: 'scale', scale: [1, 1, 1, 1, 1] };
  const multiscales = [{ version: '0.4', axes, datasets: [{ path: '0', coordinateTransformations: [scale] }] }];
  writeFileSync(join(path, '.zgroup'), JSON.stringify({ zarr_format: 2 }));
  writeFileSync(join(path, '.zattrs'), JSON.stringify({ multiscales }));
  writeFileSync(join(path, '0/.zarray'), JSON.stringify(array));
}

/** An AVI of six frames of one grey each, without compression: browsers do not play it. */
const film = buildAvi({
  width: 32,
  height: 16,
  bits: 24,
  compression: 0,
  frames: [0, 40, 80, 120, 160, 200].map((grey) => new Uint8Array(32 * 16 * 3).fill(grey)),
  index: 'idx1',
});

const discs = [
  ['blosclz', 2],
  ['snappy', 1],
  ['zstd', 2],
] as const;

/** What needs a codec is unpacked in pages and workers under the policy our pages are served with. */
describe('codecs in the browser', () => {
  const folder = newFolder();
  let server: RunningServer;
  let browser: Browser;
  let page: Page & { errors: string[] };
  let published = '';
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    page = await newPage(browser);
    await makeOwnerAccount(page, server.ownerLink);
    writeFileSync(join(folder, 'steps.avi'), film);
    for (const [cname, shuffle] of discs) await writeDisc(join(folder, `${cname}.ome.zarr`), cname, shuffle);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
    rmSync(folder, { recursive: true, force: true });
  });

  test.runIf(hasSamples)('a BD5 file is read in a worker before anything is sent', async () => {
    await startDeposit(page);
    await drop(page, [join(samples, 'bd5/081505_L1_bd5.h5')]);
    await untilRead(page, 1);
    const words = await page.locator('.itemline .second > .grow').first().textContent();
    expect(words).toContain('BD5: 23,980 objects, 23,975 edges');
    expect(page.errors).toEqual([]);
  });

  test('images behind Blosc with BloscLZ, snappy and bit shuffle are drawn', async () => {
    await startDeposit(page);
    await drop(page, [folder]);
    await untilRead(page, discs.length + 1);
    await fillForm(page, { title: 'Discs behind Blosc' });
    await untilSaved(page);
    await sendAndPrepare(page);
    published = await publish(page);
    await page.goto(published);
    const films = await page
      .locator('.ds a[href*="/viewer/"]')
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
    expect(films.length).toBe(discs.length);
    for (const film of films) {
      await page.goto(film);
      await page.locator('.hist').waitFor();
      await expect
        .poll(
          async () => {
            const { brightness } = await stagePixels(page);
            return brightness.filter((one) => one > 200).length / brightness.length;
          },
          { timeout: 30_000 },
        )
        // The disc covers 23 % of the film, which covers about half of the stage.
        .toBeGreaterThan(0.05);
      await expect(page.locator('.hud.mid').count()).resolves.toBe(0);
    }
    await keepShot(page, 'blosc');
    expect(page.errors).toEqual([]);
  });

  test('an AVI, which browsers do not play, is stepped through frame by frame', async () => {
    await page.goto(published);
    await page.locator('.playfilm').click();
    const grey = () =>
      page.locator('.filmbox canvas').evaluate((one) => {
        const canvas = one as HTMLCanvasElement;
        return [canvas.width, canvas.height, canvas.getContext('2d')!.getImageData(5, 5, 1, 1).data[0]];
      });
    await expect.poll(grey, { timeout: 30_000 }).toEqual([32, 16, 0]);
    await page.getByRole('slider', { name: 'Frame' }).fill('4');
    await expect.poll(grey, { timeout: 30_000 }).toEqual([32, 16, 160]);
    await page.waitForURL(/frame=5/);
    await keepShot(page, 'avi');
    expect(page.errors).toEqual([]);
  });

  test('an image of another site that declares 100 GB is drawn after less than 3 MB, scripts included', async () => {
    const elsewhere = await storeElsewhere();
    try {
      await page.goto('about:blank');
      const visitor = await newPage(browser);
      let transfer = 0;
      const wire = await visitor.context().newCDPSession(visitor);
      await wire.send('Network.enable');
      wire.on('Network.dataReceived', ({ encodedDataLength }) => (transfer += encodedDataLength));
      await visitor.goto(`${server.url}/open?${new URLSearchParams({ url: elsewhere.url })}&z=6`);
      await visitor.locator('.hist').first().waitFor();
      const isDrawn = async () => {
        const shown = await stagePixels(visitor);
        const brightness = (pixel: number) => {
          const { x, y } = onStage(shown, { width: declared.x, height: declared.y }, { x: pixel, y: pixel });
          return brightnessAround(shown, x, y);
        };
        return brightness(80) > 200 && brightness(1900) < 60;
      };
      await expect.poll(isDrawn, { timeout: 30_000 }).toBe(true);
      // Its chunks were unpacked in a worker, under the policy of our pages.
      expect(visitor.workers().some((worker) => worker.url().includes('/chunk.worker'))).toBe(true);
      expect(transfer).toBeLessThan(3_000_000);
      expect(transfer).toBeGreaterThan(200_000);
      // Both channels, each with its own colour, window and gamma, in every pixel that was looked at.
      const zoom = 8;
      await visitor.goto('about:blank');
      await visitor.goto(
        `${server.url}/open?${new URLSearchParams({ url: elsewhere.url })}&v=1&t=0&z=6&at=100,100,${zoom}` +
          `&c=${encodeURIComponent('1,ff0000,1000,5000;1,0000ff,500,4000,0.5')}`,
      );
      await visitor.locator('[data-testid=stage][data-drawn="0"]').waitFor();
      const box = (await visitor.getByTestId('stage').boundingBox())!;
      const places = Array.from({ length: 90 }, (_, n) => ({ x: 84 + (n % 10) * 3, y: 88 + Math.floor(n / 10) * 3 }));
      const colours = await stageColours(
        visitor,
        places.map(({ x, y }) => ({
          x: Math.floor(box.width / 2 + (x - 100) * zoom),
          y: Math.floor(box.height / 2 + (y - 100) * zoom),
        })),
      );
      const share = (value: number, low: number, high: number) =>
        Math.min(1, Math.max(0, (value - low) / (high - low)));
      const wrong = places.flatMap(({ x, y }, n) => {
        const wanted = [255 * share(2000, 1000, 5000), 0, 255 * share(secondChannel(x, y), 500, 4000) ** 0.5];
        const worst = Math.max(...wanted.map((value, part) => Math.abs(value - colours[n]![part]!)));
        return worst <= 2 ? [] : [{ x, y, wanted, got: colours[n] }];
      });
      expect(wrong).toEqual([]);
      expect(visitor.errors).toEqual([]);
      await visitor.context().close();
    } finally {
      elsewhere.server.closeAllConnections();
      elsewhere.server.close();
    }
  });
});
