import { type Hdf5Column, type Hdf5ColumnType, type Hdf5TableNode, columnBytes, recordBytes } from './hdf5-writer.ts';

const encoder = new TextEncoder();

/** Bytes a text takes in UTF-8. */
export function textBytes(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return encoder.encode(text).length;
  return text.length;
}

/** Width of a text column that holds all of these; one byte at least, as HDF5 has no text of none. */
export function textColumn(texts: Iterable<string>): Hdf5ColumnType {
  let bytes = 1;
  for (const text of texts) bytes = Math.max(bytes, textBytes(text));
  return { kind: 'string', bytes };
}

/** Records of a table, packed a block at a time from a function that gives the value of each cell. */
export class RecordPacker {
  private readonly columns: readonly Hdf5Column[];
  private readonly size: number;

  constructor(columns: readonly Hdf5Column[]) {
    this.columns = columns;
    this.size = recordBytes(columns);
  }

  /** Packs rows as they come; each gives its cells in the order of the columns. `count` is how many come. */
  *pack(rows: Iterable<readonly (string | number)[]>, count: number): Generator<Uint8Array> {
    const room = Math.max(1, Math.min(count, Math.floor((1 << 18) / this.size)));
    let block = new Uint8Array(room * this.size);
    let view = new DataView(block.buffer);
    let used = 0;
    for (const cells of rows) {
      let at = used * this.size;
      for (const [i, { type }] of this.columns.entries()) {
        if (type.kind === 'string') encoder.encodeInto(cells[i] as string, block.subarray(at, at + type.bytes));
        else if (type.kind === 'float64') view.setFloat64(at, cells[i] as number, true);
        else view.setInt32(at, cells[i] as number, true);
        at += columnBytes(type);
      }
      if (++used < room) continue;
      yield block;
      block = new Uint8Array(room * this.size);
      view = new DataView(block.buffer);
      used = 0;
    }
    if (used > 0) yield block.subarray(0, used * this.size);
  }
}

/** A table of few rows that are all at hand. */
export function smallTableNode(
  columns: readonly Hdf5Column[],
  rows: readonly (readonly (string | number)[])[],
): Hdf5TableNode {
  return { columns, rows: rows.length, records: () => new RecordPacker(columns).pack(rows, rows.length) };
}
