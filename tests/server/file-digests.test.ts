import { createHash } from 'node:crypto';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
let study: string;
const notes = `${'notes of the day\n'.repeat(300)}`;
beforeAll(async () => {
  harness = await openHarness();
  ada = await harness.member('ada', 'owner');
  study = await publishStudy(harness, ada.token, 'Cells with digests', {
    'tracks.csv': trackTable,
    'notes.txt': notes,
  });
}, 120_000);
afterAll(async () => await harness.close());

/** As RFC 9530 writes it, of the whole file. */
const digestOf = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;

test('a download says the digest of the whole file, of a part too; an answer without a file says none', async () => {
  const path = `${apiBase}/studies/${study}/versions/1/files/notes.txt`;
  const whole = await harness.request(path);
  expect(whole.headers.get('repr-digest')).toBe(digestOf(await whole.text()));
  expect(whole.headers.get('access-control-expose-headers')).toContain('Repr-Digest');
  const head = await harness.request(path, { method: 'HEAD' });
  expect([head.headers.get('repr-digest'), await head.text()]).toEqual([digestOf(notes), '']);
  const part = await harness.request(path, { headers: { range: 'bytes=5-9' } });
  expect([part.status, await part.text()]).toEqual([206, notes.slice(5, 10)]);
  expect(part.headers.get('repr-digest')).toBe(digestOf(notes));
  const known = await harness.request(path, { headers: { 'if-none-match': whole.headers.get('etag')! } });
  expect([known.status, known.headers.get('repr-digest')]).toEqual([304, null]);
  const outside = await harness.request(path, { headers: { range: 'bytes=999999-' } });
  expect([outside.status, outside.headers.get('repr-digest')]).toEqual([416, null]);
});

test('files of drafts and deposited files of an item say theirs, derived forms none', async () => {
  const { id } = await harness.client(ada.token).call(routes.createDraft, {});
  await fillDraft(harness, ada.token, id, { 'mine.csv': trackTable });
  const mine = await harness.request(`${apiBase}/drafts/${id}/files/mine.csv`, { as: ada.token });
  expect(mine.headers.get('repr-digest')).toBe(digestOf(await mine.text()));
  const { items } = await harness.client().call(routes.getStudy, { params: { accession: study } });
  const tracks = items.find((item) => item.files.some((file) => file === 'tracks.csv'))!;
  const form = await harness.request(
    `${apiBase}/studies/${study}/versions/1/items/${tracks.id}/content/${tracks.conversions[0]!.outputs[0]!.path}`,
  );
  expect([form.status, form.headers.get('repr-digest')]).toEqual([200, null]);
});

test('no fault of the program was noted', () => expect(harness.faults).toEqual([]));
