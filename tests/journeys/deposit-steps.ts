import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const shots = resolve(import.meta.dirname, '../.shots');

/** Keeps a picture of the page under `tests/.shots/`. */
export async function keepShot(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), ...options });
}

/** The person who runs the server under test. */
export const owner = { name: 'Hanako Yamada', email: 'hanako@example.org', password: 'a long enough password' };

/** Follows the printed link and makes the owner account; ends on the list of drafts. */
export async function makeOwnerAccount(page: Page, ownerLink: string | undefined): Promise<void> {
  if (ownerLink === undefined) throw new Error('The server printed no link for the owner.');
  await page.goto(ownerLink);
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Make account' }).click();
  await page.waitForURL('**/drafts');
}

/** Starts a draft from the list of drafts. @returns its address */
export async function startDeposit(page: Page): Promise<string> {
  await page.goto(new URL('/drafts', page.url()).href);
  await page.getByRole('button', { name: 'New deposit' }).click();
  await page.waitForURL('**/deposit/*');
  await page.locator('#files').waitFor();
  return page.url();
}

/** Drops files and folders of this machine onto the page, as a hand with a mouse does. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
    // The page's answer to one event (may it be dropped here?) must be back before the next.
    await page.waitForTimeout(100);
  }
  await browser.detach();
}

/** Waits until every file that was taken in has been read. */
export async function untilRead(page: Page, items: number): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const lines = [...document.querySelectorAll('.itemline .second')];
      return lines.length >= count && lines.every((line) => !/Reading|Waiting to be read/.test(line.textContent));
    },
    items,
    { timeout: 60_000 },
  );
}

/** What a person types into the form for the archive tier; the contact is taken from the account. */
export const typedValues: Readonly<Record<string, string>> = {
  title: 'Moving spots in a test film',
  description: 'A film of moving spots and the tracks that TrackMate found in it.',
  contactOrganisation: 'Example University',
};

/** Types what the archive tier asks for. @param values by field, over `typedValues` */
export async function fillForm(page: Page, values: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [field, value] of Object.entries({ ...typedValues, ...values })) {
    await page.locator(`#field-${field}`).click();
    await page.locator(`#field-${field}`).fill(value);
  }
  await page
    .locator('.fr', { has: page.locator('#field-releaseDate') })
    .getByRole('button', { name: 'Today' })
    .click();
  await page.locator('#field-licence').selectOption('CC-BY-4.0');
  await page.locator('#field-organism').pressSequentially('Caenorhabditis elegans');
  await page.locator('#field-organism').press('Enter');
}

/** Waits until the page says that everything is saved. */
export async function untilSaved(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (document.querySelector('.dh > .s.m2.nw')?.textContent ?? '').startsWith('Saved'),
    undefined,
    { timeout: 20_000 },
  );
}

/** Sends the files and waits until all are stored, verified and prepared. */
export async function sendAndPrepare(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Send \d/ }).click();
  await page.waitForFunction(
    () => {
      const ways = [...document.querySelectorAll('.itemline .second > .st')].map((way) => way.textContent);
      // A line whose files are not on their way yet shows none.
      if (ways.length < document.querySelectorAll('.itemline').length) return false;
      return ways.length > 0 && ways.every((way) => way === 'ready' || way === 'kept as it is');
    },
    undefined,
    { timeout: 120_000 },
  );
}

/** Confirms the first proposed pair, after its picture has been looked at. */
export async function confirmPair(page: Page): Promise<void> {
  const pairs = page.locator('#pairs');
  await pairs.getByRole('button', { name: 'Look and confirm' }).click();
  await pairs.locator('canvas').waitFor();
  await pairs.getByRole('button', { name: 'They belong together' }).click();
  await pairs.getByText('Confirmed', { exact: true }).waitFor();
  await untilSaved(page);
}

/** Publishes the draft. @returns address of the page of the version */
export async function publish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.locator('dialog');
  await dialog.getByRole('heading', { name: 'Publish this version?' }).waitFor();
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.waitForURL('**/studies/MIC-*/v/*');
  return page.url();
}

/** Deposits files with the pages, from the empty draft to the published version. @returns address of its page */
export async function depositAndPublish(
  page: Page,
  paths: readonly string[],
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  await startDeposit(page);
  await drop(page, paths);
  await untilRead(page, paths.length);
  await fillForm(page, values);
  await untilSaved(page);
  await sendAndPrepare(page);
  await confirmPair(page);
  return publish(page);
}
