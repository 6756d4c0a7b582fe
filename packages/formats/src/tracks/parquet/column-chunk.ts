import type { ColumnChunk, CompressionCodec, Encoding, ParquetType } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { encodeRuns } from './runs.ts';

/** Smallest and largest value, as the footer keeps them. */
export interface Bounds {
  min_value?: number | bigint;
  max_value?: number | bigint;
}

/** Values of a page, encoded, and the rows they belong to. */
export interface PageBody {
  rows: number;
  /** 1 where a row has no value; left out where all have one. */
  missing?: Uint8Array;
  body: Uint8Array;
}

/** What is the same for all pages of a column chunk. */
export interface ChunkKind {
  name: string;
  type: ParquetType;
  nullable: boolean;
  codec: Extract<CompressionCodec, 'UNCOMPRESSED' | 'SNAPPY'>;
  encoding: Extract<Encoding, 'PLAIN' | 'RLE' | 'RLE_DICTIONARY'>;
}

/**
 * Writes a column chunk page by page (data pages of version 2), from bodies encoded already, so that no value becomes
 * an object on the way: a row group of a million small objects makes the heap grow for good.
 */
export class ChunkWriter {
  private readonly writer: ByteWriter;
  private readonly kind: ChunkKind;
  private readonly start: number;
  private dictionaryAt: number | undefined;
  private dataAt: number | undefined;
  private rows = 0;
  private nulls = 0;
  private pages = 0;
  private saved = 0;

  constructor(writer: ByteWriter, kind: ChunkKind) {
    this.writer = writer;
    this.kind = kind;
    this.start = writer.offset;
  }

  /** Writes the dictionary, before any page of indices. */
  dictionary(values: Uint8Array, count: number): void {
    this.dictionaryAt = this.writer.offset;
    const stored = this.compressed(values);
    writePageHeader(this.writer, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: values.length,
      compressed_page_size: stored.length,
      dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
    });
    this.writer.appendBytes(stored);
  }

  page({ rows, missing, body }: PageBody): void {
    const { writer, kind } = this;
    const nulls = missing ? ones(missing, rows) : 0;
    const levels = kind.nullable ? definitionLevels(rows, missing) : new Uint8Array(0);
    const stored = this.compressed(body);
    this.dataAt ??= writer.offset;
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: levels.length + body.length,
      compressed_page_size: levels.length + stored.length,
      data_page_header_v2: {
        num_values: rows,
        num_nulls: nulls,
        num_rows: rows,
        encoding: kind.encoding,
        definition_levels_byte_length: levels.length,
        repetition_levels_byte_length: 0,
        is_compressed: kind.codec !== 'UNCOMPRESSED',
      },
    });
    writer.appendBytes(levels);
    writer.appendBytes(stored);
    this.rows += rows;
    this.nulls += nulls;
    this.pages++;
  }

  /** The entry of the footer. */
  finish(bounds: Bounds): ColumnChunk {
    const { kind, start, dictionaryAt } = this;
    const length = this.writer.offset - start;
    const levels: Encoding[] = kind.nullable || kind.encoding !== 'PLAIN' ? ['RLE'] : [];
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: kind.type,
        encodings: [...new Set([...(dictionaryAt === undefined ? [] : ['PLAIN' as const]), kind.encoding, ...levels])],
        path_in_schema: [kind.name],
        codec: kind.codec,
        num_values: BigInt(this.rows),
        total_compressed_size: BigInt(length),
        total_uncompressed_size: BigInt(length + this.saved),
        data_page_offset: BigInt(this.dataAt ?? start),
        ...(dictionaryAt === undefined ? {} : { dictionary_page_offset: BigInt(dictionaryAt) }),
        statistics: { ...bounds, null_count: BigInt(this.nulls) },
        encoding_stats: [
          ...(dictionaryAt === undefined
            ? []
            : [{ page_type: 'DICTIONARY_PAGE' as const, encoding: 'PLAIN' as const, count: 1 }]),
          { page_type: 'DATA_PAGE_V2', encoding: kind.encoding, count: this.pages },
        ],
      },
    };
  }

  private compressed(bytes: Uint8Array): Uint8Array {
    if (this.kind.codec === 'UNCOMPRESSED') return bytes;
    const stored = snappyCompress(bytes);
    this.saved += bytes.length - stored.length;
    return stored;
  }
}

/** 1 for a row with a value, 0 for one without, as runs. */
function definitionLevels(rows: number, missing: Uint8Array | undefined): Uint8Array {
  const levels = new Uint8Array(rows).fill(1);
  if (missing) for (let row = 0; row < rows; row++) levels[row] = missing[row] === 1 ? 0 : 1;
  return encodeRuns(levels, rows, 1);
}

function ones(bytes: Uint8Array, count: number): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (bytes[i] === 1) found++;
  return found;
}
