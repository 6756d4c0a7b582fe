import type { ChangeKind, StudyItem, StudyMetadata, StudyVersion } from '@micrarium/model';
import {
  type DraftRow,
  everyItem,
  newDraftVersion,
  RevisionConflict,
  type SearchDocument,
  type StudyStore,
} from '@micrarium/repository';
import { expect, test } from 'vitest';

export const emptyMetadata: StudyMetadata = { values: {}, origins: {} };

export function itemOf(id: string, path = `${id}.tif`): StudyItem {
  return {
    id,
    path,
    files: [path],
    format: 'tiff',
    kind: 'image',
    trackSets: [],
    images: [],
    issues: [],
    conversions: [],
  };
}

export function versionOf(accession: string, version = 1, change: Partial<StudyVersion> = {}): StudyVersion {
  return {
    schema: 1,
    accession,
    version,
    publishedAt: '2026-11-20T10:00:00.000Z',
    publishedBy: 'Ada',
    tier: 'archive',
    metadata: emptyMetadata,
    files: [{ path: 'a.tif', size: 5, sha256: 'aa'.repeat(32), mediaType: 'image/tiff' }],
    items: [itemOf('item1')],
    pairs: [],
    datasets: [],
    ...change,
  };
}

export function documentOf(accession: string, change: Partial<SearchDocument> = {}): SearchDocument {
  return {
    accession,
    version: 1,
    title: 'A study',
    description: '',
    authors: [],
    organisms: [],
    imagingMethods: [],
    kinds: [],
    licence: 'CC0-1.0',
    year: '2026',
    publishedAt: '2026-11-20T10:00:00.000Z',
    imageCount: 1,
    objectCount: 10,
    trackCount: 2,
    fileCount: 1,
    byteCount: 5,
    text: '',
    ...change,
  };
}

const notRecognised = (file: string): StudyItem['issues'][number] => ({
  code: 'not-recognised',
  severity: 'warning',
  message: 'The file is of no format we know.',
  where: { file },
});

/** What every study store must do. `open` gives an empty one. */
export function testStudyStore(open: () => Promise<StudyStore>): void {
  const begin = async (store: StudyStore, ownerId = 'ada'): Promise<DraftRow> =>
    (await store.createDraft({ ownerId, version: 1, metadata: emptyMetadata, pairs: [], datasetTitles: {} })).draft;
  const file = (path: string, sha256?: string) => ({
    path,
    size: 10,
    state: 'expected' as const,
    received: 0,
    mediaType: 'image/tiff',
    ...(sha256 ? { sha256 } : {}),
  });

  test('gives accessions in order and never the same twice', async () => {
    const store = await open();
    const drafts = await Promise.all(Array.from({ length: 8 }, () => begin(store)));
    expect(new Set(drafts.map((draft) => draft.accession)).size).toBe(8);
    expect(drafts[0]!.accession).toMatch(/^MIC-\d{6}$/);
    expect(drafts[0]!).toMatchObject({ revision: 1, state: 'editing', version: 1, ownerId: 'ada' });
    expect(await store.ownerOf(drafts[0]!.accession)).toBe('ada');
  });

  test('opens one draft of a study however many ask at once', async () => {
    const store = await open();
    const first = await begin(store);
    await store.moveDraft(first.id, 'editing', 'published');
    const asked = {
      ownerId: 'ada',
      accession: first.accession,
      version: 2,
      metadata: emptyMetadata,
      pairs: [],
      datasetTitles: {},
    };
    const given = await Promise.all(Array.from({ length: 6 }, () => store.createDraft(asked)));
    expect(new Set(given.map((one) => one.draft.id)).size).toBe(1);
    expect(given.filter((one) => one.created)).toHaveLength(1);
  });

  test('saves only from the current revision, and only while editing', async () => {
    const store = await open();
    const draft = await begin(store);
    const metadata = { values: { title: '核の動き' }, origins: {} };
    const saved = await store.saveDraft(draft.id, 1, { metadata, note: 'why' });
    expect(saved).toMatchObject({ revision: 2, metadata, note: 'why' });
    const other = await begin(store);
    const change = { changeKinds: ['addition', 'correction'] as ChangeKind[], earlierResults: 'hold' as const };
    expect(await store.saveDraft(other.id, 1, change)).toMatchObject({ earlierResults: 'hold' });
    expect((await store.saveDraft(other.id, 2, { note: 'x' })).changeKinds).toHaveLength(2);
    const unsaid = await store.saveDraft(other.id, 3, { changeKinds: [], earlierResults: null });
    expect([unsaid.changeKinds, unsaid.earlierResults]).toEqual([undefined, undefined]);
    await expect(store.saveDraft(draft.id, 1, { note: 'late' })).rejects.toBeInstanceOf(RevisionConflict);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => store.saveDraft(draft.id, 2, { note: `${index}` })),
    );
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await store.moveDraft(draft.id, 'editing', 'publishing')).toBe(true);
    expect(await store.moveDraft(draft.id, 'editing', 'publishing')).toBe(false);
    await expect(store.saveDraft(draft.id, 3, { note: 'x' })).rejects.toBeInstanceOf(RevisionConflict);
    expect((await store.draftsBeingPublished()).map((one) => one.id)).toEqual([draft.id]);
  });

  test('lists an owner’s open drafts, newest first, page by page', async () => {
    const store = await open();
    const made: DraftRow[] = [];
    for (let count = 0; count < 3; count++) {
      made.push(await begin(store, 'bea'));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await begin(store, 'carl');
    const first = await store.listDrafts('bea', { limit: 2 });
    expect(first.map((one) => one.id)).toEqual([made[2]!.id, made[1]!.id]);
    expect((await store.listDrafts('bea', { limit: 2, after: first[1]!.id })).map((one) => one.id)).toEqual([
      made[0]!.id,
    ]);
    await store.moveDraft(made[2]!.id, 'editing', 'discarded');
    expect(await store.listDrafts('bea', { limit: 9 })).toHaveLength(2);
  });

  test('keeps files by path in code-unit order, with sizes beyond 2^32', async () => {
    const store = await open();
    const draft = await begin(store);
    const big = 2 ** 40 + 1;
    await store.putFiles(draft.id, [
      file('b/é.tif'),
      file('B.tif'),
      { ...file('a.tif'), size: big },
      file('b.tif'),
      file('B.tif'),
    ]);
    expect((await store.listFiles(draft.id, { limit: 2 })).map((one) => one.path)).toEqual(['B.tif', 'a.tif']);
    expect((await store.listFiles(draft.id, { after: 'a.tif', limit: 9 })).map((one) => one.path)).toEqual([
      'b.tif',
      'b/é.tif',
    ]);
    await store.updateFile(draft.id, 'a.tif', { state: 'verified', received: big, sha256: 'cc'.repeat(32) });
    expect(await store.getFile(draft.id, 'a.tif')).toMatchObject({ size: big, received: big, state: 'verified' });
    expect(await store.countFiles(draft.id)).toEqual({ count: 4, bytes: big + 30, verified: 1, receivedBytes: big });
    await store.updateFile(draft.id, 'B.tif', { sha256: 'bb'.repeat(32) });
    expect(await store.countStoredFiles(draft.id)).toEqual({ count: 2, bytes: big + 10 });
    expect(await store.countStoredFiles(draft.id, ['a.tif', 'b.tif'])).toEqual({ count: 1, bytes: 10 });
    expect(await store.isBlobUsed('cc'.repeat(32))).toBe(true);
    await store.removeFiles(draft.id, ['a.tif', 'not there']);
    expect(await store.isBlobUsed('cc'.repeat(32))).toBe(false);
    expect(await store.getFile(draft.id, 'a.tif')).toBeUndefined();
    await store.putFiles(
      draft.id,
      Array.from({ length: 2500 }, (_, index) => file(`many/${index}`)),
    );
    expect((await store.countFiles(draft.id)).count).toBe(2503);
  });

  test('a draft that is discarded no longer uses its blobs', async () => {
    const store = await open();
    const draft = await begin(store);
    await store.putFiles(draft.id, [file('a', 'dd'.repeat(32))]);
    expect(await store.isBlobUsed('dd'.repeat(32))).toBe(true);
    await store.moveDraft(draft.id, 'editing', 'discarded');
    expect(await store.isBlobUsed('dd'.repeat(32))).toBe(false);
  });

  test('counts files right whoever changes them at the same time, and gives items page by page', async () => {
    const store = await open();
    const draft = await begin(store);
    const paths = Array.from({ length: 40 }, (_, at) => `f${at}`);
    await Promise.all(paths.map((path) => store.putFiles(draft.id, [file(path)])));
    // More changes than are added up one by one, some of them at once, while others count.
    for (let round = 0; round < 6; round++)
      await Promise.all([
        ...paths.map((path) => store.updateFile(draft.id, path, { received: round, state: 'sending' })),
        store.countFiles(draft.id),
        store.countFiles(draft.id),
      ]);
    expect(await store.countFiles(draft.id)).toEqual({ count: 40, bytes: 400, verified: 0, receivedBytes: 200 });
    await store.noteFindings(draft.id, [{ file: file('f1'), change: { state: 'verified', received: 10 } }]);
    await store.removeFiles(draft.id, ['f2', 'f3']);
    await store.putFiles(draft.id, [{ ...file('f1'), size: 3 }]);
    expect(await store.countFiles(draft.id)).toEqual({ count: 38, bytes: 373, verified: 0, receivedBytes: 185 });

    const items = Array.from({ length: 7 }, (_, at) => itemOf('gfedcba'[at]!));
    await store.replaceItems(draft.id, items);
    const ids: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.itemsPage(draft.id, { limit: 3, ...(after === undefined ? {} : { after }) });
      ids.push(...page.map(({ row }) => row.item.id));
      if (page.length < 3) break;
      after = page.at(-1)!.place;
    }
    expect(ids).toEqual(items.map(({ id }) => id));
    const third = await store.itemsPage(draft.id, { from: 5, limit: 3 });
    expect(third.map(({ row }) => row.item.id)).toEqual(ids.slice(5));
    expect((await store.listItems(draft.id)).map((row) => row.item.id)).toEqual(ids);
    expect(await store.countItems(draft.id)).toEqual({ count: 7, files: 7, unread: 7, read: 0, failed: 0, known: 7 });
    const unknown = { ...itemOf('g'), kind: 'unknown' as const, issues: [notRecognised('g.tif')] };
    await store.updateItem(draft.id, 'g', { item: unknown, state: 'kept' });
    await store.updateItem(draft.id, 'f', { item: { ...itemOf('f'), kind: 'unknown' }, state: 'failed' });
    const found = { rawText: 'undecided' as const, details: [] };
    await store.updateItem(draft.id, 'e', { item: { ...unknown, id: 'e', privacy: found as never }, progress: 0.5 });
    const other = { ...notRecognised('d.tif'), code: 'encoding-guessed' };
    await store.updateItem(draft.id, 'd', { item: { ...unknown, id: 'd', issues: [other] }, state: 'running' });
    expect((await store.listTellingItems(draft.id)).map((row) => row.item.id)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(await store.countItems(draft.id)).toEqual({ count: 7, files: 7, unread: 5, read: 2.5, failed: 1, known: 3 });
  });

  test('replaces items and keeps the state of those that stay', async () => {
    const store = await open();
    const draft = await begin(store);
    await store.replaceItems(draft.id, [itemOf('one'), itemOf('two')]);
    await store.updateItem(draft.id, 'two', {
      state: 'running',
      progress: 0.5,
      message: 'plane 3',
      mapping: { x: 'X', t: 2 },
    });
    await store.replaceItems(draft.id, [itemOf('two', 'as recognised.tif'), itemOf('three')]);
    const items = await store.listItems(draft.id);
    expect(items.map((row) => [row.item.id, row.state, row.progress])).toEqual([
      ['two', 'running', 0.5],
      ['three', 'waiting', 0],
    ]);
    expect(items[0]).toMatchObject({ item: itemOf('two'), mapping: { x: 'X', t: 2 }, message: 'plane 3' });
    await store.updateItem(draft.id, 'two', { item: itemOf('two', 'again.tif'), state: 'done' });
    expect(await store.hasUnreadItems(draft.id)).toBe(true);
    await store.updateItem(draft.id, 'three', { state: 'kept' });
    expect(await store.hasUnreadItems(draft.id)).toBe(false);
    expect(await store.getItem(draft.id, 'two')).toMatchObject({ item: { path: 'again.tif' }, state: 'done' });
    await store.replaceItems(draft.id, [itemOf('four')], () => 'kept');
    expect(await store.listItems(draft.id)).toMatchObject([{ state: 'kept', progress: 1 }]);
    await store.replaceItems(draft.id, []);
    expect(await store.listItems(draft.id)).toEqual([]);
    expect((await store.getDraft(draft.id))!.revision).toBe(1);
  });

  test('notes what was found of many files, and leaves alone what was announced anew', async () => {
    const store = await open();
    const draft = await begin(store);
    const sent = (path: string, size = 10) => ({ ...file(path), size, state: 'sent' as const });
    await store.putFiles(draft.id, [sent('b'), sent('a'), sent('other', 11), { ...file('done'), state: 'verified' }]);
    expect(await store.hasFilesOnTheirWay(draft.id)).toBe(true);
    const asked = ['a', 'b', 'other', 'done', 'missing'];
    const found = (await store.getFiles(draft.id, asked)).map((row) => ({ ...row, size: 10 }));
    expect(found.map(({ path }) => path).sort()).toEqual(['a', 'b', 'done', 'other']);
    const sha256 = 'ab'.repeat(32);
    const findings = found.map((row) => ({
      file: row,
      change: row.path === 'b' ? { state: 'mismatch' as const, received: 0 } : { sha256, state: 'verified' as const },
    }));
    expect((await store.noteFindings(draft.id, findings)).sort()).toEqual(['a', 'b']);
    expect((await store.listFiles(draft.id, { limit: 9 })).map(({ path, state }) => [path, state])).toEqual([
      ['a', 'verified'],
      ['b', 'mismatch'],
      ['done', 'verified'],
      ['other', 'sent'],
    ]);
    expect(await store.getFile(draft.id, 'a')).toMatchObject({ sha256, received: sent('a').received });
    await store.removeFiles(draft.id, ['other']);
    expect(await store.hasFilesOnTheirWay(draft.id)).toBe(false);
    expect(await store.noteFindings(draft.id, [])).toEqual([]);
    await store.moveDraft(draft.id, 'editing', 'discarded');
    expect(await store.noteFindings(draft.id, findings)).toEqual([]);
  });

  test('notes what was read of many items, but of none whose columns were given another meaning since', async () => {
    const store = await open();
    const draft = await begin(store);
    await store.replaceItems(
      draft.id,
      ['one', 'two', 'three'].map((id) => itemOf(id)),
    );
    await store.updateItem(draft.id, 'two', { mapping: { x: 'X' } });
    await store.updateItem(draft.id, 'three', { mapping: { x: 'Y', t: 2 } });
    const reading = (id: string, mapping?: Record<string, string | number>) =>
      ({ item: { ...itemOf(id), path: 'read.tif' }, state: 'done', mapping }) as const;
    await store.noteReadings(draft.id, [reading('two'), reading('one'), reading('three', { t: 2, x: 'Y' })]);
    const items = await store.getItems(draft.id, ['three', 'two', 'one', 'none']);
    const states = Object.fromEntries(
      items.map(({ item, state, progress }) => [item.id, [item.path, state, progress]]),
    );
    expect(states).toEqual({
      one: ['read.tif', 'done', 1],
      two: [itemOf('two').path, 'waiting', 0],
      three: ['read.tif', 'done', 1],
    });
  });

  test('gives of a large draft the paths that lie around a place, in whatever letters', async () => {
    const store = await open();
    const draft = await begin(store);
    const paths = ['Data/One.tif', 'Data/two.tif', 'Data/deep/x', 'notes', 'a/\uFF0F/b', '\u00C5.txt'];
    await store.putFiles(
      draft.id,
      paths.map((path) => file(path)),
    );
    const around = async (place: string) => (await store.pathsAround(draft.id, [place])).sort();
    expect(await around('data/one.tif')).toEqual(['Data/One.tif']);
    expect(await around('data')).toHaveLength(1);
    expect(await around('data/deep')).toEqual(['Data/deep/x']);
    expect(await around('dat')).toEqual([]);
    expect(await around('a')).toEqual(['a/\uFF0F/b']);
    expect(await around('a/')).toEqual([]);
    expect(await around('\u00E5.txt')).toEqual(['\u00C5.txt']);
    expect(await store.pathsAround(draft.id, ['notes', 'data/two.tif'])).toHaveLength(2);
  });

  test('records a version once, closes its draft, and counts the newest of each study', async () => {
    const store = await open();
    const before = await store.totals();
    const draft = await begin(store);
    const { accession } = draft;
    await store.moveDraft(draft.id, 'editing', 'publishing');
    const files = Array.from({ length: 2100 }, (_, index) => ({
      path: `f/${String(index).padStart(4, '0')}`,
      size: 1,
      sha256: 'ee'.repeat(32),
      mediaType: 'text/plain',
    }));
    const record = () => store.recordVersion(versionOf(accession, 1, { files }), documentOf(accession), draft.id);
    await Promise.all([record(), record()]);
    await record();
    expect(await store.getDraft(draft.id)).toMatchObject({ state: 'published' });
    expect(await store.getVersion(accession, 'newest')).toMatchObject({ version: 1, fileCount: 2100, byteCount: 2100 });
    expect(await store.getVersion(accession, 1)).not.toHaveProperty('files');
    await store.recordVersion(
      versionOf(accession, 2, { note: 'corrected', changeKinds: ['correction'], earlierResults: 'some-do-not' }),
      documentOf(accession, { version: 2, imageCount: 3 }),
    );
    await store.recordVersion(versionOf(accession, 1), documentOf(accession));
    expect(await store.listVersions(accession)).toEqual([
      {
        version: 2,
        publishedAt: '2026-11-20T10:00:00.000Z',
        note: 'corrected',
        changeKinds: ['correction'],
        earlierResults: 'some-do-not',
      },
      { version: 1, publishedAt: '2026-11-20T10:00:00.000Z' },
    ]);
    expect((await store.getVersion(accession, 'newest'))!.version).toBe(2);
    expect(await store.getVersion(accession, 3)).toBeUndefined();
    const page = await store.listVersionFiles(accession, 1, { after: 'f/2097', limit: 9 });
    expect(page.map((one) => one.path)).toEqual(['f/2098', 'f/2099']);
    expect(await store.getVersionFile(accession, 1, 'f/0007')).toMatchObject({ size: 1 });
    expect(await store.getVersionFile(accession, 2, 'f/0007')).toBeUndefined();
    expect(await store.isBlobUsed('ee'.repeat(32))).toBe(true);
    const after = await store.totals();
    expect([after.studies - before.studies, after.images - before.images]).toEqual([1, 3]);
  });

  test('of very many items a version holds those of which something is to be said, and gives the others page by page', async () => {
    const store = await open();
    const { accession } = await begin(store);
    const plain = (at: number): StudyItem => ({
      ...itemOf(`plain${at}`),
      kind: 'unknown',
      format: 'unknown',
      issues: [notRecognised(`plain${at}`)],
    });
    const film = itemOf('film');
    const noted: StudyItem = {
      ...plain(7),
      id: 'noted',
      issues: [{ ...plain(7).issues[0]!, code: 'format-possible' }],
    };
    const items = [...Array.from({ length: 1500 }, (_, at) => plain(at)), film, noted, plain(1500)];
    await store.recordVersion(versionOf(accession, 1, { items }), documentOf(accession));
    const found = (await store.getVersion(accession, 1))!;
    expect(found.items).toEqual([film, noted]);
    expect(found.plainItems).toBe(1501);
    expect(await store.getVersionItem(accession, 1, 'plain9')).toEqual(plain(9));
    expect(await store.getVersionItem(accession, 1, 'film')).toEqual(film);
    expect(await store.getVersionItem(accession, 1, 'plain9000')).toBeUndefined();
    expect(await store.listVersionItems(accession, 1, { from: 1499, limit: 3 })).toEqual([plain(1499), film, noted]);
    const all: StudyItem[] = [];
    for await (const item of everyItem(store, found)) all.push(item);
    expect(all).toEqual(items);
    const { draft } = await newDraftVersion({ studies: store }, accession, 'ada');
    const rows = await store.listItems(draft.id);
    expect(rows.map(({ item }) => item)).toEqual(items);
    expect(new Set(rows.map(({ state, progress }) => `${state} ${progress}`))).toEqual(new Set(['kept 1']));
  });

  test('a version of few items holds all, and its next draft too', async () => {
    const store = await open();
    const { accession } = await begin(store);
    const conversions = [{ recipe: 'x', tool: 'y', toolVersion: '1', parameters: {}, madeAt: '', outputs: [] }];
    const items = [itemOf('a'), { ...itemOf('b'), conversions }, itemOf('c')];
    await store.recordVersion(versionOf(accession, 1, { items }), documentOf(accession));
    const found = (await store.getVersion(accession, 1))!;
    expect(found.items).toEqual(items);
    expect(found).not.toHaveProperty('plainItems');
    expect(await store.getVersionItem(accession, 1, 'b')).toEqual(items[1]);
    expect(await store.listVersionItems(accession, 1, { from: 1, limit: 5 })).toEqual(items.slice(1));
    const { draft } = await newDraftVersion({ studies: store }, accession, 'ada');
    const rows = await store.listItems(draft.id);
    expect(rows.map(({ item, state }) => [item.id, state])).toEqual([
      ['a', 'kept'],
      ['b', 'done'],
      ['c', 'kept'],
    ]);
  });

  test('keeps files that stay elsewhere apart from those held here', async () => {
    const store = await open();
    const draft = await begin(store);
    const named = (path: string, size = 2 ** 43) => ({
      path,
      url: `https://data.example.org/${path}`,
      size,
      sha256: 'ab'.repeat(32),
      mediaType: 'image/tiff',
    });
    await store.putReferences(draft.id, [named('b.tif', 1), { ...named('a.tif'), md5: 'cd'.repeat(16) }]);
    await store.putReferences(draft.id, [named('b.tif')]);
    await store.putFiles(draft.id, [file('b.tif')]);
    expect(await store.countReferences(draft.id)).toEqual({ count: 2, bytes: 2 ** 44, alsoFile: 'b.tif' });
    expect(await store.countFiles(draft.id)).toMatchObject({ count: 1, bytes: 10 });
    expect(await store.listReferences(draft.id, { limit: 1 })).toEqual([{ ...named('a.tif'), md5: 'cd'.repeat(16) }]);
    expect(await store.listReferences(draft.id, { limit: 9, after: 'a.tif' })).toEqual([named('b.tif')]);
    await store.removeReferences(draft.id, ['b.tif', 'c.tif']);
    expect(await store.countReferences(draft.id)).toEqual({ count: 1, bytes: 2 ** 43 });
    const { accession } = draft;
    await store.recordVersion(versionOf(accession, 1, { references: [named('a.tif')] }), documentOf(accession));
    const found = await store.getVersion(accession, 1);
    expect(found).toMatchObject({ fileCount: 1, byteCount: 5, referenced: { count: 1, bytes: 2 ** 43 } });
    expect(found).not.toHaveProperty('references');
    expect(await store.listVersionReferences(accession, 1, { limit: 9 })).toEqual([named('a.tif')]);
    await store.clearVersions();
    expect(await store.listVersionReferences(accession, 1, { limit: 9 })).toEqual([]);
  });

  test('after a rebuild the versions are back and accessions go on from the highest', async () => {
    const store = await open();
    await store.recordVersion(versionOf('MIC-000900'), documentOf('MIC-000900'));
    expect(await store.ownerOf('MIC-000900')).toBeUndefined();
    expect((await begin(store)).accession).toBe('MIC-000901');
    await store.clearVersions();
    expect(await store.totals()).toEqual({ studies: 0, images: 0, objects: 0, files: 0, bytes: 0 });
    expect(await store.getVersion('MIC-000900', 'newest')).toBeUndefined();
    await store.recordVersion(versionOf('MIC-000003'), documentOf('MIC-000003'));
    expect((await begin(store)).accession).toBe('MIC-000902');
  });
}
