import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDraft,
  findDraft,
  formKeys,
  imageKeyOf,
  placeOfContent,
  publishDraft,
  rebuildItem,
  saveDraft,
  viewDraft,
} from '@micrarium/repository';
import { completeMetadata, depositFiles, openWorkbench, type Workbench } from '@micrarium/repository/testing';
import { openStorage } from '../../packages/server/src/storage/index.ts';
import { checkPair, toPixels } from '@micrarium/model';
import { afterEach, describe, expect, it } from 'vitest';

const data = join(import.meta.dirname, '../../../shared/data');
const isThere = existsSync(data);
if (!isThere) console.warn(`No real files at ${data}: deposit and ingest are not tested with them`);

const bytesOf = (path: string) => new Uint8Array(readFileSync(join(data, path)));
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The use cases over storage on disk; only the catalogue is in memory. */
async function open(): Promise<{ bench: Workbench; draftId: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-ingest-'));
  folders.push(folder);
  const bench = await openWorkbench(await openStorage(join(folder, 'data')));
  const draft = await createDraft(bench, 'hanako');
  return { bench, draftId: draft.id };
}

const film = 'images/tiff/FakeTracks.tif';
const tracks = 'tracks/trackmate/faketracks-v3.4.2.xml';

describe.runIf(isThere)('a film and its tracks', () => {
  it('are recognised, read, stored, proposed as a pair, published, and made again after their forms were dropped', async () => {
    const { bench, draftId } = await open();
    await depositFiles(bench, draftId, { 'FakeTracks.tif': bytesOf(film), 'tracks/v3.4.2.xml': bytesOf(tracks) });
    await bench.jobs.runAll();
    const view = await viewDraft(bench, await findDraft(bench, draftId));
    expect(view.items.map((row) => [row.item.path, row.state, row.item.kind])).toEqual([
      ['FakeTracks.tif', 'done', 'image'],
      ['tracks/v3.4.2.xml', 'done', 'tracks'],
    ]);
    const [image, set] = view.items.map((row) => row.item);
    expect(set!.counts).toMatchObject({ objects: 243, edges: 230, links: 12, tracks: 4, frames: 50 });
    expect(image!.images[0]!.sizes).toMatchObject({ t: 50, y: 128, x: 128 });
    expect(view.proposals).toMatchObject([
      { imageItem: image!.id, trackItem: set!.id, reason: 'image name recorded in the file', confirmed: false },
    ]);
    const pairs = view.proposals.map((pair) => ({ ...pair, confirmed: true }));
    expect(pairs.flatMap((pair) => checkPair(pair, [image!, set!])).map((one) => one.code)).toEqual([]);
    expect(toPixels(pairs[0]!.mapping, { x: 10, y: 20 })).toEqual({ x: 10, y: 20, z: 0 });
    expect(view.missing.every((one) => one.code === 'field-missing')).toBe(true);

    await saveDraft(bench, draftId, 1, { metadata: completeMetadata, pairs });
    const published = await publishDraft(bench, draftId);
    const version = await bench.archive.readVersion(published.accession, published.version);
    expect(version.pairs).toEqual(pairs);
    expect(version.datasets).toHaveLength(1);
    expect(await bench.archive.verify(published.accession)).toEqual([]);

    for (const item of version.items) await expectStored(bench, item);
    for (const item of version.items) {
      for (const key of [formKeys(item.id).tracks, imageKeyOf(item, 0)]) await bench.derived.drop(key);
      await rebuildItem(bench, { ...published, itemId: item.id });
      await expectStored(bench, item);
    }
  });

  it('take their forms from an earlier ingest of the same bytes', async () => {
    const { bench, draftId } = await open();
    const other = await createDraft(bench, 'somebody else');
    for (const id of [draftId, other.id]) await depositFiles(bench, id, { 'v3.xml': bytesOf(tracks) });
    await bench.jobs.runAll();
    const [one, two] = await Promise.all([draftId, other.id].map((id) => bench.studies.listItems(id)));
    expect(one![0]!.item).toEqual(two![0]!.item);
  });
});

/** Every output in the conversion records lies where the item's pages look for it, with its digest. */
async function expectStored(bench: Workbench, item: Parameters<typeof placeOfContent>[0]): Promise<void> {
  expect(item.conversions.length).toBeGreaterThan(0);
  for (const { outputs } of item.conversions)
    for (const output of outputs) {
      const place = placeOfContent(item, output.path);
      expect(place).toMatchObject({ kind: 'form', path: output.path });
      const path = place?.kind === 'form' ? await bench.derived.pathOf(place.key, place.path) : undefined;
      const bytes = await readFile(path!);
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([output.size, output.sha256]);
    }
}

describe.runIf(isThere)('files that cannot be read', () => {
  it('are kept with their findings and never hinder the rest', async () => {
    const { bench, draftId } = await open();
    await depositFiles(bench, draftId, {
      'broken.tif': bytesOf(film).slice(0, 5000),
      'broken.xml': bytesOf(tracks).slice(0, 20_000),
      'notes.txt': 'Read me.',
      'whole.xml': bytesOf(tracks),
    });
    await bench.jobs.runAll();
    const rows = new Map((await bench.studies.listItems(draftId)).map((row) => [row.item.path, row]));
    expect([...rows.values()].every((row) => row.state === 'done' || row.state === 'kept')).toBe(true);
    expect(rows.get('whole.xml')).toMatchObject({ state: 'done', item: { counts: { objects: 243 } } });
    expect(rows.get('notes.txt')).toMatchObject({ state: 'kept', item: { kind: 'unknown' } });
    for (const path of ['broken.tif', 'broken.xml'])
      expect(rows.get(path)!.item.issues.some((one) => one.severity === 'error')).toBe(true);
  });
});
