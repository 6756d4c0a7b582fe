import { registry } from 'zarrita';
import { type ChunkCodec, chunkDecoder, signalOf } from './chunk-decoder.ts';

/** What zarrita tells a codec of its chunk. */
interface ChunkMeta {
  shape: number[];
  dataType: string;
}

const itemSizes: Record<string, number> = { bool: 1, int8: 1, uint8: 1, float16: 2, int16: 2, uint16: 2 };

/** Texts say their length inside the chunk, so only this bounds them. */
const mostTextBytes = 2 ** 28;

/** Bytes of an unpacked chunk; types wider than asked for are no harm, this is a ceiling. */
function chunkBytes(meta: ChunkMeta): number {
  if (meta.dataType === 'string' || meta.dataType.startsWith('v2:')) return mostTextBytes;
  return meta.shape.reduce((product, side) => product * side, 1) * (itemSizes[meta.dataType] ?? 16);
}

/** Codecs that come before ours (a check sum inside compression) add a few bytes. */
const slack = 1024;

function boundedCodec(codec: ChunkCodec) {
  return {
    fromConfig(_configuration: unknown, meta: ChunkMeta) {
      return {
        kind: 'bytes_to_bytes' as const,
        encode(): never {
          throw new Error('Zarr is written by our own writer');
        },
        decode: (bytes: Uint8Array) => chunkDecoder().decode(codec, bytes, chunkBytes(meta) + slack, signalOf(bytes)),
      };
    },
  };
}

interface BytesCodec {
  kind: 'array_to_bytes';
  decode(bytes: Uint8Array): unknown;
}

const exactSizes: Record<string, number> = {
  ...itemSizes,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
};

/** Refuses a chunk that holds other than the bytes its array says, where zarrita would fill up or cut. */
async function exactBytes(): Promise<unknown> {
  const original = (await plainBytes!()) as { fromConfig(configuration: unknown, meta: ChunkMeta): BytesCodec };
  return {
    fromConfig(configuration: unknown, meta: ChunkMeta) {
      const codec = original.fromConfig(configuration, meta);
      const item = exactSizes[meta.dataType];
      const wanted = item === undefined ? undefined : meta.shape.reduce((product, side) => product * side, item);
      return Object.assign(Object.create(codec) as BytesCodec, {
        decode(bytes: Uint8Array) {
          if (wanted !== undefined && bytes.length !== wanted)
            throw new RangeError(`a chunk holds ${bytes.length} bytes where its array says ${wanted}`);
          return codec.decode(bytes);
        },
      });
    },
  };
}

let plainBytes: (() => unknown) | undefined;
let registered = false;

/**
 * Puts our codecs into zarrita's registry: faster ones for Blosc and zstd, and all of them bounded by the size of the
 * chunk, so that a few hostile bytes cannot unpack to gigabytes.
 */
export function useOwnCodecs(): void {
  if (registered) return;
  registered = true;
  plainBytes = registry.get('bytes');
  registry.set('bytes', exactBytes as unknown as NonNullable<ReturnType<typeof registry.get>>);
  for (const name of ['blosc', 'zstd', 'gzip', 'zlib', 'bz2'] as const) {
    const codec = boundedCodec(name) as unknown as ReturnType<NonNullable<ReturnType<typeof registry.get>>>;
    for (const known of [name, `numcodecs.${name}`]) registry.set(known as 'blosc', () => codec);
  }
}
