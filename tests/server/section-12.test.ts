import { apiBase } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePrivateLink } from '../../packages/server/src/auth/private-links.ts';
import { makeTeam, share } from '../../packages/server/src/auth/sharing.ts';
import { keepCommunity } from '../../packages/server/src/communities/communities.ts';
import { completeMetadata } from './complete-metadata.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

/**
 * The table of section 12 of repository-practice as it stands there, asked of the server cell by cell. `own coll.`, `scope` and the like are
 * asked where they hold. Two cells are ours: whoever runs an installation (M) curates it too (S), for an installation begins with one person,
 * and so claims, approves and publishes what is not their own. Registered files and purges have tests of their own.
 */
const table = `
see public metadata                      | y | y | y | y | y | y | y | y | y | y
see drafts                               | - | y | - | y | y | y | y | - | y | y
download open files                      | y | y | y | y | y | y | y | y | y | y
download embargoed files                 | - | y | - | y | y | y | y | - | y | y
download controlled files                | - | - | - | - | - | y | - | - | - | -
create draft                             | - | - | y | y | y | y | y | y | y | y
edit draft                               | - | - | - | - | y | y | - | - | y | y
comment in review                        | - | - | - | - | - | y | y | - | y | y
submit                                   | - | - | - | - | - | y | - | - | y | y
discard                                  | - | - | - | - | - | y | - | - | y | y
claim                                    | - | - | - | - | - | - | y | - | y | y
publish                                  | - | - | - | - | - | y | y | - | y | y
embargo, restrict, withdraw              | - | - | - | - | - | - | y | - | y | y
create reviewer link                     | - | - | - | - | y | y | y | - | y | y
decide access requests                   | - | - | - | - | - | - | - | y | - | -
manage collection                        | - | - | - | - | - | - | y | - | y | y
see record audit log                     | - | - | - | - | y | y | y | - | y | y
manage users, roles, jobs, config        | - | - | - | - | - | - | - | - | - | y
`;
const letters = ['A', 'L', 'U', 'V', 'E', 'O', 'K', 'D', 'S', 'M'] as const;
type Letter = (typeof letters)[number];

let harness: Harness;
let people: Record<Exclude<Letter, 'A' | 'L'>, Awaited<ReturnType<Harness['member']>>>;
let link: Record<'draft' | 'study', string>;
let accession: string;
const csv = 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n';

/** Everybody has their standing towards a study: it is shared, and taken in by the community of K. */
async function standings(study: string): Promise<void> {
  const { db } = harness.services;
  await share(db, study, { userId: people.V.user.id }, 'view');
  await share(db, study, { userId: people.E.user.id }, 'edit');
  await sql`insert into community_study (slug, accession, state) values ('cells', ${study}, 'accepted')`.execute(db);
}

/** A new draft of O with a file. */
async function newDraft(isWhole = false): Promise<{ id: string; accession: string; revision: number }> {
  const client = harness.client(people.O.token);
  const { routes } = await import('@micrarium/api');
  const draft = await client.call(routes.createDraft, {});
  await standings(draft.accession);
  const params = { draft: draft.id };
  await harness.request(`${apiBase}/drafts/${draft.id}/files/t.csv`, { method: 'PUT', body: csv, as: people.O.token });
  if (!isWhole) return draft;
  const read = await eventually(async () => {
    const now = await client.call(routes.getDraft, { params });
    return now.items[0]?.ingest?.state === 'done' && now;
  });
  const body = { metadata: completeMetadata() };
  const headers = { 'if-match': `"${read.revision}"` };
  const { revision } = await client.call(routes.saveDraft, { params, body, headers } as never);
  return { id: draft.id, accession: draft.accession, revision };
}

async function review(draft: string, state: string): Promise<void> {
  await harness.services.db
    .insertInto('draft_review')
    .values({ draft_id: draft, state: state as 'submitted', assignee: null })
    .execute();
}

async function setState(state: string | undefined): Promise<void> {
  const { db, states } = harness.services;
  await db.deleteFrom('study_state').where('accession', '=', accession).execute();
  const row = { accession, reason: 'x', replaced_by: null, actor: 'x', archived: true };
  if (state !== undefined)
    await db
      .insertInto('study_state')
      .values({ ...row, state: state as 'embargoed', until: state === 'embargoed' ? '2999-01-01' : null })
      .execute();
  states['remembered'].forget(accession);
}

beforeAll(async () => {
  harness = await openHarness();
  const { db, access } = harness.services;
  people = {
    U: await harness.member('ursa'),
    V: await harness.member('vera'),
    E: await harness.member('eddy'),
    O: await harness.member('olga'),
    K: await harness.member('kim'),
    D: await harness.member('dan'),
    S: await harness.member('sam', 'curator'),
    M: await harness.member('mia', 'owner'),
  };
  const team = await makeTeam(db, people.K.user.id, 'Cells');
  await keepCommunity(db, 'cells', { title: 'Cells', text: '', website: '', colour: 'blue' }, team);
  const draft = await newDraft(true);
  ({ accession } = draft);
  const done = await harness.request(`${apiBase}/drafts/${draft.id}/publish`, {
    method: 'POST',
    as: people.O.token,
  });
  expect(done.status).toBe(200);
  await access.name(accession, people.D.user.id, true);
  link = { study: await linkTo(accession), draft: '' };
});
afterAll(() => harness.close());

async function linkTo(study: string): Promise<string> {
  const wanted = { accession: study, version: 1, label: '', hidesNames: false, letsDownload: true, days: 1 };
  const { db } = harness.services;
  return (await makePrivateLink(db, { ...wanted, madeBy: people.O.user.id } as never)).secret;
}

/** Asks as somebody; the status. */
async function ask(who: Letter, method: string, path: string, body?: unknown, headers = {}): Promise<number> {
  const as = who === 'A' ? undefined : who === 'L' ? link.study : people[who].cookie;
  const answer = await harness.request(`${apiBase}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(as === undefined ? {} : { as }),
  });
  await answer.body?.cancel();
  return answer.status;
}

/** How each row is asked, of things made for the one question. */
const rows: Record<string, (who: Letter) => Promise<number>> = {
  'see public metadata': (who) => ask(who, 'GET', `/studies/${accession}`),
  'see drafts': async (who) => {
    const draft = await newDraft();
    if (who !== 'L') return await ask(who, 'GET', `/drafts/${draft.id}`);
    const as = await linkTo(draft.accession);
    return (await harness.request(`${apiBase}/studies/${draft.accession}/versions/1`, { as })).status;
  },
  'download open files': (who) => ask(who, 'GET', `/studies/${accession}/versions/1/files/t.csv`),
  'download embargoed files': async (who) => {
    await setState('embargoed');
    return await ask(who, 'GET', `/studies/${accession}/versions/1/files/t.csv`);
  },
  'download controlled files': async (who) => {
    await setState('controlled');
    return await ask(who, 'GET', `/studies/${accession}/versions/1/files/t.csv`);
  },
  'create draft': (who) => ask(who, 'POST', '/drafts'),
  'edit draft': async (who) => {
    const { id, revision } = await newDraft();
    const status = await ask(who, 'PATCH', `/drafts/${id}`, { note: 'x' }, { 'if-match': `"${revision}"` });
    // The file that arrived meanwhile may have made a new revision: who is told so may edit.
    return status === 412 ? 200 : status;
  },
  'comment in review': async (who) => {
    const { id } = await newDraft();
    await review(id, 'submitted');
    return await ask(who, 'POST', `/drafts/${id}/review/comments`, { text: 'x' });
  },
  submit: async (who) => {
    const { id } = await newDraft();
    // Something is missing: who may submit is told so.
    return (await ask(who, 'POST', `/drafts/${id}/review`, { step: 'submit' })) === 409 ? 200 : 403;
  },
  discard: async (who) => ask(who, 'DELETE', `/drafts/${(await newDraft()).id}`),
  claim: async (who) => {
    const { id } = await newDraft();
    await review(id, 'submitted');
    const status = await ask(who, 'POST', `/drafts/${id}/review`, { step: 'claim' });
    return status === 409 ? 403 : status;
  },
  publish: async (who) => {
    const { id } = await newDraft();
    await review(id, 'approved');
    // Something is missing: who may publish is told so.
    return (await ask(who, 'POST', `/drafts/${id}/publish`)) === 422 ? 200 : 403;
  },
  'embargo, restrict, withdraw': async (who) => {
    await setState('embargoed');
    return await ask(who, 'PUT', `/admin/studies/${accession}/state`, {
      state: 'embargoed',
      until: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
      reason: 'The paper is late.',
    });
  },
  'create reviewer link': async (who) => {
    await setState('embargoed');
    return await ask(who, 'POST', `/studies/${accession}/private-links`, { version: 1 });
  },
  'decide access requests': async (who) => {
    await setState('controlled');
    const decision = { state: 'refused', reason: 'x' };
    // There is no such request: who may decide is told so.
    return (await ask(who, 'PUT', `/studies/${accession}/access/requests/none`, decision)) === 404 ? 200 : 403;
  },
  'manage collection': (who) => ask(who, 'PUT', '/communities/cells', { title: 'Cells' }),
  'see record audit log': (who) => ask(who, 'GET', `/study-logs/${accession}`),
  'manage users, roles, jobs, config': (who) => ask(who, 'GET', '/admin/people'),
};

const cells = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every row of the table is asked', () => {
  expect(cells.map(([action]) => action)).toEqual(Object.keys(rows));
});

for (const [action = '', ...expected] of cells)
  test(`section 12: ${action}`, async () => {
    const got: Record<string, string> = {};
    for (const letter of letters) {
      const status = await rows[action]!(letter);
      got[letter] = [401, 403, 404].includes(status) ? '-' : status < 300 ? 'y' : `${status}`;
      await setState(undefined);
    }
    expect(got).toEqual(Object.fromEntries(letters.map((letter, at) => [letter, expected[at]])));
  });

test('what a role looked at of a draft nobody had submitted is in the log of its study; its own people are not', async () => {
  const draft = await newDraft();
  for (const who of ['O', 'E', 'V', 'S', 'M', 'S'] as const) await ask(who, 'GET', `/drafts/${draft.id}`);
  const answer = await harness.request(`${apiBase}/study-logs/${draft.accession}`, { as: people.O.cookie });
  const { events } = (await answer.json()) as { events: { action: string; actor: string }[] };
  const looks = events.filter(({ action }) => action === 'draft.look').map(({ actor }) => actor);
  expect(looks.sort()).toEqual(['mia', 'sam']);
});

test('nobody approves what is their own, and no role opens a draft whose files are given on request before it is submitted', async () => {
  const { id } = await newDraft();
  await harness.services.db.updateTable('draft').set({ owner_id: people.S.user.id }).where('id', '=', id).execute();
  await review(id, 'submitted');
  expect(await ask('S', 'POST', `/drafts/${id}/review`, { step: 'claim' })).toBe(409);
  expect(await ask('M', 'POST', `/drafts/${id}/review`, { step: 'claim' })).toBe(200);
  const closed = await newDraft();
  const declaration = JSON.stringify({ access: 'controlled', human: true, identifiable: true });
  await harness.services.db.insertInto('draft_access').values({ draft_id: closed.id, declaration }).execute();
  for (const who of ['S', 'M', 'K'] as const) expect(await ask(who, 'GET', `/drafts/${closed.id}`), who).toBe(404);
  await review(closed.id, 'submitted');
  for (const who of ['S', 'M', 'K'] as const) expect(await ask(who, 'GET', `/drafts/${closed.id}`), who).toBe(200);
});

test('tokens do what their scopes and their studies say, and never make tokens or accounts', async () => {
  const [mine, other] = [await newDraft(), await newDraft()];
  const studies = [mine.accession];
  const as = await harness.token(people.O.user.id, ['deposit'], { studies });
  const send = async (method: string, path: string, token: string, body?: unknown) =>
    (
      await harness.request(`${apiBase}${path}`, {
        method,
        as: token,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      })
    ).status;
  expect(await send('GET', `/drafts/${mine.id}`, as)).toBe(200);
  expect(await send('GET', `/drafts/${other.id}`, as)).toBe(404);
  expect(await send('POST', '/drafts', as)).toBe(403);
  expect(await send('DELETE', `/drafts/${other.id}`, as)).toBe(404);
  expect(await send('GET', `/studies/${accession}/versions/1/files/t.csv`, as)).toBe(200);
  await setState('embargoed');
  expect(await send('GET', `/studies/${accession}/versions/1/files/t.csv`, as)).toBe(403);
  const ofCommunity = await harness.token(people.O.user.id, ['read'], { communities: ['cells'] });
  expect(await send('GET', `/studies/${accession}/versions/1/files/t.csv`, ofCommunity)).toBe(200);
  await setState(undefined);
  const listed = await harness.request(`${apiBase}/drafts`, { as });
  expect(((await listed.json()) as { drafts: { id: string }[] }).drafts.map(({ id }) => id)).toEqual([mine.id]);

  const curating = await harness.token(people.S.user.id, ['curate']);
  expect(await send('GET', '/reviews', curating)).toBe(200);
  expect(await send('POST', '/drafts', curating)).toBe(403);
  const administering = await harness.token(people.M.user.id, ['admin:*']);
  expect(await send('GET', '/admin/people', administering)).toBe(200);
  expect(await send('POST', '/admin/invitations', administering, { role: 'owner' })).toBe(403);
  expect(await send('POST', '/tokens', administering, { name: 'x', scopes: ['read'], expiresInDays: 1 })).toBe(403);
  expect(await send('GET', '/admin/people', await harness.token(people.S.user.id, ['admin:*']))).toBe(403);
  const wanted = { name: 'x', scopes: ['admin:*'], expiresInDays: 1 };
  expect(await ask('S', 'POST', '/tokens', wanted)).toBe(403);
  expect(await ask('M', 'POST', '/tokens', wanted)).toBe(201);
  expect(await ask('M', 'POST', '/tokens', { ...wanted, expiresInDays: 366 })).toBe(400);
  // To curate is for curators and for who leads a community.
  const offered = async (who: 'O' | 'K' | 'S' | 'M') =>
    (await (await harness.request(`${apiBase}/tokens`, { as: people[who].cookie })).json()).scopes;
  for (const [who, status, scopes] of [
    ['O', 403, ['read', 'deposit']],
    ['K', 201, ['read', 'deposit', 'curate']],
    ['S', 201, ['read', 'deposit', 'curate']],
    ['M', 201, ['read', 'deposit', 'curate', 'admin:*']],
  ] as const) {
    expect(await offered(who), who).toEqual(scopes);
    expect(await ask(who, 'POST', '/tokens', { ...wanted, scopes: ['curate'] }), who).toBe(status);
  }
  // A limit that is not there is refused in words; a study one cannot see is as little there as one that nobody made.
  const limited = { name: 'x', scopes: ['read'], expiresInDays: 1 };
  expect(await ask('O', 'POST', '/tokens', { ...limited, studies: [accession] })).toBe(201);
  expect(await ask('O', 'POST', '/tokens', { ...limited, studies: [mine.accession] })).toBe(201);
  expect(await ask('U', 'POST', '/tokens', { ...limited, studies: [mine.accession] })).toBe(409);
  expect(await ask('O', 'POST', '/tokens', { ...limited, studies: [accession, 'MIC-999999'] })).toBe(409);
  expect(await ask('O', 'POST', '/tokens', { ...limited, communities: ['cells'] })).toBe(201);
  expect(await ask('O', 'POST', '/tokens', { ...limited, communities: ['no-such-one'] })).toBe(409);
  // One that has expired is nobody's.
  expect(await send('GET', '/drafts', as)).toBe(200);
  await harness.services.db
    .updateTable('api_token')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .execute();
  expect(await send('GET', '/drafts', as)).toBe(401);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
