import { expect, it } from 'vitest';
import { tablePieces } from './reference-table.ts';

it('cuts a long table between lines, and names the columns in every piece', () => {
  const rows = Array.from({ length: 50 }, (_, at) => `raw/${at}.nd2,https://example.org/${at},${at},${'a'.repeat(64)}`);
  const pieces = tablePieces(['path,url,size,sha256', ...rows].join('\n'), 1000);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.every((piece) => piece.startsWith('path,url,size,sha256\n') && piece.length < 1200)).toBe(true);
  expect(pieces.flatMap((piece) => piece.split('\n').slice(1))).toEqual(rows);
  expect(tablePieces('path,url,size,sha256\na')).toEqual(['path,url,size,sha256\na']);
});
