import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import { zipWriter } from '../../containers/zip/write-zip.ts';
import type { CellToWrite, SheetToWrite } from '../../containers/xlsx/workbook-to-write.ts';
import { writeWorkbook } from '../../containers/xlsx/write-workbook.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { countList, readFiles, treeOf } from '../../tracks/item-for-tests.test-data.ts';
import { findItems } from '../../recognition/find-items.ts';
import { countTracks } from '@micrarium/model';
import { readDelimitedHead } from '../delimited/read-delimited.ts';
import { excelReader } from './read-excel.ts';

async function workbook(sheets: readonly SheetToWrite[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await writeWorkbook(sheets, { write: async (bytes) => void parts.push(bytes.slice()) });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const blank = (rows: number): CellToWrite[][] => Array.from({ length: rows }, () => []);
const columns = (...names: string[]) => names.map((header) => ({ header }));

const tracks: SheetToWrite = {
  name: 'Cells',
  titles: ['Tracked by hand', ''],
  columns: columns('', 'Track', 'Frame', 'X (µm)', 'Y (µm)', 'State', 'Area'),
  rows: [
    [undefined, 1, 0, 1.5, 2.5, 'up', 7],
    [undefined, 1, 1, 2.5, 2.5, 'up', undefined],
    ...blank(3000),
    [undefined, 2, 0, 9, 9, 'down', 1],
    [undefined, 2, 2, 9.5, 9, 'down', 2],
  ],
};

test('sheets with positions are sets; titles, empty columns and blank rows do not count', async () => {
  const bytes = await workbook([
    { name: 'Read me', columns: columns('About'), rows: [['A table of cells']] },
    tracks,
    {
      name: 'Second',
      columns: columns('t', 'x', 'y', 'z'),
      rows: [
        [0, 1, 1, 0],
        [1, 2, 2, 3],
      ],
    },
    {
      name: 'Genes',
      columns: columns('gene', 'count'),
      rows: [
        ['a', 1],
        ['b', 2],
      ],
    },
    { ...tracks, name: 'Hidden', hidden: true },
  ]);
  const { format, sets, counts, issues } = await readFiles({ 'a.xlsx': bytes });
  expect(format).toBe('excel');
  expect(sets.map(({ name, spaceUnit }) => [name, spaceUnit])).toEqual([
    ['Cells', 'micrometer'],
    ['Second', undefined],
  ]);
  expect(counts).toEqual([
    [4, 2, 2, 2, 3, 0, 0, 1],
    [2, 0, 0, 0, 2, 0, 0, 0],
  ]);
  expect(sets[0]!.objects.columns.map(({ name, type }) => [name, type])).toEqual([
    ['Track', 'int'],
    ['State', 'string'],
    ['Area', 'int'],
  ]);
  expect([...sets[0]!.objects.columns[2]!.missing!]).toEqual([0, 1, 0, 0]);
  expect(issues.map(({ code }) => code)).toContain('second-sheet');
  expect(issues.some(({ message }) => message.includes('Genes'))).toBe(false);
});

async function itemOf(bytes: Uint8Array): Promise<Item> {
  return (await findItems(treeOf({ 'a.xlsx': bytes })))[0]!;
}

test('a mapping, given or remembered by the shape of the header, goes before the guess', async () => {
  const item = await itemOf(
    await workbook([
      {
        name: 'S',
        columns: columns('when', 'left', 'top', 'who'),
        rows: [
          [3, 1, 2, 'a'],
          [4, 5, 6, 'a'],
        ],
      },
    ]),
  );
  const head = await readDelimitedHead(item);
  expect(head).toMatchObject({ sheet: 'S', rowCount: 2, hasHeader: true, guess: { confidence: 0 } });
  expect((await readTrackSets(excelReader, item)).issues.map(({ code }) => code)).toEqual(['no-position-columns']);
  const mapping = { x: 'left', y: 'top', frame: 'when', track: 'who' };
  for (const options of [{ mapping }, { mappings: { [head!.shapeKey]: mapping } }]) {
    const { sets } = await readTrackSets(excelReader, item, options);
    expect(countList(countTracks(sets[0]!.objects, sets[0]!.edges))).toEqual([2, 1, 1, 1, 2, 0, 0, 0]);
    expect([...sets[0]!.objects.x]).toEqual([1, 5]);
  }
  const { issues } = await readTrackSets(excelReader, item, { mapping: { x: 'nowhere', y: 'top' } });
  expect(issues.map(({ code }) => code)).toEqual(['mapping-column-unknown']);
});

test('a mapping goes for the sheets that have its columns, the others are read by their own', async () => {
  const item = await itemOf(
    await workbook([
      {
        name: 'Odd',
        columns: columns('when', 'left', 'top'),
        rows: [
          [3, 1, 2],
          [4, 5, 6],
        ],
      },
      {
        name: 'Usual',
        columns: columns('frame', 'x', 'y'),
        rows: [
          [0, 1, 2],
          [1, 5, 6],
        ],
      },
    ]),
  );
  const mapping = { x: 'left', y: 'top', frame: 'when' };
  const { sets } = await readTrackSets(excelReader, item, { mapping });
  expect(sets.map(({ name, objects }) => [name, objects.count])).toEqual([
    ['Odd', 2],
    ['Usual', 2],
  ]);
});

test('Icy track workbooks are read as .xlsx too, all sheets, with virtual detections', async () => {
  const sheet = (name: string, virtual: boolean): SheetToWrite => ({
    name,
    columns: [],
    freezeHeader: false,
    rows: [
      ['track #', 4],
      [undefined, undefined, 't', 'x', 'y', 'z', ...(virtual ? ['virtual'] : [])],
      [undefined, undefined, 0, 10, 20, 0, ...(virtual ? [0] : [])],
      [undefined, undefined, 1, 11, 21, 0, ...(virtual ? [1] : [])],
      [],
      ['track #', 5],
      [undefined, undefined, 't', 'x', 'y', 'z'],
      [undefined, undefined, 7, 1, 1, 0],
    ],
  });
  const { format, sets, counts, codes } = await readFiles({
    'a.xlsx': await workbook([sheet('Tracks', false), sheet('Tracks 2', true)]),
  });
  expect(format).toBe('icy-xls');
  expect(sets.map(({ name }) => name)).toEqual(['Tracks', 'Tracks 2']);
  expect(counts).toEqual([
    [3, 1, 1, 1, 3, 0, 0, 0],
    [3, 1, 1, 1, 3, 0, 0, 0],
  ]);
  expect(sets[1]!.objects.columns.find(({ name }) => name === 'virtual')!.values).toEqual(Uint8Array.of(0, 1, 0));
  expect(codes).toContain('virtual-detections');
});

test('a workbook that is none says so', async () => {
  const bytes = Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3);
  const entry = { path: 'a.xlsx', size: bytes.length, open: async () => memorySource('a.xlsx', bytes) };
  const item: Item = {
    path: 'a.xlsx',
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'excel',
    recognition: { score: 1, reason: '' },
  };
  expect((await readTrackSets(excelReader, item)).issues.map(({ code }) => code)).toEqual(['zip-not-an-archive']);
});

test('a workbook is known by its parts, wherever in the archive they stand', async () => {
  const parts: Uint8Array[] = [];
  const zip = zipWriter({ write: async (bytes) => void parts.push(bytes.slice()) });
  const noise = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251);
  await zip.add('docProps/thumbnail.jpeg', [noise]);
  const made = await openZip(memorySource('a.xlsx', await workbook([tracks])));
  for (const { path, open, size } of made.tree.entries) await zip.add(path, [await (await open()).read(0, size)]);
  await zip.finish();
  const { format, counts } = await readFiles({ 'a.bin': Uint8Array.from(parts.flatMap((part) => [...part])) });
  expect(format).toBe('excel');
  expect(counts).toEqual([[4, 2, 2, 2, 3, 0, 0, 1]]);
});
