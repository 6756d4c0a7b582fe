import { describe, expect, it } from 'vitest';
import type { DraftItem } from './draft.ts';
import type { ShelfItem } from './file-shelf.ts';
import { progressOf, rowsOf } from './item-row.ts';
import type { Sending } from './upload-queue.ts';

const local = (path: string, files = [path]): ShelfItem => ({
  path,
  files,
  bytes: 10,
  format: 'trackmate',
  state: 'read',
  progress: 1,
});
const server = (path: string, files = [path]): DraftItem => ({
  id: path,
  path,
  files,
  format: 'tiff',
  kind: 'image',
  trackSets: [],
  images: [],
  issues: [],
  conversions: [],
});
const sending = (path: string, phase: Sending['phase'], sent = 0): [string, Sending] => [
  path,
  { path, size: 10, phase, sent, stored: 0 },
];

describe('lines of the list of files', () => {
  it('are each item once, whoever knows it', () => {
    const rows = rowsOf(
      [local('b.xml')],
      [server('b.xml'), server('a.tif')],
      new Map([sending('a.tif', 'stored'), sending('c.bin', 'waiting')]),
    );
    expect(rows.map(({ path, local: here, server: there }) => [path, Boolean(here), Boolean(there)])).toEqual([
      ['a.tif', false, true],
      ['b.xml', true, true],
      ['c.bin', false, false],
    ]);
  });

  it('have a size when that of each of their files is listed, and none before', () => {
    const items = [server('a.tif'), server('s', ['s/1', 's/2'])];
    const sizes = (...files: [string, Sending][]) => rowsOf([], items, new Map(files)).map(({ bytes }) => bytes);
    expect(sizes()).toEqual([undefined, undefined]);
    expect(sizes(sending('a.tif', 'verified'), sending('s/1', 'verified'))).toEqual([10, undefined]);
    expect(sizes(sending('a.tif', 'verified'), sending('s/1', 'verified'), sending('s/2', 'stored'))).toEqual([10, 20]);
  });

  it('stand where their least advanced file stands', () => {
    const files = new Map([sending('s/1', 'verified', 10), sending('s/2', 'sending', 5)]);
    const [row] = rowsOf([{ ...local('s', ['s/1', 's/2']), bytes: 20 }], [], files);
    expect(progressOf(row!, files)).toEqual({ phase: 'sending', sent: 0.75 });
    expect(progressOf({ path: 'x', files: ['x'], bytes: 0 }, files)).toEqual({ sent: 0 });
  });
});
