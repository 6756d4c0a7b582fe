import { apiBase } from '@micrarium/api';
import { memorySource, openZip } from '@micrarium/formats';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseAccount } from '../../packages/server/src/auth/erase-account.ts';
import { ownPlaces } from '../../packages/server/src/auth/own-records.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
}, 120_000);
afterAll(async () => {
  await harness?.close();
});

test('everything one owns comes in one zip: account, drafts, studies; nothing of others, no secrets', async () => {
  const [owner, other] = [await harness.member('owner'), await harness.member('other')];
  const mine = await publishStudy(harness, owner.token, 'Mine');
  const theirs = await publishStudy(harness, other.token, 'Theirs');
  const gone = await publishStudy(harness, owner.token, 'Withdrawn');
  await harness.services.states.change(gone, { state: 'withdrawn', reason: 'The wrong cells' });
  const begun = await harness.request(`${apiBase}/drafts`, {
    method: 'POST',
    as: owner.token,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { id: draft } = (await begun.json()) as { id: string };
  await fillDraft(harness, owner.token, draft, { 'tracks.csv': trackTable });
  await describeDraft(harness, owner.token, draft, 'Not yet published');
  expect((await harness.request(`${apiBase}/me/export.zip`, { as: owner.token })).status).toBe(403);

  const answer = await harness.request(`${apiBase}/me/export.zip`, { as: owner.cookie });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { tree } = await openZip(memorySource('all.zip', bytes));
  const paths = tree.entries.map(({ path }) => path);
  const textOf = async (path: string) => {
    const source = await tree.entries.find((entry) => entry.path === path)!.open();
    return new TextDecoder().decode(await source.read(0, source.size));
  };
  expect(paths).toContain(`studies/${mine}/v1/metadata/study.json`);
  expect(paths.filter((path) => path.startsWith(`studies/${mine}/v1/files/`)).length).toBeGreaterThan(0);
  expect(paths.filter((path) => path.startsWith(`studies/${gone}/`))).toEqual([
    `studies/${gone}/v1/metadata/study.json`,
  ]);
  expect(paths.filter((path) => path.startsWith(`drafts/${draft}/files/`)).length).toBeGreaterThan(0);
  expect(await textOf(`drafts/${draft}/manifest-sha256.txt`)).toMatch(/^[0-9a-f]{64}  files\//);
  expect(await textOf('left-out.txt')).toContain(gone);
  expect(paths.some((path) => path.includes(theirs))).toBe(false);
  expect(JSON.parse(await textOf('account/account.json'))).toMatchObject([{ email: 'owner@example.org' }]);
  const records = await Promise.all(paths.filter((path) => path.startsWith('account/')).map(textOf));
  for (const secret of ['other@example.org', 'secret_hash', '"password"', '"token"', owner.token])
    expect(
      records.some((text) => text.includes(secret)),
      secret,
    ).toBe(false);
  expect(harness.faults).toEqual([]);
});

/** Columns that name an account in tables that do not come along, each with the reason. */
const notOwn: Readonly<Record<string, string>> = {
  'address_check user_id': 'a secret',
  'answered_key actor': 'answers that are given once more',
  'audit_event actor': 'the log of the installation',
  'draft owner_id': 'with its files, under drafts/',
  'invitation made_by': 'says who others are',
  'mail_digest user_id': 'notices of which a mail is still to tell',
  'password_reset user_id': 'a secret',
  'recovery_code user_id': 'a secret',
  'second_factor user_id': 'a secret',
  'study owner_id': 'with its versions, under studies/',
  'study_state actor': 'stands on the page of the study',
};

test('every table that says whose something is comes along, or is known not to', async () => {
  const { db } = harness.services;
  const { rows } = await sql<{ place: string }>`select table_name || ' ' || column_name as place
    from information_schema.columns where table_schema = 'public'
    and column_name in ('user_id', 'userId', 'owner_id', 'made_by', 'asked_by', 'reported_by', 'submitted_by', 'written_by', 'offered_by', 'author', 'actor')
    order by 1`.execute(db);
  const told = Object.values(ownPlaces).map(([table, column]) => `${table} ${column}`);
  expect(rows.map(({ place }) => place).filter((place) => !told.includes(place as never))).toEqual(
    Object.keys(notOwn).sort(),
  );
});

test('who erases the account leaves no plan, and no request for access that waits; what was granted ends', async () => {
  const { db } = harness.services;
  const [holder, leaver] = [await harness.member('holder'), await harness.member('leaver')];
  const accession = await publishStudy(harness, holder.token, 'Given on request');
  const asked = {
    accession,
    user_id: leaver.user.id,
    kind: 'request' as const,
    purpose: 'To measure',
    institution: 'Example University',
    terms: '',
    team: '["Somebody Else"]',
  };
  for (const state of ['asked', 'refused', 'granted'] as const)
    await db
      .insertInto('access_request')
      .values({ id: state, state, ...asked })
      .execute();
  await db
    .insertInto('plan')
    .values({ id: 'plan', owner_id: leaver.user.id, title: 'A plan', document: '{"contact":{"name":"leaver"}}' })
    .execute();
  expect(await eraseAccount(db, leaver.user.id)).toBe(true);
  expect(await db.selectFrom('plan').select('id').where('owner_id', '=', leaver.user.id).execute()).toEqual([]);
  const left = db.selectFrom('access_request').select(['id', 'state', 'purpose', 'team', 'until']);
  expect(await left.where('user_id', '=', leaver.user.id).execute()).toEqual([
    { id: 'granted', state: 'ended', purpose: 'To measure', team: [], until: null },
  ]);
  const told = await db.selectFrom('audit_event').select('target').where('action', '=', 'access.ended').execute();
  expect(told).toEqual([{ target: accession }]);
});
