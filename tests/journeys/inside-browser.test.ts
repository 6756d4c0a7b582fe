import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage, seriousAxeFindings } from './browser.ts';
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
import { hasSamples, samples } from './depositor.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';

if (!hasSamples) console.warn('shared/data is not here: tests/journeys/inside-browser.test.ts checks nothing');

const sample = join(samples, 'bd5/081505_L1_bd5.h5');

describe.runIf(hasSamples)('a look inside a file, in the browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [];
  let draft = '';

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    const owner = await newPage(browser);
    await makeOwnerAccount(owner, server.ownerLink);
    cookies = await owner.context().cookies();
    draft = await startDeposit(owner);
    await owner.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (server) removeData(server);
  });

  const signedIn = async (options: Parameters<typeof newPage>[1] = {}) => {
    const page = await newPage(browser, options);
    await page.context().addCookies(cookies);
    return page;
  };

  /** Row of the tree with this path. */
  const row = (page: Page, path: string) => page.locator(`[role="treeitem"][data-path="${path}"]`);

  test('a local file is opened from its row, before anything is sent', async () => {
    const page = await signedIn();
    await page.goto(draft);
    await page.locator('#files').waitFor();
    await drop(page, [sample]);
    await untilRead(page, 1);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.locator('.itemline .name').click();
    await page.getByRole('button', { name: 'Look inside' }).click();
    const dialog = page.locator('dialog.inside-dialog');
    for (const path of ['/data', '/data/10', '/data/10/object', '/data/10/object/0']) await row(page, path).click();
    expect(await dialog.getByRole('treeitem', { name: /^0\s*, table\s*8$/ }).getAttribute('aria-selected')).toBe(
      'true',
    );
    const cells = dialog.getByRole('region', { name: 'Values of /data/10/object/0' });
    await cells.getByRole('cell', { name: '011001' }).waitFor();
    expect(await cells.getByRole('columnheader').allInnerTexts()).toEqual(
      expect.arrayContaining(['ID', 't', 'entity', 'x', 'y', 'z', 'radius', 'label']),
    );
    expect(await cells.getByRole('row').nth(1).innerText()).toMatch(
      /0\s+011001\s+11\s+sphere\s+366\s+292\s+10.5\s+3.15\s+ABpl/,
    );
    await keepShot(page, 'inside-dialog');
    expect(await seriousAxeFindings(page)).toEqual([]);
    // The program of the window comes from the server, and the draft saves itself; the file goes nowhere.
    expect(asked.filter((one) => /\/(files|uploads)\b|^(POST|PUT)/.test(one))).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  test('a file of a draft is read by ranges, and the tree walked with the keyboard', async () => {
    const page = await signedIn();
    await page.goto(draft);
    await page.locator('#files').waitFor();
    await drop(page, [sample]);
    await untilRead(page, 1);
    await sendAndPrepare(page);
    const { size } = statSync(sample);
    let transferred = 0;
    page.on('response', async (response) => {
      if (response.url().includes('/files/')) transferred += Number(response.headers()['content-length'] ?? 0);
    });
    const id = draft.slice(draft.lastIndexOf('/') + 1);
    await page.goto(`${server.url}/inside?draft=${id}&file=081505_L1_bd5.h5`);
    await row(page, '/data').waitFor();
    await row(page, '/').focus();
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['path']);
    const press = async (key: string, path: string) => {
      await page.keyboard.press(key);
      await expect.poll(focused).toBe(path);
    };
    /** Opens the branch that has the focus and goes to its first member. */
    const into = async (path: string) => {
      await page.keyboard.press('ArrowRight');
      await row(page, path).waitFor();
      await press('ArrowRight', path);
    };
    await press('ArrowRight', '/data');
    await into('/data/0');
    await press('End', '/data/trackInfo');
    await press('ArrowLeft', '/data');
    await press('ArrowDown', '/data/0');
    await into('/data/0/feature');
    await press('ArrowDown', '/data/0/object');
    await into('/data/0/object/0');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Values of /data/0/object/0' }).getByRole('cell').first().waitFor();
    await press('ArrowLeft', '/data/0/object');
    await press('ArrowLeft', '/data/0/object');
    await row(page, '/data/0/object/0').waitFor({ state: 'detached' });
    await press('Home', '/');
    expect(new URL(page.url()).searchParams.get('at')).toContain('/data/0/object/0');
    // HEAD says the whole length. The names of 199 groups lie in pieces all over this small file; still, much is left.
    expect(transferred - size).toBeLessThan(size * 0.6);
    expect(await seriousAxeFindings(page)).toEqual([]);
    await keepShot(page, 'inside-page', { fullPage: true });
    // The address says where one was.
    await page.reload();
    await page.getByRole('region', { name: 'Values of /data/0/object/0' }).waitFor();
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  test('the page of a published study leads to it, for everybody', async () => {
    const page = await signedIn();
    await page.goto(`${server.url}/drafts`);
    await startDeposit(page);
    await drop(page, [sample]);
    await untilRead(page, 1);
    await fillForm(page);
    await untilSaved(page);
    await sendAndPrepare(page);
    const study = await publish(page);
    await page.context().close();
    const visitor = await newPage(browser);
    await visitor.goto(study);
    await visitor.getByRole('link', { name: 'Look inside' }).click();
    await row(visitor, '/data').waitFor();
    await row(visitor, '/data').click();
    await row(visitor, '/data/scaleUnit').click();
    await visitor.getByRole('region', { name: 'Values of /data/scaleUnit' }).getByText('3D+T').waitFor();
    expect(new URL(visitor.url()).searchParams.get('at')).toBe('/data/scaleUnit');
    expect(visitor.errors).toEqual([]);
    await visitor.context().close();
  });

  test('in Japanese, in the dark and on a small screen', async () => {
    const page = await signedIn({ locale: 'ja-JP', width: 390, height: 844, colorScheme: 'dark' });
    const id = draft.slice(draft.lastIndexOf('/') + 1);
    await page.goto(`${server.url}/inside?draft=${id}&file=081505_L1_bd5.h5&at=/data/trackInfo`);
    await page.getByRole('region', { name: '/data/trackInfo の値' }).waitFor();
    await page.getByRole('button', { name: '次の行' }).click();
    await page.getByText(/50～99 行/).waitFor();
    expect(await seriousAxeFindings(page)).toEqual([]);
    await keepShot(page, 'inside-ja-small');
    await page.goto(`${server.url}/inside?draft=${id}&file=none.h5`);
    await page.getByText('ファイルが見つかりません。').waitFor();
    expect(page.errors).toEqual([]);
    await page.context().close();
  });
});
