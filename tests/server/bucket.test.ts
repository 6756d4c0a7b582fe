import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BucketServer, startBucketServer } from '../../packages/server/src/storage/s3/bucket-for-tests.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { checkFixity } from '../../packages/server/src/fixity/check-fixity.ts';
import { fixityFindings } from '../../packages/server/src/fixity/fixity-report.ts';
import { backup } from '../../packages/server/src/maintenance/backup.ts';
import { restore } from '../../packages/server/src/maintenance/restore.ts';
import { purgeStudy } from '../../packages/server/src/states/purge.ts';
import type { StudyAsk } from '../../packages/server/src/states/study-asks.ts';
import {
  openBucketStorage,
  ProcessLocks,
  type StudyArchive,
  validateObject,
} from '../../packages/server/src/storage/index.ts';
import { type Harness, openHarness } from './harness.ts';
import { makeDatabase } from './make-database.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let folder = '';
let storage: BucketServer;
let environment: Record<string, string>;
const processes: Harness[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'micrarium-bucket-'));
  storage = await startBucketServer(join(folder, 'bucket'), ['micrarium', 'restored']);
  const { port } = storage;
  for (const [name, text] of [
    ['key', 'S3RVER'],
    ['secret', 's'.repeat(40)],
  ] as const)
    writeFileSync(join(folder, name), text);
  environment = {
    MICRARIUM_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    MICRARIUM_S3_BUCKET: 'micrarium',
    MICRARIUM_S3_ACCESS_KEY: 'S3RVER',
    MICRARIUM_S3_SECRET_KEY_FILE: join(folder, 'key'),
    MICRARIUM_SECRET_FILE: join(folder, 'secret'),
  };
  const first = await openHarness(true, { environment });
  processes.push(first);
  // Another process of the same installation, with a data folder of its own, that only answers.
  processes.push(await openHarness(false, { environment, databaseUrl: first.databaseUrl }));
});
afterAll(async () => {
  for (const one of processes.reverse()) await one.close();
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A TIFF of one plane of 16 × 16 pixels of 8 bits; pixel n has the value n. */
function tinyTiff(): Uint8Array<ArrayBuffer> {
  const tags = [
    [256, 3, 16],
    [257, 3, 16],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 3, 16],
    [279, 4, 256],
  ] as const;
  const bytes = new Uint8Array(8 + 256 + 2 + tags.length * 12 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, 264, true);
  for (let at = 0; at < 256; at++) bytes[8 + at] = at;
  view.setUint16(264, tags.length, true);
  for (const [at, [tag, type, value]] of tags.entries()) {
    const place = 266 + at * 12;
    view.setUint16(place, tag, true);
    view.setUint16(place + 2, type, true);
    view.setUint32(place + 4, 1, true);
    if (type === 3) view.setUint16(place + 8, value, true);
    else view.setUint32(place + 8, value, true);
  }
  return bytes;
}

test('a study whose bytes are in a bucket is deposited at one process and seen at another, chunk by chunk', async () => {
  const [one, two] = processes as [Harness, Harness];
  const ada = await one.member('ada', 'owner');
  const client = one.client(ada.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const put = await two.request(`${apiBase}/drafts/${id}/files/film.tif`, {
    method: 'PUT',
    body: tinyTiff(),
    as: ada.token,
  });
  expect(put.status).toBe(200);
  await fillDraft(one, ada.token, id, { 'tracks.csv': trackTable });
  await describeDraft(one, ada.token, id, 'Pixels in a bucket');
  // Pressed at both at once: one publication.
  const pressed = await Promise.all(
    [client, two.client(ada.token)].map((at) => at.call(routes.publishDraft, { params: { draft: id } })),
  );
  expect(pressed.map(({ version }) => version)).toEqual([1, 1]);

  const study = `${apiBase}/studies/${accession}/versions/1`;
  const { items } = (await (await two.request(study)).json()) as { items: { id: string; path: string }[] };
  const film = items.find(({ path }) => path === 'film.tif')!;
  const content = `${study}/items/${film.id}/content`;
  const pyramid = await two.request(`${content}/image-0.zarr/zarr.json`);
  expect(pyramid.status).toBe(200);
  const range = await two.request(`${content}/image-0.ozx`, { headers: { range: 'bytes=0-3' } });
  expect([range.status, await range.text()]).toEqual([206, 'PK\u0003\u0004']);
  const original = await two.request(`${study}/files/film.tif`, { headers: { range: 'bytes=18-20' } });
  expect([...new Uint8Array(await original.arrayBuffer())]).toEqual([10, 11, 12]);
  expect((await two.request(`${study}/files/tracks.csv`)).status).toBe(200);
  expect(one.faults).toEqual([]);
  expect(two.faults).toEqual([]);
  // Nothing that counts lies beside the bucket.
  for (const { data } of processes) expect(readdirSync(data).sort()).toEqual(['work']);

  const checked = async (second?: string) => {
    const elsewhere = await openBucketStorage(two.kernel.config.bucket!, join(folder, 'check'), new ProcessLocks());
    const dueBefore = new Date(Date.now() + 1000);
    const places = { data: join(folder, 'check'), elsewhere, copy: second };
    return await checkFixity(two.services.db, { ...places, cause: 'command', dueBefore });
  };
  expect(await checked()).toMatchObject({ damaged: 0 });
  const copy = join(folder, 'backup');
  await backup({ ...two.kernel.config, databaseUrl: one.databaseUrl }, copy);
  const objects = readdirSync(join(copy, 'archive'), { recursive: true, encoding: 'utf8' });
  const object = objects.find((path) => path.endsWith('0=ocfl_object_1.1'))!;
  expect(await validateObject(join(copy, 'archive', object, '..'))).toEqual([]);

  const { bucket, blobs } = await openBucketStorage(
    two.kernel.config.bucket!,
    join(folder, 'check'),
    new ProcessLocks(),
  );
  const { key } = await blobs.whereIs(await digestOf(study, two, 'film.tif'));
  await bucket.put(key, new Uint8Array(382));
  expect(await checked()).toMatchObject({ damaged: 1, repaired: 0 });
  expect((await fixityFindings(two.services.db))[0]).toMatchObject({ accession, code: 'E092' });

  // With a second copy, such as the folder of a backup, it is mended: content, an inventory, an object that is gone, and the copy from the bucket.
  const root = `archive/${object.slice(0, object.lastIndexOf('/'))}`;
  const isMended = async () => {
    expect(await checked(copy)).toMatchObject({ damaged: 0, repaired: 1 });
    expect(await checked(copy)).toMatchObject({ damaged: 0, repaired: 0 });
  };
  await isMended();
  expect([...(await bucket.get(key)).subarray(18, 21)]).toEqual([10, 11, 12]);
  await bucket.put(`${root}/inventory.json`, new TextEncoder().encode('{}'));
  await isMended();
  await bucket.remove(key);
  await isMended();
  await bucket.removeBelow(`${root}/`);
  await isMended();
  const copied = objects.find((path) => path.endsWith('film.tif'))!;
  truncateSync(join(copy, 'archive', copied), 100);
  await checked(copy);
  expect(await validateObject(join(copy, 'archive', object, '..'))).toEqual([]);
});

test('a backup is restored into an empty bucket, and another installation serves it', async () => {
  const [one] = processes as [Harness, Harness];
  const copy = join(folder, 'for-restore');
  const ada = await one.member('grace', 'member');
  const draft = await one.client(ada.token).call(routes.createDraft, {});
  await fillDraft(one, ada.token, draft.id, { 'unpublished.csv': `${trackTable}9,1,9,9\n` });
  expect(await backup({ ...one.kernel.config, databaseUrl: one.databaseUrl }, copy)).toMatchObject({
    objects: 1,
    blobs: 1,
    failed: [],
  });
  // An old inventory that lost its end in the bucket is told, and does not take the place of the whole one of the last backup.
  const { bucket } = await openBucketStorage(one.kernel.config.bucket!, join(folder, 'look'), new ProcessLocks());
  const copied = readdirSync(join(copy, 'archive'), { recursive: true, encoding: 'utf8' });
  const object = copied.find((path) => path.endsWith('v1/inventory.json'))!;
  await bucket.put(`archive/${object}`, new TextEncoder().encode('{"id":'));
  const damaged = await backup({ ...one.kernel.config, databaseUrl: one.databaseUrl }, copy);
  expect(damaged.failed).toMatchObject([{ message: expect.stringContaining('does not match its digest') }]);
  await bucket.put(`archive/${object}`, readFileSync(join(copy, 'archive', object)));
  const empty = await makeDatabase('empty');
  const into = { ...environment, MICRARIUM_S3_BUCKET: 'restored' };
  const target = readConfig({ data: join(folder, 'restored'), databaseUrl: empty.url }, into);
  expect(await restore(target, copy)).toMatchObject({ objects: 1, entered: [], toBeSentAgain: 0, failed: [] });
  // The data folder keeps nothing of it.
  expect(readdirSync(target.data).filter((name) => ['archive', 'blobs'].includes(name))).toEqual([]);
  const again = await openHarness(false, { environment: into, databaseUrl: empty.url });
  try {
    const { studies } = await again.client(ada.token).call(routes.searchStudies, { query: {} });
    const { accession } = studies[0]!;
    const study = `${apiBase}/studies/${accession}/versions/1`;
    const there = await again.request(`${study}/files/film.tif`, { headers: { range: 'bytes=18-20' } });
    expect([...new Uint8Array(await there.arrayBuffer())]).toEqual([10, 11, 12]);
    const found = await again.client(ada.token).call(routes.getDraft, { params: { draft: draft.id } });
    expect(found).toMatchObject({ files: { count: 1, verified: 1 } });
    const elsewhere = await openBucketStorage(target.bucket!, join(folder, 'check'), new ProcessLocks());
    const dueBefore = new Date(Date.now() + 1000);
    const places = { data: join(folder, 'check'), elsewhere };
    expect(await checkFixity(again.services.db, { ...places, cause: 'command', dueBefore })).toMatchObject({
      units: 2,
      damaged: 0,
    });
  } finally {
    await again.close();
    await empty.drop();
  }
});

test('whoever is led to the storage for a large file hears its digest on the way', async () => {
  const [one] = processes as [Harness, Harness];
  const at = { ...environment, MICRARIUM_S3_PUBLIC_URL: `http://127.0.0.1:${storage.port}` };
  const leading = await openHarness(false, { environment: at, databaseUrl: one.databaseUrl });
  try {
    const ada = await one.member('lin', 'member');
    const large = new Uint8Array(9 * 2 ** 20).map((_, n) => n % 253);
    const { id, accession } = await one.client(ada.token).call(routes.createDraft, {});
    const put = await one.request(`${apiBase}/drafts/${id}/files/large.bin`, {
      method: 'PUT',
      body: large,
      as: ada.token,
    });
    expect(put.status).toBe(200);
    await fillDraft(one, ada.token, id, { 'tracks.csv': trackTable });
    await describeDraft(one, ada.token, id, 'A large file');
    await one.client(ada.token).call(routes.publishDraft, { params: { draft: id } });
    const answer = await leading.request(`${apiBase}/studies/${accession}/versions/1/files/large.bin`);
    const digest = createHash('sha256').update(large).digest('base64');
    expect([answer.status, answer.headers.get('repr-digest')]).toEqual([307, `sha-256=:${digest}:`]);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Repr-Digest');
    const there = new Uint8Array(await (await fetch(answer.headers.get('location')!)).arrayBuffer());
    expect(Buffer.compare(there, large)).toBe(0);
  } finally {
    await leading.close();
  }
});

test('a purge leaves nothing in the bucket, wherever it is broken off and begun again', async () => {
  const [one] = processes as [Harness, Harness];
  const { services } = one;
  const ada = await one.member('pia', 'member');
  const marker = 'PLANTED-MARKER-5518';
  const holding = () =>
    readdirSync(join(folder, 'bucket'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(marker))
      .map(({ name }) => name);
  const shared = `${trackTable}6,1,66,66\n`;
  const accession = await publishStudy(one, ada.token, 'Gone from the bucket', {
    'secret.txt': `${marker}\n`,
    'tracks.csv': shared,
  });
  await publishNext(one, ada.token, accession, 'Gone from the bucket', { 'more.txt': `${marker} again\n` });
  const other = await publishStudy(one, ada.token, 'Stays in the bucket', { 'tracks.csv': shared });
  await services.states.change(accession, { state: 'withdrawn', reason: 'Consent was taken back' });
  expect(holding().length).toBeGreaterThan(1);
  const archive = services.archive as StudyArchive;
  const bucket = (archive as unknown as { bucket: { put: Call; copy: Call; remove: Call } }).bucket;
  const ask: StudyAsk = {
    id: 'a',
    accession,
    change: 'purge',
    ground: 'privacy',
    reason: 'Consent was taken back',
    askedBy: 'olga',
    isMine: false,
    askedAt: new Date().toISOString(),
  };
  const real = { put: bucket.put, copy: bucket.copy, remove: bucket.remove };
  let tries = 0;
  for (let isDone = false; !isDone && tries < 200; tries++) {
    let left = tries;
    // The process dies at its n-th write to the storage; the next one begins anew.
    for (const name of ['put', 'copy', 'remove'] as const)
      bucket[name] = async (...asked: unknown[]) => {
        if (left-- <= 0) throw new Error('died');
        return await real[name].apply(bucket, asked);
      };
    isDone = await purgeStudy(services, ask).then(
      () => true,
      (fault: Error) => {
        if (!/died/.test(`${fault.message} ${String(fault.cause)}`)) throw fault;
        return false;
      },
    );
    Object.assign(bucket, real);
    await archive.recover();
    // Whatever is there is a version that can be read, and a study that holds the same bytes keeps them.
    expect((await archive.readVersion(accession, 1)).accession).toBe(accession);
    const kept = await one.request(`${apiBase}/studies/${other}/versions/1/files/tracks.csv`);
    expect([kept.status, await kept.text()]).toEqual([200, shared]);
  }
  expect(tries).toBeGreaterThan(8);
  expect(holding()).toEqual([]);
  expect((await archive.verify(accession)).filter(({ code }) => code.startsWith('E'))).toEqual([]);
  expect(await archive.hasVersion(accession, 2)).toBe(false);
  const tombstone = await one.request(`/studies/${accession}`);
  expect(one.faults).toEqual([]);
  expect(tombstone.status).toBe(410);
});

type Call = (...asked: unknown[]) => Promise<unknown>;

async function digestOf(study: string, at: Harness, path: string): Promise<string> {
  const { files } = (await (await at.request(`${study}/files`)).json()) as {
    files: { path: string; sha256: string }[];
  };
  return files.find((file) => file.path === path)!.sha256;
}
