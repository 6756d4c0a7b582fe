import type { ColumnChunk } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';

/** A column of numbers, every row with a value. */
export interface PlainColumn {
  name: string;
  nullable: boolean;
  values: Float64Array | BigInt64Array;
}

/**
 * Writes a column chunk of 8-byte numbers as one uncompressed page of plain values, straight from their memory: the
 * form the library gives the same values, at the speed of a copy. Parquet is little-endian, as is every machine
 * JavaScript runs on today.
 */
export function writePlainChunk(writer: ByteWriter, { name, nullable, values }: PlainColumn): ColumnChunk {
  const start = writer.offset;
  const levels = nullable ? allPresent(values.length) : new Uint8Array(0);
  const size = levels.length + values.byteLength;
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: size,
    compressed_page_size: size,
    data_page_header_v2: {
      num_values: values.length,
      num_nulls: 0,
      num_rows: values.length,
      encoding: 'PLAIN',
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: false,
    },
  });
  writer.appendBytes(levels);
  writer.appendBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const length = BigInt(writer.offset - start);
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: values instanceof Float64Array ? 'DOUBLE' : 'INT64',
      encodings: nullable ? ['PLAIN', 'RLE'] : ['PLAIN'],
      path_in_schema: [name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(values.length),
      total_compressed_size: length,
      total_uncompressed_size: length,
      data_page_offset: BigInt(start),
      statistics: { ...bounds(values), null_count: 0n },
      encoding_stats: [{ page_type: 'DATA_PAGE_V2', encoding: 'PLAIN', count: 1 }],
    },
  };
}

/** Definition levels of a column without gaps: one run of ones, in the RLE/bit-packing hybrid. */
function allPresent(rows: number): Uint8Array {
  const bytes: number[] = [];
  let header = rows * 2;
  for (; header >= 128; header = Math.floor(header / 128)) bytes.push((header % 128) + 128);
  bytes.push(header, 1);
  return Uint8Array.from(bytes);
}

/** Smallest and largest value; NaN does not count, and zero gets the sign that keeps the bounds safe (Parquet format, Statistics). */
function bounds(values: Float64Array | BigInt64Array): { min_value?: number | bigint; max_value?: number | bigint } {
  if (values instanceof BigInt64Array) {
    let min = values[0]!;
    let max = min;
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return { min_value: min, max_value: max };
  }
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let numbers = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value <= min) min = value;
    if (value >= max) max = value;
    if (value === value) numbers++;
  }
  return numbers === 0 ? {} : { min_value: min === 0 ? -0 : min, max_value: max === 0 ? 0 : max };
}
