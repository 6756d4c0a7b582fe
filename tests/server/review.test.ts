import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiBase, routes } from '@micrarium/api';
import { lifeDiagram, lifeTable, reviewSteps, reviewTransitions, type ReviewState } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changePerson } from '../../packages/server/src/auth/people.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let cora: Awaited<ReturnType<Harness['member']>>;
let draft: string;

beforeAll(async () => {
  harness = await openHarness(true, { environment: { MICRARIUM_REVIEW: 'on' } });
  dora = await harness.member('dora');
  cora = await harness.member('cora', 'curator');
  draft = (await harness.client(dora.token).call(routes.createDraft, {})).id;
  await fillDraft(harness, dora.token, draft, { 'tracks.csv': trackTable });
});
afterAll(() => harness.close());

const send = (path: string, as: string, body?: object, method = 'POST') =>
  harness.request(`${apiBase}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    as,
  });
const step = async (name: string, as: string) => (await send(`/drafts/${draft}/review`, as, { step: name })).status;
const review = async (as: string) => await (await harness.request(`${apiBase}/drafts/${draft}/review`, { as })).json();
const publish = async () => (await send(`/drafts/${draft}/publish`, dora.cookie)).status;
const save = async (as: string) => {
  const answer = await harness.request(`${apiBase}/drafts/${draft}`, { as });
  const headers = { 'content-type': 'application/json', 'if-match': answer.headers.get('etag')! };
  const body = JSON.stringify({ note: 'changed' });
  return (await harness.request(`${apiBase}/drafts/${draft}`, { method: 'PATCH', headers, body, as })).status;
};

test('every state is reached by a row of the table only, and the docs draw the same', () => {
  const states: ReviewState[] = ['editing', 'submitted', 'in_review', 'changes_requested', 'approved'];
  for (const state of states.slice(1)) expect(reviewTransitions.some((one) => one.to === state)).toBe(true);
  expect(states.flatMap((state) => reviewSteps(state, 'curator').map((name) => `${state}: ${name}`))).toEqual([
    'submitted: claim',
    'submitted: return',
    'in_review: request changes',
    'in_review: approve',
    'in_review: return',
  ]);
  const docs = readFileSync(fileURLToPath(new URL('../../docs/states.md', import.meta.url)), 'utf8');
  expect(docs).toContain(lifeDiagram('draft'));
  expect(docs).toContain(lifeTable('draft'));
});

test('nothing is published before it is submitted; nothing incomplete is submitted', async () => {
  // Curators see drafts (section 12), and whoever looks leaves a trace; nothing waits for them yet.
  expect((await harness.request(`${apiBase}/drafts/${draft}`, { as: cora.cookie })).status).toBe(200);
  expect((await (await harness.request(`${apiBase}/reviews`, { as: cora.cookie })).json()).reviews).toEqual([]);
  expect(await step('submit', dora.cookie)).toBe(409);
  await describeDraft(harness, dora.token, draft, 'Looked through');
  expect(await publish()).toBe(409);
  expect(await step('claim', cora.cookie)).toBe(409);
  expect(await step('submit', dora.cookie)).toBe(200);
  const queue = await (await harness.request(`${apiBase}/reviews`, { as: cora.cookie })).json();
  expect(queue.reviews).toMatchObject([{ draft, title: 'Looked through', state: 'submitted' }]);
  expect((await harness.request(`${apiBase}/drafts/${draft}`, { as: cora.cookie })).status).toBe(200);
});

test('with the curators nothing changes: no field, no file, no publication', async () => {
  expect(await save(dora.cookie)).toBe(409);
  const file = `/drafts/${draft}/files/late.csv`;
  expect((await harness.request(apiBase + file, { method: 'PUT', body: trackTable, as: dora.token })).status).toBe(409);
  expect(await publish()).toBe(409);
  expect(await save(cora.cookie)).toBe(409);
  const claims = await Promise.all([step('claim', cora.cookie), step('claim', cora.cookie)]);
  expect(claims.sort()).toEqual([200, 409]);
  const late = await send(`/drafts/${draft}/review`, cora.cookie, { step: 'claim' });
  expect((await late.json()).detail).toBe('The draft is in review: this cannot be done now.');
  expect(await review(dora.cookie)).toMatchObject({
    state: 'in_review',
    assignee: 'cora',
    steps: [],
    isRequired: true,
  });
});

test('changes are requested with a comment, made, and approved when it is settled; its owner publishes', async () => {
  expect(await step('request changes', cora.cookie)).toBe(409);
  const said = await send(`/drafts/${draft}/review/comments`, cora.cookie, {
    field: 'title',
    text: 'Which cells?',
    mustFix: true,
  });
  const { comments } = await said.json();
  expect(comments).toMatchObject([{ field: 'title', author: 'cora', mustFix: true }]);
  expect(await step('approve', cora.cookie)).toBe(409);
  expect(await step('request changes', cora.cookie)).toBe(200);
  expect(await save(dora.cookie)).toBe(200);
  const answer = await send(`/drafts/${draft}/review/comments`, dora.cookie, { text: 'HeLa', mustFix: true });
  expect((await answer.json()).comments[1]).toMatchObject({ mustFix: false, author: 'dora' });
  for (const [name, who] of [
    ['submit', dora],
    ['claim', cora],
  ] as const)
    expect(await step(name, who.cookie)).toBe(200);
  const settle = (as: string) => send(`/drafts/${draft}/review/comments/${comments[0].id}/settled`, as);
  expect((await settle(dora.cookie)).status).toBe(403);
  expect((await settle(cora.cookie)).status).toBe(200);
  expect(await step('approve', cora.cookie)).toBe(200);
  expect(await save(dora.cookie)).toBe(409);
  expect(await publish()).toBe(200);
});

test('nobody reviews what is their own, and a token reviews nothing', async () => {
  const own = (await harness.client(cora.token).call(routes.createDraft, {})).id;
  await fillDraft(harness, cora.token, own, { 'own.csv': `${trackTable}4,1,4,4\n` });
  await describeDraft(harness, cora.token, own, 'Of a curator');
  const at = (name: string, as: string) => send(`/drafts/${own}/review`, as, { step: name });
  expect((await at('submit', cora.cookie)).status).toBe(200);
  const mine = await at('claim', cora.cookie);
  expect(mine.status).toBe(409);
  expect((await mine.json()).detail).toContain('waiting for a curator: a curator does this who does not own it');
  const other = await harness.member('other', 'curator');
  expect((await at('claim', other.token)).status).toBe(409);
  expect((await at('claim', other.cookie)).status).toBe(200);
  expect((await at('return', other.cookie)).status).toBe(409);
  const why = await send(`/drafts/${own}/review`, other.cookie, { step: 'return', reason: 'Of another study' });
  expect((await why.json()).state).toBe('editing');
});

test('where too few are there who may approve, the review says how many are missing', async () => {
  const { id } = await harness.client(dora.token).call(routes.createDraft, {});
  const missing = async () =>
    (await (await harness.request(`${apiBase}/drafts/${id}/review`, { as: dora.cookie })).json()).curatorsMissing;
  expect(await missing()).toBe(0);
  const { db } = harness.services;
  await db.updateTable('auth_user').set({ role: 'member' }).where('id', '<>', cora.user.id).execute();
  const people = { access: 'open', human: true, identifiable: false, consent: 'open', ethics: 'Board 7', terms: '' };
  expect((await send(`/drafts/${id}/access`, dora.cookie, people, 'PUT')).status).toBe(200);
  expect(await missing()).toBe(1);
  await changePerson(harness.services.db, cora.user.id, { role: 'member' }, harness.services.notices);
  expect(await missing()).toBe(2);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
