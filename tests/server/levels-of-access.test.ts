import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endEmbargoes } from '../../packages/server/src/states/embargo-ends.ts';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishNext, trackTable } from './publish-study.ts';

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
beforeAll(async () => {
  harness = await openHarness();
  for (const name of ['dora', 'max', 'eddy']) people[name] = await harness.member(name);
  people['cora'] = await harness.member('cora', 'curator');
  people['olga'] = await harness.member('olga', 'owner');
});
afterAll(() => harness.close());

const send = (method: string, path: string, name?: string, body?: unknown) =>
  harness.request(path.startsWith('/studies/MIC-') && method === 'PAGE' ? path : apiBase + path, {
    method: method === 'PAGE' ? 'GET' : method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(name === undefined ? {} : { as: people[name]!.cookie }),
  });
const status = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const everybody = [undefined, 'max', 'eddy', 'cora', 'olga', 'dora'] as const;

/** A draft of Dora's with one table, described. */
async function doraDraft(title: string, more = '') {
  const { token } = people['dora']!;
  const draft = await harness.client(token).call(routes.createDraft, {});
  await fillDraft(harness, token, draft.id, { 'tracks.csv': `${trackTable}${more}` });
  await describeDraft(harness, token, draft.id, title);
  return draft;
}
const publish = (draft: string) => send('POST', `/drafts/${draft}/publish`, 'dora');
const plain = { human: false, identifiable: false, consent: 'open', ethics: '', terms: '' };

test('registered: whoever is signed in reads once they accepted the terms, by version and time; changed terms are accepted anew', async () => {
  const draft = await doraDraft('For whoever signs in');
  const { accession } = draft;
  const declare = (change: object, id = draft.id) =>
    send('PUT', `/drafts/${id}/access`, 'dora', { ...plain, access: 'controlled', level: 'registered', ...change });
  // There must be something to accept, and people must have agreed to it.
  expect((await declare({})).status).toBe(409);
  expect((await declare({ terms: 'Name us.', human: true, ethics: 'X 1', consent: 'research' })).status).toBe(409);
  expect((await declare({ terms: 'Name us.' })).status).toBe(200);
  expect((await publish(draft.id)).status).toBe(200);
  const file = `/studies/${accession}/versions/1/files/tracks.csv`;
  await share(harness.services.db, accession, { userId: people['eddy']!.user.id }, 'edit');
  const seen = await Promise.all(everybody.map((name) => status('GET', file, name)));
  expect(seen).toEqual([403, 403, 200, 200, 200, 200]);
  expect(await (await send('GET', file)).json()).toMatchObject({ code: 'terms-not-accepted' });
  const access = async (name?: string) => await (await send('GET', `/studies/${accession}/access`, name)).json();
  expect(await access('max')).toMatchObject({ level: 'registered', mayRead: false });
  const { termsVersion } = await access('max');
  const accept = (name: string | undefined, body: object) =>
    status('POST', `/studies/${accession}/access/terms`, name, body);
  expect(await accept(undefined, { agrees: true, termsVersion })).toBe(401);
  expect(await accept('max', { agrees: false, termsVersion })).toBe(400);
  expect(await accept('max', { agrees: true, termsVersion: 'another' })).toBe(409);
  expect(await accept('max', { agrees: true, termsVersion })).toBe(200);
  expect(await accept('max', { agrees: true, termsVersion })).toBe(200);
  expect(await status('GET', file, 'max')).toBe(200);
  expect(await access('max')).toMatchObject({ mayRead: true, acceptedAt: expect.stringMatching(/^20/) });
  // Reading is noted with its bytes; asking is for files that are given on request.
  const { events } = await access('dora');
  expect(events).toContainEqual(expect.objectContaining({ name: 'max', action: 'access.terms' }));
  expect(events).toContainEqual(
    expect.objectContaining({ name: 'max', action: 'access.read', bytes: trackTable.length }),
  );
  const ask = { purpose: 'To look at what is there already', institution: 'Lab', agrees: true };
  expect(await status('POST', `/studies/${accession}/access/requests`, 'max', ask)).toBe(409);
  const page = await (await send('PAGE', `/studies/${accession}`)).text();
  expect(page).toContain('signs in and accepts their terms');
  expect(page).not.toContain('thumbnail.png');
  const form = await (await harness.request(`/studies/${accession}/v/1/metadata/ro-crate`)).text();
  expect(form).toContain('who signs in and accepts their terms');
  // The next version says other terms: they are accepted anew. It does not open what is closed.
  const { id } = await harness.client(people['dora']!.token).call(routes.newDraftVersion, { params: { accession } });
  expect((await declare({ terms: 'Name us, and tell us.' }, id)).status).toBe(200);
  await fillDraft(harness, people['dora']!.token, id, { 'more.csv': `${trackTable}4,1,1,1\n` });
  await describeDraft(harness, people['dora']!.token, id, 'For whoever signs in', 'More');
  expect((await publish(id)).status).toBe(200);
  expect(await status('GET', file, 'max')).toBe(403);
});

test('closed: metadata only, nobody reads the files through the site, and a contact is named', async () => {
  const draft = await doraDraft('Held elsewhere', '5,1,1,1\n');
  const { accession } = draft;
  const declared = { ...plain, access: 'controlled', level: 'closed' };
  expect(await status('PUT', `/drafts/${draft.id}/access`, 'dora', declared)).toBe(409);
  const contact = 'Data office, Example University';
  expect(await status('PUT', `/drafts/${draft.id}/access`, 'dora', { ...declared, contact })).toBe(200);
  expect((await publish(draft.id)).status).toBe(200);
  const { items } = await harness.client().call(routes.getStudy, { params: { accession } });
  for (const below of ['files/tracks.csv', 'export.zip', 'export.bag.zip', `items/${items[0]!.id}/objects`])
    for (const name of everybody)
      expect(await status('GET', `/studies/${accession}/versions/1/${below}`, name), `${below} ${name}`).toBe(403);
  const refusal = await (await send('GET', `/studies/${accession}/versions/1/files/tracks.csv`)).json();
  expect(refusal).toMatchObject({ code: 'files-closed', detail: expect.stringContaining(contact) });
  expect(await (await send('PAGE', `/studies/${accession}`)).text()).toContain(contact);
  // Neither asking, nor an emergency, nor the next declaration opens them.
  const ask = { purpose: 'To look at what is there already', institution: 'Lab', agrees: true };
  expect(await status('POST', `/studies/${accession}/access/requests`, 'max', ask)).toBe(409);
  const reason = 'Somebody wants to see what is in there';
  expect(await status('POST', `/studies/${accession}/access/emergency`, 'olga', { reason })).toBe(409);
  const { id } = await harness.client(people['dora']!.token).call(routes.newDraftVersion, { params: { accession } });
  const wider = { ...plain, access: 'controlled', level: 'registered', terms: 'Name us.' };
  expect(await status('PUT', `/drafts/${id}/access`, 'dora', wider)).toBe(409);
});

test('a person who follows a link to a closed file is told why, and where to go', async () => {
  const draft = await doraDraft('Asked for', '6,1,1,1\n');
  await send('PUT', `/drafts/${draft.id}/access`, 'dora', { ...plain, access: 'controlled', terms: 'Name us.' });
  await publish(draft.id);
  const look = (language: string) =>
    harness.request(`${apiBase}/studies/${draft.accession}/versions/1/export.zip`, {
      headers: {
        accept: 'text/html',
        'accept-language': language,
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    });
  const answer = await look('en');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html; charset=UTF-8']);
  expect(await answer.text()).toContain(`href="/access/${draft.accession}"`);
  expect(await (await look('ja')).text()).toContain('利用を申請する');
});

test('a request tells plan, ethics and team; those who decide ask back, and who asked answers', async () => {
  const draft = await doraDraft('Talked about', '7,1,1,1\n');
  const { accession } = draft;
  await send('PUT', `/drafts/${draft.id}/access`, 'dora', { ...plain, access: 'controlled', terms: 'Name us.' });
  await publish(draft.id);
  const requests = `/studies/${accession}/access/requests`;
  const told = { plan: 'Track, then compare.', ethics: 'IRB 2026-3', team: ['Max Example', 'Mia Example'] };
  const ask = { purpose: 'To compare how they move', institution: 'Lab', agrees: true, ...told };
  expect(await status('POST', requests, 'max', { ...ask, team: Array(51).fill('Somebody') })).toBe(400);
  expect(await status('POST', requests, 'max', ask)).toBe(201);
  const access = async (name: string) => await (await send('GET', `/studies/${accession}/access`, name)).json();
  const [{ id }] = (await access('dora')).requests;
  const say = (name: string | undefined, text: string) => status('POST', `${requests}/${id}/words`, name, { text });
  expect(await say(undefined, 'Which cells?')).toBe(401);
  expect(await say('cora', 'Which cells?')).toBe(404);
  expect(await say('dora', 'Which cells do you compare?')).toBe(204);
  expect(await say('max', 'Those of the second film.')).toBe(204);
  expect((await access('max')).mine[0]).toMatchObject({
    ...told,
    state: 'asked',
    talk: [
      { by: 'deciders', text: 'Which cells do you compare?' },
      { by: 'asker', text: 'Those of the second film.' },
    ],
  });
  const notices = await (await send('GET', '/notices', 'max')).json();
  expect(notices.notices.map((one: { kind: string }) => one.kind)).toContain('access-said');
  expect(await status('PUT', `${requests}/${id}`, 'dora', { state: 'granted' })).toBe(204);
  expect(await (await send('GET', `${requests}/${id}/permission`, 'max')).json()).toMatchObject({ team: told.team });
  expect(await say('dora', 'Too late to ask.')).toBe(404);
});

test('a private embargo: nobody else knows of the study before its day; then one of two processes notes it, without touching a file', async () => {
  const draft = await doraDraft('Unheard of', '8,1,1,1\n');
  const { accession } = draft;
  const release = { embargoUntil: inDays(3), isPrivate: true };
  expect(await status('PUT', `/drafts/${draft.id}/release`, 'dora', release)).toBe(200);
  const closing = { ...plain, access: 'controlled', terms: 'x' };
  expect(await status('PUT', `/drafts/${draft.id}/access`, 'dora', closing)).toBe(409);
  expect((await publish(draft.id)).status).toBe(200);
  await publishNext(harness, people['dora']!.token, accession, 'Unheard of', { 'more.csv': `${trackTable}9,1,1,1\n` });
  const hidden = [
    `${apiBase}/studies/${accession}`,
    `${apiBase}/studies/${accession}/versions/1/files`,
    `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`,
    `${apiBase}/studies/${accession}/access`,
    `${apiBase}/studies/${accession}/questions`,
    `${apiBase}/studies/${accession}/usage`,
    `/studies/${accession}`,
    `/studies/${accession}/v/1`,
    `/studies/${accession}/v/1/metadata/datacite-xml`,
  ];
  const looked = async (path: string, name?: string) =>
    (await harness.request(path, name === undefined ? {} : { as: people[name]!.cookie })).status;
  for (const path of hidden) {
    for (const name of [undefined, 'max']) expect(await looked(path, name), `${path} ${name}`).toBe(404);
    for (const name of ['dora', 'cora']) expect(await looked(path, name), `${path} ${name}`).toBe(200);
  }
  // Whoever deposited it finds it in their own list: nothing else would lead there.
  const own = async (name: string) => (await (await send('GET', '/me/studies', name)).json()).studies;
  expect(await own('dora')).toContainEqual(
    expect.objectContaining({ accession, version: 2, state: 'embargoed', until: inDays(3) }),
  );
  expect(JSON.stringify(await own('max'))).not.toContain(accession);
  // Its page does not tell those inside that its metadata are public.
  const page = await (await harness.request(`/studies/${accession}`, { as: people['dora']!.cookie })).text();
  expect(page).toContain('nobody knows of this study but you');
  expect(page).not.toContain('Its metadata are public');
  const everywhere = async () =>
    (
      await Promise.all(
        [
          `${apiBase}/studies?q=unheard`,
          '/sitemap.xml',
          '/oai?verb=ListIdentifiers&metadataPrefix=oai_dc',
          `/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${accession}`,
          `${apiBase}/people/${people['dora']!.user.id}`,
          `${apiBase}/explore`,
          '/search?q=unheard',
        ].map(async (path) => await (await harness.request(path)).text()),
      )
    ).join('\n');
  expect(await everywhere()).not.toContain(`${accession}<`);
  expect(await everywhere()).not.toContain('Unheard of');
  expect(await status('POST', `/studies/${accession}/reuses`, 'max', { kind: 'study', work: accession })).not.toBe(201);
  // Its day comes. Twice at once, as of two processes.
  const { db, states, notices } = harness.services;
  const bytes = () =>
    db.selectFrom('version_file').selectAll().where('accession', '=', accession).orderBy('path').execute();
  const before = await bytes();
  const day = new Date(Date.now() + 4 * 86_400_000);
  const ends = await Promise.all([
    endEmbargoes({ db, states, notices }, day),
    endEmbargoes({ db, states, notices }, day),
  ]);
  expect(ends.flat()).toEqual([accession]);
  expect(await bytes()).toEqual(before);
  for (const path of hidden) expect(await looked(path), path).toBe(200);
  expect(await everywhere()).toContain('Unheard of');
  const log = await db
    .selectFrom('audit_event')
    .select('action')
    .where('target', '=', accession)
    .where('action', '=', 'study.published')
    .execute();
  expect(log.length).toBe(1);
  const told = await (await send('GET', '/notices', 'dora')).json();
  expect(told.notices.filter((one: { kind: string }) => one.kind === 'embargo-ended').length).toBe(1);
});

test('an embargo of 100,000 files ends by one row: no file is read, written or counted', async () => {
  const draft = await doraDraft('Of many files', '10,1,1,1\n');
  const { accession } = draft;
  await send('PUT', `/drafts/${draft.id}/release`, 'dora', { embargoUntil: inDays(3) });
  await publish(draft.id);
  const { db, states, notices } = harness.services;
  await sql`insert into version_file (accession, version, path, size, sha256, media_type)
    select ${accession}, 1, 'plane-' || at || '.tif', 1, repeat('a', 64), 'image/tiff' from generate_series(1, 100000) at`.execute(
    db,
  );
  const rowsRead = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db);
    const { rows } = await sql<{
      n: number;
    }>`select (seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_upd)::float8 as n
      from pg_stat_user_tables where relname = 'version_file'`.execute(db);
    return rows[0]!.n;
  };
  const before = await rowsRead();
  expect(await endEmbargoes({ db, states, notices }, new Date(Date.now() + 4 * 86_400_000))).toEqual([accession]);
  expect((await rowsRead()) - before).toBeLessThan(1000);
  expect(await status('GET', `/studies/${accession}/versions/1/files/tracks.csv`)).toBe(200);
});
