import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageTokenHeader, pageTokenIn } from '@micrarium/api';
import { nestsTooDeep } from '../../packages/server/src/http/security.ts';
import { problemCodes } from '../../packages/server/src/http/problems.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { type Harness, openHarness, password } from './harness.ts';

const hostile = fileURLToPath(new URL('../../../shared/data/preservation/hostile/', import.meta.url));
const read = (name: string) => readFileSync(`${hostile}${name}`);
if (!existsSync(hostile)) console.log('security.test.ts: no ../shared/data here, the hostile files are left out');

describe('what the server refuses', () => {
  let harness: Harness;
  let ada: Awaited<ReturnType<Harness['member']>>;
  beforeAll(async () => {
    harness = await openHarness(false);
    ada = await harness.member('ada', 'owner');
  });
  afterAll(() => harness.close());
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string>, as?: string) =>
    harness.request(path, { method: 'POST', body: body as BodyInit, headers, ...(as ? { as } : {}) });
  const status = async (answer: Response | Promise<Response>) => (await answer).status;

  test('writes with a session from elsewhere', async () => {
    const from = (headers: Record<string, string>) =>
      harness.app.request('http://localhost/api/v1/drafts', {
        method: 'POST',
        headers: { cookie: ada.cookie, [pageTokenHeader]: pageTokenIn(ada.cookie)!, ...headers },
      });
    expect(await status(from({ origin: 'http://localhost' }))).toBe(201);
    expect(await status(from({ 'sec-fetch-site': 'same-origin' }))).toBe(201);
    for (const headers of [
      {},
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost:8081' },
    ]) {
      const answer = await from(headers);
      expect([answer.status, (await answer.json()).code], JSON.stringify(headers)).toEqual([403, 'origin-refused']);
    }
    const signIn = post('/api/auth/sign-in/email', JSON.stringify({ email: 'ada@example.org', password }), {
      ...json,
      origin: 'http://evil.example',
    });
    expect(await status(signIn)).toBe(403);
    expect(await status(harness.request('/api/v1/drafts', { method: 'POST', as: ada.token }))).toBe(201);
  });

  test('a file sent to an address that is no UTF-8: it would get a name nobody gave it', async () => {
    const { id } = await (await harness.request('/api/v1/drafts', { method: 'POST', as: ada.token })).json();
    for (const path of ['caf%e9.csv', '%ed%a0%80', '100%.csv', 'a%00b']) {
      const target = `/api/v1/drafts/${id}/files/${path}`;
      const answer = await harness.request(target, { method: 'PUT', body: 'x', as: ada.token });
      expect([answer.status, (await answer.json()).code], path).toEqual([400, 'path-invalid']);
    }
    const named = await harness.request(`/api/v1/drafts/${id}/files/100%25.csv`, {
      method: 'PUT',
      body: 'x',
      as: ada.token,
    });
    expect(await named.json()).toMatchObject({ path: '100%.csv' });
  });

  test('writes with a session need the token of that session', async () => {
    const carl = await harness.member('carl');
    const write = (cookie: string, headers: Record<string, string>, method = 'POST') =>
      harness.app.request('http://localhost/api/v1/drafts', {
        method,
        headers: { cookie, origin: 'http://localhost', ...headers },
      });
    const [ours, others] = [pageTokenIn(ada.cookie)!, pageTokenIn(carl.cookie)!];
    expect(ours).not.toBe(others);
    expect(await status(write(ada.cookie, { [pageTokenHeader]: ours }))).toBe(201);
    // A form of another site sends the cookies and what a form can hold, and none of it is a header of its own.
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const headers of [
      {},
      form,
      { [pageTokenHeader]: '' },
      { [pageTokenHeader]: others },
      { [pageTokenHeader]: `${ours}x` },
    ]) {
      const answer = await write(ada.cookie, headers);
      expect([answer.status, (await answer.json()).code], JSON.stringify(headers)).toEqual([403, 'page-token-wrong']);
      // The right one comes with the refusal, for the pages of this origin alone.
      expect(answer.headers.get('set-cookie')).toContain(`csrf_token=${ours}; Path=/; SameSite=Lax`);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    // The same token in another cookie makes it no other session's.
    const mixed = ada.cookie.replace(ours, others);
    expect(await status(write(mixed, { [pageTokenHeader]: others }))).toBe(403);
    const override = { 'x-http-method-override': 'DELETE', 'tus-resumable': '1.0.0' };
    expect(await status(write(ada.cookie, override, 'GET'))).toBe(403);
    // Programs with a token of their own, reading, and a session that is over need none.
    expect(
      await status(
        harness.app.request('http://localhost/api/v1/drafts', {
          method: 'POST',
          headers: { authorization: `Bearer ${ada.token}` },
        }),
      ),
    ).toBe(201);
    const me = await write(ada.cookie, {}, 'GET');
    expect(me.status).toBe(200);
    const again = await harness.request('/api/v1/me', { as: ada.cookie });
    expect(again.headers.get('set-cookie')).toContain(`csrf_token=${ours};`);
    expect((await harness.request('/api/v1/me')).headers.get('set-cookie')).toBeNull();
    const out = await harness.request('/api/auth/sign-out', { method: 'POST', as: carl.cookie });
    expect(out.headers.getSetCookie().some((one) => /csrf_token=;.*Max-Age=0/.test(one))).toBe(true);
    expect(await status(write(carl.cookie, {}))).toBe(401);
  });

  test('JSON is taken as JSON only, whatever a form of another site calls it', async () => {
    const body = JSON.stringify({ name: 'x', scopes: ['read'], expiresInDays: 1 });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; x=application/json',
    ])
      expect(await status(post('/api/v1/tokens', body, { 'content-type': type }, ada.cookie)), type).toBe(415);
  });

  test('what leads on leads into the same study', async () => {
    for (const path of ['..%2f..%2fx', '%2e%2e/x', 'a/%2e%2e/%2e%2e/b', './x'.replace('.', '%2e')]) {
      const answer = await harness.request(`/studies/MIC-000001/v/1/files/${path}`);
      const to = answer.headers.get('location');
      expect(
        to === null || new URL(to, 'http://localhost').pathname.startsWith('/api/v1/studies/MIC-000001/'),
        path,
      ).toBe(true);
    }
    const led = await harness.request('/studies/MIC-000001/v/1/files/a%20b/%E3%81%82.tif');
    expect([led.status, led.headers.get('location')]).toEqual([
      307,
      '/api/v1/studies/MIC-000001/versions/1/files/a%20b/%E3%81%82.tif',
    ]);
  });

  test('keys that a request does not know are refused, with their place and what was most likely meant', async () => {
    const send = async (path: string, body: object, method = 'POST', as = ada.cookie) => {
      const answer = await harness.request(path, { method, headers: json, as, body: JSON.stringify(body) });
      return {
        media: answer.headers.get('content-type'),
        ...((await answer.json().catch(() => ({}))) as { errors?: object[] }),
        status: answer.status,
      };
    };
    const token = { name: 'x', scopes: ['read'], expiresInDays: 1 };
    const misspelt = await send('/api/v1/tokens', { ...token, expiresinDays: 1 });
    expect(misspelt).toMatchObject({ status: 400, media: 'application/problem+json', code: 'request-invalid' });
    expect(misspelt.errors).toEqual([
      {
        pointer: '/expiresinDays',
        code: 'request-unknown-key',
        message: 'The key "expiresinDays" is none of this request. Is "expiresInDays" meant?',
      },
    ]);
    // What would be an account's or a study's own is no exception.
    for (const extra of [{ role: 'owner' }, { userId: 'x' }, { isAdmin: true }])
      expect((await send('/api/v1/tokens', { ...token, ...extra })).status, JSON.stringify(extra)).toBe(400);
    expect((await send('/api/v1/tokens', token)).status).toBe(201);
    for (const path of ['/api/auth/sign-in/email', '/api/auth/passkey/sign-in'])
      expect((await send(path, { email: 'x@y.example', password, response: {}, remember: true })).status, path).toBe(
        400,
      );
  });

  test('bodies that are too large, too deep, packed, or no JSON', async () => {
    const path = '/api/v1/tokens';
    expect(await status(post(path, '['.repeat(100) + ']'.repeat(100), json, ada.cookie))).toBe(400);
    expect(await status(post(path, `"${'x'.repeat(5e6)}"`, json, ada.cookie))).toBe(413);
    expect(await status(post(path, '{"name":', json, ada.cookie))).toBe(400);
    expect(await status(post(path, '{}', { 'content-type': 'text/plain' }, ada.cookie))).toBe(415);
    expect(await status(post(path, gzipSync('{}'), { ...json, 'content-encoding': 'gzip' }, ada.cookie))).toBe(415);
    expect(nestsTooDeep(JSON.stringify({ text: '['.repeat(500) }))).toBe(false);
    expect(nestsTooDeep('{"a":"\\"[[","b":[[1]]}', 3)).toBe(false);
  });

  test.runIf(existsSync(hostile))('the hostile bodies of the collection', async () => {
    const started = performance.now();
    const path = '/api/v1/drafts';
    const draft = await (await harness.request(path, { method: 'POST', as: ada.token })).json();
    const patch = (body: Buffer, headers = {}) =>
      harness.request(`${path}/${draft.id}`, {
        method: 'PATCH',
        body: body as Uint8Array<ArrayBuffer>,
        headers: { ...json, 'if-match': '"1"', ...headers },
        as: ada.token,
      });
    expect(await status(patch(read('deep.json')))).toBe(400);
    expect(await status(patch(read('gzip-bomb.json.gz'), { 'content-encoding': 'gzip' }))).toBe(415);
    expect([200, 400]).toContain(await status(patch(read('proto.json'))));
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.runIf(existsSync(hostile))('request targets as an attacker writes them: never a 5xx', async () => {
    const { server, port } = await listen(harness.app, '127.0.0.1', 0);
    const send = (target: string) =>
      new Promise<number>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
        );
        let answer = '';
        socket.on('data', (data) => (answer += data.toString('latin1')));
        socket.on('error', reject);
        socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)));
      });
    const targets = read('request-targets.txt').toString('utf8').split('\n').filter(Boolean);
    expect(targets.length).toBeGreaterThanOrEqual(18);
    for (const target of targets) {
      const code = await send(target);
      // A page may be told to come back while none is built (503 there is no fault): here the bundle is absent.
      expect(code === 503 || (code >= 200 && code < 500), `${target.slice(0, 60)} gave ${code}`).toBe(true);
    }
    expect(await send('/api/v1/status')).toBe(200);
    server.close();
    server.closeAllConnections();
  });

  test('sign-in: five tries a minute, and no word about which part was wrong', async () => {
    const tries = [];
    for (let count = 0; count < 6; count++) {
      tries.push(
        await post(
          '/api/auth/sign-in/email',
          JSON.stringify({ email: 'ghost@example.org', password: 'wrong password' }),
          json,
        ),
      );
    }
    expect(tries.map((one) => one.status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(tries[5]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const known = await post(
      '/api/auth/sign-in/email',
      JSON.stringify({ email: 'ada@example.org', password: 'wrong password' }),
      json,
    );
    const bare = async (answer: Response) => ({ ...((await answer.json()) as object), requestId: '' });
    expect(await bare(known)).toEqual(await bare(tries[0]!));
  });

  test('a session is a cookie that scripts cannot read, and no token in the answer', async () => {
    const answer = await post('/api/auth/sign-in/email', JSON.stringify({ email: 'ada@example.org', password }), json);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(answer.headers.getSetCookie().filter((one) => !one.includes('HttpOnly'))).toEqual([
      expect.stringMatching(/^micrarium\.csrf_token=[\w-]{43}; Path=\/; SameSite=Lax; Max-Age=\d+$/),
    ]);
    expect(Object.keys(await answer.json())).toEqual(['user']);
    const me = await harness.request('/api/v1/me', { as: cookie.split(';')[0]! });
    expect((await me.json()).user).toMatchObject({ email: 'ada@example.org', role: 'owner' });
    expect(await status(harness.request('/api/auth/sign-up/email', { method: 'POST' }))).toBe(404);
    expect(await status(harness.request('/api/auth/get-session'))).toBe(404);
  });

  test('a token that is none is told so', async () => {
    const answer = await harness.request('/api/v1/totals', {
      headers: { authorization: 'Bearer mic_nonsense_nonsense_nonsense' },
    });
    expect([answer.status, (await answer.json()).code]).toEqual([401, 'not-signed-in']);
  });

  test('every answer carries the headers', async () => {
    for (const path of ['/', '/api', '/api/v1/status', '/api/v1/nothing', '/studies/none']) {
      const { headers } = await harness.request(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy, path).toMatch(/default-src '(self|none)'/);
      // WebAssembly may run; text may not become code, nor may scripts stand in the page.
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1];
      if (scripts !== undefined) expect(scripts, path).toBe("'self' 'wasm-unsafe-eval'");
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBeTruthy();
    }
  });

  test('every problem code is on the page of errors, and nothing else', () => {
    const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, number]) => [
      code,
      Number(number),
    ]);
    expect(documented.sort()).toEqual(
      Object.entries(problemCodes)
        .map(([code, [number]]) => [code, number])
        .sort(),
    );
  });

  test('no fault of the program was noted', () => {
    expect(harness.faults).toEqual([]);
  });
});
