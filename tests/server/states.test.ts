import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiBase, routes } from '@micrarium/api';
import type { FieldValue } from '@micrarium/model';
import { metadataFieldById } from '@micrarium/standards';
import { lifeDiagram, lifeTable, studyTransition, type StudyState } from '@micrarium/repository';
import { memorySource, openParquet } from '@micrarium/formats';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFixity } from '../../packages/server/src/fixity/check-fixity.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { TrustedClock } from '../../packages/server/src/states/trusted-clock.ts';
import { StudyStates } from '../../packages/server/src/states/study-states.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { makeDatabase } from './make-database.ts';
import { exampleValue } from './complete-metadata.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let cora: Awaited<ReturnType<Harness['member']>>;
let withdrawn: string;
let kept: string;
let closed: string;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
  cora = await harness.member('cora', 'curator');
  withdrawn = await publishStudy(harness, dora.token, 'Withdrawn later');
  kept = await publishStudy(harness, dora.token, 'Takes its place');
}, 120_000);
afterAll(() => harness.close());

const post = (path: string, as: string, body?: object) =>
  harness.request(apiBase + path, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    as,
  });
const put = (path: string, as: string, body: object) =>
  harness.request(apiBase + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    as,
  });
const status = async (path: string, as?: string) =>
  (await harness.request(path, { ...(as === undefined ? {} : { as }), headers: { accept: 'text/html' } })).status;
const oai = async (query: string) => await (await harness.request(`/oai?${query}`)).text();

test('only the ways of the table exist, and the docs draw the same', () => {
  const states: StudyState[] = ['published', 'embargoed', 'controlled', 'withdrawn'];
  const ways = states.flatMap((from) => states.filter((to) => studyTransition(from, to)).map((to) => `${from} ${to}`));
  expect(ways).toEqual([
    'published controlled',
    'published withdrawn',
    'embargoed published',
    'embargoed embargoed',
    'embargoed controlled',
    'embargoed withdrawn',
    'controlled published',
    'controlled withdrawn',
    'withdrawn published',
    'withdrawn controlled',
  ]);
  const docs = readFileSync(fileURLToPath(new URL('../../docs/states.md', import.meta.url)), 'utf8');
  expect(docs).toContain(lifeDiagram('study'));
  expect(docs).toContain(lifeTable('study'));
});

test('withdrawn: a tombstone stays, everything else is gone, and harvesters are told', async () => {
  const path = `/admin/studies/${withdrawn}/state`;
  expect((await put(path, cora.cookie, { state: 'withdrawn' })).status).toBe(409);
  expect((await put(path, dora.cookie, { state: 'withdrawn', reason: 'x' })).status).toBe(403);
  expect((await put(path, cora.cookie, { state: 'embargoed', until: inDays(3), reason: 'x' })).status).toBe(409);
  const done = await put(path, cora.cookie, { state: 'withdrawn', reason: 'The wrong cells <b>', replacedBy: kept });
  expect(await done.json()).toMatchObject({ state: 'withdrawn', next: ['published', 'controlled'] });
  const page = await harness.request(`/studies/${withdrawn}`);
  const text = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([410, 'text/html; charset=UTF-8']);
  for (const part of ['was withdrawn', 'Withdrawn later', 'The wrong cells &lt;b&gt;', `/studies/${kept}`])
    expect(text).toContain(part);
  for (const below of ['', '/v/1', '/v/1/metadata', '/v/1/metadata/ro-crate', '/v/1/changes'])
    expect(await status(`/studies/${withdrawn}${below}`)).toBe(410);
  // How it is cited, its identifiers, links and forms for programs stay, and say that it is gone; nothing leads to its files.
  expect(text).toMatch(/<blockquote>.*Withdrawn later.*\[withdrawn \d{4}-\d\d-\d\d\]<\/blockquote>/);
  const link = page.headers.get('link') ?? '';
  for (const part of [
    'rel="cite-as"',
    'rel="type"',
    `/studies/${withdrawn}/v/1/metadata/datacite-json>; rel="describedby"`,
    'rel="linkset"',
    `/studies/${kept}>; rel="related"`,
  ])
    expect(link).toContain(part);
  expect(link).not.toMatch(/rel="item"|\/api\/|ro-crate/);
  const form = async (below: string, accept = '*/*') =>
    await harness.request(`/studies/${withdrawn}${below}`, { headers: { accept } });
  const record = (await (await form('/v/1/metadata/datacite-json')).json()) as Record<string, unknown>;
  expect(record['dates']).toContainEqual(
    expect.objectContaining({ dateType: 'Withdrawn', dateInformation: 'The wrong cells <b>' }),
  );
  expect(JSON.stringify(record)).toContain('info:eu-repo/semantics/closedAccess');
  expect(await (await form('/v/1/metadata/schema-org')).json()).toMatchObject({
    creativeWorkStatus: 'Withdrawn',
    isAccessibleForFree: false,
  });
  const told = await form('', 'application/json');
  expect([told.status, await told.json()]).toEqual([
    410,
    expect.objectContaining({ state: 'withdrawn', replacedBy: kept, studyTitle: 'Withdrawn later' }),
  ]);
  for (const accept of ['application/vnd.datacite.datacite+json', 'application/x-bibtex', 'application/linkset+json'])
    expect((await form('', accept)).status).toBe(303);
  for (const below of ['/v/1/metadata/bibtex', '/v/1/linkset', '/v/1/linkset.txt', '/v/1/metadata/dublin-core'])
    expect((await form(below)).status, below).toBe(200);
  const api = `${apiBase}/studies/${withdrawn}`;
  // The interface tells the same, as members of the problem, at every address; so does the page where JSON is asked for.
  const members = {
    type: '/docs/errors#withdrawn',
    status: 410,
    code: 'withdrawn',
    accession: withdrawn,
    version: 1,
    state: 'withdrawn',
    withdrawnAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    reason: 'The wrong cells <b>',
    replacedBy: kept,
    replacement: `http://localhost/studies/${kept}`,
    studyTitle: 'Withdrawn later',
    citation: expect.stringMatching(/Withdrawn later.*\[withdrawn \d{4}-\d\d-\d\d\]$/),
    url: `http://localhost/studies/${withdrawn}/v/1`,
    metadata: expect.arrayContaining([`http://localhost/studies/${withdrawn}/v/1/metadata/datacite-json`]),
    linkset: `http://localhost/studies/${withdrawn}/v/1/linkset`,
  };
  for (const below of ['', '/versions/1', '/versions/7', '/versions/1/files/tracks.csv']) {
    const gone = await harness.request(api + below);
    expect([gone.status, gone.headers.get('content-type')]).toEqual([410, 'application/problem+json']);
    expect(gone.headers.get('link')).toContain('rel="cite-as"');
    expect(await gone.json()).toMatchObject(members);
  }
  const negotiated = await form('', 'application/json');
  expect(negotiated.headers.get('content-type')).toBe('application/json');
  expect(await negotiated.json()).toMatchObject(members);
  for (const below of [
    '',
    '/versions/1',
    '/versions/1/files',
    '/versions/1/files/tracks.csv',
    '/versions/1/export.zip',
  ])
    expect(await status(api + below, dora.cookie)).toBe(410);
  const found = await harness.client().call(routes.searchStudies, { query: { q: 'later' } });
  expect(found.total).toBe(0);
  expect(await (await harness.request('/sitemap.xml')).text()).not.toContain(withdrawn);
  const listed = await oai('verb=ListRecords&metadataPrefix=oai_dc');
  expect(listed).toMatch(new RegExp(`<header status="deleted">\\s*<identifier>[^<]*${withdrawn}`));
  expect(await oai(`verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${withdrawn}`)).toContain(
    'status="deleted"',
  );
});

test('an embargo opens the metadata at once and the files on its day, by itself', async () => {
  const client = harness.client(dora.token);
  const draft = await client.call(routes.createDraft, {});
  closed = draft.accession;
  await fillDraft(harness, dora.token, draft.id, { 'tracks.csv': `${trackTable}8,1,1,1\n` });
  await describeDraft(harness, dora.token, draft.id, 'Closed for a while');
  const release = (day: string | null) => put(`/drafts/${draft.id}/release`, dora.token, { embargoUntil: day });
  for (const day of [inDays(-1), inDays(0), inDays(40 * 31)]) expect((await release(day)).status, day).toBe(409);
  expect((await release(inDays(10))).status).toBe(200);
  await client.call(routes.publishDraft, { params: { draft: draft.id } });
  const page = await (await harness.request(`/studies/${closed}`)).text();
  expect(page).toContain('are closed until');
  const { items } = await harness.client().call(routes.getStudy, { params: { accession: closed } });
  const base = `${apiBase}/studies/${closed}/versions/1`;
  const data = [
    '/files/tracks.csv',
    '/export.zip',
    '/export.bag.zip',
    `/items/${items[0]!.id}/content/tracks-0/objects.parquet`,
    `/items/${items[0]!.id}/export/objects.csv`,
    `/items/${items[0]!.id}/objects`,
    `/items/${items[0]!.id}/measures`,
  ];
  const stranger = await harness.member('stranger');
  for (const path of data) {
    expect(await status(base + path), path).toBe(403);
    expect(await status(base + path, stranger.cookie), path).toBe(403);
    expect(await status(base + path, dora.token), path).toBe(200);
  }
  expect(await status(base + data[0]!, cora.cookie)).toBe(200);
  for (const path of ['', '/files', '/citation']) expect(await status(base + path), path).toBe(200);
  // On the day itself nobody has to do anything.
  const later = new StudyStates(
    harness.services.db,
    harness.services.archive as never,
    () => new Date(Date.now() + 11 * 86_400_000),
  );
  expect((await later.of(closed)).state).toBe('published');
  await clockIsHeld(later);
  expect(
    (
      await put(`/admin/studies/${closed}/state`, cora.cookie, {
        state: 'embargoed',
        until: inDays(20),
        reason: 'The paper is late',
      })
    ).status,
  ).toBe(200);
});

/** A clock that jumps ends no embargo until somebody confirms it; one that goes on day by day does. */
async function clockIsHeld(later: StudyStates) {
  const { db, archive } = harness.services;
  let at = Date.now();
  const clock = await TrustedClock.open(db, () => at);
  const states = () => new StudyStates(db, archive as never, () => clock.now());
  expect([clock.held(), (await states().of(closed)).state]).toEqual([undefined, 'embargoed']);
  at += 11 * 86_400_000;
  expect((await later.of(closed)).state).toBe('published');
  expect((await states().of(closed)).state).toBe('embargoed');
  // A process that starts on such a clock is held too.
  const started = await TrustedClock.open(db, () => at);
  expect(started.held()).toMatchObject({ clock: new Date(at).toISOString() });
  expect(await clock.look()).toBeDefined();
  await clock.confirm();
  expect([clock.held(), (await states().of(closed)).state]).toEqual([undefined, 'published']);
  expect(await started.look()).toBeUndefined();
  at -= 11 * 86_400_000;
  expect(await clock.look()).toBeUndefined();
  for (let day = 0; day < 11; day++) {
    at += 86_400_000;
    await clock.look();
  }
  expect((await states().of(closed)).state).toBe('published');
  at = Date.now();
  await clock.look();
}

test('what somebody published stands in their own list in every state, a page at a time, and in nobody else’s', async () => {
  const list = (as: string, query = '') => harness.request(`${apiBase}/me/studies${query}`, { as });
  const mine = (await (await list(dora.token)).json()).studies as Record<string, unknown>[];
  expect(mine.map(({ accession, state, until }) => [accession, state, until])).toEqual([
    [closed, 'embargoed', inDays(20)],
    [kept, 'published', undefined],
    [withdrawn, 'withdrawn', undefined],
  ]);
  expect(mine[1]).toMatchObject({ title: 'Takes its place', version: 1 });
  const first = await (await list(dora.token, '?limit=2')).json();
  expect(first.studies).toHaveLength(2);
  const rest = await (await list(dora.token, `?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).json();
  expect(rest).toMatchObject({ studies: [{ accession: withdrawn }], nextCursor: null });
  expect(await (await list(cora.token)).json()).toEqual({ studies: [], nextCursor: null });
  const limited = await harness.token(dora.user.id, ['read'], { studies: [kept] });
  expect((await (await list(limited)).json()).studies).toMatchObject([{ accession: kept }]);
  expect((await harness.request(`${apiBase}/me/studies`)).status).toBe(401);
});

test('SQL and tables hold what is open to everybody, and nothing else', async () => {
  const ask = async (q: string, format = 'json', as?: string) =>
    await harness.request(`${apiBase}/sql?${new URLSearchParams({ q, format })}`, as === undefined ? {} : { as });
  const rows = async (q: string) => ((await (await ask(q, 'json', dora.cookie)).json()) as { rows: unknown[][] }).rows;
  expect(await rows('select accession, title, datasets from studies')).toEqual([[kept, 'Takes its place', 1]]);
  const [[dataset, objects]] = (await rows('select dataset, objects from datasets')) as [[string, number]];
  expect([dataset.startsWith(`${kept}_`), objects]).toEqual([true, 3]);
  const seen = await ask('select accession, frame, x, y, track_id, length_unit from objects order by frame', 'csv');
  expect([seen.status, seen.headers.get('micrarium-rows')]).toEqual([200, '3']);
  expect((await seen.text()).split('\n')[2]).toBe(`${kept},1,2.0,2.0,0,unknown`);
  const joined =
    'select l.objects, m.n_detections, t.objects, e.n from links l join measures m using (dataset, track_id) join tracks t using (dataset, track_id)';
  expect(await rows(`${joined} join (select dataset, count(*) as n from edges group by 1) e using (dataset)`)).toEqual([
    [3, 3, 3, 2],
  ]);
  expect(await rows('select count(*) from images union all select count(*) from features')).toEqual([[0], [1]]);
  const statement = { statement: "select * from read_csv('/etc/passwd')" };
  const refused = await harness.request(`${apiBase}/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(statement),
  });
  expect([refused.status, (await refused.json()).code]).toEqual([400, 'sql-refused']);
  expect((await (await ask('select wrong from objects')).json()).code).toBe('sql-failed');
  const { views } = await harness.client().call(routes.listSqlViews, {});
  const all = views.flatMap(({ name, columns }) =>
    columns.map((column) => ({ ...column, name: `${name}.${column.name}` })),
  );
  const joins = views.map(({ name }) => `left join ${name} on false`).join(' ');
  const [types] = await rows(`select ${all.map(({ name }) => `typeof(${name})`).join(', ')} from (select 1) ${joins}`);
  expect(types).toEqual(all.map(({ type }) => type));
  const manifest = await harness.client().call(routes.getLakeManifest, { query: {} });
  expect(manifest.files.map(({ table }) => table)).toEqual(['objects', 'edges', 'tracks', 'measures']);
  expect(manifest.files[0]).toMatchObject({ accession: kept, version: 1, dataset, lengthUnit: 'unknown' });
  expect(manifest.files[0]!.path).toBe(`objects/accession=${kept}/version=1/dataset=${dataset}/part-0.parquet`);
  expect(manifest.layouts[manifest.files[0]!.layout]).toContainEqual({ name: 'x', type: 'DOUBLE' });
  expect(manifest.definitions).toContainEqual({ id: 'mean_speed', version: 1, unit: 'length/time' });
  expect([manifest.leftOut, manifest.next]).toEqual([0, null]);
});

test('tables of an item come by time, box, track and page, in every form', async () => {
  const { items } = await harness.client().call(routes.getStudy, { params: { accession: kept } });
  const base = `${apiBase}/studies/${kept}/versions/1/items/${items[0]!.id}`;
  const rows = async (path: string) => (await (await harness.request(base + path)).json()).rows;
  const xs = async (query: string) => (await rows(`/objects?${query}`)).map((row: number[]) => row[2]);
  expect(await xs('fromFrame=1&toFrame=2')).toEqual([2, 4]);
  expect(await xs('box=1.5,0,9,2')).toEqual([2]);
  expect(await xs('track=0&link=0&frame=2')).toEqual([4]);
  for (const wrong of ['box=1,2', 'fromTime=3', 'label=a', 'box=0,0,0,9,9,9', 'format=xml'])
    expect(await status(`${base}/objects?${wrong}`), wrong).toBe(400);
  const said = async (query: string) => (await (await harness.request(`${base}/objects?${query}`)).json()).detail;
  expect(await said('box=a,2')).toMatch(/^box is four or six numbers /);
  expect(await said('box=9,0,1,2')).toMatch(/^box names its lower corner first/);
  const first = await harness.request(`${base}/objects?limit=2`, { headers: { accept: 'text/csv' } });
  expect((await first.text()).split('\n').slice(0, 2).join(' ')).toMatch(
    /^object_id,frame,x,y,link_id,track_id\S* 0,0,1,1,0,0/,
  );
  // What weighs most is given; what is known already is not sent again.
  const both = (accept: string, more = {}) => harness.request(`${base}/objects`, { headers: { accept, ...more } });
  const json = await both('text/csv;q=0.2, application/json');
  expect([json.headers.get('content-type'), json.headers.get('vary')]).toEqual([
    'application/json',
    expect.stringMatching(/accept/i),
  ]);
  const etag = json.headers.get('etag')!;
  expect((await both('application/json', { 'if-none-match': etag })).status).toBe(304);
  expect((await both('text/csv', { 'if-none-match': etag })).status).toBe(200);
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
  expect(await (await harness.request(`${next}&format=ndjson`)).text()).toMatch(
    /^\{"object_id":2,"frame":2,"x":4[^\n]*\n$/,
  );
  const parquet = await (await harness.request(`${base}/objects?format=parquet`)).arrayBuffer();
  const table = await openParquet(memorySource('rows.parquet', new Uint8Array(parquet)));
  expect([table.rows, (await table.read('x', 0, 3)).values]).toEqual([3, Float64Array.of(1, 2, 4)]);
  const arrow = tableFromIPC(await (await harness.request(`${base}/objects?format=arrow`)).arrayBuffer());
  expect([arrow.numRows, arrow.getChild('x')?.get(2)]).toEqual([3, 4]);
  expect(await rows('/rows/edges')).toHaveLength(2);
  expect((await rows('/rows/tracks'))[0].slice(0, 5)).toEqual([0, 0, 2, 3, 2]);
  expect(await rows('/rows/links')).toEqual([[0, 0, 3, 0, 2]]);
  expect(await rows('/rows/links?track=0&frame=1')).toHaveLength(1);
  for (const table of ['links', 'tracks']) expect(await rows(`/rows/${table}?fromFrame=3`), table).toEqual([]);
  expect(await status(`${base}/rows/links?label=a`)).toBe(400);
  expect(await rows('/rows/measures')).toHaveLength(1);
  expect(await status(`${base}/rows/features`)).toBe(404);
});

test('states survive the loss of the database, and the bytes of all of it are whole', async () => {
  const empty = await makeDatabase('empty');
  try {
    await rebuild(readConfig({ data: harness.data, databaseUrl: empty.url }, {}));
    const again = await openHarness(false, { data: harness.data, databaseUrl: empty.url });
    expect((await again.request(`/studies/${withdrawn}`)).status).toBe(410);
    expect((await again.request(`${apiBase}/studies/${closed}/versions/1/files/tracks.csv`)).status).toBe(403);
    expect((await again.client().call(routes.searchStudies, {})).total).toBe(2);
    expect(await again.services.states.of(closed)).toMatchObject({ until: inDays(20), reason: 'The paper is late' });
    await again.close();
  } finally {
    await empty.drop();
  }
  const { db } = harness.services;
  const checked = await checkFixity(db, {
    data: harness.data,
    cause: 'command',
    dueBefore: new Date(Date.now() + 1000),
  });
  expect(checked).toMatchObject({ units: 5, damaged: 0 });
});

test('a saved query is run again on the versions it was asked of, and cites them', async () => {
  const body = {
    title: 'Objects of every study',
    statement: 'select accession, version, count(*) as n from objects group by all order by 1',
  };
  const save = (as: string, wanted: object) =>
    harness.request(`${apiBase}/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wanted),
      as,
    });
  const made = await (await save(dora.cookie, body)).json();
  expect(made).toMatchObject({
    rows: 1,
    versions: [{ accession: kept, version: 1 }],
    cited: [{ accession: kept, isOpen: true }],
  });
  expect(made.id).toMatch(/^Q-[2-9A-HJ-NP-Z]{8}$/);
  await publishNext(harness, dora.token, kept, 'Takes its place', { 'more.csv': `${trackTable}9,2,4,4\n` });
  const path = `${apiBase}/queries/${made.id}`;
  const again = await (await harness.request(`${path}/result`)).json();
  expect(again.rows).toEqual([[kept, 1, 3]]);
  const references = await (await harness.request(`${path}/citations`)).text();
  for (const part of [`Saved query ${made.id}`, 'Takes its place', `/studies/${kept}/v/1`])
    expect(references).toContain(part);
  expect(await (await harness.request(`${path}/citations?format=bibtex`)).text()).toMatch(/^@misc\{Q-[\s\S]*\n@/);
  expect((await harness.request(`${path}/result?format=csv`)).headers.get('content-disposition')).toContain(
    `${made.id}.csv`,
  );
  expect((await save(dora.cookie, { ...body, statement: 'drop table x' })).status).toBe(400);
});

test('reinstated, lifted: open again', async () => {
  expect(
    (await put(`/admin/studies/${withdrawn}/state`, cora.cookie, { state: 'published', reason: 'They were right' }))
      .status,
  ).toBe(200);
  expect(await status(`/studies/${withdrawn}`)).toBe(200);
  expect((await harness.client().call(routes.searchStudies, { query: { q: 'later' } })).total).toBe(1);
  // Harvesters that ask for changes see it again; the date of its publication is the old one.
  const { at } = await harness.services.states.of(withdrawn);
  const since = `${at.slice(0, 19)}Z`;
  const changes = await (await harness.request(`/oai?verb=ListRecords&metadataPrefix=oai_dc&from=${since}`)).text();
  const record = changes.split('<record>').find((one) => one.includes(`:${withdrawn}<`)) ?? '';
  expect(record).toContain(`<datestamp>${since}</datestamp>`);
  expect(record).not.toContain('deleted');
  const one = await (
    await harness.request(`/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${withdrawn}`)
  ).text();
  expect(one).toContain(`<datestamp>${since}</datestamp>`);
  expect((await put(`/admin/studies/${closed}/state`, cora.cookie, { state: 'published' })).status).toBe(200);
  expect(await status(`${apiBase}/studies/${closed}/versions/1/files/tracks.csv`)).toBe(200);
  // What was public is not closed again.
  const next = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession: kept } });
  expect((await put(`/drafts/${next.id}/release`, dora.token, { embargoUntil: inDays(5) })).status).toBe(409);
});

test('a curator promotes an archive-tier study on the same accession: reviewed though others are not, and credited', async () => {
  const accession = withdrawn;
  const shortlist = async () => await (await harness.request(`${apiBase}/promotions`, { as: cora.cookie })).json();
  const kept = await harness.request(`${apiBase}/collections`, {
    method: 'POST',
    as: cora.cookie,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Chosen', studies: [{ accession }] }),
  });
  const { id: collection } = await kept.json();
  const before = await shortlist();
  expect(before).toMatchObject({ open: [], total: before.candidates.length, lookedAt: before.candidates.length });
  const candidate = before.candidates.find((one: { accession: string }) => one.accession === accession);
  expect(candidate).toMatchObject({ accession, version: 1, title: 'Withdrawn later' });
  expect(candidate.reasons).toContainEqual({ kind: 'readable', read: 1, items: 1, formats: [expect.any(String)] });
  const complete = candidate.reasons.find((one: { kind: string }) => one.kind === 'complete');
  expect(complete.required - complete.done).toBe(
    candidate.asked.filter(({ field }: { field: string }) => field !== '').length,
  );
  expect(complete.done).toBeLessThan(complete.required);
  expect(candidate.reasons).toContainEqual({ kind: 'findings', count: 1 });
  expect(candidate.reasons).toContainEqual({ kind: 'gathered', names: [`Chosen (${collection})`] });

  const begin = (as: string) => post(`/studies/${accession}/promotion`, as);
  expect((await begin(dora.cookie)).status).toBe(403);
  const begun = await begin(cora.cookie);
  expect(begun.status).toBe(201);
  const { open, asked } = await begun.json();
  expect(open).toMatchObject({ accession, version: 1, minor: 1, state: 'editing', curator: 'cora' });
  expect(asked).toEqual(candidate.asked);
  expect((await begin(cora.cookie)).status).toBe(200);
  const after = await shortlist();
  expect(after.open).toMatchObject([{ draft: open.draft }]);
  expect(after.candidates).toHaveLength(before.candidates.length - 1);

  // The draft is the depositor's, who is told; the curator who began it may edit it, another one sees it.
  const at = `/drafts/${open.draft}`;
  const look = (as: string) => harness.request(apiBase + at, { as });
  const told = await (await harness.request(`${apiBase}/notices`, { as: dora.cookie })).json();
  expect(told.notices[0]).toMatchObject({
    kind: 'promotion',
    link: `/deposit/${open.draft}`,
    detail: { name: 'cora' },
  });
  const other = await harness.member('otto', 'curator');
  expect((await look(other.cookie)).status).toBe(200);
  // The table says nothing of its unit, which the archive took as it was. Read anew it is no revision of version 1 any more.
  const { items } = await (await look(cora.cookie)).json();
  const mapping = { x: 'x', y: 'y', frame: 'frame', track: 'track', spaceUnit: 'micrometer' };
  expect((await put(`${at}/items/${items[0].id}/mapping`, cora.cookie, mapping)).status).toBe(202);
  await eventually(async () => (await (await look(cora.cookie)).json()).items[0].ingest.state === 'done');
  const saved = await answerAsked(at, asked);
  expect(saved).toMatchObject({ missing: [], version: 2 });
  expect(saved.minor).toBeUndefined();

  // Curators publish what is approved, and nothing before.
  expect((await post(`${at}/publish`, cora.cookie)).status).toBe(409);
  expect((await post(`${at}/publish`, dora.cookie)).status).toBe(409);
  for (const [name, who] of [
    ['submit', dora],
    ['claim', other],
    ['approve', other],
  ] as const)
    expect((await post(`${at}/review`, who.cookie, { step: name })).status).toBe(200);
  expect((await post(`${at}/publish`, dora.cookie)).status).toBe(200);

  const found = await (await harness.request(`${apiBase}/studies/${accession}`)).json();
  expect(found).toMatchObject({ version: 2, tier: 'database', curators: [{ name: 'cora' }, { name: 'otto' }] });
  const page = await (await harness.request(`/studies/${accession}`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('cora, otto');
  const dataCite = await (await harness.request(`/studies/${accession}/v/2/metadata/datacite-json`)).json();
  expect(dataCite.contributors).toContainEqual(expect.objectContaining({ contributorType: 'DataCurator' }));
  expect((await begin(cora.cookie)).status).toBe(409);
});

test('a promotion of a study that is withdrawn meanwhile is not listed before it is back', async () => {
  const accession = await publishStudy(harness, dora.token, 'Withdrawn while promoted', {
    'tracks.csv': trackTable.replace('4,3', '8,3'),
  });
  expect((await post(`/studies/${accession}/promotion`, cora.cookie)).status).toBe(201);
  const listed = async () => {
    const { open } = await (await harness.request(`${apiBase}/promotions`, { as: cora.cookie })).json();
    return open.map((one: { accession: string }) => one.accession);
  };
  expect(await listed()).toContain(accession);
  const move = (state: string) =>
    put(`/admin/studies/${accession}/state`, cora.cookie, { state, reason: 'To be looked at' });
  expect((await move('withdrawn')).status).toBe(200);
  expect(await listed()).not.toContain(accession);
  expect((await move('published')).status).toBe(200);
  expect(await listed()).toContain(accession);
});

test('a promotion whose files stay as they are is a revision of its version', async () => {
  const points = [0, 1, 2].map((t) => `<detection t="${t}" x="${t}" y="1" z="0" />`).join('');
  const particles = `<?xml version="1.0"?><Tracks nTracks="1" spaceUnits="µm" frameInterval="2.5" timeUnits="min" generationDateTime="x" from="TrackMate v7"><particle nSpots="3">${points}</particle></Tracks>`;
  const accession = await publishStudy(harness, dora.token, 'As it is', { 'tracks.xml': particles });
  const { open, asked } = await (await post(`/studies/${accession}/promotion`, cora.cookie)).json();
  const at = `/drafts/${open.draft}`;
  expect(await answerAsked(at, asked)).toMatchObject({ missing: [], version: 1, minor: 1 });
  for (const [name, who] of [
    ['submit', dora],
    ['claim', cora],
    ['approve', cora],
  ] as const)
    expect((await post(`${at}/review`, who.cookie, { step: name })).status).toBe(200);
  expect(await (await post(`${at}/publish`, dora.cookie)).json()).toMatchObject({ version: 1, label: '1.1' });
  const versionOf = async (query: string) =>
    await (await harness.request(`${apiBase}/studies/${accession}/versions/1${query}`)).json();
  const [first, now] = [await versionOf('?minor=0'), await versionOf('')];
  expect(now).toMatchObject({ minor: 1, tier: 'database', curators: [{ name: 'cora' }] });
  expect(first).toMatchObject({ minor: 0, tier: 'archive' });
  expect([now.files, now.items]).toEqual([first.files, first.items]);
  expect(await status(`${apiBase}/studies/${accession}/versions/2`)).toBe(404);
  // Every link of the version names its newest revision, those of its files too; the address of the version leads to the same.
  const page = `http://localhost/studies/${accession}/v/1.1`;
  const file = await harness.request(`${apiBase}/studies/${accession}/versions/1/files/${now.files[0].path}`);
  expect(file.headers.get('link')).toContain(`<${page}>; rel="collection"; type="text/html", <${page}/linkset>;`);
  for (const label of ['', '/v/1', '/v/1.1']) {
    const shown = await harness.request(`/studies/${accession}${label}`);
    expect(shown.headers.get('link')).toContain(`<${page}>; rel="cite-as"`);
    expect(await shown.text()).toContain(`"url":"${page}"`);
  }
  const { linkset } = await (await harness.request(`/studies/${accession}/v/1/linkset`)).json();
  expect(linkset[0].anchor).toBe(page);
  const cited = await harness.request(`${apiBase}/studies/${accession}/versions/1/citation`);
  expect(await cited.text()).toContain(`(Version 1.1) [Data set]. Micrarium. ${page}`);
});

/** Saves what the database tier asks for in a draft, as the curator. @returns the draft */
async function answerAsked(at: string, asked: readonly { field: string }[]) {
  const seen = await harness.request(apiBase + at, { as: cora.cookie });
  const { metadata } = await seen.json();
  expect(metadata.values.tier).toBe('database');
  const values = { ...metadata.values, ...databaseValues(asked) };
  const headers = { 'content-type': 'application/json', 'if-match': seen.headers.get('etag')! };
  const body = JSON.stringify({ metadata: { ...metadata, values } });
  return await (await harness.request(apiBase + at, { method: 'PATCH', headers, body, as: cora.cookie })).json();
}

/** A value for each field that is asked for, of the whole study. */
function databaseValues(asked: readonly { field: string }[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const { field } of asked) {
    if (field === '') continue;
    const { type, example, choices } = metadataFieldById(field)!;
    values[field] = exampleValue(type, choices?.[0] ?? example);
  }
  return values;
}

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
