import { type Texts, textBytes, writeText } from '../texts.ts';
import {
  type Hdf5Column,
  type Hdf5ColumnType,
  type NumberKind,
  columnOffsets,
  putNumber,
  recordBytes,
} from '../../containers/hdf5/written-types.ts';
import type { Hdf5TableNode } from '../../containers/hdf5/write-hdf5.ts';

/** Where the values of a column come from: the number or text of a record, by its place among the records. */
export type CellSource =
  | { kind: 'number'; of(record: number): number }
  | { kind: 'text'; texts: Texts; row(record: number): number }
  | { kind: 'constant'; text: string };

/** A column of records with what it is filled from. */
export interface FilledColumn extends Hdf5Column {
  from: CellSource;
}

/** Width of a text column that holds all of these; one byte at least, as HDF5 has no text of none. */
export function textColumn(texts: Iterable<string>): Hdf5ColumnType {
  let bytes = 1;
  for (const text of texts) bytes = Math.max(bytes, textBytes(text));
  return { kind: 'string', bytes };
}

const blockBytes = 1 << 18;

/** Packs records a block at a time, column by column. */
export function* packRecords(columns: readonly FilledColumn[], size: number, count: number): Generator<Uint8Array> {
  const offsets = columnOffsets(columns);
  const room = Math.max(1, Math.floor(blockBytes / size));
  for (let first = 0; first < count; first += room) {
    const rows = Math.min(room, count - first);
    const block = new Uint8Array(rows * size);
    const view = new DataView(block.buffer);
    for (const [i, column] of columns.entries()) {
      const { from, type } = column;
      const at = offsets[i]!;
      if (from.kind === 'number') putNumbers(view, at, size, type.kind as NumberKind, from.of, first, rows);
      else if (from.kind === 'text')
        for (let row = 0; row < rows; row++) from.texts.write(from.row(first + row), block, at + row * size);
      else for (let row = 0; row < rows; row++) writeText(from.text, block, at + row * size);
    }
    yield block;
  }
}

function putNumbers(
  view: DataView,
  offset: number,
  size: number,
  kind: NumberKind,
  of: (record: number) => number,
  first: number,
  rows: number,
): void {
  if (kind === 'float64') for (let i = 0; i < rows; i++) view.setFloat64(offset + i * size, of(first + i), true);
  else for (let i = 0; i < rows; i++) putNumber(view, offset + i * size, kind, of(first + i));
}

/** A table of records that are packed when they are asked for. */
export function filledTable(columns: readonly FilledColumn[], rows: number, size?: number): Hdf5TableNode {
  const bytes = size ?? recordBytes(columns);
  return { columns, rows, recordBytes: bytes, records: () => packRecords(columns, bytes, rows) };
}

/** A table of few rows that are all at hand. */
export function smallTable(
  columns: readonly Hdf5Column[],
  rows: readonly (readonly (string | number)[])[],
  size?: number,
): Hdf5TableNode {
  const filled = columns.map((column, i): FilledColumn => {
    const cell = (row: number) => rows[row]![i]!;
    if (column.type.kind !== 'string') return { ...column, from: { kind: 'number', of: (row) => Number(cell(row)) } };
    const texts: Texts = {
      length: rows.length,
      at: (row) => String(cell(row)),
      bytesAt: (row) => textBytes(String(cell(row))),
      write: (row, target, at) => writeText(String(cell(row)), target, at),
    };
    return { ...column, from: { kind: 'text', texts, row: (row) => row } };
  });
  return filledTable(filled, rows.length, size);
}
