import type { FileEntry, FileTree } from '../../bytes/file-tree.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { LoadCache } from '../../bytes/load-cache.ts';
import { packedFor } from './chunk-decoder.ts';

/** Which bytes of a file zarrita asks for. */
type RangeQuery = { offset: number; length: number } | { suffixLength: number };

/** Metadata files larger than this are not read. */
export const metadataLimit = 64 * 2 ** 20;
/** Whole chunk files larger than this are not read; shards are read by range. */
const chunkLimit = 2 ** 30;

/** A file tree as a Zarr store: keys are absolute paths, files are opened when first needed. */
export interface TreeStore {
  get(key: string, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>;
  getRange(key: string, range: RangeQuery, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>;
  /** Is there a file of this path (without a leading slash)? */
  has(path: string): boolean;
  /** Text of a metadata file; `undefined` where there is none or it is over 64 MiB. */
  text(path: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Paths of all files, sorted. */
  readonly paths: readonly string[];
  /** Where files cannot be listed: takes in the metadata of a group and of its levels, if they are there. */
  bring?(path: string, signal?: AbortSignal): Promise<void>;
}

/** Open files are few at a time: a plate has hundreds of thousands. */
const openLimit = 64;

/** Shards up to this size are read whole where their index is asked for: what it leads to is asked for next, over the same line. */
const smallShard = 256 * 1024;
/** Most bytes of small shards kept, until their chunks are asked for. */
const smallShardBytes = 4 * 2 ** 20;

/** Makes a store of the part of a tree below `root` (`''` = all of it). */
export function treeStore(tree: FileTree, root = ''): TreeStore {
  const prefix = root === '' ? '' : `${root}/`;
  const entries = new Map<string, FileEntry>();
  for (const entry of tree.entries)
    if (entry.path.startsWith(prefix)) entries.set(entry.path.slice(prefix.length), entry);
  const open = new Map<string, { source: Promise<ByteSource>; users: number }>();
  const small = new LoadCache<Uint8Array>(smallShardBytes);

  const use = async <T>(path: string, work: (source: ByteSource) => Promise<T>): Promise<T | undefined> => {
    const entry = entries.get(path);
    if (!entry) return undefined;
    let held = open.get(path);
    if (!held) {
      for (const [old, { users }] of open) {
        if (open.size < openLimit) break;
        if (users > 0) continue;
        open.delete(old);
        await entries.get(old)?.close?.();
      }
      held = open.get(path) ?? { source: entry.open(), users: 0 };
      open.set(path, held);
    }
    held.users++;
    try {
      return await work(await held.source);
    } catch (error) {
      if (open.get(path) === held) open.delete(path);
      throw error;
    } finally {
      held.users--;
    }
  };

  return {
    paths: [...entries.keys()],
    has: (path) => entries.has(path),
    get: (key, options) =>
      use(key.slice(1), async (source) => {
        if (source.size > chunkLimit) throw new RangeError(`${key} is ${source.size} bytes`);
        return packedFor(await source.read(0, source.size, options?.signal), options?.signal);
      }),
    getRange: (key, range, options) =>
      use(key.slice(1), async (source) => {
        const isSuffix = 'suffixLength' in range;
        const length = isSuffix ? range.suffixLength : range.length;
        const from = isSuffix ? source.size - length : range.offset;
        // What an index says must lie in its file: nothing is read, or made room for, that is not there.
        if (
          !Number.isSafeInteger(from) ||
          !Number.isSafeInteger(length) ||
          from < 0 ||
          length < 0 ||
          from + length > source.size
        )
          throw new RangeError(`${key}: ${length} bytes at ${from} do not lie in its ${source.size} bytes`);
        if (length > chunkLimit) throw new RangeError(`${length} bytes of ${key}`);
        if (source.size <= smallShard && (isSuffix || small.peek(key))) {
          const whole = await small.get(key, (stop) => source.read(0, source.size, stop), options?.signal);
          return packedFor(whole.slice(from, from + length), options?.signal);
        }
        return packedFor(await source.read(from, length, options?.signal), options?.signal);
      }),
    async text(path, signal) {
      if ((entries.get(path)?.size ?? 0) > metadataLimit) return undefined;
      const bytes = await use(path, (source) => source.read(0, source.size, signal));
      return bytes && new TextDecoder().decode(bytes);
    },
  };
}
