import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { setCrc32 } from '../../containers/zip/crc32.ts';
import { setZstd } from './zstd.ts';

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
    decompress: (bytes, maxLength) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, maxLength) }),
  });
}
