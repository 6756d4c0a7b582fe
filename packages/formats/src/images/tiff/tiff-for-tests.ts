import { constants, deflateSync, zstdCompressSync } from 'node:zlib';

/** A page to be built: `values` row by row, pixel by pixel, sample by sample. */
export interface PageToBuild {
  width: number;
  height: number;
  samples?: number;
  bits: number;
  format?: 1 | 2 | 3 | 5 | 6;
  compression?: 1 | 4 | 5 | 6 | 7 | 8 | 32773 | 32946 | 50000;
  /** Does a zstd frame declare its size? */
  zstdSize?: boolean;
  /** Strips as they are, in place of packed values. */
  packed?: readonly Uint8Array[];
  predictor?: 1 | 2 | 3;
  planar?: boolean;
  tile?: { width: number; height: number };
  rowsPerStrip?: number;
  values: readonly (number | bigint)[];
  description?: string;
  photometric?: number;
  extra?: { tag: number; type: number; values: number[] }[];
}

export interface FileToBuild {
  big?: boolean;
  little?: boolean;
  pages: PageToBuild[];
  /** Where the last directory points: 0 by default. */
  lastNext?: number;
}

/** Builds a TIFF in memory, by the letter of TIFF 6.0 and independently of the reader and the writer. */
export function buildTiff({ big = false, little = true, pages, lastNext = 0 }: FileToBuild): Uint8Array {
  const out = new Growing();
  const word = new Numbers(little);
  out.put(little ? [0x49, 0x49] : [0x4d, 0x4d]);
  out.put(word.u16(big ? 43 : 42));
  if (big) out.put([...word.u16(8), ...word.u16(0)]);
  let pointer = out.length;
  out.put(big ? word.u64(0) : word.u32(0));
  for (const [index, page] of pages.entries()) {
    const parts = (page.packed ?? chunksOf(page, little)).map((bytes) => {
      out.align(2);
      const offset = out.length;
      out.put(bytes);
      return { offset, count: bytes.length };
    });
    const fields = fieldsOf(page, parts, big);
    const encoded = fields.map(({ tag, type, values }) => ({
      tag,
      type,
      count: type === 5 ? values.length / 2 : values.length,
      bytes: word.values(type, values),
    }));
    const placed = encoded.map((field) => {
      const room = big ? 8 : 4;
      if (field.bytes.length <= room)
        return { ...field, inline: [...field.bytes, ...Array<number>(room - field.bytes.length).fill(0)] };
      out.align(2);
      const offset = out.length;
      out.put(field.bytes);
      return { ...field, inline: big ? word.u64(offset) : word.u32(offset) };
    });
    out.align(2);
    out.set(pointer, big ? word.u64(out.length) : word.u32(out.length));
    out.put(big ? word.u64(placed.length) : word.u16(placed.length));
    for (const { tag, type, count, inline } of placed)
      out.put([...word.u16(tag), ...word.u16(type), ...(big ? word.u64(count) : word.u32(count)), ...inline]);
    pointer = out.length;
    const next = index === pages.length - 1 ? lastNext : 0;
    out.put(big ? word.u64(next) : word.u32(next));
  }
  return out.bytes();
}

function fieldsOf(
  page: PageToBuild,
  parts: { offset: number; count: number }[],
  big: boolean,
): { tag: number; type: number; values: number[] }[] {
  const { width, height, samples = 1, bits, format = 1, compression = 1, predictor = 1, planar = false, tile } = page;
  const wide = big ? 16 : 4;
  const fields = [
    { tag: 256, type: 4, values: [width] },
    { tag: 257, type: 4, values: [height] },
    { tag: 258, type: 3, values: Array<number>(samples).fill(bits) },
    { tag: 259, type: 3, values: [compression] },
    { tag: 262, type: 3, values: [page.photometric ?? 1] },
    { tag: 277, type: 3, values: [samples] },
    { tag: 284, type: 3, values: [planar ? 2 : 1] },
    { tag: 317, type: 3, values: [predictor] },
    { tag: 339, type: 3, values: Array<number>(samples).fill(format) },
    ...(tile
      ? [
          { tag: 322, type: 3, values: [tile.width] },
          { tag: 323, type: 3, values: [tile.height] },
          { tag: 324, type: wide, values: parts.map((part) => part.offset) },
          { tag: 325, type: wide, values: parts.map((part) => part.count) },
        ]
      : [
          { tag: 273, type: wide, values: parts.map((part) => part.offset) },
          { tag: 278, type: 4, values: [page.rowsPerStrip ?? height] },
          { tag: 279, type: wide, values: parts.map((part) => part.count) },
        ]),
    ...(page.description === undefined
      ? []
      : [{ tag: 270, type: 2, values: [...Buffer.from(`${page.description}\0`)] }]),
    ...(page.extra ?? []),
  ];
  return fields.sort((a, b) => a.tag - b.tag);
}

function chunksOf(page: PageToBuild, little: boolean): Uint8Array[] {
  const { width, height, samples = 1, planar = false, tile } = page;
  const chunkWidth = tile?.width ?? width;
  const chunkHeight = tile?.height ?? page.rowsPerStrip ?? height;
  const bands = planar ? samples : 1;
  const stored = planar ? 1 : samples;
  const chunks: Uint8Array[] = [];
  for (let band = 0; band < bands; band++)
    for (let top = 0; top < height; top += chunkHeight)
      for (let left = 0; left < width; left += chunkWidth) {
        const rows = tile ? chunkHeight : Math.min(chunkHeight, height - top);
        const values: (number | bigint)[][] = [];
        for (let y = top; y < top + rows; y++) {
          const row: (number | bigint)[] = [];
          for (let x = left; x < left + chunkWidth; x++)
            for (let sample = 0; sample < stored; sample++) {
              const index = (y * width + x) * samples + (planar ? band : sample);
              row.push(x < width && y < height ? page.values[index]! : 0);
            }
          values.push(row);
        }
        chunks.push(compress(encodeRows(values, page, stored, little), page));
      }
  return chunks;
}

function encodeRows(rows: (number | bigint)[][], page: PageToBuild, stored: number, little: boolean): Uint8Array {
  const { bits, format = 1, predictor = 1 } = page;
  const word = new Numbers(little);
  const bytes: number[] = [];
  for (const row of rows) {
    if (bits % 8 !== 0) {
      let text = row.map((value) => Number(value).toString(2).padStart(bits, '0')).join('');
      text = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
      for (let at = 0; at < text.length; at += 8) bytes.push(Number.parseInt(text.slice(at, at + 8), 2));
    } else if (predictor === 3) {
      const high = new Numbers(false);
      const values = row.map((value) => high.value(bits, format, value));
      const planes: number[] = [];
      for (let byte = 0; byte < bits / 8; byte++) for (const value of values) planes.push(value[byte]!);
      for (let at = planes.length - 1; at >= stored; at--)
        planes[at] = (planes[at]! - planes[at - stored]! + 256) & 0xff;
      bytes.push(...planes);
    } else {
      const coded =
        predictor === 2
          ? row.map((value, at) =>
              at < stored ? BigInt(value) : BigInt.asUintN(bits, BigInt(value) - BigInt(row[at - stored]!)),
            )
          : row;
      for (const value of coded) bytes.push(...word.value(bits, predictor === 2 ? 1 : format, value));
    }
  }
  return Uint8Array.from(bytes);
}

function compress(bytes: Uint8Array, { compression = 1, zstdSize = true }: PageToBuild): Uint8Array {
  if (compression === 50000) {
    const params = { [constants.ZSTD_c_contentSizeFlag]: Number(zstdSize) };
    return zstdCompressSync(bytes, { params, ...(zstdSize ? { pledgedSrcSize: bytes.length } : {}) });
  }
  if (compression === 8 || compression === 32946) return deflateSync(bytes);
  if (compression === 5) return encodeLzw(bytes);
  if (compression === 32773) return encodePackBits(bytes);
  return bytes;
}

function encodePackBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at] && at + run < bytes.length) run++;
    if (run > 1) {
      out.push(257 - run, bytes[at]!);
      at += run;
    } else {
      let end = at + 1;
      while (end < bytes.length && end - at < 128 && bytes[end] !== bytes[end + 1]) end++;
      out.push(end - at - 1, ...bytes.subarray(at, end));
      at = end;
    }
  }
  return Uint8Array.from(out);
}

/** The encoder of TIFF 6.0, section 13, with strings as table keys. */
export function encodeLzw(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  let width = 9;
  const emit = (code: number): void => {
    bits = bits * 2 ** width + code;
    held += width;
    while (held >= 8) {
      out.push(Math.floor(bits / 2 ** (held - 8)) & 0xff);
      held -= 8;
      bits %= 2 ** held;
    }
  };
  let table = new Map<string, number>();
  let next = 258;
  const clear = (): void => {
    emit(256);
    table = new Map();
    next = 258;
    width = 9;
  };
  const codeOf = (text: string): number => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!);
  clear();
  let current = '';
  for (const byte of bytes) {
    const longer = current + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      current = longer;
      continue;
    }
    emit(codeOf(current));
    table.set(longer, next++);
    if (next === 512) width = 10;
    else if (next === 1024) width = 11;
    else if (next === 2048) width = 12;
    else if (next === 4095) clear();
    current = String.fromCharCode(byte);
  }
  if (current !== '') {
    emit(codeOf(current));
    next++;
    if (next === 512) width = 10;
    else if (next === 1024) width = 11;
    else if (next === 2048) width = 12;
  }
  emit(257);
  if (held > 0) out.push((bits * 2 ** (8 - held)) & 0xff);
  return Uint8Array.from(out);
}

/** A float of 24 bits by its definition: 1 + fraction / 2^16 times a power of two, of a value that it holds exactly. */
function float24Word(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 65_536;
  return (value < 0 ? 2 ** 23 : 0) + (exponent + 63) * 65_536 + fraction;
}

class Numbers {
  readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  u16 = (value: number): number[] => this.value(16, 1, value);
  u32 = (value: number): number[] => this.value(32, 1, value);
  u64 = (value: number): number[] => this.value(64, 1, BigInt(value));

  value(bits: number, format: number, value: number | bigint): number[] {
    if (bits === 24) {
      const word = format === 3 ? float24Word(Number(value)) : Number(value);
      const bytes = [(word >>> 16) & 255, (word >>> 8) & 255, word & 255];
      return this.little ? bytes.reverse() : bytes;
    }
    const view = new DataView(new ArrayBuffer(8));
    if (format === 3 && bits === 32) view.setFloat32(0, Number(value), this.little);
    else if (format === 3) view.setFloat64(0, Number(value), this.little);
    else if (bits === 64) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), this.little);
    else if (bits === 32) view.setUint32(0, Number(value) >>> 0, this.little);
    else if (bits === 16) view.setUint16(0, Number(value) & 0xffff, this.little);
    else view.setUint8(0, Number(value) & 0xff);
    return [...new Uint8Array(view.buffer, 0, bits / 8)];
  }

  values(type: number, values: number[]): number[] {
    if (type === 12) return values.flatMap((value) => this.value(64, 3, value));
    const bits = ({ 1: 8, 2: 8, 3: 16, 4: 32, 5: 32, 7: 8, 13: 32, 16: 64 } as Record<number, number>)[type]!;
    return values.flatMap((value) => this.value(bits, 1, bits === 64 ? BigInt(value) : value));
  }
}

class Growing {
  #bytes = new Uint8Array(1024);
  length = 0;

  put(bytes: ArrayLike<number>): void {
    while (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  set(at: number, bytes: ArrayLike<number>): void {
    this.#bytes.set(bytes, at);
  }

  align(to: number): void {
    while (this.length % to !== 0) this.put([0]);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
