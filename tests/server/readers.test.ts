import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { eraseAccount } from '../../packages/server/src/auth/erase-account.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let max: Awaited<ReturnType<Harness['member']>>;
let eddy: Awaited<ReturnType<Harness['member']>>;
let accession = '';
const home = 'https://micrarium.example';
beforeAll(async () => {
  // Nothing is sent here: the mails are read in the outbox.
  harness = await openHarness(true, {
    environment: {
      MICRARIUM_URL: home,
      MICRARIUM_SMTP_URL: 'smtp://127.0.0.1:9',
      MICRARIUM_MAIL_FROM: 'm@example.org',
    },
  });
  [dora, max, eddy] = [await harness.member('dora'), await harness.member('max'), await harness.member('eddy')];
  await harness.member('cora', 'curator');
  // Who has not confirmed their address deposits nothing where mail is sent.
  await harness.services.db.updateTable('auth_user').set({ emailVerified: true }).execute();
  accession = await publishStudy(harness, dora.token, 'Cells asked about');
  await share(harness.services.db, accession, { userId: eddy.user.id }, 'edit');
});
afterAll(() => harness.close());

const send = (method: string, path: string, as?: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    headers: { origin: home, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(as === undefined ? {} : { as }),
  });
/** Mails that were written since the last call. */
const mails = async () => {
  const rows = await harness.services.db.selectFrom('mail_outbox').select(['recipient', 'body', 'subject']).execute();
  await harness.services.db.deleteFrom('mail_outbox').execute();
  return rows;
};
const questions = async (as?: string) =>
  (await (await send('GET', `/studies/${accession}/questions`, as)).json()).questions;
const page = async () => await (await harness.request(`/studies/${accession}`)).text();

test('a question is handed on and answered without an address, and public only if both agree', async () => {
  await mails();
  const asked = await send('POST', `/studies/${accession}/questions`, max.cookie, {
    text: 'Which dye?\n.\nFrom: nobody',
    agrees: true,
  });
  expect([asked.status, await asked.json()]).toEqual([201, { state: 'sent' }]);
  const told = await mails();
  expect(told.map(({ recipient }) => recipient).sort()).toEqual(['dora@example.org', 'eddy@example.org']);
  expect(told[0]!.body).toContain('> Which dye?\n> .\n> From: nobody');
  expect(told[0]!.body).toContain(`${home}/questions/${accession}`);
  expect(told[0]!.body).not.toContain('max@example.org');
  expect(await questions()).toEqual([]);
  const [question] = await questions(dora.cookie);
  expect(question).toMatchObject({ askerName: 'max', isPublic: false, isMine: false });
  const at = `/studies/${accession}/questions/${question.id}`;
  expect((await send('PUT', `${at}/answer`, max.cookie, { text: 'It is GFP.' })).status).toBe(403);
  expect((await send('PUT', `${at}/answer`, eddy.cookie, { text: 'It is GFP.', agrees: false })).status).toBe(204);
  const [answer] = await mails();
  expect(answer!.recipient).toBe('max@example.org');
  expect(answer!.body).toContain('> It is GFP.');
  expect(answer!.body).not.toMatch(/(dora|eddy)@example/);
  expect(await questions()).toEqual([]);
  expect(await page()).not.toContain('It is GFP.');
  expect((await send('PUT', `${at}/agreement`, dora.cookie, { agrees: true })).status).toBe(204);
  expect(await questions()).toMatchObject([{ text: 'Which dye?\n.\nFrom: nobody', answer: 'It is GFP.' }]);
  expect(await page()).toContain('It is GFP.');
  expect((await send('PUT', `${at}/agreement`, max.cookie, { agrees: false })).status).toBe(204);
  expect(await questions()).toEqual([]);
  await send('PUT', `${at}/agreement`, max.cookie, { agrees: true });
});

test('a visitor confirms the address first; the mail for that holds none of their words', async () => {
  await mails();
  const body = { text: 'Buy my pills', name: 'Vi', email: 'Vi@Example.com', agrees: false };
  const asked = await send('POST', `/studies/${accession}/questions`, undefined, body);
  expect([asked.status, await asked.json()]).toEqual([201, { state: 'to-confirm' }]);
  const [confirm, ...others] = await mails();
  expect(others).toEqual([]);
  expect(confirm!.recipient).toBe('vi@example.com');
  expect(confirm!.body).not.toMatch(/pills|Vi\b/);
  expect((await questions(dora.cookie)).length).toBe(1);
  const token = /#token=([\w-]+)/.exec(confirm!.body)![1];
  const opened = await send('POST', '/questions/open', undefined, { token });
  expect(await opened.json()).toMatchObject({ text: 'Buy my pills' });
  // Opened again it is not sent again.
  await send('POST', '/questions/open', undefined, { token });
  const told = await mails();
  expect(told.map(({ recipient }) => recipient).sort()).toEqual(['dora@example.org', 'eddy@example.org']);
  expect(told[0]!.body).not.toContain('example.com');
  const question = (await questions(dora.cookie)).find((one: { askerName: string }) => one.askerName === 'Vi');
  const at = `/studies/${accession}/questions/${question.id}`;
  await send('PUT', `${at}/answer`, dora.cookie, { text: 'No, thank you.', agrees: true });
  expect((await mails()).map(({ recipient }) => recipient)).toEqual(['vi@example.com']);
  expect(await (await send('POST', '/questions/open', undefined, { token })).json()).toMatchObject({
    answer: 'No, thank you.',
    isPublic: false,
  });
  expect((await send('DELETE', at, max.cookie)).status).toBe(404);
  expect((await send('DELETE', at, dora.cookie)).status).toBe(204);
  expect((await send('POST', '/questions/open', undefined, { token })).status).toBe(410);
});

test('one may ask five times an hour, and is told when again', async () => {
  const ask = () => send('POST', `/studies/${accession}/questions`, max.cookie, { text: 'Again?' });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count++) statuses.push((await ask()).status);
  expect(statuses).toEqual([201, 201, 201, 201, 429]);
  expect((await ask()).headers.get('retry-after')).toBe('3600');
});

test('a use is reported, confirmed, and then shown on the page, in the citation and on the profile', async () => {
  await mails();
  const report = (as: string, body: object) => send('POST', `/studies/${accession}/reuse`, as, body);
  const work = { kind: 'paper', identifier: 'https://doi.org/10.1234/ABC', title: 'A model of <cells>' };
  const made = await report(max.cookie, work);
  expect([made.status, await made.json()]).toMatchObject([
    201,
    { identifier: '10.1234/abc', url: 'https://doi.org/10.1234/abc', state: 'reported' },
  ]);
  expect((await report(dora.cookie, { ...work, identifier: 'doi:10.1234/abc' })).status).toBe(409);
  for (const wrong of ['no DOI', 'javascript:alert(1)', 'http://example.org/x'])
    expect((await report(max.cookie, { ...work, kind: 'analysis', identifier: wrong })).status).toBe(400);
  expect((await report(max.cookie, { kind: 'study', identifier: accession })).status).toBe(400);
  expect((await report(max.cookie, { kind: 'study', identifier: 'MIC-999999' })).status).toBe(404);
  expect((await mails()).map(({ recipient }) => recipient).sort()).toEqual(['dora@example.org', 'eddy@example.org']);
  const list = async (as?: string) => (await (await send('GET', `/studies/${accession}/reuse`, as)).json()).reuses;
  expect(await list()).toEqual([]);
  expect(await page()).not.toContain('10.1234/abc');
  const [one] = await list(dora.cookie);
  const profile = async () => await (await send('GET', `/people/${dora.user.id}`)).json();
  expect((await profile()).reuses).toEqual([]);
  const at = `/studies/${accession}/reuse/${one.id}`;
  expect((await send('PUT', at, max.cookie, { state: 'confirmed' })).status).toBe(403);
  expect((await send('PUT', at, dora.cookie, { state: 'confirmed' })).status).toBe(204);
  expect((await mails()).map(({ recipient }) => recipient)).toEqual(['max@example.org']);
  const shown = await page();
  expect(shown.indexOf('10.1234/abc')).toBeGreaterThan(0);
  expect(shown.indexOf('id="reuse"')).toBeLessThan(shown.indexOf('id="about"'));
  expect(shown).toContain('A model of &lt;cells&gt;');
  const citation = async (format: string) =>
    await (await harness.request(`${apiBase}/studies/${accession}/versions/1/citation?format=${format}`)).text();
  expect(await citation('bibtex')).toContain('annote = {Used again in: A model of <cells>, 10.1234/abc}');
  expect(await citation('ris')).toContain('N1  - Used again in: A model of <cells>, 10.1234/abc\r\n');
  expect(await profile()).toMatchObject({
    name: 'dora',
    reuses: [{ identifier: '10.1234/abc', accession }],
    studies: [{ accession, title: 'Cells asked about', reused: 1 }],
  });
  expect(JSON.stringify(await profile())).not.toContain('@');
  // Nobody's profile tells that there is an account.
  expect((await send('GET', `/people/${max.user.id}`)).status).toBe(404);
  expect((await send('DELETE', at, eddy.cookie)).status).toBe(404);
  expect((await send('PUT', at, dora.cookie, { state: 'declined', reason: 'Not ours' })).status).toBe(204);
  expect(await page()).not.toContain('10.1234/abc');
  expect(await list(max.cookie)).toMatchObject([{ state: 'declined', reason: 'Not ours' }]);
  expect((await send('DELETE', at, max.cookie)).status).toBe(204);
});

test('who erases their account leaves what was answered, without a name; curators answer where no author is left', async () => {
  const { db } = harness.services;
  expect(await eraseAccount(db, max.user.id)).toBe(true);
  expect(await questions(dora.cookie)).toMatchObject([{ text: 'Which dye?\n.\nFrom: nobody', askerName: '' }]);
  await mails();
  await eraseAccount(db, dora.user.id);
  await eraseAccount(db, eddy.user.id);
  const body = { text: 'Is anybody there?', name: 'Vi', email: 'vi@example.com' };
  await send('POST', `/studies/${accession}/questions`, undefined, body);
  const token = /#token=([\w-]+)/.exec((await mails())[0]!.body)![1];
  await send('POST', '/questions/open', undefined, { token });
  expect((await mails()).map(({ recipient }) => recipient)).toEqual(['cora@example.org']);
  expect(harness.faults).toEqual([]);
});
