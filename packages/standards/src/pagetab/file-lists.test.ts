import { expect, test } from 'vitest';
import { importMetadata } from '../exchange/import-metadata.ts';
import { pathOfList, readFileList } from './file-lists.ts';

const table = 'Files\tType\tSize\r\nfilms/a.tif\timage\t12\r\n\r\nfilms/b c.tif\t\t\n\t\tblank path\n';
const json = JSON.stringify([
  { path: 'films/a.tif', size: 12, attributes: [{ name: 'Type', value: 'image' }] },
  { path: 'films/b c.tif', attributes: null },
  { attributes: [] },
]);

test('a list is a table that begins with Files, or JSON with paths', () => {
  const wanted = [{ path: 'films/a.tif', size: 12, type: 'image' }, { path: 'films/b c.tif' }];
  expect(readFileList(`\ufeff${table}`)).toEqual(wanted);
  expect(readFileList(json)).toEqual(wanted);
  expect(readFileList(JSON.stringify({ files: JSON.parse(json) as unknown }))).toEqual(wanted);
  expect(readFileList('[]')).toEqual([]);
  for (const other of ['', 'File\na.tif', '[1, 2]', '[{"a": ', 'x'.repeat(1000)])
    expect([other.slice(0, 10), readFileList(other)]).toEqual([other.slice(0, 10), undefined]);
});

test('a list is the one at its place, else the only one called so', () => {
  const paths = ['s/lists/a.tsv', 's/b.tsv', 't/b.tsv', 'S/Lists/C.JSON'];
  expect(pathOfList('lists/a.tsv', paths)).toBe('s/lists/a.tsv');
  expect(pathOfList('elsewhere\\a.tsv', paths)).toBe('s/lists/a.tsv');
  expect(pathOfList('./S/b.tsv', paths)).toBe('s/b.tsv');
  expect(pathOfList('b.tsv', paths)).toBeUndefined();
  expect(pathOfList('c.json', paths)).toBe('S/Lists/C.JSON');
  expect(pathOfList('d.json', paths)).toBeUndefined();
});

const submission = [
  ['Submission', ''],
  ['Title', 'Cells'],
  [],
  ['Study', 'S-1'],
  ['Title', 'Cells that move'],
  [],
  ['Study Component', 'c1'],
  ['Name', 'Wild type'],
  ['File List', 'lists/wt.tsv'],
  [],
  ['Study Component', 'c2'],
  ['Name', 'Mutant'],
  ['File List', 'mutant.json'],
  [],
  ['Study Component', 'c3'],
  ['Name', 'Not here'],
  ['File List', 'lost.tsv'],
]
  .map((cells) => cells.join('\t'))
  .join('\n');

test('lists beside a submission give its data sets their files; one that is broken is said, one that lacks is not', () => {
  const read = importMetadata(
    new Map([
      ['sub/S-1.tsv', submission],
      ['sub/lists/wt.tsv', table],
      ['sub/mutant.json', JSON.stringify([{ path: 'films/m.tif' }, { path: 'films/a.tif' }])],
    ]),
  );
  if (!('name' in read)) throw new Error(read.issues[0]!.message);
  expect(read.name).toBe('PageTab');
  expect(read.datasets.map(({ title, files }) => [title, files])).toEqual([
    ['Wild type', ['films/a.tif', 'films/b c.tif']],
    ['Mutant', ['films/m.tif']],
    ['Not here', []],
  ]);
  expect(read.issues).toEqual([]);
  const broken = importMetadata(
    new Map([
      ['S-1.tsv', submission],
      ['wt.tsv', 'Path\na.tif\n'],
    ]),
  );
  expect(broken.issues.map(({ code, where }) => [code, where.file])).toEqual([['metadata-unreadable', 'wt.tsv']]);
});

test('of a submission with very many lists the file that is named first is the document', () => {
  const lists = Array.from({ length: 30 }, (_, at): [string, string] => [`l${at}.json`, '[]']);
  expect(importMetadata(new Map([['S-1.tsv', submission], ...lists]))).toMatchObject({ name: 'PageTab' });
});
