import { availableParallelism } from 'node:os';
import { constants, crc32, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { setCrc32 } from '../../containers/zip/crc32.ts';
import { setZstd } from './zstd.ts';

/** Uses Node's own zstd (in its thread pool, so that packing uses every core) and CRC-32. */
export function useNodeZarrCodecs(): void {
  setCrc32((bytes, previous) => crc32(bytes, previous));
  setZstd({
    parallel: availableParallelism() + 1,
    compress: (bytes, level) =>
      new Promise((resolve, reject) => {
        const options = {
          // One output buffer that always fits: the default of 16 KiB would cost a round trip for each.
          chunkSize: bytes.length + (bytes.length >> 7) + 1024,
          params: { [constants.ZSTD_c_compressionLevel]: level },
          // Puts the size into the frame; not yet in the type declarations.
          pledgedSrcSize: bytes.length,
        };
        zstdCompress(bytes, options, (error, packed) => (error ? reject(error) : resolve(packed)));
      }),
    decompress: (bytes, maxLength) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, maxLength) }),
  });
}

useNodeZarrCodecs();
