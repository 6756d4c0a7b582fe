import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAddressCheck } from '../../packages/server/src/auth/address-check.ts';
import { accountOfIdentity, linkIdentity } from '../../packages/server/src/auth/identities.ts';
import { type Harness, openHarness, password } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness(false);
});
afterAll(() => harness.close());

const json = { 'content-type': 'application/json' };

async function send(as: string | undefined, method: string, path: string, body?: unknown, headers: object = {}) {
  return await harness.request(`${path.startsWith('/api') ? '' : apiBase}${path}`, {
    method,
    ...(as === undefined ? {} : { as }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : json), ...headers },
  });
}

const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');

async function signIn(email: string, given: string, headers: object = {}): Promise<Response> {
  return await send(undefined, 'POST', '/api/auth/sign-in/email', { email, password: given }, headers);
}

const isKnown = async (cookie: string) => (await (await send(cookie, 'GET', '/me')).json()).user !== null;

interface Device {
  id: string;
  device: string;
  isThis: boolean;
}
const devices = async (cookie: string): Promise<Device[]> =>
  (await (await send(cookie, 'GET', '/me/sessions')).json()).sessions;

test('devices: each is listed by what it calls itself, and signed out alone or with all others', async () => {
  const { cookie } = await harness.member('dora');
  const phone = cookieOf(await signIn('dora@example.org', password, { 'user-agent': 'A phone' }));
  const laptop = cookieOf(await signIn('dora@example.org', password, { 'user-agent': 'A laptop' }));
  const listed = await devices(phone);
  expect(listed.filter(({ isThis }) => isThis).map(({ device }) => device)).toEqual(['A phone']);
  expect(listed.map(({ device }) => device).sort()).toEqual(['', 'A laptop', 'A phone']);
  expect(JSON.stringify(listed)).not.toContain(decodeURIComponent(phone).split('=')[1]!.split('.')[0]);

  const other = await harness.member('otto');
  const ofLaptop = listed.find(({ device }) => device === 'A laptop')!;
  expect((await send(other.cookie, 'DELETE', `/me/sessions/${ofLaptop.id}`)).status).toBe(404);
  expect((await send(phone, 'DELETE', `/me/sessions/${ofLaptop.id}`)).status).toBe(204);
  expect([await isKnown(laptop), await isKnown(cookie), await isKnown(phone)]).toEqual([false, true, true]);
  expect((await send(phone, 'DELETE', '/me/sessions')).status).toBe(204);
  expect([await isKnown(cookie), await isKnown(phone), await isKnown(other.cookie)]).toEqual([false, true, true]);
  expect((await devices(phone)).length).toBe(1);
});

test('signing in again on a device gives a new session and ends the one before', async () => {
  const { cookie } = await harness.member('rita');
  const again = cookieOf(await signIn('rita@example.org', password, { cookie, origin: 'http://localhost' }));
  expect(again).not.toBe(cookie);
  expect([await isKnown(cookie), await isKnown(again)]).toEqual([false, true]);
});

test('a session of a member ends after seven days, or twelve hours unused', async () => {
  const { user } = await harness.member('mona');
  const { db } = harness.services;
  const after = async (begun: number, used: number) => {
    const cookie = cookieOf(await signIn('mona@example.org', password));
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
    await db
      .updateTable('auth_session')
      .set({ createdAt: hours(begun), updatedAt: hours(used) } as never)
      .where('userId', '=', user.id)
      .execute();
    return await isKnown(cookie);
  };
  expect(await after(100, 11)).toBe(true);
  expect(await after(100, 13)).toBe(false);
  expect(await after(167, 1)).toBe(true);
  expect(await after(169, 1)).toBe(false);
});

test('a password is changed with the one so far; every session ends, and the one that asked goes on as a new one', async () => {
  const { cookie } = await harness.member('pia');
  const elsewhere = cookieOf(await signIn('pia@example.org', password));
  const change = (current: string, wanted: string) =>
    send(cookie, 'PUT', '/me/password', { current, password: wanted });
  expect((await change('not the password', 'a long enough phrase')).status).toBe(409);
  expect((await change(password, 'short')).status).toBe(400);
  expect((await change(password, 'x'.repeat(129))).status).toBe(400);
  expect((await change(password, 'password1234')).status).toBe(400);
  expect(await isKnown(elsewhere)).toBe(true);
  const done = await change(password, `${'ä long phrase of words '.repeat(5)}x`);
  expect(done.status).toBe(204);
  const next = cookieOf(done);
  expect([await isKnown(cookie), await isKnown(elsewhere), await isKnown(next)]).toEqual([false, false, true]);
  expect((await signIn('pia@example.org', password)).status).toBe(401);
  expect((await signIn('pia@example.org', `${'ä long phrase of words '.repeat(5)}x`)).status).toBe(200);
});

test('a linked identity is taken away, but never the last way to sign in', async () => {
  const { user, cookie } = await harness.member('lina');
  const { db } = harness.services;
  await linkIdentity(db, user.id, { provider: 'orcid', subject: '0000-0002-1825-0097' });
  expect((await send(cookie, 'DELETE', '/me/identities/other')).status).toBe(404);
  expect((await send(cookie, 'DELETE', '/me/identities/orcid')).status).toBe(204);
  expect(await accountOfIdentity(db, 'orcid', '0000-0002-1825-0097')).toBeUndefined();
  await linkIdentity(db, user.id, { provider: 'orcid', subject: '0000-0002-1825-0097' });
  await db.deleteFrom('auth_account').where('userId', '=', user.id).where('providerId', '=', 'credential').execute();
  expect((await send(cookie, 'DELETE', '/me/identities/orcid')).status).toBe(409);
  // Soon after signing in a first password can be set, and then the identity may go.
  const done = await send(cookie, 'PUT', '/me/password', { password: 'a first password of mine' });
  expect(done.status).toBe(204);
  expect((await send(cookieOf(done), 'DELETE', '/me/identities/orcid')).status).toBe(204);
  expect((await signIn('lina@example.org', 'a first password of mine')).status).toBe(200);
});

test('an address is confirmed once, with the link that was sent there, while it is that of the account', async () => {
  const { user, cookie } = await harness.member('vic');
  const { accounts, db } = harness.services;
  expect(await accounts.isConfirmed(user.id)).toBe(false);
  // Without mail there is nothing to confirm it by, and nobody is kept from working.
  expect((await send(cookie, 'POST', '/me/address-check')).status).toBe(409);
  expect((await send(cookie, 'POST', '/drafts')).status).toBe(201);
  const confirm = async (token: string) => (await send(undefined, 'POST', '/address-check', { token })).status;
  const first = await makeAddressCheck(db, user.id, 'vic@example.org');
  const second = await makeAddressCheck(db, user.id, 'vic@example.org');
  expect(await confirm(first)).toBe(410);
  expect(await confirm(second)).toBe(204);
  expect(await confirm(second)).toBe(410);
  expect(await accounts.isConfirmed(user.id)).toBe(true);
  const other = await harness.member('vero');
  expect(await confirm(await makeAddressCheck(db, other.user.id, 'of-before@example.org'))).toBe(410);
  expect(await accounts.isConfirmed(other.user.id)).toBe(false);
});

test('signing in computes one hash, whether the account is there, has a second factor, or neither', async () => {
  const { user } = await harness.member('tess');
  const { db, accounts } = harness.services;
  await db
    .insertInto('second_factor')
    .values({ user_id: user.id, secret: 'x', confirmed_at: new Date(), last_step: 0 })
    .execute();
  const { password: passwords } = (await (
    await accounts['library']()
  ).$context) as {
    password: { verify(asked: { hash: string; password: string }): Promise<boolean> };
  };
  const verify = passwords.verify.bind(passwords);
  let hashes = 0;
  passwords.verify = (asked) => {
    hashes++;
    return verify(asked);
  };
  try {
    const answers: string[] = [];
    for (const email of ['tess@example.org', 'dora@example.org', 'nobody-here@example.org']) {
      const answer = await signIn(email, 'not the password at all');
      const { requestId: _id, ...said } = (await answer.json()) as Record<string, unknown>;
      answers.push(`${answer.status} ${hashes} ${JSON.stringify(said)}`);
      hashes = 0;
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^401 1 /);
  } finally {
    passwords.verify = verify;
  }
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
