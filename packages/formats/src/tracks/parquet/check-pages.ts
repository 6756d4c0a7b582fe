import type { ColumnMetaData, Compressors, SchemaElement } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';

/** A page may be at most this much larger than it is stored. */
const mostExpansion = 1 << 28;

/**
 * Walks the pages of a column chunk before they are decoded: sizes must lie in the chunk, counts must add up, and runs
 * of equal values must end with the page. The decoder takes all of these on trust, and a changed byte can make it read
 * without end.
 * @throws Error where something does not fit
 */
export function checkPages(
  bytes: Uint8Array,
  chunk: ColumnMetaData,
  element: SchemaElement,
  compressors: Compressors,
): void {
  const unpack = (page: Uint8Array, size: number, isPacked: boolean) =>
    inflated(page, size, isPacked ? compressors[chunk.codec] : undefined, chunk, isPacked);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let values = Number(chunk.num_values);
  while (reader.offset < bytes.length - 1) {
    const header = parquetHeader(reader);
    const start = reader.offset;
    const stored = header.compressed_page_size;
    if (!(stored >= 0) || start + stored > bytes.length) throw new Error('a page reaches beyond its column');
    const size = header.uncompressed_page_size;
    if (!(size >= 0) || size > Math.max(1 << 20, Math.min(mostExpansion, stored * 4096)))
      throw new Error(`a page of ${stored} bytes claims ${size}`);
    const page = bytes.subarray(start, start + stored);
    reader.offset = start + stored;
    const data = header.data_page_header ?? header.data_page_header_v2;
    if (header.type === 'DICTIONARY_PAGE') {
      const entries = header.dictionary_page_header?.num_values ?? 0;
      if (!(entries >= 0) || entries > size) throw new Error(`a dictionary claims ${entries} entries`);
      continue;
    }
    if (!data) throw new Error('a page is of an unknown kind');
    const { num_values: count, encoding } = data;
    // A page without values moves nothing on.
    if (!(count > 0) || count > values) throw new Error(`a page claims ${count} values, ${values} are left`);
    values -= count;
    const levels = header.data_page_header_v2;
    const body = levels
      ? afterLevels(page, levels, count, size, unpack)
      : afterOldLevels(unpack(page, size, true), count, element);
    checkBody(body, encoding ?? '', count, element);
  }
}

interface LevelsV2 {
  definition_levels_byte_length: number;
  repetition_levels_byte_length: number;
  is_compressed?: boolean;
}

function afterLevels(
  page: Uint8Array,
  levels: LevelsV2,
  count: number,
  size: number,
  unpack: (page: Uint8Array, size: number, isPacked: boolean) => Uint8Array,
): Uint8Array {
  const definition = levels.definition_levels_byte_length;
  const length = definition + levels.repetition_levels_byte_length;
  if (!(definition >= 0) || levels.repetition_levels_byte_length !== 0 || length > page.length)
    throw new Error('levels of a page reach beyond it');
  if (definition > 0) checkRuns(page.subarray(0, definition), 1, count);
  return unpack(page.subarray(length), size - length, levels.is_compressed !== false);
}

/** Old pages have the length of their levels in front of them, compressed together with the values. */
function afterOldLevels(page: Uint8Array, count: number, element: SchemaElement): Uint8Array {
  return element.repetition_type === 'REQUIRED' ? page : afterPrefixed(page, 1, count);
}

function afterPrefixed(bytes: Uint8Array, width: number, count: number): Uint8Array {
  if (bytes.length < 4) throw new Error('a page is cut off');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) throw new Error('levels of a page reach beyond it');
  checkRuns(bytes.subarray(4, 4 + length), width, count);
  return bytes.subarray(4 + length);
}

function inflated(
  page: Uint8Array,
  size: number,
  inflate: Compressors[keyof Compressors],
  chunk: ColumnMetaData,
  isPacked: boolean,
): Uint8Array {
  if (!isPacked || chunk.codec === 'UNCOMPRESSED' || size === 0) return page;
  if (!inflate) throw new Error(`compression ${chunk.codec} is not known`);
  return inflate(page, size);
}

function checkBody(body: Uint8Array, encoding: string, count: number, element: SchemaElement): void {
  if (encoding.endsWith('_DICTIONARY')) {
    const width = body[0] ?? 0;
    if (width > 32) throw new Error(`a page has indices of ${width} bits`);
    if (width > 0) checkRuns(body.subarray(1), width, count);
  } else if (encoding === 'RLE' && element.type === 'BOOLEAN') afterPrefixed(body, 1, count);
  else if (encoding !== 'PLAIN' && encoding !== 'RLE' && encoding !== 'BYTE_STREAM_SPLIT')
    throw new Error(`values are encoded as ${encoding}, which we do not read`);
}

/** Runs of the RLE/bit-packing hybrid: none empty, none past the values there are. Gaps make fewer values than rows. */
function checkRuns(bytes: Uint8Array, width: number, count: number): void {
  let seen = 0;
  for (let at = 0; at < bytes.length && seen < count; ) {
    let header = 0;
    let shift = 0;
    let byte = 128;
    while (byte >= 128 && shift < 35 && at < bytes.length) {
      byte = bytes[at++]!;
      header += (byte & 127) * 2 ** shift;
      shift += 7;
    }
    const packed = header % 2 === 1;
    const run = Math.floor(header / 2) * (packed ? 8 : 1);
    if (run === 0 || (packed ? seen + run > count + 504 * 8 : seen + run > count))
      throw new Error(`a run of ${run} values does not fit a page of ${count}`);
    seen += run;
    at += packed ? Math.ceil((run * width) / 8) : (width + 7) >> 3;
  }
}
