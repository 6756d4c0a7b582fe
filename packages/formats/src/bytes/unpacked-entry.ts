import { type ByteSource, memorySource } from './byte-source.ts';
import type { FileEntry } from './file-tree.ts';
import { GunzipSource } from './gunzip-source.ts';
import { LoadCache } from './load-cache.ts';
import { joinedBytes } from './joined-bytes.ts';

/** How much a file packed with gzip may hold. */
export interface GunzipLimits {
  /** Unpacked to packed size, once more than 16 MiB come out; 200 unless said, as for zip archives. */
  maxRatio?: number;
  /** Unpacked size; 64 GiB unless said. */
  maxSize?: number;
}

/** What unpacking a file once from front to back showed. */
export interface Unpacking {
  /** Bytes that come out, up to the fault where there is one. */
  size: number;
  /** What is wrong with the packed bytes: damaged or cut off. */
  fault?: string;
  /** Bytes that had come out when it was given up, because it unpacks to more than it may. */
  refusedAfter?: number;
}

/** A file packed with gzip, seen as what it holds. */
export interface UnpackedEntry extends FileEntry {
  /** Unpacks it once, to know its size and whether it is whole; the answer is kept. */
  check(signal?: AbortSignal): Promise<Unpacking>;
}

const ratioFloor = 16 * 2 ** 20;
const step = 1 << 18;
/** What unpacks to less is kept, so that readers that go through it several times have it unpacked once. */
const keptBytes = 32 * 2 ** 20;
/** One for all files, so that many of them take no more memory than a few. */
const kept = new LoadCache<Uint8Array>(64 * 2 ** 20);
let lastKey = 0;

/**
 * The content of a file packed with gzip as a file of its own, its name without `.gz`. `size` is that of the packed
 * file until it was opened or checked. Memory is one block, or the content where it is small. What unpacks to more
 * than it may is empty; what is damaged ends where the fault is: `check` says so.
 */
export function unpackedEntry(entry: FileEntry, limits: GunzipLimits = {}): UnpackedEntry {
  const key = String(++lastKey);
  let known: Unpacking | undefined;
  const check = async (signal?: AbortSignal): Promise<Unpacking> => {
    known ??= await unpackOnce(await entry.open(), limits, key, signal);
    return known;
  };
  return {
    path: entry.path.replace(/\.gz$/i, ''),
    get size() {
      return known?.size ?? entry.size;
    },
    ...(entry.modifiedAt === undefined ? {} : { modifiedAt: entry.modifiedAt }),
    check,
    async open() {
      const { size } = await check();
      const packed = await entry.open();
      const name = packed.name.replace(/\.gz$/i, '');
      return size === 0 ? memorySource(name, new Uint8Array(0)) : openedSource(name, packed, size, key);
    },
    ...(entry.close ? { close: () => entry.close!() } : {}),
  };
}

function openedSource(name: string, packed: ByteSource, size: number, key: string): ByteSource {
  let stream: GunzipSource | undefined;
  return {
    name,
    // A second unpacking of damaged bytes may end before the first did.
    get size() {
      return Math.min(size, stream?.size ?? size);
    },
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const wanted = Math.min(length, size - offset);
      if (wanted <= 0) return new Uint8Array(0);
      const bytes = kept.peek(key);
      if (bytes) return bytes.slice(offset, offset + wanted);
      stream ??= new GunzipSource(packed);
      return stream.read(offset, wanted, signal);
    },
  };
}

async function unpackOnce(
  packed: ByteSource,
  { maxRatio = 200, maxSize = 64 * 2 ** 30 }: GunzipLimits,
  key: string,
  signal?: AbortSignal,
): Promise<Unpacking> {
  const source = new GunzipSource(packed);
  let parts: Uint8Array[] | undefined = [];
  let size = 0;
  try {
    for (;;) {
      const bytes = await source.read(size, step, signal);
      if (bytes.length === 0) break;
      size += bytes.length;
      if (size > maxSize || (size > ratioFloor && size > packed.size * maxRatio))
        return { size: 0, refusedAfter: size };
      if (size > keptBytes) parts = undefined;
      parts?.push(bytes);
    }
  } finally {
    await source.close();
  }
  const whole = parts;
  if (whole) await kept.get(key, async () => joinedBytes(whole, size));
  return { size, ...(source.fault === undefined ? {} : { fault: source.fault }) };
}
