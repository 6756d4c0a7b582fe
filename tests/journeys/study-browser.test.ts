import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage, seriousAxeFindings } from './browser.ts';
import { depositAndPublish, keepShot, makeOwnerAccount, owner } from './deposit-steps.ts';
import { hasSamples, samples } from './depositor.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';
import { frontView, serveVolume, volumeSize, worstOfVolume } from './volume-elsewhere.ts';
import {
  brightnessAround,
  differingShare,
  onStage,
  stageColours,
  type StagePixels,
  stagePixels,
} from './stage-pixels.ts';

const film = join(samples, 'images/tiff/FakeTracks.tif');
const tracks = join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml');
const image = { width: 128, height: 128 };
/** The frame that is looked at. */
const frame = 10;

/** A plane of the film, decoded without our readers: one uncompressed strip a frame, one after the other, big-endian. */
function planeOfFilm(t: number): Uint8Array {
  const bytes = readFileSync(film);
  const directory = bytes.readUInt32BE(4);
  const entries = Array.from({ length: bytes.readUInt16BE(directory) }, (_, index) => directory + 2 + 12 * index);
  const strips = entries.find((entry) => bytes.readUInt16BE(entry) === 273)!;
  const size = image.width * image.height;
  return bytes.subarray(bytes.readUInt32BE(strips + 8) + t * size).subarray(0, size);
}

/** A published study is found, seen, measured and taken away with the pages alone. */
describe.runIf(hasSamples)('a published study in the browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page & { errors: string[] };
  let published = '';
  let viewer = '';
  /** Objects of the frame that is looked at, as the CSV we serve says. */
  let objects: { id: string; x: number; y: number }[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    page = await newPage(browser);
    await makeOwnerAccount(page, server.ownerLink);
    published = await depositAndPublish(page, [film, tracks], { title: 'Moving spots in a test film 斑点の移動' });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
  });

  test('a visitor finds it by a word, by a facet and by a Japanese word', async () => {
    const visitor = await newPage(browser);
    await visitor.goto(server.url);
    await visitor
      .getByRole('link', { name: /Moving spots/ })
      .first()
      .waitFor();
    await visitor.keyboard.press('/');
    await visitor.keyboard.type('spots');
    await visitor.keyboard.press('Enter');
    await visitor.waitForURL('**/search?*q=spots*');
    const results = visitor.locator('.res');
    await results.first().waitFor();
    await expect(results.count()).resolves.toBe(1);
    await visitor.getByRole('checkbox', { name: /Caenorhabditis elegans/ }).check();
    await visitor.waitForURL('**/search?*organism=*');
    await expect(results.count()).resolves.toBe(1);
    await visitor.goto(`${server.url}/search?q=${encodeURIComponent('斑点')}`);
    await results.first().waitFor();
    await visitor.goto(`${server.url}/search?q=zebrafish`);
    await visitor.getByText('No study matches').waitFor();
    expect(visitor.errors).toEqual([]);
    await visitor.context().close();
  });

  test('originals, tables and the packed film are taken away from the page of the study', async () => {
    await page.goto(published);
    const address = async (name: string) =>
      new URL((await page.getByRole('link', { name, exact: true }).last().getAttribute('href'))!, server.url).href;
    const fetched = async (name: string) => Buffer.from(await (await fetch(await address(name))).arrayBuffer());
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const original = await fetched('FakeTracks.tif');
    expect(digest(original)).toBe(digest(readFileSync(film)));
    await page.getByText(digest(original)).waitFor();
    expect((await fetched('image-0.ozx')).subarray(0, 2).toString()).toBe('PK');
    const lines = (await fetched('objects.csv')).toString('utf8').trim().split('\n');
    const head = lines[0]!.split(',');
    const column = (name: string) => head.findIndex((one) => one === name || one.startsWith(`${name} `));
    const rows = lines.slice(1).map((line) => line.split(','));
    expect(rows).toHaveLength(243);
    objects = rows
      .filter((row) => Number(row[column('frame')]) === frame)
      .map((row) => ({ id: row[0]!, x: Number(row[column('x')]), y: Number(row[column('y')]) }));
    expect(objects.length).toBeGreaterThan(3);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download all/ }).click();
    expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  });

  test('the viewer draws the film, and an object is bright where the table says it is', async () => {
    await page.goto(published);
    await page.getByRole('link', { name: 'Open in the viewer' }).click();
    await page.locator('.hist').waitFor();
    viewer = page.url().split('?')[0]!;
    await page.getByRole('checkbox', { name: 'Show tracks' }).uncheck();
    await page.getByRole('slider', { name: 'Time' }).fill(String(frame));
    await page.waitForURL(`**t=${frame}&**`);
    await page.locator(`[data-testid=stage][data-drawn="${frame}"]`).waitFor();
    const shown = await stagePixels(page);
    const dark = shown.brightness.reduce((sum, one) => sum + one, 0) / shown.brightness.length;
    const bright = objects.map((one) => {
      const at = onStage(shown, image, one);
      return brightnessAround(shown, at.x, at.y);
    });
    for (const one of bright) expect(one).toBeGreaterThan(3 * dark);
    // With x and y swapped the same places are dark: the test can fail.
    const swapped = objects.map(({ x, y }) => {
      const at = onStage(shown, image, { x: y, y: x });
      return brightnessAround(shown, at.x, at.y);
    });
    expect(Math.min(...swapped)).toBeLessThan(2 * dark);
    await keepShot(page, 'viewer-no-tracks');
  });

  test('every pixel has the colour that window, gamma and look-up table give its value', async () => {
    await page.goto(`${viewer}?v=1&t=${frame}&z=0&c=1,00ff00,10,180,0.5,grey&at=63.5,63.5,3&tracks=0,12,0`);
    await page.locator('.hist').waitFor();
    await page.locator(`[data-testid=stage][data-drawn="${frame}"]`).waitFor();
    const shown = await stagePixels(page);
    const values = planeOfFilm(frame);
    let worst = 0;
    for (let y = 0; y < image.height; y++)
      for (let x = 0; x < image.width; x++) {
        const [column, row] = [shown.width / 2 + (x - 63.5) * 3, shown.height / 2 + (y - 63.5) * 3].map(Math.floor);
        const brightest = shown.brightness[row! * shown.width + column!]!;
        const share = Math.min(1, Math.max(0, (values[y * image.width + x]! - 10) / 170));
        worst = Math.max(worst, Math.abs(brightest - 255 * share ** 0.5));
      }
    expect(worst).toBeLessThanOrEqual(2);
    await page.goto(`${viewer}?v=1&t=${frame}`);
    await page.locator('.hist').waitFor();
    await page.getByRole('checkbox', { name: 'Show tracks' }).uncheck();
  });

  /** Share of pixels that differ from an earlier picture, looked at again until it is as wanted: drawing takes its time here. */
  const shareOnceDrawn = async (before: StagePixels, isWanted: (share: number) => boolean): Promise<number> => {
    for (let look = 0; ; look++) {
      await page.waitForTimeout(400);
      const share = differingShare(before, await stagePixels(page));
      if (isWanted(share) || look === 20) return share;
    }
  };

  test('tracks, channel, time and play change what is drawn', async () => {
    const plain = await stagePixels(page);
    await page.getByRole('checkbox', { name: 'Show tracks' }).check();
    expect(await shareOnceDrawn(plain, (share) => share > 0.001)).toBeGreaterThan(0.001);
    const withTracks = await stagePixels(page);
    await keepShot(page, 'viewer-tracks');
    await page.getByRole('checkbox', { name: /^Show channel/ }).uncheck();
    expect(await shareOnceDrawn(withTracks, (share) => share > 0.05)).toBeGreaterThan(0.05);
    await page.getByRole('checkbox', { name: /^Show channel/ }).check();
    await page.getByRole('button', { name: 'Play: Time' }).click();
    await page.waitForFunction(
      (from) => Number(document.querySelector('.axis output b')!.textContent) > from,
      frame + 2,
    );
    await page.getByRole('button', { name: 'Pause: Time' }).click();
    await page.getByRole('slider', { name: 'Time' }).fill(String(frame));
    expect(await shareOnceDrawn(withTracks, (share) => share < 0.002)).toBeLessThan(0.002);
  });

  test('a click on an object shows its row, in panel and table', async () => {
    const box = (await page.getByTestId('stage').boundingBox())!;
    const [first] = objects;
    const at = onStage(box, image, first!);
    await page.mouse.click(box.x + at.x, box.y + at.y);
    const row = page.getByTestId('selected-object');
    await row.waitFor();
    await expect(row.locator('dd').first().textContent()).resolves.toBe(first!.id);
    await page.getByRole('tab', { name: 'Objects in this frame' }).click();
    const chosen = page.locator('.long [aria-selected=true]');
    await chosen.waitFor();
    await expect(chosen.locator('span').first().textContent()).resolves.toBe(first!.id);
    await keepShot(page, 'viewer-selected');
  });

  test('histogram, scale bar, plots and tables are there', async () => {
    await expect(page.locator('.hist path').count()).resolves.toBeGreaterThan(1);
    await expect(page.locator('.sbar').innerText()).resolves.toMatch(/^\d+ px$/);
    await page.getByRole('tab', { name: 'Plots' }).click();
    for (const name of ['Objects over time', 'Path length of tracks', 'Mean speed of tracks'])
      await expect(page.getByRole('img', { name }).locator('path').count()).resolves.toBeGreaterThan(0);
    await page.getByRole('tab', { name: 'Tracks' }).click();
    await expect(page.locator('.long .body [role=row]').count()).resolves.toBeGreaterThanOrEqual(4);
    await keepShot(page, 'viewer-table');
    expect(await seriousAxeFindings(page)).toEqual([]);
  });

  test('the address restores the whole view in another window', async () => {
    await page.getByRole('combobox', { name: 'Colour by' }).selectOption('mean_intensity');
    await page.waitForURL('**by=mean_intensity**');
    const here = await stagePixels(page);
    const address = page.url();
    // Two films drawn by software at once are more than two cores can do.
    await page.goto('about:blank');
    const other = await newPage(browser);
    await other.goto(address);
    await other.locator('.hist').waitFor();
    await other.getByTestId('selected-object').waitFor();
    await expect(other.getByRole('combobox', { name: 'Colour by' }).inputValue()).resolves.toBe('mean_intensity');
    await other.waitForTimeout(2000);
    expect(differingShare(here, await stagePixels(other))).toBeLessThan(0.002);
    expect(other.errors).toEqual([]);
    await other.context().close();
  });

  test('the keyboard alone moves time, tracks, selection and help', async () => {
    await page.goto(viewer);
    await page.locator('.hist').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL('**t=1&**');
    await page.keyboard.press('t');
    await page.waitForURL('**tracks=0%2C**');
    await page.keyboard.press('1');
    await page.waitForURL('**c=0%2C**');
    // An area of a triangle, its corners set by keys alone: half of a square of 40 screen pixels, as large as the zoom makes it.
    await page.keyboard.press('o');
    const press = async (key: string) => {
      for (let step = 0; step < 5; step++) await page.keyboard.press(key);
      await page.keyboard.press('Enter');
    };
    await page.keyboard.press('Enter');
    await press('Shift+ArrowRight');
    await press('Shift+ArrowDown');
    await page.keyboard.press('f');
    await page.waitForURL('**mark=area%3A**');
    const [, corners] = new URL(page.url()).searchParams.get('mark')!.split(':');
    const [x1, , x2, y2, , y3] = corners!.split(',').map(Number);
    const area = Number.parseFloat(
      (await page.getByTestId('marks').locator('.num').first().innerText()).replace(',', ''),
    );
    expect(area / (((x2! - x1!) * (y3! - y2!)) / 2)).toBeCloseTo(1, 2);
    expect(x2! - x1!).toBeCloseTo(y3! - y2!, 2);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
  });

  test('in space, every object is drawn where it lies, in the colour of its value', async () => {
    await page.goto(published);
    const address = await page.locator('a[href^="/space/"]').first().getAttribute('href');
    const zoom = 4;
    // Straight from above, four pixels a unit, the middle of the film in the middle of the stage.
    await page.goto(`${server.url}${address}?t=${frame}&cam=64,64,0,${zoom},0,90&form=point&axes=0&by=x&map=cividis`);
    await page
      .getByTestId('drawn')
      .filter({ hasText: `${objects.length} objects` })
      .waitFor();
    const { width, height } = (await page.getByTestId('stage').boundingBox())!;
    const places = (swap: boolean) =>
      objects.map(({ x, y }) => ({
        x: width / 2 + ((swap ? y : x) - 64) * zoom,
        y: height / 2 + ((swap ? x : y) - 64) * zoom,
      }));
    const brightest = (colour: number[]) => Math.max(...colour);
    let colours: number[][] = [];
    for (let look = 0; look < 20 && !colours.some((one) => brightest(one) > 60); look++) {
      await page.waitForTimeout(200);
      colours = await stageColours(page, [...places(false), ...places(true)]);
    }
    expect(Math.min(...colours.slice(0, objects.length).map(brightest))).toBeGreaterThan(60);
    // With x and y swapped the same places are dark: the test can fail.
    expect(Math.min(...colours.slice(objects.length).map(brightest))).toBeLessThan(30);
    // Cividis goes from blue to yellow: the more to the right, the more red against blue.
    const shares = objects.map(({ x }, at) => ({ x, share: colours[at]![0]! / (colours[at]![2]! || 1) }));
    shares.sort((a, b) => a.x - b.x);
    for (const [at, { x, share }] of shares.entries())
      if (at > 0 && x - shares[at - 1]!.x > 4) expect(share).toBeGreaterThan(shares[at - 1]!.share);
    await keepShot(page, 'space');
    const first = places(false)[0]!;
    const box = (await page.getByTestId('stage').boundingBox())!;
    await page.mouse.click(box.x + first.x, box.y + first.y);
    await expect(page.getByTestId('selected-object').locator('dd').first().textContent()).resolves.toBe(objects[0]!.id);
  });

  test('every pixel of a volume seen from the front is the largest voxel behind it, and the keyboard turns it', async () => {
    await page.goto('about:blank');
    // A stage of an even number of pixels: the volume is shown so that voxel centres lie in their middle.
    const visitor = await newPage(browser, { height: 901 });
    await serveVolume(visitor);
    await visitor.goto(frontView(server.url));
    await visitor.getByTestId('voxels').waitFor();
    const worstOnceDrawn = async (slices: readonly [number, number]): Promise<number> => {
      for (let look = 0; ; look++) {
        const worst = await worstOfVolume(visitor, slices);
        if (worst <= 2 || look === 20) return worst;
        await visitor.waitForTimeout(200);
      }
    };
    expect(await worstOnceDrawn([0, volumeSize.z - 1])).toBeLessThanOrEqual(2);
    for (const end of ['z to', 'z from']) await visitor.getByRole('slider', { name: end }).fill('3');
    expect(await worstOnceDrawn([3, 3])).toBeLessThanOrEqual(2);
    expect(await seriousAxeFindings(visitor)).toEqual([]);
    await visitor.getByRole('button', { name: 'Front' }).click();
    await visitor.keyboard.press('Shift+ArrowRight');
    await visitor.waitForURL('**%2C7.5%2C0&**');
    await visitor.keyboard.press('v');
    await visitor.waitForURL((url) => !url.searchParams.has('volume'));
    expect(visitor.errors).toEqual([]);
    await visitor.context().close();
  });

  test('a passkey made on the account page signs in without a password', async () => {
    // Passkeys count for a name, never for an address of numbers.
    const home = server.url.replace('127.0.0.1', 'localhost');
    const visitor = await newPage(browser);
    const device = await visitor.context().newCDPSession(visitor);
    await device.send('WebAuthn.enable');
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await visitor.goto(`${home}/sign-in?to=/account`);
    await visitor.getByLabel('E-mail').fill(owner.email);
    await visitor.getByLabel('Password').fill(owner.password);
    await visitor.getByRole('button', { name: 'Sign in', exact: true }).click();
    await visitor.waitForURL('**/account');
    await visitor.getByLabel('What you call it').fill('This laptop');
    await visitor.getByRole('button', { name: 'Make a passkey' }).click();
    await visitor.getByText('This laptop').waitFor();
    await visitor.getByRole('button', { name: 'Sign out', exact: true }).click();
    await visitor.waitForURL(`${home}/`);
    await visitor.goto(`${home}/sign-in?to=/account`);
    await visitor.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await visitor.waitForURL('**/account');
    await visitor.getByRole('heading', { name: owner.name }).waitFor();
    expect(visitor.errors).toEqual([]);
    await visitor.context().close();
  });

  test('no script of any page failed', () => {
    expect(page.errors).toEqual([]);
  });
});
