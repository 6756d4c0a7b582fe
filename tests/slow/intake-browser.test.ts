import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage } from '../journeys/browser.ts';
import { drop, makeOwnerAccount, startDeposit } from '../journeys/deposit-steps.ts';
import { type RunningServer, removeData, startServer } from '../journeys/server-under-test.ts';
import { type Watched, report, share, typeAndWatch } from './watched-tab.ts';

const fileCount = 40_000;
const largeBytes = 100e9;
/** Most seconds for everything to be recognised and read: some minutes on a machine of its own, more on a busy one. */
const longestIntake = 30 * 60;
/** Seconds of digesting the large file that are watched; all of it would take minutes and say no more. */
const digestSeconds = 40;
/** Seconds of sending very many files that are watched. */
const sendingSeconds = 60;

/** Share of the time a page waits for a processor on a machine that is not overloaded. */
const mostWaiting = 0.5;

/** The bounds of a deposit: memory of the tab, and how soon a key is answered. */
function expectBounds(watched: Watched): void {
  expect(watched.heap).toBeLessThan(500e6);
  expect(watched.process).toBeLessThan(500e6);
  // On a machine that others use as well the clock counts them too: where the page waited for a processor more than it
  // could work, that is said instead. What the page itself does for an answer is bounded without exception.
  if (watched.waited < mostWaiting) expect(share(watched.answers, 0.95)).toBeLessThan(100);
  else console.warn('The machine is overloaded: answers by the clock were not judged, only the work of the page.');
  expect(share(watched.worked, 1)).toBeLessThan(100);
  expect(
    share(
      watched.tasks.map(({ worked }) => worked),
      1,
    ),
  ).toBeLessThan(100);
}

/** A tab takes in very many and very large files, and one can still type. */
describe('big intake', () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page & { errors: string[] };
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'micrarium-intake-'));
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    page = await newPage(browser);
    // Leaving a page that still sends is asked about.
    page.on('dialog', (dialog) => void dialog.accept());
    await makeOwnerAccount(page, server.ownerLink);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
    rmSync(folder, { recursive: true, force: true });
  }, 300_000);

  test(`${fileCount} small files`, async () => {
    const many = join(folder, 'many');
    for (let at = 0; at < fileCount; at++) {
      const below = join(many, `well-${String(Math.floor(at / 200)).padStart(3, '0')}`);
      if (at % 200 === 0) mkdirSync(below, { recursive: true });
      writeFileSync(
        join(below, `spots-${at}.csv`),
        `track,frame,x,y\n1,0,${at % 97}.5,3\n1,1,${at % 89}.25,4\n2,0,7,${at % 13}\n`,
      );
    }
    await startDeposit(page);
    await drop(page, [many]);
    const isRead = async () => {
      const [head, status] = await page.evaluate(() => [
        document.querySelector('#files .hd')?.textContent ?? '',
        document.querySelector('#files [role=status]')?.textContent ?? '',
      ]);
      return head!.includes('40,000 files') && status!.trim() === '';
    };
    const taken = await typeAndWatch(browser, page, isRead, longestIntake);
    report('40,000 files are taken in, recognised and read', taken);
    const words = await page.locator('.itemline .second').allInnerTexts();
    expect(words.length).toBeGreaterThan(3);
    expect(words.filter((one) => !one.includes('3 objects, 1 edge'))).toEqual([]);

    await page.getByRole('button', { name: 'Send 40,000 files' }).click();
    const started = performance.now();
    const isLong = async () => performance.now() - started > sendingSeconds * 1000;
    const sent = await typeAndWatch(browser, page, isLong, longestIntake);
    report(`40,000 files are digested and sent for ${sendingSeconds} s`, sent);
    expect(await page.locator('#files .phases').innerText()).toMatch(/\d of 40,000 stored/);
    expectBounds(taken);
    expectBounds(sent);
    expect(page.errors).toEqual([]);
  });

  test.each([
    // The header of a TIFF whose directory is empty, and bytes of no format: both sparse, with nothing behind.
    ['large.tif', '49492a0008000000'],
    ['large.bin', '0102030405060708'],
  ])('one file of 100 GB: %s', async (name, head) => {
    const large = join(folder, name);
    const descriptor = openSync(large, 'w');
    writeFileSync(descriptor, Buffer.from(head, 'hex'));
    ftruncateSync(descriptor, largeBytes);
    closeSync(descriptor);
    await startDeposit(page);
    await drop(page, [large]);
    const second = page.locator('.itemline .second');
    const read = await typeAndWatch(
      browser,
      page,
      async () => {
        const words = (await second.count()) > 0 ? await second.first().innerText() : '';
        return words !== '' && !/Reading|Waiting to be read/.test(words);
      },
      longestIntake,
    );
    report(`${name} is recognised: ${await second.first().innerText()}`, read);
    await page.getByText('100 GB').first().waitFor();

    await page.getByRole('button', { name: /^Send \d/ }).click();
    await second.getByText('computing its digest').waitFor();
    const started = performance.now();
    const isLong = async () => performance.now() - started > digestSeconds * 1000;
    const digested = await typeAndWatch(browser, page, isLong, longestIntake);
    report(`${name} is digested for ${digestSeconds} s`, digested);
    await second.getByText('computing its digest').waitFor();

    // Taken out again, its digest stops at once: the worker is gone before an idle one would be let go.
    expect(page.workers()).toHaveLength(1);
    await page.locator('.itemline .name').click();
    await page.getByRole('button', { name: 'Take out of the deposit' }).click();
    await page.locator('.itemline').waitFor({ state: 'detached' });
    await expect.poll(() => page.workers().length, { timeout: 5_000 }).toBe(0);
    expectBounds(read);
    expectBounds(digested);
    expect(page.errors).toEqual([]);
  });
});
