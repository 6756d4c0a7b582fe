import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oidcProviders } from '../../packages/server/src/auth/oidc.ts';
import { base32, sealed, totpCode, totpStep, unsealed } from '../../packages/server/src/auth/totp.ts';
import { type Harness, openHarness, origin, password } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let provider: Awaited<ReturnType<typeof startProvider>>;
let owner: Awaited<ReturnType<Harness['member']>>;
let dora: Awaited<ReturnType<Harness['member']>>;
let max: Awaited<ReturnType<Harness['member']>>;

/** A small OpenID provider of the test's own: it signs whatever identity it is told to, with its key or another. */
async function startProvider() {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: { query: URLSearchParams; body: URLSearchParams }[] = [];
  const says = { sub: 'someone', name: 'Some One', email: 'some@one.example', signWith: 'own', claims: {} as object };
  let authorised = new URLSearchParams();
  let issuer = '';
  const token = () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { sub, name, email, claims } = says;
    const body = {
      iss: issuer,
      aud: 'client',
      sub,
      name,
      email,
      exp: Math.floor(Date.now() / 1000) + 300,
      nonce: authorised.get('nonce'),
      ...claims,
    };
    const text = `${part({ alg: says.signWith === 'none' ? 'none' : 'RS256', kid: 'k1' })}.${part(body)}`;
    const key = says.signWith === 'other' ? other.privateKey : keys.privateKey;
    return `${text}.${says.signWith === 'none' ? '' : createSign('sha256').update(text).sign(key, 'base64url')}`;
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url!, issuer);
    const send = (value: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration')
      return void send({
        issuer,
        authorization_endpoint: `${issuer}/authorise`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      });
    if (url.pathname === '/keys')
      return void send({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1' }] });
    let text = '';
    request.on('data', (piece) => (text += piece));
    request.on('end', () => {
      asked.push({ query: authorised, body: new URLSearchParams(text) });
      send({ access_token: 'x', token_type: 'Bearer', id_token: token() });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    issuer,
    says,
    asked,
    authorise: (location: string) => void (authorised = new URL(location).searchParams),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

beforeAll(async () => {
  provider = await startProvider();
  const environment = {
    MICRARIUM_OIDC_LAB_ISSUER: provider.issuer,
    MICRARIUM_OIDC_LAB_CLIENT_ID: 'client',
    MICRARIUM_OIDC_LAB_CLIENT_SECRET: 'secret',
    MICRARIUM_OIDC_LAB_LABEL: 'The laboratory',
  };
  harness = await openHarness(true, { environment });
  [owner, dora, max] = [
    await harness.member('olga', 'owner'),
    await harness.member('dora'),
    await harness.member('max'),
  ];
});
afterAll(async () => {
  await harness.close();
  await provider.close();
});

const send = async (path: string, as: string | undefined, body?: object, method = 'POST') =>
  await harness.request(path.startsWith('/api/auth') ? path : apiBase + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ...(as === undefined ? {} : { as }),
  });
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
const me = async (as: string) => (await (await harness.request(`${apiBase}/me`, { as })).json()).user;

test('an invitation makes one account with its role, for its address only', async () => {
  const made = await (
    await send('/admin/invitations', owner.cookie, { role: 'curator', email: 'Cora@example.org' })
  ).json();
  const token = /#token=([^&]+)/.exec(made.link)![1]!;
  const account = (email: string) => ({ token, name: 'Cora', email, password });
  expect((await send('/invitation', undefined, account('other@example.org'))).status).toBe(410);
  // A password that is tried first takes nothing from the invitation.
  const common = await send('/invitation', undefined, { ...account('cora@example.org'), password: 'Password2024!' });
  expect([common.status, (await common.json()).code]).toEqual([400, 'password-known']);
  const answers = await Promise.all([1, 2].map(() => send('/invitation', undefined, account('cora@example.org'))));
  expect(answers.map((one) => one.status).sort()).toEqual([200, 410]);
  const cookie = cookieOf(answers.find((one) => one.status === 200)!);
  expect(await me(cookie)).toMatchObject({ role: 'curator', email: 'cora@example.org' });
  const second = await (await send('/admin/invitations', owner.cookie, { role: 'member' })).json();
  expect((await send(`/admin/invitations/${second.id}`, owner.cookie, undefined, 'DELETE')).status).toBe(204);
  const late = { token: second.link.split('=')[1], name: 'x', email: 'x@example.org', password };
  expect((await send('/invitation', undefined, late)).status).toBe(410);
});

test('roles change at once; closing an account ends sessions and tokens; an owner always stays', async () => {
  const eve = await harness.member('eve');
  expect((await send(`/admin/people/${eve.user.id}`, owner.cookie, { role: 'curator' }, 'PATCH')).status).toBe(204);
  expect(await me(eve.cookie)).toBeNull();
  expect(await me(eve.token)).toMatchObject({ role: 'curator' });
  const back = await send('/api/auth/sign-in/email', undefined, { email: 'eve@example.org', password });
  const { notices } = await (await harness.request(`${apiBase}/notices`, { as: cookieOf(back) })).json();
  expect(notices).toMatchObject([{ kind: 'role-changed', detail: { decision: 'curator' }, link: '/account' }]);
  // Who has the role already is neither told nor signed out.
  expect((await send(`/admin/people/${eve.user.id}`, owner.cookie, { role: 'curator' }, 'PATCH')).status).toBe(204);
  expect(await me(cookieOf(back))).toMatchObject({ role: 'curator' });
  expect((await send(`/admin/people/${eve.user.id}`, owner.cookie, { isClosed: true }, 'PATCH')).status).toBe(204);
  expect((await harness.request(`${apiBase}/me`, { as: eve.token })).status).toBe(401);
  expect((await send('/api/auth/sign-in/email', undefined, { email: 'eve@example.org', password })).status).toBe(401);
  await send(`/admin/people/${eve.user.id}`, owner.cookie, { isClosed: false }, 'PATCH');
  expect((await send('/api/auth/sign-in/email', undefined, { email: 'eve@example.org', password })).status).toBe(200);
  for (const change of [{ role: 'member' }, { isClosed: true }])
    expect((await send(`/admin/people/${owner.user.id}`, owner.cookie, change, 'PATCH')).status).toBe(409);
  expect((await send(`/admin/people/${eve.user.id}`, owner.token, { role: 'owner' }, 'PATCH')).status).toBe(403);
});

test('a session of a curator ends after twelve hours, or half an hour unused; that of others goes on', async () => {
  const [kim, cleo] = [await harness.member('kim'), await harness.member('cleo', 'curator')];
  const age = async (userId: string, hours: number, idleMinutes: number) =>
    await sql`update auth_session set "createdAt" = now() - ${hours} * interval '1 hour',
      "updatedAt" = now() - ${idleMinutes} * interval '1 minute' where "userId" = ${userId}`.execute(
      harness.services.db,
    );
  for (const { user } of [kim, cleo]) await age(user.id, 11.9, 29);
  for (const { cookie } of [kim, cleo]) expect(await me(cookie)).not.toBeNull();
  // It was used just now, which counts.
  const { rows } = await sql<{ idle: number }>`select extract(epoch from now() - "updatedAt")::float as idle
    from auth_session where "userId" = ${cleo.user.id}`.execute(harness.services.db);
  expect(rows[0]!.idle).toBeLessThan(60);
  for (const { user } of [kim, cleo]) await age(user.id, 12.1, 0);
  expect([(await me(kim.cookie)) !== null, await me(cleo.cookie)]).toEqual([true, null]);
  await age(kim.user.id, 1, 31);
  expect(await me(kim.cookie)).not.toBeNull();
  // Hours after it was made too: nothing renews it before it is judged.
  const dean = await harness.member('dean', 'curator');
  await age(dean.user.id, 3, 170);
  await sql`update auth_session set "expiresAt" = "expiresAt" - interval '3 hours' where "userId" = ${dean.user.id}`.execute(
    harness.services.db,
  );
  expect(await me(dean.cookie)).toBeNull();
});

test('a draft is shared with a person to see, then to edit, then no more; publishing stays with its owner', async () => {
  const draft = await harness.client(dora.token).call(routes.createDraft, {});
  const look = () => harness.request(`${apiBase}/drafts/${draft.id}`, { as: max.cookie });
  const save = (as: string) =>
    harness.request(`${apiBase}/drafts/${draft.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ note: 'by Max' }),
      as,
    });
  expect((await look()).status).toBe(404);
  const share = (access: string) =>
    send(`/drafts/${draft.id}/shares`, dora.cookie, { email: 'max@example.org', access });
  expect((await share('view')).status).toBe(200);
  expect([(await look()).status, (await save(max.cookie)).status]).toEqual([200, 403]);
  const listed = await harness.client(max.token).call(routes.listDrafts, {});
  expect(listed.drafts.map((one) => one.id)).toContain(draft.id);
  const { shares } = await (await share('edit')).json();
  expect(shares).toEqual([{ id: expect.any(String), access: 'edit', name: 'max', kind: 'person' }]);
  expect((await save(max.cookie)).status).toBe(200);
  expect((await send(`/drafts/${draft.id}/publish`, max.cookie)).status).toBe(403);
  expect(
    (await send(`/drafts/${draft.id}/shares`, max.cookie, { email: 'eve@example.org', access: 'view' })).status,
  ).toBe(403);
  expect((await send(`/drafts/${draft.id}/shares/${shares[0].id}`, dora.cookie, undefined, 'DELETE')).status).toBe(204);
  expect((await look()).status).toBe(404);
  expect(
    (await send(`/drafts/${draft.id}/shares`, dora.cookie, { email: 'who@example.org', access: 'view' })).status,
  ).toBe(404);
});

test('a group shares with all its members, those who come later too; its editors open the next version for the owner', async () => {
  const { id } = await (await send('/groups', dora.cookie, { name: 'Cell lab' })).json();
  const accession = await publishStudy(harness, dora.token, 'Of the lab');
  const draft = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
  expect((await send(`/drafts/${draft.id}/shares`, dora.cookie, { group: id, access: 'edit' })).status).toBe(200);
  const look = () => harness.request(`${apiBase}/drafts/${draft.id}`, { as: max.cookie });
  expect((await look()).status).toBe(404);
  expect((await send(`/groups/${id}/members`, max.cookie, { email: 'max@example.org' })).status).toBe(404);
  expect((await send(`/groups/${id}/members`, dora.cookie, { email: 'max@example.org' })).status).toBe(204);
  expect((await look()).status).toBe(200);
  await send(`/drafts/${draft.id}`, dora.cookie, undefined, 'DELETE');
  const next = await harness.client(max.token).call(routes.newDraftVersion, { params: { accession } });
  expect((await harness.services.studies.getDraft(next.id))!.ownerId).toBe(dora.user.id);
  expect((await send(`/groups/${id}/members/${dora.user.id}`, dora.cookie, undefined, 'DELETE')).status).toBe(409);
  expect((await send(`/groups/${id}/members/${max.user.id}`, max.cookie, undefined, 'DELETE')).status).toBe(204);
  expect((await harness.request(`${apiBase}/drafts/${next.id}`, { as: max.cookie })).status).toBe(404);
});

test('who leads a group names others who do; one always does, and curators find one for a community', async () => {
  const { id } = await (await send('/groups', dora.cookie, { name: 'Community lab' })).json();
  const lead = (user: string, as: string, leads: boolean) =>
    send(`/groups/${id}/members/${user}`, as, { leads }, 'PUT').then(({ status }) => status);
  const takeOut = (user: string, as: string) =>
    send(`/groups/${id}/members/${user}`, as, undefined, 'DELETE').then(({ status }) => status);
  const [doraId, maxId] = [dora.user.id, max.user.id];
  await send(`/groups/${id}/members`, dora.cookie, { email: 'max@example.org' });
  expect([await lead(maxId, max.cookie, true), await lead('nobody', dora.cookie, true)]).toEqual([404, 404]);
  expect([await lead(doraId, dora.cookie, false), await takeOut(doraId, dora.cookie)]).toEqual([409, 409]);
  // Two who give it up at once: one of them stays.
  expect(await lead(maxId, dora.cookie, true)).toBe(204);
  const both = await Promise.all([lead(doraId, dora.cookie, false), lead(maxId, max.cookie, false)]);
  expect(both.sort()).toEqual([204, 409]);
  const { db } = harness.services;
  const leaders = async () =>
    (await db.selectFrom('team_member').select('user_id').where('team_id', '=', id).where('leads', '=', true).execute())
      .length;
  expect(await leaders()).toBe(1);
  // The owner of the installation curates: of this group there is no community yet.
  expect(await lead(doraId, owner.cookie, true)).toBe(404);
  await sql`update team_member set leads = true where team_id = ${id}`.execute(db);
  const made = await send('/communities/lab-of-cells', dora.cookie, { title: 'Lab of cells', group: id }, 'PUT');
  expect(made.status).toBe(200);
  const members = async (as: string) =>
    (await (await harness.request(`${apiBase}/communities/lab-of-cells`, { as })).json()).team?.members.length;
  expect([await members(owner.cookie), await members(dora.cookie)]).toEqual([2, 2]);
  expect(await lead(maxId, owner.cookie, false)).toBe(204);
  expect(await members(max.cookie)).toBeUndefined();
  // The last one leaves: the page stays, and a curator gives it to somebody.
  expect([await takeOut(maxId, max.cookie), await takeOut(doraId, dora.cookie)]).toEqual([204, 204]);
  expect((await send(`/groups/${id}/members`, owner.cookie, { email: 'max@example.org' })).status).toBe(204);
  expect(await lead(maxId, owner.cookie, true)).toBe(204);
  expect(await members(max.cookie)).toBe(1);
});

test('codes are those of RFC 6238, and the key in the database is encrypted', () => {
  const secret = Buffer.from('12345678901234567890');
  const at = (seconds: number) => totpCode(secret, totpStep(seconds * 1000));
  expect([59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map(at)).toEqual(['287082', '081804', '005924', '353130']);
  expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(unsealed(sealed(secret, 'a'), 'a').equals(secret)).toBe(true);
  expect(() => unsealed(sealed(secret, 'a'), 'b')).toThrow();
});

test('with a second factor the password is not enough; a code counts once, a recovery code too', async () => {
  const begun = await (await send('/me/second-factor', max.cookie)).json();
  expect(begun.uri).toContain(`secret=${begun.key}`);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...begun.key].map((one: string) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g)!.map((one) => Number.parseInt(one, 2)));
  const code = (ahead: number) => totpCode(secret, totpStep(Date.now()) + ahead);
  const confirm = (text: string) => send('/me/second-factor/confirm', max.cookie, { code: text });
  expect((await confirm('000000')).status).toBe(409);
  const { recoveryCodes } = await (await confirm(code(-1))).json();
  expect(recoveryCodes).toHaveLength(10);
  const signIn = (more: object) =>
    send('/api/auth/sign-in/email', undefined, { email: 'max@example.org', password, ...more });
  const bare = await signIn({});
  expect([bare.status, (await bare.json()).code, bare.headers.getSetCookie()]).toEqual([401, 'code-needed', []]);
  // Whether there is a second factor is told to nobody without the password.
  expect((await (await signIn({ password: 'not the right one' })).json()).code).toBe('sign-in-refused');
  expect((await signIn({ code: code(-1) })).status).toBe(401);
  expect((await signIn({ code: code(0) })).status).toBe(200);
  expect((await signIn({ code: recoveryCodes[0] })).status).toBe(200);
  const stored = await harness.services.db.selectFrom('second_factor').select('secret').executeTakeFirstOrThrow();
  expect(stored.secret).not.toContain(begun.key);
  const state = async () => (await (await send('/me/second-factor', max.cookie, undefined, 'GET')).json()) as object;
  expect(await state()).toMatchObject({ isOn: true, recoveryCodes: 9 });
  expect((await send('/me/second-factor/off', max.cookie, { code: recoveryCodes[0] })).status).toBe(409);
  expect((await send('/me/second-factor/off', max.cookie, { code: recoveryCodes[1] })).status).toBe(204);
  expect(await state()).toMatchObject({ isOn: false, recoveryCodes: 0 });
});

/** Goes through a sign-in at the provider, as a browser does. */
async function through(as?: string, break_: (callback: URL) => void = () => {}) {
  const begun = await harness.request('/api/auth/oidc/lab?to=/search', as === undefined ? {} : { as });
  const location = begun.headers.get('location')!;
  provider.authorise(location);
  const callback = new URL(`${origin}/api/auth/oidc/lab/callback`);
  callback.searchParams.set('code', 'abc');
  callback.searchParams.set('state', new URL(location).searchParams.get('state')!);
  break_(callback);
  const cookie = [cookieOf(begun), as].filter(Boolean).join('; ');
  return await harness.request(callback.pathname + callback.search, { headers: { cookie } });
}

test('a provider that vouches: linked with an account by its owner, then signs in; nobody else gets in', async () => {
  expect(await harness.client().call(routes.signInWays, {})).toEqual({
    canReset: false,
    passkeyHost: 'localhost',
    providers: [{ id: 'lab', label: 'The laboratory' }],
  });
  const stranger = await through();
  expect(stranger.headers.get('location')).toBe('/sign-in?refused=unknown');
  expect((await through(dora.cookie)).headers.get('location')).toBe('/account');
  const signed = await through();
  expect(signed.headers.get('location')).toBe('/search');
  expect(await me(cookieOf(signed))).toMatchObject({ email: 'dora@example.org' });
  // What a provider says of several factors counts as one more than a password; what it does not say counts as none.
  const factorOf = async (cookie: string) =>
    (await harness.services.accounts.whoAsks(new Headers({ cookie })))?.session?.factor;
  expect(await factorOf(cookieOf(signed))).toBeUndefined();
  provider.says.claims = { amr: ['pwd', 'otp', 'mfa'] };
  expect(await factorOf(cookieOf(await through()))).toBe('provider');
  provider.says.claims = {};
  const { query, body } = provider.asked.at(-1)!;
  expect(query.get('code_challenge_method')).toBe('S256');
  expect(body.get('code_verifier')).toMatch(/^[\w-]{43}$/);
  // The same identity cannot be taken by another account.
  expect((await through(max.cookie)).headers.get('location')).toBe('/account?refused=taken');
});

test('what does not fit is refused: state, nonce, issuer, audience, age, key, no signature', async () => {
  const status = async (...args: Parameters<typeof through>) => (await through(...args)).status;
  expect(await status(undefined, (url) => url.searchParams.set('state', 'made-up'))).toBe(401);
  const wrong: [string, object][] = [
    ['own', { nonce: 'other' }],
    ['own', { iss: 'https://elsewhere.example' }],
    ['own', { aud: 'another' }],
    ['own', { aud: ['client', 'another'] }],
    ['own', { exp: 1 }],
    ['other', {}],
    ['none', {}],
  ];
  for (const [signWith, claims] of wrong) {
    Object.assign(provider.says, { signWith, claims });
    expect(await status(), JSON.stringify([signWith, claims])).toBe(401);
  }
  Object.assign(provider.says, { signWith: 'own', claims: {} });
  expect(await status()).toBe(302);
  const bare = await harness.request('/api/auth/oidc/lab/callback?code=a&state=b');
  expect(bare.headers.get('location')).toBe('/sign-in?refused=provider');
  expect((await harness.request('/api/auth/oidc/nobody')).status).toBe(404);
});

test('providers are read from the environment; ORCID needs no issuer; half a provider is said', () => {
  const read = oidcProviders({ MICRARIUM_ORCID_CLIENT_ID: 'a', MICRARIUM_ORCID_CLIENT_SECRET: 'b' });
  expect(read).toMatchObject({ providers: [{ id: 'orcid', issuer: 'https://orcid.org' }], missing: [] });
  expect(oidcProviders({ MICRARIUM_OIDC_X_ISSUER: 'https://x.example' }).missing).toHaveLength(1);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
