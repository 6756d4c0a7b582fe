import { createHash, randomBytes } from 'node:crypto';
import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setLimit } from '../../packages/server/src/quotas/quotas.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  harness = await openHarness();
  ada = await harness.member('ada');
});
afterAll(() => harness.close());

const newDraft = async () => (await harness.client(ada.token).call(routes.createDraft, {})).id;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const post = (draft: string, body: Uint8Array, type = 'application/x-tar') =>
  harness.request(`${apiBase}/drafts/${draft}/files.tar`, {
    method: 'POST',
    as: ada.token,
    body: body as Uint8Array<ArrayBuffer>,
    headers: { 'content-type': type },
  });
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test('files that came in one tar are verified when the answer comes, read, and given back as they were', async () => {
  const draft = await newDraft();
  const files = Array.from({ length: 120 }, (_, at) => ({
    path: `plate ${at % 3}/well ${at}.bin`,
    bytes: new Uint8Array(randomBytes(at * 37)),
  }));
  const answer = await post(draft, tarOf(files));
  expect(answer.status).toBe(200);
  const { files: rows } = (await answer.json()) as { files: { path: string; state: string; sha256: string }[] };
  expect(rows.map(({ path, state, sha256: digest }) => [path, state, digest])).toEqual(
    files.map(({ path, bytes }) => [path, 'verified', sha256(bytes)]),
  );
  const given = await harness.request(`${apiBase}/drafts/${draft}/files/${encodeURI(files[77]!.path)}`, {
    as: ada.token,
  });
  expect(new Uint8Array(await given.arrayBuffer())).toEqual(files[77]!.bytes);
  await eventually(async () => {
    const now = await harness.client(ada.token).call(routes.getDraft, { params: { draft } });
    expect(now.files).toMatchObject({ count: 120, verified: 120 });
    return now.items.reduce((sum, item) => sum + item.files.length, 0) === 120;
  });
  // Nothing is left in the upload area, and once more changes nothing.
  expect((await post(draft, tarOf(files))).status).toBe(200);
  const staged = [];
  for await (const one of harness.services.uploads.list()) staged.push(one.uploadId);
  expect(staged).toEqual([]);
});

test('a file that was announced is verified by what came; one that comes with other bytes is replaced', async () => {
  const draft = await newDraft();
  const [first, second] = [new Uint8Array(randomBytes(100)), new Uint8Array(randomBytes(100))];
  await harness.client(ada.token).call(routes.expectFiles, {
    params: { draft },
    body: { files: [{ path: 'a.bin', size: 100, sha256: sha256(first) }] },
  });
  for (const bytes of [first, second]) {
    const answer = await post(draft, tarOf([{ path: './a.bin', bytes }]));
    expect(await answer.json()).toMatchObject({ files: [{ path: 'a.bin', state: 'verified', sha256: sha256(bytes) }] });
  }
});

test('what is no tar, is too much, or names what cannot be deposited is refused, and nothing of it is taken', async () => {
  const draft = await newDraft();
  const bytes = new Uint8Array(10);
  const one = tarOf([{ path: 'a.bin', bytes }]);
  expect(await codeOf(await post(draft, one, 'application/octet-stream'))).toEqual([415, 'media-type-refused']);
  expect(await codeOf(await post(draft, new Uint8Array(randomBytes(2048))))).toEqual([400, 'request-invalid']);
  expect(await codeOf(await post(draft, one.subarray(0, 515)))).toEqual([400, 'request-invalid']);
  const many = Array.from({ length: 1001 }, (_, at) => ({ path: `${at}.bin`, bytes }));
  expect(await codeOf(await post(draft, tarOf(many)))).toEqual([413, 'body-too-large']);
  expect(await codeOf(await post(draft, new Uint8Array(16 * 2 ** 20 + 1)))).toEqual([413, 'body-too-large']);
  for (const path of ['../out.bin', '/etc/passwd', 'a\\b.bin', 'x'.repeat(2000)]) {
    const answer = await post(
      draft,
      tarOf([
        { path: 'good.bin', bytes },
        { path, bytes },
      ]),
    );
    expect(await codeOf(answer)).toEqual([400, 'request-invalid']);
  }
  await setLimit(harness.services.db, 'default', 1000);
  const large = tarOf([{ path: 'large.bin', bytes: new Uint8Array(2000) }]);
  expect(await codeOf(await post(draft, large))).toEqual([413, 'quota-exceeded']);
  await setLimit(harness.services.db, 'default', 'default');
  const { files } = await harness.client(ada.token).call(routes.listDraftFiles, { params: { draft }, query: {} });
  expect(files).toEqual([]);
  // A tar of nothing is no fault.
  expect(await (await post(draft, tarOf([]))).json()).toEqual({ files: [] });
});
