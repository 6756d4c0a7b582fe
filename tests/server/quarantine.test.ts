import { apiBase } from '@micrarium/api';
import { memorySource, openZip } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let cora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
let other: string;
const bad = 'a line\nand another that a scanner does not like\n';
beforeAll(async () => {
  harness = await openHarness();
  [dora, cora] = [await harness.member('dora'), await harness.member('cora', 'curator')];
  accession = await publishStudy(harness, dora.token, 'Cells that turn', {
    'tracks.csv': trackTable,
    'notes.txt': bad,
  });
  // The same bytes by another name, in another study.
  other = await publishStudy(harness, dora.token, 'Cells that rest', { 'tracks.csv': trackTable, 'readme.txt': bad });
});
afterAll(() => harness.close());

const fileOf = (study: string, path: string) => `${apiBase}/studies/${study}/versions/1/files/${path}`;
const set = (as: string, body: object) =>
  harness.request(`${apiBase}/admin/studies/${accession}/quarantine`, {
    method: 'PUT',
    as,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/** Entries of a zip as text, by path. */
async function readZip(answer: Response): Promise<Map<string, string>> {
  expect(answer.status).toBe(200);
  const { tree } = await openZip(memorySource('all.zip', new Uint8Array(await answer.arrayBuffer())));
  const found = new Map<string, string>();
  for (const entry of tree.entries)
    found.set(entry.path, new TextDecoder().decode(await (await entry.open()).read(0, entry.size)));
  return found;
}
const notes = { version: 1, path: 'notes.txt' };
const reason = 'Test.Signature-1 was found in it';

test('one file is held back with its reason, the rest stays; the page, lists and exports say so; it can be lifted', async () => {
  const range = { headers: { range: 'bytes=0-3' } };
  expect((await harness.request(fileOf(accession, 'notes.txt'), range)).status).toBe(206);
  expect((await set(dora.cookie, { ...notes, isHeld: true, reason })).status).toBe(403);
  expect((await set(cora.cookie, { ...notes, path: 'none.txt', isHeld: true, reason })).status).toBe(404);
  expect((await set(cora.cookie, { ...notes, isHeld: false, reason })).status).toBe(409);
  expect((await set(cora.cookie, { ...notes, isHeld: true, reason: ' ' })).status).toBe(400);
  const placed = await set(cora.cookie, { ...notes, isHeld: true, reason });
  expect([placed.status, (await placed.json()).files]).toEqual([
    200,
    [expect.objectContaining({ version: 1, path: 'notes.txt', reason })],
  ]);

  // Nobody gets it: the depositor, the curator, in part, by another name in another study.
  for (const as of [undefined, dora.token, cora.cookie])
    for (const path of [fileOf(accession, 'notes.txt'), fileOf(other, 'readme.txt')]) {
      const answer = await harness.request(path, { ...range, ...(as === undefined ? {} : { as }) });
      expect([answer.status, answer.headers.get('cache-control'), await answer.json()], path).toEqual([
        403,
        'no-store',
        expect.objectContaining({ code: 'file-quarantined', detail: `This file is in quarantine: ${reason}` }),
      ]);
    }
  expect((await harness.request(fileOf(accession, 'tracks.csv'))).status).toBe(200);
  const { files } = await (await harness.request(`${apiBase}/studies/${accession}/versions/1/files`)).json();
  expect(files).toEqual([
    expect.objectContaining({ path: 'notes.txt', quarantined: { reason, since: expect.any(String) } }),
    expect.not.objectContaining({ quarantined: expect.anything() }),
  ]);
  const page = await (await harness.request(`/studies/${accession}`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('in quarantine since');
  expect(page).toContain(reason);
  expect(page).toContain(`<a href="${fileOf(accession, 'tracks.csv')}"`);
  expect(page).not.toContain(`<a href="${fileOf(accession, 'notes.txt')}"`);

  // Sent once more it is read and published like other files, and held back too.
  const third = await publishStudy(harness, dora.token, 'Cells that swim', { 'tracks.csv': trackTable, 'x.txt': bad });
  expect((await harness.request(fileOf(third, 'x.txt'))).status).toBe(403);

  const whole = await readZip(await harness.request(`${apiBase}/studies/${accession}/versions/1/export.zip`));
  expect([...whole.keys()].sort()).not.toContain('files/notes.txt');
  expect(whole.get('quarantined.txt')).toContain('files/notes.txt');
  expect(whole.get('quarantined.txt')).toContain(reason);
  expect(whole.get('manifest-sha256.txt')).not.toContain('notes.txt');
  const bag = await readZip(await harness.request(`${apiBase}/studies/${accession}/versions/1/export.bag.zip`));
  const inBag = (path: string) => bag.get(`${accession}-v1/${path}`);
  expect(inBag('data/files/notes.txt')).toBeUndefined();
  expect(inBag('fetch.txt')).toContain('data/files/notes.txt');
  expect(inBag('data/files/tracks.csv')).toBe(trackTable);

  expect((await set(cora.cookie, { ...notes, isHeld: false, reason: 'A false alarm' })).status).toBe(200);
  expect(await (await harness.request(fileOf(accession, 'notes.txt'))).text()).toBe(bad);
  expect(await (await harness.request(fileOf(other, 'readme.txt'))).text()).toBe(bad);
  const events = await harness.services.db
    .selectFrom('audit_event')
    .select(['action', 'actor', 'target'])
    .where('action', 'in', ['file.quarantine', 'file.release'])
    .orderBy('seq')
    .execute();
  expect(events).toEqual([
    { action: 'file.quarantine', actor: cora.user.id, target: accession },
    { action: 'file.release', actor: cora.user.id, target: accession },
  ]);
  expect(harness.faults).toEqual([]);
});
