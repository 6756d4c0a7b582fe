import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type ByteSource, InsideFault, fileTree, lookInside, memorySource } from '@micrarium/formats';
import { fileEntry, openFolder } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';
import { micrarium } from '../house/run-micrarium.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
if (!existsSync(data)) console.warn('shared/data is not here: tests/files/inside.test.ts checks nothing');

const first = { row: 0, rows: 3, column: 0, columns: 50, fixed: [] };

/** Opens one file and counts the bytes read of it. */
async function openFile(path: string) {
  const entry = await fileEntry(join(data, path), basename(path));
  let read = 0;
  const counted = {
    ...entry,
    async open(): Promise<ByteSource> {
      const source = await entry.open();
      return {
        name: source.name,
        size: source.size,
        async read(offset, length, signal) {
          const bytes = await source.read(offset, length, signal);
          read += bytes.length;
          return bytes;
        },
      };
    },
  };
  const file = await lookInside(fileTree('', [counted]));
  return { file, size: entry.size, read: () => read, close: () => entry.close?.() };
}

describe.runIf(existsSync(data))('a look inside', () => {
  it('a BD5 file: its tree, and a page of a table, with a small part of the file', async () => {
    const { file, size, read, close } = await openFile('bd5/081505_L1_bd5.h5');
    expect((await file.members('/')).nodes).toEqual([{ path: '/data', name: 'data', kind: 'group' }]);
    const members = await file.members('/data', 0, 12);
    expect(members.nodes.map(({ name }) => name)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect((await file.members('/data', members.total - 2)).nodes).toEqual([
      { path: '/data/scaleUnit', name: 'scaleUnit', kind: 'table', shape: [1], type: 'record of 7 columns' },
      expect.objectContaining({ name: 'trackInfo', kind: 'table' }),
    ]);
    const path = '/data/10/object/0';
    expect(await file.details(path)).toMatchObject({ kind: 'table', shape: [8], storage: 'contiguous', bytes: 512 });
    expect(await file.page(path, first)).toEqual({
      window: { row: 0, rows: 3, column: 0, columns: 8, fixed: [] },
      rowCount: 8,
      columnCount: 8,
      columnNames: ['ID', 't', 'entity', 'x', 'y', 'z', 'radius', 'label'],
      cells: [
        ['011001', '11', 'sphere', '366', '292', '10.5', '3.15', 'ABpl'],
        ['011002', '11', 'sphere', '162', '302', '12.5', '3.15', 'ABal'],
        ['011003', '11', 'sphere', '533', '287', '16.8', '2.88', 'P2'],
      ],
    });
    const last = await file.page(path, { ...first, row: 99, column: 7 });
    expect([last.window.row, last.columnNames, last.cells.length]).toEqual([7, ['label'], 1]);
    expect(read()).toBeLessThan(size / 4);
    await close();
  });

  it('a BD5 file of the numpy notebook: tables of shape (n,1) are n rows', async () => {
    const { file, close } = await openFile('bd5/sample_sphere_numpy_bd5.h5');
    const { window, rowCount, cells } = await file.page('/data/0/object/0', { ...first, row: 1 });
    expect([window.row, window.fixed, rowCount]).toEqual([1, [], 4]);
    expect(cells.map(([id]) => id)).toEqual(['000002', '000003', '000004']);
    await close();
  });

  it('an Imaris file: attributes as texts, a window of a stack', async () => {
    const { file, close } = await openFile('images/ims/Minimal_IMS_File.ims');
    const { attributes } = await file.details('/DataSetInfo/Image');
    expect(attributes.find(({ name }) => name === 'ExtMax0')).toMatchObject({ value: '10.000000000' });
    const path = '/DataSet/ResolutionLevel 0/TimePoint 0/Channel 0/Data';
    expect(await file.details(path)).toMatchObject({ type: 'uint16', chunk: [1, 128, 128], filters: ['gzip'] });
    const page = await file.page(path, { row: 126, rows: 9, column: 120, columns: 9, fixed: [7] });
    expect(page.window).toEqual({ row: 126, rows: 2, column: 120, columns: 8, fixed: [0] });
    expect([page.rowCount, page.columnCount, page.columnNames[0]]).toEqual([128, 128, '120']);
    expect(page.cells.map((row) => row.length)).toEqual([8, 8]);
    await close();
  });

  it('Zarr of both versions, in a folder', async () => {
    const geff = await lookInside(await openFolder(join(data, 'tracks/geff/ctc_hela_example.geff')));
    expect([geff.format, geff.version]).toEqual(['zarr', '2']);
    expect((await geff.members('/')).nodes.map(({ name, kind }) => [name, kind])).toEqual([
      ['edges', 'group'],
      ['nodes', 'group'],
    ]);
    expect((await geff.details('/')).attributes.map(({ name }) => name)).toContain('geff');
    expect(await geff.page('/nodes/props/x/values', first)).toMatchObject({
      rowCount: 8639,
      cells: [['463.0488431876607'], ['169'], ['191.62910798122067']],
    });
    const three = await lookInside(await openFolder(join(data, 'images/zarr-v3/1d.chunked.compressed.sharded.i2')));
    expect([three.version, (await three.details('/')).type]).toEqual(['3', 'int16']);
    expect((await three.page('/', first)).cells).toEqual([['1'], ['2'], ['3']]);
  });

  it('what is neither is told, and so is a path that leads nowhere', async () => {
    const bytes = new TextEncoder().encode('nothing of the kind');
    const entry = { path: 'a.h5', size: bytes.length, open: async () => memorySource('a.h5', bytes) };
    await expect(lookInside(fileTree('', [entry]))).rejects.toBeInstanceOf(InsideFault);
    const { file, close } = await openFile('bd5/sample_face_bd5.h5');
    await expect(file.details('/nowhere')).rejects.toThrow(/nothing at \/nowhere/);
    await expect(file.page('/data', first)).rejects.toThrow(/holds no values/);
    await close();
  });

  it('the command line shows the same', async () => {
    const path = join(data, 'bd5/081505_L1_bd5.h5');
    const { code, stdout } = await micrarium(['look', path, 'data/10/object/0', '--rows', '1']);
    expect([code, stdout]).toEqual([
      0,
      [
        '/data/10/object/0  8 record of 8 columns  (HDF5, superblock 0)',
        '       ID   t  entity    x    y     z  radius  label',
        '0  011001  11  sphere  366  292  10.5    3.15   ABpl',
        '… 7 more rows (--from 1)',
        '',
      ].join('\n'),
    ]);
    const json = JSON.parse((await micrarium(['look', path, '--json'])).stdout) as unknown;
    expect(json).toMatchObject({ format: 'hdf5', details: { kind: 'group' }, members: [{ name: 'data' }] });
    const none = await micrarium(['look', join(data, 'bd5/SOURCES.md')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('neither HDF5 nor Zarr')]);
    expect((await micrarium(['look'])).code).toBe(2);
  });
});
