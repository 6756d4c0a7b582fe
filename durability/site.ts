import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBucketServer } from '../packages/server/src/storage/s3/bucket-for-tests.ts';
import { startSwift } from '../packages/server/src/storage/s3/swift-for-tests.ts';
import { startEmbeddedCluster } from '../packages/server/src/database/embedded-cluster.ts';
import { type RunningServer, startServer } from '../tests/journeys/server-under-test.ts';
import { type Line, type Mishap, openLine, openRequestLine } from './lines.ts';

/** Several processes over one PostgreSQL and one bucket, whose ways to both can fail. */
export interface Site {
  folder: string;
  processes: Map<string, RunningServer>;
  /** Address of the bucket's storage itself, and what opens it. */
  storageUrl: string;
  keys: { accessKeyId: string; secretAccessKey: string };
  databaseUrl: string;
  /** What happens to requests to the bucket; left out, nothing. */
  bucket: { mishap: (() => Mishap) | undefined };
  database: Line;
  /** Processes of the storage and the database, where they are to be measured. */
  measured?: { storage: number; database: number };
  /** Starts a process whose name begins with its role, `web` or `worker`. */
  start(name: string, port?: number): Promise<RunningServer>;
  close(): Promise<void>;
}

/** A bucket in a process of its own, so that it does not take the time of who measures. */
async function openStorageBeside(folder: string): Promise<BucketStorage> {
  const program = fileURLToPath(new URL('bucket-process.ts', import.meta.url));
  const child = fork(program, [join(folder, 'bucket'), 'micrarium'], { stdio: 'inherit' });
  const [port] = (await once(child, 'message')) as [number];
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const close = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${port}`, keys, close, pid: child.pid! };
}

/** The storage that a bucket lies in. */
interface BucketStorage {
  url: string;
  keys: { accessKeyId: string; secretAccessKey: string };
  close(): Promise<void>;
  /** Of its process, where it has one of its own. */
  pid?: number;
}

/** Storage in this process, or Debian's Swift. */
async function openStorage(folder: string, isOverSwift: boolean): Promise<BucketStorage> {
  if (isOverSwift) {
    const { endpoint: url, keys, close } = await startSwift('micrarium');
    return { url, keys, close: async () => close() };
  }
  const { port, close } = await startBucketServer(join(folder, 'bucket'), ['micrarium']);
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  return { url: `http://127.0.0.1:${port}`, keys, close };
}

/**
 * Opens database and bucket; processes are started one by one.
 * @param options.former checkout of the version before: each process is its program at first, and ours from its second start on
 * @param options.isOverSwift is the bucket one of Swift, or of s3rver?
 * @param options.isMeasured the bucket has a process of its own, and nothing stands between the processes that could fail
 */
export async function openSite({
  former,
  isOverSwift = false,
  isMeasured = false,
}: {
  former?: string | undefined;
  isOverSwift?: boolean;
  isMeasured?: boolean;
} = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-site-'));
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'cluster'), { mode: 0o711 });
  const cluster = await startEmbeddedCluster(join(folder, 'cluster'), () => {});
  const storage = isMeasured ? await openStorageBeside(folder) : await openStorage(folder, isOverSwift);
  const { url: storageUrl, keys } = storage;
  const bucket: Site['bucket'] = { mishap: undefined };
  const toBucket = await openRequestLine(
    () => [storageUrl],
    () => bucket.mishap?.() ?? 'none',
  );
  const url = new URL(cluster.url);
  const database = await openLine({ host: url.hostname, port: Number(url.port) });
  if (!isMeasured) url.port = String(database.port);
  const secrets = { key: keys.secretAccessKey, secret: createHash('sha256').update(folder).digest('hex') };
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const environment = {
    DATABASE_URL: url.href,
    MICRARIUM_PAGES: 'off',
    // By another name than the server's own address, which is found in what it prints.
    MICRARIUM_S3_ENDPOINT: (isMeasured ? storageUrl : toBucket.url).replace('127.0.0.1', 'localhost'),
    MICRARIUM_S3_BUCKET: 'micrarium',
    MICRARIUM_S3_ACCESS_KEY: keys.accessKeyId,
    MICRARIUM_S3_SECRET_KEY_FILE: join(folder, 'key'),
    MICRARIUM_SECRET_FILE: join(folder, 'secret'),
  };
  const processes = new Map<string, RunningServer>();
  return {
    folder,
    processes,
    storageUrl,
    keys,
    databaseUrl: cluster.url,
    bucket,
    database,
    ...(storage.pid !== undefined ? { measured: { storage: storage.pid, database: cluster.pid } } : {}),
    async start(name, port = 0) {
      const dataFolder = join(folder, name.replace(' ', '-'));
      mkdirSync(dataFolder, { recursive: true });
      const role = name.startsWith('web') ? 'web' : 'worker';
      const isFormer = former !== undefined && !processes.has(name);
      const server = await startServer({
        dataFolder,
        port,
        environment: { ...environment, MICRARIUM_ROLE: role },
        ...(isFormer ? { program: join(former, 'packages/cli/src/main.ts') } : {}),
      });
      processes.set(name, server);
      return server;
    },
    async close() {
      await Promise.all([...processes.values()].map((one) => one.stop().catch(() => {})));
      toBucket.close();
      database.close();
      await storage.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The link that makes the owner account, once a process has printed it. */
export async function ownerLinkOf(server: RunningServer): Promise<string | undefined> {
  for (let tries = 0; tries < 100; tries++) {
    const found = /http:\/\/\S+\/welcome#\S+/.exec(server.output());
    if (found) return found[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
