import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { sql } from 'kysely';
import type { ReviewState, StudyState } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeMetadata } from './complete-metadata.ts';
import { reviewState } from '../../packages/server/src/states/reviews.ts';
import { makePrivateLink } from '../../packages/server/src/auth/private-links.ts';
import { keepCommunity } from '../../packages/server/src/communities/communities.ts';
import { makeTeam, share } from '../../packages/server/src/auth/sharing.ts';
import { type Asker, askers, everybody, expectedStatus, type RouteName } from './expected-access.ts';
import { expected } from './expected-rows.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { bodies } from './smallest-bodies.ts';

let harness: Harness;
let credentials: Record<Asker, string | undefined>;
let sharedWith: readonly (readonly [userId: string, access: 'view' | 'edit'])[];
let accession: string;
let leaderId: string;
let deciderId: string;
let item: string;
const csv = 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n';
const tar = tarOf([{ path: 'notes.csv', bytes: new TextEncoder().encode(csv) }]);

async function publishOne(token: string): Promise<void> {
  const client = harness.client(token);
  const draft = await client.call(routes.createDraft, {});
  accession = draft.accession;
  const path = `${apiBase}/drafts/${draft.id}/files/tracks.csv`;
  await harness.request(path, { method: 'PUT', body: csv, as: token });
  const params = { draft: draft.id };
  const read = await eventually(async () => {
    const now = await client.call(routes.getDraft, { params });
    return now.items[0]?.ingest?.state === 'done' && now;
  });
  item = read.items[0]!.id;
  const body = { metadata: completeMetadata() };
  await client.call(routes.saveDraft, { params, body, headers: { 'if-match': `"${read.revision}"` } } as never);
  await client.call(routes.publishDraft, { params });
}

beforeAll(async () => {
  harness = await openHarness();
  const [owner, depositor, member, curator, viewer, editor] = [
    await harness.member('olga', 'owner'),
    await harness.member('dora'),
    await harness.member('max'),
    await harness.member('cora', 'curator'),
    await harness.member('vera'),
    await harness.member('eddy'),
  ];
  sharedWith = [
    [viewer.user.id, 'view'],
    [editor.user.id, 'edit'],
  ];
  const reader = await harness.token(member.user.id, ['read']);
  const [leader, decider] = [await harness.member('lena'), await harness.member('dan')];
  leaderId = leader.user.id;
  deciderId = decider.user.id;
  credentials = {
    anonymous: undefined,
    member: member.cookie,
    reader,
    depositor: depositor.cookie,
    owner: owner.cookie,
    curator: curator.cookie,
    viewer: viewer.cookie,
    editor: editor.cookie,
    leader: leader.cookie,
    decider: decider.cookie,
    curating: await harness.token(curator.user.id, ['curate']),
    limited: await harness.token(depositor.user.id, ['deposit', 'curate'], { studies: ['MIC-999999'] }),
    link: undefined,
  };
  await publishOne(depositor.token);
  const { db } = harness.services;
  const team = await makeTeam(db, leaderId, 'Cells that move');
  await keepCommunity(db, 'cells', { title: 'Cells that move', text: '', website: '', colour: 'blue' }, team);
  await takeIn(accession);
  const madeBy = depositor.user.id;
  const link = { accession, version: 1, label: 'crawl', hidesNames: false, letsDownload: true, madeBy, days: 1 };
  credentials.link = (await makePrivateLink(db, link as never)).secret;
});
afterAll(() => harness.close());

/** The community of `leader` takes a study in. */
async function takeIn(study: string): Promise<void> {
  await sql`insert into community_study (slug, accession, state) values ('cells', ${study}, 'accepted')
    on conflict do nothing`.execute(harness.services.db);
}

/** A draft of the depositor, new for every question, so that no answer depends on the one before. */
async function newDraft(): Promise<string> {
  const answer = await harness.request(`${apiBase}/drafts`, { method: 'POST', as: credentials.depositor! });
  return (await answer.json()).id;
}

function address(name: RouteName, draft: string): string {
  const values: Record<string, string> = {
    accession,
    version: '1',
    dataset: `d-${item}`,
    item: routes[name].path.startsWith('/drafts') ? 'nosuchitem' : item,
    draft,
    id: /comments|edits/.test(routes[name].path) ? '1' : 'no-such-token',
    path: { getItemContent: 'tracks-0/objects.parquet', getNotebookRepository: 'HEAD' }[name as string] ?? 'tracks.csv',
    form: 'objects.csv',
    table: 'edges',
    user: 'nobody',
    archive: 'empiar',
    image: '0',
    plan: 'no-such-plan',
    requirement: 'R01',
    upload: 'no-such-upload',
    subject: 'default',
  };
  return apiBase + routes[name].path.replace(/\{(\w+)\}/g, (_all, key: string) => values[key]!);
}

test('the table names every route', () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(routes).sort());
});

/** Asks a route as it stands in the table, with a request that is well-formed and changes as little as it can. */
async function ask(name: RouteName, asker: Asker, draft: string): Promise<Response> {
  const json = bodies[name] === undefined ? undefined : JSON.stringify(bodies[name]);
  const body = name === 'putDraftFile' ? csv : name === 'putDraftFiles' ? Buffer.from(tar) : json;
  const type = name === 'putDraftFiles' ? 'application/x-tar' : json === undefined ? undefined : 'application/json';
  return await harness.request(address(name, draft), {
    method: routes[name].method.toUpperCase(),
    ...(body === undefined ? {} : { body }),
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(credentials[asker] === undefined ? {} : { as: credentials[asker] }),
  });
}

for (const name of Object.keys(expected) as RouteName[]) {
  test(`${routes[name].method.toUpperCase()} ${routes[name].path}`, async () => {
    const got: Record<string, number> = {};
    for (const asker of askers) {
      // The open draft of a study is given back to whoever opened it: let each asker find none open but the depositor's own.
      const draft = routes[name].path.includes('{draft}') ? await newDraft() : '';
      const answer = await ask(name, asker, draft);
      got[asker] = answer.status;
      const documented = Object.keys(routes[name].responses).map(Number);
      if (answer.status >= 400) {
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: answer.status, code: expect.any(String) });
      } else expect(documented, `${name} answered ${answer.status}`).toContain(answer.status);
    }
    expect(got).toEqual(Object.fromEntries(askers.map((asker, index) => [asker, expected[name][index]])));
  });
}

/** Asks all routes below a path in one state, everybody; gives what was answered otherwise than expected. They are thousands, over which a busy machine takes its time. */
async function crawl(
  below: string,
  state: StudyState | ReviewState,
  ready: (answer?: Response, method?: string) => Promise<string>,
  who: readonly Asker[] = everybody,
): Promise<string[]> {
  const otherwise: string[] = [];
  let draft = await ready();
  for (const name of Object.keys(expected) as RouteName[]) {
    if (!routes[name].path.startsWith(below)) continue;
    for (const asker of who) {
      const answer = await ask(name, asker, draft);
      const wanted = expectedStatus(name, expected[name], asker, state);
      if (answer.status !== wanted) otherwise.push(`${state} ${name} ${asker}: ${answer.status}, expected ${wanted}`);
      await answer.body?.cancel();
      draft = await ready(answer, routes[name].method);
    }
  }
  return otherwise;
}

test('every route of studies, for everybody, in every state of a study', async () => {
  const { db } = harness.services;
  for (const [userId, access] of sharedWith) await share(db, accession, { userId }, access);
  await harness.services.access.name(accession, deciderId, true);
  const otherwise: string[] = [];
  for (const state of ['published', 'embargoed', 'controlled', 'withdrawn'] as const) {
    const ready = async (answer?: Response, method = '') => {
      if (answer && (method === 'get' || answer.status >= 400)) return '';
      harness.services.states['remembered'].forget(accession);
      await db.deleteFrom('study_state').where('accession', '=', accession).execute();
      await db.deleteFrom('access_request').where('accession', '=', accession).execute();
      await db.deleteFrom('draft').where('accession', '=', accession).execute();
      if (state !== 'published')
        await db
          .insertInto('study_state')
          .values({
            accession,
            state,
            until: state === 'embargoed' ? '2999-01-01' : null,
            reason: 'x',
            replaced_by: null,
            actor: 'x',
            archived: true,
          })
          .execute();
      return '';
    };
    otherwise.push(...(await crawl('/studies/{accession}', state, ready)));
  }
  await db.deleteFrom('study_state').where('accession', '=', accession).execute();
  harness.services.states['remembered'].forget(accession);
  expect(otherwise).toEqual([]);
}, 900_000);

/** Is a draft neither published nor discarded? */
const isOpen = async (draft: string) => (await harness.services.studies.getDraft(draft))?.state === 'editing';

test('every route of drafts, for everybody, in every state of review', async () => {
  const { db } = harness.services;
  const otherwise: string[] = [];
  for (const state of ['editing', 'submitted', 'in_review', 'changes_requested', 'approved'] as const) {
    let draft = '';
    const ready = async (answer?: Response, method = '') => {
      if (answer && (method === 'get' || answer.status >= 400)) return draft;
      // A file that was put is there for the next who asks.
      if (answer && method !== 'put' && (await reviewState(db, draft)) === state && (await isOpen(draft))) return draft;
      draft = await newDraft();
      const { accession: of } = (await harness.services.studies.getDraft(draft))!;
      for (const [userId, access] of sharedWith) await share(db, of, { userId }, access);
      await takeIn(of);
      if (state !== 'editing')
        await db.insertInto('draft_review').values({ draft_id: draft, state, assignee: null }).execute();
      return draft;
    };
    // What strangers are answered does not hang on how far a review has come: they are asked where most is open.
    const isAlike = state === 'submitted' || state === 'approved';
    otherwise.push(
      ...(await crawl(
        '/drafts/{draft}',
        state,
        ready,
        isAlike ? ['depositor', 'curator', 'editor', 'leader'] : everybody,
      )),
    );
  }
  expect(otherwise).toEqual([]);
}, 900_000);

test('every other route, for a curator and for those a study is shared with', async () => {
  const otherwise: string[] = [];
  for (const name of Object.keys(expected) as RouteName[]) {
    if (/^\/(studies\/\{accession|drafts\/\{draft)\}/.test(routes[name].path)) continue;
    for (const asker of everybody.slice(askers.length)) {
      const draft = routes[name].path.includes('{draft}') ? await newDraft() : '';
      const { status } = await ask(name, asker, draft);
      const wanted = expectedStatus(name, expected[name], asker, 'published');
      // All come from one address here, which may try so often and no more.
      if (status !== wanted && status !== 429) otherwise.push(`${name} ${asker}: ${status}, expected ${wanted}`);
    }
  }
  expect(otherwise).toEqual([]);
}, 900_000);

test('answers have the shapes the interface documents', async () => {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route = routes[name];
    if (route.method !== 'get' || route.path.includes('{draft}')) continue;
    const answer = await harness.request(address(name, ''), { as: credentials.depositor! });
    const response = (
      route.responses as Record<number, { content?: Record<string, { schema: { parse?(value: unknown): unknown } }> }>
    )[answer.status];
    const schema = response?.content?.['application/json']?.schema;
    if (schema?.parse) schema.parse(await answer.json());
  }
  const draft = await newDraft();
  const answer = await harness.request(`${apiBase}/drafts/${draft}`, { as: credentials.depositor! });
  routes.getDraft.responses[200].content['application/json'].schema.parse(await answer.json());
});

test('a permission that is taken away is gone at once', async () => {
  const draft = await newDraft();
  const look = () => harness.request(`${apiBase}/drafts/${draft}`, { as: credentials.depositor! });
  expect((await look()).status).toBe(200);
  await harness.services.db.deleteFrom('auth_user').where('email', '=', 'dora@example.org').execute();
  expect((await look()).status).toBe(401);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
