import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { apiBase, provenBytes, routes } from '@micrarium/api';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { everyAllowance, setLimit } from '../../packages/server/src/quotas/quotas.ts';
import { partBytes } from '../../packages/server/src/uploads/part-digests.ts';
import { clearUnwanted, forgetUploads } from '../../packages/server/src/uploads/tus-uploads.ts';
import { listen } from '../../packages/server/src/start/listen.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

describe('resumable uploads', () => {
  let harness: Harness;
  let ada: Awaited<ReturnType<Harness['member']>>;
  let bea: Awaited<ReturnType<Harness['member']>>;
  let draft: string;
  let listening: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    harness = await openHarness();
    ada = await harness.member('ada');
    bea = await harness.member('bea');
    draft = (await harness.client(ada.token).call(routes.createDraft, {})).id;
    listening = await listen(harness.app, '127.0.0.1', 0);
  });
  afterAll(async () => {
    listening.server.close();
    listening.server.closeAllConnections();
    await harness.close();
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const announce = async (path: string, bytes: Uint8Array) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const body = { files: [{ path, size: bytes.length, sha256 }] };
    const { files } = await harness.client(ada.token).call(routes.expectFiles, { params: { draft }, body });
    return files[0]!;
  };
  const send = (path: string, init: RequestInit & { as?: string; tus?: string }) => {
    const { tus = '1.0.0', headers, ...rest } = init;
    const all = { ...(tus === '' ? {} : { 'tus-resumable': tus }), ...(headers as Record<string, string>) };
    return harness.request(path, { as: ada.token, ...rest, headers: all });
  };
  const begin = async (path: string, size: number, more: Record<string, string> = {}, as = ada.token) =>
    await send(`${apiBase}/uploads`, {
      method: 'POST',
      as,
      headers: {
        'upload-length': String(size),
        'upload-metadata': `draft ${base64(draft)},path ${base64(path)}`,
        ...more,
      },
    });
  const patch = (location: string, offset: number, body: Uint8Array, headers: Record<string, string> = {}) =>
    send(location, {
      method: 'PATCH',
      body: body as Uint8Array<ArrayBuffer>,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
    });

  test('nothing is announced beyond a quota; a reservation raises it, a group pays for what is shared with it', async () => {
    const { db } = harness.services;
    const carl = await harness.member('carl');
    const client = harness.client(carl.token);
    const { id, accession } = await client.call(routes.createDraft, {});
    const params = { draft: id };
    const ask = (size: number, path = 'a.bin') =>
      client.call(routes.expectFiles, { params, body: { files: [{ path, size }] } });
    const left = async () => (await client.call(routes.getDraftQuota, { params })).allowance!;
    await setLimit(db, 'default', 1000);
    await expect(ask(1001)).rejects.toMatchObject({ status: 413, code: 'quota-exceeded' });
    await ask(900);
    expect(await left()).toMatchObject({ kind: 'person', usedBytes: 900, limitBytes: 1000, set: 'default' });
    await expect(ask(101, 'b.bin')).rejects.toMatchObject({ code: 'quota-exceeded' });
    await ask(1000);
    // Announced at one moment, by two drafts of one person: one of them fits.
    await setLimit(db, 'default', 1500);
    const other = await client.call(routes.createDraft, {});
    const both = await Promise.allSettled(
      [id, other.id].flatMap((draft) =>
        ['x.bin', 'y.bin'].map((path) =>
          client.call(routes.expectFiles, { params: { draft }, body: { files: [{ path, size: 400 }] } }),
        ),
      ),
    );
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const draft of [id, other.id])
      await client.call(routes.removeDraftFiles, { params: { draft }, body: { paths: ['x.bin', 'y.bin'] } });
    await setLimit(db, 'default', 1000);
    const put = await harness.request(`${apiBase}/drafts/${id}/files/c.bin`, {
      method: 'PUT',
      body: 'more',
      headers: { 'content-length': '4' },
      as: carl.token,
    });
    expect([put.status, (await put.json()).code]).toEqual([413, 'quota-exceeded']);

    await db
      .insertInto('plan')
      .values({ id: 'p', owner_id: carl.user.id, title: 'A plan', document: '{}', reserved_bytes: 500 })
      .execute();
    expect(await left()).toMatchObject({ limitBytes: 1500, reservedBytes: 500 });
    await ask(500, 'b.bin');
    await setLimit(db, `user:${carl.user.id}`, 100);
    const metadata = `draft ${base64(id)},path ${base64('b.bin')}`;
    const begun = await send(`${apiBase}/uploads`, {
      method: 'POST',
      as: carl.token,
      headers: { 'upload-length': '500', 'upload-metadata': metadata },
    });
    expect([begun.status, await begun.text()]).toEqual([413, expect.stringContaining('are left')]);

    await db.insertInto('team').values({ id: 'lab', name: 'Lab' }).execute();
    await share(db, accession, { teamId: 'lab' }, 'view');
    expect((await left()).kind).toBe('person');
    expect(await setLimit(db, 'group:lab', 2000)).toBe(true);
    expect(await left()).toMatchObject({ kind: 'group', name: 'Lab', usedBytes: 1500, limitBytes: 2000 });
    await ask(500, 'c.bin');
    expect((await client.call(routes.listAllowances, {})).allowances[0]).toMatchObject({ usedBytes: 0, set: 100 });
    expect(await setLimit(db, 'user:nobody', 1)).toBe(false);
    await setLimit(db, 'default', 'default');
  });

  test('sizes that are only said keep nobody from seeing what they have', async () => {
    const { db } = harness.services;
    const dave = await harness.member('dave');
    const client = harness.client(dave.token);
    const announce = async (size: number) => {
      const { id } = await client.call(routes.createDraft, {});
      const files = [0, 1].map((at) => ({ path: `${at}.bin`, size }));
      await client.call(routes.expectFiles, { params: { draft: id }, body: { files } });
      return id;
    };
    // Two of them are more than a number holds.
    await expect(announce(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ status: 413, code: 'quota-exceeded' });
    let draft = '';
    for (let at = 0; at < 10; at++) draft = await announce(5e14);
    const plan = { owner_id: dave.user.id, title: 'A plan', document: '{}', reserved_bytes: Number.MAX_SAFE_INTEGER };
    for (const id of ['large', 'larger'])
      await db
        .insertInto('plan')
        .values({ id, ...plan })
        .execute();
    const { allowance } = await client.call(routes.getDraftQuota, { params: { draft } });
    expect(allowance).toMatchObject({ usedBytes: Number.MAX_SAFE_INTEGER, reservedBytes: Number.MAX_SAFE_INTEGER });
    expect((await everyAllowance(db)).allowances.length).toBeGreaterThan(0);
  });

  test('the protocol: what is offered, versions, types, offsets, checksums, ends', async () => {
    const bytes = randomBytes(1000);
    await announce('p.bin', bytes);
    const offered = await send(`${apiBase}/uploads`, { method: 'OPTIONS', tus: '' });
    expect([offered.status, offered.headers.get('tus-version')]).toEqual([204, '1.0.0']);
    expect(offered.headers.get('tus-checksum-algorithm')!.split(',')).toContain('sha1');
    expect((await send(`${apiBase}/uploads`, { method: 'POST', tus: '0.2.2' })).status).toBe(412);
    expect((await begin('p.bin', 999)).status).toBe(400);
    expect((await begin('CON/not a path', 10)).status).toBe(400);
    expect((await begin('p.bin', 1000, { 'upload-metadata': 'draft !!!' })).status).toBe(400);
    expect((await begin('p.bin', 1000, { 'upload-length': '9e9' })).status).toBe(400);
    const made = await begin('p.bin', 1000);
    const location = made.headers.get('location')!;
    expect([made.status, new Date(made.headers.get('upload-expires')!).getTime() > Date.now()]).toEqual([201, true]);
    expect((await patch(location, 0, bytes, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await patch(location, 5, bytes)).status).toBe(409);
    const digest = createHash('sha256').update(bytes.subarray(0, 400)).digest('base64');
    expect((await patch(location, 0, bytes.subarray(0, 400), { 'upload-checksum': 'md5 xx' })).status).toBe(400);
    expect((await patch(location, 0, bytes.subarray(1, 401), { 'upload-checksum': `sha256 ${digest}` })).status).toBe(
      460,
    );
    const first = await patch(location, 0, bytes.subarray(0, 400), { 'upload-checksum': `sha256 ${digest}` });
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '400']);
    const looked = await send(location, { method: 'HEAD' });
    expect([looked.status, looked.headers.get('upload-offset'), looked.headers.get('upload-length')]).toEqual([
      200,
      '400',
      '1000',
    ]);
    expect(looked.headers.get('cache-control')).toBe('no-store');
    expect((await patch(location, 400, randomBytes(700))).status).toBe(413);
    for (const checksum of ['sha256', 'sha256 !!', `sha256 ${digest} more`, `sha256 ${digest.slice(4)}`])
      expect((await patch(location, 400, randomBytes(9), { 'upload-checksum': checksum })).status).toBe(400);
    const offset = Number((await send(location, { method: 'HEAD' })).headers.get('upload-offset'));
    expect(offset).toBeLessThanOrEqual(1000);
    expect((await send(location, { method: 'DELETE' })).status).toBe(204);
    expect([404, 410]).toContain((await send(location, { method: 'HEAD' })).status);
  });

  test('creation announces what nobody has announced: paths, quota and digest are looked at there', async () => {
    const bytes = randomBytes(300);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const metadata = (path: string, digest = sha256) => ({
      'upload-metadata': `draft ${base64(draft)},path ${base64(path)},sha256 ${base64(digest)},mtime ${base64('1700000000')}`,
    });
    for (const path of ['../out.bin', '/a', 'a\\b', 'COM1', 'x '])
      expect((await begin('', 300, metadata(path))).status).toBe(400);
    for (const bytes of [Buffer.from('a\0b'), Buffer.from('caf\xe9.bin', 'latin1')])
      for (const key of ['path', 'draft'] as const) {
        const told = { draft: base64(draft), path: base64('a.bin'), [key]: bytes.toString('base64') };
        const refused = await begin('', 300, { 'upload-metadata': `draft ${told.draft},path ${told.path}` });
        expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(key)]);
      }
    expect((await begin('', 300, metadata('plain.bin', 'ABC'))).status).toBe(400);
    await setLimit(harness.services.db, 'default', 100);
    expect((await begin('', 300, metadata('plain.bin'))).status).toBe(413);
    await setLimit(harness.services.db, 'default', 'default');
    const made = await begin('', 300, {
      ...metadata('plain.bin'),
      'content-type': 'application/offset+octet-stream',
    });
    expect(made.status).toBe(201);
    expect((await begin('', 300, metadata('plain.bin', '0'.repeat(64)))).status).toBe(400);
    expect((await patch(made.headers.get('location')!, 0, bytes)).status).toBe(204);
    await eventually(async () => (await harness.services.studies.getFile(draft, 'plain.bin'))?.state === 'verified');
    // Once more: the same bytes are there.
    const again = await begin('', 300, metadata('plain.bin'));
    expect([again.status, again.headers.get('upload-offset')]).toEqual([201, '300']);
    const looked = await send(again.headers.get('location')!, { method: 'HEAD' });
    expect([looked.status, looked.headers.get('upload-offset')]).toEqual([200, '300']);
  });

  test('an upload may begin with bytes, learn its length later, and be asked for by another method', async () => {
    const bytes = randomBytes(500);
    await announce('with.bin', bytes);
    const digest = createHash('sha1').update(bytes.subarray(0, 200)).digest('base64');
    const post = (more: Record<string, string>) =>
      send(`${apiBase}/uploads`, {
        method: 'POST',
        body: new Uint8Array(bytes.subarray(0, 200)),
        headers: {
          'content-type': 'application/offset+octet-stream',
          'upload-metadata': `draft ${base64(draft)},path ${base64('with.bin')}`,
          ...more,
        },
      });
    const made = await post({ 'upload-length': '500', 'upload-checksum': `sha1 ${digest}` });
    expect([made.status, made.headers.get('upload-offset')]).toEqual([201, '200']);
    for (const wrong of [{ 'upload-defer-length': '2' }, { 'upload-defer-length': '1', 'upload-length': '500' }, {}])
      expect((await post(wrong as Record<string, string>)).status).toBe(400);
    const later = await post({ 'upload-defer-length': '1' });
    const location = later.headers.get('location')!;
    expect([later.status, later.headers.get('upload-offset')]).toEqual([201, '200']);
    const before = await send(location, { method: 'HEAD' });
    expect([before.headers.get('upload-length'), before.headers.get('upload-defer-length')]).toEqual([null, '1']);
    expect((await patch(location, 200, bytes.subarray(200, 300), { 'upload-length': '499' })).status).toBe(400);
    expect((await patch(location, 200, bytes.subarray(200, 300), { 'upload-length': '500' })).status).toBe(204);
    const after = await send(location, { method: 'HEAD' });
    expect([after.headers.get('upload-length'), after.headers.get('upload-defer-length')]).toEqual(['500', null]);
    expect((await patch(location, 300, bytes.subarray(300), { 'upload-length': '501' })).status).toBe(400);
    const override = { 'x-http-method-override': 'PATCH', 'upload-offset': '300' };
    const replaced = await send(location, {
      method: 'POST',
      body: new Uint8Array(bytes.subarray(300)),
      headers: { 'content-type': 'application/offset+octet-stream', ...override },
    });
    expect([replaced.status, replaced.headers.get('upload-offset')]).toEqual([204, '500']);
    await eventually(async () => (await harness.services.studies.getFile(draft, 'with.bin'))?.state === 'verified');
    const asked = await send(location, { method: 'GET', headers: { 'x-http-method-override': 'HEAD' } });
    expect([asked.status, asked.headers.get('upload-offset')]).toEqual([200, '500']);
    const wrong = await send(location, { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'OPTIONS, HEAD, PATCH, DELETE']);
  });

  test('what an upload holds is told part by part, by whichever process, and proved before somebody goes on with it', async () => {
    const bytes = randomBytes(2 * partBytes + 1000);
    await announce('parts.bin', bytes);
    const location = (await begin('parts.bin', bytes.length)).headers.get('location')!;
    const upload = location.split('/').at(-1)!;
    const { services } = harness;
    const ours = (from: number, length: number) =>
      createHash('sha256')
        .update(bytes.subarray(from, from + length))
        .digest('hex');
    const held = () => harness.client(ada.token).call(routes.getUploadParts, { params: { upload } });
    expect(await held()).toEqual({ partBytes, offset: 0, parts: [] });
    // In pieces that end within parts; a process that was started anew reads what it has not hashed.
    const ends = [100, partBytes - 5, partBytes + 7, 2 * partBytes + 500];
    for (const [at, end] of ends.entries()) {
      const from = ends[at - 1] ?? 0;
      if (at === 2) Object.assign(services.partDigests, { standing: new Map() });
      expect((await patch(location, from, bytes.subarray(from, end))).status).toBe(204);
      const parts = Array.from({ length: Math.floor(end / partBytes) }, (_, part) => ours(part * partBytes, partBytes));
      const rest = { bytes: end % partBytes, sha256: ours(end - (end % partBytes), end % partBytes) };
      expect(await held()).toEqual({ partBytes, offset: end, parts, rest });
    }
    const client = harness.client(ada.token);
    expect(await provenBytes(client, upload, async (from, length) => ours(from, length))).toBe(2 * partBytes + 500);
    expect(
      await provenBytes(client, upload, async (from) => (from === 0 ? 'other' : ours(from, partBytes))),
    ).toBeUndefined();
    // As after a kill between storing and noting: the file says how much there is.
    await services.uploads.append(
      upload,
      2 * partBytes + 500,
      Readable.from([bytes.subarray(2 * partBytes + 500, -1)]),
    );
    expect((await held()).rest).toEqual({ bytes: 999, sha256: ours(2 * partBytes, 999) });
    expect((await patch(location, bytes.length - 1, bytes.subarray(-1))).status).toBe(204);
    await eventually(async () => (await services.studies.getFile(draft, 'parts.bin'))?.state === 'verified');
    await expect(held()).rejects.toMatchObject({ status: 404 });
    await forgetUploads(services.db, services.uploads, new Date());
    expect(await services.partDigests.parts(upload, 0, 9)).toEqual([]);
  });

  test('bytes of one file lie there at most twice, and none of files that are taken out: a quota counts each once', async () => {
    const { services } = harness;
    const staged = async () => {
      const ids: string[] = [];
      for await (const { uploadId } of services.uploads.list()) ids.push(uploadId);
      return ids;
    };
    const before = (await staged()).length;
    await announce('many.bin', randomBytes(50));
    const locations: string[] = [];
    for (let times = 0; times < 5; times++) {
      const location = (await begin('many.bin', 50)).headers.get('location')!;
      expect((await patch(location, 0, randomBytes(49))).status).toBe(204);
      locations.push(location);
    }
    expect(await staged()).toHaveLength(before + 2);
    expect((await send(locations[0]!, { method: 'HEAD' })).status).toBe(404);
    expect((await send(locations[3]!, { method: 'HEAD' })).status).toBe(200);
    const client = harness.client(ada.token);
    await client.call(routes.removeDraftFiles, { params: { draft }, body: { paths: ['many.bin'] } });
    expect(await staged()).toHaveLength(before);
    // What is left of a draft that is no more is cleared away.
    const { id } = await client.call(routes.createDraft, {});
    await client.call(routes.expectFiles, { params: { draft: id }, body: { files: [{ path: 'x', size: 9 }] } });
    const metadata = { 'upload-metadata': `draft ${base64(id)},path ${base64('x')}` };
    const last = (await begin('', 9, metadata)).headers.get('location')!.split('/').at(-1)!;
    await services.db.updateTable('draft').set({ state: 'discarded' }).where('id', '=', id).execute();
    expect(await clearUnwanted(services.db, services.uploads)).toBe(0);
    await services.db
      .updateTable('upload')
      .set({ created_at: new Date(0) })
      .where('id', '=', last)
      .execute();
    expect(await clearUnwanted(services.db, services.uploads)).toBe(1);
    expect(await staged()).toHaveLength(before);
  });

  test('permission is asked on every request', async () => {
    const bytes = randomBytes(10);
    await announce('mine.bin', bytes);
    expect((await begin('mine.bin', 10, {}, bea.token)).status).toBe(404);
    const location = (await begin('mine.bin', 10)).headers.get('location')!;
    for (const [as, code] of [
      [bea.token, 404],
      [await harness.token(ada.user.id, ['read']), 404],
    ] as const) {
      expect((await send(location, { method: 'HEAD', as })).status).toBe(code);
    }
    const nobody = await harness.app.request(`http://localhost${location}`, {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect(nobody.status).toBe(401);
  });

  test('an upload that drips is cut off with 408, and goes on from what came', async () => {
    const bytes = randomBytes(3000);
    await announce('slow.bin', bytes);
    const location = (await begin('slow.bin', bytes.length)).headers.get('location')!;
    let isOver = false;
    const body = new ReadableStream<Uint8Array>({
      async start(stream) {
        stream.enqueue(new Uint8Array(bytes.subarray(0, 1000)));
        for (let at = 1000; !isOver && at < bytes.length; at++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (!isOver) stream.enqueue(new Uint8Array(bytes.subarray(at, at + 1)));
        }
      },
    });
    const headers = {
      authorization: `Bearer ${ada.token}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
    };
    const init = { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit;
    const pace = { bytes: 1000, milliseconds: 300 };
    const cut = await harness.app.request(`http://localhost${location}`, init, { pace });
    isOver = true;
    expect([cut.status, cut.headers.get('connection'), (await cut.json()).code]).toEqual([408, 'close', 'too-slow']);
    const offset = Number((await send(location, { method: 'HEAD' })).headers.get('upload-offset'));
    expect(offset).toBeGreaterThanOrEqual(1000);
    expect((await patch(location, offset, bytes.subarray(offset))).status).toBe(204);
    await eventually(async () => (await harness.services.studies.getFile(draft, 'slow.bin'))?.state === 'verified');
  });

  test('one writer of three that race, and the bytes of one only', async () => {
    const bytes = randomBytes(200_000);
    await announce('race.bin', bytes);
    const location = (await begin('race.bin', bytes.length)).headers.get('location')!;
    const answers = await Promise.all([1, 2, 3].map(() => patch(location, 0, bytes)));
    expect(answers.map((one) => one.status).sort()).toEqual([204, 409, 409]);
    await eventually(async () => (await harness.services.studies.getFile(draft, 'race.bin'))?.state === 'verified');
  });

  test('an upload that a process stored whole and told nobody of is taken in when its client asks where it stands', async () => {
    const bytes = randomBytes(5000);
    await announce('told-nobody.bin', bytes);
    const location = (await begin('told-nobody.bin', bytes.length)).headers.get('location')!;
    const { uploads, studies } = harness.services;
    await uploads.append(location.split('/').at(-1)!, 0, Readable.from([bytes]));
    const answer = await send(location, { method: 'HEAD' });
    expect(answer.headers.get('upload-offset')).toBe('5000');
    await eventually(async () => (await studies.getFile(draft, 'told-nobody.bin'))?.state === 'verified');
  });

  test('bytes that are not those announced are marked and asked for again', async () => {
    await announce('wrong.bin', randomBytes(100));
    const location = (await begin('wrong.bin', 100)).headers.get('location')!;
    expect((await patch(location, 0, randomBytes(100))).status).toBe(204);
    await eventually(async () => (await harness.services.studies.getFile(draft, 'wrong.bin'))?.state === 'mismatch');
  });

  test('the client of browser and command line resumes after the connection was cut', async () => {
    const bytes = randomBytes(40 * 2 ** 20);
    await announce('film.bin', bytes);
    let location = '';
    const upload = (cutAt: number | undefined) =>
      new Promise<void>((resolve, reject) => {
        const client: Upload = new Upload(Readable.from([bytes]), {
          endpoint: `${listening.url}${apiBase}/uploads`,
          ...(location ? { uploadUrl: location } : {}),
          headers: { authorization: `Bearer ${ada.token}` },
          metadata: { draft, path: 'film.bin' },
          uploadSize: bytes.length,
          chunkSize: 8 * 2 ** 20,
          retryDelays: [],
          onProgress: (sent) => {
            if (cutAt !== undefined && sent > cutAt) void client.abort().then(() => resolve());
          },
          // Progress may be told late on a busy machine; between two pieces the cut always comes in time.
          onChunkComplete: (_piece, accepted) => {
            if (cutAt !== undefined && accepted > cutAt) void client.abort().then(() => resolve());
          },
          onUploadUrlAvailable: () => {
            location = client.url!;
          },
          onSuccess: () => resolve(),
          onError: reject,
        });
        client.start();
      });
    await upload(10 * 2 ** 20);
    const path = new URL(location).pathname;
    const stored = await eventually(async () => {
      const offset = Number((await send(path, { method: 'HEAD' })).headers.get('upload-offset'));
      return offset > 0 && offset < bytes.length && offset;
    });
    expect(stored).toBeGreaterThan(0);
    for (let offset = stored; offset < bytes.length; ) {
      const answer = await patch(path, offset, bytes.subarray(offset, offset + 8 * 2 ** 20));
      expect([204, 409]).toContain(answer.status);
      offset = Number(answer.headers.get('upload-offset'));
    }
    await eventually(async () => (await harness.services.studies.getFile(draft, 'film.bin'))?.state === 'verified');
    // The same file again: its bytes are known to be this person's, and need not be sent.
    expect(await announce('again.bin', bytes)).toMatchObject({ state: 'verified', received: bytes.length });
  });

  test('no fault of the program was noted', () => {
    expect(harness.faults.map(({ fault, where }) => `${where}: ${String(fault)}`)).toEqual([]);
  });
});
