import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../bytes/file-tree.ts';
import { InsideFault, boxOf, countsOf, fittingWindow, naturalOrder } from './inside-file.ts';
import { insideNames, lookInside } from './look-inside.ts';
import { cut, writtenFloat, writtenValue } from './written-value.ts';

const window = { row: 0, rows: 10, column: 0, columns: 10, fixed: [] };

function treeOf(files: Record<string, string | Uint8Array>): FileTree {
  return fileTree(
    'a.zarr',
    Object.entries(files).map(([path, content]) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
    }),
  );
}

test('a window that was asked for is always inside the values', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 2000 }), fc.constant(Number.NaN));
  const asked = fc.record({ row: number, rows: number, column: number, columns: number, fixed: fc.array(number) });
  const shape = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 5 });
  fc.assert(
    fc.property(
      shape,
      asked,
      fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      (lengths, wanted, columns) => {
        const fitted = fittingWindow(lengths, columns, wanted);
        const { rowCount, columnCount } = countsOf(lengths, columns);
        expect(fitted.row + fitted.rows).toBeLessThanOrEqual(rowCount);
        expect(fitted.column + fitted.columns).toBeLessThanOrEqual(columnCount);
        expect(fitted.rows * fitted.columns).toBeLessThanOrEqual(50_000);
        const box = boxOf(lengths, columns !== undefined, fitted);
        expect(box.start.length).toBe(lengths.length);
        for (const [axis, length] of lengths.entries())
          expect(box.start[axis]! + box.count[axis]!).toBeLessThanOrEqual(length);
      },
    ),
  );
});

test('the rows of a table run along its axis that is not of length 1, as those of shape (n,1) in BD5 files', () => {
  const page = (shape: number[], columns?: number) => {
    const fitted = fittingWindow(shape, columns, { ...window, row: 4, rows: 3 });
    return {
      rows: countsOf(shape, columns).rowCount,
      fixed: fitted.fixed,
      box: boxOf(shape, columns !== undefined, fitted),
    };
  };
  expect(page([9, 1], 5)).toEqual({ rows: 9, fixed: [], box: { start: [4, 0], count: [3, 1] } });
  expect(page([9], 5)).toEqual({ rows: 9, fixed: [], box: { start: [4], count: [3] } });
  expect(page([1, 9, 1], 5)).toEqual({ rows: 9, fixed: [0], box: { start: [0, 4, 0], count: [1, 3, 1] } });
  expect(page([2, 9], 5)).toEqual({ rows: 9, fixed: [0], box: { start: [0, 4], count: [1, 3] } });
  expect(page([1, 1], 5)).toEqual({ rows: 1, fixed: [0], box: { start: [0, 0], count: [1, 1] } });
  // An array of one column has its rows there already.
  expect(page([9, 1])).toEqual({ rows: 9, fixed: [], box: { start: [4, 0], count: [3, 1] } });
});

test('numbers are written in the digits they were stored with', () => {
  expect([0.1, 3.15, 1e30, -2.5].map((value) => writtenFloat(Math.fround(value), 4))).toEqual([
    '0.1',
    '3.15',
    '1e+30',
    '-2.5',
  ]);
  expect([writtenFloat(0.1 + 0.2, 8), writtenFloat(Number.NaN, 4), writtenFloat(-Infinity, 8)]).toEqual([
    '0.30000000000000004',
    'NaN',
    '-∞',
  ]);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(Number(writtenFloat(value, 4)))).toBe(value === 0 ? Number(writtenFloat(value, 4)) : value);
    }),
  );
});

test('values of any kind are one line', () => {
  expect(writtenValue([1, [2n, 'a'], true])).toBe('[1, [2, a], true]');
  expect(writtenValue({ x: 1, y: 'b' })).toBe('{x: 1, y: b}');
  expect(writtenValue(Uint8Array.from([1, 255]))).toBe('01 ff');
  expect(cut('a\nb\u0000c', 4)).toBe('a b …');
  expect(writtenValue(Array.from({ length: 100_000 }, (_, n) => n)).length).toBeLessThan(5000);
});

test('names with numbers stand in the order of the numbers', () => {
  expect(['10', '9', 'b', 'a', '1'].sort(naturalOrder)).toEqual(['1', '9', '10', 'a', 'b']);
  expect(['a.h5', 'b.IMS', 'c.ozx', 'd.tif', 'e.h5.txt'].map((name) => insideNames.test(name))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

const array = {
  zarr_format: 2,
  shape: [3, 2],
  chunks: [3, 2],
  dtype: '<i2',
  compressor: null,
  fill_value: 0,
  order: 'C',
  filters: null,
};

test('a Zarr hierarchy: groups, arrays, attributes and values', async () => {
  const file = await lookInside(
    treeOf({
      '.zgroup': '{"zarr_format":2}',
      '.zattrs': '{"title":"film","sizes":[1,2]}',
      '10/.zarray': JSON.stringify(array),
      '10/0.0': new Uint8Array(Int16Array.from([1, 2, 3, 4, 5, -6]).buffer),
      '9/.zarray': '{broken',
      'deep/er/.zgroup': '{"zarr_format":2}',
    }),
  );
  expect((await file.members('/')).nodes).toEqual([
    { path: '/9', name: '9', kind: 'unreadable', note: expect.stringContaining('no JSON') },
    { path: '/10', name: '10', kind: 'array', shape: [3, 2], type: '<i2' },
    { path: '/deep', name: 'deep', kind: 'group' },
  ]);
  expect((await file.members('/deep')).nodes).toEqual([{ path: '/deep/er', name: 'er', kind: 'group' }]);
  expect((await file.details('/')).attributes.map(({ name, value }) => [name, value])).toEqual([
    ['title', 'film'],
    ['sizes', '[1,2]'],
  ]);
  expect(await file.page('/10', { ...window, row: 1 })).toEqual({
    window: { row: 1, rows: 2, column: 0, columns: 2, fixed: [] },
    rowCount: 3,
    columnCount: 2,
    columnNames: ['0', '1'],
    cells: [
      ['3', '4'],
      ['5', '-6'],
    ],
  });
  await expect(file.details('/none')).rejects.toBeInstanceOf(InsideFault);
});

test('an array alone, one folder down, and what is neither', async () => {
  const files = {
    'x/.zarray': JSON.stringify({ ...array, shape: [2], chunks: [2] }),
    'x/0': new Uint8Array([7, 0, 8, 0]),
  };
  const file = await lookInside(treeOf(files));
  expect((await file.page('/', window)).cells).toEqual([['7'], ['8']]);
  await expect(lookInside(treeOf({ 'a.txt': 'x', 'b.txt': 'y' }))).rejects.toThrow(/neither HDF5 nor Zarr/);
});
