import { zipWriter } from '@micrarium/formats';
import { describe, expect, it } from 'vitest';
import { createDraft } from './drafts.ts';
import { formKeys, imageKeyOf, mappingOf, recipes } from './forms.ts';
import { ingestItem, makeForms, setItemMapping } from './ingest.ts';
import { MemoryDerived } from './memory/memory-derived.ts';
import { depositFiles, openWorkbench, type Workbench } from './memory/workbench.ts';
import { base32, itemIdOf, recogniseDraft } from './recognise.ts';

const table = 'frame,x,y,track\n0,1,2,1\n1,2,3,1\n2,4,5,1\n0,9,9,2\n1,8,8,2\n';
/** Two columns may be the frame: the depositor says which. */
const odd = 'a,b,c,d\n0,1,2,1\n1,2,3,1\n2,4,5,1\n';

async function recognised(
  text: string | Uint8Array = table,
  name = 'cells.csv',
): Promise<{ bench: Workbench; draftId: string; itemId: string }> {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { [name]: text });
  for (let job = bench.jobs.waiting[0]; job && job.name !== 'ingest-small-item'; job = bench.jobs.waiting[0])
    await bench.jobs.runNext();
  return { bench, draftId: id, itemId: (await bench.studies.listItems(id))[0]!.item.id };
}

const rowOf = async (bench: Workbench, draftId: string, itemId: string) =>
  (await bench.studies.getItem(draftId, itemId))!;

describe('an item', () => {
  it('is named by its members and their digests, whatever their order', () => {
    const [a, b] = ['a', 'b'].map((path) => ({ path, size: 1, sha256: path.repeat(64) }));
    expect(itemIdOf([a!, b!])).toBe(itemIdOf([b!, a!]));
    expect(itemIdOf([a!])).toMatch(/^[a-z2-7]{12}$/);
    expect(itemIdOf([a!])).not.toBe(itemIdOf([{ ...a!, path: 'c' }]));
    expect(itemIdOf([a!])).not.toBe(itemIdOf([{ ...a!, sha256: 'c'.repeat(64) }]));
  });

  it('has an id in base32 as RFC 4648 gives it', () => {
    expect(base32(new TextEncoder().encode('foobar'))).toBe('mzxw6ytboi');
    expect(base32(new TextEncoder().encode('f'))).toBe('my');
  });

  it('waits to be recognised until the last announced file has come', async () => {
    const { bench, draftId } = await recognised();
    await bench.studies.putFiles(draftId, [
      { path: 'late.csv', size: 1, state: 'expected', received: 0, mediaType: 'text/csv' },
    ]);
    const before = await bench.studies.listItems(draftId);
    await bench.studies.removeFiles(draftId, ['cells.csv']);
    await recogniseDraft(bench, draftId);
    expect(await bench.studies.listItems(draftId)).toEqual(before);
  });
});

describe('ingest', () => {
  it('has one effect when it runs twice at the same time and once more', async () => {
    const { bench, draftId, itemId } = await recognised();
    await Promise.all([1, 2].map(() => ingestItem(bench, { draftId, itemId })));
    const first = await rowOf(bench, draftId, itemId);
    await ingestItem(bench, { draftId, itemId });
    expect(await rowOf(bench, draftId, itemId)).toEqual(first);
    expect(first).toMatchObject({ state: 'done', progress: 1, item: { counts: { objects: 5, edges: 3 } } });
    const [conversion] = first.item.conversions;
    expect(conversion).toMatchObject({ recipe: 'tracks-to-parquet', tool: 'micrarium', toolVersion: '0.1.0' });
    expect(conversion!.outputs.map((one) => one.path)).toContain('tracks-0/objects.parquet');
  });

  it('reads an archive, which was closed after it was looked into', async () => {
    const parts: Uint8Array[] = [];
    const size = 8;
    const zip = zipWriter({ write: async (bytes) => void parts.push(bytes.slice()) });
    const put = (path: string, json: unknown) => zip.add(path, [new TextEncoder().encode(JSON.stringify(json))]);
    const datasets = [{ path: '0', coordinateTransformations: [{ type: 'scale', scale: [1, 1] }] }];
    const axes = ['y', 'x'].map((axis) => ({ name: axis, type: 'space' }));
    await put('.zgroup', { zarr_format: 2 });
    await put('.zattrs', { multiscales: [{ version: '0.4', axes, datasets }] });
    await put('0/.zarray', {
      zarr_format: 2,
      shape: [size, size],
      chunks: [size, size],
      dtype: '|u1',
      compressor: null,
      fill_value: 0,
      order: 'C',
      filters: null,
      dimension_separator: '/',
    });
    await zip.add('0/0/0', [new Uint8Array(size * size).fill(7)]);
    await zip.finish();
    const { bench, draftId, itemId } = await recognised(Buffer.concat(parts), 'film.ome.zarr.zip');
    await ingestItem(bench, { draftId, itemId });
    const { state, item } = await rowOf(bench, draftId, itemId);
    expect([state, item.format, item.images.length]).toEqual(['done', 'ome-zarr', 1]);
    expect(item.conversions.map(({ recipe }) => recipe)).toContain('zarr-as-deposited');
  });

  it('makes images anew by the recipe of today, and those of a published item where its own record says', async () => {
    const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const { bench, draftId, itemId } = await recognised(Buffer.from(dot, 'base64'), 'dot.png');
    await ingestItem(bench, { draftId, itemId });
    const { item } = await rowOf(bench, draftId, itemId);
    const today = formKeys(itemId).image(0, recipes['image-to-ozx']);
    expect(imageKeyOf(item, 0)).toBe(today);
    const conversions = item.conversions.map((one) => ({
      ...one,
      parameters: { ...one.parameters, recipeVersion: 1 },
    }));
    const published = { ...item, conversions };
    expect(imageKeyOf(published, 0)).not.toBe(today);
    await bench.derived.drop(today);
    const files = (await bench.studies.listFiles(draftId, { limit: 10 })).map((file) => ({
      ...file,
      sha256: file.sha256!,
    }));
    await makeForms(bench, published, files, { again: published });
    expect(await bench.derived.list(today)).toBeUndefined();
    expect(await bench.derived.pathOf(imageKeyOf(published, 0), 'image-0.ozx')).toBeDefined();
  });

  it('stops when it is told to, and goes on the next time', async () => {
    const { bench, draftId, itemId } = await recognised();
    const stop = AbortSignal.abort(new Error('stopping'));
    await expect(ingestItem(bench, { draftId, itemId }, stop)).rejects.toThrow('stopping');
    expect((await rowOf(bench, draftId, itemId)).state).toBe('waiting');
    await ingestItem(bench, { draftId, itemId });
    expect((await rowOf(bench, draftId, itemId)).state).toBe('done');
  });

  it('says that the disk is full, is tried again by the queue, and then succeeds', async () => {
    const { bench, draftId, itemId } = await recognised();
    const full = new MemoryDerived();
    full.build = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    await expect(ingestItem({ ...bench, derived: full }, { draftId, itemId })).rejects.toThrow('no space');
    expect(await rowOf(bench, draftId, itemId)).toMatchObject({ state: 'failed', message: 'no space left on device' });
    await ingestItem(bench, { draftId, itemId });
    expect((await rowOf(bench, draftId, itemId)).state).toBe('done');
  });

  it('does nothing for items and files that are gone', async () => {
    const { bench, draftId, itemId } = await recognised();
    await ingestItem(bench, { draftId, itemId: 'gone' });
    await bench.studies.removeFiles(draftId, ['cells.csv']);
    await ingestItem(bench, { draftId, itemId });
    expect((await rowOf(bench, draftId, itemId)).state).toBe('waiting');
  });

  it('reads a table again with the columns the depositor names, under another key', async () => {
    const { bench, draftId, itemId } = await recognised(odd);
    await bench.jobs.runAll();
    const mapping = { frame: 'a', x: 'b', y: 'c', track: 'd' };
    expect(await setItemMapping(bench, draftId, itemId, mapping)).toMatchObject({ state: 'waiting', mapping });
    await bench.jobs.runAll();
    const { item, state } = await rowOf(bench, draftId, itemId);
    expect([state, item.counts?.objects, item.counts?.edges]).toEqual(['done', 3, 2]);
    expect(mappingOf(item)).toEqual(mapping);
    expect(await bench.derived.list(formKeys(itemId, mapping).tracks)).toBeDefined();
    expect(formKeys(itemId, mapping).tracks).not.toBe(formKeys(itemId).tracks);
    const turned = { track: 'd', y: 'c', x: 'b', frame: 'a' };
    expect(formKeys(itemId, turned).tracks).toBe(formKeys(itemId, mapping).tracks);
  });

  it('makes a form anew of which a file was cut off', async () => {
    const { bench, draftId, itemId } = await recognised();
    await ingestItem(bench, { draftId, itemId });
    const { item } = await rowOf(bench, draftId, itemId);
    const key = formKeys(itemId, mappingOf(item)).tracks;
    const whole = await bench.derived.list(key);
    await bench.derived.drop(key);
    await bench.derived.build(key, async (sink) => {
      for (const { path, size } of whole!) {
        const file = await sink.create(path);
        if (path.endsWith('edges.parquet')) await file.write(new Uint8Array(size - 1));
        await file.close();
      }
    });
    await bench.studies.updateItem(draftId, itemId, { state: 'waiting' });
    await ingestItem(bench, { draftId, itemId });
    expect(await bench.derived.list(key)).toEqual(whole);
    expect((await rowOf(bench, draftId, itemId)).item).toEqual(item);
  });
});
