import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildNotes, rebuildRevisions } from '../../packages/server/src/kept/kept-notes.ts';
import { remindOfRequests } from '../../packages/server/src/states/curator-requests.ts';
import { type Harness, openHarness } from './harness.ts';
import type { StudyArchive } from '../../packages/server/src/storage/index.ts';
import { describeDraft, publishStudy } from './publish-study.ts';

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
let accession = '';
beforeAll(async () => {
  harness = await openHarness();
  for (const name of ['dora', 'max']) people[name] = await harness.member(name);
  for (const name of ['cora', 'carl']) people[name] = await harness.member(name, 'curator');
  accession = await publishStudy(harness, people['dora']!.token, 'Asked for more');
});
afterAll(() => harness.close());

const send = (method: string, path: string, name: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    as: people[name]!.cookie,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const status = async (...sent: Parameters<typeof send>) => (await send(...sent)).status;
const told = async (name: string) =>
  (await (await send('GET', '/notices', name)).json()).notices.map(({ kind }: { kind: string }) => kind);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a curator asks for original files by a day; the depositor is told, reminded once, and answers', async () => {
  const at = `/studies/${accession}/curator-requests`;
  const wanted = { kind: 'originals', text: 'Please send the LIF files', due: inDays(5) };
  expect(await status('POST', at, 'dora', wanted)).toBe(403);
  expect(await status('POST', at, 'cora', { ...wanted, due: inDays(-2) })).toBe(409);
  expect(await status('POST', at, 'cora', wanted)).toBe(204);
  expect(await told('dora')).toContain('request-made');
  expect(await status('GET', at, 'max')).toBe(403);
  const { requests } = await (await send('GET', at, 'dora')).json();
  expect(requests).toMatchObject([{ ...wanted, state: 'open', isOverdue: false, curator: 'cora' }]);
  const { db, notices } = harness.services;
  const dues = async () => (await told('dora')).filter((kind: string) => kind === 'request-due').length;
  for (let count = 0; count < 2; count++) await remindOfRequests(db, notices, new Date());
  expect(await dues()).toBe(1);
  await remindOfRequests(db, notices, new Date(Date.now() + 9 * 86_400_000));
  expect(await dues()).toBe(2);
  expect((await (await send('GET', '/curator-requests', 'carl')).json()).requests).toHaveLength(1);
  const one = `${at}/${requests[0].id}`;
  expect(await status('PUT', one, 'cora', { state: 'done' })).toBe(403);
  expect(await status('PUT', one, 'dora', { state: 'withdrawn' })).toBe(403);
  expect(await status('PUT', one, 'dora', { state: 'done', answer: 'Version 2 has them' })).toBe(204);
  expect(await status('PUT', one, 'dora', { state: 'done' })).toBe(404);
  expect(await told('cora')).toEqual(['request-done']);
  expect((await (await send('GET', '/curator-requests', 'carl')).json()).requests).toEqual([]);
});

test('a revision changes metadata only: its files stay; a review is given to another curator', async () => {
  const token = people['dora']!.token;
  const client = harness.client(token);
  const opened = await send('POST', `/studies/${accession}/drafts?metadataOnly=1`, 'dora');
  const { id, files, items } = await opened.json();
  expect([opened.status, files.count]).toEqual([201, 1]);
  const mapping = { x: 'y', y: 'x', frame: 'frame', track: 'track' };
  expect(await status('PUT', `/drafts/${id}/items/${items[0].id}/mapping`, 'dora', mapping)).toBe(409);
  const put = () =>
    harness.request(`${apiBase}/drafts/${id}/files/more.csv`, { method: 'PUT', body: 'a,b\n', as: token });
  expect((await put()).status).toBe(409);
  expect(await status('POST', `/drafts/${id}/files/remove`, 'dora', { paths: ['tracks.csv'] })).not.toBe(204);
  expect((await client.call(routes.getDraft, { params: { draft: id } })).files.count).toBe(1);
  await describeDraft(harness, token, id, 'Said better', 'The title was wrong');
  const draft = await withFigures(id, [{ label: 'Figure 3b', image: 'gone.tif' }]);
  expect(draft.missing).toMatchObject([{ code: 'field-malformed', where: { field: 'figures', row: 1 } }]);
  const analysis = '/sql?q=select+1';
  await withFigures(id, [{ label: 'Figure <3b>', doi: '10.1038/x1', caption: 'Turn', table: 'tracks.csv', analysis }]);
  const review = (name: string, step: string) => status('POST', `/drafts/${id}/review`, name, { step });
  const give = (name: string, to: string) =>
    status('PUT', `/drafts/${id}/review/assignee`, name, { curator: people[to]!.user.id });
  expect(await review('dora', 'submit')).toBe(200);
  expect(await give('cora', 'max')).toBe(409);
  expect(await give('dora', 'carl')).toBe(403);
  expect(await give('cora', 'carl')).toBe(200);
  expect(await told('carl')).toContain('review-given');
  expect(await (await send('GET', `/drafts/${id}/review`, 'dora')).json()).toMatchObject({
    state: 'in_review',
    assignee: 'carl',
  });
  expect(await review('carl', 'approve')).toBe(200);
  expect(await give('cora', 'cora')).toBe(409);
  expect(await status('POST', `/drafts/${id}/publish`, 'dora')).toBe(200);
  const [first, second] = await Promise.all(
    [0, undefined].map((minor) =>
      client.call(routes.getVersion, {
        params: { accession, version: 1 },
        query: minor === undefined ? {} : { minor },
      }),
    ),
  );
  expect(second!.metadata.values['title']).toBe('Said better');
  expect(first!.metadata.values['title']).toBe('Asked for more');
  expect([first!.minor, second!.minor]).toEqual([0, 1]);
  expect(second!.files).toEqual(first!.files);
  expect(second!.versions).toMatchObject([{ version: 1, revisions: [{ minor: 1 }, { minor: 0 }] }]);
  expect(await status('GET', `/studies/${accession}/versions/2`, 'dora')).toBe(404);
  await revisionIsTold(first!.citation, second!.citation);
  const page = await (await harness.request(`/studies/${accession}`)).text();
  expect(page).toContain('<b>Figure &lt;3b&gt;</b>');
  for (const address of ['https://doi.org/10.1038/x1', `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`])
    expect(page).toContain(`href="${address}"`);
  expect(page).toMatch(new RegExp(`/measures/${accession}/1/[a-z0-9]{12}`));
  expect(page).toContain('"additionalType":"Figure"');
  const crate = await (await harness.request(`/studies/${accession}/v/1/metadata/ro-crate`)).json();
  const figure = crate['@graph'].find((one: { additionalType?: string }) => one.additionalType === 'Figure');
  expect(figure).toMatchObject({ isBasedOn: [{ '@id': 'tracks.csv' }, { '@id': expect.stringContaining(analysis) }] });
  expect(harness.faults).toEqual([]);
});

/** Pages, citations, exports, differences, harvests and the archive tell of revision 1.1, and go on showing 1.0. */
async function revisionIsTold(first: string, second: string) {
  expect(first).toContain('(Version 1.0)');
  expect(second).toMatch(/Said better \(Version 1\.1\).*\/v\/1\.1$/);
  const html = { headers: { accept: 'text/html' } };
  const at = async (path: string) => await harness.request(`/studies/${accession}/v/${path}`, html);
  const [now, before] = [await at('1'), await at('1.0')];
  expect([now.headers.get('content-location'), before.headers.get('content-location')]).toEqual(
    ['1.1', '1.0'].map((label) => `/studies/${accession}/v/${label}`),
  );
  expect(now.headers.get('link')).toContain(`/v/1.0>; rel="predecessor-version"`);
  const [nowText, beforeText] = [await now.text(), await before.text()];
  expect(nowText).toContain('Version 1.1,');
  expect(nowText).toContain(`/studies/${accession}/v/1.1/changes"`);
  expect(nowText).not.toContain('There is a newer version');
  expect(beforeText).toContain('<h1>Asked for more</h1>');
  expect(beforeText).toContain('There is a newer version of this study: version 1.1.');
  const changes = await (await at('1.1/changes')).text();
  expect(changes).toContain('What changed from version 1.0 to version 1.1');
  expect(changes).toContain('<ins>Said better</ins>');
  expect((await at('1.2')).status).toBe(404);
  expect((await at('1.0/changes')).status).toBe(404);
  expect(await (await at('1.0/metadata/datacite-xml')).text()).toContain('<version>1.0</version>');
  expect(await (await at('1/metadata/datacite-xml')).text()).toContain('<version>1.1</version>');
  const difference = `/studies/${accession}/versions/1/changes?from=1&fromMinor=0`;
  expect(await (await send('GET', difference, 'max')).json()).toMatchObject({
    fromLabel: '1.0',
    toLabel: '1.1',
    counts: { added: 0, removed: 0, same: 1 },
  });
  expect((await (await send('GET', '/studies?q=Said+better', 'max')).json()).studies).toHaveLength(1);
  const notes = [];
  const archive = harness.services.archive as StudyArchive;
  for await (const note of archive.notes('revisions')) notes.push(note);
  expect(notes).toMatchObject([{ accession, value: { revisions: [{ version: 1, minor: 1 }] } }]);
  // A catalogue that lost them has them again from the archive.
  const { db, studies } = harness.services;
  await db.deleteFrom('study_revision').execute();
  const { document } = (await db.selectFrom('study_version').select('document').executeTakeFirst())!;
  const { minor: _minor, revisedAt: _at, ...version } = document;
  await db
    .updateTable('study_version')
    .set({ document: JSON.stringify({ ...version, metadata: { values: { title: 'Asked for more' }, origins: {} } }) })
    .execute();
  await rebuildRevisions({ db, archive });
  expect(await studies.getVersion(accession, 1)).toMatchObject({ minor: 1, metadata: document.metadata });
  expect((await studies.listVersions(accession))[0]!.revisions).toHaveLength(2);
}

/** A collection and the community are the same again when the archive gave them back. */
async function isRebuilt() {
  const { db } = harness.services;
  const archive = harness.services.archive as StudyArchive;
  const kept = { title: 'Turning cells', text: 'Kept', studies: [{ accession, remark: 'The first' }] };
  expect(await status('POST', '/collections', 'dora', kept)).toBe(201);
  const tables = ['community', 'community_study', 'collection', 'collection_entry'];
  // The archive keeps moments to the millisecond, and of people in communities nothing: accounts come from a backup.
  const all = async () =>
    await Promise.all(
      tables.map(async (table) =>
        (
          await sql<{ row: object }>`select to_jsonb(t) as row from ${sql.table(table)} t order by 1`.execute(db)
        ).rows.map(({ row }) =>
          JSON.stringify(row)
            // A moment that ends in zeros is written without them.
            .replaceAll(/(?:\.(\d{1,3})\d*)?\+00:00/g, (_all, parts = '') => `.${String(parts).padEnd(3, '0')}`)
            .replaceAll(/"(?:decided|submitted)_by":[^,}]*/g, ''),
        ),
      ),
    );
  const before = await all();
  expect(before.map((rows) => rows.length)).toEqual([1, 1, 1, 1]);
  for (const table of tables.toReversed()) await sql`delete from ${sql.table(table)}`.execute(db);
  await rebuildNotes({ db, archive });
  expect(await all()).toEqual(before);
}

/** Saves what is there with figures beside it. */
async function withFigures(id: string, figures: object[]) {
  const client = harness.client(people['dora']!.token);
  const { metadata, revision } = await client.call(routes.getDraft, { params: { draft: id } });
  const values = { ...metadata.values, figures: JSON.stringify(figures) };
  const body = { metadata: { ...metadata, values } };
  return await client.call(routes.saveDraft, {
    params: { draft: id },
    body,
    headers: { 'if-match': `"${revision}"` },
  } as never);
}

test('a study goes to a new owner who accepts it, with its open draft; nobody takes it, and both sides are told', async () => {
  const at = `/studies/${accession}/transfer`;
  const { id } = await harness.client(people['dora']!.token).call(routes.newDraftVersion, { params: { accession } });
  const offer = { email: 'max@example.org', text: 'I leave the lab', keepsEditing: true };
  expect(await status('GET', at, 'max')).toBe(403);
  expect(await status('POST', at, 'cora', offer)).toBe(403);
  expect(await status('POST', at, 'dora', { email: 'dora@example.org' })).toBe(409);
  expect(await status('POST', at, 'dora', offer)).toBe(201);
  expect(await status('POST', at, 'dora', { email: 'carl@example.org' })).toBe(409);
  expect(await told('max')).toContain('transfer-offered');
  const shown = await (await send('GET', at, 'max')).json();
  expect(shown).toMatchObject({
    owner: 'dora',
    canOffer: false,
    offer: { by: 'dora', text: offer.text, isMine: true },
  });
  const one = `${at}/${shown.offer.id}`;
  expect(await status('PUT', one, 'dora', { state: 'accepted' })).toBe(403);
  expect(await status('PUT', one, 'carl', { state: 'accepted' })).toBe(403);
  expect(await status('PUT', one, 'max', { state: 'withdrawn' })).toBe(403);
  expect(await status('PUT', one, 'max', { state: 'declined' })).toBe(204);
  expect(await told('dora')).toContain('transfer-declined');
  expect(await status('POST', at, 'dora', offer)).toBe(201);
  expect(await status('PUT', one, 'max', { state: 'accepted' })).toBe(404);
  const again = await (await send('GET', at, 'max')).json();
  expect(await status('PUT', `${at}/${again.offer.id}`, 'max', { state: 'accepted' })).toBe(204);
  expect(await told('dora')).toContain('transfer-accepted');
  expect(await (await send('GET', at, 'max')).json()).toMatchObject({ owner: 'max', canOffer: true });
  expect(await status('GET', at, 'dora')).toBe(403);
  const { db, studies } = harness.services;
  expect((await studies.getDraft(id))!.ownerId).toBe(people['max']!.user.id);
  // By sharing, as was agreed: edited, but neither discarded nor published.
  expect(await status('GET', `/drafts/${id}`, 'dora')).toBe(200);
  expect(await status('DELETE', `/drafts/${id}`, 'dora')).toBe(403);
  const events = await db.selectFrom('audit_event').select('action').where('target', '=', accession).execute();
  for (const action of ['transfer.offer', 'transfer.declined', 'transfer.accept'])
    expect(events.map((event) => event.action)).toContain(action);
  expect(harness.faults).toEqual([]);
});

test('a collection is made by anybody, read by everybody, changed by who made it and curators', async () => {
  const studies = [{ accession, remark: 'The first' }];
  const wanted = { title: 'Cells <that> turn', text: 'Chosen for teaching', studies };
  expect(await status('POST', '/collections', 'max', { ...wanted, studies: [...studies, ...studies] })).toBe(409);
  expect(await status('POST', '/collections', 'max', { ...wanted, studies: [{ accession: 'MIC-999999' }] })).toBe(409);
  const made = await (await send('POST', '/collections', 'max', wanted)).json();
  expect(made).toMatchObject({
    title: wanted.title,
    curator: 'max',
    canEdit: true,
    studies: [{ remark: 'The first' }],
  });
  expect(made.id).toMatch(/^COL-\d{6}$/);
  expect(made.citation.text).toContain(`/collections/${made.id}`);
  const at = `/collections/${made.id}`;
  expect(await status('PUT', at, 'dora', wanted)).toBe(403);
  expect(await status('PUT', at, 'cora', { ...wanted, text: 'Chosen anew' })).toBe(200);
  const page = await (await harness.request(at)).text();
  for (const words of [
    'Cells &lt;that&gt; turn',
    'Chosen anew',
    `href="/studies/${accession}"`,
    '"@type":"Collection"',
  ])
    expect(page).toContain(words);
  expect(await (await harness.request('/collections')).text()).toContain(`href="${at}"`);
  expect(await (await harness.request(`/studies/${accession}`)).text()).toContain(`href="${at}"`);
  expect(await status('DELETE', at, 'dora')).toBe(403);
  expect(await status('DELETE', at, 'max')).toBe(204);
  expect(await status('GET', at, 'max')).toBe(404);
  expect(harness.faults).toEqual([]);
});

test('a group shows itself: authors send studies, its leader accepts; then page, search, feed and harvest have them', async () => {
  const read = async (...sent: Parameters<typeof send>) => await (await send(...sent)).json();
  const group = await read('POST', '/groups', 'dora', { name: 'Turners' });
  const wanted = { title: 'Cells in motion', text: 'What moves', colour: 'teal', website: 'https://example.org' };
  const at = '/communities/cell-motion';
  expect(await status('PUT', '/communities/Cell Motion', 'dora', { ...wanted, group: group.id })).toBe(400);
  expect(await status('PUT', at, 'max', { ...wanted, group: group.id })).toBe(404);
  expect(await status('PUT', at, 'dora', { ...wanted, website: 'javascript:alert(1)', group: group.id })).toBe(400);
  expect(await status('PUT', at, 'dora', { ...wanted, group: group.id })).toBe(200);
  const other = await read('POST', '/groups', 'dora', { name: 'Movers' });
  for (const [slug, title, id, why] of [
    ['second', 'Two', group.id, 'The group has a page already, /communities/cell-motion: change that one.'],
    ['second', 'CELLS in motion', other.id, 'Another community has this title. Choose another one.'],
    ['cell-motion', 'Two', other.id, 'Another community has this name in its address. Choose another one.'],
  ])
    expect(await read('PUT', `/communities/${slug}`, 'dora', { ...wanted, title, group: id })).toMatchObject({
      status: 409,
      title: 'This is not possible as things stand',
      detail: why,
    });
  const study = `${at}/studies/${accession}`;
  expect(await status('POST', study, 'cora')).toBe(403);
  expect(await status('POST', study, 'max')).toBe(204);
  expect(await status('POST', study, 'max')).toBe(409);
  expect(await read('GET', at, 'max')).toMatchObject({ studies: [], canEdit: false, own: [{ state: 'submitted' }] });
  expect((await read('GET', at, 'cora')).own).toBeUndefined();
  expect(await read('GET', at, 'dora')).toMatchObject({ studies: [{ accession, state: 'submitted' }] });
  const page = async (path: string) => await (await harness.request(path)).text();
  const filter = 'community=Cells+in+motion';
  expect((await (await harness.request(`${apiBase}/studies?${filter}`)).json()).total).toBe(0);
  expect(await status('PUT', study, 'max', { state: 'accepted' })).toBe(403);
  // Who sent it reads in the notice how it was decided, and is led to where an accepted study stands.
  const told = async () => (await read('GET', '/notices', 'max')).notices[0];
  const about = { kind: 'community-decided', detail: { accession, decision: 'declined' } };
  expect(await status('PUT', study, 'dora', { state: 'declined', reason: 'Not cells' })).toBe(204);
  expect(await told()).toMatchObject({ ...about, link: '/community-desk/cell-motion' });
  expect(await read('GET', at, 'max')).toMatchObject({ own: [{ accession, state: 'declined', reason: 'Not cells' }] });
  expect(await status('POST', study, 'max')).toBe(204);
  expect(await status('PUT', study, 'dora', { state: 'accepted' })).toBe(204);
  expect(await told()).toMatchObject({ link: at, detail: { accession, decision: 'accepted' } });
  expect((await (await harness.request(`${apiBase}/studies?${filter}`)).json()).studies[0].accession).toBe(accession);
  expect(await page(`/feed.atom?${filter}`)).toContain(`/studies/${accession}/v/`);
  expect(await page('/communities/cell-motion')).toContain(`href="/studies/${accession}"`);
  expect(await page(`/studies/${accession}`)).toContain('href="/communities/cell-motion"');
  expect(await page('/oai?verb=ListSets')).toContain('<setSpec>community:cell-motion</setSpec>');
  for (const prefix of ['oai_dc', 'datacite', 'oai_datacite']) {
    const answer = await page(`/oai?verb=ListRecords&metadataPrefix=${prefix}&set=community:cell-motion`);
    expect(answer).toContain('<setSpec>community:cell-motion</setSpec>');
    expect(answer).toContain(prefix === 'oai_dc' ? '<dc:title>' : 'xmlns="http://datacite.org/schema/kernel-4"');
  }
  await isRebuilt();
  expect((await (await harness.request(`${apiBase}/studies?${filter}`)).json()).total).toBe(1);
  expect(await status('DELETE', study, 'dora')).toBe(204);
  expect(await told()).toMatchObject({ ...about, detail: { accession, decision: 'taken-out' } });
  expect(await status('POST', study, 'max')).toBe(204);
  expect(await status('DELETE', study, 'max')).toBe(204);
  expect(await told()).toMatchObject({ detail: { decision: 'taken-out' } });
  expect((await (await harness.request(`${apiBase}/studies?${filter}`)).json()).total).toBe(0);
  // Of a study that nobody is to know of yet its curators are not told.
  const closed = { until: '2999-01-01', reason: '', replaced_by: null, actor: 'x', archived: true, is_private: true };
  await harness.services.db
    .insertInto('study_state')
    .values({ accession, state: 'embargoed', ...closed })
    .execute();
  harness.services.states.forget(accession);
  expect(await status('POST', study, 'max')).toBe(409);
  await harness.services.db.deleteFrom('study_state').where('accession', '=', accession).execute();
  harness.services.states.forget(accession);
  expect(await page('/communities/cell-motion')).not.toContain(accession);
  expect(harness.faults).toEqual([]);
});

test('files that are given on request go to nobody who was not granted them', async () => {
  const at = `/studies/${accession}/transfer`;
  const { db, states } = harness.services;
  await db
    .insertInto('study_state')
    .values({ accession, state: 'controlled', until: null, reason: 'x', replaced_by: null, actor: 'x', archived: true })
    .execute();
  states.forget(accession);
  expect(await status('POST', at, 'max', { email: 'carl@example.org' })).toBe(409);
  await db
    .insertInto('access_request')
    .values({
      id: 'granted',
      accession,
      user_id: people['carl']!.user.id,
      kind: 'request',
      state: 'granted',
      purpose: 'To go on',
      institution: '',
      terms: '',
      until: new Date(Date.now() + 86_400_000),
    })
    .execute();
  expect(await status('POST', at, 'max', { email: 'carl@example.org' })).toBe(201);
});
