import { join } from 'node:path';
import { pageTokenHeader, pageTokenIn } from '@micrarium/api';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, newPage } from './browser.ts';
import {
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

describe('a draft in the browser', () => {
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

  test('two tabs on one draft: the later save is asked which shall stand', async () => {
    const one = await newPage(browser);
    await one.context().addCookies(cookies);
    const two = await one.context().newPage();
    for (const tab of [one, two]) {
      await tab.goto(draft);
      await tab.locator('#field-title').waitFor();
    }
    await Promise.all([
      one.locator('#field-title').fill('Title of the first tab'),
      two.locator('#field-title').fill('Title of the second tab'),
    ]);
    const asked = await Promise.race(
      [one, two].map(async (tab) => {
        await tab.getByRole('heading', { name: 'Two edits of one draft' }).waitFor();
        return tab;
      }),
    );
    const merge = asked.locator('.merge');
    await expect(merge.innerText()).resolves.toContain('Title of the first tab');
    await expect(merge.innerText()).resolves.toContain('Title of the second tab');
    await keepShot(asked, 'deposit-merge');
    await merge.getByRole('button', { name: 'Keep this' }).press('Enter');
    // Who decides with the keyboard goes on at the field, not at the top of the window.
    await asked.waitForFunction(() => document.activeElement?.id === 'field-title');
    await untilSaved(asked);
    const kept = await asked.locator('#field-title').inputValue();
    expect(kept).toBe(asked === one ? 'Title of the first tab' : 'Title of the second tab');
    await asked.reload();
    await asked.locator('#field-title').waitFor();
    expect(await asked.locator('#field-title').inputValue()).toBe(kept);
    await one.context().close();
  });

  test('who goes to another page is at its heading, and goes on from there', async () => {
    const page = await newPage(browser);
    await page.context().addCookies(cookies);
    await page.goto(new URL('/drafts', server.url).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const focused = () =>
      page.evaluate(() => [document.activeElement?.tagName, document.activeElement?.closest('#content') !== null]);
    expect((await focused())[0]).toBe('BODY');
    await page.locator('a.who').press('Enter');
    await page.waitForURL('**/account');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    expect(await focused()).toEqual(['H1', true]);
    await page.keyboard.press('Tab');
    const [tag, isInPage] = await focused();
    expect([tag === 'H1', isInPage]).toEqual([false, true]);
    await page.goBack();
    await page.waitForURL('**/drafts');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.context().close();
  });

  test('the desk of a community tells who leads it of the group in words', async () => {
    const page = await newPage(browser);
    await page.context().addCookies(cookies);
    const token = pageTokenIn(cookies.map(({ name, value }) => `${name}=${value}`).join('; ')) ?? '';
    const send = async (method: string, path: string, data: object) => {
      const headers = { origin: server.url, [pageTokenHeader]: token };
      const answer = await page.request.fetch(`${server.url}/api/v1${path}`, { method, data, headers });
      expect(answer.ok()).toBe(true);
      return (await answer.json()) as { id: string };
    };
    const { id: group } = await send('POST', '/groups', { name: 'Laboratory' });
    await send('PUT', '/communities/laboratory', { title: 'Laboratory', group });
    await page.goto(`${server.url}/community-desk/laboratory`);
    await page.getByRole('button', { name: 'No longer leads' }).waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/\b(group|review|life)\.[a-z]/);
    await page.context().close();
  });

  test('what is set before publication is found from the form; what was published, from the list of drafts', async () => {
    const page = await newPage(browser);
    await page.context().addCookies(cookies);
    await page.goto(server.url);
    const address = await startDeposit(page);
    const table = Buffer.from('frame,track,x,y\n0,1,1,1\n1,1,2,2\n2,1,4,3\n');
    await page
      .locator('input[data-input=files]')
      .setInputFiles({ name: 'tracks.csv', mimeType: 'text/csv', buffer: table });
    await untilRead(page, 1);
    await fillForm(page);
    await sendAndPrepare(page);
    await page.locator('#field-releaseDate').fill('2099-01-01');
    const relations = page.locator('#relations');
    const relate = async (target: string) => {
      await relations.getByLabel('The other study').fill(target);
      await relations.getByRole('button', { name: 'Add the relation' }).click();
    };
    await relate('no study');
    await relations.getByRole('alert').getByText('no accession, no DOI').waitFor();
    await relate('https://doi.org/10.1234/OTHER');
    await relate('MIC-999999');
    await relations.getByRole('button', { name: 'Remove the relation to MIC-999999' }).click();
    await untilSaved(page);
    await page.reload();
    await relations.getByRole('link', { name: /^10\.1234\/other$/i }).waitFor();
    expect(await relations.locator('li').count()).toBe(1);
    // A date among the metadata closes nothing: that is said where it can still be mended, and before it is too late.
    await page.locator('#release').getByText('nothing keeps the study closed').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('nothing keeps the study closed').waitFor();
    await dialog.getByRole('link').click();
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('Open from').fill(inAMonth);
    await page.getByLabel('Nobody is to know of the study before that day').check();
    await page.getByRole('button', { name: 'Keep closed until then' }).click();
    await page.getByRole('button', { name: 'Open at once' }).waitFor();
    await page.goto(address);
    await page.locator('#release').getByText('Nobody knows of the study before').waitFor();
    const study = await publish(page);
    const accession = /MIC-\d+/.exec(study)![0];
    await page.goto(`${server.url}/drafts`);
    const row = page.locator('#published tr', { hasText: accession });
    await row.getByText('known to nobody until').waitFor();
    await keepShot(page, 'own-studies');
    await row.getByRole('link', { name: 'Private links' }).click();
    await page.waitForURL(`**/private-links/${accession}`);
    // What is discarded can be taken back there and then.
    await page.goto(`${server.url}/drafts`);
    const other = page.locator('main table').first().locator('tbody tr').first();
    await other.getByRole('button', { name: 'Discard' }).click();
    await other.getByRole('button', { name: 'Really discard' }).click();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.waitForURL('**/deposit/*');
    expect(page.errors).toEqual([]);
    await page.context().close();
  });

  test('the form is filled with the keyboard alone', async () => {
    const page = await newPage(browser);
    await page.context().addCookies(cookies);
    await page.goto(`${server.url}/drafts`);
    const press = async (name: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.textContent)) === name)
          return page.keyboard.press('Enter');
      }
      throw new Error(`Tab never reached ${name}`);
    };
    await page.getByRole('button', { name: 'New deposit' }).waitFor();
    await press('New deposit');
    await page.locator('#field-title').waitFor();
    if (hasSamples) {
      const chooser = page.waitForEvent('filechooser');
      await press('Choose files');
      await (await chooser).setFiles(join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml'));
      await untilRead(page, 1);
    }
    const typed: Record<string, string> = {
      'field-title': 'Written without a mouse',
      'field-description': 'Every field was reached with the Tab key.',
      'field-releaseDate': '11202026',
      'field-licence': 'CC BY 4',
      'field-contactOrganisation': 'Example University',
    };
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press('Tab');
      const id = await page.evaluate(() => document.activeElement?.id ?? '');
      if (typed[id]) await page.keyboard.type(typed[id]);
      delete typed[id];
      if (id !== 'field-organism') continue;
      await page.keyboard.type('Mus mus');
      await page.getByRole('option', { name: /Mus musculus/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      break;
    }
    expect(Object.keys(typed)).toEqual([]);
    await page.getByText('NCBITaxon:10090').first().waitFor();
    await page
      .locator('.side')
      .getByText(hasSamples ? '11 of 11' : '9 of 11')
      .waitFor();
    await untilSaved(page);
    await page.context().close();
  });
});
