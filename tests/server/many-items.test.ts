import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { rebuildCatalogue } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft } from './publish-study.ts';

/** Of more than a thousand items those that say nothing are in rows of their own. */
const files = 2_300;
/** Items of which a reader has something to tell, and such in which only what may be public was found. */
const [telling, accepted] = [5, 3];
let harness: Harness;
let draft: string;
let accession: string;
const bytes = Buffer.from('the same in each');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const pathOf = (at: number) => `plate-${at % 4}/well-${String(at).padStart(4, '0')}.bin`;

function itemAt(at: number): StudyItem {
  const path = pathOf(at);
  const where = { file: path };
  const code = at % 500 < telling && at < 500 ? 'file-damaged' : 'not-recognised';
  const detail = { kind: 'name', value: 'Quillfeather', place: 'original', file: path, where: 'header' } as const;
  const isAccepted = at >= 1000 && at < 1000 + accepted;
  return {
    id: createHash('sha256').update(path).digest('hex').slice(0, 12),
    path,
    files: [path],
    format: 'unknown',
    kind: 'unknown',
    trackSets: [],
    images: [],
    conversions: [],
    issues: [{ code, severity: 'warning', message: 'Of no format we know.', where }],
    ...(isAccepted ? { privacy: { details: [detail], hasRawText: false, originals: 'accepted' } as never } : {}),
  };
}

beforeAll(async () => {
  harness = await openHarness(false);
  const dora = await harness.member('dora');
  ({ id: draft, accession } = await harness.client(dora.token).call(routes.createDraft, {}));
  const sent = await harness.request(`${apiBase}/drafts/${draft}/files.tar`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar' },
    body: tarOf([{ path: pathOf(0), bytes }]) as Uint8Array<ArrayBuffer>,
    as: dora.token,
  });
  expect(sent.status).toBe(200);
  const { studies } = harness.services;
  const about = { size: bytes.length, received: bytes.length, mediaType: 'application/octet-stream' };
  const paths = Array.from({ length: files }, (_, at) => pathOf(at));
  const rows = paths.map((path) => ({ ...about, path, sha256, statedSha256: sha256, state: 'verified' as const }));
  await studies.putFiles(draft, rows);
  const items = paths.map((_, at) => itemAt(at));
  await studies.replaceItems(draft, items, () => 'kept');
  await describeDraft(harness, dora.token, draft, 'Very many files');
  const wholeList = vi.spyOn(studies, 'listItems');
  await harness.client(dora.token).call(routes.publishDraft, { params: { draft } });
  // All items at once are what publishing must not have in memory.
  expect(wholeList).not.toHaveBeenCalled();
  wholeList.mockRestore();
}, 120_000);
afterAll(() => harness.close());

test('what is published of very many items is what the draft had, and stands in the archive', async () => {
  const { studies, archive } = harness.services;
  const expected = Array.from({ length: files }, (_, at) => {
    const { privacy: _privacy, ...item } = itemAt(at);
    return item;
  });
  const version = (await studies.getVersion(accession, 1))!;
  expect(version).toMatchObject({ fileCount: files, plainItems: files - telling });
  expect(version.items).toEqual(expected.slice(0, telling));
  const { items } = await archive.readVersion(accession, 1);
  expect(items).toEqual(expected);
  const shown: StudyItem[] = [];
  while (shown.length < files)
    shown.push(...(await studies.listVersionItems(accession, 1, { from: shown.length, limit: 900 })));
  expect(shown).toEqual(expected);
  expect(JSON.stringify(shown)).not.toContain('Quillfeather');
});

test('a catalogue made anew of the archive has the same rows', async () => {
  const { db } = harness.services;
  const rows = async () => {
    const texts = ['study_version', 'version_item', 'version_file', 'search_document'].map(async (table) => {
      const { rows: found } = await sql<{ row: Record<string, unknown> }>`
        select to_jsonb(t) - 'changed_at' as row from ${sql.table(table)} t order by 1`.execute(db);
      return [table, found.map(({ row }) => row)] as const;
    });
    return Object.fromEntries(await Promise.all(texts));
  };
  const before = await rows();
  expect(before['version_item']).toHaveLength(files);
  await rebuildCatalogue(harness.services);
  const after = await rows();
  // The longest texts are a hundred thousand characters: what differs is named, not shown.
  const differing = Object.entries(before).flatMap(([table, told]) =>
    told.flatMap((row, at) =>
      Object.keys(row).flatMap((column) =>
        isDeepStrictEqual(row[column], after[table]?.[at]?.[column]) ? [] : [`${table}.${column}`],
      ),
    ),
  );
  expect([...new Set(differing)]).toEqual([]);
});
