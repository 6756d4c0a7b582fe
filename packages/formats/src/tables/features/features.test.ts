import { describe, expect, test } from 'vitest';
import type { DataDictionary } from '@micrarium/model';
import { memorySource } from '../../bytes/byte-source.ts';
import type { SheetToWrite } from '../../containers/xlsx/workbook-to-write.ts';
import { writeWorkbook } from '../../containers/xlsx/write-workbook.ts';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { findItems } from '../../recognition/find-items.ts';
import { treeOf } from '../../tracks/item-for-tests.test-data.ts';
import { openParquet } from '../../tracks/parquet/open-table.ts';
import { imageKey, unknownKeys } from './check-keys.ts';
import { parseDictionary, tableSchema } from './data-dictionary.ts';
import { keyOfColumn, wellName } from './key-columns.ts';
import { type FeatureTableOptions, writeFeatureTables } from './write-feature-tables.ts';

async function write(name: string, content: string | Uint8Array, options: FeatureTableOptions = {}) {
  const [item] = await findItems(treeOf({ [name]: content }));
  const sink = memorySink();
  const { tables, keys, issues } = await writeFeatureTables(item!, sink, options);
  return { tables, keys, issues, codes: issues.map(({ code }) => code), files: sink.files };
}

const plate =
  'Plate,Well,Gene symbol,Cell count,Viability (%),Phase,Note\n' +
  'P1,A01,TP53,120,93.5,G1,ok\nP1,A02,KIF11,80,,G2,\nP1,B01,,100,99,M,"a, b"\n';

test('a list of wells and their classes is a table, two words with a comma are not', async () => {
  const found = async (content: string) => (await findItems(treeOf({ 'a.csv': content })))[0]!.format;
  expect(await found('Well,class\nA01,DMSO\nA02,actin\n')).toBe('delimited');
  expect(await found('Dear Ada,thanks\nfor the cells,Bea\n')).toBe('text');
});

describe('keys', () => {
  test.each([
    ['Well ID', 'well'],
    ['Metadata_Well', 'well'],
    ['ImageNumber', 'image'],
    ['File name', 'image'],
    ['Object Number', 'object'],
    ['gene_symbol', 'gene'],
    ['Ensembl Gene ID', 'gene'],
    ['Sample name', 'sample'],
    ['Plate barcode', 'plate'],
    ['Intensity', undefined],
    ['Image quality', undefined],
  ])('%s names %s', (name, key) => expect(keyOfColumn(name)).toBe(key));

  test('wells', () => {
    expect(['a1', 'B03', 'P-24', 'AF48', 'A0', 'A49', 'AG1', '1A'].map(wellName)).toEqual([
      'A1',
      'B3',
      'P24',
      'AF48',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('names of images are compared without folder and ending', () => {
    expect(imageKey('C:\\data\\Film_01.OME.TIF')).toBe('film_01');
    expect(imageKey('plate/film_01')).toBe('film_01');
  });
});

describe('tables', () => {
  test('leave as Parquet and Table Schema; gaps are findings', async () => {
    const { tables, codes, issues, files } = await write('screen.csv', plate);
    expect(tables).toMatchObject([{ part: 0, name: 'screen', rows: 3 }]);
    expect(tables[0]!.columns).toEqual([
      { name: 'Plate', type: 'string', keyedTo: 'plate' },
      { name: 'Well', type: 'string', keyedTo: 'well' },
      { name: 'Gene symbol', type: 'string', keyedTo: 'gene' },
      { name: 'Cell count', type: 'int' },
      { name: 'Viability (%)', type: 'float', unit: '%' },
      { name: 'Phase', type: 'string' },
      { name: 'Note', type: 'string' },
    ]);
    expect(codes.toSorted()).toEqual(['column-without-meaning', 'column-without-unit', 'key-missing']);
    expect(issues.find(({ code }) => code === 'column-without-unit')!.message).toBe('no unit for Cell count');
    const bytes = files.get('table-0.parquet')!;
    const stored = await openParquet(memorySource('t', bytes));
    expect(stored.columns.map(({ name }) => name)).toEqual(tables[0]!.columns.map(({ name }) => name));
    expect((await stored.read('Viability (%)', 0, 3)).missing).toEqual(Uint8Array.of(0, 1, 0));
    expect((await stored.read('Note', 0, 3)).values).toEqual(['ok', '', 'a, b']);
    expect(JSON.parse(stored.metadata.get('micrarium.table')!)).toMatchObject({ version: 1, rows: 3 });
    expect(JSON.parse(new TextDecoder().decode(files.get('table-0.schema.json')))).toMatchObject({
      fields: [
        { name: 'Plate', type: 'string', 'micrarium:keyedTo': 'plate' },
        {},
        {},
        { type: 'integer' },
        {},
        {},
        {},
      ],
    });
  });

  test('a dictionary fills the gaps, and goes out and in as Table Schema', async () => {
    const dictionary: DataDictionary = {
      'Cell count': { unit: '1', meaning: 'Nuclei in the well', term: { label: 'cell count', id: 'EFO:0004842' } },
      'Viability (%)': { meaning: 'Live nuclei' },
      Phase: { meaning: 'Phase of the cell cycle' },
      Note: { meaning: 'Remark' },
      'Gene symbol': { keyedTo: 'none', meaning: 'Target' },
      Typo: { unit: 'm' },
    };
    const { tables, codes } = await write('screen.csv', plate, { dictionary });
    expect(codes).toEqual(['dictionary-column-unknown']);
    expect(tables[0]!.columns[2]).toEqual({ name: 'Gene symbol', type: 'string', meaning: 'Target' });
    const schema: unknown = JSON.parse(JSON.stringify(tableSchema(tables[0]!.columns)));
    expect(parseDictionary(schema)).toEqual({
      Plate: { keyedTo: 'plate' },
      Well: { keyedTo: 'well' },
      'Gene symbol': { meaning: 'Target' },
      'Cell count': { unit: '1', meaning: 'Nuclei in the well', term: { label: 'cell count', id: 'EFO:0004842' } },
      'Viability (%)': { unit: '%', meaning: 'Live nuclei' },
      Phase: { meaning: 'Phase of the cell cycle' },
      Note: { meaning: 'Remark' },
    });
    expect(parseDictionary('no')).toBeUndefined();
    expect(parseDictionary({ a: { unit: 7, meaning: ' ' }, b: null })).toEqual({ a: {} });
  });

  test('keys are held to images, objects and wells that are there', async () => {
    const known = { images: new Set(['film_1']), objects: new Set(['7']), wells: new Set(['A1']) };
    const { issues, keys } = await write(
      'f.csv',
      'Image,Object ID,Well,Area (px)\nfilm_1.tif,7,A01,3\nfilm_2.tif,8,A02,4\nfilm_1.tif,7,a1x,5\nfilm_1.tif,7,A01,6\n',
      { dictionary: { 'Area (px)': { meaning: 'Area' } } },
    );
    expect(issues.map(({ code, message }) => [code, message])).toEqual([
      ['well-name-invalid', '1 cell is no name of a well (row 3: "a1x")'],
      ['key-repeated', '1 row repeats the keys of another (row 4: film_1.tif, 7, A01)'],
    ]);
    expect(keys.map(({ column, values }) => [column, values])).toEqual([
      ['Image', ['film_1.tif', 'film_2.tif']],
      ['Object ID', ['7', '8']],
      ['Well', ['A01', 'A02', 'a1x']],
    ]);
    expect(unknownKeys(keys, known, 'f.csv').map(({ message }) => message)).toEqual([
      'table "f": 1 of 2 values of "Image" name no image that is there ("film_2.tif")',
      'table "f": 1 of 2 values of "Object ID" name no object that is there ("8")',
      'table "f": 2 of 3 values of "Well" name no well that is there ("A02", "a1x")',
    ]);
    expect(unknownKeys(keys, {}, 'f.csv')).toEqual([]);
  });

  test('a table with positions is none, one without keys says so', async () => {
    expect((await write('t.csv', 'frame,x,y\n0,1,2\n1,2,3\n')).tables).toEqual([]);
    expect((await write('t.csv', 'time (s),dose (mg)\n0,1\n1,2\n')).codes).toEqual([
      'column-without-meaning',
      'table-without-key',
    ]);
  });

  test('a table whose columns were assigned to positions holds objects', async () => {
    const mapping = { x: 'left', y: 'top' };
    expect((await write('t.csv', 'left,top,n\n1,2,3\n2,3,4\n', { mapping })).tables).toEqual([]);
    expect((await write('t.csv', 'left,n\n1,2\n2,3\n', { mapping })).tables).toHaveLength(1);
  });

  test('sheets are tables of their own; a sheet that describes columns is the dictionary', async () => {
    const columns = (...names: string[]) => names.map((header) => ({ header }));
    const sheets: SheetToWrite[] = [
      {
        name: 'Assay',
        columns: columns('Sample', 'OD600'),
        rows: [
          ['a', 0.5],
          ['b', 0.75],
        ],
      },
      {
        name: 'Tracks',
        columns: columns('track', 'frame', 'x', 'y'),
        rows: [
          [1, 0, 1, 1],
          [1, 1, 2, 2],
        ],
      },
      {
        name: 'Genes',
        columns: columns('Gene', 'Fold change'),
        rows: [
          ['a', 2],
          ['b', 3],
        ],
      },
      {
        name: 'Columns',
        columns: columns('Column', 'Unit', 'Description', 'Term', 'Term id'),
        rows: [
          ['OD600', '1', 'Optical density at 600 nm', 'optical density', 'OBI:0000000'],
          ['Fold change', '1', 'Expression against control'],
        ],
      },
    ];
    const parts: Uint8Array[] = [];
    await writeWorkbook(sheets, { write: async (bytes) => void parts.push(bytes.slice()) });
    const { tables, codes } = await write('a.xlsx', Uint8Array.from(parts.flatMap((part) => [...part])));
    expect(codes).toEqual([]);
    expect(tables.map(({ name, columns: [, second] }) => [name, second])).toEqual([
      [
        'Assay',
        {
          name: 'OD600',
          type: 'float',
          unit: '1',
          meaning: 'Optical density at 600 nm',
          term: { label: 'optical density', id: 'OBI:0000000' },
        },
      ],
      ['Genes', { name: 'Fold change', type: 'int', unit: '1', meaning: 'Expression against control' }],
    ]);
  });
});
