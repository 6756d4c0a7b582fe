import { existsSync, readFileSync } from 'node:fs';
import { request as ask } from 'node:http';
import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { createApplication } from '../../packages/server/src/http/app.ts';
import { isDeposited } from '../../packages/server/src/http/files-origin.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
beforeAll(async () => {
  harness = await openHarness(true, { environment: { MICRARIUM_URL: 'https://micrarium.example' } });
  dora = await harness.member('dora');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const files = {
    'tracks.csv': trackTable,
    'script.svg': svg,
    'script.html': '<script>alert(1)</script>',
    'code.js': 'alert(1)',
  };
  accession = await publishStudy(harness, dora.token, '<img src=x onerror=alert(1)>', files);
});
afterAll(() => harness.close());

test('each line of docs/security.md names a test that is there', () => {
  const root = new URL('../../', import.meta.url);
  const page = readFileSync(new URL('docs/security.md', root), 'utf8');
  const named = [...page.matchAll(/`((?:tests|packages)\/[\w./-]+\.test\.tsx?)` › ([^;|]+?)(?=;| \|)/g)];
  expect(named.length).toBeGreaterThan(25);
  for (const [, file = '', title = ''] of named) {
    expect(existsSync(new URL(file, root)), file).toBe(true);
    expect(readFileSync(new URL(file, root), 'utf8'), `${file} › ${title}`).toContain(title);
  }
  // Every line of the section is there: 18.1 to 18.18.
  const lines = [...page.matchAll(/^\| 18\.(\d+) \|/gm)].map(([, number]) => Number(number));
  expect(lines).toEqual(Array.from({ length: 18 }, (_none, at) => at + 1));
});

test('by https: cookies go over nothing else, and browsers are told to come by nothing else', async () => {
  const { accounts } = harness.services;
  const { cookies } = (await accounts.signIn('dora@example.org', 'correct horse battery'))!;
  expect(
    cookies.every((cookie) => cookie.startsWith('__Host-') && / Path=\/;/.test(cookie) && /; Secure/i.test(cookie)),
  ).toBe(true);
  expect(cookies.every((cookie) => /; SameSite=Lax/i.test(cookie))).toBe(true);
  // The token that scripts of our pages send back is the one cookie they can read; it opens nothing by itself.
  expect(cookies.filter((cookie) => !/; HttpOnly/i.test(cookie)).map((one) => one.split('=')[0])).toEqual([
    '__Host-micrarium.csrf_token',
  ]);
  for (const path of ['/', '/api/v1/status', `/studies/${accession}`, '/no/such/page'])
    expect((await harness.request(path)).headers.get('strict-transport-security'), path).toBe(
      'max-age=31536000; includeSubDomains',
    );
});

test('no page carries a script of its own making: nothing inline runs, nothing of a depositor does', async () => {
  for (const path of [
    `/studies/${accession}`,
    '/api',
    '/integrity',
    '/no/such/page',
    `/studies/${accession}?lang=ja`,
  ]) {
    const answer = await harness.request(path, { headers: { accept: 'text/html' } });
    const text = await answer.text();
    const scripts = [...text.matchAll(/<script\b([^>]*)>([^<]*)/gi)];
    // Data for machines is no program; whatever else is in a page comes from a file of ours.
    for (const [, attributes = '', body = ''] of scripts)
      expect(
        /type="application\/ld\+json"/.test(attributes) || (/src="\//.test(attributes) && body.trim() === ''),
        path,
      ).toBe(true);
    expect(text, path).not.toMatch(/<[^>]+\son\w+=/i);
    expect(text, path).not.toContain('<img src=x');
    expect(text, path).not.toMatch(/<[^>]+\sstyle=/i);
    expect(answer.headers.get('content-security-policy'), path).not.toContain('unsafe-inline');
  }
});

test('files of depositors never run on our origin', async () => {
  for (const name of ['script.svg', 'script.html', 'code.js']) {
    const { headers } = await harness.request(`${apiBase}/studies/${accession}/versions/1/files/${name}`);
    expect(headers.get('content-disposition'), name).toMatch(/^attachment/);
    expect(headers.get('content-security-policy'), name).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options'), name).toBe('nosniff');
  }
});

/** Runs with a server that has an origin for files alone, asked by the names of both. */
async function withFilesOrigin(
  work: (look: (host: string, path: string, more?: object) => Promise<Look>) => Promise<void>,
): Promise<void> {
  const config = { ...harness.kernel.config, filesOrigin: `https://${filesHost}` };
  const { server, port } = await listen(createApplication({ ...harness.kernel, config }), '127.0.0.1', 0);
  try {
    await work(
      (host, path, { method = 'GET', headers = {} }: { method?: string; headers?: object } = {}) =>
        new Promise((resolve, reject) => {
          const request = ask({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () =>
              resolve({ status: answer.statusCode!, headers: answer.headers, text: Buffer.concat(parts).toString() }),
            );
          });
          request.on('error', reject);
          request.end();
        }),
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

interface Look {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}
const pagesHost = 'micrarium.example';
const filesHost = 'files.example';
const fileOf = (name: string) => `${apiBase}/studies/${accession}/versions/1/files/${name}`;

test('files of open studies are led to an origin of their own where one is named, and read from there', async () => {
  await withFilesOrigin(async (look) => {
    for (const name of ['script.svg', 'script.html', 'code.js', 'tracks.csv']) {
      const led = await look(pagesHost, fileOf(name), { headers: { cookie: dora.cookie } });
      expect([led.status, led.headers['location'], led.headers['access-control-allow-origin']], name).toEqual([
        307,
        `https://${filesHost}${fileOf(name)}`,
        '*',
      ]);
    }
    const { status, headers, text } = await look(filesHost, fileOf('code.js'));
    expect([status, text]).toEqual([200, 'alert(1)']);
    expect(headers['content-disposition']).toMatch(/^attachment/);
    expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    // With the port of its protocol it is the same origin; a name that only begins so is another.
    expect((await look(`${filesHost}:443`, fileOf('code.js'))).status).toBe(200);
    expect((await look(`${filesHost}.elsewhere.example`, fileOf('code.js'))).status).toBe(307);
    // A range that was answered there a moment ago is not answered here.
    const range = { headers: { range: 'bytes=0-3' } };
    for (const host of [filesHost, filesHost])
      expect((await look(host, fileOf('tracks.csv'), range)).text).toBe('fram');
    expect((await look(pagesHost, fileOf('tracks.csv'), range)).status).toBe(307);
    expect((await look(filesHost, fileOf('tracks.csv'), { method: 'OPTIONS' })).status).toBe(204);
    // Scripts of our own pages read here; pages may read and play what is there.
    const own = { headers: { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' } };
    const read = await look(pagesHost, fileOf('code.js'), own);
    expect([read.status, read.headers['vary']]).toEqual([200, expect.stringContaining('Sec-Fetch-Dest')]);
    const policy = String((await look(pagesHost, `/studies/${accession}`)).headers['content-security-policy']);
    expect(policy).toContain(`connect-src 'self' blob: data: https://${filesHost};`);
    expect(policy).toContain(`media-src 'self' blob: https://${filesHost};`);
  });
  const deposited = { kind: 'deposited', path: 'a.zip' } as const;
  expect([isDeposited(deposited), isDeposited({ kind: 'entry', archive: deposited, entry: 'x.html' })]).toEqual([
    true,
    true,
  ]);
  expect(isDeposited({ kind: 'form', key: 'k', path: 'image-0.ozx' })).toBe(false);
});

test('the origin of files serves nothing but files, and knows nobody', async () => {
  await withFilesOrigin(async (look) => {
    const as = { headers: { cookie: dora.cookie, authorization: `Bearer ${dora.token}` } };
    for (const path of [
      '/',
      '/sign-in',
      `/studies/${accession}`,
      '/health/live',
      '/api',
      `${apiBase}/status`,
      `${apiBase}/me`,
      `${apiBase}/openapi.json`,
      `${apiBase}/studies/${accession}/versions/1`,
      `${apiBase}/studies/${accession}/versions/1/files/`,
      '/api/auth/get-session',
    ]) {
      const { status, headers, text } = await look(filesHost, path, as);
      expect([status, headers['content-type'], headers['set-cookie']], path).toEqual([
        404,
        'application/problem+json',
        undefined,
      ]);
      expect(text, path).toContain('There are files of studies here, and nothing else.');
    }
    for (const path of [`${apiBase}/drafts`, '/api/auth/sign-in/email', fileOf('code.js')])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
        expect((await look(filesHost, path, { method, ...as })).status, `${method} ${path}`).toBe(405);
    // What only some may read stays where they are known, and is not there for anybody.
    const { db, states } = harness.services;
    const row = { accession, state: 'embargoed' as const, until: '2999-01-01', reason: 'x', replaced_by: null };
    await db
      .insertInto('study_state')
      .values({ ...row, actor: 'x', archived: true })
      .execute();
    states['remembered'].forget(accession);
    expect((await look(pagesHost, fileOf('code.js'), as)).status).toBe(200);
    expect((await look(filesHost, fileOf('code.js'), as)).status).toBe(403);
    await db.deleteFrom('study_state').where('accession', '=', accession).execute();
    states['remembered'].forget(accession);
  });
});

test('the origin of files is named by protocol and name, and is another name than that of the pages', () => {
  const pages = { MICRARIUM_URL: 'https://micrarium.example' };
  const read = (files: string, env = pages) => readConfig({}, { ...env, MICRARIUM_FILES_ORIGIN: files }).filesOrigin;
  expect(read('https://files.example/')).toBe('https://files.example');
  for (const wrong of ['https://files.example/x', 'https://micrarium.example:8443', 'http://files.example', 'files'])
    expect(() => read(wrong), wrong).toThrow('MICRARIUM_FILES_ORIGIN');
  expect(() => readConfig({}, { MICRARIUM_FILES_ORIGIN: 'https://files.example' })).toThrow('MICRARIUM_URL');
});

test('bytes under embargo are kept by no cache that others share', async () => {
  const { db, states } = harness.services;
  const row = {
    accession,
    state: 'embargoed' as const,
    until: '2999-01-01',
    reason: 'x',
    replaced_by: null,
    actor: 'x',
    archived: true,
  };
  await db.insertInto('study_state').values(row).execute();
  states['remembered'].forget(accession);
  const path = `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`;
  expect((await harness.request(path)).status).toBe(403);
  const own = await harness.request(path, { as: dora.token });
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
  await db.deleteFrom('study_state').where('accession', '=', accession).execute();
});

test('a session made before signing in is not taken over, and one that ended stays ended', async () => {
  const made = 'micrarium.session_token=made-up.signature; __Host-micrarium.session_token=made-up.signature';
  const body = JSON.stringify({ email: 'dora@example.org', password: 'correct horse battery' });
  const headers = { 'content-type': 'application/json', origin: 'https://micrarium.example', cookie: made };
  const answer = await harness.request('/api/auth/sign-in/email', { method: 'POST', body, headers });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  expect(cookie).not.toContain('made-up');
  const me = async (as: string) => (await (await harness.request(`${apiBase}/me`, { as })).json()).user;
  expect(await me(made)).toBeNull();
  expect(await me(cookie)).toMatchObject({ email: 'dora@example.org' });
  await harness.request('/api/auth/sign-out', {
    method: 'POST',
    headers: { origin: 'https://micrarium.example', cookie },
  });
  expect(await me(cookie)).toBeNull();
});

test('no request can name a role, an owner or an id', async () => {
  const json = { 'content-type': 'application/json' };
  const accept = (more: object) =>
    harness.request(`${apiBase}/invitation`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({
        token: 'made up',
        name: 'x',
        email: 'x@example.org',
        password: 'long enough to be one',
        ...more,
      }),
    });
  expect([(await accept({})).status, (await accept({ role: 'owner' })).status]).toEqual([410, 400]);
  const make = (more: object) =>
    harness.request(`${apiBase}/tokens`, {
      method: 'POST',
      headers: json,
      as: dora.cookie,
      body: JSON.stringify({ name: 't', scopes: ['read'], expiresInDays: 1, ...more }),
    });
  for (const more of [{ userId: 'another' }, { id: 'chosen' }]) expect((await make(more)).status).toBe(400);
  expect((await make({})).status).toBe(201);
  const { rows } = { rows: await harness.services.db.selectFrom('api_token').select('user_id').execute() };
  expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set([dora.user.id]));
});

test('long words to search for take no long time', async () => {
  const started = performance.now();
  for (const q of ['a'.repeat(500), '(a+)+$'.repeat(80), '%'.repeat(500), '\\'.repeat(500)])
    expect((await harness.request(`${apiBase}/studies?q=${encodeURIComponent(q)}`)).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('what is noted of a fault holds no secret of the request', async () => {
  const { studies } = harness.services;
  const was = studies.getVersion.bind(studies);
  studies.getVersion = () => Promise.reject(new Error('planted'));
  await harness.request(`${apiBase}/studies/X?token=PLANTED-SECRET`, { headers: { cookie: 'x=PLANTED-SECRET' } });
  studies.getVersion = was;
  const noted = harness.faults.splice(0).map(({ fault, where }) => `${where} ${String((fault as Error).stack)}`);
  expect(noted).toHaveLength(1);
  expect(noted.join()).toContain('planted');
  expect(noted.join()).not.toContain('PLANTED-SECRET');
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
