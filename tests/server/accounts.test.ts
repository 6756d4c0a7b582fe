import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Accounts, EmailTaken } from '../../packages/server/src/auth/accounts.ts';
import { listTokens, makeToken, revokeToken } from '../../packages/server/src/auth/api-tokens.ts';
import { hasOwner, makeOwnerToken } from '../../packages/server/src/auth/owner-link.ts';
import { RateLimit } from '../../packages/server/src/auth/rate-limit.ts';
import { makeDatabase } from './make-database.ts';

describe('accounts', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let accounts: Accounts;
  const owner = { name: 'Ada', email: 'Ada@example.org', password: 'correct horse battery' };
  beforeAll(async () => {
    database = await makeDatabase();
    accounts = new Accounts(database.db, 'x'.repeat(40));
  });
  afterAll(() => database.drop());

  test('our migration makes the tables the library wants', async () => {
    expect(await accounts.passkeys.missingTables()).toEqual([]);
  });

  test('an owner link makes one owner, once, however many press it', async () => {
    const old = await makeOwnerToken(database.db);
    const token = await makeOwnerToken(database.db);
    expect(await accounts.welcome(old, owner)).toBeUndefined();
    expect(await accounts.welcome('made up', owner)).toBeUndefined();
    const made = await Promise.all([accounts.welcome(token, owner), accounts.welcome(token, owner)]);
    expect(made.filter(Boolean)).toEqual([expect.objectContaining({ role: 'owner', email: 'ada@example.org' })]);
    expect(await hasOwner(database.db)).toBe(true);
    expect(
      await accounts.welcome(await makeOwnerToken(database.db), { ...owner, email: 'b@example.org' }),
    ).toBeUndefined();
  });

  test('signs in, knows the session, and forgets it on the server at sign-out', async () => {
    expect(await accounts.signIn('ada@example.org', 'wrong password 12')).toBeUndefined();
    expect(await accounts.signIn('nobody@example.org', owner.password)).toBeUndefined();
    const signed = await accounts.signIn('ada@example.org', owner.password);
    expect(signed!.user).toMatchObject({ name: 'Ada', role: 'owner' });
    const cookie = signed!.cookies.find((one) => one.includes('session_token'))!;
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    const headers = new Headers({ cookie: cookie.split(';')[0]! });
    expect(await accounts.whoAsks(headers)).toMatchObject({ user: { role: 'owner' }, via: 'session' });
    await accounts.signOut(headers);
    expect(await accounts.whoAsks(headers)).toBeUndefined();
  });

  test('one address has one account', async () => {
    await expect(accounts.create({ name: 'x', email: 'ADA@example.org', role: 'member' })).rejects.toBeInstanceOf(
      EmailTaken,
    );
  });

  test('tokens: shown once, hashed, expiring, revocable', async () => {
    const member = await accounts.create({ name: 'Bea', email: 'bea@example.org', role: 'member' });
    const { token, secret } = await makeToken(database.db, member.id, {
      name: 'laptop',
      scopes: ['read'],
      expiresInDays: 1,
    });
    const headers = new Headers({ authorization: `Bearer ${secret}` });
    expect(await accounts.whoAsks(headers)).toEqual({
      user: { id: member.id, name: 'Bea', email: 'bea@example.org', role: 'member' },
      via: 'token',
      hasFactor: false,
      scopes: ['read'],
    });
    expect((await listTokens(database.db, member.id))[0]).toMatchObject({
      name: 'laptop',
      lastUsedAt: expect.any(String),
    });
    const rows = await database.db.selectFrom('api_token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await revokeToken(database.db, 'somebody else', token.id)).toBe(false);
    await database.db
      .updateTable('api_token')
      .set({ expires_at: new Date(0) })
      .execute();
    expect(await accounts.whoAsks(headers)).toBeUndefined();
    await database.db
      .updateTable('api_token')
      .set({ expires_at: new Date(Date.now() + 1e6) })
      .execute();
    expect(await revokeToken(database.db, member.id, token.id)).toBe(true);
    expect(await accounts.whoAsks(headers)).toBeUndefined();
    expect(await accounts.whoAsks(new Headers({ authorization: 'Bearer ' }))).toBeUndefined();
  });
});

test('a rate limit lets through what is allowed and says how long to wait', () => {
  const limit = new RateLimit([
    { milliseconds: 60_000, tries: 2 },
    { milliseconds: 3_600_000, tries: 3 },
  ]);
  expect([0, 1, 2].map((second) => limit.take('a', second * 1000))).toEqual([0, 0, 58]);
  expect(limit.take('b', 2000)).toBe(0);
  expect(limit.take('a', 61_000)).toBe(0);
  expect(limit.take('a', 200_000)).toBe(3400);
  limit.clear('a');
  expect(limit.take('a', 200_000)).toBe(0);
});
