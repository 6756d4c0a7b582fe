import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Bucket } from './bucket.ts';

it('stores without a condition where the storage takes none, and asks for none again', async () => {
  const conditions: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      conditions.push(request.headers['if-none-match']);
      // As s3api of OpenStack Swift does it.
      const status = request.headers['if-none-match'] === undefined ? 200 : 501;
      const etag = `"${createHash('md5').update(Buffer.concat(pieces)).digest('hex')}"`;
      response.writeHead(status, { etag }).end(status === 501 ? '<Error><Code>NotImplemented</Code></Error>' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
    const bucket = new Bucket({ endpoint, bucket: 'films', region: 'us-east-1', ...keys, prefix: '', attempts: 1 });
    for (const key of ['one', 'two']) expect(await bucket.put(key, Buffer.from(key), { onlyNew: true })).toBe(true);
    expect(conditions).toEqual(['*', undefined, undefined]);
  } finally {
    server.close();
  }
});
