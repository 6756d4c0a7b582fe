import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVersions } from '../../packages/server/src/http/ssbd/ssbd-sets.ts';
import { StudyStates } from '../../packages/server/src/states/study-states.ts';
import type { StudyArchive } from '../../packages/server/src/storage/index.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
beforeAll(async () => {
  harness = await openHarness();
  for (const name of ['dora', 'max', 'gina']) people[name] = await harness.member(name);
  people['cora'] = await harness.member('cora', 'curator');
});
afterAll(() => harness.close());

const send = (method: string, path: string, name?: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(name === undefined ? {} : { as: people[name]!.cookie }),
  });
const status = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;
const page = async (path: string) => await (await harness.request(path)).text();
const plain = { human: false, identifiable: false, consent: 'open', ethics: '' };

async function publishDeclared(
  title: string,
  files: Record<string, string>,
  declare: (ids: (path: string) => string) => object,
) {
  const client = harness.client(people['dora']!.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, people['dora']!.token, id, files);
  await describeDraft(harness, people['dora']!.token, id, title);
  const { items } = await client.call(routes.getDraft, { params: { draft: id } });
  const itemOf = (path: string) => items.find((item) => item.path === path)!.id;
  const answer = await send('PUT', `/drafts/${id}/access`, 'dora', declare(itemOf));
  expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(200);
  return { accession, itemOf };
}

test('each data set has a level of its own, wider than that of the study: open, by terms, on request', async () => {
  const files = Object.fromEntries(
    ['open', 'terms', 'asked', 'held'].map((name, at) => [`${name}.csv`, `${trackTable}8,1,${at + 50},1\n`]),
  );
  const { accession, itemOf } = await publishDeclared('Four levels', files, (id) => {
    const parts = [
      { item: id('terms.csv'), level: 'registered' },
      { item: id('asked.csv'), level: 'controlled' },
    ];
    return {
      ...plain,
      access: 'controlled',
      level: 'closed',
      contact: 'The office',
      terms: 'Name us.',
      openItems: [id('open.csv')],
      parts,
    };
  });
  const read = async (name?: string) => {
    const seen: Record<string, number[]> = {};
    for (const part of ['open', 'terms', 'asked', 'held'])
      seen[part] = [
        await status('GET', `/studies/${accession}/versions/1/files/${part}.csv`, name),
        await status(
          'GET',
          `/studies/${accession}/versions/1/items/${itemOf(`${part}.csv`)}/content/tracks-0/objects.parquet`,
          name,
        ),
      ];
    return seen;
  };
  const no = [403, 403];
  const yes = [200, 200];
  expect(await read()).toEqual({ open: yes, terms: no, asked: no, held: no });
  expect(await read('max')).toEqual({ open: yes, terms: no, asked: no, held: no });
  const answer = await send('GET', `/studies/${accession}/versions/1/files/terms.csv`);
  expect(await answer.json()).toMatchObject({ code: 'terms-not-accepted' });
  const access = async (name: string) => await (await send('GET', `/studies/${accession}/access`, name)).json();
  const told = await access('max');
  expect(told).toMatchObject({
    level: 'closed',
    partLevels: ['registered', 'controlled'],
    readsParts: [],
    mayRead: false,
  });
  expect(await access('dora')).toMatchObject({ readsParts: ['registered', 'controlled'], mayRead: false });
  expect(
    await status('POST', `/studies/${accession}/access/terms`, 'max', {
      agrees: true,
      termsVersion: told.termsVersion,
    }),
  ).toBe(200);
  expect(await read('max')).toEqual({ open: yes, terms: yes, asked: no, held: no });
  const ask = { purpose: 'To count what is asked for', institution: 'Lab of Gina', agrees: true };
  expect(await status('POST', `/studies/${accession}/access/requests`, 'gina', ask)).toBe(201);
  const [request] = (await access('dora')).requests;
  expect(await status('PUT', `/studies/${accession}/access/requests/${request.id}`, 'dora', { state: 'granted' })).toBe(
    204,
  );
  expect(await read('gina')).toEqual({ open: yes, terms: no, asked: yes, held: no });
  // Nothing past one item is as wide as a part: what is sent of all holds the narrowest too.
  for (const name of ['max', 'gina', 'cora', undefined])
    for (const whole of ['export.zip', 'export.bag.zip', 'images'])
      expect(await status('GET', `/studies/${accession}/versions/1/${whole}`, name), `${whole} ${name}`).toBe(403);
  const shown = await page(`/studies/${accession}`);
  expect(shown).toContain('These parts are for everybody who signs in and accepts the terms: terms.csv');
  expect(shown).toContain('These parts are given on request: asked.csv');
  // Of the others, which nobody is given, it offers no download of all.
  expect(shown).toContain('The other files of this study are not given out here');
  expect(shown).not.toContain('export.zip"');
  // Closed by a curator, all of it is.
  await harness.services.states.change(accession, { state: 'published', reason: 'To close it' });
  await harness.services.states.change(accession, { state: 'controlled', reason: 'All of it' });
  expect(await read('max')).toEqual({ open: no, terms: no, asked: no, held: no });
});

test('a declaration whose parts are narrower than the study, or wider than people agreed to, is refused', async () => {
  const client = harness.client(people['dora']!.token);
  const { id } = await client.call(routes.createDraft, {});
  const part = (level: string) => [{ item: 'aaaaaaaaaaaa', level }];
  const declare = (body: object) =>
    status('PUT', `/drafts/${id}/access`, 'dora', { ...plain, access: 'controlled', terms: 'Name us.', ...body });
  expect(await declare({ level: 'registered', parts: part('controlled') })).toBe(409);
  expect(await declare({ parts: part('controlled') })).toBe(409);
  expect(await declare({ parts: part('registered') })).toBe(200);
  expect(await declare({ parts: part('registered'), terms: '' })).toBe(409);
  const agreed = { human: true, consent: 'research', ethics: 'A, 1' };
  expect(await declare({ ...agreed, parts: part('registered') })).toBe(409);
  expect(await declare({ ...agreed, level: 'closed', contact: 'X', parts: part('controlled') })).toBe(200);
});

test('a curator declares what was made of closed files safe, with a reason; every gate asks it, and closing anew ends it', async () => {
  const { accession, itemOf } = await publishDeclared(
    'Renderings',
    { 'tracks.csv': `${trackTable}8,1,61,1\n`, 'other.csv': `${trackTable}8,1,62,1\n` },
    () => ({ ...plain, access: 'controlled', terms: 'x' }),
  );
  const item = itemOf('tracks.csv');
  const below = `/studies/${accession}/versions/1/items/${item}`;
  const rendered = [
    '',
    '/objects',
    '/measures',
    '/content/tracks-0/objects.parquet',
    '/content/tracks-0/tracks.parquet',
  ];
  const seen = async (name?: string) => {
    const all = [];
    for (const path of rendered) all.push(await status('GET', below + path, name));
    return all;
  };
  const at = `/studies/${accession}/access/safe-renderings`;
  const declare = (name: string, body: object) =>
    status('PUT', at, name, { item, kind: 'tables', isSafe: true, reason: 'Only places', ...body });
  expect(await seen()).toEqual([403, 403, 403, 403, 403]);
  for (const name of ['dora', 'max']) expect(await declare(name, {}), name).toBe(403);
  expect(await declare('cora', { reason: ' ' })).toBe(409);
  expect(await declare('cora', { item: 'aaaaaaaaaaaa' })).toBe(409);
  expect(await declare('cora', {})).toBe(200);
  expect(await seen()).toEqual([200, 200, 200, 200, 200]);
  // The source, its exports, what was found in it, other items and other renderings stay closed.
  for (const path of [
    '/content/raw-metadata.txt',
    '/content/image-0.ozx',
    '/content/image-0.thumbnail.png',
    '/export/csv',
  ])
    expect(await status('GET', below + path), path).toBe(403);
  expect(await status('GET', `/studies/${accession}/versions/1/files/tracks.csv`)).toBe(403);
  expect(await status('GET', `/studies/${accession}/versions/1/items/${itemOf('other.csv')}/objects`)).toBe(403);
  const access = await (await send('GET', `/studies/${accession}/access`, 'dora')).json();
  expect(access).toMatchObject({ safe: [{ item, kind: 'tables', reason: 'Only places' }], mayDeclareSafe: false });
  expect(access.events).toContainEqual(
    expect.objectContaining({ name: 'cora', action: 'access.safe', path: `${item} tables` }),
  );
  // It is kept with the state, in the archive.
  await harness.services.states.rebuild();
  harness.services.states.forget(accession);
  expect((await seen())[1]).toBe(200);
  expect(await declare('cora', { isSafe: false })).toBe(200);
  expect((await seen())[1]).toBe(403);
  expect(await declare('cora', {})).toBe(200);
  await harness.services.states.change(accession, { state: 'published', reason: 'Opened' });
  expect(await declare('cora', {})).toBe(409);
  await harness.services.states.change(accession, { state: 'controlled', reason: 'Closed anew' });
  expect((await seen())[1]).toBe(403);
});

test('the mark of the database tier is hidden with a reason and shown again; the tier stays', async () => {
  const accession = await publishStudy(harness, people['dora']!.token, 'Marked', {
    'tracks.csv': `${trackTable}8,1,63,1\n`,
  });
  const hide = (name: string, body: object) => status('PUT', `/studies/${accession}/promotion/badge`, name, body);
  expect(await hide('cora', { isHidden: true, reason: 'It has none' })).toBe(409);
  // As if it had been promoted: what promotion itself does is tried in curator-requests.test.ts.
  const { db, states } = harness.services;
  await sql`update study_version set document = jsonb_set(document, '{tier}', '"database"') where accession = ${accession}`.execute(
    db,
  );
  await sql`update search_document set tier = 'database', document = jsonb_set(document, '{tier}', '"database"') where accession = ${accession}`.execute(
    db,
  );
  for (const name of ['dora', 'max']) expect(await hide(name, { isHidden: true, reason: 'x' }), name).toBe(403);
  expect(await hide('cora', { isHidden: true, reason: '  ' })).toBe(409);
  expect(await hide('cora', { isHidden: true, reason: 'Scales are wrong' })).toBe(200);
  const study = async () => await (await send('GET', `/studies/${accession}`)).json();
  const listed = async () =>
    (await (await send('GET', '/studies?q=Marked')).json()).studies.find(
      (one: { accession: string }) => one.accession === accession,
    );
  expect(await study()).toMatchObject({ tier: 'database', hiddenBadge: { reason: 'Scales are wrong' } });
  expect(await page(`/studies/${accession}`)).toContain('Its mark is hidden by the curators since');
  expect(await page(`/studies/${accession}?lang=ja`)).toContain('キュレーターが表示を止めています');
  expect(await listed()).toMatchObject({ isBadgeHidden: true });
  await states.rebuild();
  states.forget(accession);
  expect(await study()).toMatchObject({ hiddenBadge: { reason: 'Scales are wrong' } });
  expect(await hide('cora', { isHidden: false })).toBe(200);
  expect((await study()).hiddenBadge).toBeUndefined();
  expect((await listed()).isBadgeHidden).toBeUndefined();
  const actions = await db
    .selectFrom('audit_event')
    .select(['action', 'detail'])
    .where('target', '=', accession)
    .execute();
  expect(actions).toContainEqual({ action: 'study.hide-badge', detail: { reason: 'Scales are wrong' } });
  expect(actions.map(({ action }) => action)).toContain('study.show-badge');
});

test('what is closed is gone at once from what is remembered of open studies, and within seconds in other processes', async () => {
  const accession = await publishStudy(harness, people['dora']!.token, 'Soon closed', {
    'tracks.csv': `${trackTable}8,1,64,1\n`,
  });
  const { services } = harness;
  const explored = async () => JSON.stringify(await (await send('GET', '/explore')).json());
  // A list remembered before it was published would not know it.
  await eventually(async () => (await explored()).includes(accession), 60_000);
  // Another process: states of its own over the same database and archive, and the list it remembers.
  const others = {
    ...services,
    studies: Object.create(services.studies),
    states: new StudyStates(services.db, services.archive as StudyArchive),
  };
  const elsewhere = async () => (await openVersions(others)).some((one) => one.accession === accession);
  expect(await elsewhere()).toBe(true);
  await services.states.change(accession, { state: 'controlled', reason: 'A face' });
  expect(await explored()).not.toContain(accession);
  await eventually(async () => !(await elsewhere()), 5_000);
});

test('with one curator only, closing files waits for a second person, and the page is told so', async () => {
  const accession = await publishStudy(harness, people['dora']!.token, 'Waits', {
    'tracks.csv': `${trackTable}8,1,65,1\n`,
  });
  const at = `/admin/studies/${accession}/state`;
  const closing = { state: 'controlled', reason: 'A face', ground: 'privacy' };
  const answer = await send('PUT', at, 'cora', closing);
  expect(await answer.json()).toMatchObject({ state: 'published', waits: ['restrict'], curators: 1 });
  expect(await status('GET', `/studies/${accession}/versions/1/files/tracks.csv`)).toBe(200);
  const [ask] = (await (await send('GET', `/studies/${accession}/asks`, 'cora')).json()).asks;
  expect(ask).toMatchObject({ isMine: true, mayConfirm: false });
  expect(await status('POST', `/studies/${accession}/asks/${ask.id}`, 'cora', { isConfirmed: true })).toBe(409);
  people['carl'] = await harness.member('carl', 'curator');
  expect(await status('POST', `/studies/${accession}/asks/${ask.id}`, 'carl', { isConfirmed: true })).toBe(200);
  expect(await status('GET', `/studies/${accession}/versions/1/files/tracks.csv`)).toBe(403);
});
