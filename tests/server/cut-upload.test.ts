import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { apiBase, routes } from '@micrarium/api';
import { expect, test } from 'vitest';
import { run as runCommand } from '../../packages/cli/src/run.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { eventually, openHarness } from './harness.ts';
import { describeDraft } from './publish-study.ts';

test('cut at 99.9 %: what arrived is kept, the file is not there, and the rest makes it whole', async () => {
  const harness = await openHarness();
  const { server, port } = await listen(harness.app, '127.0.0.1', 0);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  try {
    const ada = await harness.member('ada');
    const client = harness.client(ada.token);
    const { id: draft } = await client.call(routes.createDraft, {});
    const params = { draft };
    const bytes = Buffer.from(`frame,track,x,y\n${'1,1,1,1\n'.repeat(12_498)}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const files = [{ path: 'cut.csv', size: bytes.length, sha256 }];
    await client.call(routes.expectFiles, { params, body: { files } });
    const tus = { 'tus-resumable': '1.0.0', authorization: `Bearer ${ada.token}` };
    const of = (text: string) => Buffer.from(text).toString('base64');
    const named = {
      'upload-length': String(bytes.length),
      'upload-metadata': `draft ${of(draft)},path ${of('cut.csv')}`,
    };
    const made = await harness.request(`${apiBase}/uploads`, { method: 'POST', headers: { ...tus, ...named } });
    const location = made.headers.get('location')!;
    const piece = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const length = { 'content-length': String(bytes.length) };
    const sent = Math.floor(bytes.length * 0.999);
    const cut = request({
      host: '127.0.0.1',
      port,
      method: 'PATCH',
      path: location,
      headers: { ...tus, ...piece, ...length },
    });
    cut.on('error', () => {});
    cut.write(bytes.subarray(0, sent));
    // The line breaks when all but the last bytes are there.
    const offset = async () => {
      const answer = await harness.request(location, { method: 'HEAD', headers: tus });
      return Number(answer.headers.get('upload-offset'));
    };
    await eventually(async () => sockets.some(({ bytesRead }) => bytesRead > sent));
    cut.destroy();
    expect(await eventually(async () => (await offset()) > 0 && (await offset()))).toBe(sent);
    const state = async () => (await harness.services.studies.getFile(draft, 'cut.csv'))?.state;
    expect(await state()).not.toBe('verified');
    await describeDraft(harness, ada.token, draft, 'Cut off');
    const seen = await client.call(routes.getDraft, { params });
    expect(seen.files).toMatchObject({ count: 1, verified: 0, bytes: bytes.length });
    expect(seen.items).toEqual([]);
    expect(seen.missing.some(({ severity }) => severity === 'error')).toBe(true);
    await expect(client.call(routes.publishDraft, { params })).rejects.toMatchObject({ status: 422 });
    expect((await harness.request(`${apiBase}/drafts/${draft}/files/cut.csv`, { as: ada.token })).status).toBe(404);
    const rest = { ...piece, 'upload-offset': String(sent) };
    const last = await harness.request(location, {
      method: 'PATCH',
      headers: { ...tus, ...rest },
      body: bytes.subarray(sent) as Uint8Array<ArrayBuffer>,
    });
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(bytes.length)]);
    await eventually(async () => (await state()) === 'verified');
    const whole = await harness.request(`${apiBase}/drafts/${draft}/files/cut.csv`, { as: ada.token });
    expect(
      createHash('sha256')
        .update(new Uint8Array(await whole.arrayBuffer()))
        .digest('hex'),
    ).toBe(sha256);
    expect(harness.faults).toEqual([]);
  } finally {
    server.close();
    server.closeAllConnections();
    await harness.close();
  }
});

test('what lies damaged on the server is found by its digest, and the command line sends it once more by itself', async () => {
  const harness = await openHarness();
  const { server, url } = await listen(harness.app, '127.0.0.1', 0);
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-damaged-'));
  try {
    const { token } = await harness.member('ada');
    writeFileSync(join(folder, 'film.bin'), randomFillSync(Buffer.alloc(600_000)));
    const { uploads } = harness.services;
    const append = uploads.append.bind(uploads);
    let damages = 0;
    const damaged = async function* (bytes: AsyncIterable<Uint8Array>) {
      for await (const piece of bytes) yield damages-- > 0 ? Buffer.from(piece).fill(0, 0, 1).fill(1, 1, 2) : piece;
    };
    uploads.append = (id, offset, bytes, ...rest) => append(id, offset, damaged(bytes), ...rest);
    const deposit = async () => {
      const said = { out: '', err: '' };
      const into = (name: keyof typeof said) =>
        new Writable({
          write(piece: Buffer, _encoding, done) {
            said[name] += piece.toString();
            done();
          },
        });
      const environment = { MICRARIUM_TOKEN: token, XDG_STATE_HOME: join(folder, 'state') };
      const words = ['deposit', '--server', url, '--study', 'new', '--json', join(folder, 'film.bin')];
      const code = await runCommand(words, { out: into('out'), err: into('err'), environment });
      return { code, err: said.err, states: JSON.parse(said.out).files.map(({ state }: { state: string }) => state) };
    };
    damages = 1;
    const mended = await deposit();
    expect(mended).toMatchObject({ code: 0, states: ['verified'] });
    expect(mended.err).toContain('1 files arrived with another digest and are sent once more.');
    // Damaged every time: it is said, and nothing is taken for good.
    damages = 1000;
    writeFileSync(join(folder, 'film.bin'), randomFillSync(Buffer.alloc(600_000)));
    const never = await deposit();
    expect(never).toMatchObject({ code: 1, states: ['mismatch'] });
    expect(never.err).toContain('film.bin: what arrived has another digest again.');
  } finally {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close();
    await harness.close();
  }
});
