import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { fileTree, memorySource, openZip } from '@micrarium/formats';
import { checkBag } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkReferences } from '../../packages/server/src/references/check-references.ts';
import { tellOfReferences } from '../../packages/server/src/references/tell-of-references.ts';
import { publicAddressFault } from '../../packages/server/src/outside/public-reference.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft } from './publish-study.ts';

let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
let other: Server;
let origin: string;
/** What the other server has, by path. */
const there = new Map<string, Buffer>();
const asked: string[] = [];
const bytes = Buffer.from('plate '.repeat(1000));
const sha256 = (of: Buffer) => createHash('sha256').update(of).digest('hex');
const stated = { size: bytes.length, sha256: sha256(bytes), mediaType: 'application/octet-stream' };
const elsewhere = (path: string) => ({ path, url: `https://data.example.org/${path}`, ...stated });

beforeAll(async () => {
  other = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const found = there.get(request.url!);
    if (request.url === '/down') return void response.writeHead(503).end();
    if (request.url === '/moved') return void response.writeHead(302, { location: '/whole' }).end();
    if (!found) return void response.writeHead(404).end();
    if (request.url === '/get-only' && request.method === 'HEAD') return void response.writeHead(403).end();
    if (request.headers.range)
      return void response.writeHead(206, { 'content-range': `bytes 0-0/${found.length}` }).end(found.subarray(0, 1));
    response.writeHead(200, { 'content-length': found.length }).end(request.method === 'HEAD' ? undefined : found);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  harness = await openHarness();
  ada = await harness.member('ada', 'owner');
});
afterAll(async () => {
  other.closeAllConnections();
  other.close();
  await harness.close();
});

const add = async (draft: string, body: object) => {
  const path = `${apiBase}/drafts/${draft}/references`;
  const answer = await harness.request(path, {
    method: 'POST',
    as: ada.token,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: answer.status, body: await answer.json() };
};
const publish = async (id: string) =>
  await harness.client(ada.token).call(routes.publishDraft, { params: { draft: id } });

test('addresses that not every reader can open are refused before anybody is asked', () => {
  for (const good of ['https://data.example.org/a', 'https://s3.example.ac.jp:8443/b/a%20b?v=1', 'https://8.8.8.8/x'])
    expect(publicAddressFault(good), good).toBeUndefined();
  const bad = [
    'http://a.org/x',
    'https://u:p@a.org/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.1.2.3/',
    'x',
  ];
  const ours = ['https://0x7f.1/', 'https://localhost/x', 'https://nas/x', 'https://nas.local/x', 'ftp://a.org/x'];
  for (const address of [...bad, ...ours]) expect(publicAddressFault(address), address).toBeDefined();
});

test('files are named with size and digest or not at all; a study of such files alone is published, plainly marked', async () => {
  const client = harness.client(ada.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const params = { draft: id };
  expect((await client.call(routes.getDraft, { params })).missing.map(({ code }) => code)).toContain('no-files');
  const { path, url, size } = elsewhere('raw/a.nd2');
  expect((await add(id, { references: [{ path, url, size }] })).status).toBe(400);
  expect((await add(id, { references: [{ path, url, sha256: stated.sha256 }] })).status).toBe(400);
  const refused = await add(id, {
    table: `path,url,size,sha256\n${path},${url},${size},\nb,http://10.0.0.1/b,1,${'0'.repeat(64)}\n`,
  });
  expect(refused).toMatchObject({
    status: 400,
    body: { issues: [{ code: 'reference-incomplete', where: { line: 2 } }, { code: 'reference-address' }] },
  });
  expect((await client.call(routes.listDraftReferences, { params, query: {} })).count).toBe(0);
  const table = `path\turl\tsize\tsha256\n${[1, 2]
    .map((at) => [`raw/${at}.nd2`, `https://data.example.org/${at}.nd2`, size, stated.sha256].join('\t'))
    .join('\n')}`;
  expect(await add(id, { table, references: [elsewhere(path)] })).toMatchObject({
    status: 200,
    body: { count: 3, bytes: 3 * size },
  });
  await client.call(routes.removeReferences, { params, body: { paths: ['raw/2.nd2'] } });
  await describeDraft(harness, ada.token, id, 'Plates that stay where they are');
  const ready = await client.call(routes.getDraft, { params });
  expect({ missing: ready.missing, files: ready.files }).toMatchObject({ missing: [], files: { count: 0, bytes: 0 } });
  const before = await client.call(routes.totals, {});
  await publish(id);
  // In the archive as a file of the version, in no count of what is held here.
  const list = readdirSync(join(harness.data, 'archive'), { recursive: true, encoding: 'utf8' }).find((one) =>
    one.endsWith('v1/content/metadata/references.json'),
  )!;
  const kept = JSON.parse(readFileSync(join(harness.data, 'archive', list), 'utf8'));
  expect(kept).toMatchObject({ schema: 1, accession, version: 1, references: [{ path: 'raw/1.nd2' }, { path, url }] });
  const found = await client.call(routes.getStudy, { params: { accession } });
  expect(found).toMatchObject({ fileCount: 0, byteCount: 0, referenced: { count: 2, bytes: 2 * size } });
  expect((await client.call(routes.totals, {})).bytes).toBe(before.bytes);
  const page = await (await harness.request(`/studies/${accession}`)).text();
  expect(page).toContain(`<a href="${url}" rel="noopener external">${path}</a>`);
  expect(page).toContain('stays at data.example.org');
  expect(page).toContain('not asked for yet');
  // A further version begins with them.
  const next = await client.call(routes.newDraftVersion, { params: { accession } });
  expect(await client.call(routes.listDraftReferences, { params: { draft: next.id }, query: {} })).toMatchObject({
    count: 2,
  });
  await checkExports(accession, url);
});

async function checkExports(accession: string, url: string): Promise<void> {
  const base = `${apiBase}/studies/${accession}/versions/1`;
  const zipped = async (name: string) => {
    const answer = await harness.request(`${base}/${name}`);
    return (await openZip(memorySource(name, new Uint8Array(await answer.arrayBuffer())))).tree.entries;
  };
  const textOf = async (entries: Awaited<ReturnType<typeof zipped>>, path: string) => {
    const source = await entries.find((one) => one.path === path)?.open();
    return source && new TextDecoder().decode(await source.read(0, source.size));
  };
  const folder = `${accession}-v1/`;
  const bag = (await zipped('export.bag.zip')).map((one) => ({
    ...one,
    path: one.path.slice(folder.length),
    open: () => one.open(),
  }));
  const checked = await checkBag(fileTree('', bag));
  expect(checked).toMatchObject({ state: 'incomplete', files: 3 });
  expect(checked.issues.map(({ severity }) => severity)).not.toContain('error');
  expect(await textOf(bag, 'fetch.txt')).toContain(`${url} ${stated.size} data/files/raw/a.nd2\n`);
  expect(await textOf(bag, 'manifest-sha256.txt')).toContain(`${stated.sha256}  data/files/raw/a.nd2\n`);
  expect(await textOf(bag, 'manifest-sha512.txt')).toBeUndefined();
  const whole = await zipped('export.zip');
  expect(await textOf(whole, 'metadata/references.json')).toContain(url);
  expect(await textOf(whole, 'manifest-sha256.txt')).toBe('');
  const form = async (name: string) =>
    await (await harness.request(`/studies/${accession}/v/1/metadata/${name}`)).json();
  const crate = (await form('ro-crate'))['@graph'].find((one: { '@id': string }) => one['@id'] === url);
  expect(crate).toMatchObject({ '@type': 'File', sha256: stated.sha256, contentSize: String(stated.size) });
  const { resources } = (await form('data-package')) as { resources: object[] };
  expect(resources).toContainEqual(expect.objectContaining({ path: url, bytes: stated.size }));
}

test('each is asked for on schedule, and read whole within the bytes of the day; what is found stands on the pages', async () => {
  const { db, studies } = harness.services;
  const client = harness.client(ada.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const names = ['whole', 'moved', 'get-only', 'cut', 'other', 'gone', 'down'];
  // Past the rule of addresses: the other server is on this machine.
  await studies.putReferences(
    id,
    names.map((name) => ({ ...elsewhere(name), url: `${origin}/${name}` })),
  );
  for (const name of ['whole', 'get-only']) there.set(`/${name}`, bytes);
  there.set('/cut', bytes.subarray(1));
  there.set('/other', Buffer.from(bytes).fill('x', 0, 1));
  await describeDraft(harness, ada.token, id, 'Plates on another server');
  await publish(id);
  await db.deleteFrom('version_reference').where('accession', '!=', accession).execute();
  await db.deleteFrom('draft_reference').execute();
  const day = 86_400_000;
  const begun = Date.now();
  const check = (days: number, bytesPerDay: number) =>
    checkReferences(db, {
      days: 7,
      readDays: 90,
      bytesPerDay,
      now: new Date(begun + days * day),
      isAllowed: () => true,
    });
  const states = async () => {
    const query = { limit: 100 };
    const { references } = await client.call(routes.listReferences, { params: { accession, version: 1 }, query });
    return Object.fromEntries(
      references.map(({ path, check: one }) => [path, `${one?.state}${one?.verifiedAt === undefined ? '' : ', read'}`]),
    );
  };
  const looked = { whole: 'there', moved: 'there', 'get-only': 'there', other: 'there' };
  const wrong = { cut: 'changed', gone: 'missing', down: 'unreachable' };
  expect(await check(0, 0)).toEqual({ looked: 7, wrong: 3, read: 0, bytes: 0 });
  expect(await states()).toEqual({ ...looked, ...wrong });
  // Who owns the study is told of what is wrong, once; of a server that is silent when it has been for a week.
  const told = async (days: number) => {
    const count = await tellOfReferences(db, harness.services.notices, new Date(begun + days * day));
    const notices = await harness.services.notices.list(ada.user.id, 100);
    return [count, ...notices.flatMap(({ kind, detail }) => (kind === 'reference-trouble' ? [detail] : []))];
  };
  const first = { accession, title: 'Plates on another server', count: 2, path: 'cut' };
  expect(await told(0)).toEqual([1, first]);
  expect(await told(1)).toEqual([0, first]);
  // Asked for again after a week; that whose server was down after a day. No file is read where none may be.
  asked.length = 0;
  expect(await check(0.5, 0)).toMatchObject({ looked: 0 });
  expect(await check(2, 0)).toMatchObject({ looked: 1, wrong: 1 });
  expect(asked).toEqual(['HEAD /down']);
  // Three of the four that are there fit into the bytes of a day, the fourth into those of the next.
  expect(await check(2, 3 * bytes.length + 5)).toMatchObject({ read: 3, bytes: 3 * bytes.length });
  expect(await check(2, 3 * bytes.length + 5)).toMatchObject({ read: 0 });
  expect(await check(3.5, 3 * bytes.length + 5)).toMatchObject({ read: expect.any(Number) });
  const read = { whole: 'there, read', moved: 'there, read', 'get-only': 'there, read', other: 'changed' };
  expect(await states()).toEqual({ ...read, ...wrong });
  // The right size does not take back that the bytes were others; the right bytes do.
  await check(10, 0);
  expect(await states()).toEqual({ ...read, ...wrong });
  const second = { ...first, path: 'down' };
  expect(await told(10)).toEqual([1, second, first]);
  const page = await (await harness.request(`/studies/${accession}?lang=en`)).text();
  // At the top, too: what is not held here, and what of that is not as it was.
  expect(page).toMatch(
    /<dt>Kept elsewhere<\/dt><dd><a class="l" href="#elsewhere">[^<]*not held here<\/a><br><b>Missing: 1<\/b><br><b>Changed: 2<\/b>/,
  );
  expect(page).not.toContain('Download all, 0 B');
  for (const words of ['all bytes compared on', 'missing', 'these are other bytes', 'its server did not answer'])
    expect(page, words).toContain(words);
  const integrity = await client.call(routes.getIntegrity, {});
  const counts = { count: 7, bytes: 7 * bytes.length, looked: 7, verified: 3, missing: 1, changed: 2, unreachable: 1 };
  expect(integrity.elsewhere).toEqual(counts);
  expect(await (await harness.request('/integrity?lang=ja')).text()).toContain('今の場所に残るファイル');
  there.set('/other', bytes);
  await check(12, 1e9);
  expect((await states())['other']).toBe('there, read');
  // Found again, and lost again: that is told anew.
  there.set('/gone', bytes);
  await check(20, 0);
  there.delete('/gone');
  await check(30, 0);
  expect((await told(30))[0]).toBe(1);
  expect(harness.faults).toEqual([]);
});
