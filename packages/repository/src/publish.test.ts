import { describe, expect, it } from 'vitest';
import { createDraft, findDraft, saveDraft, viewDraft } from './drafts.ts';
import { setItemMapping } from './ingest.ts';
import { completeMetadata, depositFiles, openWorkbench, type Workbench } from './memory/workbench.ts';
import { finishPublication, publishDraft, recoverPublications } from './publish.ts';
import { rebuildCatalogue } from './rebuild.ts';
import { NotThere, Refused } from './refusals.ts';
import { newDraftVersion } from './versions.ts';

const objects = 'frame,x,y,track\n0,1,2,1\n1,2,3,1\n2,4,5,1\n0,9,9,2\n1,8,8,2\n';

async function ready(): Promise<{ bench: Workbench; draftId: string }> {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { 'tracks.csv': objects, 'README.txt': 'Read me first.' });
  await bench.jobs.runAll();
  await saveDraft(bench, id, 1, { metadata: completeMetadata });
  return { bench, draftId: id };
}

const missingOf = async (bench: Workbench, draftId: string) =>
  (await viewDraft(bench, await findDraft(bench, draftId))).missing.map((one) => one.code);

describe('publishing', () => {
  it('is refused with everything that is missing', async () => {
    const bench = await openWorkbench();
    const { id } = await createDraft(bench, 'hanako');
    const refusal = (await publishDraft(bench, id).catch((error: unknown) => error)) as Refused;
    expect(refusal).toBeInstanceOf(Refused);
    const fields = refusal.issues.filter((one) => one.code === 'field-missing').map((one) => one.where.field);
    expect(fields).toHaveLength(11);
    expect(refusal.issues.map((one) => one.code)).toContain('no-files');
    expect((await findDraft(bench, id)).state).toBe('editing');
  });

  it('waits for files that are on their way and for items that are being read', async () => {
    const { bench, draftId } = await ready();
    expect(await missingOf(bench, draftId)).toEqual([]);
    await depositFiles(bench, draftId, { 'more.csv': `${objects}2,7,7,2\n` });
    expect(await missingOf(bench, draftId)).toEqual(['files-not-verified']);
    await bench.jobs.runAll();
    const [row] = await bench.studies.listItems(draftId);
    await bench.studies.updateItem(draftId, row!.item.id, { state: 'running' });
    expect(await missingOf(bench, draftId)).toEqual(['ingest-running']);
  });

  it('waits for files that have arrived and are not recognised yet', async () => {
    const { bench, draftId } = await ready();
    await depositFiles(bench, draftId, { 'more.csv': `${objects}2,7,7,2\n` });
    // Verified, but the job that finds the items of the new files has not run: publishing now would leave them out.
    const all = await bench.studies.listFiles(draftId, { limit: 10 });
    for (const { path } of all) await bench.studies.updateFile(draftId, path, { state: 'verified' });
    expect(await missingOf(bench, draftId)).toEqual(['ingest-running']);
  });

  it('weighs findings by the tier the study aims at', async () => {
    const { bench, draftId } = await ready();
    expect(await missingOf(bench, draftId)).toEqual([]);
    const values = { ...completeMetadata.values, tier: 'database' };
    await saveDraft(bench, draftId, 2, { metadata: { ...completeMetadata, values } });
    const view = async () => (await viewDraft(bench, await findDraft(bench, draftId))).missing;
    const weighed = (await view()).filter(({ code }) => code === 'tier-finding');
    expect(weighed.map(({ message, where }) => [message, where])).toEqual([
      [expect.stringMatching(/^tracks\.csv: .*\(no-units\)$/), { file: 'tracks.csv' }],
    ]);
    const [row] = (await bench.studies.listItems(draftId)).filter(({ item }) => item.path === 'tracks.csv');
    const mapping = { x: 'x', y: 'y', frame: 'frame', track: 'track', spaceUnit: 'micrometer' };
    await setItemMapping(bench, draftId, row!.item.id, mapping);
    await bench.jobs.runAll();
    expect((await view()).filter(({ code }) => code === 'tier-finding')).toEqual([]);
  });

  it('lays the version down and makes it public with the same act', async () => {
    const { bench, draftId } = await ready();
    const published = await publishDraft(bench, draftId);
    expect(published).toEqual({ accession: 'MIC-000001', version: 1 });
    const version = await bench.studies.getVersion('MIC-000001', 1);
    expect(version).toMatchObject({
      fileCount: 2,
      publishedBy: 'Name of hanako',
      publishedAt: '2026-11-20T12:00:00.000Z',
    });
    expect(await bench.archive.readVersion('MIC-000001', 1)).toMatchObject({ version: 1, tier: 'archive' });
    expect(bench.studies.documents.get('MIC-000001')).toMatchObject({
      title: completeMetadata.values.title,
      authors: ['Hanako Yamada'],
      organisms: ['Caenorhabditis elegans'],
      kinds: ['tracks', 'objects'],
      objectCount: 5,
      trackCount: 2,
      year: '2026',
    });
    expect(JSON.stringify(bench.studies.documents.get('MIC-000001'))).not.toContain('h.yamada');
  });

  it('happens once however often the button is pressed', async () => {
    const { bench, draftId } = await ready();
    const presses = await Promise.all([1, 2, 3].map(() => publishDraft(bench, draftId)));
    expect(new Set(presses.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await publishDraft(bench, draftId)).toEqual(presses[0]);
    expect(await bench.studies.listVersions('MIC-000001')).toHaveLength(1);
  });

  it('keeps what says nothing of very many files out of the document that every reader asks for', async () => {
    const { bench, draftId } = await ready();
    const many = Object.fromEntries(
      Array.from({ length: 1100 }, (_, at) => [`many/${at}.bin`, `\0\u0001 bytes ${at}`]),
    );
    await depositFiles(bench, draftId, many);
    await bench.jobs.runAll();
    const figures = (analysis: string) => ({
      metadata: {
        ...completeMetadata,
        values: { ...completeMetadata.values, figures: JSON.stringify([{ label: '1A', analysis }]) },
      },
    });
    await saveDraft(bench, draftId, 2, figures('many/none.bin'));
    expect(await missingOf(bench, draftId)).toEqual(['field-malformed']);
    // One of the files of which nothing is to be said.
    await saveDraft(bench, draftId, 3, figures('many/7.bin'));
    expect(await missingOf(bench, draftId)).toEqual([]);
    await publishDraft(bench, draftId);
    const found = async () => (await bench.studies.getVersion('MIC-000001', 1))!;
    const before = await found();
    expect(before.items.map(({ path }) => path)).toContain('tracks.csv');
    expect(before.items.length + before.plainItems!).toBe(1102);
    expect(before.items.length).toBeLessThan(3);
    const archived = await bench.archive.readVersion('MIC-000001', 1);
    expect(archived.items).toHaveLength(1102);
    const document = bench.studies.documents.get('MIC-000001');
    expect(document).toMatchObject({ fileCount: 1102, objectCount: 5 });
    await rebuildCatalogue(bench);
    expect(await found()).toEqual(before);
    expect(bench.studies.documents.get('MIC-000001')).toEqual(document);
  });

  it('is finished at start when a killed process had begun it, before or after the archive was written', async () => {
    for (const isLaidDown of [false, true]) {
      const { bench, draftId } = await ready();
      await bench.studies.moveDraft(draftId, 'editing', 'publishing');
      if (isLaidDown) {
        const dies = { ...bench, studies: Object.create(bench.studies) as Workbench['studies'] };
        dies.studies.recordVersion = () => Promise.reject(new Error('killed'));
        await expect(finishPublication(dies, draftId)).rejects.toThrow('killed');
      }
      expect(await bench.studies.getVersion('MIC-000001', 1)).toBeUndefined();
      expect(await recoverPublications(bench)).toEqual([{ accession: 'MIC-000001', version: 1 }]);
      expect(await recoverPublications(bench)).toEqual([]);
      expect((await findDraft(bench, draftId)).state).toBe('published');
      expect(await bench.studies.listVersions('MIC-000001')).toHaveLength(1);
    }
  });

  it('opens the draft again when stored bytes are gone, and names the file', async () => {
    const { bench, draftId } = await ready();
    const file = (await bench.studies.getFile(draftId, 'README.txt'))!;
    await bench.blobs.remove(file.sha256!);
    const refusal = (await publishDraft(bench, draftId).catch((error: unknown) => error)) as Refused;
    expect(refusal.issues).toMatchObject([{ code: 'blob-missing', where: { file: 'README.txt' } }]);
    expect((await findDraft(bench, draftId)).state).toBe('editing');
    expect(await bench.studies.getFile(draftId, 'README.txt')).toMatchObject({ state: 'expected' });
  });
});

describe('further versions', () => {
  it('begin with everything of the newest, by reference, and need a note', async () => {
    const { bench, draftId } = await ready();
    await publishDraft(bench, draftId);
    const { draft, created } = await newDraftVersion(bench, 'MIC-000001', 'hanako');
    expect([created, draft.version, draft.accession]).toEqual([true, 2, 'MIC-000001']);
    expect((await newDraftVersion(bench, 'MIC-000001', 'hanako')).created).toBe(false);
    expect(await bench.studies.countFiles(draft.id)).toMatchObject({ count: 2, verified: 2 });
    expect((await bench.studies.listItems(draft.id)).map((row) => row.state).sort()).toEqual(['done', 'kept']);
    expect(await missingOf(bench, draft.id)).toEqual([
      'note-missing',
      'change-kind-missing',
      'earlier-results-missing',
    ]);
    await saveDraft(bench, draft.id, draft.revision, {
      note: 'Corrected the README.',
      changeKinds: ['correction'],
      earlierResults: 'hold',
    });
    await depositFiles(bench, draft.id, { 'README.txt': 'Read me, corrected.' });
    await bench.jobs.runAll();
    expect(await publishDraft(bench, draft.id)).toEqual({ accession: 'MIC-000001', version: 2 });
    expect((await bench.studies.listVersions('MIC-000001')).map((one) => one.version)).toEqual([2, 1]);
    const [before, after] = await Promise.all([1, 2].map((one) => bench.archive.readVersion('MIC-000001', one)));
    expect(before!.items.find((one) => one.path === 'tracks.csv')).toEqual(
      after!.items.find((one) => one.path === 'tracks.csv'),
    );
  });

  it('finish copying what a killed process had begun to copy', async () => {
    const { bench, draftId } = await ready();
    await publishDraft(bench, draftId);
    const { draft } = await bench.studies.createDraft({
      ownerId: 'hanako',
      accession: 'MIC-000001',
      version: 2,
      metadata: completeMetadata,
      pairs: [],
      datasetTitles: {},
    });
    expect((await newDraftVersion(bench, 'MIC-000001', 'hanako')).draft.id).toBe(draft.id);
    expect(await bench.studies.countFiles(draft.id)).toMatchObject({ count: 2, verified: 2 });
  });

  it('cannot be opened of what was never published', async () => {
    await expect(newDraftVersion(await openWorkbench(), 'MIC-000009', 'hanako')).rejects.toBeInstanceOf(NotThere);
  });
});

describe('rebuilding the catalogue', () => {
  it('brings back every version from the archive alone', async () => {
    const { bench, draftId } = await ready();
    await publishDraft(bench, draftId);
    const before = await bench.studies.getVersion('MIC-000001', 'newest');
    const document = bench.studies.documents.get('MIC-000001');
    await bench.studies.clearVersions();
    expect(await bench.studies.getVersion('MIC-000001', 'newest')).toBeUndefined();
    expect(await rebuildCatalogue(bench)).toEqual({ studies: 1, versions: 1, failed: [] });
    expect(await bench.studies.getVersion('MIC-000001', 'newest')).toEqual(before);
    expect(bench.studies.documents.get('MIC-000001')).toEqual(document);
  });
});
