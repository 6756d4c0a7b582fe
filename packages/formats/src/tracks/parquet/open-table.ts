import type { Column, ColumnDescription } from '@micrarium/model';
import {
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  type Statistics,
} from 'hyparquet';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { checkPages } from './check-pages.ts';

/** The file is no Parquet we can read; the message says why. The reader turns it into an issue. */
export class ParquetFormatError extends Error {
  override readonly name = 'ParquetFormatError';
  readonly tooManyRows: boolean;

  constructor(message: string, tooManyRows = false, options?: ErrorOptions) {
    super(message, options);
    this.tooManyRows = tooManyRows;
  }
}

/** Rows decoded at a time. */
const rowsAtATime = 131_072;
/** Runs of equal values take almost no room, but even then a column chunk has a header for every row group. */
const mostRowsPerByte = 512;

/** A row group: its rows, and where each of its columns lies in the file. */
export interface ParquetGroup {
  start: number;
  end: number;
  columns: ReadonlyMap<string, ParquetChunk>;
}

/** The values of one column in one row group. */
export interface ParquetChunk {
  /** Bytes of the file, the end not included. */
  from: number;
  to: number;
  /** Smallest and largest value, where the file says so of a column of numbers; NaN is in neither. */
  bounds?: readonly [number, number];
}

/** A Parquet file, open for reading by runs of rows. */
export interface ParquetTable {
  rows: number;
  /** Columns with plain values, in order. */
  columns: ColumnDescription[];
  /** Names of columns with nested or binary values. */
  nested: string[];
  metadata: ReadonlyMap<string, string>;
  /** Runs of rows to read, in order; each lies within one row group. */
  runs: readonly { start: number; end: number }[];
  /** The row groups, in order: what has to be fetched for which rows. */
  groups: readonly ParquetGroup[];
  /** Values of one column in a run. */
  read(column: string, start: number, end: number): Promise<Pick<Column, 'values' | 'missing'>>;
}

/** Bytes read from the end of a file at first: enough for most footers, and little beside the file. A longer footer takes a second read. */
const footerGuess = (size: number) => Math.min(1 << 19, Math.max(1 << 15, Math.ceil(size / 256)));

/** Opens a Parquet file; throws `ParquetFormatError` for what is none. */
export async function openParquet(source: ByteSource, signal?: AbortSignal): Promise<ParquetTable> {
  /** The column chunk checked last: it is decoded right after, and need not be read twice. */
  let held: { start: number; bytes: Uint8Array } | undefined;
  const file: AsyncBuffer = {
    byteLength: source.size,
    async slice(start, end = source.size) {
      if (held && start >= held.start && end <= held.start + held.bytes.length)
        return held.bytes.slice(start - held.start, end - held.start).buffer as ArrayBuffer;
      const bytes = await source.read(start, end - start, signal);
      const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
      return (whole ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
    },
  };
  const metadata = await guarded(() => parquetMetadataAsync(file, { initialFetchSize: footerGuess(source.size) }));
  const rows = checkedRows(metadata, source.size);
  const { plain, nested } = columnsOf(metadata);
  // Ten megabytes of memory that only Parquet needs.
  const { compressors } = await import('hyparquet-compressors');
  const scan = await guarded(() => parquetScan({ file, metadata, compressors }));
  const checked = new Set<string>();
  const check = async (column: string, row: number) => {
    const found = chunkAt(metadata, column, row);
    if (!found || checked.has(found.key)) return;
    held = undefined;
    held = { start: found.start, bytes: new Uint8Array(await file.slice(found.start, found.end)) };
    checkPages(held.bytes, found.chunk, metadata.schema.find(({ name }) => name === column)!, compressors);
    checked.add(found.key);
  };
  const types = new Map(plain.map(({ name, type }) => [name, type]));
  return {
    rows,
    columns: plain,
    nested,
    metadata: new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? ''])),
    runs: runsOf(scan.ranges),
    groups: groupsOf(metadata),
    read: (column, rowStart, rowEnd) =>
      guarded(async () => {
        await check(column, rowStart);
        const data = await scan.readColumn({ column, rowStart, rowEnd });
        if (data.length !== rowEnd - rowStart) throw new Error(`column ${column} has ${data.length} values in a run`);
        return valuesOf(data, types.get(column)!);
      }),
  };
}

/** Whatever goes wrong inside the decoder is a fault of the file, except an aborted read or a failing disk. */
async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ParquetFormatError) throw error;
    if (error instanceof Error && (error.name === 'AbortError' || error.name === 'ByteSourceError')) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ParquetFormatError(message, false, { cause: error });
  }
}

function checkedRows(metadata: FileMetaData, size: number): number {
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!Number.isSafeInteger(rows) || rows < 0 || rows > size * mostRowsPerByte)
    throw new ParquetFormatError(`the file announces ${metadata.num_rows} rows in ${size} bytes`, true);
  if (inGroups !== rows) throw new ParquetFormatError(`row groups hold ${inGroups} rows, the file announces ${rows}`);
  for (const group of metadata.row_groups)
    for (const { meta_data: chunk } of group.columns)
      if (chunk && (Number(chunk.total_compressed_size) > size || Number(chunk.num_values) > size * mostRowsPerByte))
        throw new ParquetFormatError('a column claims to be larger than the file', true);
  return rows;
}

/** The column chunk that holds a row, and where it lies. */
function chunkAt(metadata: FileMetaData, column: string, row: number) {
  let first = 0;
  for (const [number, group] of metadata.row_groups.entries()) {
    const rows = Number(group.num_rows);
    if (row < first + rows) {
      const chunk = group.columns.find((one) => one.meta_data?.path_in_schema[0] === column)?.meta_data;
      if (!chunk) throw new Error(`column ${column} is missing in a row group`);
      const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      return { key: `${number} ${column}`, chunk, start, end: start + Number(chunk.total_compressed_size) };
    }
    first += rows;
  }
  return undefined;
}

function groupsOf(metadata: FileMetaData): ParquetGroup[] {
  let start = 0;
  return metadata.row_groups.map((group) => {
    const columns = new Map<string, ParquetChunk>();
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk || chunk.path_in_schema.length !== 1) continue;
      const from = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      const bounds = boundsOf(chunk.statistics);
      columns.set(chunk.path_in_schema[0]!, {
        from,
        to: from + Number(chunk.total_compressed_size),
        ...(bounds ? { bounds } : {}),
      });
    }
    const end = start + Number(group.num_rows);
    const made = { start, end, columns };
    start = end;
    return made;
  });
}

function boundsOf(statistics: Statistics | undefined): [number, number] | undefined {
  const ends = [statistics?.min_value ?? statistics?.min, statistics?.max_value ?? statistics?.max].map((end) =>
    typeof end === 'number' || typeof end === 'bigint' ? Number(end) : Number.NaN,
  );
  return ends.some(Number.isNaN) ? undefined : [ends[0]!, ends[1]!];
}

function columnsOf(metadata: FileMetaData): { plain: ColumnDescription[]; nested: string[] } {
  const plain: ColumnDescription[] = [];
  const nested: string[] = [];
  const { schema } = metadata;
  for (let at = 1; at < schema.length; ) {
    const element = schema[at]!;
    const text = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
    const type = element.repetition_type === 'REPEATED' ? undefined : typeOf(element.type, text);
    if (element.num_children || type === undefined || otherMeaning(element.converted_type)) nested.push(element.name);
    else plain.push({ name: element.name, type });
    at = afterElement(schema, at);
  }
  return { plain, nested };
}

function afterElement(schema: FileMetaData['schema'], start: number): number {
  let open = 1;
  let at = start;
  for (; open > 0 && at < schema.length; at++) open += (schema[at]!.num_children ?? 0) - 1;
  return at;
}

function typeOf(type: string | undefined, text: boolean): ColumnDescription['type'] | undefined {
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
    case 'INT64':
      return 'int';
    case 'FLOAT':
    case 'DOUBLE':
      return 'float';
    case 'BYTE_ARRAY':
      return text ? 'string' : undefined;
    default:
      return undefined;
  }
}

/** Dates, times and decimals are no plain numbers. */
function otherMeaning(converted: string | undefined): boolean {
  return converted !== undefined && !/^(UTF8|U?INT_(8|16|32|64))$/.test(converted);
}

function runsOf(ranges: readonly { rowStart: number; rowEnd: number }[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const { rowStart, rowEnd } of ranges)
    for (let start = rowStart; start < rowEnd; start += rowsAtATime)
      runs.push({ start, end: Math.min(rowEnd, start + rowsAtATime) });
  return runs;
}

/** Decoded values as a column; `null` becomes absent. */
function valuesOf(data: DecodedArray, type: ColumnDescription['type']): Pick<Column, 'values' | 'missing'> {
  const count = data.length;
  let missing: Uint8Array | undefined;
  const absent = (row: number) => {
    missing ??= new Uint8Array(count);
    missing[row] = 1;
  };
  if (type === 'string') {
    const values = Array.from(data as ArrayLike<unknown>, (value, row) => {
      if (value === null || value === undefined) absent(row);
      return value === null || value === undefined ? '' : String(value);
    });
    return { values, ...(missing ? { missing } : {}) };
  }
  if (data instanceof Float64Array) return { values: data };
  if (data instanceof Int32Array && type === 'int') return { values: data };
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const value = data[row] as number | bigint | boolean | null | undefined;
    if (value === null || value === undefined) {
      absent(row);
      values[row] = type === 'float' ? Number.NaN : 0;
    } else values[row] = Number(value);
  }
  return { values: narrowed(values, type), ...(missing ? { missing } : {}) };
}

function narrowed(values: Float64Array, type: ColumnDescription['type']): Float64Array | Int32Array | Uint8Array {
  if (type === 'bool') return Uint8Array.from(values);
  if (type === 'float') return values;
  const whole = Int32Array.from(values);
  for (let row = 0; row < values.length; row++) if (whole[row] !== values[row]) return values;
  return whole;
}
