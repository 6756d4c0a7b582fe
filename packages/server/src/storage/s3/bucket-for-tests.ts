import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface StoredObject {
  bucket: string;
  key: string;
  content: Readable | Buffer;
  metadata: unknown;
}

interface Store {
  getResourcePath(bucket: string, key: string, resource: 'object'): string;
  putMetadata(bucket: string, key: string, metadata: unknown, md5: string): Promise<void>;
  putObject(object: StoredObject): Promise<{ size: number; md5: string }>;
}

interface Server {
  store: Store;
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: Record<string, unknown>) => Server;

/** A bucket server on this machine, for tests and trials. */
export interface BucketServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Starts s3rver over a folder. It answers before an object is in its file and reads one while it is written, which no
 * object storage does: here objects are written beside and take their place when they are whole.
 * @param buckets names of buckets that are made
 */
export async function startBucketServer(directory: string, buckets: readonly string[]): Promise<BucketServer> {
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { store } = server;
  let count = 0;
  store.putObject = async ({ bucket, key, content, metadata }) => {
    const path = store.getResourcePath(bucket, key, 'object');
    await mkdir(dirname(path), { recursive: true });
    const beside = `${path}.${++count}`;
    const hash = createHash('md5');
    let size = 0;
    const counted = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        size += piece.length;
        yield piece;
      }
    };
    await pipeline(Buffer.isBuffer(content) ? Readable.from([content]) : content, counted, createWriteStream(beside));
    const md5 = hash.digest('hex');
    await rename(beside, path);
    await store.putMetadata(bucket, key, metadata, md5);
    return { size, md5 };
  };
  const { port } = await server.run();
  return { port, close: () => server.close() };
}
