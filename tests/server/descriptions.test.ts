import { routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness(false);
});
afterAll(() => harness.close());

test('descriptions are kept by who made them: listed, replaced by name, removed', async () => {
  const [dora, max] = [await harness.member('dora'), await harness.member('max')];
  const [hers, his] = [harness.client(dora.token), harness.client(max.token)];
  const body = { kind: 'microscope' as const, name: 'FV10i', values: { microscope: 'Olympus FluoView FV10i' } };
  const kept = await hers.call(routes.keepDescription, { body });
  await hers.call(routes.keepDescription, { body: { ...body, values: { microscope: 'Olympus FV10i' } } });
  const { descriptions } = await hers.call(routes.listDescriptions, {});
  expect(descriptions).toMatchObject([{ name: 'FV10i', values: { microscope: 'Olympus FV10i' } }]);
  expect(descriptions[0]!.id).not.toBe(kept.id);
  expect((await his.call(routes.listDescriptions, {})).descriptions).toEqual([]);
  const params = { id: descriptions[0]!.id };
  await expect(his.call(routes.dropDescription, { params })).rejects.toMatchObject({ status: 404 });
  await hers.call(routes.dropDescription, { params });
  // Groups are made with a session, never with a token.
  const send = async (path: string, told: unknown) =>
    await harness.request(`/api/v1/groups${path}`, {
      method: 'POST',
      as: dora.cookie,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(told),
    });
  const { id: group } = (await (await send('', { name: 'Laboratory of Dora' })).json()) as { id: string };
  const shared = { ...body, group };
  await expect(his.call(routes.keepDescription, { body: shared })).rejects.toMatchObject({ status: 404 });
  await hers.call(routes.keepDescription, { body: shared });
  expect((await his.call(routes.listDescriptions, {})).descriptions).toEqual([]);
  await send(`/${group}/members`, { email: max.user.email });
  const [seen] = (await his.call(routes.listDescriptions, {})).descriptions;
  expect(seen).toMatchObject({ name: 'FV10i', isMine: false, group: { name: 'Laboratory of Dora' } });
  const of = { params: { id: seen!.id } };
  await expect(his.call(routes.dropDescription, of)).rejects.toMatchObject({ status: 404 });
  await hers.call(routes.dropDescription, of);
  expect((await hers.call(routes.listDescriptions, {})).descriptions).toEqual([]);
});

test('each change of a field of a draft is noted with who, when and from where', async () => {
  const dora = await harness.member('dolores');
  const client = harness.client(dora.token);
  const draft = await client.call(routes.createDraft, {});
  const params = { draft: draft.id };
  const save = async (revision: number, values: Record<string, string>, origins = {}) =>
    await client.call(routes.saveDraft, {
      params,
      body: { metadata: { values, origins } },
      headers: { 'if-match': `"${revision}"` },
    });
  const first = await save(draft.revision, { title: 'One', notes: 'n' });
  const origins = { title: { kind: 'file' as const, file: 'a.tif' } };
  const second = await save(first.revision, { title: 'Two', notes: 'n' }, origins);
  await save(second.revision, { notes: 'n' });
  const { changes } = await client.call(routes.listFieldChanges, { params });
  expect(changes.map(({ key, value }) => [key, value])).toEqual([
    ['title', undefined],
    ['title', 'Two'],
    expect.arrayContaining([expect.stringMatching(/title|notes/)]),
    expect.arrayContaining([expect.stringMatching(/title|notes/)]),
  ]);
  expect(changes[1]).toMatchObject({ by: expect.stringMatching(/dolores/i), origin: { kind: 'file', file: 'a.tif' } });
  const of = await client.call(routes.listFieldChanges, { params, query: { key: 'notes' } });
  expect(of.changes.map(({ value }) => value)).toEqual(['n']);
});

test('a draft that is asked for again is not sent while nothing of it has changed', async () => {
  const dora = await harness.member('dorothea');
  const client = harness.client(dora.token);
  const draft = await client.call(routes.createDraft, {});
  const path = `/api/v1/drafts/${draft.id}`;
  const first = await harness.request(path, { as: dora.token });
  const tag = first.headers.get('etag')!;
  const again = async (known: string) =>
    await harness.request(path, { as: dora.token, headers: { 'if-none-match': known } });
  expect((await again(tag)).status).toBe(304);
  await client.call(routes.expectFiles, {
    params: { draft: draft.id },
    body: { files: [{ path: 'a.csv', size: 1 }] },
  });
  const changed = await again(tag);
  expect(changed.status).toBe(200);
  const next = changed.headers.get('etag')!;
  expect((await again(next)).status).toBe(304);
  const { revision } = (await changed.json()) as { revision: number };
  await client.call(routes.saveDraft, {
    params: { draft: draft.id },
    body: { note: 'y' },
    headers: { 'if-match': `"${revision}"` },
  });
  expect((await again(next)).status).toBe(200);
});
