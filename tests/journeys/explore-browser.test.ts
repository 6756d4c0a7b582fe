import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage } from './browser.ts';
import {
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  newFolder,
  samples,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

describe.runIf(hasSamples)('tracks of all studies as dots', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    const token = (await makeToken(await makeOwner(server), ['deposit'])).secret;
    const metadata = writeJson(newFolder(), 'study.json', studyValues('Moving spots under a film'));
    const files = ['images/tiff/FakeTracks.tif', 'tracks/trackmate/faketracks-v3.4.2.xml'].map((path) =>
      join(samples, path),
    );
    const { code, stderr } = await depositor(server.url, token).deposit([
      ...files,
      '--metadata',
      metadata,
      '--accept-pairs',
      '--publish',
    ]);
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
  });

  test('a click on a dot cuts its object out of the film, a rectangle many, and each leads to the viewer', async () => {
    const page = await newPage(browser, { height: 1200 });
    await page.goto(`${server.url}/explore?organism=Metazoa&dots=tracks`);
    const dots = page.locator('.panels .plot svg path[transform][fill="var(--d1)"]');
    const plot = page.locator('.panels .plot svg').first();
    await plot.waitFor();
    const box = (await plot.boundingBox())!;
    const places = await dots.evaluateAll((all) =>
      all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x + width / 2, y + height / 2] as const;
      }),
    );
    expect(places).toHaveLength(12);
    const [x, y] = places.find(([at]) => at > box.x + 150)!;
    // Under the pointer the dot gets its note, with the next frame: a click there is the one that was lost once.
    await page.mouse.move(x, y);
    await page.waitForTimeout(1000);
    await page.mouse.click(x, y);
    await page.locator('.crops canvas').waitFor();
    expect(await page.locator('.crops li').count()).toBe(1);
    await page.mouse.move(box.x + 62, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 620, box.y + 360, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.locator('.crops canvas').count(), { timeout: 60_000 }).toBeGreaterThan(8);
    await page.locator('.crops a').first().click();
    await page.waitForURL(/\/viewer\/.*object=/);
    expect(page.errors).toEqual([]);
  });
});
