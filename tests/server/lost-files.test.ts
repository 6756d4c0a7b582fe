import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { memorySource, openZip } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFixity } from '../../packages/server/src/fixity/check-fixity.ts';
import { fixityFindings } from '../../packages/server/src/fixity/fixity-report.ts';
import { tellOfLosses } from '../../packages/server/src/fixity/tell-of-losses.ts';
import { objectFolder } from '../../packages/server/src/storage/ocfl/layout.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
let other: string;
/** Of the study with the notes, on disk. */
let places: Record<'object' | 'notes' | 'tracks', string>;
const notes = 'a line that nobody else has\n';
beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
  accession = await publishStudy(harness, dora.token, 'Cells that go', {
    'tracks.csv': trackTable,
    'notes.txt': notes,
  });
  other = await publishStudy(harness, dora.token, 'Cells that stay', { 'tracks.csv': `${trackTable}9,1,9,9\n` });
  const object = join(harness.data, 'archive', objectFolder(`urn:micrarium:${accession}`));
  const files = join(object, 'v1/content/files');
  places = { object, notes: join(files, 'notes.txt'), tracks: join(files, 'tracks.csv') };
}, 120_000);
afterAll(() => harness.close());

const version = () => `${apiBase}/studies/${accession}/versions/1`;
const get = (path: string, headers: Record<string, string> = {}) => harness.request(path, { headers });
const navigated = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' };
async function check(): Promise<void> {
  const dueBefore = new Date(Date.now() + 1000);
  await checkFixity(harness.services.db, { data: harness.data, cause: 'command', dueBefore });
  harness.services.lostFiles.hear();
}
async function readZip(path: string, as?: string): Promise<Map<string, string>> {
  const answer = await harness.request(path, as === undefined ? {} : { as });
  expect(answer.status).toBe(200);
  const { tree } = await openZip(memorySource('all.zip', new Uint8Array(await answer.arrayBuffer())));
  const found = new Map<string, string>();
  for (const entry of tree.entries)
    found.set(entry.path, new TextDecoder().decode(await (await entry.open()).read(0, entry.size)));
  return found;
}

test('bytes that a reader finds missing are known, named and checked for at once; pages, lists and downloads say what is lost', async () => {
  const { files: listed } = await (await get(`${version()}/files`)).json();
  const { sha256 } = listed.find(({ path }: { path: string }) => path === 'notes.txt');
  rmSync(places.notes);
  const first = await get(`${version()}/files/notes.txt`);
  expect([first.status, first.headers.get('cache-control'), await first.json()]).toEqual([
    410,
    'no-store',
    expect.objectContaining({ code: 'bytes-lost', path: 'notes.txt', size: notes.length, sha256, lost: 'missing' }),
  ]);
  // The check that was asked for says since when.
  const told = await eventually(async () => {
    const answer = await (await get(`${version()}/files/notes.txt`, { range: 'bytes=0-3' })).json();
    return answer.since && answer;
  });
  expect(told).toMatchObject({ status: 410, lost: 'missing', detail: expect.stringContaining('no other copy') });
  expect((await harness.request(`${version()}/files/notes.txt`, { method: 'HEAD' })).status).toBe(410);
  expect((await get(`${version()}/files/none.txt`)).status).toBe(404);
  expect((await get(`${version()}/files/tracks.csv`)).status).toBe(200);

  const page = await get(`${version()}/files/notes.txt`, navigated);
  expect([page.status, page.headers.get('content-type')]).toEqual([410, expect.stringContaining('text/html')]);
  const words = await page.text();
  for (const part of ['its bytes are gone', 'notes.txt', sha256, `/studies/${accession}`])
    expect(words).toContain(part);
  expect(await (await get(`${version()}/files/notes.txt?lang=ja`, navigated)).text()).toContain('失われて');

  const { files } = await (await get(`${version()}/files`)).json();
  expect(files).toEqual([
    expect.objectContaining({ path: 'notes.txt', lost: { state: 'missing', since: told.since } }),
    expect.not.objectContaining({ lost: expect.anything() }),
  ]);
  const landing = await (await get(`/studies/${accession}`, { accept: 'text/html' })).text();
  expect(landing).toContain('lost, known since');
  expect(landing).toContain('damage was found that no copy mends');
  expect(await (await get('/integrity')).text()).toContain(`href="/studies/${accession}#files"`);
  expect(await (await get(`${apiBase}/integrity`)).json()).toMatchObject({
    damaged: 1,
    damagedStudies: [{ accession, since: expect.any(String) }],
  });

  const whole = await readZip(`${version()}/export.zip`);
  expect([...whole.keys()]).not.toContain('files/notes.txt');
  expect(whole.get('lost.txt')).toContain(`${sha256}  files/notes.txt`);
  expect(whole.get('manifest-sha256.txt')).not.toContain('notes.txt');
  const bag = await readZip(`${version()}/export.bag.zip`);
  const inBag = (path: string) => bag.get(`${accession}-v1/${path}`);
  expect(inBag('data/files/notes.txt')).toBeUndefined();
  expect(inBag('fetch.txt')).toContain('data/files/notes.txt');
  expect(inBag('lost.txt')).toContain('data/files/notes.txt');
  expect(inBag('manifest-sha256.txt')).toContain('data/files/notes.txt');
  expect(inBag('data/files/tracks.csv')).toBe(trackTable);
  const cmso = await readZip(`${version()}/export.zip?layout=cmso`);
  expect(cmso.get('left-out.txt')).toContain(`notes.txt: The bytes of this file are lost`);

  // Who deposited it is told, once.
  for (let twice = 0; twice < 2; twice++) await tellOfLosses(harness.services.db, harness.services.notices);
  const { notices } = await (await harness.request(`${apiBase}/notices`, { as: dora.cookie })).json();
  expect(notices.filter(({ kind }: { kind: string }) => kind === 'files-lost')).toMatchObject([
    { link: `/studies/${accession}`, detail: { accession, title: 'Cells that go', path: 'notes.txt' } },
  ]);

  // The other study has nothing to say.
  expect(await (await get(`/studies/${other}`)).text()).not.toContain('known since');
  const owned = await readZip(`${apiBase}/me/export.zip`, dora.cookie);
  expect(owned.get(`studies/${accession}/v1/lost.txt`)).toContain('files/notes.txt');
  expect(harness.faults).toEqual([]);
}, 120_000);

test('damaged bytes are not given out, keep the day since which they are known, and are given out once they are whole', async () => {
  writeFileSync(places.notes, notes);
  await check();
  expect(await (await get(`${version()}/files/notes.txt`)).text()).toBe(notes);
  // Cut short: a reader sees it before any check does.
  truncateSync(places.tracks, 5);
  expect(await (await get(`${version()}/files/tracks.csv`)).json()).toMatchObject({ status: 410, lost: 'damaged' });
  // One byte is another one: only a check sees it.
  writeFileSync(places.tracks, trackTable.replace('1', '2'));
  await check();
  const open = async () => (await fixityFindings(harness.services.db)).filter(({ mendedAt }) => !mendedAt);
  const known = await open();
  const answer = await (await get(`${version()}/files/tracks.csv`)).json();
  expect(answer).toMatchObject({ code: 'bytes-lost', lost: 'damaged', since: known[0]!.foundAt });
  expect(await (await get(`${version()}/files/tracks.csv`, navigated)).text()).toContain(
    'no longer those of its digest',
  );
  await check();
  expect(await open()).toEqual(known);
  expect(await (await get(`/studies/${accession}`)).text()).toContain('damaged, known since');
  writeFileSync(places.tracks, trackTable);
  await check();
  expect(await open()).toEqual([]);
  expect(await (await get(`${version()}/files/tracks.csv`)).text()).toBe(trackTable);
  // The object is gone as a whole: no file of it is named by the check.
  renameSync(places.object, `${places.object}-gone`);
  await check();
  expect(await (await get(`${version()}/files/notes.txt`)).json()).toMatchObject({
    status: 410,
    lost: 'missing',
    since: expect.any(String),
  });
  renameSync(`${places.object}-gone`, places.object);
  await check();
  expect((await get(`${version()}/files/notes.txt`)).status).toBe(200);
  expect(harness.faults).toEqual([]);
}, 120_000);

test('what somebody sends again, or another study has, is given out at once and put in its place by the next check', async () => {
  rmSync(places.notes);
  expect((await get(`${version()}/files/notes.txt`)).status).toBe(410);
  await check();
  const draft = await harness.client(dora.token).call(routes.createDraft, {});
  await fillDraft(harness, dora.token, draft.id, { 'sent-again.txt': notes });
  harness.services.lostFiles.hear();
  expect(await (await get(`${version()}/files/notes.txt`)).text()).toBe(notes);
  const same = await publishStudy(harness, dora.token, 'Cells once more', { 'tracks.csv': trackTable });
  truncateSync(places.tracks, 3);
  await check();
  expect([readFileSync(places.notes, 'utf8'), readFileSync(places.tracks, 'utf8')]).toEqual([notes, trackTable]);
  expect((await fixityFindings(harness.services.db)).filter(({ mendedAt }) => !mendedAt)).toEqual([]);
  expect(await (await get(`${apiBase}/studies/${same}/versions/1/files/tracks.csv`)).text()).toBe(trackTable);
  expect(harness.faults).toEqual([]);
}, 120_000);

test('a file of a draft whose bytes are gone says so too', async () => {
  const draft = await harness.client(dora.token).call(routes.createDraft, {});
  await fillDraft(harness, dora.token, draft.id, { 'own.csv': `${trackTable}7,1,7,7\n` });
  const path = `${apiBase}/drafts/${draft.id}/files/own.csv`;
  expect((await harness.request(path, { as: dora.token })).status).toBe(200);
  const [{ sha256 }] = (await (await harness.request(`${apiBase}/drafts/${draft.id}/files`, { as: dora.token })).json())
    .files;
  rmSync(join(harness.data, 'blobs/sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
  const answer = await harness.request(path, { as: dora.token });
  expect(await answer.json()).toMatchObject({ status: 410, code: 'bytes-lost', sha256, lost: 'missing' });
  const owned = await readZip(`${apiBase}/me/export.zip`, dora.cookie);
  expect(owned.get('left-out.txt')).toContain('own.csv: The bytes of this file');
  expect(harness.faults).toEqual([]);
}, 120_000);
