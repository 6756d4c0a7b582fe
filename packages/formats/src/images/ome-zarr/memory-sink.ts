import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree, type FileTree } from '../../bytes/file-tree.ts';
import type { FileSink } from '../../tracks/track-reader.ts';

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
          const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
          let at = 0;
          for (const part of parts) {
            all.set(part, at);
            at += part.length;
          }
          files.set(path, all);
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
