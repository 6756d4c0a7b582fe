import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTiff } from '../../packages/formats/src/images/tiff/tiff-for-tests.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { describeDraft } from './publish-study.ts';

const python = '/usr/bin/python3';
const present = hasTifffile();
if (!present)
  console.warn('tests/server/stripped-files: Python with tifffile is absent, pixels are not compared by it');

function hasTifffile(): boolean {
  try {
    execFileSync(python, ['-c', 'import tifffile'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
const folder = mkdtempSync(join(tmpdir(), 'micrarium-strip-'));
beforeAll(async () => {
  harness = await openHarness();
  for (const name of ['dora', 'eve']) people[name] = await harness.member(name);
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

const dora = () => people['dora']!;
const strip = (draft: string, item: string, as = dora().cookie) =>
  harness.request(`${apiBase}/drafts/${draft}/items/${item}/stripped`, { method: 'POST', as });
const read = async (draft: string) => await harness.client(dora().token).call(routes.getDraft, { params: { draft } });

/** A draft whose files are read. */
async function draftWith(files: Readonly<Record<string, Uint8Array>>) {
  const made = await harness.client(dora().token).call(routes.createDraft, {});
  for (const [path, body] of Object.entries(files)) {
    const sent = { method: 'PUT', body: Buffer.from(body), as: dora().token };
    expect((await harness.request(`${apiBase}/drafts/${made.id}/files/${path}`, sent)).status).toBe(200);
  }
  await settled(made.id);
  return made;
}

const settled = async (draft: string) =>
  await eventually(async () => {
    const { items, files } = await read(draft);
    const done = items.every(({ ingest }) => ['done', 'kept', 'failed'].includes(ingest?.state ?? 'waiting'));
    return done && items.length > 0 && files.verified === files.count;
  }, 60_000);

const ome =
  '<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Experimenter ID="Experimenter:0" FirstName="Jane" LastName="Doe" Email="jane.doe@example.org"/><Image ID="Image:0" Name="a"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="4" SizeY="2" SizeZ="1" SizeC="1" SizeT="2"><Channel ID="Channel:0:0" SamplesPerPixel="1"/><TiffData/></Pixels></Image></OME>';
const plane = (first: number, description?: string) => ({
  width: 4,
  height: 2,
  bits: 8 as const,
  values: Array.from({ length: 8 }, (_value, at) => first + at),
  ...(description === undefined ? {} : { description }),
});

/** Read by a program that is not ours: every pixel is as it was, and the description, which is XML still, names nobody. */
function compareByTifffile(before: Uint8Array, after: Uint8Array): void {
  writeFileSync(join(folder, 'before.ome.tif'), before);
  writeFileSync(join(folder, 'after.ome.tif'), after);
  const script = `import sys, tifffile, numpy, xml.etree.ElementTree as tree
a, b = tifffile.TiffFile(sys.argv[1]), tifffile.TiffFile(sys.argv[2])
assert numpy.array_equal(a.asarray(), b.asarray()) and b.asarray().shape == (2, 2, 4)
root = tree.fromstring(b.ome_metadata)
print(len(b.pages), b.asarray().sum(), root[0].attrib['FirstName'].strip() == '')`;
  const said = execFileSync(python, ['-c', script, join(folder, 'before.ome.tif'), join(folder, 'after.ome.tif')]);
  expect(String(said).trim()).toBe('2 376 True');
}

test('an editor has copies made without what was found; the digest changes, the log says so, and the files are looked through anew', async () => {
  const { id, accession } = await draftWith({
    'named.ome.tif': buildTiff({ pages: [plane(10, ome), plane(30)] }),
    'notes.txt': Buffer.from('asked jane.doe@example.org\n'),
  });
  const [item] = (await read(id)).items.filter(({ path }) => path === 'named.ome.tif');
  expect(item!.privacy).toMatchObject({ mayBeStripped: true });
  const values = item!.privacy!.details.map(({ value }) => value);
  expect(values).toEqual(expect.arrayContaining(['Jane', 'Doe', 'jane.doe@example.org']));
  // Only who edits the draft.
  expect((await strip(id, item!.id, people['eve']!.cookie)).status).toBe(404);
  expect((await harness.request(`${apiBase}/drafts/${id}/items/${item!.id}/stripped`, { method: 'POST' })).status).toBe(
    401,
  );
  expect((await strip(id, 'aaaaaaaaaaaa')).status).toBe(404);
  const original = Buffer.from(
    await (await harness.request(`${apiBase}/drafts/${id}/files/named.ome.tif`, { as: dora().cookie })).arrayBuffer(),
  );
  const answer = await strip(id, item!.id);
  expect(answer.status).toBe(200);
  const { files } = await answer.json();
  expect(files).toMatchObject([{ path: 'named.ome.tif', count: 3 }]);
  expect(files[0].after).not.toBe(files[0].before);
  await settled(id);
  const after = await eventually(async () => {
    const now = (await read(id)).items.find(({ path }) => path === 'named.ome.tif');
    return now?.id === item!.id ? undefined : now;
  });
  expect((after.privacy?.details ?? []).map(({ value }) => value)).toEqual([]);
  const written = Buffer.from(
    await (await harness.request(`${apiBase}/drafts/${id}/files/named.ome.tif`, { as: dora().cookie })).arrayBuffer(),
  );
  expect(written.length).toBe(original.length);
  // The original is nowhere any more.
  expect(await harness.services.blobs.has(files[0].before)).toBe(false);
  if (present) compareByTifffile(original, written);
  const { db } = harness.services;
  const [event] = await db
    .selectFrom('audit_event')
    .select(['detail'])
    .where('target', '=', accession)
    .where('action', '=', 'file.strip')
    .execute();
  expect(event!.detail).toMatchObject({
    path: 'named.ome.tif',
    count: 3,
    before: files[0].before,
    after: files[0].after,
  });
  expect(JSON.stringify(event!.detail)).not.toContain('Jane');
  // Nothing is left to take out of it.
  expect((await strip(id, after.id)).status).toBe(409);
});

test('files of published versions are never changed: the next version has other ones', async () => {
  const bytes = buildTiff({ pages: [plane(50, ome), plane(70)] });
  const { id, accession } = await draftWith({ 'named.ome.tif': bytes });
  const client = harness.client(dora().token);
  const [item] = (await read(id)).items;
  await client.call(routes.decidePrivacy, {
    params: { draft: id, item: item!.id },
    body: { originals: 'accepted', rawText: 'withheld' },
  });
  await describeDraft(harness, dora().token, id, 'Named');
  await client.call(routes.publishDraft, { params: { draft: id } });
  const { id: next } = await client.call(routes.newDraftVersion, { params: { accession } });
  const [again] = (await read(next)).items;
  expect((await strip(next, again!.id)).status).toBe(200);
  await settled(next);
  const file = async () =>
    Buffer.from(
      await (await harness.request(`${apiBase}/studies/${accession}/versions/1/files/named.ome.tif`)).arrayBuffer(),
    );
  expect((await file()).equals(Buffer.from(bytes))).toBe(true);
  expect(harness.faults).toEqual([]);
});
