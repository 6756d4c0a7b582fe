import type { ColumnChunk } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { ChunkWriter } from './column-chunk.ts';
import { indexBytes } from './number-chunk.ts';

/** Bytes after which a page of texts ends. */
const pageBytes = 1 << 20;
const sampleBytes = 1 << 15;
const encoder = new TextEncoder();

/**
 * Writes a column chunk of texts: as a dictionary where they come again, else plain, in pages of about 1 MiB; Snappy
 * where a sample shows that it pays. No bounds: they help no query we make.
 * @param missing 1 where a row has no value
 */
export function writeTexts(
  writer: ByteWriter,
  { name, nullable }: { name: string; nullable: boolean },
  values: readonly string[],
  missing: Uint8Array | undefined,
): ColumnChunk {
  const found = dictionaryOf(values, missing);
  const pages = new TextPages();
  const parts = found ? pages.all(found.values) : pages.split(values, missing);
  const codec = pays(parts[0]!.body) ? 'SNAPPY' : 'UNCOMPRESSED';
  const encoding = found ? 'RLE_DICTIONARY' : 'PLAIN';
  const chunk = new ChunkWriter(writer, { name, nullable, type: 'BYTE_ARRAY', codec, encoding });
  if (found) {
    chunk.dictionary(parts[0]!.body, found.values.length);
    const body = indexBytes(found.indices, found.values.length);
    chunk.page({ rows: values.length, ...(missing ? { missing } : {}), body });
  } else for (const part of parts) chunk.page(part);
  return chunk.finish({});
}

function pays(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, sampleBytes);
  return sample.length > 64 && snappyCompress(sample).length < sample.length * 0.4;
}

/** The distinct texts and the index of each one that is there; `undefined` where more than a quarter are distinct. */
function dictionaryOf(
  values: readonly string[],
  missing: Uint8Array | undefined,
): { values: string[]; indices: Uint32Array } | undefined {
  const indices = new Uint32Array(values.length);
  const known = new Map<string, number>();
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (missing?.[row] === 1) continue;
    const value = values[row]!;
    let index = known.get(value);
    if (index === undefined) known.set(value, (index = known.size));
    indices[count++] = index;
    // Texts that are all different are known early.
    if (known.size > 256 && known.size * 4 > count) return undefined;
  }
  if (count === 0 || known.size * 4 > count) return undefined;
  return { values: [...known.keys()], indices: indices.subarray(0, count) };
}

interface TextPage {
  rows: number;
  missing?: Uint8Array;
  body: Uint8Array;
}

/** Texts as Parquet keeps them plain: UTF-8, each behind its length. */
class TextPages {
  private bytes = new Uint8Array(1 << 16);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** All texts in one. */
  all(values: readonly string[]): [TextPage] {
    for (const value of values) this.append(value);
    return [{ rows: values.length, body: this.take() }];
  }

  /** Pages of the rows, at least one. */
  split(values: readonly string[], missing: Uint8Array | undefined): TextPage[] {
    const pages: TextPage[] = [];
    let start = 0;
    for (let row = 0; row < values.length; row++) {
      if (missing?.[row] !== 1) this.append(values[row]!);
      if (this.length < pageBytes && row + 1 < values.length) continue;
      const gaps = missing?.subarray(start, row + 1);
      pages.push({ rows: row + 1 - start, ...(gaps ? { missing: gaps } : {}), body: this.take() });
      start = row + 1;
    }
    return pages;
  }

  private append(text: string): void {
    // UTF-8 takes at most three bytes for each unit of UTF-16.
    this.reserve(4 + text.length * 3);
    const start = this.length + 4;
    let at = start;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        at = start + encoder.encodeInto(text, this.bytes.subarray(start)).written;
        break;
      }
      this.bytes[at++] = unit;
    }
    this.view.setUint32(this.length, at - start, true);
    this.length = at;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  private take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
