import type { ColumnChunk } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { FileSinkWriter } from '../track-reader.ts';
import { writePlainChunk } from './plain-chunk.ts';

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

/** Rows of a row group: large enough to read in long runs, small enough to hold two of them in memory. */
export const groupRows = 131_072;

/** Collects bytes until they are taken away; offsets go on counting. */
class TakenWriter extends ByteWriter {
  take(): Uint8Array {
    const bytes = new Uint8Array(this.buffer.slice(0, this.index));
    this.index = 0;
    return bytes;
  }
}

/**
 * Writes one Parquet file as rows come, a row group at a time: memory is one row group. Pages are Snappy, except
 * numbers that do not repeat, which only cost time to compress.
 */
export class ParquetTableWriter {
  rows = 0;
  readonly columns: readonly StoredColumn[];
  private readonly file: FileSinkWriter;
  private readonly bytes = new TakenWriter(1 << 20);
  private readonly writer: ParquetWriter;
  private readonly buffers: RowBuffer[];
  private pending = 0;
  private flushed = 0;

  constructor(file: FileSinkWriter, columns: readonly StoredColumn[], metadata: Readonly<Record<string, string>>) {
    this.file = file;
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
      const part = Math.min(count - taken, groupRows - this.pending);
      for (let i = 0; i < this.buffers.length; i++) this.buffers[i]!.add(values[i]!, taken, part, this.pending);
      this.pending += part;
      taken += part;
      if (this.pending === groupRows) await this.flush();
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

  /** One column of the row group: numbers that do not repeat by ourselves, all else by the library, as a group of its own. */
  private writeChunk({ name, type, nullable }: StoredColumn, buffer: RowBuffer, rows: number): ColumnChunk {
    const plain = buffer.takePlain(rows);
    if (plain) return writePlainChunk(this.bytes, { name, nullable, values: plain });
    const { writer } = this;
    const data = buffer.take(rows);
    // Bounds of text help no query we make and are slow to find.
    writer.write({ columnData: [{ name, data, nullable, statistics: type !== 'string' }], rowGroupSize: rows });
    return writer.row_groups.pop()!.columns[0]!;
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
  private readonly type: StoredType;
  /** Grow up to the rows of a group: most tables are far smaller. */
  private numbers: Float64Array;
  private missing = new Uint8Array(1024);
  private readonly strings: string[] = [];
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

  /** The values, where they are numbers without gaps that seldom repeat; good until the next `add`. */
  takePlain(rows: number): Float64Array | BigInt64Array | undefined {
    if (this.anyMissing || (this.type !== 'double' && this.type !== 'int64') || repeats(this.numbers, rows))
      return undefined;
    return this.type === 'double' ? this.numbers.subarray(0, rows) : wideIntegers(this.numbers, rows);
  }

  /** The values of the row group as the library takes them, and a clean buffer for the next. */
  take(rows: number): ColumnSource['data'] {
    const data = this.anyMissing ? this.withGaps(rows) : this.whole(rows);
    if (this.anyMissing) this.missing.fill(0);
    this.anyMissing = false;
    return data;
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

  private whole(rows: number): ColumnSource['data'] {
    switch (this.type) {
      case 'double':
        return this.numbers.slice(0, rows);
      case 'int32':
        return Int32Array.from(this.numbers.subarray(0, rows));
      case 'int64':
        return wideIntegers(this.numbers, rows);
      case 'boolean':
        return Array.from(this.numbers.subarray(0, rows), (value) => value === 1);
      case 'string':
        return this.strings.slice(0, rows);
    }
  }

  private withGaps(rows: number): ColumnSource['data'] {
    const { missing } = this;
    const all = this.whole(rows);
    return Array.from({ length: rows }, (_, row) => (missing[row] === 1 ? null : all[row]));
  }
}

/** Whole numbers as 64-bit integers, by their halves: quicker than a BigInt each. */
function wideIntegers(values: Float64Array, rows: number): BigInt64Array {
  const wide = new BigInt64Array(rows);
  const halves = new Int32Array(wide.buffer);
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    halves[row * 2] = value;
    halves[row * 2 + 1] = Math.floor(value / 2 ** 32);
  }
  return wide;
}

/** Do values come again often enough for compression to pay? Looks at a sample. */
function repeats(values: Float64Array, rows: number): boolean {
  const sample = new Set<number>();
  const step = Math.max(1, Math.floor(rows / 512));
  let looked = 0;
  for (let row = 0; row < rows; row += step, looked++) sample.add(values[row]!);
  return sample.size < looked / 2;
}
