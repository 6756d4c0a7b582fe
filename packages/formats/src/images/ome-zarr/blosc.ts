import { release } from '../../objects/texts.ts';
import { bitUnshuffle } from './bit-shuffle.ts';
import { blosclzDecode } from './blosclz.ts';
import { inflateZlib } from './bounded-inflate.ts';
import { shuffle, unshuffle } from './shuffle.ts';
import { zstd } from './zstd.ts';

/**
 * Blosc 1 frames. Header of 16 bytes: format version, codec version, flags, item size, then u32 little endian of the
 * unpacked size, block size and frame size; then the start of each block; then the blocks, each of one stream or one a
 * byte plane, each stream behind its i32 length. Source: c-blosc 1.21 README_HEADER.rst and README_CHUNK_FORMAT.rst.
 */
const flagShuffle = 1;
const flagMemcpy = 2;
const flagBitShuffle = 4;
const flagNoSplit = 16;
const codecBlosclz = 0;
const codecLz4 = 1;
const codecSnappy = 2;
const codecZlib = 3;
const codecZstd = 4;
const headerLength = 16;

/** A Blosc frame that cannot be unpacked. */
export class BloscDamaged extends Error {
  override readonly name = 'BloscDamaged';
}

function header(flags: number, itemSize: number, size: number, frameSize: number): Uint8Array {
  const bytes = new Uint8Array(headerLength);
  const data = new DataView(bytes.buffer);
  bytes.set([2, 1, flags, itemSize]);
  data.setUint32(4, size, true);
  data.setUint32(8, size, true);
  data.setUint32(12, frameSize, true);
  return bytes;
}

/** A frame without compression, for data that zstd cannot make smaller. */
function stored(bytes: Uint8Array, itemSize: number, room: BloscRoom | undefined): Uint8Array {
  const frame = frameOf(headerLength + bytes.length, room);
  // The bytes first: they may lie where the header goes.
  frame.set(bytes, headerLength);
  frame.set(header(flagMemcpy | (codecZstd << 5) | flagNoSplit, itemSize, bytes.length, frame.length));
  return frame;
}

function frameOf(length: number, room: BloscRoom | undefined): Uint8Array {
  return room ? room.frame.subarray(0, length) : new Uint8Array(length);
}

/**
 * Memory to work in, for callers that pack one chunk after the other: half a megabyte a chunk would else be cleared and
 * thrown away several times. Only where zstd is done when it returns.
 */
export interface BloscRoom {
  /** As long as the bytes, for the shuffled ones. */
  readonly shuffled: Uint8Array;
  /** For the frame, 16 bytes longer than the bytes; it may be where they lie. */
  readonly frame: Uint8Array;
  /** What the codec gave is not needed any more. */
  release(packed: Uint8Array): void;
}

/**
 * Packs frames, perhaps somewhere else (worker threads). A chunk is asked for with `take`, filled, and then either packed
 * with `encode` or given back; after that it must not be touched.
 */
export interface BloscEncoder {
  /** Memory for a chunk, with any content. */
  take(length: number): Uint8Array;
  giveBack(chunk: Uint8Array): void;
  encode(chunk: Uint8Array, itemSize: number, level: number): Promise<Uint8Array>;
  /** How many calls of `encode` are worth having under way at once. */
  readonly parallel: number;
}

let encoder: BloscEncoder = {
  parallel: 1,
  take: (length) => new Uint8Array(length),
  giveBack: () => undefined,
  encode: (chunk, itemSize, level) => bloscEncode(chunk, itemSize, level),
};

/** Registers worker threads to pack in (through `@micrarium/formats/node`). */
export function setBloscEncoder(workers: BloscEncoder): void {
  encoder = workers;
}

/** The encoder in use. */
export function bloscEncoder(): BloscEncoder {
  return encoder;
}

/**
 * Packs bytes into one Blosc frame: byte shuffle by item size, then zstd in one block.
 * @param itemSize bytes of one value, 1 to 255
 * @param room memory to work in; new memory is taken where left out
 */
export async function bloscEncode(
  bytes: Uint8Array,
  itemSize: number,
  level = 1,
  room?: BloscRoom,
): Promise<Uint8Array> {
  // Shared memory is copied: not every codec takes it.
  const shuffled =
    itemSize > 1
      ? shuffle(bytes, itemSize, room?.shuffled)
      : bytes.buffer instanceof ArrayBuffer
        ? bytes
        : new Uint8Array(bytes);
  const packed = await zstd().compress(shuffled, level);
  // A stream as long as its block would be read as "not compressed".
  if (packed.length + 8 >= bytes.length) {
    room?.release(packed);
    return stored(bytes, itemSize, room);
  }
  const frame = frameOf(headerLength + 8 + packed.length, room);
  const flags = (itemSize > 1 ? flagShuffle : 0) | flagNoSplit | (codecZstd << 5);
  frame.set(header(flags, itemSize, bytes.length, frame.length));
  const data = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  data.setInt32(headerLength, headerLength + 4, true);
  data.setInt32(headerLength + 4, packed.length, true);
  frame.set(packed, headerLength + 8);
  room?.release(packed);
  return frame;
}

type Unpack = (stream: Uint8Array, length: number) => Promise<Uint8Array> | Uint8Array;

/** All five codecs in plain JavaScript, also for pages, where numcodecs' WebAssembly may not start (see `zstd.ts`). */
const unpackers: Readonly<Record<number, Unpack>> = {
  [codecBlosclz]: blosclzDecode,
  async [codecSnappy](stream, length) {
    const { snappyUncompress } = await import('hyparquet');
    const out = new Uint8Array(length);
    snappyUncompress(stream, out);
    return out;
  },
  [codecZstd]: (stream, length) => zstd().decompress(stream, length),
  [codecZlib]: (stream, length) => inflateZlib(stream, 'deflate', length),
  async [codecLz4](stream, length) {
    const { decompressLz4Raw } = await import('hyparquet-compressors');
    return decompressLz4Raw(stream, length);
  },
};

/**
 * Unpacks a Blosc frame of any codec (BloscLZ, LZ4, snappy, zlib, zstd), byte or bit shuffled.
 * @param maxLength the frame may not hold more than this
 * @throws BloscDamaged where header and content do not fit each other or `maxLength`
 */
export async function bloscDecode(frame: Uint8Array, maxLength: number): Promise<Uint8Array> {
  if (frame.length < headerLength) throw new BloscDamaged(`a Blosc frame of ${frame.length} bytes`);
  const data = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const flags = frame[2]!;
  const itemSize = frame[3]! || 1;
  const size = data.getUint32(4, true);
  const blockSize = data.getUint32(8, true);
  if (size > maxLength) throw new BloscDamaged(`a Blosc frame says it holds ${size} bytes; ${maxLength} are expected`);
  if (data.getUint32(12, true) > frame.length) throw new BloscDamaged('a Blosc frame is cut short');
  if (size === 0) return new Uint8Array(0);
  if (flags & flagMemcpy) {
    if (frame.length < headerLength + size) throw new BloscDamaged('a Blosc frame is cut short');
    return frame.slice(headerLength, headerLength + size);
  }
  const blocks = blockSize === 0 ? 0 : Math.ceil(size / blockSize);
  if (blocks === 0 || headerLength + blocks * 4 > frame.length)
    throw new BloscDamaged(`a Blosc frame of ${size} bytes in blocks of ${blockSize}`);
  const unpack = unpackers[flags >> 5];
  if (!unpack) throw new BloscDamaged(`a Blosc frame of codec ${flags >> 5}`);
  const out = new Uint8Array(size);
  for (let n = 0; n < blocks; n++) {
    const target = out.subarray(n * blockSize, Math.min(size, (n + 1) * blockSize));
    const whole = target.length === blockSize;
    const split = (flags & flagNoSplit) === 0 && whole && itemSize <= 16 && blockSize / itemSize >= 128;
    const block = await unpackBlock(frame, data, headerLength + 4 * n, target.length, split ? itemSize : 1, unpack);
    if (flags & flagShuffle && itemSize > 1) unshuffle(block, itemSize, target);
    else if (flags & flagBitShuffle && block.length >= itemSize) bitUnshuffle(block, itemSize, target);
    else target.set(block);
    // As large as the chunk itself, where it has one block: films would leave hundreds of megabytes to the collector.
    if (block.buffer !== frame.buffer) release(block);
  }
  return out;
}

async function unpackBlock(
  frame: Uint8Array,
  data: DataView,
  startAt: number,
  length: number,
  streams: number,
  unpack: Unpack,
): Promise<Uint8Array> {
  let at = data.getInt32(startAt, true);
  const each = length / streams;
  const parts: Uint8Array[] = [];
  for (let n = 0; n < streams; n++) {
    if (at < headerLength || at + 4 > frame.length) throw new BloscDamaged('a Blosc block starts outside its frame');
    const packed = data.getInt32(at, true);
    at += 4;
    if (packed < 0 || at + packed > frame.length) throw new BloscDamaged('a Blosc block ends outside its frame');
    const stream = frame.subarray(at, at + packed);
    const part = packed === each ? stream : await unpack(stream, each);
    if (part.length !== each) throw new BloscDamaged(`a Blosc block of ${part.length} bytes; ${each} are expected`);
    parts.push(part);
    at += packed;
  }
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(length);
  for (const [n, part] of parts.entries()) all.set(part, n * each);
  return all;
}
