import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actAs } from '../../packages/server/src/audit/acting.ts';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, trackTable } from './publish-study.ts';

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
let accession = '';
beforeAll(async () => {
  harness = await openHarness();
  for (const name of ['dora', 'max', 'eddy', 'dan']) people[name] = await harness.member(name);
  for (const name of ['cora', 'carl']) people[name] = await harness.member(name, 'curator');
  people['olga'] = await harness.member('olga', 'owner');
});
afterAll(() => harness.close());

const as = (name: string) => people[name]!.cookie;
const send = (method: string, path: string, name?: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    ...(name === undefined ? {} : { as: as(name) }),
  });
const status = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;
const read = (name?: string) => status('GET', `/studies/${accession}/versions/1/files/tracks.csv`, name);
const access = async (name?: string) => await (await send('GET', `/studies/${accession}/access`, name)).json();
const declared = {
  access: 'controlled',
  human: true,
  identifiable: true,
  consent: 'research',
  ethics: 'Ethics Committee of X, 2026-17',
  terms: 'Do not try to recognise anybody.',
  dataUse: [{ code: 'DUO:0000042' }, { code: 'DUO:0000025', of: '6' }],
};

test('data of people are declared, approved by two curators, and then given on request only', async () => {
  const client = harness.client(people['dora']!.token);
  const { id, accession: made } = await client.call(routes.createDraft, {});
  accession = made;
  await fillDraft(harness, people['dora']!.token, id, { 'tracks.csv': trackTable });
  await describeDraft(harness, people['dora']!.token, id, 'Faces');
  const declare = (change: object) => status('PUT', `/drafts/${id}/access`, 'dora', { ...declared, ...change });
  // Without consent nothing is published, and corrected it is as if nothing had been said (without-consent.test.ts).
  expect(await declare({ consent: 'none' })).toBe(200);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(409);
  expect(await declare({})).toBe(200);
  expect(await declare({ access: 'open' })).toBe(409);
  expect(await declare({ ethics: ' ' })).toBe(409);
  expect(await declare({ human: false })).toBe(409);
  for (const dataUse of [[{ code: 'DUO:0000004' }], [{ code: 'DUO:0000021' }], [{ code: 'DUO:0000025' }]])
    expect(await declare({ dataUse }), JSON.stringify(dataUse)).toBe(409);
  expect(await declare({})).toBe(200);
  const step = (name: string, step: string) => status('POST', `/drafts/${id}/review`, name, { step });
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(409);
  expect(await step('dora', 'submit')).toBe(200);
  expect(await declare({})).toBe(409);
  expect(await step('cora', 'claim')).toBe(200);
  expect(await status('GET', `/drafts/${id}/files/tracks.csv`, 'cora')).toBe(200);
  expect(await step('cora', 'approve')).toBe(200);
  expect(await (await send('GET', `/drafts/${id}/review`, 'dora')).json()).toMatchObject({
    state: 'in_review',
    firstApproval: 'cora',
  });
  expect(await step('cora', 'approve')).toBe(409);
  // Who has approved is not offered to do so again; the other is.
  const review = async (name: string) => await (await send('GET', `/drafts/${id}/review`, name)).json();
  expect((await review('cora')).steps).not.toContain('approve');
  expect((await review('carl')).steps).toContain('approve');
  // No role of the installation opens data of people to write in them.
  expect((await review('cora')).mayEdit).toBe(false);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(409);
  expect(await step('carl', 'approve')).toBe(200);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(200);
  await share(harness.services.db, accession, { userId: people['eddy']!.user.id }, 'edit');
  expect(await read('dora')).toBe(200);
  for (const name of [undefined, 'max', 'eddy', 'cora', 'olga']) expect(await read(name), name).toBe(403);
  expect(await access()).toMatchObject({ state: 'controlled', declaration: declared, mayRead: false });
  expect((await access('max')).events).toBeUndefined();
  // Metadata stay public, and say why the files are not, and for what they are given.
  const page = await (await harness.request(`/studies/${accession}`)).text();
  expect(page).toContain(`/access/${accession}`);
  expect(page).toContain('href="http://purl.obolibrary.org/obo/DUO_0000042">general research use (GRU)</a>');
  const form = async (id: string) => await (await harness.request(`/studies/${accession}/v/1/metadata/${id}`)).text();
  expect(await form('datacite-xml')).toContain('rightsIdentifier="DUO:0000042"');
  expect(await form('ro-crate')).toContain('"conditionsOfAccess"');
  expect(JSON.parse(await form('schema-org'))).toMatchObject({
    isAccessibleForFree: false,
    usageInfo: [{ termCode: 'DUO:0000042' }, { termCode: 'DUO:0000025' }],
  });
  const harvested = await harness.request(
    `/oai?verb=GetRecord&metadataPrefix=datacite&identifier=oai:localhost:${accession}`,
  );
  expect(await harvested.text()).toContain('DUO:0000042');
});

test('both curators approve the same: what is written in place after the first approval is approved by two again', async () => {
  const { id } = await harness.client(people['dora']!.token).call(routes.createDraft, {});
  await fillDraft(harness, people['dora']!.token, id, { 'tracks.csv': `${trackTable}7,3,7,7\n` });
  await describeDraft(harness, people['dora']!.token, id, 'Cells of people');
  const open = { access: 'open', human: true, identifiable: false, consent: 'open', ethics: 'Board 7', terms: '' };
  expect(await status('PUT', `/drafts/${id}/access`, 'dora', open)).toBe(200);
  const step = (name: string, step: string) => status('POST', `/drafts/${id}/review`, name, { step });
  const review = async (name: string) => await (await send('GET', `/drafts/${id}/review`, name)).json();
  expect(await step('dora', 'submit')).toBe(200);
  expect(await step('cora', 'claim')).toBe(200);
  expect(await step('cora', 'approve')).toBe(200);
  expect(await review('cora')).toMatchObject({ mayEdit: true, firstApproval: 'cora' });
  const { revision, metadata } = await (await send('GET', `/drafts/${id}`, 'cora')).json();
  const retitled = { ...metadata, values: { ...metadata.values, title: 'Cells of people, in place' } };
  const saved = await harness.request(`${apiBase}/drafts/${id}`, {
    method: 'PATCH',
    as: as('cora'),
    headers: { 'content-type': 'application/json', 'if-match': `"${revision}"` },
    body: JSON.stringify({ metadata: retitled }),
  });
  expect(saved.status).toBe(200);
  const [edit] = (await review('dora')).edits;
  expect(edit).toMatchObject({ label: { en: 'Title' }, state: 'waiting' });
  const answer = { isAccepted: true, answer: '' };
  expect(await status('POST', `/drafts/${id}/review/edits/${edit.id}`, 'dora', answer)).toBe(200);
  expect(await review('dora')).not.toHaveProperty('firstApproval');
  expect(await step('carl', 'approve')).toBe(200);
  expect(await review('dora')).toMatchObject({ state: 'in_review', firstApproval: 'carl' });
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(409);
  expect(await step('cora', 'approve')).toBe(200);
  expect((await review('dora')).state).toBe('approved');
});

test('a request is decided by those named for it, ends, and every reading leaves a trace the owner sees', async () => {
  const ask = { purpose: 'To measure how fast they smile', institution: 'Lab of Max', agrees: true };
  const requests = `/studies/${accession}/access/requests`;
  expect(await status('POST', requests, 'max', { ...ask, agrees: false })).toBe(400);
  expect(await status('POST', requests, 'max', { ...ask, termsVersion: 'of yesterday' })).toBe(409);
  const { termsVersion } = await access('max');
  expect(await status('POST', requests, 'max', { ...ask, termsVersion })).toBe(201);
  expect(await status('POST', requests, 'max', ask)).toBe(409);
  expect(await status('POST', `/studies/${accession}/access/committee`, 'eddy', { email: 'dan@example.org' })).toBe(
    403,
  );
  expect(await status('POST', `/studies/${accession}/access/committee`, 'dora', { email: 'dan@example.org' })).toBe(
    204,
  );
  const [request] = (await access('dan')).requests;
  expect(request).toMatchObject({ name: 'max', state: 'asked', purpose: ask.purpose });
  const one = `${requests}/${request.id}`;
  // Dan decides now, and Dora, who named him, does not.
  for (const name of ['dora', 'olga', 'cora', 'max'])
    expect(await status('PUT', one, name, { state: 'granted' }), name).toBe(403);
  expect(await status('PUT', one, 'dan', { state: 'granted', until: '2020-01-01' })).toBe(409);
  const inTenMonths = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
  // The terms say six months.
  expect(await status('PUT', one, 'dan', { state: 'granted', until: inTenMonths })).toBe(409);
  expect(await status('GET', `${one}/permission`, 'max')).toBe(404);
  expect(await status('PUT', one, 'dan', { state: 'granted' })).toBe(204);
  expect(await read('max')).toBe(200);
  expect(await read('max')).toBe(200);
  for (const name of ['max', 'dan', 'dora'])
    expect(await (await send('GET', `${one}/permission`, name)).json(), name).toMatchObject({
      holder: { name: 'max', institution: ask.institution },
      study: { accession, title: 'Faces' },
      terms: { version: termsVersion, text: declared.terms },
      dataUse: [
        { short: 'GRU', label: 'general research use', iri: 'http://purl.obolibrary.org/obo/DUO_0000042' },
        { code: 'DUO:0000025', of: '6' },
      ],
      ga4gh_visa_v1: { type: 'ControlledAccessGrants', by: 'dac' },
    });
  expect(await status('GET', `${one}/permission`)).toBe(401);
  expect(await status('GET', `${one}/permission`, 'cora')).toBe(404);
  expect(await read('dan')).toBe(403);
  const events = async () =>
    (await access('dora')).events.map((event: { name: string; action: string; path: string }) => [
      event.name,
      event.action,
      event.path,
    ]);
  // What curators read in review is there too; twice within the hour is one event.
  expect(await events()).toContainEqual(['cora', 'access.review', 'tracks.csv']);
  expect((await events()).filter(([, action]: string[]) => action === 'access.read')).toEqual([
    ['max', 'access.read', '1/files/tracks.csv'],
  ]);
  // Ended by who decides, it is closed with the next request.
  expect(await status('PUT', one, 'dan', { state: 'ended', reason: 'He has left the laboratory' })).toBe(204);
  expect(await read('max')).toBe(403);
  const { db } = harness.services;
  await db
    .updateTable('access_request')
    .set({ state: 'granted', until: new Date(Date.now() + 5 * 86_400_000) })
    .execute();
  for (let count = 0; count < 2; count++) await harness.services.access.remind(new Date());
  const { notices } = await (await send('GET', '/notices', 'max')).json();
  const told = notices.map(({ kind, detail }: { kind: string; detail: { decision?: string } }) => [
    kind,
    detail.decision,
  ]);
  expect(told).toEqual([
    ['access-ending', undefined],
    ['access-decided', 'ended'],
    ['access-decided', 'granted'],
  ]);
  await db
    .updateTable('access_request')
    .set({ until: new Date(Date.now() - 1000) })
    .execute();
  expect(await read('max')).toBe(403);
  expect((await access('max')).mine).toMatchObject([{ state: 'ended' }]);
  expect(await status('GET', `${one}/permission`, 'max')).toBe(404);
  expect(await status('POST', requests, 'max', ask)).toBe(201);
  const again = (await access('dan')).requests[0].id;
  expect(await status('PUT', `${requests}/${again}`, 'dan', { state: 'refused' })).toBe(409);
  expect(await status('PUT', `${requests}/${again}`, 'dan', { state: 'refused', reason: 'Not a purpose' })).toBe(204);
  expect(await read('max')).toBe(403);
});

test('who runs the installation opens files only with a reason, for a day, and the owner is told', async () => {
  const emergency = `/studies/${accession}/access/emergency`;
  expect(await status('POST', `/studies/${accession}/drafts`, 'olga')).not.toBe(201);
  expect(await status('POST', `/studies/${accession}/promotion`, 'cora')).toBe(409);
  expect(await status('POST', emergency, 'max', { reason: 'I would like to look at it' })).toBe(403);
  expect(await status('POST', emergency, 'olga', { reason: 'x' })).toBe(400);
  expect(await status('POST', emergency, 'olga', { reason: 'A court asks which file it is' })).toBe(204);
  expect(await read('olga')).toBe(200);
  expect(await read('cora')).toBe(403);
  const { notices } = await (await send('GET', '/notices', 'dora')).json();
  expect(notices[0]).toMatchObject({ kind: 'access-emergency', detail: { name: 'olga', accession } });
  expect((await access('dora')).events.slice(0, 2)).toMatchObject([
    { name: 'olga', action: 'access.read', path: '1/files/tracks.csv' },
    { name: 'olga', action: 'access.emergency' },
  ]);
});

test('parts of a study are open although the others are given on request: no other route, no other file, and not once a curator closed it', async () => {
  const client = harness.client(people['dora']!.token);
  const { id, accession: mixed } = await client.call(routes.createDraft, {});
  await fillDraft(harness, people['dora']!.token, id, {
    'tracks.csv': trackTable,
    'raw.csv': 'frame,track,x,y\n0,1,5,1\n1,1,6,2\n',
  });
  await describeDraft(harness, people['dora']!.token, id, 'Half open');
  const { items } = await client.call(routes.getDraft, { params: { draft: id } });
  const itemOf = (path: string) => items.find((item) => item.path === path)!.id;
  const declaration = { ...declared, human: false, identifiable: false, openItems: [itemOf('tracks.csv')] };
  expect(await status('PUT', `/drafts/${id}/access`, 'dora', { ...declared, openItems: declaration.openItems })).toBe(
    409,
  );
  expect(await status('PUT', `/drafts/${id}/access`, 'dora', declaration)).toBe(200);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(200);

  const below = '/studies/{accession}/versions/{version}/';
  const ofMetadata = new Set(['listFiles', 'getCitation', 'getVersionChanges']);
  const ofOneItem = new Set([
    'getFile',
    'getItem',
    'getItemContent',
    'exportItem',
    'listLosses',
    'listObjects',
    'listRows',
    'getMeasures',
  ]);
  const asked = async (file: string): Promise<[name: string, status: number][]> => {
    const values: Record<string, string> = {
      accession: mixed,
      version: '1',
      item: itemOf(file),
      dataset: `d-${itemOf(file)}`,
      image: '0',
      form: 'objects.csv',
      table: 'edges',
      archive: 'empiar',
      path: file,
    };
    const answers: [string, number][] = [];
    for (const [name, { path, method }] of Object.entries(routes)) {
      if (!path.startsWith(below) || method !== 'get' || ofMetadata.has(name)) continue;
      const more: Record<string, string> = name === 'getItemContent' ? { path: 'tracks-0/objects.parquet' } : {};
      const filled = path.replace(/\{(\w+)\}/g, (_all, key: string) => ({ ...values, ...more })[key]!);
      answers.push([name, await status('GET', filled)]);
    }
    return answers;
  };
  const closed = await asked('raw.csv');
  expect(closed.length).toBeGreaterThan(ofOneItem.size + 5);
  expect(closed.filter(([, got]) => got !== 403)).toEqual([]);
  const open = await asked('tracks.csv');
  expect(
    open
      .filter(([, got]) => got === 200)
      .map(([name]) => name)
      .sort(),
  ).toEqual([...ofOneItem].sort());
  expect(open.filter(([name, got]) => !ofOneItem.has(name) && got !== 403)).toEqual([]);
  // Past the gate the study is closed as a whole, and its page says what is open.
  expect(await (await send('GET', '/explore/sets')).text()).not.toContain(mixed);
  expect(await (await harness.request(`/studies/${mixed}`)).text()).toMatch(
    /These parts are open to everybody: <a class="l" href="[^"]*\/files\/tracks.csv">/,
  );
  const { states } = harness.services;
  for (const state of ['published', 'controlled'] as const)
    await actAs({ actor: 'x', via: 'operator' }, () => states.change(mixed, { state, reason: 'x' }));
  expect(await asked('tracks.csv')).toEqual((await asked('raw.csv')).map(([name]) => [name, 403]));
});

test('nothing of controlled files is found elsewhere, and a withdrawn study does not come back open', async () => {
  const found = await (await send('GET', '/explore/sets')).text();
  expect(found).not.toContain(accession);
  const { states } = harness.services;
  const change = (state: 'withdrawn' | 'published' | 'controlled') =>
    actAs({ actor: 'x', via: 'operator' }, () => states.change(accession, { state, reason: 'x' }));
  await change('withdrawn');
  await expect(change('published')).rejects.toThrow(/on request/);
  await change('controlled');
  expect(await read('dora')).toBe(200);
  expect(await read()).toBe(403);
  expect(harness.faults).toEqual([]);
});
