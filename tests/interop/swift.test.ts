import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { archiveStoreSuite, blobStoreSuite, derivedStoreSuite, uploadAreaSuite } from '@micrarium/repository/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Bucket, openBucketStorage, ProcessLocks } from '../../packages/server/src/storage/index.ts';

// OpenStack Swift with s3api, as Debian packs it: swift-proxy, swift-account, swift-container, swift-object.
const hasSwift = ['proxy', 'account', 'container', 'object'].every((part) =>
  ['/usr/bin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/swift-${part}-server`)),
);
if (!hasSwift) console.warn('swift-proxy-server is not installed: the storage suites against Swift are left out.');

describe.skipIf(!hasSwift)('storage in Swift with s3api', () => {
  let folder = '';
  let endpoint = '';
  let count = 0;
  const servers: ChildProcess[] = [];
  const keys = { accessKeyId: 'test:tester', secretAccessKey: 'testing' };

  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return port;
  }

  function start(part: string, settings: string): void {
    const file = join(folder, `${part}.conf`);
    writeFileSync(file, settings);
    const environment = { ...process.env, SWIFT_DIR: folder };
    servers.push(spawn(`swift-${part}-server`, [file], { stdio: 'ignore', env: environment }));
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'micrarium-swift-'));
    mkdirSync(join(folder, 'devices/d1'), { recursive: true });
    writeFileSync(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n');
    const user = userInfo().username;
    for (const part of ['account', 'container', 'object']) {
      const port = await freePort();
      const ring = (...given: string[]) =>
        execFileSync('swift-ring-builder', [join(folder, `${part}.builder`), ...given], { stdio: 'ignore' });
      ring('create', '4', '1', '0');
      ring('add', `r1z1-127.0.0.1:${port}/d1`, '1');
      ring('rebalance');
      start(
        part,
        `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = ${user}\nswift_dir = ${folder}\n` +
          `devices = ${folder}/devices\nmount_check = false\n[pipeline:main]\npipeline = ${part}-server\n` +
          `[app:${part}-server]\nuse = egg:swift#${part}\n`,
      );
    }
    const port = await freePort();
    const filters = ['catch_errors', 'cache', 's3api', 'tempauth', 'bulk', 'slo', 'dlo', 'versioned_writes'];
    const memcache = { cache: 'memcache' } as Record<string, string>;
    const more: Record<string, string> = {
      tempauth: 'user_test_tester = testing .admin\n',
      versioned_writes: 'allow_object_versioning = false\nallow_versioned_writes = true\n',
    };
    start(
      'proxy',
      `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = ${user}\nswift_dir = ${folder}\n` +
        `[pipeline:main]\npipeline = ${filters.join(' ')} proxy-server\n` +
        '[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n' +
        filters
          .map((name) => `[filter:${name}]\nuse = egg:swift#${memcache[name] ?? name}\n${more[name] ?? ''}`)
          .join(''),
    );
    endpoint = `http://127.0.0.1:${port}`;
    await makeBucket();
    // Four programs in Python, which start slowly beside other work.
  }, 240_000);
  afterAll(() => {
    for (const server of servers) server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Makes the bucket as soon as the proxy answers. */
  async function makeBucket(): Promise<void> {
    const bucket = new Bucket({ endpoint, bucket: 'micrarium', region: 'us-east-1', ...keys, prefix: '', attempts: 1 });
    for (let tries = 0; tries < 900; tries++) {
      const isMade = await bucket.create().then(
        () => true,
        () => false,
      );
      if (isMade) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('Swift did not make the bucket within three minutes');
  }

  const open = () => {
    const prefix = `case-${count++}/`;
    const settings = { endpoint, bucket: 'micrarium', region: 'us-east-1', ...keys, prefix };
    return openBucketStorage(settings, join(folder, 'data', prefix), new ProcessLocks());
  };
  const suites = {
    uploads: uploadAreaSuite(async () => (await open()).uploads),
    blobs: blobStoreSuite(open),
    archive: archiveStoreSuite(open),
    'derived forms': derivedStoreSuite(async () => (await open()).derived),
  };
  for (const [name, cases] of Object.entries(suites))
    for (const one of cases) it(`${name}: ${one.name}`, () => one.run());
});
