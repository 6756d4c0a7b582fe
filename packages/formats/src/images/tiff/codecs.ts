import { InflateError, inflate } from '../inflate.ts';
import { JpegUnreadable, decodeJpeg } from '../jpeg/decode.ts';
import { zstd, zstdContentSize } from '../ome-zarr/zstd.ts';

/** A strip or tile that cannot be unpacked. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** What JPEG needs to know besides the bytes of a strip or tile. */
export interface JpegPart {
  /** Tables that stand in the directory (tag 347). */
  tables: Uint8Array | undefined;
  /** Brightness and two colours, to become red, green and blue. */
  isYcbcr: boolean;
  width: number;
  height: number;
  samples: number;
  /** Bytes of a value. */
  bytes: 1 | 2;
}

/**
 * Unpacks a strip or tile into at most `expected` bytes; what comes beyond is cut, as some writers pad the last strip.
 * @throws DecodeError where the data are damaged or hold less than `expected` bytes
 */
export async function decompress(
  packed: Uint8Array,
  compression: number,
  expected: number,
  jpeg?: JpegPart,
): Promise<Uint8Array> {
  // Last strips may be padded to full height; a generous limit still bounds what a hostile file can unpack.
  const limit = Math.max(expected * 2, expected + 65_536);
  let out: Uint8Array;
  try {
    if (compression === 1) out = packed;
    else if (compression === 5) out = decodeLzw(packed, expected);
    else if (compression === 7) out = decodeJpegPart(packed, jpeg);
    else if (compression === 32773) out = decodePackBits(packed, expected);
    else if (compression === 50000 || compression === 34926) out = await decodeZstd(packed, limit);
    else out = await inflate(packed, limit, expected);
  } catch (cause) {
    if (cause instanceof InflateError || cause instanceof JpegUnreadable)
      throw new DecodeError(cause.message, { cause });
    throw cause;
  }
  if (out.length < expected)
    throw new DecodeError(`the packed data hold ${out.length} bytes where ${expected} were expected`);
  return out.length === expected ? out : out.subarray(0, expected);
}

async function decodeZstd(packed: Uint8Array, limit: number): Promise<Uint8Array> {
  const declared = zstdContentSize(packed);
  if (declared !== undefined && declared > limit)
    throw new DecodeError(`the packed data declare ${declared} bytes where at most ${limit} were expected`);
  try {
    return await zstd().decompress(packed, limit);
  } catch (cause) {
    throw new DecodeError('the packed data are damaged or end early', { cause });
  }
}

/** A strip or tile is a whole JPEG picture of its size; its tables may stand in the directory (TIFF Technical Note 2). */
function decodeJpegPart(packed: Uint8Array, part: JpegPart | undefined): Uint8Array {
  if (!part) throw new DecodeError('JPEG cannot be unpacked without its size');
  const picture = decodeJpeg(packed, {
    ...(part.tables ? { tables: part.tables } : {}),
    colour: part.isYcbcr ? 'ycbcr' : 'stored',
    maxPixels: part.width * (part.height + 4096),
  });
  // Lossless JPEG may store two columns as the samples of one: the values lie in the same order.
  const isSame = picture.width * picture.samples === part.width * part.samples;
  if (picture.data.BYTES_PER_ELEMENT !== part.bytes)
    throw new DecodeError(`the JPEG has ${picture.bits} bits a sample, the page says otherwise`);
  if (!isSame || picture.height < part.height)
    throw new DecodeError(
      `the JPEG is ${picture.width} x ${picture.height} with ${picture.samples} samples where ${part.width} x ${part.height} with ${part.samples} were expected`,
    );
  return new Uint8Array(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
}

/** PackBits (TIFF 6.0, section 9). Stops at `expected` bytes. */
export function decodePackBits(packed: Uint8Array, expected: number): Uint8Array {
  const out = new Uint8Array(expected);
  let from = 0;
  let at = 0;
  while (from < packed.length && at < expected) {
    const code = packed[from++]!;
    if (code < 128) {
      const run = packed.subarray(from, from + Math.min(code + 1, expected - at));
      out.set(run, at);
      at += run.length;
      from += code + 1;
    } else if (code > 128) {
      const end = Math.min(expected, at + 257 - code);
      out.fill(packed[from++] ?? 0, at, end);
      at = end;
    }
  }
  return out.subarray(0, at);
}

const clearCode = 256;
const endCode = 257;

/**
 * LZW of TIFF 6.0 (section 13): codes of 9 to 12 bits, most significant bit first, width changes one code early.
 * The old least-significant-first variant (first byte 0, second odd) is read too. Stops at `expected` bytes.
 */
export function decodeLzw(packed: Uint8Array, expected: number): Uint8Array {
  const reversed = packed[0] === 0 && ((packed[1] ?? 0) & 1) === 1;
  const out = new Uint8Array(expected);
  // A table entry is the place of its string in the output: no strings are built.
  const start = new Int32Array(4097);
  const length = new Int32Array(4097);
  const early = reversed ? 0 : 1;
  let at = 0;
  let next = 258;
  let width = 9;
  let bits = 0;
  let held = 0;
  let from = 0;
  while (at < expected) {
    while (held < width) {
      if (from >= packed.length) return out.subarray(0, at);
      if (reversed) bits |= packed[from++]! << held;
      else bits = ((bits << 8) | packed[from++]!) & 0xffffff;
      held += 8;
    }
    let code: number;
    if (reversed) {
      code = bits & ((1 << width) - 1);
      bits >>>= width;
    } else {
      code = (bits >>> (held - width)) & ((1 << width) - 1);
    }
    held -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      continue;
    }
    const begin = at;
    if (code < 256) {
      out[at++] = code;
    } else if (code < next) {
      const source = start[code]!;
      const end = Math.min(expected, at + length[code]!);
      for (let index = source; at < end; index++) out[at++] = out[index]!;
    } else {
      throw new DecodeError(`LZW code ${code} comes before it was defined`);
    }
    if (next < 4097) {
      // This string and the byte that follows it in the output, which the next code is about to write.
      start[next] = begin;
      length[next] = at - begin + 1;
      next++;
      if (next + early > 1 << width && width < 12) width++;
    }
  }
  return out.subarray(0, at);
}

/** Reverses the bits of each byte in place (FillOrder 2). */
export function reverseBits(bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index++) {
    let value = bytes[index]!;
    value = ((value & 0x55) << 1) | ((value >> 1) & 0x55);
    value = ((value & 0x33) << 2) | ((value >> 2) & 0x33);
    bytes[index] = ((value & 0x0f) << 4) | (value >> 4);
  }
}

/** Swaps the byte order of values of 2, 4 or 8 bytes, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const { buffer, byteOffset, length } = bytes;
  if (size === 2 && byteOffset % 2 === 0) {
    const words = new Uint16Array(buffer, byteOffset, length >> 1);
    for (let index = 0; index < words.length; index++) words[index] = (words[index]! >> 8) | (words[index]! << 8);
    return;
  }
  if (size === 4 && byteOffset % 4 === 0) {
    const words = new Int32Array(buffer, byteOffset, length >> 2);
    for (let index = 0; index < words.length; index++) {
      const value = words[index]!;
      words[index] = (value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24);
    }
    return;
  }
  for (let at = 0; at + size <= length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const held = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = held;
    }
  }
}

/** Undoes horizontal differencing (predictor 2) in place: each value is the sum of the one `stride` before it and its own. */
export function undoDifferences(
  values: Uint8Array | Uint16Array | Uint32Array | BigUint64Array,
  rowLength: number,
  stride: number,
): void {
  if (values instanceof BigUint64Array) {
    for (let row = 0; row + rowLength <= values.length; row += rowLength)
      for (let index = row + stride; index < row + rowLength; index++) values[index]! += values[index - stride]!;
    return;
  }
  for (let row = 0; row + rowLength <= values.length; row += rowLength)
    for (let index = row + stride; index < row + rowLength; index++) values[index]! += values[index - stride]!;
}

/**
 * Undoes the floating-point predictor (3): each row holds the most significant bytes of all values first, then the
 * next ones, as byte differences. The answer is in the machine's byte order.
 */
export function undoFloatPredictor(bytes: Uint8Array, rowValues: number, size: number, stride: number): Uint8Array {
  const rowBytes = rowValues * size;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
    for (let index = row + stride; index < row + rowBytes; index++)
      bytes[index] = (bytes[index]! + bytes[index - stride]!) & 0xff;
    for (let value = 0; value < rowValues; value++)
      for (let byte = 0; byte < size; byte++)
        out[row + value * size + (isMachineLittleEndian ? size - 1 - byte : byte)] =
          bytes[row + byte * rowValues + value]!;
  }
  return out;
}

/** Does this machine store the least significant byte first? */
export const isMachineLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Unpacks values of any bit width (1..32, most significant bit first, rows padded to whole bytes). */
export function unpackBits<Out extends Uint8Array | Uint16Array | Uint32Array>(
  bytes: Uint8Array,
  bits: number,
  rowValues: number,
  rows: number,
  out: Out,
): Out {
  const rowBytes = Math.ceil((rowValues * bits) / 8);
  for (let row = 0; row < rows; row++) {
    let from = row * rowBytes;
    let held = 0;
    let value = 0;
    for (let index = 0; index < rowValues; index++) {
      let need = bits;
      let result = 0;
      while (need > 0) {
        if (held === 0) {
          value = bytes[from++] ?? 0;
          held = 8;
        }
        const take = Math.min(need, held);
        result = result * 2 ** take + ((value >> (held - take)) & ((1 << take) - 1));
        held -= take;
        need -= take;
      }
      out[row * rowValues + index] = result;
    }
  }
  return out;
}
