import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { openSqliteTable } from './open-sqlite.ts';
import { valueAt, varint } from './record.ts';
import { tableColumns } from './table-columns.ts';

const names = (statement: string) => tableColumns(statement)?.map(({ name, isRowid }) => (isRowid ? `${name}*` : name));

test('columns of a statement: quotes, comments, constraints, the number of the row', () => {
  expect(names('CREATE TABLE a (id INTEGER PRIMARY KEY, "x, y" FLOAT DEFAULT (1+(2)), [z z] INT, `q``q`)')).toEqual([
    'id*',
    'x, y',
    'z z',
    'q`q',
  ]);
  expect(names('CREATE TABLE "a(b" (t INTEGER NOT NULL, -- time, in frames\n id BIGINT, PRIMARY KEY (t, id))')).toEqual(
    ['t', 'id'],
  );
  expect(names('CREATE TABLE a (t INTEGER, /* , */ n TEXT, CONSTRAINT k PRIMARY KEY (t), CHECK (n <> ","))')).toEqual([
    't*',
    'n',
  ]);
  expect(names('CREATE TABLE a (id BIGINT PRIMARY KEY)')).toEqual(['id']);
  expect(names('CREATE TABLE a (id INTEGER PRIMARY KEY) WITHOUT ROWID')).toBeUndefined();
});

test('numbers of one to nine bytes, and values of every width', () => {
  expect(varint(Uint8Array.of(0x81, 0x00), 0)).toEqual({ value: 128, end: 2 });
  expect(varint(new Uint8Array(9).fill(0xff), 0)).toEqual({ value: -1, end: 9 });
  const place = (type: number, length: number) => ({ type, at: 0, end: length });
  expect(valueAt(place(3, 3), Uint8Array.of(0xff, 0xff, 0xfe), 'utf-8')).toBe(-2);
  expect(valueAt(place(5, 6), Uint8Array.of(0, 0, 1, 0, 0, 0), 'utf-8')).toBe(2 ** 24);
  expect(valueAt(place(6, 8), new Uint8Array(8).fill(0xff), 'utf-8')).toBe(-1);
  expect(valueAt(place(9, 0), new Uint8Array(0), 'utf-8')).toBe(1);
  expect(valueAt(place(15, 1), Uint8Array.of(65), 'utf-8')).toBe('A');
});

test('what is no database, or leads in circles, is a fault', async () => {
  await expect(openSqliteTable(memorySource('a', new Uint8Array(3)), 'a')).rejects.toThrow('does not begin');
  const bytes = new Uint8Array(1024);
  bytes.set(new TextEncoder().encode('SQLite format 3\0'));
  bytes[16] = 2;
  // Page 1 and page 2 are inner pages that name each other.
  bytes.set([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], 100);
  bytes.set([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 512);
  await expect(openSqliteTable(memorySource('a', bytes), 'a')).rejects.toThrow('used twice');
});
