import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en, ja } from '@micrarium/web';
import { launchBrowser, newPage, seriousAxeFindings } from './browser.ts';
import {
  drop,
  keepShot,
  makeOwnerAccount,
  sendAndPrepare,
  startDeposit,
  untilRead,
  untilSaved,
} from './deposit-steps.ts';
import { hasSamples, samples } from './depositor.ts';
import { type RunningServer, removeData, startServer } from './server-under-test.ts';

/** How a page is looked at. */
export interface Look {
  width: number;
  height: number;
  locale: 'en-US' | 'ja-JP';
  colorScheme: 'light' | 'dark';
}

/** Messages that must not stand on a Japanese page: those long enough to be no name, and translated. */
const english = Object.entries(en)
  .filter(([key, words]) => words.length >= 12 && !words.includes('{{') && ja[key as keyof typeof ja] !== words)
  .map(([, words]) => words);
const keys = Object.keys(en).filter((key) => !key.endsWith('.csv'));

/** The gallery of the study whose film the viewer shows. */
const galleryBeside = (viewer: string) => viewer.replace('/viewer/', '/gallery/').replace(/\/[^/]*$/, '');

/** The film of the viewer beside itself. */
function filmTwice(viewer: string): string {
  const image = [...new URL(viewer).pathname.split('/').slice(2), 0].join('.');
  return new URL(`/compare?image=${image}&image=${image}`, viewer).href;
}

/** Every page is opened in each way: whole, in its language, within its width, with nothing serious found by axe. */
export function testEveryPage(looks: readonly Look[]): void {
  describe('every page', () => {
    let server: RunningServer;
    let browser: Browser;
    let owner: Page & { errors: string[] };
    let cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [];
    let draft = '';
    let transfer = '';
    let study = '';
    let viewer = '';
    let measures = '';
    let space = '';

    beforeAll(async () => {
      [server, browser] = await Promise.all([startServer({ environment: { MICRARIUM_DEMO: 'on' } }), launchBrowser()]);
      owner = await newPage(browser);
      await makeOwnerAccount(owner, server.ownerLink);
      cookies = await owner.context().cookies();
      draft = await startDeposit(owner);
      await owner.locator('#field-title').fill('A draft to look at');
      if (hasSamples) {
        await drop(owner, [
          join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml'),
          join(samples, 'images/tiff/FakeTracks.tif'),
        ]);
        await untilRead(owner, 2);
        await sendAndPrepare(owner);
      }
      await untilSaved(owner);
      const own = await owner.request.get(`${server.url}/api/v1/drafts/${draft.slice(draft.lastIndexOf('/') + 1)}`);
      transfer = `${server.url}/transfer/${((await own.json()) as { accession: string }).accession}`;
      // The demonstration study is made by the server itself, through the same calls as anybody's.
      for (let waited = 0; study === '' && waited < 120; waited++) {
        await owner.waitForTimeout(1000);
        const found = (await (await fetch(`${server.url}/api/v1/studies`)).json()) as {
          studies: { accession: string }[];
        };
        study = found.studies[0] ? `${server.url}/studies/${found.studies[0].accession}` : '';
      }
      await owner.goto(study);
      measures = new URL((await owner.locator('a[href^="/measures/"]').first().getAttribute('href'))!, server.url).href;
      space = new URL((await owner.locator('a[href^="/space/"]').first().getAttribute('href'))!, server.url).href;
      viewer = new URL((await owner.locator('.film a').first().getAttribute('href'))!, server.url).href;
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      if (server) removeData(server);
    });

    const pages: readonly { name: string; address: () => string; there: string; guest?: boolean }[] = [
      { name: 'home', address: () => server.url, there: 'main h1', guest: true },
      { name: 'search', address: () => `${server.url}/search?q=cells`, there: '.res, .empty', guest: true },
      { name: 'explore', address: () => `${server.url}/explore?by=organism`, there: '.plot svg', guest: true },
      { name: 'features', address: () => `${server.url}/explore/features`, there: '.explore .lead', guest: true },
      { name: 'sql', address: () => `${server.url}/sql?q=select+*+from+studies`, there: '.tablebox', guest: true },
      { name: 'study', address: () => study, there: 'main h1', guest: true },
      { name: 'challenge', address: () => `${study}/challenge`, there: '.lead', guest: true },
      { name: 'viewer', address: () => viewer, there: '.axis output', guest: true },
      { name: 'space', address: () => `${space}?t=20&tail=12&lineage=1`, there: '.ltree canvas', guest: true },
      { name: 'measures', address: () => measures, there: '.plot svg', guest: true },
      { name: 'gallery', address: () => galleryBeside(viewer), there: '.gwall', guest: true },
      { name: 'compare', address: () => filmTwice(viewer), there: '.axis output', guest: true },
      { name: 'open', address: () => `${server.url}/open`, there: 'main h1', guest: true },
      { name: 'sign-in', address: () => `${server.url}/sign-in`, there: 'main h1', guest: true },
      { name: 'welcome', address: () => `${server.url}/welcome#token=used`, there: 'main h1', guest: true },
      { name: 'account', address: () => `${server.url}/account`, there: 'main h1' },
      { name: 'registrar', address: () => `${server.url}/admin/dois`, there: 'main .prose' },
      { name: 'dois', address: () => study.replace('/studies/', '/dois/'), there: 'main .prose', guest: true },
      { name: 'requests', address: () => study.replace('/studies/', '/requests/'), there: 'main select' },
      { name: 'study-state', address: () => study.replace('/studies/', '/study-state/'), there: 'main form, main .s' },
      {
        name: 'questions',
        address: () => study.replace('/studies/', '/questions/'),
        there: '.rform, .sec p .btn',
        guest: true,
      },
      { name: 'reuse', address: () => study.replace('/studies/', '/reuse/'), there: 'main p .btn', guest: true },
      { name: 'collections', address: () => `${server.url}/collections`, there: 'main h1', guest: true },
      { name: 'communities', address: () => `${server.url}/communities`, there: 'main h1', guest: true },
      { name: 'community-desk', address: () => `${server.url}/community-desk/new`, there: 'main .st, main form' },
      { name: 'add-to', address: () => study.replace('/studies/', '/add-to/'), there: 'main h1', guest: true },
      { name: 'edit-collection', address: () => `${server.url}/edit-collection/new`, there: 'main form' },
      { name: 'transfer', address: () => transfer, there: 'main form' },
      { name: 'notices', address: () => `${server.url}/notices`, there: 'main table' },
      { name: 'confirm-address', address: () => `${server.url}/confirm-address`, there: 'main h1', guest: true },
      { name: 'new-password', address: () => `${server.url}/new-password`, there: 'main h1', guest: true },
      { name: 'drafts', address: () => `${server.url}/drafts`, there: 'table' },
      { name: 'deposit', address: () => draft, there: '#files' },
      {
        name: 'terms',
        address: () => `${server.url}/terms?vocabulary=CL&term=CL:0000066`,
        there: '.termtree [aria-selected="true"]',
      },
      {
        name: 'formats',
        address: () => `${server.url}/formats?level=preferred&format=ome-zarr`,
        there: '.more',
        guest: true,
      },
      { name: 'self-assessment', address: () => `${server.url}/self-assessment`, there: '#R16' },
      { name: 'plans', address: () => `${server.url}/plans`, there: 'main h1' },
      {
        name: 'send-on',
        address: () => study.replace('/studies/', '/send-on/').replace(/$/, '/1'),
        there: '.checks',
        guest: true,
      },
      { name: 'nowhere', address: () => `${server.url}/no/such/page`, there: 'main h1', guest: true },
    ];

    test('what the policy of a page refuses is among its errors: a style of no plot, a style attribute, a script', async () => {
      const page = await newPage(browser);
      await page.goto(server.url);
      await page.locator('main h1').waitFor();
      expect(page.errors).toEqual([]);
      await page.evaluate(() => {
        const style = document.createElement('style');
        style.textContent = 'main { color: inherit }';
        document.head.append(style);
        document.querySelector('main')!.setAttribute('style', 'color: inherit');
        const script = document.createElement('script');
        script.textContent = 'globalThis.ran = true';
        document.head.append(script);
      });
      await expect.poll(() => page.errors.filter((line) => line.startsWith('refused by the policy:'))).toHaveLength(3);
      expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
      await page.context().close();
    });

    for (const look of looks) {
      const named = `${look.locale.slice(0, 2)}-${look.colorScheme}-${look.width}`;
      test(`is in order, and switches its language: ${named}`, async () => {
        const page = await newPage(browser, look);
        const faults: string[] = [];
        // Guests' pages first, and from page to page in one process of the browser: a new one for each took half of the time.
        const guestsFirst = [...pages].sort((a, b) => Number(b.guest === true) - Number(a.guest === true));
        for (const { name, address, there, guest } of guestsFirst) {
          if (!guest) await page.context().addCookies(cookies);
          await page.goto(address());
          await page.locator(there).first().waitFor();
          await page.evaluate(() => document.fonts.ready.then(() => undefined));
          await page.waitForTimeout(name === 'viewer' ? 2500 : 400);
          await keepShot(page, `${name}-${named}`, { fullPage: !['viewer', 'compare', 'space'].includes(name) });
          const words = await page.evaluate(() => document.body.innerText);
          const lines = new Set(words.split('\n').map((line) => line.trim()));
          for (const key of keys) if (lines.has(key)) faults.push(`${name}: the key ${key} is shown`);
          if ((await page.locator('.hud.mid').count()) > 0)
            faults.push(`${name}: ${await page.locator('.hud.mid').innerText()}`);
          if (words.includes('{{')) faults.push(`${name}: a message was not filled in`);
          if (look.locale === 'ja-JP')
            for (const line of english) if (lines.has(line)) faults.push(`${name}: "${line}" is not translated`);
          const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          if (wide! > room!) faults.push(`${name}: ${wide} pixels wide where ${room} are there`);
          for (const finding of await seriousAxeFindings(page)) faults.push(`${name}: ${finding}`);
          const [here, other, switchTo] = look.locale === 'en-US' ? ['en', 'ja', '日本語'] : ['ja', 'en', 'English'];
          await page.getByText(switchTo, { exact: true }).first().click();
          await page.locator(`html[lang=${other}]`).waitFor();
          await page
            .getByText(here === 'en' ? 'English' : '日本語', { exact: true })
            .first()
            .click();
          await page.locator(`html[lang=${here}]`).waitFor();
        }
        faults.push(...page.errors);
        await page.context().close();
        expect(faults).toEqual([]);
      });
    }
  });
}
