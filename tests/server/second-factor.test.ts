import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totpCode, totpStep } from '../../packages/server/src/auth/totp.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { type Harness, openHarness, password } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness(false, { environment: { MICRARIUM_SECOND_FACTOR: 'required' } });
});
afterAll(() => harness.close());

type Person = Awaited<ReturnType<Harness['member']>>;
const ask = (as: string, method: string, path: string, body?: object) =>
  harness.request(path.startsWith('/api/') ? path : apiBase + path, {
    method,
    as,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
const said = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];
const me = async (as: string) => (await (await ask(as, 'GET', '/me')).json()) as { needsSecondFactor?: true };
const refused = [403, 'second-factor-needed'];

/** Codes of an app that holds the key, one step of 30 s after the other. */
function appWith(key: string) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g)!.map((one) => Number.parseInt(one, 2)));
  return (ahead: number) => totpCode(secret, totpStep(Date.now()) + ahead);
}

/** Sets up an app in a session. */
async function setUp({ cookie }: Person) {
  const { key } = (await (await ask(cookie, 'POST', '/me/second-factor')).json()) as { key: string };
  const code = appWith(key);
  const answer = await ask(cookie, 'POST', '/me/second-factor/confirm', { code: code(-1) });
  return { code, recoveryCodes: ((await answer.json()) as { recoveryCodes: string[] }).recoveryCodes };
}

async function signIn(email: string, code?: string): Promise<string> {
  const body = JSON.stringify({ email, password, ...(code === undefined ? {} : { code }) });
  const headers = { 'content-type': 'application/json' };
  const answer = await harness.request('/api/auth/sign-in/email', { method: 'POST', body, headers });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

test('a curator without a second factor is a member, and is told what is missing; with one the role counts', async () => {
  const [cora, dora] = [await harness.member('cora', 'curator'), await harness.member('dora')];
  const draft = (await (await ask(dora.token, 'POST', '/drafts')).json()) as { id: string };
  expect(await me(cora.cookie)).toMatchObject({ needsSecondFactor: true });
  expect(await said(await ask(cora.cookie, 'GET', '/reviews'))).toEqual(refused);
  // What they were shown as curator is no secret to them; to a member who is none it is not there.
  expect(await said(await ask(cora.cookie, 'GET', `/drafts/${draft.id}`))).toEqual(refused);
  const max = await harness.member('max');
  expect((await ask(max.cookie, 'GET', `/drafts/${draft.id}`)).status).toBe(404);
  // What every member may do they may.
  expect((await ask(cora.cookie, 'POST', '/drafts')).status).toBe(201);
  const token = await harness.token(cora.user.id, ['curate']);
  expect(await said(await ask(token, 'GET', '/reviews'))).toEqual(refused);

  const { code, recoveryCodes } = await setUp(cora);
  expect(await me(cora.cookie)).not.toHaveProperty('needsSecondFactor');
  expect((await ask(cora.cookie, 'GET', '/reviews')).status).toBe(200);
  expect((await ask(cora.cookie, 'GET', `/drafts/${draft.id}`)).status).toBe(200);
  expect((await ask(token, 'GET', '/reviews')).status).toBe(200);
  const [byApp, byRecovery] = [
    await signIn('cora@example.org', code(0)),
    await signIn('cora@example.org', recoveryCodes[0]),
  ];
  for (const one of [byApp, byRecovery]) expect((await ask(one, 'GET', '/reviews')).status).toBe(200);
  // Taken away, it counts in no session any more.
  expect((await ask(byApp, 'POST', '/me/second-factor/off', { code: recoveryCodes[1] })).status).toBe(204);
  for (const one of [cora.cookie, byApp, byRecovery, token])
    expect(await said(await ask(one, 'GET', '/reviews'))).toEqual(refused);
});

test('the owner sets up a second factor before anything of the installation; a passkey does as well', async () => {
  const olga = await harness.member('olga', 'owner');
  for (const path of ['/admin/people', '/admin/overview', '/admin/audit'])
    expect(await said(await ask(olga.cookie, 'GET', path)), path).toEqual(refused);
  expect(await said(await ask(olga.cookie, 'POST', '/admin/invitations', { role: 'member' }))).toEqual(refused);
  await harness.services.db
    .updateTable('auth_session')
    .set({ factor: 'passkey' })
    .where('userId', '=', olga.user.id)
    .execute();
  expect((await ask(olga.cookie, 'GET', '/admin/people')).status).toBe(200);
  // A session of the password alone beside it has shown nothing.
  const bare = await signIn('olga@example.org');
  expect(await said(await ask(bare, 'GET', '/admin/people'))).toEqual(refused);
});

test('who leads a community curates, and needs one; a member needs none', async () => {
  const [lena, mia] = [await harness.member('lena'), await harness.member('mia')];
  const { id: group } = (await (await ask(lena.cookie, 'POST', '/groups', { name: 'Cell lab' })).json()) as {
    id: string;
  };
  expect(await me(lena.cookie)).not.toHaveProperty('needsSecondFactor');
  const made = await ask(lena.cookie, 'PUT', '/communities/cell-lab', { title: 'Cell lab', group });
  expect(made.status).toBe(200);
  expect(await me(lena.cookie)).toMatchObject({ needsSecondFactor: true });
  expect(await said(await ask(lena.cookie, 'PUT', '/communities/cell-lab', { title: 'Cells' }))).toEqual(refused);
  await setUp(lena);
  expect((await ask(lena.cookie, 'PUT', '/communities/cell-lab', { title: 'Cells' })).status).toBe(200);
  expect(await me(mia.cookie)).not.toHaveProperty('needsSecondFactor');
});

test('it is required where the installation is reached by https, unless its operator says otherwise', () => {
  const set = (environment: Record<string, string>) => readConfig({}, environment).secondFactor;
  expect(set({})).toBe('offered');
  expect(set({ MICRARIUM_URL: 'http://localhost:8080' })).toBe('offered');
  expect(set({ MICRARIUM_URL: 'https://images.example.org' })).toBe('required');
  expect(set({ MICRARIUM_URL: 'https://images.example.org', MICRARIUM_SECOND_FACTOR: 'offered' })).toBe('offered');
  expect(set({ MICRARIUM_SECOND_FACTOR: 'required' })).toBe('required');
  expect(() => set({ MICRARIUM_SECOND_FACTOR: 'perhaps' })).toThrow('MICRARIUM_SECOND_FACTOR');
});
