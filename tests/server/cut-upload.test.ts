import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { apiBase, routes } from '@micrarium/api';
import { expect, test } from 'vitest';
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
