import { expect, test } from 'vitest';
import { workbookBytes } from '../containers/workbook-in-memory.ts';
import { findItems } from '../recognition/find-items.ts';
import { inspectItem } from '../inspect.ts';
import { treeOf } from '../tracks/item-for-tests.test-data.ts';
import { tellsOfStudy } from './study-sheet.ts';

const header = ['Title', 'Description', 'Release date', 'Licence', 'Organism'];

test.each([
  [true, [header, ['Nuclei', 'Films', '2026-11-20', 'CC0-1.0', 'Mus musculus']]],
  [
    true,
    [
      ['SSBD'],
      ['Project', 'Title', 'A'],
      ['', 'License / Rights', 'CC BY'],
      ['', 'Organism', 'x'],
      ['', 'First Name', 'y'],
    ],
  ],
  [true, [['File or folder', 'Kind', 'Title', 'Local ID', 'Basedon', 'Strain', 'Mystery']]],
  [false, [['File', 'Organism', 'Strain', 'area', 'speed', 'mean', 'x', 'y']]],
  [false, [['Title', 'Licence', 'x', 'y']]],
  [
    false,
    [
      ['TRACK_ID', 'POSITION_X', 'POSITION_Y', 'FRAME'],
      ['1', '2', '3', '4'],
    ],
  ],
  [false, []],
])('a sheet that tells of a study: %s', (isSheet, rows) => {
  expect(tellsOfStudy(rows)).toBe(isSheet);
});

test('a filled template is metadata, a table of measurements beside it is none', async () => {
  const bytes = await workbookBytes([
    {
      name: 'Study',
      columns: header.map((name) => ({ header: name })),
      rows: [['A', 'B', '2026-01-01', 'CC0-1.0', 'C']],
    },
  ]);
  const csv = new TextEncoder().encode(
    'File,Organism,Strain,Local ID,Dataset title\na.tif,Mus musculus,N,a,First\nb.tif,Mus musculus,N,b,Second\n',
  );
  const data = new TextEncoder().encode('cell,area,speed\n1,2.5,3\n2,4.5,6\n');
  const kindOf = async (name: string, content: Uint8Array) => {
    const [item] = await findItems(treeOf({ [name]: content }));
    const report = await inspectItem(item!);
    return [report.kind, report.tables?.length ?? 0];
  };
  expect(await kindOf('metadata.xlsx', bytes)).toEqual(['metadata', 0]);
  expect(await kindOf('metadata.csv', csv)).toEqual(['metadata', 0]);
  expect((await kindOf('cells.csv', data))[0]).toBe('table');
});
