import type { PixelType } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { PlaneMemory } from '../block-memory.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { decodeJpeg } from '../jpeg/decode.ts';
import { decodeLzw } from '../tiff/codecs.ts';
import { unshuffle } from '../ome-zarr/shuffle.ts';
import { zstd, zstdContentSize } from '../ome-zarr/zstd.ts';
import { type CziBlock, longAt } from './directory.ts';

/** How a pixel type of the format is stored. Colours lie as blue, green, red (and opacity). */
export interface CziPixels {
  type: PixelType;
  samples: number;
  bytes: number;
}

const pixelTypes: Readonly<Record<number, CziPixels>> = {
  0: { type: 'uint8', samples: 1, bytes: 1 },
  1: { type: 'uint16', samples: 1, bytes: 2 },
  2: { type: 'float32', samples: 1, bytes: 4 },
  3: { type: 'uint8', samples: 3, bytes: 3 },
  4: { type: 'uint16', samples: 3, bytes: 6 },
  8: { type: 'float32', samples: 3, bytes: 12 },
  9: { type: 'uint8', samples: 4, bytes: 4 },
  12: { type: 'int32', samples: 1, bytes: 4 },
};

/** How pixels of this type are stored; `undefined` where we do not read the type. */
export function cziPixels(pixelType: number): CziPixels | undefined {
  return pixelTypes[pixelType];
}

/** Name of a compression for people. */
export function cziCompression(code: number): string {
  return { 1: 'JPEG', 2: 'LZW', 4: 'JPEG XR', 5: 'zstd', 6: 'zstd' }[code] ?? `number ${code}`;
}

/** Do we unpack this compression? */
export function isCziCompressionRead(code: number): boolean {
  return code === 0 || code === 1 || code === 2 || code === 5 || code === 6;
}

/**
 * Where the pixels of a block lie: behind its own header and metadata.
 * @throws PixelsUnreadable where that is outside the file
 */
export async function blockData(
  source: ByteSource,
  block: CziBlock,
  signal?: AbortSignal,
): Promise<{ offset: number; length: number }> {
  const head = await source.read(block.position, 48, signal);
  const broken = (): PixelsUnreadable =>
    new PixelsUnreadable(`${source.name}: the block at offset ${block.position} is damaged or cut off`);
  if (head.length < 48 || String.fromCharCode(...head.subarray(0, 14)) !== 'ZISRAWSUBBLOCK') throw broken();
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const metadata = view.getInt32(32, true);
  const length = longAt(view, 40);
  const offset = block.position + 32 + Math.max(256, 48 + 20 * block.dimensions) + metadata;
  if (metadata < 0 || !(length > 0) || !(offset + length <= source.size)) throw broken();
  return { offset, length };
}

/** Can so many packed bytes be so many unpacked ones? No compression shrinks pixels much beyond this. */
export function isPackedBelievable(length: number, expected: number, compression: number): boolean {
  if (expected > 1 << 30) return false;
  // zstd never makes pixels much longer than they were; the others may, of small tiles.
  const longest = compression === 5 || compression === 6 ? expected + (expected >> 7) + 1024 : 2 * expected + 65_536;
  return length <= longest && expected / 100_000 <= length;
}

/**
 * Unpacks a block.
 * @param expected bytes of its pixels
 * @param memory where planes come from; to it they should go back
 * @throws PixelsUnreadable where the bytes are damaged, or unpack to another size
 */
export async function unpackBlock(
  bytes: Uint8Array,
  block: CziBlock,
  expected: number,
  file: string,
  samples: number,
  memory: PlaneMemory,
): Promise<Uint8Array> {
  const fail = (why: string, cause?: unknown): PixelsUnreadable =>
    new PixelsUnreadable(`${file}: the block at offset ${block.position} ${why}`, { cause });
  if (block.compression === 1) return unpackJpeg(bytes, block, expected, samples, fail);
  if (block.compression === 2) {
    try {
      const out = decodeLzw(bytes, expected);
      if (out.length === expected) return out;
    } catch (error) {
      throw fail('cannot be unpacked', error);
    }
    throw fail('holds too few pixels');
  }
  let packed = bytes;
  let halves = false;
  if (block.compression === 6) {
    const length = bytes[0] ?? 0;
    if ((length !== 1 && length !== 3) || bytes.length < length) throw fail('has an unknown zstd header');
    // Chunk 1 of the header says whether low and high bytes were stored apart.
    halves = length === 3 && bytes[1] === 1 && ((bytes[2] ?? 0) & 1) === 1;
    packed = bytes.subarray(length);
  }
  const declared = zstdContentSize(packed);
  if (declared !== undefined && declared !== expected)
    throw fail(`unpacks to ${declared} bytes instead of ${expected}`);
  let out: Uint8Array;
  try {
    out = await zstd().decompress(packed, expected);
  } catch (error) {
    throw fail('cannot be unpacked', error);
  }
  if (out.length !== expected) throw fail(`unpacks to ${out.length} bytes instead of ${expected}`);
  if (!halves) return out;
  const joined = memory.take(out.length);
  // First half low bytes, second half high bytes.
  unshuffle(out, 2, joined);
  memory.giveBack(out);
  return joined;
}

/** A block of JPEG; its colours come as red, green, blue and are turned to the order of the other blocks. */
function unpackJpeg(
  bytes: Uint8Array,
  block: CziBlock,
  expected: number,
  samples: number,
  fail: (why: string, cause?: unknown) => PixelsUnreadable,
): Uint8Array {
  try {
    const { width, height, samples: found, data } = decodeJpeg(bytes, { maxPixels: block.width * block.height });
    if (width !== block.width || height !== block.height || found !== samples || data.byteLength !== expected)
      throw fail(`is a JPEG of ${width} x ${height} pixels with ${found} samples`);
    if (samples === 3)
      for (let at = 0; at + 3 <= data.length; at += 3) [data[at], data[at + 2]] = [data[at + 2]!, data[at]!];
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  } catch (error) {
    throw error instanceof PixelsUnreadable ? error : fail('cannot be unpacked', error);
  }
}
