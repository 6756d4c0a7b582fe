import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isPublicAddress } from '../outside/public-file.ts';
import { Bucket } from '../storage/index.ts';
import { type BucketServer, startBucketServer } from '../storage/s3/bucket-for-tests.ts';
import { AddressSource, fileNameOf, pathsOf, readAddressList } from './address-source.ts';
import { BucketSource } from './bucket-source.ts';
import { DropFolderSource, findDropFolder } from './drop-folder.ts';
import type { ImportSource, OfferedFile } from './import-source.ts';
import { shareOf, WebDavSource } from './webdav-source.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A stand-in on this machine. @returns its host and port */
async function standIn(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const here = (address: string) => address === '127.0.0.1';
const signal = new AbortController().signal;
const listed = async (source: ImportSource) => {
  const files: OfferedFile[] = [];
  for await (const file of source.list(signal)) files.push(file);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ modified: _modified, ...file }) => file);
};
const textOf = async (source: ImportSource, path: string, left?: { from: number; tag: string }) => {
  const opened = await source.open(path, signal, left);
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.bytes) pieces.push(piece);
  return `${opened.from}: ${Buffer.concat(pieces).toString('utf8')}`;
};

/** The mark of a file's bytes; all of them are read, so that nothing stays open. */
const tagOf = async (source: ImportSource, path: string) => {
  const opened = await source.open(path, signal);
  let size = 0;
  for await (const piece of opened.bytes) size += piece.length;
  expect(size).toBe(opened.size);
  return opened.tag!;
};

test('lists of addresses are told from texts, and give paths that keep folders', () => {
  expect(readAddressList('# films\r\nhttps://a.org/x/1.tif\n\n https://a.org/x/2.tif \n')).toHaveLength(2);
  expect(readAddressList('frame,x\n0,1\n')).toBeUndefined();
  expect(readAddressList('')).toBeUndefined();
  expect(() => readAddressList(Array.from({ length: 1001 }, (_, at) => `https://a.org/${at}`).join('\n'))).toThrow(
    '1,000',
  );
  const paths = (...addresses: string[]) => [...pathsOf(addresses).keys()];
  expect(paths('https://a.org/x/1.tif', 'https://a.org/x/sub/2%20b.tif')).toEqual(['1.tif', 'sub/2 b.tif']);
  expect(paths('https://a.org/x/1.tif', 'https://b.org:81/x/1.tif')).toEqual(['a.org/x/1.tif', 'b.org_81/x/1.tif']);
  expect(paths('https://a.org/get?id=1', 'https://a.org/get?id=2', 'https://a.org/')).toEqual(['get', 'get-2', 'file']);
  expect(fileNameOf(new URL('https://z.org/api/files/cells.tif/content'), undefined)).toBe('cells.tif');
  expect(fileNameOf(new URL('https://z.org/get'), 'attachment; filename="../../etc/passwd"')).toBe('passwd');
  expect(fileNameOf(new URL('https://z.org/get'), "attachment; filename=x; filename*=UTF-8''Zell%C3%BC.tif")).toBe(
    'Zellü.tif',
  );
});

test('an address: a file, a list of them, and nothing of a closed network', async () => {
  const host = await standIn((request, response) => {
    const url = request.url!;
    if (url === '/list.txt') response.end(`http://${host}/d/a.csv\nhttp://${host}/d/e/b.csv\nhttp://${host}/gone\n`);
    else if (url === '/away') request.socket.destroy();
    else if (url === '/in') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    else if (url.startsWith('/d/'))
      response.writeHead(200, { 'content-length': '5', etag: '"1"' }).end(request.method === 'GET' ? 'frame' : '');
    else response.writeHead(404).end();
  });
  const source = (path: string) => new AddressSource(`http://${host}${path}`, here);
  expect(await listed(source('/d/a.csv'))).toEqual([{ path: 'a.csv', size: 5 }]);
  expect(await listed(source('/list.txt'))).toEqual([
    { path: 'd/a.csv', size: 5 },
    { path: 'd/e/b.csv', size: 5 },
    { path: 'gone', fault: 'unreachable' },
  ]);
  expect(await textOf(source('/list.txt'), 'd/e/b.csv')).toBe('0: frame');
  await expect(source('/list.txt').open('other', signal)).rejects.toThrow('any more');
  await expect(listed(source('/in'))).rejects.toThrow('169.254.169.254 is no public address');
  await expect(listed(source('/gone'))).rejects.toThrow('404');
  await expect(listed(source('/away'))).rejects.toThrow(`${host}: the connection broke off.`);
  await expect(listed(new AddressSource(`http://${host}/d/a.csv`, isPublicAddress))).rejects.toThrow(
    'no public address',
  );
});

/** Answers `PROPFIND` of a tree: folders end with `/`. */
function webDav(tree: Record<string, string>, prefix: string): RequestListener {
  const escaped = (path: string) => path.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@');
  return (request, response) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('ada:geheim').toString('base64')}`)
      return void response.writeHead(401).end();
    const path = decodeURIComponent(request.url!.slice(prefix.length));
    if (request.method === 'GET') return void response.end(tree[path]);
    if (request.method !== 'PROPFIND' || request.headers.depth !== '1') return void response.writeHead(400).end();
    const entries = [path, ...Object.keys(tree)].filter(
      (one, at) =>
        at === 0 || (one !== path && one.startsWith(path) && !one.slice(path.length).replace(/\/$/, '').includes('/')),
    );
    const told = entries.map((one) => {
      const isFolder = one === '' || one.endsWith('/');
      const size = isFolder ? '' : `<d:getcontentlength>${Buffer.byteLength(tree[one] ?? '')}</d:getcontentlength>`;
      return `<d:response><d:href>${prefix}${escaped(one)}</d:href><d:propstat><d:prop><d:resourcetype>${isFolder ? '<d:collection/>' : ''}</d:resourcetype>${size}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
    });
    response.writeHead(207, { 'content-type': 'application/xml' });
    // What leads elsewhere is passed over.
    const astray =
      '<d:response><d:href>/elsewhere/x</d:href><d:propstat><d:prop><d:resourcetype/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>';
    response.end(`<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${told.join('')}${astray}</d:multistatus>`);
  };
}

test('a WebDAV folder is walked, with its name and password, and every file opened by its path', async () => {
  const tree = { 'a@1.tif': 'one', 'sub/': '', 'sub/ü & b.tif': 'two', 'sub/deep/': '', 'sub/deep/c#.csv': 'three' };
  const answer = webDav(tree, '/dav/my%20films/');
  const host = await standIn((request, response) => {
    if (request.url === '/old/') response.writeHead(301, { location: '/dav/my%20films/' }).end();
    else if (request.url === '/entity/')
      response
        .writeHead(207)
        .end('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><multistatus>&e;</multistatus>');
    else answer(request, response);
  });
  const place = { user: 'ada', password: 'geheim' };
  const source = (path: string, more = {}) =>
    new WebDavSource({ address: `http://${host}${path}`, ...place, ...more }, here, () => true);
  const all = [
    { path: 'a@1.tif', size: 3 },
    { path: 'sub/deep/c#.csv', size: 5 },
    { path: 'sub/ü & b.tif', size: 3 },
  ];
  expect(await listed(source('/dav/my%20films'))).toEqual(all);
  expect(await listed(source('/old'))).toEqual(all);
  expect(await listed(source('/dav/my films/sub/deep/'))).toEqual([{ path: 'c#.csv', size: 5 }]);
  expect(await textOf(source('/dav/my%20films'), 'sub/ü & b.tif')).toBe('0: two');
  await expect(source('/dav/my%20films').open('../../x', signal)).rejects.toThrow('no path within');
  await expect(listed(source('/dav/my%20films', { password: 'other' }))).rejects.toThrow('401');
  await expect(listed(source('/entity/'))).rejects.toThrow('cannot be read');
  expect(() => new WebDavSource({ address: `http://${host}/`, ...place }, here, () => false)).toThrow('https only');
});

test('what proves who asks is not sent on to another server', async () => {
  let heard: string | undefined = 'nothing';
  const other = await standIn((request, response) => {
    heard = request.headers.authorization;
    response.writeHead(207).end('<multistatus/>');
  });
  const host = await standIn(
    (_request, response) => void response.writeHead(302, { location: `http://${other}/` }).end(),
  );
  const source = new WebDavSource({ address: `http://${host}/`, user: 'ada', password: 'x' }, here, () => true);
  await expect(listed(source)).rejects.toThrow('leads on');
  expect(heard).toBeUndefined();
});

test('the link of a public share stands for its WebDAV folder', () => {
  const share = (address: string) => shareOf({ address });
  expect(share('https://cloud.org/s/AbC123xyz')).toEqual({
    address: 'https://cloud.org/public.php/webdav/',
    user: 'AbC123xyz',
    password: '',
  });
  expect(share('https://org.org/nextcloud/index.php/s/AbC123xyz?path=%2Ffilms%2Fa%20b')?.address).toBe(
    'https://org.org/nextcloud/public.php/webdav/films/a%20b/',
  );
  expect(share('https://cloud.org/remote.php/dav/files/ada/')).toBeUndefined();
});

let folder = '';
let storage: BucketServer;
let endpoint = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'micrarium-imports-')));
  await mkdir(join(folder, 's3'));
  storage = await startBucketServer(join(folder, 's3'), ['films']);
  endpoint = `http://127.0.0.1:${storage.port}`;
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

test('a bucket, with a key and page by page', async () => {
  const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const bucket = new Bucket({ endpoint, bucket: 'films', region: 'us-east-1', prefix: '', ...key });
  for (const name of ['day 1/a.tif', 'day 1/sub/ü+b.tif', 'day 2/c.tif']) await bucket.put(name, Buffer.from(name));
  const place = { endpoint, bucket: 'films', region: 'us-east-1', prefix: 'day 1/' };
  const source = new BucketSource({ ...place, ...key }, here);
  expect(await listed(source)).toEqual([
    { path: 'a.tif', size: 11 },
    { path: 'sub/ü+b.tif', size: 18 },
  ]);
  expect(await textOf(source, 'sub/ü+b.tif')).toBe('0: day 1/sub/ü+b.tif');
  const tag = await tagOf(source, 'a.tif');
  expect(await textOf(source, 'a.tif', { from: 6, tag })).toMatch(/^(6: a\.tif|0: day 1\/a\.tif)$/);
  await expect(listed(new BucketSource({ ...place, ...key, accessKeyId: 'other' }, here))).rejects.toThrow('403');
  const asked: string[] = [];
  const host = await standIn((request, response) => {
    asked.push(request.url!);
    const isSecond = request.url!.includes('continuation-token=t%2F1');
    response.end(
      `<ListBucketResult><IsTruncated>${!isSecond}</IsTruncated><NextContinuationToken>t/1</NextContinuationToken><Contents><Key>${isSecond ? 'b' : 'a'}</Key><Size>1</Size></Contents><Contents><Key>folder/</Key><Size>0</Size></Contents></ListBucketResult>`,
    );
  });
  const paged = new BucketSource({ ...place, endpoint: `http://${host}`, prefix: '' }, here);
  expect(await listed(paged)).toEqual([
    { path: 'a', size: 1 },
    { path: 'b', size: 1 },
  ]);
  expect(asked).toHaveLength(2);
});

test('a drop folder: of one person, never by a link', async () => {
  const root = join(folder, 'drop');
  const outside = join(folder, 'outside');
  await mkdir(join(root, 'ada@example.org/film'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, 'secret.tif'), 'secret');
  await writeFile(join(root, 'ada@example.org/film/a.tif'), 'one');
  await symlink(join(outside, 'secret.tif'), join(root, 'ada@example.org/link.tif'));
  await symlink(outside, join(root, 'ada@example.org/film/away'));
  await symlink(outside, join(root, 'bea@example.org'));
  const of = (email: string, id = 'u1') => findDropFolder(root, { id, email });
  expect(await of('bea@example.org')).toBeUndefined();
  expect(await of('nobody@example.org')).toBeUndefined();
  expect(await of('../outside', '../outside')).toBeUndefined();
  expect(await of('.', '..')).toBeUndefined();
  expect(await findDropFolder(undefined, { id: 'u1', email: 'ada@example.org' })).toBeUndefined();
  const mine = await of('ada@example.org');
  const source = new DropFolderSource(mine!);
  expect(await listed(source)).toEqual([
    { path: 'film/a.tif', size: 3 },
    { path: 'film/away', fault: 'link' },
    { path: 'link.tif', fault: 'link' },
  ]);
  const tag = await tagOf(source, 'film/a.tif');
  expect(await textOf(source, 'film/a.tif', { from: 1, tag })).toBe('1: ne');
  for (const path of ['link.tif', 'film/away/secret.tif', '../../outside/secret.tif', 'film', 'gone'])
    await expect(source.open(path, signal), path).rejects.toThrow();
  expect(await source.digestOf('film/a.tif', signal)).toMatch(/^[0-9a-f]{64}$/);
});
