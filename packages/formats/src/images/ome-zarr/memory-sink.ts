import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree, type FileTree } from '../../bytes/file-tree.ts';
import type { FileSink } from '../../tracks/track-reader.ts';
import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** A sink that keeps files in memory, for tests and for small results. */
export function memorySink(): FileSink & { readonly files: Map<string, Uint8Array>; tree(name?: string): FileTree } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    async create(path) {
      const parts: Uint8Array[] = [];
      return {
        async write(bytes) {
          parts.push(bytes.slice());
        },
        async close() {
          files.set(path, joinedBytes(parts));
        },
      };
    },
    tree: (name = '') =>
      fileTree(
        name,
        [...files].map(([path, bytes]) => ({
          path,
          size: bytes.length,
          open: () => Promise.resolve(memorySource(path, bytes)),
        })),
      ),
  };
}
