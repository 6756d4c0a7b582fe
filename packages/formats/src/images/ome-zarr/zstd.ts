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
    if (size === undefined || size > maxLength) throw new RangeError(`a zstd frame of ${size ?? 'unknown'} bytes`);
    const { decompressZstd } = await import('hyparquet-compressors');
    return decompressZstd(bytes, new Uint8Array(size));
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
