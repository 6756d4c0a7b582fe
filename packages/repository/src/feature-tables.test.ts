import { expect, test } from 'vitest';
import { openParquet } from '@micrarium/formats';
import { removeFiles } from './deposit.ts';
import { createDraft } from './drafts.ts';
import { placeOfContent } from './forms.ts';
import { ingestItem, setItemMapping } from './ingest.ts';
import { columnsOf, dictionaryOf, mergedMapping } from './ingest-feature-tables.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import { searchDocument } from './search-document.ts';

const assay = 'Image,Well,Gene symbol,Cell count\nfilm_1.tif,A1,TP53,12\nelsewhere.tif,A2,KIF11,7\n';

async function deposited() {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, {
    'films/film_1.tif': 'no image',
    'screen.zarr/A/01/0/.zattrs': '{}',
    'assay.csv': assay,
  });
  for (let job = bench.jobs.waiting[0]; job && job.name !== 'ingest-small-item'; job = bench.jobs.waiting[0])
    await bench.jobs.runNext();
  const rows = await bench.studies.listItems(id);
  const { item } = rows.find((row) => row.item.path === 'assay.csv')!;
  const read = async () => {
    await ingestItem(bench, { draftId: id, itemId: item.id });
    return (await bench.studies.getItem(id, item.id))!;
  };
  return { bench, draftId: id, itemId: item.id, read };
}

test('a table without positions is stored as a feature table, held to the files that are there', async () => {
  const { bench, read } = await deposited();
  const { item, state } = await read();
  expect(state).toBe('done');
  expect(item).toMatchObject({ kind: 'table', trackSets: [], tables: [{ part: 0, name: 'assay', rows: 2 }] });
  expect(item.tables![0]!.columns.map(({ name, keyedTo }) => [name, keyedTo])).toEqual([
    ['Image', 'image'],
    ['Well', 'well'],
    ['Gene symbol', 'gene'],
    ['Cell count', undefined],
  ]);
  expect(item.issues.map(({ code }) => code).toSorted()).toEqual([
    'column-without-meaning',
    'column-without-unit',
    'key-unknown',
    'key-unknown',
    'no-position-columns',
  ]);
  expect(item.issues.filter(({ code }) => code === 'key-unknown').map(({ message }) => message)).toEqual([
    'table "assay": 1 of 2 values of "Image" name no image that is there ("elsewhere.tif")',
    'table "assay": 1 of 2 values of "Well" name no well that is there ("A2")',
  ]);
  expect(item.conversions[0]).toMatchObject({
    recipe: 'table-to-parquet',
    outputs: [{ path: 'table-0.parquet' }, { path: 'table-0.schema.json' }],
  });
  const place = placeOfContent(item, 'table-0.parquet');
  expect(place).toMatchObject({ kind: 'form', path: 'table-0.parquet' });
  const source = await bench.derived.open((place as { key: string }).key, 'table-0.parquet');
  const table = await openParquet(source!);
  expect([...((await table.read('Cell count', 0, 2)).values as Float64Array)].map(Number)).toEqual([12, 7]);
});

test('a data dictionary repairs the columns, and its words are found by searching', async () => {
  const { bench, draftId, itemId, read } = await deposited();
  await read();
  const dictionary = {
    'Cell count': { unit: '1', meaning: 'Nuclei per well', term: { label: 'cell count', id: 'EFO:0004842' } },
  };
  await setItemMapping(bench, draftId, itemId, { dictionary: JSON.stringify(dictionary) });
  const { item } = await read();
  expect(item.issues.map(({ code }) => code)).toEqual(['no-position-columns', 'key-unknown', 'key-unknown']);
  expect(item.tables![0]!.columns[3]).toEqual({ name: 'Cell count', type: 'int', ...dictionary['Cell count'] });
  expect(placeOfContent(item, 'table-0.schema.json')).toMatchObject({ kind: 'form' });
  const { text } = searchDocument({
    schema: 1,
    accession: 'MIC1',
    version: 1,
    publishedAt: '2026-01-01T00:00:00Z',
    publishedBy: 'hanako',
    tier: 'archive',
    metadata: { values: {}, origins: {} },
    files: [],
    items: [item],
    pairs: [],
    datasets: [],
  });
  for (const word of ['Gene symbol', 'Nuclei per well', 'cell count', 'EFO:0004842']) expect(text).toContain(word);
});

test('a mapping carries columns and dictionary side by side', () => {
  const mapping = { x: 'a', dictionary: '{"a":{"unit":"m"}}' };
  expect(columnsOf(mapping)).toEqual({ x: 'a' });
  expect(columnsOf({ dictionary: '{}' })).toBeUndefined();
  expect(dictionaryOf(mapping)).toEqual({ a: { unit: 'm' } });
  expect(dictionaryOf({ dictionary: 'no json' })).toEqual({});
});

test('a table about objects is held to the tracks, whichever is read first, and about plates to the plates', async () => {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, {
    'a-table.csv': 'Object ID,Plate,Area (px)\n0,screen,12\n1.0,screen,13\n999,other,14\n',
    'screen.zarr/A/01/0/.zattrs': '{}',
    'tracks.csv': 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n2,1,3,3\n',
  });
  await bench.jobs.runAll();
  const unknown = async () => {
    const rows = await bench.studies.listItems(id);
    const { item } = rows.find((row) => row.item.path === 'a-table.csv')!;
    return item.issues.filter(({ code }) => code === 'key-unknown').map(({ message }) => message);
  };
  const plate = 'table "a-table": 1 of 2 values of "Plate" name no plate that is there ("other")';
  expect(await unknown()).toEqual([
    'table "a-table": 1 of 3 values of "Object ID" name no object that is there ("999")',
    plate,
  ]);
  await removeFiles(bench, id, ['tracks.csv']);
  await depositFiles(bench, id, { 'README.txt': 'no tracks any more' });
  await bench.jobs.runAll();
  expect(await unknown()).toEqual([plate]);
});

test('columns and data dictionary are said apart, and neither drops the other', () => {
  const both = mergedMapping({ x: 'X', dictionary: '{}' }, { x: 'Left', y: 'Top' });
  expect(both).toEqual({ x: 'Left', y: 'Top', dictionary: '{}' });
  expect(mergedMapping({ x: 'X' }, { dictionary: '{"a":{}}' })).toEqual({ x: 'X', dictionary: '{"a":{}}' });
  expect(mergedMapping({ x: 'X', dictionary: '{}' }, {})).toEqual({ dictionary: '{}' });
  expect(mergedMapping({ x: 'X', dictionary: '{}' }, { dictionary: '' })).toEqual({ x: 'X' });
});
