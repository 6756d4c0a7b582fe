import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from './listen.ts';

const silence = 200;
let listening: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  const app = {
    async fetch(request: Request) {
      const body = await request.text();
      if (request.url.endsWith('/long')) await rest(5 * silence);
      return new Response(`had ${body.length}`);
    },
  };
  listening = await listen(app, '127.0.0.1', 0, silence);
});
afterAll(() => {
  listening.server.close();
  listening.server.closeAllConnections();
});

test('who has asked and waits is answered, however long that takes', async () => {
  const answer = await fetch(`${listening.url}/long`, { method: 'POST', body: 'abc' });
  expect(await answer.text()).toBe('had 3');
});

test('who is silent in the middle of a request is cut off', async () => {
  const socket = connect(listening.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST /short HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
  expect(await text(socket).catch(() => 'cut off')).not.toContain('had');
});
