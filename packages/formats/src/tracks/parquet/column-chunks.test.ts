import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { openParquet } from './open-table.ts';
import { encodeRuns } from './runs.ts';
import { groupRows, ParquetTableWriter, type StoredColumn, type StoredValues } from './table-writer.ts';

test('runs and packed groups are read again by another decoder', () => {
  const runs = fc.array(fc.tuple(fc.nat({ max: 4000 }), fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
  fc.assert(
    fc.property(runs, (parts) => {
      const values = Uint32Array.from(parts.flatMap(([value, times]) => Array.from({ length: times }, () => value)));
      const bytes = encodeRuns(values, values.length, 12);
      const again = Array.from(values, () => -1);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      readRleBitPackedHybrid({ view, offset: 0 }, 12, again, bytes.length);
      expect(again).toEqual([...values]);
    }),
  );
});

/** Writes a table of one column and reads the column again; `undefined` for absent. */
async function written(column: StoredColumn, values: StoredValues, count: number) {
  const sink = memorySink();
  const table = new ParquetTableWriter(await sink.create('t.parquet'), [column], {});
  await table.append(count, [values]);
  await table.close();
  const bytes = sink.files.get('t.parquet')!;
  const opened = await openParquet(memorySource('t', bytes));
  const read: unknown[] = [];
  for (const { start, end } of opened.runs) {
    const { values: part, missing } = await opened.read(column.name, start, end);
    for (let row = 0; row < end - start; row++) read.push(missing?.[row] === 1 ? undefined : part[row]);
  }
  return { read, bytes: bytes.length };
}

test('texts that come again take little room, texts that do not are kept in pages, gaps stay gaps', async () => {
  const count = groupRows + 5000;
  const few = Array.from({ length: count }, (_, row) => `class ${row % 7} é`);
  const many = Array.from({ length: count }, (_, row) => `${row}-${'細胞'.repeat(row % 9)}`);
  const missing = Uint8Array.from({ length: count }, (_, row) => Number(row % 11 === 3));
  const column = { name: 'label', type: 'string', nullable: true } as const;
  for (const values of [few, many]) {
    const { read } = await written(column, { values, missing }, count);
    expect(read).toEqual(values.map((value, row) => (missing[row] === 1 ? undefined : value)));
  }
  expect((await written(column, { values: few }, count)).bytes).toBeLessThan(count / 2);
});

test('numbers keep every bit: NaN, both zeros, the largest whole numbers, repeated or not', async () => {
  const special = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, -1.5, 2 ** 53 - 1];
  const doubles = Float64Array.from({ length: 3000 }, (_, row) => special[row % special.length]!);
  const { read } = await written({ name: 'v', type: 'double', nullable: false }, { values: doubles }, 3000);
  expect(read.every((value, row) => Object.is(value, doubles[row]))).toBe(true);
  for (const distinct of [5, 3000]) {
    const whole = Float64Array.from({ length: 3000 }, (_, row) => (row % distinct) * 3e12 - 2 ** 52);
    const column = { name: 'v', type: 'int64', nullable: true } as const;
    expect((await written(column, { values: whole }, 3000)).read.map(Number)).toEqual([...whole]);
  }
});

test('a column without any value is a column', async () => {
  for (const type of ['int32', 'double', 'boolean', 'string'] as const) {
    const values = type === 'string' ? ['', ''] : new Float64Array(2);
    const { read } = await written({ name: 'v', type, nullable: true }, { values, missing: Uint8Array.of(1, 1) }, 2);
    expect(read).toEqual([undefined, undefined]);
  }
});
