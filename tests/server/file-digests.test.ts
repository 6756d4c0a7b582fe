import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectFolder } from '../../packages/server/src/storage/ocfl/layout.ts';
import { validateObject } from '../../packages/server/src/storage/ocfl/validate.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

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

const base64 = (text: string) => Buffer.from(text).toString('base64');
const digest = (algorithm: string, text: string, as: 'hex' | 'base64' = 'hex') =>
  createHash(algorithm).update(text).digest(as);
/** CRC-32C of the text below, computed by another program (google-crc32c). */
const cells = '123456789';
const cellsCrc32c = 'e3069283';

async function emptyDraft() {
  const { id } = await harness.client(ada.token).call(routes.createDraft, {});
  const put = (path: string, body: string, headers: Record<string, string>) =>
    harness.request(`${apiBase}/drafts/${id}/files/${path}`, { method: 'PUT', body, headers, as: ada.token });
  const rows = async () => {
    const { files } = await harness
      .client(ada.token)
      .call(routes.listDraftFiles, { params: { draft: id }, query: {} } as never);
    return new Map(
      (files as { path: string; state: string; md5?: string; crc32c?: string }[]).map((one) => [one.path, one]),
    );
  };
  const tus = (path: string, body: string, metadata: Record<string, string>, headers: Record<string, string> = {}) =>
    harness.request(`${apiBase}/uploads`, {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(body.length),
        'content-type': 'application/offset+octet-stream',
        'upload-metadata': Object.entries({ draft: id, path, ...metadata })
          .map(([key, value]) => `${key} ${base64(value)}`)
          .join(','),
        ...headers,
      },
      body,
      as: ada.token,
    });
  return { id, put, rows, tus };
}

test('digests that a sender states in headers are compared, whichever they are', async () => {
  const { put, rows } = await emptyDraft();
  const stated = (header: string, value: string) => put('one.txt', cells, { [header]: value });
  const crc = `crc32c=:${Buffer.from(cellsCrc32c, 'hex').toString('base64')}:`;
  const md5 = `md5=:${digest('md5', cells, 'base64')}:`;
  expect((await stated('content-digest', `sha-512=:${digest('sha512', cells, 'base64')}:`)).status).toBe(200);
  for (const wrong of [
    `md5=:${digest('md5', 'other', 'base64')}:`,
    `${md5}, crc32c=:AAAAAA==:`,
    `sha-512=:${digest('sha512', 'other', 'base64')}:`,
  ]) {
    const answer = await stated('repr-digest', wrong);
    expect([answer.status, (await answer.json()).code], wrong).toEqual([409, 'digest-differs']);
  }
  for (const malformed of ['md5=abc', 'constructor=:AAAA:', 'md5=:AAAA:', 'unixsum=:AAAA:', ''])
    expect((await stated('content-digest', malformed)).status, malformed).toBe(400);
  expect(
    (await put('one.txt', cells, { 'content-digest': md5, 'repr-digest': 'md5=:AAAAAAAAAAAAAAAAAAAAAA==:' })).status,
  ).toBe(400);
  expect((await put('two.txt', cells, { 'content-digest': `${md5},${crc}, x-new=:AA==:` })).status).toBe(200);
  const file = await eventually(async () => {
    const row = (await rows()).get('two.txt');
    return row?.state === 'verified' && row;
  });
  expect(file).toMatchObject({ md5: digest('md5', cells), crc32c: cellsCrc32c });
});

test('digests that come with an upload or its announcement are compared when it has arrived, and one that differs refuses the file', async () => {
  const { id, rows, tus } = await emptyDraft();
  expect((await tus('hex.txt', cells, { md5: digest('md5', cells).toUpperCase() })).status).toBe(201);
  expect((await tus('bucket.txt', cells, { crc32c: Buffer.from(cellsCrc32c, 'hex').toString('base64') })).status).toBe(
    201,
  );
  expect((await tus('wrong.txt', cells, { md5: digest('md5', 'other') })).status).toBe(201);
  expect((await tus('none.txt', cells, { md5: 'not a digest' })).status).toBe(400);
  const checksum = (text: string) => ({ 'upload-checksum': `md5 ${digest('md5', text, 'base64')}` });
  expect((await tus('piece.txt', cells, {}, checksum(cells))).status).toBe(201);
  expect((await tus('torn.txt', cells, {}, checksum('other'))).status).toBe(460);
  const files = [{ path: 'told.txt', size: cells.length, crc32c: '00000000' }];
  await harness.client(ada.token).call(routes.expectFiles, { params: { draft: id }, body: { files } } as never);
  expect((await tus('told.txt', cells, { crc32c: cellsCrc32c })).status).toBe(400);
  expect((await tus('told.txt', cells, {})).status).toBe(201);
  const found = await eventually(async () => {
    const now = await rows();
    const states = ['hex.txt', 'bucket.txt', 'wrong.txt', 'piece.txt', 'told.txt'].map((path) => now.get(path)?.state);
    return states.every((state) => state === 'verified' || state === 'mismatch') && now;
  });
  const told = (path: string) => {
    const { state, md5, crc32c } = found.get(path)!;
    return [state, md5, crc32c];
  };
  expect(told('hex.txt')).toEqual(['verified', digest('md5', cells), undefined]);
  expect(told('bucket.txt')).toEqual(['verified', undefined, cellsCrc32c]);
  expect(told('piece.txt')).toEqual(['verified', digest('md5', cells), undefined]);
  expect([told('wrong.txt')[0], told('told.txt')[0]]).toEqual(['mismatch', 'mismatch']);
  // Here already, and never compared with what is stated now: sent once more, and then it is.
  expect((await tus('hex.txt', cells, { crc32c: '00000000', sha256: digest('sha256', cells) })).status).toBe(201);
  await eventually(async () => (await rows()).get('hex.txt')?.state === 'mismatch');
});

test('many small files that come together are compared with what was stated of them', async () => {
  const { id, put, rows } = await emptyDraft();
  const files = ['right', 'wrong'].map((path) => ({
    path: `${path}.txt`,
    size: path.length,
    md5: digest('md5', path === 'right' ? 'right' : 'other'),
  }));
  await harness.client(ada.token).call(routes.expectFiles, { params: { draft: id }, body: { files } } as never);
  const sent = ['right', 'wrong'].map((name) => ({ path: `${name}.txt`, bytes: new TextEncoder().encode(name) }));
  const answer = await harness.request(`${apiBase}/drafts/${id}/files.tar`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar' },
    body: tarOf(sent) as Uint8Array<ArrayBuffer>,
    as: ada.token,
  });
  expect(answer.status).toBe(200);
  const found = await rows();
  expect([found.get('right.txt')?.state, found.get('wrong.txt')?.state]).toEqual(['verified', 'mismatch']);
  // The same of one that is sent alone.
  const alone = [{ path: 'alone.txt', size: 5, md5: digest('md5', 'other') }];
  await harness.client(ada.token).call(routes.expectFiles, { params: { draft: id }, body: { files: alone } } as never);
  expect((await put('alone.txt', 'alone', {})).status).toBe(200);
  await eventually(async () => (await rows()).get('alone.txt')?.state === 'mismatch');
});

test('stated digests are told with the files of a version, stand in the fixity block, and are held to in every check', async () => {
  const { id, put, rows } = await emptyDraft();
  await put('tracks.csv', trackTable, { 'content-digest': `md5=:${digest('md5', trackTable, 'base64')}:` });
  await put('again.csv', trackTable, {});
  const crc = Buffer.from(cellsCrc32c, 'hex').toString('base64');
  await put('cells.txt', cells, { 'content-digest': `crc32c=:${crc}:` });
  await eventually(async () => [...(await rows()).values()].every(({ state }) => state === 'verified'));
  await fillDraft(harness, ada.token, id, {});
  await describeDraft(harness, ada.token, id, 'Known to old systems');
  const { accession } = await harness.client(ada.token).call(routes.getDraft, { params: { draft: id } });
  await harness.client(ada.token).call(routes.publishDraft, { params: { draft: id } });
  const filesOf = async (version: number) => {
    const { files } = await harness
      .client()
      .call(routes.listFiles, { params: { accession, version }, query: {} } as never);
    return files as { path: string; md5?: string; crc32c?: string }[];
  };
  const expected = [
    { path: 'again.csv' },
    { path: 'cells.txt', crc32c: cellsCrc32c },
    { path: 'tracks.csv', md5: digest('md5', trackTable) },
  ];
  expect(await filesOf(1)).toMatchObject(expected);
  expect((await filesOf(1))[0]).not.toHaveProperty('md5');
  const object = join(harness.data, 'archive', objectFolder(`urn:micrarium:${accession}`));
  const inventory = JSON.parse(readFileSync(join(object, 'inventory.json'), 'utf8'));
  // Two files of one content lie there once.
  const content = Object.values<string[]>(inventory.fixity.sha256).flat();
  expect(inventory.fixity.md5).toEqual({ [digest('md5', trackTable)]: ['v1/content/files/again.csv'] });
  expect(inventory.fixity.crc32c).toEqual({ [cellsCrc32c]: ['v1/content/files/cells.txt'] });
  expect(content).toContain('v1/content/files/again.csv');
  expect((await validateObject(object)).filter(({ code }) => code.startsWith('E'))).toEqual([]);
  // A further version has them still, and its inventory too.
  const next = await harness.client(ada.token).call(routes.newDraftVersion, { params: { accession } });
  await fillDraft(harness, ada.token, next.id, { 'more.txt': 'more' });
  await describeDraft(harness, ada.token, next.id, 'Known to old systems', 'More');
  await harness.client(ada.token).call(routes.publishDraft, { params: { draft: next.id } });
  expect((await filesOf(2)).find(({ path }) => path === 'tracks.csv')).toMatchObject(expected[2]!);
  const second = JSON.parse(readFileSync(join(object, 'inventory.json'), 'utf8'));
  expect(second.fixity.md5).toEqual(inventory.fixity.md5);
  // E093 by a digest that only the fixity block has.
  second.fixity.crc32c = { '00000000': ['v1/content/files/cells.txt'] };
  const bytes = JSON.stringify(second);
  for (const folder of [object, join(object, 'v2')]) {
    writeFileSync(join(folder, 'inventory.json'), bytes);
    writeFileSync(join(folder, 'inventory.json.sha512'), `${digest('sha512', bytes)} inventory.json\n`);
  }
  expect((await validateObject(object)).map(({ code }) => code)).toContain('E093');
});

test('no fault of the program was noted', () => expect(harness.faults).toEqual([]));
