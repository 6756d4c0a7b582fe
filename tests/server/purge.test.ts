import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { checkFixity } from '../../packages/server/src/fixity/check-fixity.ts';
import { backup } from '../../packages/server/src/maintenance/backup.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { finishPurges } from '../../packages/server/src/states/purge.ts';
import type { StudyArchive } from '../../packages/server/src/storage/index.ts';
import { objectFolder } from '../../packages/server/src/storage/ocfl/layout.ts';
import { readInventory } from '../../packages/server/src/storage/ocfl/read-object.ts';
import { type Harness, openHarness } from './harness.ts';
import { makeDatabase } from './make-database.ts';
import { publishNext, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
beforeAll(async () => {
  harness = await openHarness();
  people['dora'] = await harness.member('dora');
  people['cora'] = await harness.member('cora', 'curator');
  for (const name of ['olga', 'otto']) people[name] = await harness.member(name, 'owner');
});
afterAll(() => harness.close());

const send = (method: string, path: string, name: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    as: people[name]!.cookie,
  });

/** Files below a folder whose bytes hold a marker. */
function holding(folder: string, marker: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(marker));
}

test('a purge takes two owners of the installation, and leaves the bytes nowhere; what another study holds stays', async () => {
  const { token } = people['dora']!;
  const marker = 'PLANTED-MARKER-7391';
  const shared = `${trackTable}3,1,77,77\n`;
  const files = { 'secret.txt': `${marker}\n`, 'tracks.csv': shared };
  const accession = await publishStudy(harness, token, 'To be purged', files);
  await publishNext(harness, token, accession, 'To be purged', { 'more.txt': `${marker} again\n` });
  const other = await publishStudy(harness, token, 'Stays', { 'tracks.csv': shared });
  expect(holding(harness.data, marker).length).toBeGreaterThan(0);
  const kept = mkdtempSync(join(tmpdir(), 'micrarium-purged-'));
  const config = readConfig({ data: harness.data, databaseUrl: harness.databaseUrl }, {});
  await backup(config, kept);
  expect(holding(join(kept, 'archive'), marker)).toHaveLength(2);
  const ask = { change: 'purge', ground: 'privacy', reason: 'Consent was taken back' };
  const asks = `/studies/${accession}/asks`;
  // Not before it is withdrawn, and by owners of the installation only.
  expect((await send('POST', asks, 'olga', ask)).status).toBe(409);
  expect((await send('POST', `/studies/${accession}/drafts`, 'dora')).status).toBe(201);
  const withdrawal = { state: 'withdrawn', reason: 'Consent was taken back' };
  expect((await send('PUT', `/admin/studies/${accession}/state`, 'cora', withdrawal)).status).toBe(200);
  expect((await send('POST', asks, 'cora', ask)).status).toBe(403);
  // A draft in the way is told of, and an owner of the installation discards it.
  const { openDrafts, mayAsk } = await (await send('GET', asks, 'olga')).json();
  expect([openDrafts.length, mayAsk]).toEqual([1, ['purge']]);
  expect((await (await send('GET', asks, 'cora')).json()).openDrafts).toEqual([]);
  expect((await send('DELETE', `/drafts/${openDrafts[0]}`, 'olga')).status).toBe(204);
  const asked = await send('POST', asks, 'olga', ask);
  expect(asked.status).toBe(201);
  const { asks: open } = (await asked.json()) as { asks: { id: string; change: string }[] };
  const one = `${asks}/${open.find(({ change }) => change === 'purge')!.id}`;
  const confirm = { isConfirmed: true, answer: '' };
  for (const name of ['cora', 'dora']) expect((await send('POST', one, name, confirm)).status, name).toBe(403);
  expect(holding(harness.data, marker).length).toBeGreaterThan(0);
  const confirmed = await send('POST', one, 'otto', confirm);
  expect(harness.faults).toEqual([]);
  expect(confirmed.status).toBe(200);
  expect(holding(harness.data, marker)).toEqual([]);
  // The tombstone stays; the other study has its bytes; the certificate names what went.
  expect((await harness.request(`/studies/${accession}`)).status).toBe(410);
  const file = await harness.request(`${apiBase}/studies/${other}/versions/1/files/tracks.csv`);
  expect([file.status, await file.text()]).toEqual([200, shared]);
  const { items } = await harness.client().call(routes.getStudy, { params: { accession: other } });
  const rows = await harness.request(`${apiBase}/studies/${other}/versions/1/items/${items[0]!.id}/objects`);
  expect(rows.status).toBe(200);
  const { db, archive } = harness.services;
  const { certificate } = await db.selectFrom('study_purge').selectAll().executeTakeFirstOrThrow();
  expect(certificate).toMatchObject({ accession, ground: 'privacy', askedBy: 'olga', versions: 2 });
  const after = await (await send('GET', asks, 'otto')).json();
  expect(after).toMatchObject({ purged: { accession, askedBy: 'olga' }, mayAsk: [], openDrafts: [] });
  expect((await send('POST', asks, 'otto', ask)).status).toBe(409);
  expect((await (await send('GET', asks, 'cora')).json()).purged).toBeUndefined();
  expect((certificate as { files: unknown[] }).files.length).toBeGreaterThan(3);
  expect(await archive.verify(accession)).toEqual([]);
  const checked = await checkFixity(db, {
    data: harness.data,
    cause: 'command',
    dueBefore: new Date(Date.now() + 1000),
  });
  expect(checked).toMatchObject({ damaged: 0 });
  // The next backup into the same folder has no byte of it either, and stays whole.
  await backup(config, kept);
  expect(holding(join(kept, 'archive'), marker)).toEqual([]);
  expect((await readInventory(join(kept, 'archive', objectFolder(`urn:micrarium:${accession}`))))?.head).toBe('v1');
  expect(await backup(config, kept)).toMatchObject({ files: 0, failed: [] });
  const another = mkdtempSync(join(tmpdir(), 'micrarium-purged-'));
  for (const folder of [kept, another]) writeFileSync(join(folder, 'session-secret'), folder);
  const stranger = readConfig({ data: another, databaseUrl: harness.databaseUrl }, {});
  await expect(backup(stranger, kept)).rejects.toThrow('the backup of another installation');
  for (const folder of [kept, another]) rmSync(folder, { recursive: true });
  // A catalogue made anew from the archive knows the tombstone and nothing more.
  const empty = await makeDatabase('empty');
  try {
    await rebuild(readConfig({ data: harness.data, databaseUrl: empty.url }, {}));
    const again = await openHarness(false, { data: harness.data, databaseUrl: empty.url });
    expect((await again.request(`/studies/${accession}`)).status).toBe(410);
    expect((await again.client().call(routes.searchStudies, {})).total).toBe(1);
    await again.close();
  } finally {
    await empty.drop();
  }
  expect(harness.faults).toEqual([]);
});

test('a purge that was broken off is carried out by the next start, and its certificate names what went', async () => {
  const { token } = people['dora']!;
  const marker = 'PLANTED-MARKER-8472';
  const accession = await publishStudy(harness, token, 'Purged in two goes', {
    'secret.txt': `${marker}\n`,
    'tracks.csv': `${trackTable}8,1,3,3\n`,
  });
  const { files } = await harness
    .client()
    .call(routes.listFiles, { params: { accession, version: 1 }, query: {} } as never);
  const digests = (files as { sha256: string }[]).map(({ sha256 }) => sha256);
  const withdrawal = { state: 'withdrawn', reason: 'Consent was taken back' };
  await send('PUT', `/admin/studies/${accession}/state`, 'cora', withdrawal);
  const ask = { change: 'purge', ground: 'privacy', reason: 'Consent was taken back' };
  const { asks: open } = (await (await send('POST', `/studies/${accession}/asks`, 'olga', ask)).json()) as {
    asks: { id: string }[];
  };
  // Dies behind the swap, before the catalogue hears of it: the process is gone, so nobody asks again.
  const archive = harness.services.archive as StudyArchive;
  const replace = archive.replaceObject.bind(archive);
  let hasDied: (() => void) | undefined;
  const died = new Promise<void>((resolve) => (hasDied = resolve));
  archive.replaceObject = async (...asked) => {
    await replace(...asked);
    hasDied?.();
    return await new Promise(() => {});
  };
  void send('POST', `/studies/${accession}/asks/${open[0]!.id}`, 'otto', { isConfirmed: true, answer: '' });
  await died;
  archive.replaceObject = replace;
  expect(await finishPurges(harness.services)).toEqual([accession]);
  expect(await finishPurges(harness.services)).toEqual([]);
  expect(holding(harness.data, marker)).toEqual([]);
  const { certificate } = await harness.services.db
    .selectFrom('study_purge')
    .selectAll()
    .where('accession', '=', accession)
    .executeTakeFirstOrThrow();
  const named = (certificate as { files: { sha256: string }[] }).files.map(({ sha256 }) => sha256);
  expect(named).toEqual(expect.arrayContaining(digests));
  expect(certificate).toMatchObject({ askedBy: 'olga', ground: 'privacy' });
  expect(harness.faults).toEqual([]);
});
