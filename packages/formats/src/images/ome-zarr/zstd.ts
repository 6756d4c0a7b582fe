/** A zstd codec. Answers may come at once or later (worker thread, thread pool). */
export interface ZstdCodec {
  compress(bytes: Uint8Array, level: number): Uint8Array | Promise<Uint8Array>;
  /** Rejects or throws where the frame is damaged or holds more than `maxLength` bytes. */
  decompress(bytes: Uint8Array, maxLength: number): Uint8Array | Promise<Uint8Array>;
}

/**
 * Size of the content as a zstd frame declares it, before anything is unpacked; `undefined` where it does not say or the
 * bytes are no frame. Source: RFC 8878, 3.1.1.
 */
export function zstdContentSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < 6 || bytes[0] !== 0x28 || bytes[1] !== 0xb5 || bytes[2] !== 0x2f || bytes[3] !== 0xfd)
    return undefined;
  const descriptor = bytes[4]!;
  const single = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const fieldBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
  if (fieldBytes === 0) return undefined;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (at + fieldBytes > bytes.length) return undefined;
  let size = 0;
  for (let n = fieldBytes - 1; n >= 0; n--) size = size * 256 + bytes[at + n]!;
  return fieldBytes === 2 ? size + 256 : size;
}

/** Most bytes a block of a zstd frame can hold (RFC 8878, 3.1.1.2.4). */
const largestBlock = 128 * 1024;

/**
 * Where the first frame of the bytes ends, and more than it can hold: its blocks counted, none unpacked. For frames that
 * do not declare their size, as streaming writers leave them. `undefined` where the frame is damaged or cut off.
 */
export function zstdFrameBound(bytes: Uint8Array): { end: number; bound: number } | undefined {
  if (bytes.length < 6 || bytes[0] !== 0x28 || bytes[1] !== 0xb5 || bytes[2] !== 0x2f || bytes[3] !== 0xfd)
    return undefined;
  const descriptor = bytes[4]!;
  const single = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  let at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + (sizeFlag === 0 ? +single : 1 << sizeFlag);
  let bound = 0;
  for (;;) {
    if (at + 3 > bytes.length) return undefined;
    const header = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const [last, type, size] = [header & 1, (header >> 1) & 3, header >> 3];
    if (type === 3) return undefined;
    bound += type === 2 ? largestBlock : size;
    at += 3 + (type === 1 ? 1 : size);
    if (last) break;
  }
  const end = at + ((descriptor & 4) !== 0 ? 4 : 0);
  return end > bytes.length ? undefined : { end, bound };
}

interface NumcodecsCodec {
  encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Works everywhere. Packing is done by numcodecs' WebAssembly; unpacking in plain JavaScript, because that WebAssembly
 * evaluates text as code while it starts, which the content security policy of our pages forbids.
 */
const portable: ZstdCodec = {
  async compress(bytes, level) {
    const { default: Zstd } = await import('numcodecs/zstd');
    return (Zstd.fromConfig({ level }) as NumcodecsCodec).encode(bytes);
  },
  async decompress(bytes, maxLength) {
    const size = zstdContentSize(bytes);
    if (size !== undefined && size > maxLength) throw new RangeError(`a zstd frame of ${size} bytes`);
    const { decompressZstd } = await import('hyparquet-compressors');
    if (size !== undefined) return decompressZstd(bytes, new Uint8Array(size));
    const frame = zstdFrameBound(bytes);
    // Blocks may be smaller than the largest, but not so many of them.
    if (!frame || frame.bound > maxLength * 8 + 16 * 2 ** 20)
      throw new RangeError(`a zstd frame of up to ${frame?.bound ?? 'unknown'} bytes`);
    const unpacked = decompressZstd(bytes.subarray(0, frame.end));
    if (unpacked.length > maxLength) throw new RangeError(`a zstd frame of ${unpacked.length} bytes`);
    return unpacked;
  },
};

let chosen = portable;

/** Registers a faster zstd (Node's own, through `@micrarium/formats/node`); `undefined` goes back to WebAssembly. */
export function setZstd(codec: ZstdCodec | undefined): void {
  chosen = codec ?? portable;
}

/** The zstd codec in use. */
export function zstd(): ZstdCodec {
  return chosen;
}
