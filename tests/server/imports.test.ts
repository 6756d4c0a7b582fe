import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BucketServer, startBucketServer } from '../../packages/server/src/storage/s3/bucket-for-tests.ts';
import { run as runCommand } from '../../packages/cli/src/run.ts';
import { DraftImports } from '../../packages/server/src/imports/draft-imports.ts';
import { AddressSource } from '../../packages/server/src/imports/address-source.ts';
import type { ImportSource } from '../../packages/server/src/imports/import-source.ts';
import { listImport } from '../../packages/server/src/imports/list-import.ts';
import { Bucket } from '../../packages/server/src/storage/index.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { trackTable } from './publish-study.ts';

let harness: Harness;
let server: Server;
let host: string;
let drop: string;
let ada: Awaited<ReturnType<Harness['member']>>;
const table = Buffer.from(trackTable);
const large = Buffer.alloc(300_000, 'micrarium');
let breaks = 0;
const ranges: (string | undefined)[] = [];

/** A share as Nextcloud's: one folder with one file, for who knows the password. */
const answerDav: RequestListener = (request, response) => {
  const entry = (path: string, what: string) =>
    `<d:response><d:href>/dav/films/${path}</d:href><d:propstat><d:prop>${what}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  if (request.headers.authorization !== `Basic ${Buffer.from('cleo:geheim').toString('base64')}`)
    response.writeHead(401).end();
  else if (request.method === 'PROPFIND')
    response
      .writeHead(207)
      .end(
        `<d:multistatus xmlns:d="DAV:">${entry('', '<d:resourcetype><d:collection/></d:resourcetype>')}${entry('tracks.csv', `<d:resourcetype/><d:getcontentlength>${table.length}</d:getcontentlength>`)}</d:multistatus>`,
      );
  else response.end(table);
};

let storage: BucketServer;
let bucketHost: string;

const answer: RequestListener = (request, response) => {
  if (request.url!.startsWith('/dav/films/')) answerDav(request, response);
  else if (request.url === '/list.txt')
    response.end(`http://${host}/data/tracks.csv\nhttp://${host}/data/notes/none.csv\n`);
  else if (request.url === '/data/tracks.csv') response.writeHead(200, { 'content-length': table.length }).end(table);
  else if (request.url === '/cut.bin') {
    ranges.push(request.headers.range);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': large.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${large.length - 1}/${large.length}` } : {}),
      etag: '"film"',
    });
    if (breaks-- <= 0) response.end(large.subarray(from));
    else response.write(large.subarray(from, from + 100_000), () => setTimeout(() => response.destroy(), 20));
  } else response.writeHead(404).end();
};

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  drop = mkdtempSync(join(tmpdir(), 'micrarium-drop-'));
  storage = await startBucketServer(join(drop, '.bucket'), ['films']);
  bucketHost = `127.0.0.1:${storage.port}`;
  const MICRARIUM_IMPORT_HOSTS = `${host},${bucketHost}`;
  harness = await openHarness(true, { environment: { MICRARIUM_IMPORT_HOSTS, MICRARIUM_DROP_FOLDER: drop } });
  ada = await harness.member('ada');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await harness.close();
  await storage.close();
  rmSync(drop, { recursive: true });
});

const newDraft = async () => (await harness.client(ada.token).call(routes.createDraft, {})).id;
const stateOf = async (draft: string) => await harness.client(ada.token).call(routes.getImport, { params: { draft } });
const ended = async (draft: string) =>
  await eventually(async () => {
    const { run } = await stateOf(draft);
    return run && run.state !== 'running' && run;
  });
const filesOf = async (draft: string) =>
  Object.fromEntries(
    (await harness.services.studies.listFiles(draft, { limit: 100 })).map(({ path, state }) => [path, state]),
  );
const verified = (draft: string, path: string) =>
  eventually(async () => {
    const row = await harness.services.studies.getFile(draft, path);
    return row?.state === 'verified' && row.sha256;
  });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a list of addresses: looked at, confirmed, brought as an upload is, passed over when it is there', async () => {
  const client = harness.client(ada.token);
  const draft = await newDraft();
  const params = { draft };
  expect(await stateOf(draft)).toEqual({ hasDropFolder: false });
  const source = { kind: 'url' as const, address: `http://${host}/list.txt` };
  const listing = await client.call(routes.listImport, { params, body: source });
  expect(listing).toMatchObject({
    files: [
      { path: 'notes/none.csv', isThere: false, fault: 'unreachable' },
      { path: 'tracks.csv', size: table.length, isThere: false },
    ],
    bytes: table.length,
    isCut: false,
    issues: [],
  });
  const order = { source, files: [{ path: 'tracks.csv', size: table.length }, { path: 'notes/none.csv' }] };
  const begun = await client.call(routes.startImport, { params, body: order });
  expect(begun.run).toMatchObject({ state: expect.any(String), kind: 'url', place: host, files: 2 });
  expect(await ended(draft)).toMatchObject({
    state: 'failed',
    doneFiles: 1,
    failedFiles: 1,
    failures: [
      {
        path: 'notes/none.csv',
        message: expect.stringContaining('404'),
        reason: { code: 'nothing-there', host, status: 404 },
      },
    ],
  });
  expect(await verified(draft, 'tracks.csv')).toBe(digest(table));
  await eventually(async () => (await client.call(routes.getDraft, { params })).items[0]?.ingest?.state === 'done');
  await client.call(routes.startImport, { params, body: { source, files: order.files.slice(0, 1) } });
  expect(await ended(draft)).toMatchObject({ state: 'done', doneFiles: 1, thereFiles: 1, doneBytes: 0 });
  const wrong = { source, files: [{ path: '../tracks.csv', size: 1 }] };
  await expect(client.call(routes.startImport, { params, body: wrong })).rejects.toMatchObject({ status: 400 });
  expect(await filesOf(draft)).toEqual({ 'tracks.csv': 'verified' });
});

test('nothing of a closed network is asked, whatever kind of source names it', async () => {
  const params = { draft: await newDraft() };
  const { port } = server.address() as AddressInfo;
  const address = `http://localhost:${port}/list.txt`;
  for (const body of [
    { kind: 'url', address },
    { kind: 'url', address: 'http://169.254.169.254/latest/meta-data' },
    { kind: 'webdav', address, user: 'ada' },
    { kind: 's3', endpoint: 'http://10.0.0.1', bucket: 'films' },
  ] as const) {
    const refused = harness.client(ada.token).call(routes.listImport, { params, body });
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('no public address'),
      body: { reason: { code: 'not-public' } },
    });
  }
});

test('a file that breaks off is gone on with where it broke, and a source of other bytes is told', async () => {
  const draft = await newDraft();
  const imports = new DraftImports(1e9, () => {}, 0);
  const source = new AddressSource(`http://${host}/cut.bin`, () => true);
  const order = {
    draftId: draft,
    userId: ada.user.id,
    kind: 'url' as const,
    place: host,
    source,
    demand: async () => {},
  };
  breaks = 2;
  const whole = [{ path: 'cut.bin', size: large.length }];
  // The listing looks at the file too, and is one of those that break off.
  const { ended: end } = await imports.start(harness.services, { ...order, files: whole });
  await end;
  expect(await verified(draft, 'cut.bin')).toBe(digest(large));
  expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  expect(await ended(draft)).toMatchObject({ state: 'done', doneBytes: large.length });
  const other = await newDraft();
  const wrong = { ...order, draftId: other, files: [{ path: 'cut.bin', size: 1000 }] };
  await (await imports.start(harness.services, wrong)).ended;
  expect((await ended(other)).failures[0]!.message).toContain('list it again');
});

test('an import is stopped, and what had not come is taken out; one whose process is gone is begun anew', async () => {
  const draft = await newDraft();
  const imports = new DraftImports(1e9, () => {}, 0);
  const endless: ImportSource = {
    async *list() {},
    open: async (_path, signal) => ({
      from: 0,
      bytes: (async function* () {
        yield large;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      })(),
    }),
  };
  const order = { draftId: draft, userId: ada.user.id, kind: 'webdav' as const, place: 'x', demand: async () => {} };
  const files = [
    { path: 'a.tif', size: 1e6 },
    { path: 'b.tif', size: 1e6 },
  ];
  const { ended: end } = await imports.start(harness.services, { ...order, source: endless, files });
  await expect(imports.start(harness.services, { ...order, source: endless, files })).rejects.toThrow('is running');
  expect(await filesOf(draft)).toHaveProperty(['b.tif']);
  expect((await stateOf(draft)).run).toMatchObject({ state: 'running', files: 2 });
  await imports.cancel(harness.services.db, draft);
  await end;
  expect((await stateOf(draft)).run).toMatchObject({ state: 'cancelled', doneBytes: 0 });
  expect(await filesOf(draft)).toEqual({});
  const silent = sql<Date>`now() - interval '1 hour'`;
  await harness.services.db
    .updateTable('draft_import')
    .set({ state: 'running', beat_at: silent })
    .where('draft_id', '=', draft)
    .execute();
  expect((await stateOf(draft)).run).toMatchObject({ state: 'interrupted' });
  const address = `http://${host}/data/tracks.csv`;
  const body = { source: { kind: 'url' as const, address }, files: [{ path: 'tracks.csv' }] };
  await harness.client(ada.token).call(routes.startImport, { params: { draft }, body });
  expect(await ended(draft)).toMatchObject({ state: 'done', doneFiles: 1, doneBytes: table.length });
  expect(await verified(draft, 'tracks.csv')).toBe(digest(table));
});

test('an import of more files than a statement takes parameters is given up without a trace', async () => {
  const draft = await newDraft();
  const imports = new DraftImports(1e9, () => {}, 0);
  const silent: ImportSource = {
    async *list() {},
    open: (_path, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  };
  const files = Array.from({ length: 66_000 }, (_, at) => ({ path: `many/${at}.tif`, size: 1 }));
  const order = { draftId: draft, userId: ada.user.id, kind: 'webdav' as const, place: 'x', demand: async () => {} };
  const { ended: end } = await imports.start(harness.services, { ...order, source: silent, files });
  expect(await harness.client(ada.token).call(routes.getDraft, { params: { draft } })).toMatchObject({
    files: { count: files.length, verified: 0 },
  });
  await imports.cancel(harness.services.db, draft);
  await end;
  expect((await stateOf(draft)).run).toMatchObject({ state: 'cancelled', files: files.length, doneFiles: 0 });
  expect(await filesOf(draft)).toEqual({});
  expect(harness.faults).toEqual([]);
});

test('of more files than one list takes, the next list has those that have not come', async () => {
  const draft = await newDraft();
  const source: ImportSource = {
    async *list() {
      yield { path: 'link', fault: 'link' as const };
      yield { path: 'CON', size: 1 };
      for (const name of ['a', 'b', 'c', 'd', 'e']) yield { path: `${name}.csv`, size: table.length };
    },
    open: async () => ({ from: 0, size: table.length, bytes: Readable.from([table]) }),
  };
  const imports = new DraftImports(1e9, () => {}, 0);
  const order = { draftId: draft, userId: ada.user.id, kind: 'webdav' as const, place: 'x', demand: async () => {} };
  const list = async () => {
    const into = { studies: harness.services.studies, draftId: draft };
    const { files, isCut } = await listImport(source, into, new AbortController().signal, 3);
    return { isCut, paths: files.map(({ path, isThere }) => (isThere ? `${path} is there` : path)) };
  };
  const bring = async (...paths: string[]) => {
    const files = paths.map((path) => ({ path, size: table.length }));
    await (await imports.start(harness.services, { ...order, source, files })).ended;
    for (const path of paths) await verified(draft, path);
  };
  expect(await list()).toEqual({ isCut: true, paths: ['a.csv', 'b.csv', 'c.csv'] });
  await bring('a.csv', 'b.csv', 'c.csv');
  expect(await list()).toEqual({ isCut: false, paths: ['d.csv', 'e.csv', 'link'] });
  await bring('d.csv', 'e.csv');
  expect(await list()).toEqual({ isCut: false, paths: ['CON', 'a.csv is there', 'link'] });
});

/** The command `deposit` of somebody, against our server on a port. */
async function commandOf(name: string) {
  const { token } = await harness.member(name);
  const { server: ours, url } = await listen(harness.app, '127.0.0.1', 0);
  const deposit = async (words: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const said = { out: '', err: '' };
    const into = (name: 'out' | 'err') =>
      new Writable({
        write(piece: Buffer, _encoding, done) {
          said[name] += piece.toString();
          done();
        },
      });
    const environment = { MICRARIUM_TOKEN: token, XDG_STATE_HOME: join(drop, 'state'), ...more };
    const code = await runCommand(['deposit', '--server', url, ...words], {
      out: into('out'),
      err: into('err'),
      environment,
    });
    return { code, err: said.err, answer: said.out === '' ? undefined : JSON.parse(said.out) };
  };
  const close = () => {
    ours.closeAllConnections();
    ours.close();
  };
  return { deposit, close };
}

test('the command line lists a source, brings it once that is confirmed, and says what could not come', async () => {
  const { deposit, close } = await commandOf('cleo');
  try {
    const from = ['--from', `http://${host}/list.txt`];
    const listed = await deposit(from);
    expect(listed).toMatchObject({ code: 0, answer: { sent: 0, files: [], listing: { bytes: table.length } } });
    expect(listed.err).toContain(` ${table.length}  tracks.csv\n`);
    expect(listed.err).toContain('notes/none.csv (the address does not answer)');
    expect(listed.err).toContain('with --yes brings 1 file.');
    const { draft } = listed.answer;
    expect(await filesOf(draft)).toEqual({});
    // One address of the list does not answer: not everything asked for was done.
    expect(await deposit([...from, '--yes'])).toMatchObject({
      code: 1,
      answer: {
        draft,
        sent: 1,
        files: [{ path: 'tracks.csv', state: 'verified', sha256: digest(table) }],
        import: { state: 'done', doneFiles: 1 },
      },
    });
    const one = ['--from', `http://${host}/data/tracks.csv`, '--study', draft, '--yes'];
    expect(await deposit(one)).toMatchObject({ code: 0, answer: { sent: 0, import: { thereFiles: 1 } } });
    expect((await deposit(['--from', 'film.tif'])).err).toContain('is no place');
    expect((await deposit([...one, 'here.csv'])).code).toBe(2);
  } finally {
    close();
  }
});

test('the command line brings a WebDAV folder and a prefix of a bucket, each with its name and password', async () => {
  const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const bucket = new Bucket({
    endpoint: `http://${bucketHost}`,
    bucket: 'films',
    region: 'us-east-1',
    prefix: '',
    ...key,
  });
  for (const name of ['day 1/deep/tracks.csv', 'day 2/other.csv']) await bucket.put(name, table);
  const { deposit, close } = await commandOf('dan');
  const webdav = (user: string) => ['--from', `webdav:http://${host}/dav/films/`, '--from-user', user, '--yes'];
  const s3 = (user: string) => ['--from', `s3:http://${bucketHost}/films/day%201/`, '--from-user', user, '--yes'];
  try {
    for (const [words, user, password, path] of [
      [webdav, 'cleo', 'geheim', 'tracks.csv'],
      [s3, 'S3RVER', 'S3RVER', 'deep/tracks.csv'],
    ] as const) {
      const secret = { MICRARIUM_FROM_PASSWORD: password };
      const refused = await deposit(words('nobody'), secret);
      expect(refused.code, refused.err).toBe(1);
      expect(refused.err).toMatch(/401|403/);
      const brought = await deposit(words(user), secret);
      expect(brought, brought.err).toMatchObject({
        code: 0,
        answer: { sent: 1, files: [{ path, state: 'verified', sha256: digest(table) }], import: { state: 'done' } },
      });
      expect(JSON.stringify(brought)).not.toContain('geheim');
    }
  } finally {
    close();
  }
});

test('two files that differ in how accents are spelled: neither is brought in place of the other', async () => {
  const client = harness.client(ada.token);
  const params = { draft: await newDraft() };
  const folder = join(drop, ada.user.id, 'twins');
  mkdirSync(folder, { recursive: true });
  const [apart, whole] = ['cafe\u0301.txt', 'caf\u00e9.txt'];
  for (const name of [apart, whole, 'other.txt']) writeFileSync(join(folder, name), name);
  const source = { kind: 'drop-folder' as const };
  const { files, issues } = await client.call(routes.listImport, { params, body: source });
  const listed = files.filter(({ path }) => path.startsWith('twins/'));
  expect(listed).toHaveLength(3);
  expect(issues).toMatchObject([{ code: 'path-collides', where: { file: `twins/${whole}` } }]);
  const order = { source, files: listed.map(({ path }) => ({ path })) };
  await expect(client.call(routes.startImport, { params, body: order })).rejects.toMatchObject({ status: 400 });
  const one = { source, files: listed.filter(({ path }) => path.includes(apart)).map(({ path }) => ({ path })) };
  await client.call(routes.startImport, { params, body: one });
  await ended(params.draft);
  expect(await verified(params.draft, `twins/${whole}`)).toBe(digest(Buffer.from(apart)));
  rmSync(folder, { recursive: true });
});

test('the drop folder: mine alone, held to its digest, and passwords are written nowhere', async () => {
  const client = harness.client(ada.token);
  const draft = await newDraft();
  const params = { draft };
  mkdirSync(join(drop, ada.user.id, 'film'), { recursive: true });
  mkdirSync(join(drop, 'bea@example.org'));
  writeFileSync(join(drop, ada.user.id, 'film/tracks.csv'), table);
  expect((await stateOf(draft)).hasDropFolder).toBe(true);
  const source = { kind: 'drop-folder' as const };
  const { files } = await client.call(routes.listImport, { params, body: source });
  expect(files).toMatchObject([{ path: 'film/tracks.csv', size: table.length }]);
  const body = { source, files: [{ path: 'film/tracks.csv', size: table.length }] };
  await client.call(routes.startImport, { params, body });
  await ended(draft);
  expect(await verified(draft, 'film/tracks.csv')).toBe(digest(table));
  const changed = Buffer.from(trackTable.replaceAll('1', '2'));
  writeFileSync(join(drop, ada.user.id, 'film/tracks.csv'), changed);
  await client.call(routes.startImport, { params, body });
  expect(await ended(draft)).toMatchObject({ state: 'done', thereFiles: 0 });
  expect(await verified(draft, 'film/tracks.csv')).toBe(digest(changed));
  const address = `http://${host}/dav/`;
  const secret = { kind: 'webdav' as const, address, user: 'ada', password: 'planted secret' };
  await client.call(routes.startImport, { params, body: { source: secret, files: [{ path: 'x.tif', size: 1 }] } });
  await ended(draft);
  const { rows } = await sql<{ text: string }>`
    select coalesce(string_agg(row_to_json(one)::text, ''), '') as text from draft_import as one`.execute(
    harness.services.db,
  );
  expect(rows[0]!.text).not.toContain('planted secret');
  expect(harness.faults).toEqual([]);
});
