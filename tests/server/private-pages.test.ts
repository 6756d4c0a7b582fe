import { createHash } from 'node:crypto';
import { apiBase, routes } from '@micrarium/api';
import { memorySource, openZip, tarOf } from '@micrarium/formats';
import type { StudyFile, StudyItem } from '@micrarium/model';
import { versionDocument } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Harness, openHarness } from './harness.ts';

/** Files of the draft: of more than a thousand items those that say nothing are in rows of their own. */
const [files, named] = [2_400, 3];
let harness: Harness;
let cookie: string;
let accession: string;
let draftId: string;
const pathOf = (at: number) => `plate-${at % 4}/well-${String(at).padStart(4, '0')}.bin`;
const idOf = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12);

/** An item of no known format; of the first few, a header names a person. */
function itemAt(at: number): StudyItem {
  const path = pathOf(at);
  const where = { file: path };
  const detail = { kind: 'name', value: 'Quillfeather', place: 'original', file: path, where: 'header' } as const;
  return {
    id: idOf(path),
    path,
    files: [path],
    format: 'unknown',
    kind: 'unknown',
    trackSets: [],
    images: [],
    conversions: [],
    issues: [{ code: 'not-recognised', severity: 'warning', message: 'Of no format we know.', where }],
    ...(at < named ? { privacy: { details: [detail], hasRawText: false, originals: 'accepted' } as never } : {}),
  };
}

beforeAll(async () => {
  // Nothing is read of files here: what is in the draft stands as it is.
  harness = await openHarness(false);
  const dora = await harness.member('dora');
  cookie = dora.cookie;
  ({ id: draftId, accession } = await harness.client(dora.token).call(routes.createDraft, {}));
  const { studies } = harness.services;
  const bytes = Buffer.from('the same in each');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const sent = await harness.request(`${apiBase}/drafts/${draftId}/files.tar`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar' },
    body: tarOf([{ path: pathOf(0), bytes }]) as Uint8Array<ArrayBuffer>,
    as: dora.token,
  });
  expect(sent.status).toBe(200);
  const about = { size: bytes.length, received: bytes.length, mediaType: 'application/octet-stream' };
  const paths = Array.from({ length: files }, (_, at) => pathOf(at));
  await studies.putFiles(
    draftId,
    paths.map((path) => ({ ...about, path, sha256, statedSha256: sha256, state: 'verified' as const })),
  );
  // One that has not arrived is in no version.
  await studies.putFiles(draftId, [{ ...about, path: 'plate-0/late.bin', received: 0, state: 'expected' }]);
  await studies.replaceItems(
    draftId,
    paths.map((_, at) => itemAt(at)),
    () => 'kept',
  );
});
afterAll(() => harness.close());

async function linkTo(hidesNames: boolean): Promise<(path: string) => Promise<Response>> {
  const answer = await harness.request(`${apiBase}/studies/${accession}/private-links`, {
    method: 'POST',
    as: cookie,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: 1, hidesNames }),
  });
  const { secret } = await answer.json();
  return async (path) => {
    const seen = await harness.request(path, { headers: { authorization: `Bearer ${secret}` } });
    expect([path, seen.status]).toEqual([path, 200]);
    return seen;
  };
}
const base = () => `${apiBase}/studies/${accession}/versions/1`;

/** Every page of the files of the version. */
async function everyFile(see: (path: string) => Promise<Response>): Promise<StudyFile[]> {
  const all: StudyFile[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await (await see(`${base()}/files?limit=700${cursor === '' ? '' : `&cursor=${cursor}`}`)).json();
    if (page.nextCursor !== null) expect(page.files).toHaveLength(700);
    all.push(...page.files);
    cursor = page.nextCursor;
  }
  return all;
}

async function zipOf(see: (path: string) => Promise<Response>) {
  const bytes = new Uint8Array(await (await see(`${base()}/export.zip`)).arrayBuffer());
  const { tree } = await openZip(memorySource('export.zip', bytes));
  const source = await tree.entries.find(({ path }) => path === 'metadata/study.json')!.open();
  const study = JSON.parse(new TextDecoder().decode(await source.read(0, source.size)));
  return { study, paths: tree.entries.map(({ path }) => path) };
}

test('a draft of very many files read by a link says what the version will say, page by page and in its export', async () => {
  const { services } = harness;
  const whole = await versionDocument(services, (await services.studies.getDraft(draftId))!);
  expect([whole.files.length, whole.items.length]).toEqual([files, files]);
  const see = await linkTo(false);
  const { version } = await (await see(base())).json();
  expect(version).toBe(1);
  const told = await (await see(base())).json();
  expect(told).toMatchObject({ fileCount: files, byteCount: files * 16, plainItems: files });
  expect(await everyFile(see)).toEqual(whole.files);
  const { study, paths } = await zipOf(see);
  expect(study.items).toEqual(whole.items);
  expect(paths.filter((path) => path.startsWith('files/'))).toHaveLength(files);
  const { path, id } = whole.items[1_777]!;
  expect(await (await see(`${base()}/items/${id}`)).json()).toMatchObject({ id, path });
  expect(await (await see(`${base()}/files/${path}`)).text()).toBe('the same in each');
});

test('a link that hides names leaves files out in which persons are named, from pages, items and export', async () => {
  const see = await linkTo(true);
  const hidden = Array.from({ length: named }, (_, at) => pathOf(at));
  const told = await (await see(base())).json();
  expect(told).toMatchObject({ fileCount: files - named, byteCount: (files - named) * 16, plainItems: files });
  const shown = (await everyFile(see)).map(({ path }) => path);
  expect(shown).toHaveLength(files - named);
  expect(shown.filter((path) => hidden.includes(path))).toEqual([]);
  const { study, paths } = await zipOf(see);
  expect(study.items).toHaveLength(files);
  expect(study.items[0]).toMatchObject({ path: pathOf(0), files: [] });
  expect(JSON.stringify(study)).not.toContain('Quillfeather');
  expect(paths.filter((path) => hidden.includes(path.replace('files/', '')))).toEqual([]);
  const item = await (await see(`${base()}/items/${idOf(pathOf(1))}`)).json();
  expect([item.files, item.privacy]).toEqual([[], undefined]);
});

test('no page of a draft read by a link reads all of its files or items', async () => {
  const { studies } = harness.services;
  const listing = ['listFiles', 'getFiles', 'listItems', 'listTellingItems', 'itemsPage', 'getItems'] as const;
  const spies = listing.map((name) => vi.spyOn(studies, name));
  try {
    for (const hidesNames of [false, true]) {
      const see = await linkTo(hidesNames);
      for (const path of [
        `/studies/${accession}/v/1`,
        base(),
        `${base()}/files?limit=100`,
        `${base()}/files/${pathOf(1_500)}`,
        `${base()}/items/${idOf(pathOf(1_500))}`,
        `${base()}/images`,
        `${base()}/citation?format=bibtex`,
      ]) {
        // What was learned of the draft a moment ago is asked anew after any change.
        const { revision, metadata } = (await studies.getDraft(draftId))!;
        await studies.saveDraft(draftId, revision, { metadata });
        for (const spy of spies) spy.mockClear();
        await see(path);
        const answers = await Promise.all(spies.flatMap(({ mock }) => mock.results.map(({ value }) => value)));
        const rows = answers.reduce((sum: number, list: readonly unknown[]) => sum + list.length, 0);
        // A thousand items and one tell that there are very many, and the longest page has a thousand files.
        expect(rows, path).toBeGreaterThan(0);
        expect(rows, path).toBeLessThan(files);
      }
    }
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
