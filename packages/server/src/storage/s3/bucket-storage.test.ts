import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  archiveStoreSuite,
  blobStoreSuite,
  derivedStoreSuite,
  pieces,
  storeText,
  uploadAreaSuite,
  versionFiles,
} from '@micrarium/repository/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlobMissing } from '@micrarium/repository';
import { type Held, LockLost, ProcessLocks } from '../locks.ts';
import { type BucketStorage, openBucketStorage } from '../open-bucket-storage.ts';
import { type BucketServer, startBucketServer } from './bucket-for-tests.ts';
import { Bucket, type BucketSettings } from './bucket.ts';
import { readXml } from './read-xml.ts';

let folder = '';
let storage: BucketServer;
let settings: BucketSettings;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-bucket-'));
  storage = await startBucketServer(folder, ['micrarium']);
  settings = {
    endpoint: `http://127.0.0.1:${storage.port}`,
    bucket: 'micrarium',
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    prefix: '',
  };
});
afterAll(async () => {
  await storage.close();
  for (const one of [folder, `${folder}-data`]) await rm(one, { recursive: true, force: true });
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

let count = 0;
async function open(): Promise<BucketStorage> {
  const name = `case-${count++}`;
  return await openBucketStorage({ ...settings, prefix: `${name}/` }, join(`${folder}-data`, name), new ProcessLocks());
}

const suites = {
  uploads: uploadAreaSuite(async () => (await open()).uploads),
  blobs: blobStoreSuite(open),
  archive: archiveStoreSuite(open),
  'derived forms': derivedStoreSuite(async () => (await open()).derived),
};
for (const [name, cases] of Object.entries(suites))
  describe(`${name} in a bucket`, () => {
    for (const one of cases) it(one.name, () => one.run());
  });

describe('a bucket', () => {
  const bytesOf = (size: number, seed: number) =>
    new Uint8Array(
      Buffer.alloc(
        size,
        Uint8Array.from({ length: 251 }, (_, at) => (at * seed) % 251),
      ),
    );
  const collect = async (bytes: AsyncIterable<Uint8Array>) => {
    const all: Uint8Array[] = [];
    for await (const piece of bytes) all.push(piece);
    return Buffer.concat(all);
  };

  it('gives ranges, streams and sizes of what it was given, under every name that a path may have', async () => {
    const bucket = new Bucket({ ...settings, prefix: 'plain/' });
    const bytes = bytesOf(300_000, 7);
    for (const key of ['a', 'files/Zellen (1) + ü 細胞.tif', "it's 100%/a~b!*.csv", 'x&y<z>"q"/=1']) {
      await bucket.put(key, bytes);
      expect(Buffer.from(await bucket.range(key, 299_990, 10)).equals(bytes.subarray(299_990))).toBe(true);
      expect((await collect(bucket.stream(key))).equals(bytes)).toBe(true);
      expect(await bucket.sizeOf(key)).toBe(300_000);
    }
    const keys: string[] = [];
    for await (const { key, size } of bucket.list('')) keys.push(`${key} ${size}`);
    expect(keys).toHaveLength(4);
    expect(keys).toContain('x&y<z>"q"/=1 300000');
  });

  it('lists more than one page holds, and takes all of it away', async () => {
    const bucket = new Bucket({ ...settings, prefix: 'many/', pageSize: 3 });
    const names = Array.from({ length: 10 }, (_, at) => `f/${at}/a`);
    await Promise.all(names.map((name) => bucket.put(name, new Uint8Array(1))));
    const folders: string[] = [];
    for await (const name of bucket.folders('f/')) folders.push(name);
    expect(folders).toEqual(names.map((_name, at) => String(at)));
    const listed: string[] = [];
    for await (const { key } of bucket.list('f/')) listed.push(key);
    expect(listed).toEqual(names);
    await bucket.removeBelow('f/');
    for await (const { key } of bucket.list('')) expect.fail(`${key} is left`);
  });

  it('stores large objects in parts, and puts one together of others', async () => {
    const bucket = new Bucket({ ...settings, prefix: 'large/', partSize: 100_000, leastPart: 50_000 });
    const bytes = bytesOf(450_001, 13);
    await bucket.putFrom('whole', bytes.length, async (offset, length) => bytes.subarray(offset, offset + length));
    await bucket.put('tail', bytes.subarray(0, 1000));
    const size = 200_000;
    for (const size of [0, 1, 99_999, 100_000, 100_001, bytes.length]) {
      const part = bytes.subarray(0, size);
      await bucket.putStream('come', inPieces(part, 7_777));
      expect(Buffer.from(await bucket.get('come')).equals(part)).toBe(true);
    }
    // What breaks off leaves what was there.
    const broken = async function* () {
      yield bytes.subarray(0, 150_000);
      throw new Error('no more');
    };
    await expect(bucket.putStream('come', broken())).rejects.toThrow('no more');
    expect((await bucket.get('come')).length).toBe(bytes.length);
    await bucket.assemble('joined', [
      { key: 'whole', offset: 5, length: size },
      { joined: [{ key: 'tail', size: 1000 }] },
    ]);
    expect(Buffer.from(await bucket.get('whole')).equals(bytes)).toBe(true);
    const expected = Buffer.concat([bytes.subarray(5, 5 + size), bytes.subarray(0, 1000)]);
    expect(Buffer.from(await bucket.get('joined')).equals(expected)).toBe(true);
  });

  it('gives out addresses that need no keys, for one object and a while', async () => {
    const bucket = new Bucket({ ...settings, prefix: 'shared/' });
    await bucket.put('film.tif', new Uint8Array([1, 2, 3]));
    const answer = await fetch(await bucket.presigned('film.tif', 60, { 'content-type': 'image/tiff' }));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/tiff']);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it('says what is missing, refused, full and unreachable, and tries again what may pass', async () => {
    const bucket = new Bucket({ ...settings, prefix: 'none/' });
    await expect(bucket.get('nothing')).rejects.toMatchObject({ kind: 'missing', code: 'ENOENT' });
    expect(await bucket.sizeOf('nothing')).toBeUndefined();
    const stranger = new Bucket({ ...settings, accessKeyId: 'nobody' });
    await expect(stranger.get('x')).rejects.toMatchObject({ kind: 'refused' });
    const elsewhere = new Bucket({ ...settings, bucket: 'no-such-bucket' });
    await expect(elsewhere.get('x')).rejects.toMatchObject({ kind: 'refused' });
    const answers = [503, 500, 200];
    const faulty = await storageOf((response) => {
      const status = answers.shift() ?? 507;
      response
        .writeHead(status, { etag: '"none"' })
        .end(status === 507 ? '<Error><Code>QuotaExceeded</Code></Error>' : '');
    });
    const passing = new Bucket({ ...settings, endpoint: faulty.url });
    await passing.put('a', new Uint8Array(3));
    expect(answers).toEqual([]);
    await expect(passing.put('a', new Uint8Array(3))).rejects.toMatchObject({ kind: 'full', code: 'ENOSPC' });
    faulty.close();
    const gone = new Bucket({ ...settings, endpoint: faulty.url, attempts: 2 });
    await expect(gone.get('a')).rejects.toMatchObject({ kind: 'unreachable', code: 'EAGAIN' });
    const silent = await storageOf(() => {});
    const slow = new Bucket({ ...settings, endpoint: silent.url, timeout: 50, attempts: 2 });
    await expect(slow.get('a')).rejects.toMatchObject({ kind: 'unreachable' });
    silent.close();
  });

  it('notices bytes that arrive changed, and ranges that come short', async () => {
    const lying = await storageOf((response, method) => {
      if (method === 'PUT') response.writeHead(200, { etag: '"d41d8cd98f00b204e9800998ecf8427e"' }).end();
      else response.writeHead(206).end('12');
    });
    const bucket = new Bucket({ ...settings, endpoint: lying.url });
    await expect(bucket.put('a', new Uint8Array(3))).rejects.toMatchObject({ kind: 'damaged' });
    await expect(bucket.range('a', 0, 3)).rejects.toMatchObject({ kind: 'damaged' });
    lying.close();
  });
});

/** A storage that answers as it is told to. */
async function storageOf(
  answer: (response: ServerResponse, method: string) => void,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(response, request.method ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('answers of a storage', () => {
  it('are read without document types, unknown entities, and depth without end', () => {
    expect(readXml('<?xml version="1.0"?><a x="1"><b>1 &lt; 2 &#252;&#x7d30;</b><c/></a>').children).toEqual([
      { name: 'b', text: '1 < 2 ü細', children: [] },
      { name: 'c', text: '', children: [] },
    ]);
    const bad = [
      '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
      '<a>&nbsp;</a>',
      '<a><b></a></b>',
      '<a>',
      '',
      '<a>'.repeat(30) + '</a>'.repeat(30),
    ];
    for (const text of bad) expect(() => readXml(text)).toThrow();
  });
});

describe('an upload in a bucket', () => {
  it('is put together of many pieces of any size, by another process than began it', async () => {
    const small = { ...settings, prefix: `shared-${count++}/`, partSize: 100_000, leastPart: 50_000 };
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => openBucketStorage(small, join(`${folder}-data`, name), new ProcessLocks())),
    );
    const large = new Uint8Array(60_000).fill(7);
    await one!.uploads.create('u');
    let size = 0;
    for (const [storage, bytes] of [
      [one!, new Uint8Array(10).fill(1)],
      [two!, large],
      [one!, new Uint8Array(3).fill(2)],
      [two!, large],
      [one!, new Uint8Array(5).fill(3)],
    ] as const) {
      async function* sent() {
        yield bytes;
      }
      size = await storage.uploads.append('u', size, sent());
    }
    const whole = Buffer.concat([Buffer.alloc(10, 1), large, Buffer.alloc(3, 2), large, Buffer.alloc(5, 3)]);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    await two!.blobs.adopt(two!.uploads.pathOf('u'), { sha256, size });
    expect(await one!.blobs.problemOf(sha256, () => {})).toBeUndefined();
    expect(await one!.uploads.get('u')).toBeUndefined();
  });

  it('does not grow when its lock was lost meanwhile', async () => {
    const { uploads } = await openBucketStorage(
      { ...settings, prefix: `lost-${count++}/` },
      join(`${folder}-data`, 'lost'),
      new LosingLocks(),
    );
    await uploads.create('u');
    await expect(uploads.append('u', 0, pieces('bytes'))).rejects.toMatchObject({ name: 'LockLost' });
    expect((await uploads.get('u'))?.size).toBe(0);
  });
});

/** Locks that go to somebody else while their holder works. */
class LosingLocks extends ProcessLocks {
  override async tryHold<Value>(name: string, work: (held: Held) => Promise<Value>) {
    const assure = async () => {
      throw new LockLost(name);
    };
    return { value: await work({ assure }) };
  }
}

describe('a version in a bucket', () => {
  const about = {
    message: 'Published',
    userName: 'Rosalind',
    userAddress: 'urn:micrarium:account:1',
    createdAt: '2026-11-20T10:00:00Z',
  };

  /** Stops every request of a storage after some writes, as a kill of the process does. */
  function dying(bucket: Bucket, after: number): void {
    let left = after;
    for (const name of ['put', 'copy', 'remove'] as const) {
      const real = bucket[name].bind(bucket) as (...given: unknown[]) => Promise<unknown>;
      Object.assign(bucket, {
        [name]: async (...given: unknown[]) => {
          if (left-- <= 0) throw new Error('killed');
          return await real(...given);
        },
      });
    }
  }

  it('is there whole or not at all after a kill at every write, and the next process ends it', async () => {
    const outcomes = new Set<string>();
    // Some of the writes; `npm run durability` stops at each.
    for (const after of [1, 4, 7, 9, 40]) {
      const prefix = `killed-${count++}/`;
      const at = (name: string) => join(`${folder}-data`, name);
      const first = await openBucketStorage({ ...settings, prefix }, at('k1'), new ProcessLocks());
      const [a, b] = [await storeText(first, 'one'), await storeText(first, 'two')];
      const files = (version: number) => versionFiles('MIC-000001', version, version === 1 ? { a } : { a, b });
      await first.archive.writeVersion('MIC-000001', 1, files(1), about);
      dying(first.bucket, after);
      const isDone = await first.archive.writeVersion('MIC-000001', 2, files(2), about).then(
        () => true,
        () => false,
      );
      const second = await openBucketStorage({ ...settings, prefix }, at('k2'), new ProcessLocks());
      expect((await second.archive.readVersion('MIC-000001', 1)).version).toBe(1);
      const { finished, rolledBack } = await second.archive.recover();
      outcomes.add(finished.length > 0 ? 'finished' : rolledBack.length > 0 ? 'rolled back' : 'nothing');
      expect(await second.archive.verify('MIC-000001')).toEqual([]);
      expect(await second.archive.hasVersion('MIC-000001', 2)).toBe(isDone || finished.length > 0);
      await second.archive.writeVersion('MIC-000001', 2, files(2), about);
      expect(await second.archive.verify('MIC-000001')).toEqual([]);
      for (const sha256 of [a, b]) expect((await second.blobs.whereIs(sha256)).place).toBe('archived');
      if (isDone) break;
    }
    expect([...outcomes].sort()).toEqual(['finished', 'nothing', 'rolled back']);
  });

  it('leaves no transaction open that its process could not end at once: it ends it when it can', async () => {
    const prefix = `later-${count++}/`;
    const opened = await openBucketStorage(
      { ...settings, prefix },
      join(`${folder}-data`, 'later'),
      new ProcessLocks(),
    );
    const { archive, bucket } = opened;
    const a = await storeText(opened, 'one');
    const intentsLeft = async () => {
      const keys: string[] = [];
      for await (const { key } of bucket.list('work/archive/intents/')) keys.push(key);
      return keys;
    };
    // The last step fails for a while: the version is in place by then.
    const remove = bucket.remove.bind(bucket);
    bucket.remove = async () => {
      throw new Error('away');
    };
    const files = versionFiles('MIC-000001', 1, { a });
    await expect(archive.writeVersion('MIC-000001', 1, files, about)).rejects.toThrow('away');
    expect(await archive.hasVersion('MIC-000001', 1)).toBe(true);
    expect(await intentsLeft()).toHaveLength(1);
    bucket.remove = remove;
    await expect.poll(intentsLeft, { timeout: 30_000 }).toEqual([]);
    expect(await archive.verify('MIC-000001')).toEqual([]);
    expect((await opened.blobs.whereIs(a)).place).toBe('archived');
  });

  it('does not hold bytes whose object in the archive is gone, and says where they lie below its root while they are there', async () => {
    const prefix = `gone-${count++}/`;
    const at = (name: string) => join(`${folder}-data`, name);
    const first = await openBucketStorage({ ...settings, prefix }, at('g1'), new ProcessLocks());
    const [a, staged] = [await storeText(first, 'lost later'), await storeText(first, 'of a draft')];
    await first.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { a }), about);
    const place = await first.blobs.placeInArchive(a);
    for await (const unit of first.archive.objects()) expect(place).toBe(`${unit}/v1/content/files/a`);
    expect(await first.blobs.placeInArchive(staged)).toBeUndefined();
    await first.bucket.remove(`archive/${place}`);
    // Another process, which has not looked for it a moment ago.
    const second = await openBucketStorage({ ...settings, prefix }, at('g2'), new ProcessLocks());
    expect(await second.blobs.has(a)).toBe(false);
    await expect(second.blobs.open(a)).rejects.toThrow(BlobMissing);
    await expect(second.blobs.placeInArchive(a)).rejects.toThrow(BlobMissing);
  });
});
