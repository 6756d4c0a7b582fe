import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../start/listen.ts';
import type { HttpContext, HttpEnvironment } from './context.ts';
import { Problem, problemResponse } from './problems.ts';
import { type FileToSend, sendFile } from './send-file.ts';

let folder: string;
let served: Awaited<ReturnType<typeof listen>>;
let asked = 0;
let isOpen = true;
const content = Buffer.from(Array.from({ length: 700_000 }, (_, n) => (n * 31) % 251));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-direct-'));
  await writeFile(join(folder, 'file'), content);
  const app = new Hono<HttpEnvironment>();
  app.onError((fault) => problemResponse(fault instanceof Problem ? fault : new Problem('internal-fault')));
  const send = (cache: FileToSend['cache']) => async (c: HttpContext) => {
    asked++;
    if (!isOpen) throw new Problem('withdrawn');
    const file = { from: join(folder, 'file'), tag: 'tag', mediaType: 'application/zip', name: 'file' };
    return sendFile(c, { ...file, cache, isFromDepositor: false });
  };
  app.get('/file', send('derived'));
  app.get('/private', send('private'));
  app.get('/late', async (c) => {
    await send('derived')(c);
    throw new Problem('not-found');
  });
  app.post('/close', (c) => {
    isOpen = false;
    return c.text('closed');
  });
  served = await listen(app, '127.0.0.1', 0);
});
beforeEach(() => {
  [asked, isOpen] = [0, true];
});
afterAll(async () => {
  served.server.closeAllConnections();
  served.server.close();
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${served.url}${path}`, { headers });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}
const rangeOf = (start: number, end: number) => ({ range: `bytes=${start}-${end}` });

describe('a file that goes straight to the socket', () => {
  it('has the bytes and headers of what was asked for', async () => {
    const { answer, bytes } = await get('/file');
    expect([answer.status, bytes.equals(content)]).toEqual([200, true]);
    for (const [start, end] of [
      [0, 0],
      [5, 262_148],
      [100, 699_999],
    ] as const) {
      const part = await get('/file', rangeOf(start, end));
      expect(part.bytes.equals(content.subarray(start, end + 1))).toBe(true);
      expect(part.answer.status).toBe(206);
      expect(part.answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/700000`);
      expect(part.answer.headers.get('etag')).toBe('"tag"');
    }
    // Asked for again within the moment: the bytes come another way.
    for (const [start, end] of [
      [3, 3],
      [11, 99_999],
      [11, 99_999],
      [11, 99_999],
      [5, 699_999],
    ] as const)
      expect((await get('/file', rangeOf(start, end))).bytes.equals(content.subarray(start, end + 1))).toBe(true);
    expect((await get('/file', rangeOf(700_000, 700_001))).answer.status).toBe(416);
    expect((await fetch(`${served.url}/file`, { method: 'HEAD' })).headers.get('content-length')).toBe('700000');
  });

  it('is not sent where the application answers with something else after all', async () => {
    const { answer, bytes } = await get('/late');
    expect([answer.status, JSON.parse(bytes.toString()).code]).toEqual([404, 'not-found']);
  });

  it('is sent again without asking the application, of what is for all, until something is written', async () => {
    for (let n = 0; n < 5; n++) expect((await get('/file', rangeOf(n, n + 9))).bytes[0]).toBe(content[n]);
    expect(asked).toBeLessThan(5);
    const before = asked;
    for (const personal of ['cookie', 'authorization', 'if-range'])
      await get('/file', { ...rangeOf(0, 9), [personal]: 'x' });
    expect(asked).toBe(before + 3);
    await fetch(`${served.url}/close`, { method: 'POST' });
    expect((await get('/file', rangeOf(0, 9))).answer.status).toBe(410);
  });

  it('is asked for anew each time where it is private', async () => {
    for (let n = 0; n < 3; n++) await get('/private', rangeOf(0, 9));
    expect(asked).toBe(3);
  });

  it('is that of now when another took its place', async () => {
    await get('/file', rangeOf(0, 9));
    await writeFile(join(folder, 'other'), Buffer.alloc(700_000, 7));
    await rename(join(folder, 'other'), join(folder, 'file'));
    expect((await get('/file', rangeOf(0, 9))).bytes[3]).toBe(7);
  });
});
