import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
  accession = await publishStudy(harness, dora.token, 'First title', { 'tracks.csv': trackTable });
  await publishNext(harness, dora.token, accession, 'Second <title>', { 'more/tracks.csv': `${trackTable}3,1,5,5\n` });
});
afterAll(() => harness.close());

const changes = async (path: string, as?: string) => {
  const answer = await harness.request(apiBase + path, as === undefined ? {} : { as });
  expect(answer.status).toBe(200);
  return routes.getVersionChanges.responses[200].content['application/json'].schema.parse(await answer.json());
};

test('what changed between two versions, for programs and as a page', async () => {
  const told = await changes(`/studies/${accession}/versions/2/changes`);
  expect(told).toMatchObject({
    from: 1,
    to: 2,
    counts: { added: 1, removed: 0, changed: 0, moved: 0, same: 1 },
    files: [{ kind: 'added', path: 'more/tracks.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    isWhole: true,
  });
  expect(told.fields).toContainEqual({
    field: 'title',
    label: { en: 'Title', ja: expect.any(String) },
    before: 'First title',
    after: 'Second <title>',
  });
  const page = await (await harness.request(`/studies/${accession}/v/2/changes`)).text();
  expect(page).toContain('<del>First title</del>');
  expect(page).toContain('<ins>Second &lt;title&gt;</ins>');
  expect(page).toContain('more/tracks.csv');
  expect(await (await harness.request(`/studies/${accession}/v/2/changes?lang=ja`)).text()).toContain('追加 1、');
  expect(await (await harness.request(`/studies/${accession}`)).text()).toContain(`/studies/${accession}/v/2/changes`);
  for (const path of [
    `/studies/${accession}/v/1/changes`,
    `/studies/${accession}/v/2/changes?from=2`,
    `/studies/${accession}/v/3/changes`,
  ])
    expect((await harness.request(path)).status, path).toBe(404);
});

test('what a draft would change, for those who see it', async () => {
  const client = harness.client(dora.token);
  const { id } = await client.call(routes.newDraftVersion, { params: { accession } });
  await client.call(routes.removeDraftFiles, { params: { draft: id }, body: { paths: ['more/tracks.csv'] } });
  await fillDraft(harness, dora.token, id, { 'tracks-again.csv': `${trackTable}3,1,5,5\n` });
  const told = await changes(`/drafts/${id}/difference`, dora.token);
  expect(told).toMatchObject({ from: 2, to: 3, counts: { moved: 1, same: 1, added: 0, removed: 0 }, fields: [] });
  expect(told.files).toMatchObject([{ kind: 'moved', path: 'tracks-again.csv', from: 'more/tracks.csv' }]);
  expect((await harness.request(`${apiBase}/drafts/${id}/difference`)).status).toBe(401);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
