import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEvents } from '../../packages/server/src/audit/audit-log.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let eve: typeof dora;
let draft: string;
let accession: string;

beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
  eve = await harness.member('eve');
  const made = await harness.client(dora.token).call(routes.createDraft, {});
  draft = made.id;
  accession = made.accession;
  await fillDraft(harness, dora.token, draft, {
    'tracks.csv': trackTable,
    'Yamada/tracks.csv': `${trackTable}5,1,5,5\n`,
  });
  await describeDraft(harness, dora.token, draft, 'Not public yet');
});
afterAll(() => harness.close());

const linksPath = () => `${apiBase}/studies/${accession}/private-links`;
const send = (path: string, as: string, body?: object, method = 'POST') =>
  harness.request(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    as,
  });
const make = async (body: object) => await (await send(linksPath(), dora.cookie, body)).json();
const html = { accept: 'text/html' };

/** Follows a link as a browser does. @returns the cookies for one part of the site, and where it was led */
async function follow(address: string) {
  const answer = await harness.request(new URL(address).pathname, { headers: html });
  const cookies = answer.headers.getSetCookie();
  return { answer, cookies, as: cookies[0]?.split(';')[0] ?? '', to: answer.headers.get('location') ?? '' };
}
const get = (path: string, as?: string) => harness.request(path, { ...(as ? { as } : {}), headers: html });

test('only who deposits the study makes a link, to what is not public yet, and not with a token', async () => {
  const wanted = { version: 1 };
  expect((await send(linksPath(), eve.cookie, wanted)).status).toBe(404);
  expect((await send(linksPath(), dora.token, wanted)).status).toBe(404);
  expect((await harness.request(linksPath())).status).toBe(401);
  expect((await send(linksPath(), dora.cookie, { version: 2 })).status).toBe(404);
  const { versions, links } = await (await get(linksPath(), dora.cookie)).json();
  expect([versions, links]).toEqual([[{ version: 1, state: 'draft', canHideNames: true, staysClosed: false }], []]);
});

test('a link opens page, files, items and exports of a draft to whoever has it, and nothing else', async () => {
  const { address, link } = await make({ version: 1, label: 'Referee 2' });
  const base = `${apiBase}/studies/${accession}/versions/1`;
  for (const path of [`/studies/${accession}/v/1`, base]) expect((await get(path)).status, path).toBe(404);
  const { answer, cookies, as, to } = await follow(address);
  expect([answer.status, to]).toEqual([303, `/studies/${accession}/v/1`]);
  expect(cookies.map((one) => /Path=([^;]*)/.exec(one)?.[1])).toEqual([
    `${apiBase}/studies/${accession}`,
    `/studies/${accession}`,
  ]);
  for (const one of cookies) expect(one).toContain('HttpOnly; SameSite=Lax');
  const page = await get(to, as);
  const text = await page.text();
  expect(page.status).toBe(200);
  for (const part of ['Not public yet', 'This is not published', 'Hanako Yamada', 'noindex', 'Yamada/tracks.csv'])
    expect(text).toContain(part);
  for (const part of ['ld+json', 'rel="canonical"', 'id="cite"']) expect(text).not.toContain(part);
  expect(page.headers.get('x-robots-tag')).toContain('noindex');
  expect(page.headers.get('link')).toBeNull();
  const version = await (await get(base, as)).json();
  const item = version.items.find((one: { path: string }) => one.path === 'tracks.csv').id;
  const data = [
    '/files',
    '/files/tracks.csv',
    `/items/${item}/content/tracks-0/objects.parquet`,
    `/items/${item}/export/objects.csv`,
    `/items/${item}/measures`,
    '/images',
    '/export.zip',
    '/export.bag.zip',
  ];
  for (const path of data) {
    const seen = await get(base + path, as);
    expect([seen.status, seen.headers.get('cache-control')], path).toEqual([200, 'private, no-cache']);
    expect((await get(base + path)).status, path).toBe(404);
  }
  expect(await (await get(`${base}/files/tracks.csv`, as)).text()).toBe(trackTable);
  // Neither the draft itself, nor its links, nor other studies.
  for (const path of [`${apiBase}/drafts/${draft}`, linksPath()]) expect((await get(path, as)).status).toBe(401);
  expect((await harness.client().call(routes.searchStudies, {})).total).toBe(0);
  expect(await (await get('/oai?verb=ListRecords&metadataPrefix=oai_dc', as)).text()).toContain('noRecordsMatch');
  expect(await (await get('/sitemap.xml', as)).text()).not.toContain(accession);
  const { links } = await (await get(linksPath(), dora.cookie)).json();
  expect(links).toMatchObject([{ id: link.id, label: 'Referee 2', opened: 1, hidesNames: false }]);
});

test('a nameless link tells nobody who made it, in no form', async () => {
  const made = await make({ version: 1, hidesNames: true });
  expect(made.namesLeft).toEqual(['Yamada/tracks.csv']);
  const headers = { authorization: `Bearer ${made.secret}` };
  const base = `/studies/${accession}/v`;
  const seen = async (path: string) => {
    const answer = await harness.request(path, { headers });
    expect(answer.status, path).toBe(200);
    // Of the path of a file the maker is warned; it is no name here.
    return (await answer.text()).replaceAll('Yamada/tracks.csv', '');
  };
  const document = JSON.parse(await seen(`${apiBase}/studies/${accession}/versions/1`));
  expect(document.metadata.values.title).toBe('Not public yet');
  expect(document.publishedBy).toBe('');
  for (const path of [
    `${apiBase}${base.replace('/v', '/versions')}/1`,
    `${apiBase}/studies/${accession}/versions/1/citation?format=bibtex`,
    `${base}/1`,
    `${base}/1/metadata`,
    `${base}/1/metadata/datacite-json`,
    `${base}/1/metadata/ro-crate`,
    `${base}/1/linkset`,
  ])
    expect(await seen(path), path).not.toMatch(/dora|Hanako|Yamada|Example University|example\.org/);
});

test('a link for looking only gives out no file and no export; one with a passphrase opens nothing without it', async () => {
  const made = await make({ version: 1, letsDownload: false, passphrase: 'round cells 7' });
  expect(made.link).toMatchObject({ letsDownload: false, hasPassphrase: true });
  const asked = await harness.request(new URL(made.address).pathname, { headers: html });
  expect([asked.status, asked.headers.getSetCookie()]).toEqual([200, []]);
  expect(await asked.text()).toContain('name="passphrase"');
  const say = (passphrase: string) =>
    harness.request(new URL(made.address).pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '40' },
      body: new URLSearchParams({ passphrase }),
    });
  expect((await say('square cells')).status).toBe(403);
  const opened = await say('round cells 7');
  expect(opened.status).toBe(303);
  const as = opened.headers.getSetCookie()[0]!.split(';')[0]!;
  const base = `${apiBase}/studies/${accession}/versions/1`;
  expect((await get(base, as)).status).toBe(200);
  // The secret alone, without what proves the passphrase, is nothing.
  expect((await get(base, as.split('.')[0])).status).toBe(404);
  const { items } = await (await get(base, as)).json();
  const item = items.find((one: { path: string }) => one.path === 'tracks.csv').id;
  expect((await get(`${base}/items/${item}/content/tracks-0/objects.parquet`, as)).status).toBe(200);
  for (const path of ['/files/tracks.csv', '/export.zip', '/export.bag.zip', `/items/${item}/export/objects.csv`])
    expect((await get(base + path, as)).status, path).toBe(403);
  expect((await get(`${base}/files`, as)).status).toBe(200);
  const page = await (await get(`/studies/${accession}/v/1`, as)).text();
  expect(page).not.toContain('export.zip');
  const program = (headers: Record<string, string>) =>
    harness.request(base, { headers: { authorization: `Bearer ${made.secret}`, ...headers } });
  expect((await program({})).status).toBe(401);
  expect((await program({ 'micrarium-passphrase': 'square cells' })).status).toBe(401);
  expect((await program({ 'micrarium-passphrase': 'round cells 7' })).status).toBe(200);
  const stored = JSON.stringify(await harness.services.db.selectFrom('private_link').selectAll().execute());
  for (const word of ['round cells 7', made.secret]) expect(stored).not.toContain(word);
  const tries = [];
  for (let nth = 0; nth < 12; nth++) tries.push((await say('square cells')).status);
  expect(tries).toContain(429);
});

test('a download that runs ends at the next range once its link is revoked; names are looked for in texts too', async () => {
  await fillDraft(harness, dora.token, draft, { 'README.md': 'Recorded at the Example University.' });
  const made = await make({ version: 1, hidesNames: true });
  expect(made.namesLeft).toEqual(expect.arrayContaining(['README.md', 'Yamada/tracks.csv']));
  const { link, secret } = await make({ version: 1 });
  const range = (from: number) =>
    harness.request(`${apiBase}/studies/${accession}/versions/1/files/tracks.csv`, {
      headers: { authorization: `Bearer ${secret}`, range: `bytes=${from}-${from + 3}` },
    });
  expect((await range(0)).status).toBe(206);
  expect((await send(`${linksPath()}/${link.id}`, dora.cookie, undefined, 'DELETE')).status).toBe(204);
  expect((await range(4)).status).toBe(401);
});

test('a link that is revoked, or has expired, opens nothing more', async () => {
  const { address, link, secret } = await make({ version: 1, days: 1 });
  const { as, to } = await follow(address);
  expect((await get(to, as)).status).toBe(200);
  expect((await send(`${linksPath()}/${link.id}`, eve.cookie, undefined, 'DELETE')).status).toBe(404);
  expect((await send(`${linksPath()}/${link.id}`, dora.cookie, undefined, 'DELETE')).status).toBe(204);
  expect((await get(to, as)).status).toBe(404);
  expect((await follow(address)).answer.status).toBe(410);
  const bearer = { headers: { authorization: `Bearer ${secret}` } };
  expect((await harness.request(`${apiBase}/studies/${accession}`, bearer)).status).toBe(401);
  const old = await make({ version: 1 });
  const { db } = harness.services;
  await db
    .updateTable('private_link')
    .set({ expires_at: new Date(0) })
    .where('id', '=', old.link.id)
    .execute();
  expect((await follow(old.address)).answer.status).toBe(410);
  const stored = JSON.stringify(await db.selectFrom('private_link').selectAll().execute());
  expect(stored).not.toContain(secret);
  const events = await listEvents(db, { target: accession, limit: 100 });
  const opened = events
    .filter(({ action }) => action.startsWith('private-link.'))
    .map(({ action, via }) => [action, via]);
  expect(opened.slice(0, 4)).toEqual([
    ['private-link.make', 'session'],
    ['private-link.revoke', 'session'],
    ['private-link.open', 'link'],
    ['private-link.make', 'session'],
  ]);
});

test('under embargo a link opens the files; one without names ends when the names are public', async () => {
  const nameless = await make({ version: 1, hidesNames: true });
  const named = await make({ version: 1 });
  const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await send(`${apiBase}/drafts/${draft}/release`, dora.cookie, { embargoUntil: day }, 'PUT');
  await harness.client(dora.token).call(routes.publishDraft, { params: { draft } });
  const file = `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`;
  expect((await get(file)).status).toBe(403);
  const { as, to } = await follow(named.address);
  expect((await get(file, as)).status).toBe(200);
  expect(await (await get(to)).text()).toContain(`/private-links/${accession}`);
  expect((await follow(nameless.address)).answer.status).toBe(410);
  expect((await send(linksPath(), dora.cookie, { version: 1, hidesNames: true })).status).toBe(409);
  expect((await send(linksPath(), dora.cookie, { version: 1 })).status).toBe(201);
});

test('under a private embargo too a link shows the names, and what refuses one without them does not call them public', async () => {
  const { id, accession: study } = await harness.client(dora.token).call(routes.createDraft, {});
  await fillDraft(harness, dora.token, id, { 'tracks.csv': `${trackTable}6,1,6,6\n` });
  await describeDraft(harness, dora.token, id, 'Not to be known of');
  const path = `${apiBase}/studies/${study}/private-links`;
  const nameless = await (await send(path, dora.cookie, { version: 1, hidesNames: true })).json();
  const embargoUntil = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await send(`${apiBase}/drafts/${id}/release`, dora.cookie, { embargoUntil, isPrivate: true }, 'PUT');
  await harness.client(dora.token).call(routes.publishDraft, { params: { draft: id } });
  expect((await get(`/studies/${study}`)).status).toBe(404);
  const { versions } = await (await get(path, dora.cookie)).json();
  expect(versions).toEqual([{ version: 1, state: 'embargoed', canHideNames: false, staysClosed: false }]);
  const refused = await send(path, dora.cookie, { version: 1, hidesNames: true });
  expect([refused.status, (await refused.json()).detail]).toEqual([409, expect.stringContaining('is a draft')]);
  expect((await follow(nameless.address)).answer.status).toBe(410);
  const named = await (await send(path, dora.cookie, { version: 1 })).json();
  const { as, to } = await follow(named.address);
  expect(await (await get(to, as)).text()).toContain('Not to be known of');
});

test('no link opens the files of a draft that are given on request, neither whole nor as a picture', async () => {
  const { id, accession: study } = await harness.client(eve.token).call(routes.createDraft, {});
  await fillDraft(harness, eve.token, id, { 'tracks.csv': trackTable, 'open.csv': `${trackTable}5,1,5,5\n` });
  await describeDraft(harness, eve.token, id, 'Retinae of people');
  const { items } = await harness.client(eve.token).call(routes.getDraft, { params: { draft: id } });
  const idOf = (path: string) => items.find((one) => one.path === path)!.id;
  const people = {
    human: true,
    identifiable: true,
    consent: 'research',
    ethics: 'Ethics committee of Yamada',
    terms: '',
  };
  const declared = { access: 'controlled', ...people, controller: 'Yamada hospital', jurisdiction: 'Japan' };
  const declare = (body: object) => send(`${apiBase}/drafts/${id}/access`, eve.cookie, body, 'PUT');
  expect((await declare(declared)).status).toBe(200);
  const path = `${apiBase}/studies/${study}/private-links`;
  expect((await (await get(path, eve.cookie)).json()).versions).toMatchObject([{ version: 1, staysClosed: true }]);
  const { secret } = await (await send(path, eve.cookie, { version: 1, hidesNames: true })).json();
  const by = (address: string) => harness.request(address, { headers: { authorization: `Bearer ${secret}` } });
  const base = `${apiBase}/studies/${study}/versions/1`;
  const data = (item: string) => [
    `/items/${item}/content/tracks-0/objects.parquet`,
    `/items/${item}/export/objects.csv`,
    `/items/${item}/objects`,
    `/items/${item}/measures`,
  ];
  for (const below of ['/files/tracks.csv', '/export.zip', '/export.bag.zip', '/images', ...data(idOf('tracks.csv'))]) {
    const answer = await by(base + below);
    expect([answer.status, (await answer.json()).code], below).toEqual([403, 'access-on-request']);
  }
  const page = await by(`/studies/${study}/v/1`);
  const text = await page.text();
  expect(page.status).toBe(200);
  expect(text).toContain('Retinae of people');
  expect(text).not.toContain('Yamada');
  expect(await (await by(`${apiBase}/studies/${study}/access`)).text()).not.toContain('Yamada');
  // Declared so, and nothing of people: a part that is open to everybody is open here too.
  const parts = { access: 'controlled', human: false, identifiable: false, consent: 'none', ethics: '', terms: '' };
  expect((await declare({ ...parts, openItems: [idOf('open.csv')] })).status).toBe(200);
  expect((await by(`${base}/files/open.csv`)).status).toBe(200);
  expect((await by(`${base}/files/tracks.csv`)).status).toBe(403);
  expect((await declare({ ...parts, access: 'open' })).status).toBe(200);
  expect((await by(`${base}/files/tracks.csv`)).status).toBe(200);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
