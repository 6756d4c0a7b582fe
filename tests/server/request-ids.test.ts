import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withRequestId } from '../../packages/server/src/audit/request-id.ts';
import { createApplication } from '../../packages/server/src/http/app.ts';
import { logLine } from '../../packages/server/src/http/health-routes.ts';
import { noteFault } from '../../packages/server/src/start/fault-log.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let owner: Awaited<ReturnType<Harness['member']>>;
const folder = mkdtempSync(join(tmpdir(), 'micrarium-ids-'));

beforeAll(async () => {
  harness = await openHarness();
  owner = await harness.member('olga', 'owner');
}, 120_000);
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (answer: Response) => answer.headers.get('x-request-id');
const ask = (path: string, id?: string) =>
  harness.request(path, {
    headers: { accept: 'application/json', ...(id === undefined ? {} : { 'x-request-id': id }) },
  });

test('every answer has an id of its own, and a problem says the same', async () => {
  const seen = new Set<string>();
  for (const path of ['/', '/health/live', `${apiBase}/status`, `${apiBase}/studies`, `${apiBase}/no/such`, '/%00'])
    for (const answer of [await ask(path), await ask(path)]) {
      const id = idOf(answer)!;
      expect(id, path).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      seen.add(id);
      if (answer.headers.get('content-type') !== 'application/problem+json') continue;
      expect(await answer.json(), path).toMatchObject({ requestId: id, instance: expect.any(String) });
    }
  expect(seen.size).toBe(12);
});

test('a well-formed id of the request is taken; what forges lines, is too long or a secret is not', async () => {
  for (const id of ['a1b2c3d4', '7d5c1a0e9f3b4d6c8a1f2e3d4c5b6a79', 'proxy-1.request_9', 'x'.repeat(64)]) {
    const answer = await ask(`${apiBase}/no/such`, id);
    expect(idOf(answer)).toBe(id);
    expect((await answer.json()).requestId).toBe(id);
  }
  const secret = `mic_${'a'.repeat(40)}`;
  for (const id of [
    'short',
    'x'.repeat(65),
    'two words here',
    'a]\tGET /forged',
    '<b>12345678</b>',
    '..........',
    secret,
  ]) {
    const answer = await ask(`${apiBase}/no/such`, id);
    expect(idOf(answer), id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(await answer.text(), id).not.toContain(id);
  }
});

test('a fault is found in the log by the id of the answer', async () => {
  const file = join(folder, 'faults.log');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const services = () => {
    throw new Error('the shelf fell down');
  };
  const failing = createApplication({
    ...harness.kernel,
    services,
    noteFault: (fault, where) => noteFault(file, fault, where),
  });
  try {
    const [one, two] = await Promise.all([
      failing.request(`http://localhost${apiBase}/studies`, { headers: { 'x-request-id': 'first-of-two' } }),
      failing.request(`http://localhost${apiBase}/studies`),
    ]);
    expect([one.status, two.status]).toEqual([500, 500]);
    expect((await one.json()).requestId).toBe('first-of-two');
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /^\d{4}-/.test(line));
    expect(lines).toHaveLength(2);
    for (const answer of [one, two])
      expect(lines.filter((line) => line.endsWith(`GET ${apiBase}/studies [request ${idOf(answer)}]`))).toHaveLength(1);
    expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain('[request first-of-two]');
    const line = withRequestId('first-of-two', () => logLine('GET', '/x', 500, 1));
    expect(JSON.parse(line)).toMatchObject({ requestId: 'first-of-two', path: '/x' });
    // What the program does of itself comes of no request.
    noteFault(file, new Error('the clock stopped'), 'clock');
    expect(readFileSync(file, 'utf8')).toMatch(/Z clock\n/);
  } finally {
    write.mockRestore();
  }
});

test('events of the audit log stand beside the id of the request they came of', async () => {
  const answer = await harness.request('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'tries-to-sign-in' },
    body: JSON.stringify({ email: 'olga@example.org', password: 'not the right one' }),
  });
  expect(answer.status).toBe(401);
  const log = await harness.request(`${apiBase}/admin/audit?limit=5`, { as: owner.cookie });
  const { events } = (await log.json()) as { events: { requestId?: string; action: string }[] };
  expect(events.filter((one) => one.requestId === 'tries-to-sign-in').map(({ action }) => action)).toEqual([
    'session.refuse',
  ]);
});

test('a range that is given again without asking the application has an id of its own', async () => {
  const accession = await publishStudy(harness, owner.token, 'Asked again');
  const { server, port } = await listen(harness.app, '127.0.0.1', 0);
  try {
    const address = `http://127.0.0.1:${port}${apiBase}/studies/${accession}/versions/1/files/tracks.csv`;
    const ids: (string | null)[] = [];
    for (let i = 0; i < 4; i++) {
      const part = await fetch(address, { headers: { range: 'bytes=0-9' } });
      expect(part.status).toBe(206);
      await part.arrayBuffer();
      ids.push(idOf(part));
    }
    expect(new Set(ids).size).toBe(4);
    const named = await fetch(address, { headers: { range: 'bytes=0-9', 'x-request-id': 'chunk-0001' } });
    await named.arrayBuffer();
    expect(idOf(named)).toBe('chunk-0001');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
