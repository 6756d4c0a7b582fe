import { apiBase } from '@micrarium/api';
import { memorySource, openZip } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
