import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createClient } from '@micrarium/api';
import { filesOfTar, memorySource } from '@micrarium/formats';
import { afterEach, expect, test } from 'vitest';
import type { DigestedFile } from './local-files.ts';
import type { Sending } from './send-files.ts';
import { sendTogether } from './send-together.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((one) => one.close()));

/** A server that answers with these statuses, one after the other, and what it was sent. */
async function answering(statuses: number[]): Promise<{ sending: Sending; bodies: Uint8Array[]; sent: string[] }> {
  const bodies: Uint8Array[] = [];
  const server = createServer((request, answer) => {
    void buffer(request).then((body) => {
      bodies.push(body);
      answer.writeHead(statuses.shift()!).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const sent: string[] = [];
  const memory = { draft: () => undefined, upload: () => undefined, note: async () => {} };
  const more = { server: url, token: 't', draft: 'd', memory, signal: new AbortController().signal };
  return {
    sending: { client: createClient({ server: url }), ...more, onSent: (path) => sent.push(path) },
    bodies,
    sent,
  };
}

function file(path: string, text: string, announced = text): DigestedFile {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(announced).digest('hex');
  return {
    path,
    size: announced.length,
    sha256,
    entry: { path, size: bytes.length, open: async () => memorySource(path, bytes) },
  };
}

test('a parcel is sent again while the server is busy, and what changed since its digest was computed is left out', async () => {
  const { sending, bodies, sent } = await answering([503, 429, 200]);
  const files = [file('a.txt', 'one'), file('b.txt', 'two', 'owt'), file('c.txt', 'three')];
  expect(await sendTogether(files, sending, [1, 1, 1])).toEqual([files[1]]);
  expect(bodies).toHaveLength(3);
  expect([...filesOfTar(bodies[2]!)].map(({ path }) => path)).toEqual(['a.txt', 'c.txt']);
  expect(sent).toEqual(['a.txt', 'c.txt']);
});

test('what is refused, and everything where no tar is taken, is left to be sent one by one', async () => {
  const files = [file('a.txt', 'one'), file('b.txt', 'two')];
  for (const statuses of [[404], [400], [503, 503]]) {
    const { sending, sent } = await answering(statuses);
    expect(await sendTogether(files, sending, [1])).toEqual(files);
    expect(sent).toEqual([]);
  }
});
