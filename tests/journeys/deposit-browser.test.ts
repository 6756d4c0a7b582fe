import { join } from 'node:path';
import { pageTokenHeader, pageTokenIn } from '@micrarium/api';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage, seriousAxeFindings } from './browser.ts';
import {
  drop,
  fillForm,
  keepShot,
  makeOwnerAccount,
  sendAndPrepare,
  startDeposit,
  typedValues,
  untilRead,
  untilSaved,
} from './deposit-steps.ts';
import { hasSamples, samples } from './depositor.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';

const film = join(samples, 'images/tiff/FakeTracks.tif');
const tracks = join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml');

/** From the printed link to the published page, on real files, with nothing but the pages. */
describe.runIf(hasSamples)('deposit in the browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page & { errors: string[] };
  let draft = '';
  let published = '';

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    page = await newPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
  });

  test('the printed link makes the owner account, once', async () => {
    await makeOwnerAccount(page, server.ownerLink);
    await expect(page.getByRole('link', { name: 'Hanako Yamada' }).isVisible()).resolves.toBe(true);
    const other = await newPage(browser);
    await other.goto(server.ownerLink!);
    await other.getByLabel('Name').fill('Somebody Else');
    await other.getByLabel('E-mail').fill('else@example.org');
    await other.getByLabel('Password').fill('another long password');
    await other.getByRole('button', { name: 'Make account' }).click();
    await other.getByText('The link was used, has expired, or is not from this server.').waitFor();
    await other.context().close();
  });

  test('dropped files are told in a sentence each, before anything is sent', async () => {
    draft = await startDeposit(page);
    const sent: string[] = [];
    page.on('request', (request) => {
      if (/\/uploads|\/drafts\/[^/]+\/files\//.test(request.url())) sent.push(request.url());
    });
    await drop(page, [film, tracks]);
    await untilRead(page, 2);
    const lines = await page.locator('.itemline .second > .grow').allTextContents();
    expect(lines[0]).toContain('1 channel, 128 × 128, 50 frames');
    expect(lines[1]).toBe('TrackMate 3.4.2: 243 objects, 230 edges, 4 tracks, 50 frames, unit pixel, 3 findings');
    expect(sent).toEqual([]);
  });

  test('a finding opens to its explanation, with place and hint', async () => {
    const line = page.locator('.itemline').nth(1);
    await line.getByRole('button', { name: '3 findings' }).click();
    const findings = line.locator('.finding');
    await expect(findings.count()).resolves.toBe(3);
    const words = await findings.first().innerText();
    expect(words).toContain('positions are in pixels');
    expect(words).toContain('Write the pixel size into the method summary, so that others can compute them.');
    expect(words).toContain('faketracks-v3.4.2.xml');
    await keepShot(page, 'deposit-findings');
  });

  test('publishing is refused with the list of what is missing', async () => {
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const dialog = page.locator('dialog');
    await dialog.getByRole('heading', { name: 'It cannot be published yet' }).waitFor();
    const missing = await dialog.getByRole('listitem').allInnerTexts();
    for (const one of ['Title', 'Description', 'Release date', 'Licence', 'Organisation', 'Organism'])
      expect(missing).toContain(one);
    await keepShot(page, 'deposit-refused');
    await dialog.getByRole('button', { name: 'Title' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-title');
  });

  test('typing completes the form, and everything is there after a reload', async () => {
    await fillForm(page);
    await page.locator('.side').getByText('11 of 11').waitFor();
    await untilSaved(page);
    // Prefilled: from the files and from the account, each with its origin.
    await expect(page.locator('#field-dataSize').inputValue()).resolves.toBe('1.03 MB');
    await page.getByText('Read from the files').first().waitFor();
    await page.getByText('From your account').first().waitFor();
    await page.reload();
    await page.locator('#field-title').waitFor();
    for (const [field, value] of Object.entries(typedValues))
      await expect(page.locator(`#field-${field}`).inputValue()).resolves.toBe(value);
    await expect(page.locator('#field-licence').inputValue()).resolves.toBe('CC-BY-4.0');
    await page.getByText('NCBITaxon:6239').first().waitFor();
    await page.locator('.side').getByText('11 of 11').waitFor();
  });

  test('files are sent, verified and prepared, with their progress', async () => {
    // The reload emptied the shelf: a page may not keep files of the disk, so they are dropped again.
    await drop(page, [film, tracks]);
    await untilRead(page, 2);
    await sendAndPrepare(page);
    await page.getByText('2 of 2 verified').waitFor();
    await expect(
      page.getByRole('progressbar', { name: 'Progress of sending' }).getAttribute('aria-valuenow'),
    ).resolves.toBe('100');
  });

  test('the pair is proposed with its reason, shown and confirmed', async () => {
    const pairs = page.locator('#pairs');
    await pairs.getByText('The tracks name this film in their file.').waitFor();
    await pairs.getByRole('button', { name: 'Look and confirm' }).click();
    const canvas = pairs.locator('canvas');
    await canvas.waitFor();
    await pairs.getByText('6 of 6 objects of this frame lie in the image.').waitFor();
    // Rings in the colour of selection, and the spots themselves: white on black.
    const colours = await canvas.evaluate((element: HTMLCanvasElement) => {
      const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
      let [rings, bright, dark] = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
        if (g > r + 60 && g > 120) rings++;
        else if (r > 200 && g > 200 && b > 200) bright++;
        else if (r < 40) dark++;
      }
      return { rings, bright, dark };
    });
    expect(colours.rings).toBeGreaterThan(100);
    expect(colours.bright).toBeGreaterThan(20);
    expect(colours.dark).toBeGreaterThan(10_000);
    await keepShot(page, 'deposit-pair');
    await pairs.getByRole('button', { name: 'They belong together' }).click();
    await pairs.getByText('Confirmed', { exact: true }).waitFor();
    await untilSaved(page);
    expect(await seriousAxeFindings(page)).toEqual([]);
  });

  test('publishing gives the study its page', async () => {
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const dialog = page.locator('dialog');
    await dialog.getByRole('heading', { name: 'Publish this version?' }).waitFor();
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.waitForURL('**/studies/MIC-*/v/1');
    published = page.url();
    await page.getByRole('heading', { level: 1, name: typedValues.title! }).waitFor();
    await keepShot(page, 'study-page', { fullPage: true });
    const words = await page.locator('main').innerText();
    expect(words).toContain('243 objects, 4 tracks, 50 frames');
    expect(words).toContain('CC-BY-4.0');
    expect(words).not.toContain('hanako@example.org');
    await page.goto(draft);
    await page.getByText('This draft was published.').waitFor();
  });

  test('the page of the study needs no JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(published);
    await plain.getByRole('heading', { level: 1, name: typedValues.title! }).waitFor();
    await expect(plain.getByRole('link', { name: 'FakeTracks.tif' }).count()).resolves.toBeGreaterThan(0);
    const film = await plain.locator('.film img').boundingBox();
    expect(film!.width).toBeGreaterThan(300);
    await plain.getByRole('link', { name: '日本語' }).click();
    await plain.locator('html[lang=ja]').waitFor();
    await context.close();
  });

  test('a revision says what changed, is approved by a curator, and is published when it was asked back', async () => {
    await page.goto(published.replace(/studies\/(MIC-\d+)\/.*/, 'next-version/$1'));
    await page.getByRole('button', { name: 'Change metadata only' }).click();
    await page.waitForURL('**/deposit/*');
    const revision = page.url().split('/').at(-1)!;
    // The files stay: nothing takes in others.
    await page.getByText('the files stay those of version 1').waitFor();
    expect(await page.locator('input[data-input=files]').count()).toBe(0);
    await page.locator('#field-title').fill('Moving spots, described again');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.locator('dialog').getByRole('button', { name: 'A note on what changed' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('note-words');
    await page.keyboard.type('The title says more. Results stay valid.');
    const change = page.locator('#note');
    await change.getByText('The kind of change').waitFor();
    await change.getByRole('group', { name: 'Kind of change' }).getByLabel('Correction').check();
    await change.getByRole('group', { name: 'Results of earlier versions' }).getByLabel('They hold').check();
    expect(await change.getByText('The kind of change').count()).toBe(0);
    await untilSaved(page);
    await page.goto(new URL(`/review/${revision}`, page.url()).href);
    await page.getByText('The title says more.').first().waitFor();
    await page.getByRole('button', { name: 'Submit to the curators' }).click();
    await page.getByText('submitted', { exact: true }).waitFor();
    const cookies = await page.context().cookies();
    const token = pageTokenIn(cookies.map(({ name, value }) => `${name}=${value}`).join('; ')) ?? '';
    const headers = { origin: server.url, [pageTokenHeader]: token };
    const made = await page.request.post(`${server.url}/api/v1/admin/invitations`, {
      data: { role: 'curator' },
      headers,
    });
    const curator = await newPage(browser);
    await curator.goto(((await made.json()) as { link: string }).link);
    await curator.getByLabel('Name').fill('Cora Curator');
    await curator.getByLabel('E-mail').fill('cora@example.org');
    await curator.getByLabel('Password').fill('a long enough password 7');
    await curator.locator('form button[type=submit]').click();
    await curator.waitForURL((url) => !url.pathname.startsWith('/invitation'));
    await curator.goto(`${server.url}/review/${revision}`);
    await curator.getByRole('button', { name: 'Take it on' }).click();
    await curator.getByRole('button', { name: 'Approve' }).click();
    await curator.getByText('approved', { exact: true }).waitFor();
    await curator.context().close();
    await page.reload();
    await page.getByRole('button', { name: 'Publish now' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByRole('heading', { name: 'Publish this version?' }).waitFor();
    expect(await dialog.innerText()).toContain('version 1.1');
    expect(await seriousAxeFindings(page)).toEqual([]);
    // Thought better of it: nothing is published.
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(new URL(page.url()).pathname).toBe(`/review/${revision}`);
    await page.getByRole('button', { name: 'Publish now' }).click();
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.waitForURL('**/studies/MIC-*/v/1.1');
    const shown = await page.locator('main').innerText();
    expect(shown).toContain('Correction; results of earlier versions hold');
    expect(shown).toContain('The title says more. Results stay valid.');
  });

  test('no script of any page failed', () => {
    expect(page.errors).toEqual([]);
  });
});
