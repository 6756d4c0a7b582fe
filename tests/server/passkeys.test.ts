import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { apiBase } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changePerson } from '../../packages/server/src/auth/people.ts';
import { type Harness, openHarness, origin } from './harness.ts';

let harness: Harness;
let cora: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  harness = await openHarness(false);
  cora = await harness.member('cora', 'curator');
});
afterAll(() => harness.close());

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** CBOR of what an authenticator says: numbers, texts, bytes and maps (RFC 8949). */
function cbor(value: number | string | Uint8Array | Map<number | string, unknown>): Buffer {
  const head = (major: number, count: number) =>
    count < 24
      ? Buffer.from([(major << 5) | count])
      : count < 256
        ? Buffer.from([(major << 5) | 24, count])
        : Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([
    head(5, value.size),
    ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one as Parameters<typeof cbor>[0])]),
  ]);
}

/** A device with one passkey, as Web Authentication (level 2) has it; `asks`: does it ask who uses it? */
function device(asks: boolean) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' }) as { x?: string; y?: string };
  const point = (part: string) => Buffer.from(part, 'base64url');
  const cose = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, point(x)],
    [-3, point(y)],
  ]);
  let count = 0;
  const data = (rpId: string, flags: number, more: Uint8Array = new Uint8Array(0)) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++count);
    return Buffer.concat([sha256(rpId), Buffer.from([flags | (asks ? 0b101 : 0b1)]), counter, more]);
  };
  const client = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const common = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };
  return {
    make({ challenge, rp }: { challenge: string; rp: { id: string } }) {
      const length = Buffer.from([0, id.length]);
      const authData = data(rp.id, 0b100_0000, Buffer.concat([Buffer.alloc(16), length, id, cbor(cose)]));
      const attestation = cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      );
      const response = {
        clientDataJSON: client('webauthn.create', challenge).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      };
      return { ...common, response, clientExtensionResults: {} };
    },
    use({ challenge, rpId }: { challenge: string; rpId: string }) {
      const authenticatorData = data(rpId, 0);
      const clientData = client('webauthn.get', challenge);
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
      const response = {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
      };
      return { ...common, response, clientExtensionResults: {} };
    },
  };
}

const at = (what: 'register' | 'sign-in') => `/api/auth/passkey/${what}`;
/** Options of the server, with the cookie that belongs to them. */
async function begin(what: 'register' | 'sign-in', cookie = '') {
  const answer = await harness.request(at(what), cookie === '' ? {} : { as: cookie });
  expect(answer.status).toBe(200);
  const cookies = answer.headers.getSetCookie().map((one) => one.split(';')[0]!);
  return { options: await answer.json(), cookie: [cookie, ...cookies].filter(Boolean).join('; ') };
}
const end = (what: 'register' | 'sign-in', cookie: string, body: object) =>
  harness.request(at(what), {
    method: 'POST',
    as: cookie,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

async function register(one: ReturnType<typeof device>): Promise<number> {
  const { options, cookie } = await begin('register', cora.cookie);
  return (await end('register', cookie, { response: one.make(options), name: 'Phone' })).status;
}
async function signIn(one: ReturnType<typeof device>): Promise<Response> {
  const { options, cookie } = await begin('sign-in');
  return await end('sign-in', cookie, { response: one.use(options) });
}

test('a passkey is made in a session, signs in alone, and counts no more once it is taken away', async () => {
  const phone = device(true);
  expect((await signIn(phone)).status).toBe(401);
  expect((await harness.request(at('register'))).status).toBe(401);
  expect((await harness.request(at('register'), { as: cora.token })).status).toBe(403);
  expect(await register(phone)).toBe(204);
  const signed = await signIn(phone);
  expect(signed.status).toBe(200);
  const [session] = signed.headers.getSetCookie().filter((one) => one.includes('session_token='));
  expect(session).toMatch(/HttpOnly/i);
  const me = await harness.request(`${apiBase}/me`, { as: session!.split(';')[0]! });
  expect((await me.json()).user).toMatchObject({ name: 'cora', role: 'curator' });
  // An answer counts once: the challenge is gone.
  const { options, cookie } = await begin('sign-in');
  const response = phone.use(options);
  expect((await end('sign-in', cookie, { response })).status).toBe(200);
  expect((await end('sign-in', cookie, { response })).status).toBe(401);
  const list = await (await harness.request(`${apiBase}/me/passkeys`, { as: cora.cookie })).json();
  expect(list.passkeys).toMatchObject([{ name: 'Phone' }]);
  const gone = await harness.request(`${apiBase}/me/passkeys/${list.passkeys[0].id}`, {
    method: 'DELETE',
    as: cora.cookie,
  });
  expect(gone.status).toBe(204);
  expect((await signIn(phone)).status).toBe(401);
  // Who owns the account is told of both.
  const { notices } = await (await harness.request(`${apiBase}/notices`, { as: cora.cookie })).json();
  expect(notices.map(({ kind }: { kind: string }) => kind)).toEqual(['passkey-removed', 'passkey-added']);
});

test('a device that asks nobody who uses it, another host, and a closed account do not count', async () => {
  expect(await register(device(false))).toBe(409);
  const phone = device(true);
  expect(await register(phone)).toBe(204);
  const { options, cookie } = await begin('sign-in');
  const elsewhere = phone.use({ ...options, rpId: 'micrarium.elsewhere' });
  expect((await end('sign-in', cookie, { response: elsewhere })).status).toBe(401);
  expect((await end('sign-in', cookie, { response: { id: 'made up' } })).status).toBe(401);
  await changePerson(harness.services.db, cora.user.id, { isClosed: true }, harness.services.notices);
  expect((await signIn(phone)).status).toBe(401);
  const { db } = harness.services;
  expect(await db.selectFrom('auth_session').select('id').where('userId', '=', cora.user.id).execute()).toEqual([]);
  await changePerson(harness.services.db, cora.user.id, { isClosed: false }, harness.services.notices);
  const events = await db.selectFrom('audit_event').select('action').where('action', 'like', 'passkey.%').execute();
  expect(events.map(({ action }) => action)).toEqual(['passkey.add', 'passkey.remove', 'passkey.add']);
  expect(await harness.services.accounts.passkeys.missingTables()).toEqual([]);
  expect(harness.faults).toEqual([]);
});
