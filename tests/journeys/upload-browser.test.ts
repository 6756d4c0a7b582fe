import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CuttableLine, layLine } from './cuttable-line.ts';
import { launchBrowser, newPage } from './browser.ts';
import { drop, keepShot, makeOwnerAccount, startDeposit, untilRead } from './deposit-steps.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';

const fileBytes = 48 * 2 ** 20;
/** Slow enough to get in the way of. */
const bytesPerSecond = 5 * 2 ** 20;

/** A file on its way survives a dropped connection and a closed page. */
describe('sending in the browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page & { errors: string[] };
  let line: CuttableLine;
  let draft = '';
  const parent = mkdtempSync(join(tmpdir(), 'micrarium-upload-'));
  const folder = join(parent, 'run 1');
  const large = join(folder, 'raw', 'large.bin');
  /** Where each request with bytes of the file began. */
  const offsets: number[] = [];

  const slowDown = async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    });
  };
  const untilSent = (share: number) =>
    page.waitForFunction(
      (least) => {
        const meter = document.querySelector<HTMLElement>('.itemline .meter.small i');
        return meter !== null && Number.parseFloat(meter.style.width) >= 100 * least;
      },
      share,
      { polling: 50 },
    );

  beforeAll(async () => {
    mkdirSync(join(folder, 'raw'), { recursive: true });
    writeFileSync(large, randomFillSync(new Uint8Array(fileBytes)));
    writeFileSync(join(folder, 'notes.txt'), 'Made for a test.\n');
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    page = await newPage(browser);
    line = await layLine(server.url);
    await makeOwnerAccount(page, server.ownerLink?.replace(server.url, line.url));
    page.on('request', (request) => {
      const offset = request.headers()['upload-offset'];
      if (offset !== undefined) offsets.push(Number(offset));
    });
  });
  afterAll(async () => {
    await browser?.close();
    line?.close();
    await server?.stop();
    if (server) removeData(server);
    rmSync(parent, { recursive: true, force: true });
  });

  test('a dropped connection is waited out', async () => {
    draft = await startDeposit(page);
    await drop(page, [folder]);
    await untilRead(page, 2);
    await slowDown();
    await page.getByRole('button', { name: 'Send 2 files' }).click();
    await untilSent(0.2);
    const before = offsets.length;
    line.cut();
    await page.waitForTimeout(2500);
    line.mend();
    await untilSent(0.4);
    await keepShot(page, 'upload-going-on');
    expect(offsets.length).toBeGreaterThan(before);
    expect(offsets.at(-1)).toBeGreaterThan(0);
  });

  test('after a reload the same folder goes on where it stopped, and keeps its tree', async () => {
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(draft);
    await page.locator('#files').waitFor();
    await page.getByText('Drop it again: sending goes on where it stopped.').waitFor();
    offsets.length = 0;
    await drop(page, [folder]);
    await untilRead(page, 2);
    const send = page.getByRole('button', { name: /^Send \d/ });
    if (await send.isVisible()) await send.click();
    await page.getByText('2 of 2 verified').waitFor();
    expect(offsets[0]).toBeGreaterThan(fileBytes * 0.15);
    await page.getByRole('button', { name: 'run 1/raw/large.bin' }).waitFor();
  });

  test('what was changed or taken away after it was taken in is named with its reason, and sent when it is there again', async () => {
    const names = ['changed.bin', 'gone.bin', 'same.bin'];
    for (const name of names) writeFileSync(join(parent, name), name);
    const changed = await startDeposit(page);
    // Chosen, not dropped: browsers keep such a file and refuse to read it later.
    await page.locator('[data-input="files"]').setInputFiles(names.map((name) => join(parent, name)));
    await untilRead(page, 3);
    writeFileSync(join(parent, 'changed.bin'), 'changed, and longer');
    rmSync(join(parent, 'gone.bin'));
    await page.getByRole('button', { name: 'Send 3 files' }).click();
    await page.getByText('2 files could not be sent.').waitFor();
    const failed = page.locator('ul.failed');
    await failed.getByText('changed.bin').waitFor();
    await failed.getByText('it was changed after it was taken in; drop it again').waitFor();
    await failed.getByText('it is no longer where it was taken from').waitFor();
    expect(await failed.getByText('same.bin').count()).toBe(0);
    writeFileSync(join(parent, 'gone.bin'), 'gone.bin');
    await page.locator('[data-input="files"]').setInputFiles([join(parent, 'changed.bin'), join(parent, 'gone.bin')]);
    await page.getByRole('button', { name: 'Send 2 files' }).click();
    await page.getByText('3 of 3 verified').waitFor();
    expect(await failed.count()).toBe(0);
    expect(changed).not.toBe(draft);
  });

  test('what the server keeps is what lies on the disk', async () => {
    const digest = createHash('sha256').update(readFileSync(large)).digest('hex');
    const id = draft.slice(draft.lastIndexOf('/') + 1);
    const { files } = (await (await page.request.get(`${line.url}/api/v1/drafts/${id}/files`)).json()) as {
      files: { path: string; sha256: string; state: string }[];
    };
    expect(files.find(({ path }) => path === 'run 1/raw/large.bin')).toMatchObject({
      sha256: digest,
      state: 'verified',
    });
    expect(page.errors).toEqual([]);
  });
});
