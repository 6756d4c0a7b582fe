import { promisify } from 'node:util';
import { constants, crc32, zstdCompressSync, zstdDecompress, zstdDecompressSync, type ZstdOptions } from 'node:zlib';
import { setCrc32 } from '../../containers/zip/crc32.ts';
import { setZstd, zstdContentSize } from './zstd.ts';

/** Output comes in pieces of at most this. */
const mostPieceBytes = 64 << 20;

/** From here on the way through the thread pool costs less than this thread would lose: whole planes of CZI, not chunks. */
const pooledBytes = 2 << 20;

const decompressInPool = promisify<Uint8Array, ZstdOptions, Buffer>(zstdDecompress);

/** Uses Node's own zstd and CRC-32 in this thread. */
export function useNodeZarrCodecs(): void {
  setCrc32((bytes, previous) => crc32(bytes, previous));
  setZstd({
    compress(bytes, level) {
      const options = {
        // One output buffer that always fits: the default of 16 KiB would be copied together from dozens.
        chunkSize: bytes.length + (bytes.length >> 7) + 1024,
        params: { [constants.ZSTD_c_compressionLevel]: level },
        // Puts the size into the frame; not yet in the type declarations.
        pledgedSrcSize: bytes.length,
      };
      return zstdCompressSync(bytes, options);
    },
    decompress(bytes, maxLength) {
      const size = zstdContentSize(bytes);
      const maxOutputLength = Math.max(1, maxLength);
      if (size === undefined || size > maxLength) return zstdDecompressSync(bytes, { maxOutputLength });
      // One piece, where the default of 16 KiB makes hundreds, to be joined and collected; a full one would ask for another.
      const chunkSize = Math.max(1024, Math.min(size, mostPieceBytes) + 1);
      const options = { maxOutputLength, chunkSize };
      return size < pooledBytes ? zstdDecompressSync(bytes, options) : decompressInPool(bytes, options);
    },
  });
}
