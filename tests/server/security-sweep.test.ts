import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readBody } from '../../packages/server/src/http/security.ts';
import { noteFault } from '../../packages/server/src/start/fault-log.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { type Harness, openHarness, password } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
beforeAll(async () => {
  harness = await openHarness(true, { environment: { MICRARIUM_URL: 'https://micrarium.example' } });
  dora = await harness.member('dora', 'owner');
  accession = await publishStudy(harness, dora.token, 'Swept');
});
afterAll(() => harness.close());

const as = () => ({ as: dora.cookie, headers: { origin: 'https://micrarium.example' } });
const json = { 'content-type': 'application/json', origin: 'https://micrarium.example' };
const ask = async (method: string, path: string, body?: unknown) => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await harness.request(`${apiBase}${path}`, { method, as: dora.cookie, headers: json, ...sent });
  return (await answer.json()) as Record<string, unknown>;
};

/** Pages of every kind: made by the server, drawn in the browser, told to machines, none at all. */
const pages = () => [
  '/',
  '/studies',
  `/studies/${accession}`,
  `/studies/${accession}/v/1`,
  `/studies/${accession}?lang=ja`,
  '/sign-in',
  '/account',
  '/admin',
  '/deposit',
  '/integrity',
  '/api',
  '/openapi',
  '/docs/errors',
  '/robots.txt',
  '/sitemap.xml',
  '/oai?verb=Identify',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/open?url=https://zarr.example/a.zarr',
  '/private/made-up',
  '/no/such/page',
];

test('headers of every page and of every route that is read', async () => {
  const { items } = (await ask('GET', `/studies/${accession}/versions/1`)) as { items: { id: string }[] };
  const values: Record<string, string> = {
    accession,
    version: '1',
    item: items[0]!.id,
    path: 'tracks.csv',
    form: 'objects.csv',
  };
  const read = Object.values(routes)
    .filter(({ method }) => method === 'get')
    .map(({ path }) => apiBase + path.replace(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? 'x'));
  expect(read.length).toBeGreaterThan(80);
  for (const path of [...pages(), ...read, '/api/auth/get-session', `${apiBase}/nothing`]) {
    const { headers, status, body } = await harness.request(path, as());
    await body?.cancel();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toMatch(/default-src '(self|none)'/);
    // Neither text nor the address of somebody else becomes a program of ours.
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "'none'";
    expect(["'none'", "'self' 'wasm-unsafe-eval'"], path).toContain(scripts);
    if (!policy.startsWith('sandbox')) expect(policy, path).toMatch(/frame-ancestors 'none'/);
    const told = ['x-content-type-options', 'referrer-policy', 'permissions-policy', 'cross-origin-opener-policy'];
    for (const name of [...told, 'cross-origin-resource-policy'])
      expect(headers.get(name), `${path} ${name}`).toBeTruthy();
    expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('x-powered-by'), path).toBeNull();
    expect(headers.get('server'), path).toBeNull();
    expect(status, path).not.toBe(500);
  }
});

test('only the page made for frames may stand in one', async () => {
  const policyOf = async (path: string) => (await harness.request(path)).headers.get('content-security-policy');
  expect(await policyOf('/embed/x')).toMatch(/frame-ancestors (\*|'none')/);
  expect(await policyOf(`/studies/${accession}`)).toContain("frame-ancestors 'none'");
});

test('who sends slowly does not hold a connection for ever', async () => {
  const drip = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(new Uint8Array([32]));
    },
  });
  const request = new Request('http://localhost/', { method: 'POST', body: drip, duplex: 'half' } as RequestInit);
  await expect(readBody(request, 1e6, 100)).rejects.toMatchObject({
    code: 'too-slow',
    message: expect.stringContaining('did not come'),
    headers: { connection: 'close' },
  });
  const { server, port } = await listen(harness.app, '127.0.0.1', 0);
  try {
    expect([server.headersTimeout, server.timeout]).toEqual([20_000, 120_000]);
    // More headers than anybody has, and longer ones, are not read to their end.
    for (const flood of [
      Array.from({ length: 5000 }, (_none, at) => `X-${at}: y`).join('\r\n'),
      `X: ${'y'.repeat(100_000)}`,
    ]) {
      const answer = await new Promise<string>((resolve) => {
        let text = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${flood}\r\n\r\n`));
        socket.on('data', (part) => (text += part.toString('latin1')));
        socket.on('error', () => {});
        socket.on('close', () => resolve(text));
      });
      expect(answer).toMatch(/^HTTP\/1\.1 4(00|31)/);
    }
    // What is one request for a proxy and two for us is none.
    for (const twice of [
      'Content-Length: 4\r\nTransfer-Encoding: chunked',
      'Content-Length: 4\r\nContent-Length: 5',
      'Transfer-Encoding: xchunked',
      'Host: other.example',
      'hOST: x',
    ]) {
      const answer = await new Promise<string>((resolve) => {
        let text = '';
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(`POST ${apiBase}/tokens HTTP/1.1\r\nHost: x\r\n${twice}\r\n\r\n0\r\n\r\n`),
        );
        socket.on('data', (part) => (text += part.toString('latin1')));
        socket.on('error', () => {});
        socket.on('close', () => resolve(text));
      });
      expect(answer, twice).toMatch(/^HTTP\/1\.1 400/);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('keys that reach what all objects share are refused', async () => {
  for (const key of ['__proto__', 'constructor', 'prototype'])
    for (const body of [`{"${key}":{"isAdmin":true}}`, `{"metadata":{"values":{"${key}":"x"}}}`]) {
      const init = { method: 'POST', body, headers: json, as: dora.cookie };
      const answer = await harness.request(`${apiBase}/tokens`, init);
      expect([answer.status, (await answer.json()).code], body).toEqual([400, 'body-not-json']);
    }
});

test('the database holds no secret that somebody could use', async () => {
  const token = await ask('POST', '/tokens', { name: 't', scopes: ['read'], expiresInDays: 1 });
  const invitation = await ask('POST', '/admin/invitations', { role: 'member' });
  const draft = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
  const link = await ask('POST', `/studies/${accession}/private-links`, { version: draft.version });
  const factor = await ask('POST', '/me/second-factor');
  const hook = await ask('POST', '/account/webhooks', { target: 'https://hooks.invalid/x', events: 'notices' });
  // Whatever in these answers looks like a secret, wherever it stands, and the part of an address that is one.
  const secrets = JSON.stringify([token, invitation, link, factor, hook])
    .match(/[\w-]{20,}/g)!
    .filter((text) => !/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(text));
  expect(secrets.length).toBeGreaterThanOrEqual(4);
  const signed = dora.cookie.split('=')[1]!;
  const { db } = harness.services;
  const tables = await sql<{ name: string }>`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(db);
  const { secrets: ids } = { secrets };
  let rows = 0;
  for (const { name } of tables.rows) {
    const found = await sql<{
      text: string;
    }>`select row_to_json(one)::text as text from ${sql.raw(name)} as one`.execute(db);
    rows += found.rows.length;
    for (const { text } of found.rows) {
      for (const secret of [password, signed]) expect(text, name).not.toContain(secret);
      for (const secret of ids) {
        const known = isName(secret, [token, invitation, link, factor, hook]);
        if (!known) expect(text.includes(secret), `${name} holds ${secret}`).toBe(false);
      }
    }
  }
  expect(rows).toBeGreaterThan(50);
});

/** Is it the id of something, which tells nothing? */
function isName(text: string, answers: readonly unknown[]): boolean {
  const ids: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value)) {
      if (/^(id|target|at|createdAt|expiresAt)$/i.test(key) && typeof one === 'string') ids.push(one);
      look(one);
    }
  };
  answers.forEach(look);
  return ids.some((id) => id.includes(text));
}

test('what goes to the log is of one entry, in plain signs, without passwords and tokens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-log-'));
  const printed: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    const file = join(folder, 'faults.log');
    const forged = `x\n\n2026-01-01T00:00:00.000Z GET /forged\nall is well \u001b[2J mic_${'a'.repeat(40)} postgres://a:PLANTED@h/d`;
    noteFault(file, new Error(forged), 'GET /x\u001b[31m');
    const text = readFileSync(file, 'utf8');
    expect(text.split('\n').filter((line) => /^\d{4}-/.test(line))).toHaveLength(1);
    for (const all of [text, printed.join('')]) {
      expect(all).not.toContain('\u001b');
      expect(all).not.toContain('PLANTED');
      expect(all).not.toContain('mic_aaaa');
    }
    expect(printed.join('').trimEnd().split('\n')).toHaveLength(1);
  } finally {
    write.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
