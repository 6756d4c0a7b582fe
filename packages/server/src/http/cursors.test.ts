import { expect, test } from 'vitest';
import { nextCursor, pageOf, readCursor, signCursors, writeCursor } from './cursors.ts';

test('a cursor holds its place; of another making, changed, cut or of another installation it is none', () => {
  signCursors(() => 'one installation');
  const place = 'files/あ b/10.tif';
  const cursor = writeCursor(place);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(readCursor(cursor)).toBe(place);
  expect(readCursor(undefined)).toBeUndefined();
  const bare = Buffer.from(place).toString('base64url');
  const last = cursor.at(-1) === 'A' ? 'B' : 'A';
  for (const wrong of [
    '',
    'x',
    bare,
    `${cursor}A`,
    cursor.slice(0, -1),
    `${cursor.slice(0, -1)}${last}`,
    `A${cursor.slice(1)}x`,
    `${cursor.slice(0, 16)}${Buffer.from('other').toString('base64url')}`,
    'あ'.repeat(20),
  ])
    expect(() => readCursor(wrong), wrong).toThrow(expect.objectContaining({ code: 'cursor-invalid' }));
  signCursors(() => 'another installation');
  expect(() => readCursor(cursor)).toThrow(expect.objectContaining({ code: 'cursor-invalid' }));
});

test('a list goes on after its last entry, and ends with a page that is not full', () => {
  signCursors(() => 'one installation');
  const rows = ['a', 'b', 'c'];
  const next = nextCursor(rows, 3, (row) => row)!;
  expect(pageOf({ cursor: next, limit: 1000 })).toEqual({ after: 'c', limit: 1000 });
  expect(nextCursor(rows, 4, (row) => row)).toBeNull();
  expect(pageOf({})).toEqual({ limit: 100 });
});
