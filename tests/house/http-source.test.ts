import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ByteSourceError, httpSource } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byteSourceSuite, suiteBytes } from '../../packages/formats/src/bytes/byte-source-suite.ts';

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (request.url === '/missing') return void response.writeHead(404).end('no');
    // A server that knows no ranges answers with everything: that must work too.
    if (!range || request.url === '/whole') return void response.writeHead(200).end(suiteBytes);
    response.writeHead(206).end(suiteBytes.subarray(Number(range[1]), Number(range[2]) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

byteSourceSuite('http', async () => httpSource('suite.bin', `${base}/ranged`, suiteBytes.length));
byteSourceSuite('http without ranges', async () => httpSource('suite.bin', `${base}/whole`, suiteBytes.length));

test('an answer that is no file is an error of the source', async () => {
  await expect(httpSource('x', `${base}/missing`, 10).read(0, 10)).rejects.toBeInstanceOf(ByteSourceError);
});
