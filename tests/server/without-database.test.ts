import { connect, createServer, type Socket } from 'node:net';
import { apiBase } from '@micrarium/api';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpEnvironment } from '../../packages/server/src/http/context.ts';
import { withoutDatabase } from '../../packages/server/src/http/without-database.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { makeDatabase } from './make-database.ts';

/** What stands between the server and its database: lets through, is silent as a cable that was pulled, or takes no connection. */
let line: 'through' | 'silent' | 'refused' = 'through';
const sockets = new Set<Socket>();
const between = createServer((ours) => {
  if (line === 'refused') return void ours.destroy();
  const theirs = connect(target);
  for (const [from, to] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    sockets.add(from);
    from.on('error', () => {});
    from.on('data', (bytes) => {
      if (line === 'through') to.write(bytes);
    });
    from.on('close', () => {
      sockets.delete(from);
      if (line !== 'silent') to.destroy();
    });
  }
});
let target: { host: string; port: number };
let database: Awaited<ReturnType<typeof makeDatabase>>;
let harness: Harness;
beforeAll(async () => {
  database = await makeDatabase();
  const url = new URL(database.url);
  target = { host: url.hostname, port: Number(url.port) };
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  url.hostname = '127.0.0.1';
  url.port = String((between.address() as { port: number }).port);
  harness = await openHarness(false, { databaseUrl: url.href });
});
afterAll(async () => {
  cut('through');
  await harness.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => between.close(resolve));
  await database.drop();
});

/** From now on the line is so; all connections that went over it end. */
function cut(next: typeof line): void {
  line = next;
  for (const socket of sockets) socket.destroy();
}

const list = () => harness.request(`${apiBase}/studies`);
const ready = async () => (await harness.request('/health/ready')).status;
const page = (language: string) =>
  harness.request('/studies/MIC-000001', { headers: { accept: 'text/html', 'accept-language': language } });

test('a database that takes no connection, and is back', async () => {
  expect([(await list()).status, await ready()]).toEqual([200, 200]);
  cut('refused');
  const answer = await list();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await answer.json()).toMatchObject({ code: 'database-unreachable', status: 503 });
  expect(await ready()).toBe(503);
  const seen = await page('ja');
  expect([seen.status, seen.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await seen.text()).toContain('データベースに接続できません');
  expect(await (await page('en')).text()).toContain('its database cannot be reached just now');
  expect((await harness.request('/health/live')).status).toBe(200);
  cut('through');
  await eventually(async () => (await ready()) === 200);
  expect((await list()).status).toBe(200);
});

test('a database that is silent, with connections that seem to be there, and is back', async () => {
  expect((await Promise.all([list(), list(), list()])).map(({ status }) => status)).toEqual([200, 200, 200]);
  line = 'silent';
  expect(await ready()).toBe(503);
  // Reading and writing, of who is known and who is not: all are told, and none waits for the end of the connection.
  const credentials = JSON.stringify({ email: 'nobody@example.org', password: 'a long enough phrase' });
  const headers = { 'content-type': 'application/json' };
  const answers = await Promise.all([
    list(),
    page('en'),
    harness.request('/api/auth/sign-in/email', { method: 'POST', headers, body: credentials }),
    harness.request(`${apiBase}/drafts`, { as: 'mic_of-nobody-that-is-known' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  expect(await answers[2]!.json()).toMatchObject({ code: 'database-unreachable' });
  cut('through');
  await eventually(async () => (await ready()) === 200);
  expect((await list()).status).toBe(200);
});

test('what takes long is not disturbed while the database answers others', async () => {
  const app = new Hono<HttpEnvironment>();
  app.use(withoutDatabase(harness.kernel, { patience: 20, patienceWhileAway: 20 }));
  let looks = 0;
  app.get('/long', async (c) => {
    await harness.services.db.selectNoFrom((select) => select.fn('pg_sleep', [select.val(1)]).as('slept')).execute();
    looks++;
    return c.text('done');
  });
  const answer = await app.request('/long');
  expect([answer.status, await answer.text(), looks]).toEqual([200, 'done', 1]);
});
