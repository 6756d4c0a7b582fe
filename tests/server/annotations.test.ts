import { routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPendingAnnotations, searchImages } from '../../packages/server/src/annotations/image-documents.ts';
import { completeMetadata } from './complete-metadata.ts';
import { ensureShipped } from '../../packages/server/src/vocabulary/term-store.ts';
import { type Harness, openHarness } from './harness.ts';
import { fillDraft } from './publish-study.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await ensureShipped(harness.services.db);
});
afterAll(() => harness.close());

/** A grey TIFF of 2 by 2 pixels. */
function tinyTiff(): string {
  const entries = [
    [256, 3, 1, 2],
    [257, 3, 1, 2],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 3, 1, 2],
    [279, 4, 1, 4],
  ];
  const bytes = Buffer.alloc(12 + 2 + entries.length * 12 + 4);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(12, 4);
  // Bytes below 128, so that the text of the request holds them as they are.
  bytes.set([1, 2, 3, 4], 8);
  bytes.writeUInt16LE(entries.length, 12);
  entries.forEach(([tag, type, count, value], index) => {
    const at = 14 + index * 12;
    bytes.writeUInt16LE(tag!, at);
    bytes.writeUInt16LE(type!, at + 2);
    bytes.writeUInt32LE(count!, at + 4);
    bytes.writeUInt32LE(value!, at + 8);
  });
  return bytes.toString('latin1');
}

test('images are found by what tables say of them, by narrower terms too, and show it', async () => {
  const dora = await harness.member('dora');
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const table = [
    'Dataset Name,Image Name,Characteristics [Cell Type],Term Source 1 REF,Term Source 1 Accession,Phenotype 1,Phenotype 1 Term Accession',
    'any,slow.tif,keratinocyte,CL,CL_0000312,decreased cell movement speed,CMPO_0000309',
    'any,fast.tif,keratinocyte,CL,CL_0000312,,',
  ].join('\n');
  const notes = 'image\tobject\tkey\tvalue\nfast.tif\t3\tfate\tdies young\n';
  const regions = `<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
    <Image ID="Image:0" Name="fast.tif"><ROIRef ID="ROI:0"/></Image>
    <ROI ID="ROI:0" Name="nucleus"><Union><Point ID="Shape:0" X="1" Y="1" TheT="0"/></Union></ROI></OME>`;
  await fillDraft(harness, dora.token, id, {
    'slow.tif': tinyTiff(),
    'fast.tif': `${tinyTiff()}\0`,
    'annotation.csv': table,
    'notes.tsv': notes,
    'regions.ome.xml': regions,
  });
  const draft = await client.call(routes.getDraft, { params: { draft: id } });
  const metadata = completeMetadata('Two films of mouse-ear cress');
  Object.assign(metadata.values, {
    organism: [{ label: 'Arabidopsis thaliana', id: 'NCBITaxon:3702' }],
    paperShort: 'Example A (2025)',
    paperDoi: '10.1234/cress.1',
  });
  await client.call(routes.saveDraft, {
    params: { draft: id },
    body: { metadata },
    headers: { 'if-match': `"${draft.revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft: id } });
  const find = async (q: string) =>
    (await client.call(routes.searchImages, { query: { q } })).images.map(({ name }) => name).sort();
  expect(await find('images with decreased cell movement speed')).toEqual(['slow']);
  expect(await find('epithelial cell')).toEqual(['fast', 'slow']);
  expect(await find('dies young')).toEqual(['fast']);
  expect(await find('images with *decreased cell movement speed*')).toEqual(['slow']);
  // The mouse of mouse-ear cress is no mouse.
  expect(await find('mouse')).toEqual([]);
  expect(await find('mouse-ear cress')).toEqual(['fast', 'slow']);
  // A paper is found by its DOI too, however it is spelled, where a citation is shown for it.
  for (const q of ['doi:10.1234/cress.1', 'paper:10.1234/CRESS.1', 'https://doi.org/10.1234/cress.1'])
    expect((await client.call(routes.searchStudies, { query: { q } })).studies.map((one) => one.accession)).toEqual([
      accession,
    ]);
  expect(await find(`${accession} nothing like it`)).toEqual([]);
  const { images } = await client.call(routes.searchImages, { query: { q: 'dies' } });
  expect(images[0]!.annotations).toContainEqual({ on: 'object', part: '3', key: 'fate', label: 'dies young' });
  const listed = await client.call(routes.listImages, { params: { accession, version: 1 } });
  expect(listed.images.find(({ name }) => name === 'slow')!.annotations).toContainEqual({
    on: 'image',
    key: 'Phenotype',
    label: 'decreased cell movement speed',
    id: 'CMPO:0000309',
  });

  // All that is said of one image, its objects too, and the regions that its OME-XML draws.
  const fast = listed.images.find(({ name }) => name === 'fast')!;
  const place = { accession, version: 1, item: fast.item, image: fast.image };
  const said = await client.call(routes.getImageAnnotations, { params: place });
  expect(said.annotations).toContainEqual({ on: 'object', part: '3', key: 'fate', label: 'dies young' });
  expect(said.annotations.some(({ on }) => on === 'study')).toBe(true);
  expect(said.regions).toEqual([{ name: 'nucleus', shapes: [{ path: [0.5, 0.5], isClosed: false, t: 0 }] }]);

  // The table of studies sorts by its columns, and the further facets are counted where they are asked for.
  const studies = await client.call(routes.searchStudies, { query: { sort: 'imageSets', order: 'desc', more: '1' } });
  expect(studies.studies[0]).toMatchObject({ accession, listing: { imageSets: 2 } });
  expect(studies.facets.person?.length).toBeGreaterThan(0);
  const [person] = studies.facets.person!;
  const filtered = await client.call(routes.searchStudies, { query: { person: person!.value } });
  expect(filtered.total).toBe(person!.count);
  expect((await client.call(routes.searchStudies, { query: { person: 'Nobody' } })).total).toBe(0);

  // A study that is closed again is not found by its images either.
  await harness.services.states.change(accession, { state: 'withdrawn', reason: 'test' });
  expect(await find('dies young')).toEqual([]);
  await harness.services.states.change(accession, { state: 'published', reason: 'test' });
  await readPendingAnnotations(harness.services);
  expect((await searchImages(harness.services.db, { words: 'dies', from: 0, limit: 5 })).total).toBe(1);
  expect(harness.faults).toEqual([]);
});
