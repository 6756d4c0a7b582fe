import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteWithoutConsent } from '../../packages/server/src/states/without-consent.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
});
afterAll(() => harness.close());

const send = (method: string, path: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    as: dora.cookie,
  });
const lawful = {
  access: 'controlled',
  human: true,
  identifiable: true,
  consent: 'research',
  ethics: 'A, 1',
  terms: '',
};
const unlawful = { ...lawful, consent: 'none', ethics: '' };
const declare = async (draft: string, declaration: object) => {
  const answer = await send('PUT', `/drafts/${draft}/access`, declaration);
  expect(answer.status).toBe(200);
  return await answer.json();
};
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const run = (now: Date) => deleteWithoutConsent(harness.services, now);

/** Files below the data folder whose bytes hold a text, but for those of the database. */
function filesWith(text: string, folder = harness.data): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesWith(text, path);
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : [];
  });
}

async function draftWith(files: Record<string, string>): Promise<{ id: string; accession: string }> {
  const made = await harness.client(dora.token).call(routes.createDraft, {});
  await fillDraft(harness, dora.token, made.id, files);
  await describeDraft(harness, dora.token, made.id, 'Faces of people who were not asked');
  return made;
}

test('data of people who did not consent: told when the files go, nothing published or taken, and corrected in time they stay', async () => {
  const { id } = await draftWith({ 'tracks.csv': `${trackTable}9,1,41,1\n` });
  expect((await draftAccess(id)).filesGoAt).toBeUndefined();
  const { accession } = await harness.client(dora.token).call(routes.getDraft, { params: { draft: id } });
  const link = await (await send('POST', `/studies/${accession}/private-links`, { version: 1 })).json();
  const byLink = async () =>
    (
      await harness.request(`${apiBase}/studies/${accession}/versions/1/files/tracks.csv`, {
        as: new URL(link.address).pathname.split('/').at(-1)!,
      })
    ).status;
  expect(await byLink()).toBe(200);
  const { filesGoAt } = await declare(id, unlawful);
  const hours = (Date.parse(filesGoAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(22);
  expect(hours).toBeLessThan(24);
  expect(await draftAccess(id)).toMatchObject({ declaration: unlawful, filesGoAt });
  // The day does not move by declaring the same again.
  expect((await declare(id, unlawful)).filesGoAt).toBe(filesGoAt);
  const { missing } = await harness.client(dora.token).call(routes.getDraft, { params: { draft: id } });
  expect(missing.map(({ code }) => code)).toContain('consent-missing');
  expect((await send('POST', `/drafts/${id}/publish`)).status).toBe(409);
  expect((await send('POST', `/drafts/${id}/review`, { step: 'submit' })).status).toBe(409);
  const sent = { method: 'PUT', body: trackTable, as: dora.token };
  expect((await harness.request(`${apiBase}/drafts/${id}/files/more.csv`, sent)).status).toBe(409);
  expect((await send('POST', `/drafts/${id}/files`, { files: [{ path: 'b.csv', size: 3 }] })).status).toBe(409);
  // Nobody is shown them until then, by a link that was made before either.
  expect(await byLink()).toBe(401);
  expect(await run(later(22))).toBe(0);
  expect((await declare(id, lawful)).filesGoAt).toBeUndefined();
  expect(await run(later(1000))).toBe(0);
  expect((await send('GET', `/drafts/${id}/files/tracks.csv`)).status).toBe(200);
});

const draftAccess = async (id: string) => await (await send('GET', `/drafts/${id}/access`)).json();

test('within a day files, what was made of them and what was sent are gone; what another study has stays; one line of the log tells of it', async () => {
  const shared = `${trackTable}9,1,42,1\n`;
  const published = await publishStudy(harness, dora.token, 'Published before', { 'shared.csv': shared });
  const marker = 'marker-of-a-person-71';
  const own = `${trackTable}9,1,43,1\n`;
  const { id, accession } = await draftWith({ 'own.csv': own, 'shared.csv': shared, 'notes.txt': marker });
  // A second copy holds staged bytes too.
  const copy = join(harness.data, 'copy');
  const digest = digestOf(marker);
  const copied = join(copy, 'blobs/sha256', digest.slice(0, 2), digest.slice(2, 4), digest);
  mkdirSync(dirname(copied), { recursive: true });
  writeFileSync(copied, marker);
  const { items } = await harness.client(dora.token).call(routes.getDraft, { params: { draft: id } });
  const formsBefore = readdirSync(join(harness.data, 'derived'), { recursive: true }) as string[];
  await declare(id, unlawful);
  // Thrown away meanwhile, it would be kept for a month.
  expect((await send('DELETE', `/drafts/${id}`)).status).toBe(204);
  expect(await deleteWithoutConsent({ ...harness.services, secondCopy: copy }, later(24))).toBe(1);
  expect(await run(later(24))).toBe(0);
  expect((await send('GET', `/drafts/${id}`)).status).toBe(404);
  expect((await send('POST', `/discarded-drafts/${id}/take-back`)).status).toBe(404);
  expect(filesWith(marker)).toEqual([]);
  const { blobs, db } = harness.services;
  expect(await blobs.has(digestOf(own))).toBe(false);
  expect(await blobs.has(digestOf(shared))).toBe(true);
  const file = await harness.request(`${apiBase}/studies/${published}/versions/1/files/shared.csv`);
  expect(await file.text()).toBe(shared);
  const forms = readdirSync(join(harness.data, 'derived'), { recursive: true }) as string[];
  const { id: item } = items.find(({ path }) => path === 'own.csv')!;
  expect(formsBefore.some((folder) => folder.includes(item))).toBe(true);
  expect(forms.some((folder) => folder.includes(item))).toBe(false);
  for (const table of ['draft', 'draft_file', 'draft_item', 'draft_access', 'draft_trash'] as const) {
    const rows = await db
      .selectFrom(table as 'draft')
      .selectAll()
      .execute();
    expect(JSON.stringify(rows), table).not.toContain(marker);
  }
  const events = await db.selectFrom('audit_event').selectAll().where('target', '=', accession).execute();
  const [gone] = events.filter(({ action }) => action === 'draft.delete-without-consent');
  expect(gone).toMatchObject({ detail: { files: 3, bytes: own.length + shared.length + marker.length } });
  const { notices } = await (await send('GET', '/notices')).json();
  expect(notices).toContainEqual(expect.objectContaining({ kind: 'files-deleted', detail: { accession } }));
  // The number is never given again.
  expect((await harness.client(dora.token).call(routes.createDraft, {})).accession).not.toBe(accession);
});
