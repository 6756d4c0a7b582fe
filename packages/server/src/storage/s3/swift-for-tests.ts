import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Bucket } from './bucket.ts';

/** Is OpenStack Swift installed, as Debian packs it: swift-proxy, swift-account, swift-container, swift-object? */
export const hasSwift: boolean = ['proxy', 'account', 'container', 'object'].every((part) =>
  ['/usr/bin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/swift-${part}-server`)),
);

/** Swift with s3api on this machine, for tests and trials. */
export interface SwiftServer {
  /** Address of its S3 interface. */
  endpoint: string;
  keys: { accessKeyId: string; secretAccessKey: string };
  close(): void;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const filters = ['catch_errors', 'cache', 's3api', 'tempauth', 'bulk', 'slo', 'dlo', 'versioned_writes'];
const program: Record<string, string> = { cache: 'memcache' };
const settingsOf: Record<string, string> = {
  tempauth: 'user_test_tester = testing .admin\n',
  versioned_writes: 'allow_object_versioning = false\nallow_versioned_writes = true\n',
};

/** Starts a ring of one device and a proxy, and makes a bucket. @throws where the bucket is not made within three minutes */
export async function startSwift(bucket: string): Promise<SwiftServer> {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-swift-'));
  const servers: ChildProcess[] = [];
  const keys = { accessKeyId: 'test:tester', secretAccessKey: 'testing' };
  const common = (port: number) =>
    `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${port}\nworkers = 0\nuser = ${userInfo().username}\nswift_dir = ${folder}\n`;
  const start = (part: string, settings: string) => {
    const file = join(folder, `${part}.conf`);
    writeFileSync(file, settings);
    const environment = { ...process.env, SWIFT_DIR: folder };
    servers.push(spawn(`swift-${part}-server`, [file], { stdio: 'ignore', env: environment }));
  };
  const close = () => {
    for (const server of servers) server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    mkdirSync(join(folder, 'devices/d1'), { recursive: true });
    writeFileSync(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n');
    for (const part of ['account', 'container', 'object']) {
      const port = await freePort();
      const ring = (...given: string[]) =>
        execFileSync('swift-ring-builder', [join(folder, `${part}.builder`), ...given], { stdio: 'ignore' });
      ring('create', '4', '1', '0');
      ring('add', `r1z1-127.0.0.1:${port}/d1`, '1');
      ring('rebalance');
      const devices = `devices = ${folder}/devices\nmount_check = false\n[pipeline:main]\npipeline = ${part}-server\n`;
      start(part, `${common(port)}${devices}[app:${part}-server]\nuse = egg:swift#${part}\n`);
    }
    const port = await freePort();
    const pipeline = `[pipeline:main]\npipeline = ${filters.join(' ')} proxy-server\n[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n`;
    const parts = filters.map(
      (name) => `[filter:${name}]\nuse = egg:swift#${program[name] ?? name}\n${settingsOf[name] ?? ''}`,
    );
    start('proxy', `${common(port)}${pipeline}${parts.join('')}`);
    const endpoint = `http://127.0.0.1:${port}`;
    await makeBucket(new Bucket({ endpoint, bucket, region: 'us-east-1', ...keys, prefix: '', attempts: 1 }));
    return { endpoint, keys, close };
  } catch (fault) {
    close();
    throw fault;
  }
}

/** Makes the bucket as soon as the proxy answers, and waits until it holds objects. */
async function makeBucket(bucket: Bucket): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    // The proxy answers before the servers behind it do: an object has to go in and out.
    const isMade = await bucket
      .create()
      .then(() => bucket.put('begun', new Uint8Array(1)))
      .then(() => bucket.get('begun'))
      .then(() => bucket.remove('begun'))
      .then(
        () => true,
        () => false,
      );
    if (isMade) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('Swift did not make the bucket within three minutes');
}
