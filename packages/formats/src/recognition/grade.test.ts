import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { fileTree } from '../bytes/file-tree.ts';
import { nativeWithoutExport } from './beside.ts';
import { type Candidate, gradeOf, takenCandidate } from './grade.ts';

const candidate = (format: Candidate['format'], score: number): Candidate => ({
  format,
  recognition: { score, reason: 'test' },
});

test('scores are graded in words', () => {
  expect([1, 0.9, 0.89, 0.5, 0.49, 0.05].map(gradeOf)).toEqual([
    'certain',
    'certain',
    'likely',
    'likely',
    'possible',
    'possible',
  ]);
});

test('what is only possible is not taken: the general kind is, with the guess beside it', () => {
  const [trackpy, table] = [candidate('trackpy', 0.4), candidate('delimited', 0.3)];
  expect(takenCandidate([trackpy, table])).toEqual({ taken: table, guess: trackpy });
  expect(takenCandidate([trackpy])).toEqual({ taken: undefined, guess: trackpy });
  expect(takenCandidate([candidate('trackpy', 0.6), table]).guess).toBeUndefined();
  expect(takenCandidate([table])).toEqual({ taken: table });
  expect(takenCandidate([])).toEqual({ taken: undefined });
});

test('a file of a commercial program wants a general export beside it', () => {
  const entry = (path: string) => ({ path, size: 1, open: async () => memorySource(path, new Uint8Array(1)) });
  const codes = (...paths: string[]) => {
    const tree = fileTree('', paths.map(entry));
    const native = tree.entries.find(({ path }) => path.endsWith('.ims'))!;
    return nativeWithoutExport(native, tree, 'ims', undefined).map(({ code, severity }) => [code, severity]);
  };
  const alone = [['native-without-export', 'warning']];
  expect(codes('a/cells.ims', 'a/other.csv')).toEqual(alone);
  expect(codes('a/cells.ims', 'b/cells.csv')).toEqual(alone);
  expect(codes('a/cells.ims', 'a/cells.ims.bak')).toEqual(alone);
  expect(codes('a/cells.ims', 'a/cells_Position.csv')).toEqual([]);
  expect(codes('a/cells.ims', 'a/cells.ome.tif')).toEqual([]);
  expect(codes('a/cells.ims', 'a/cells.ome.zarr/.zattrs')).toEqual([]);
});
