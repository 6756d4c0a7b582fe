import type { ColumnChunk } from 'hyparquet';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { FileSinkWriter } from '../track-reader.ts';
import { writeNumbers } from './number-chunk.ts';
import { writeTexts } from './text-chunk.ts';

/** How a column is stored. `int64` values are given as numbers and must be whole. */
export type StoredType = 'int32' | 'int64' | 'double' | 'boolean' | 'string';

/** One column of a stored table. */
export interface StoredColumn {
  name: string;
  type: StoredType;
  /** May values be absent? */
  nullable: boolean;
}

/** Values for a run of rows; `missing` as in the model. */
export interface StoredValues {
  values: ArrayLike<number> | readonly string[];
  missing?: Uint8Array;
}

/** Rows of a row group: half a megabyte of a column in one run, and few megabytes in memory while it is written. */
export const groupRows = 65_536;

/** Fewest rows of a group of an object table: below it, the footer weighs more than the rows that need not be read. */
const leastGroupRows = 4096;

/**
 * Rows of a row group of an object table: about a 128th of the table, so that a viewer reads one time point and not a large
 * part of the set, while the footer stays small beside the rows.
 */
export function objectGroupRows(objects: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, objects / 128)));
  return Math.min(groupRows, Math.max(leastGroupRows, wanted));
}

/** Collects bytes until they are taken away; offsets go on counting. */
class TakenWriter extends ByteWriter {
  take(): Uint8Array {
    const bytes = new Uint8Array(this.buffer.slice(0, this.index));
    this.index = 0;
    return bytes;
  }
}

/** Writes one Parquet file as rows come, a row group at a time: memory is one row group and one encoded column. */
export class ParquetTableWriter {
  rows = 0;
  readonly columns: readonly StoredColumn[];
  private readonly file: FileSinkWriter;
  private readonly bytes = new TakenWriter(1 << 20);
  private readonly writer: ParquetWriter;
  private readonly buffers: RowBuffer[];
  private pending = 0;
  private flushed = 0;
  private readonly groupRows: number;

  /** @param rowsOfGroup rows of a row group, at most `groupRows` */
  constructor(
    file: FileSinkWriter,
    columns: readonly StoredColumn[],
    metadata: Readonly<Record<string, string>>,
    rowsOfGroup: number = groupRows,
  ) {
    this.file = file;
    this.groupRows = Math.min(groupRows, rowsOfGroup);
    this.columns = columns;
    this.buffers = columns.map((column) => new RowBuffer(column.type));
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)],
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: 'Micrarium',
    });
  }

  /** Appends `count` rows; one entry a column, in the order of the columns. */
  async append(count: number, values: readonly StoredValues[]): Promise<void> {
    for (let taken = 0; taken < count; ) {
      const part = Math.min(count - taken, this.groupRows - this.pending);
      for (let i = 0; i < this.buffers.length; i++) this.buffers[i]!.add(values[i]!, taken, part, this.pending);
      this.pending += part;
      taken += part;
      if (this.pending === this.groupRows) await this.flush();
    }
    this.rows += count;
  }

  /** Writes the last rows and the footer, and closes the file. */
  async close(): Promise<void> {
    await this.flush();
    this.writer.finish();
    await this.file.write(this.bytes.take());
    await this.file.close();
  }

  /** Writes the row group column by column, so that the encoded form of one column is all that is held besides the rows. */
  private async flush(): Promise<void> {
    const { pending: rows, bytes, writer } = this;
    if (rows === 0) return;
    const start = bytes.offset;
    const chunks: ColumnChunk[] = [];
    for (const [number, column] of this.columns.entries()) {
      chunks.push(this.writeChunk(column, this.buffers[number]!, rows));
      await this.file.write(bytes.take());
    }
    const total = chunks.reduce((sum, chunk) => sum + (chunk.meta_data?.total_uncompressed_size ?? 0n), 0n);
    writer.row_groups.push({
      columns: chunks,
      num_rows: BigInt(rows),
      total_byte_size: total,
      total_compressed_size: BigInt(bytes.offset - start),
    });
    writer.num_rows = BigInt(this.flushed + rows);
    this.flushed += rows;
    this.pending = 0;
  }

  private writeChunk(column: StoredColumn, buffer: RowBuffer, rows: number): ColumnChunk {
    const missing = buffer.takeMissing(rows);
    const { type } = column;
    if (type === 'string') return writeTexts(this.bytes, column, buffer.strings.slice(0, rows), missing);
    return writeNumbers(this.bytes, { ...column, type }, buffer.numbers.subarray(0, rows), missing);
  }
}

function schemaOf({ name, type, nullable }: StoredColumn): SchemaElement {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  switch (type) {
    case 'int32':
      return { name, type: 'INT32', repetition_type };
    case 'int64':
      return { name, type: 'INT64', repetition_type };
    case 'double':
      return { name, type: 'DOUBLE', repetition_type };
    case 'boolean':
      return { name, type: 'BOOLEAN', repetition_type };
    case 'string':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
  }
}

/** The rows of one column in the present row group. */
class RowBuffer {
  /** Grow up to the rows of a group: most tables are far smaller. */
  numbers: Float64Array;
  readonly strings: string[] = [];
  private readonly type: StoredType;
  private missing = new Uint8Array(1024);
  private anyMissing = false;

  constructor(type: StoredType) {
    this.type = type;
    this.numbers = new Float64Array(type === 'string' ? 0 : 1024);
  }

  add({ values, missing }: StoredValues, from: number, count: number, at: number): void {
    if (at + count > this.missing.length) this.grow(at + count);
    if (this.type === 'string')
      for (let i = 0; i < count; i++) this.strings[at + i] = (values as readonly string[])[from + i]!;
    else if (values instanceof Float64Array) this.numbers.set(values.subarray(from, from + count), at);
    else for (let i = 0; i < count; i++) this.numbers[at + i] = (values as ArrayLike<number>)[from + i]!;
    if (!missing) return;
    this.missing.set(missing.subarray(from, from + count), at);
    this.anyMissing = true;
  }

  /** Which rows of the group have no value, `undefined` for none; the buffer is clean for the next group. */
  takeMissing(rows: number): Uint8Array | undefined {
    if (!this.anyMissing) return undefined;
    this.anyMissing = false;
    const taken = this.missing.slice(0, rows);
    this.missing.fill(0);
    return taken.includes(1) ? taken : undefined;
  }

  private grow(rows: number): void {
    const capacity = Math.min(groupRows, Math.max(rows, this.missing.length * 2));
    const missing = new Uint8Array(capacity);
    missing.set(this.missing);
    this.missing = missing;
    if (this.type === 'string') return;
    const numbers = new Float64Array(capacity);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }
}
