import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FileEntry,
  fileTree,
  findItems,
  type FileTree,
  memorySink,
  memorySource,
  omeZarrReader,
  omeZarrWriter,
  openZip,
  tiffReader,
} from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { createDraft, imageKeyOf, placeOfContent } from '@micrarium/repository';
import { depositFiles, openWorkbench, type Workbench } from '@micrarium/repository/testing';
import { describe, expect, it } from 'vitest';

const data = join(import.meta.dirname, '../../../shared/data/images');
const isThere = existsSync(data);
if (!isThere) console.warn(`No real images at ${data}: deposited OME-Zarr is not tested`);

function folder(path: string): Record<string, Uint8Array> {
  const found = readdirSync(join(data, path), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const files = found.map((one) => join(one.parentPath, one.name));
  const name = path.slice(path.lastIndexOf('/') + 1);
  return Object.fromEntries(
    files.map((file) => [`${name}${file.slice(join(data, path).length)}`, new Uint8Array(readFileSync(file))]),
  );
}

async function deposit(
  files: Record<string, Uint8Array>,
): Promise<{ bench: Workbench; draftId: string; items: StudyItem[] }> {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, files);
  await bench.jobs.runAll();
  const rows = await bench.studies.listItems(id);
  return { bench, draftId: id, items: rows.map((row) => row.item) };
}

/** Reads what the pages would read: the bytes at a content path of an item. */
async function contentOf(bench: Workbench, draftId: string, item: StudyItem, path: string): Promise<Uint8Array> {
  const place = placeOfContent(item, path);
  if (place?.kind === 'form') {
    const source = (await bench.derived.open(place.key, place.path))!;
    return await source.read(0, source.size);
  }
  const deposited = place?.kind === 'deposited' ? place.path : undefined;
  const row = deposited === undefined ? undefined : await bench.studies.getFile(draftId, deposited);
  if (!row?.sha256) throw new Error(`${path} leads nowhere: ${JSON.stringify(place)}`);
  const source = await bench.blobs.open(row.sha256);
  return await source.read(0, source.size);
}

async function sumOf(tree: FileTree): Promise<number> {
  const { images } = await omeZarrReader.open({
    path: tree.name,
    files: tree.entries,
    tree,
    format: 'ome-zarr',
    recognition: { score: 1, reason: '' },
  });
  const { sizes } = images[0]!.description;
  let sum = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (const value of (await images[0]!.readRegion({ t, c, z: 0 })).data as Float64Array) sum += Number(value);
  return sum;
}

const entry = (path: string, bytes: Uint8Array): FileEntry => ({
  path,
  size: bytes.length,
  open: async () => memorySource(path, bytes),
});

describe.runIf(isThere)('a deposited OME-Zarr', () => {
  it.each([
    ['ome-zarr/simple_0.5', 4950],
    ['ome-zarr/simple_0.4', 4950],
    ['ome-zarr/blobs_image_v04.ome.zarr', 234.000147],
    ['ome-zarr/blobs_image_v05.ome.zarr', 234.000147],
  ])('of few files is served as it is: %s', async (path, sum) => {
    const { bench, draftId, items } = await deposit(folder(path));
    expect(items).toHaveLength(1);
    const [item] = items;
    expect(item!.conversions.map((one) => one.recipe)).toEqual(['zarr-as-deposited']);
    expect(await bench.derived.pathOf(imageKeyOf(item!, 0), 'image-0.ozx')).toBeUndefined();
    const listed = JSON.parse(
      new TextDecoder().decode(await contentOf(bench, draftId, item!, 'image-0.files.json')),
    ) as {
      path: string;
      size: number;
    }[];
    const entries = [];
    for (const file of listed) {
      const bytes = await contentOf(bench, draftId, item!, `image-0.zarr/${file.path}`);
      expect(bytes.length).toBe(file.size);
      entries.push(entry(file.path, bytes));
    }
    expect(await sumOf(fileTree('image-0.zarr', entries))).toBeCloseTo(sum, 3);
    const png = await contentOf(bench, draftId, item!, 'image-0.thumbnail.png');
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });

  it('in a zip is served as that zip', async () => {
    const zip = new Uint8Array(readFileSync(join(data, 'ome-zarr/simple_0.5.zip')));
    const { bench, draftId, items } = await deposit({ 'data/simple.zip': zip });
    const [item] = items;
    expect(item!.conversions[0]).toMatchObject({
      recipe: 'zarr-as-deposited',
      parameters: { archive: 'data/simple.zip' },
    });
    const served = await contentOf(bench, draftId, item!, 'image-0.ozx');
    expect(Buffer.compare(served, zip)).toBe(0);
    expect(await sumOf((await openZip(memorySource('image-0.ozx', served))).tree)).toBe(4950);
    const place = placeOfContent(item!, 'image-0.zarr/zarr.json');
    expect(place).toMatchObject({ kind: 'entry', archive: { kind: 'deposited', path: 'data/simple.zip' } });
    const { tree } = await openZip(memorySource('simple.zip', zip));
    expect(tree.entries.map((one) => one.path)).toContain(place!.kind === 'entry' ? place!.entry : '');
  });

  it('of more than a thousand files is packed, bytes unchanged, with a list of digests', async () => {
    const bytes = new Uint8Array(readFileSync(join(data, 'tiff/FakeTracks.tif')));
    const [film] = await findItems(fileTree('', [entry('FakeTracks.tif', bytes)]));
    const { images } = await tiffReader.open(film!);
    const sink = memorySink();
    await omeZarrWriter({ version: '0.4', chunkSide: 16 }).write(images, sink);
    expect(sink.files.size).toBeGreaterThan(1000);
    const files = Object.fromEntries([...sink.files].map(([path, content]) => [`film.ome.zarr/${path}`, content]));
    const { bench, draftId, items } = await deposit(files);
    expect(items[0]!.conversions.map((one) => one.recipe)).toEqual(['zarr-packed']);
    const served = await contentOf(bench, draftId, items[0]!, 'image-0.ozx');
    const zip = await openZip(memorySource('image-0.ozx', served));
    expect(await zip.verify()).toEqual([]);
    expect(zip.tree.entries).toHaveLength(sink.files.size);
    for (const one of zip.tree.entries) {
      const content = await (await one.open()).read(0, one.size);
      expect(Buffer.compare(content, sink.files.get(one.path)!)).toBe(0);
    }
    const digests = new TextDecoder().decode(await contentOf(bench, draftId, items[0]!, 'image-0.digests.txt'));
    expect(digests.trimEnd().split('\n')).toHaveLength(sink.files.size);
    expect(digests).toMatch(/^[0-9a-f]{64} {2}film\.ome\.zarr\//);
    expect(placeOfContent(items[0]!, 'image-0.zarr/.zattrs')).toMatchObject({ kind: 'entry', entry: '.zattrs' });
  });

  it('gives no place for paths that no item has', async () => {
    const { items } = await deposit(folder('ome-zarr/simple_0.5'));
    for (const path of ['', 'image-0', 'image-1.ozx', 'image-0.zarr', 'tracks-0/../x', 'form.json', 'image-0.ozx/x'])
      expect([path, placeOfContent(items[0]!, path)]).toEqual([path, undefined]);
  });
});
