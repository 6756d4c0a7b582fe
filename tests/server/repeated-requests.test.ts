import { apiBase } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetAnswers } from '../../packages/server/src/http/answered-once.ts';
import { requestRate } from '../../packages/server/src/http/request-rate.ts';
import { Hono } from 'hono';
import type { HttpEnvironment } from '../../packages/server/src/http/context.ts';
import { problemOf, problemResponse } from '../../packages/server/src/http/problems.ts';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
let ben: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  harness = await openHarness(false);
  ada = await harness.member('ada');
  ben = await harness.member('ben');
});
afterAll(() => harness.close());

const post = async (path: string, as: string, key?: string, body?: object) => {
  const headers = {
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const init = { method: 'POST', as, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await harness.request(`${apiBase}${path}`, init);
  return {
    status: answer.status,
    replayed: answer.headers.get('idempotency-replayed'),
    etag: answer.headers.get('etag'),
    body: await answer.json(),
  };
};
const drafts = async (as: string) => {
  const answer = await harness.request(`${apiBase}/drafts`, { as });
  return ((await answer.json()) as { drafts: unknown[] }).drafts.length;
};

test('the same request under the same key is done once, and answered the same', async () => {
  const first = await post('/drafts', ada.token, 'k-1');
  expect([first.status, first.replayed]).toEqual([201, null]);
  const again = await post('/drafts', ada.token, '"k-1"');
  expect(again).toEqual({ ...first, replayed: 'true' });
  expect(await drafts(ada.token)).toBe(1);
  expect((await post('/drafts', ada.token)).body.id).not.toBe(first.body.id);
  // Each has keys of their own.
  expect((await post('/drafts', ben.token, 'k-1')).body.id).not.toBe(first.body.id);
});

test('many at once are one; the others wait or get its answer', async () => {
  const before = await drafts(ada.token);
  const answers = await Promise.all(Array.from({ length: 8 }, () => post('/drafts', ada.token, 'k-parallel')));
  expect(await drafts(ada.token)).toBe(before + 1);
  for (const { status, body } of answers)
    expect(status === 409 ? body.code : status).toBe(status === 409 ? 'still-running' : 201);
  expect(answers.filter(({ status, replayed }) => status === 201 && replayed === null)).toHaveLength(1);
});

test('another request under a key is refused, a key that is none too', async () => {
  const listed = { title: 'First', text: '', studies: [] };
  const first = await post('/collections', ada.token, 'k-2', listed);
  expect(await post('/collections', ada.token, 'k-2', { ...listed, title: 'Second' })).toMatchObject({
    status: 422,
    body: { code: 'key-reused' },
  });
  expect(await post('/drafts', ada.token, 'k-2')).toMatchObject({ status: 422 });
  expect((await post('/collections', ada.token, 'k-2', listed)).body).toEqual(first.body);
  for (const key of ['', 'ä', 'x'.repeat(201), 'two words'])
    expect([key, (await post('/drafts', ada.token, key).catch(() => ({ status: 400 }))).status]).toEqual([key, 400]);
});

test('what is kept is sealed, forgotten after a day, and a request that never ended can be made anew', async () => {
  const { db } = harness.services;
  const { rows } = await sql`select * from answered_key where status > 0`.execute(db);
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) expect(JSON.stringify(row)).not.toMatch(/k-1|content-type|MIC-|accession/);
  const first = await post('/drafts', ada.token, 'k-3');
  await sql`update answered_key set status = 0, body = ''`.execute(db);
  expect(await post('/drafts', ada.token, 'k-3')).toMatchObject({ status: 409, body: { code: 'still-running' } });
  await sql`update answered_key set at = now() - interval '11 minutes'`.execute(db);
  const anew = await post('/drafts', ada.token, 'k-3');
  expect([anew.status, anew.body.id === first.body.id]).toEqual([201, false]);
  await sql`update answered_key set at = now() - interval '25 hours'`.execute(db);
  expect((await post('/drafts', ada.token, 'k-3')).body.id).not.toBe(anew.body.id);
  await sql`update answered_key set at = now() - interval '25 hours'`.execute(db);
  await forgetAnswers({ db });
  expect((await sql`select 1 from answered_key`.execute(db)).rows).toEqual([]);
});

test('problems name the path that was asked for, and each wrong field by a JSON pointer', async () => {
  const { status, body } = await post('/collections', ada.token, undefined, { title: 7, studies: [{ accession: 1 }] });
  expect(status).toBe(400);
  expect(body).toMatchObject({ instance: `${apiBase}/collections`, code: 'request-invalid' });
  expect(body.errors).toContainEqual({
    pointer: '/studies/0/accession',
    code: expect.any(String),
    message: expect.any(String),
  });
  expect((await (await harness.request(`${apiBase}/nothing?secret=1`)).json()).instance).toBe(`${apiBase}/nothing`);
});

test('requests with a token are counted: answers say what is left, and above the limit when to come back', async () => {
  let now = 0;
  const app = new Hono<HttpEnvironment>();
  app.onError((fault) => problemResponse(problemOf(fault)));
  app.use(async (c, next) => {
    if (c.req.header('authorization')) c.set('caller', { via: 'token', user: { id: 'u' } } as never);
    await next();
  });
  app.use(requestRate({ token: 2, address: 1 }, () => now));
  app.all('/', (c) => c.text('here'));
  const ask = async (method = 'GET', token = 'a') => {
    const { status, headers } = await app.request('/', { method, headers: { authorization: token } });
    return [status, headers.get('ratelimit'), headers.get('retry-after')];
  };
  expect(await ask()).toEqual([200, '"token";r=1;t=60', null]);
  expect((await ask('OPTIONS'))[1]).toBeNull();
  now = 10_000;
  expect(await ask()).toEqual([200, '"token";r=0;t=50', null]);
  expect(await ask()).toEqual([429, '"token";r=0;t=50', '50']);
  expect(await ask('GET', 'b')).toEqual([200, '"token";r=1;t=60', null]);
  now = 60_000;
  expect(await ask()).toEqual([200, '"token";r=1;t=60', null]);
  const answer = await harness.request(`${apiBase}/drafts`, { as: ada.token });
  expect(answer.headers.get('ratelimit-policy')).toBe('"token";q=30000;w=60');
  // This machine is not limited by its address.
  expect((await harness.request(`${apiBase}/studies`)).headers.get('ratelimit')).toBeNull();
});
